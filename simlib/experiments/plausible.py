"""An answer over plausible worlds: what luck does to it, what assumptions do, and in how many worlds it holds.

Each world (`simlib.scenario.drawn`) is run once, and some of them again with other luck. What two histories of one world differ
by is luck; the rest of the spread is of the worlds. A range of worlds is of their expected answers: the spread of single
histories, drawn in to what is left of their variance without luck (Louis 1984, doi:10.1080/01621459.1984.10478062).

In fitted worlds some are run a third time, with the numbers that published figures speak of as they were, and all else anew. What
two such histories have in common is what the figures leave open; the rest is assumption that no figure speaks of (pick-freeze,
Sobol' 1993, Mathematical Modelling and Computational Experiments 1: 407-414).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from simlib.core.files import InputError
from simlib.experiments.intervals import describe
from simlib.experiments.run import Result, compare, simulate
from simlib.scenario.derived import with_world
from simlib.scenario.drawn import AGAIN, OTHERS, answers_of
from simlib.scenario.scenario import Scenario

WORLDS = 64
LEVEL = 0.9  # of the range of worlds
LEAST = 8  # worlds that are run twice
RESAMPLED = 400  # bootstrap draws of the parts of a spread
PARTS = ("luck", "figures", "assumption")


@dataclass(frozen=True)
class Plausible:
    """An answer in many worlds.

    Attributes
    ----------
    results : tuple of Result
        The run, and the baseline where there is one: a replication is a world.
    values : DataFrame
        float64; a row an indicator and group, a column a world: a level, or the difference to the baseline.
    again : DataFrame
        The same of the worlds that were run a second time.
    others : DataFrame, optional
        The same of those that were run a third time, with the numbers alone that the figures speak of.
    """

    results: tuple[Result, ...]
    values: pd.DataFrame
    again: pd.DataFrame
    others: pd.DataFrame | None = None

    def table(self) -> pd.DataFrame:
        """The answer by indicator and group.

        Returns
        -------
        DataFrame
            indicator, by, group, unit; mean over worlds with its 95% interval (low, high); worlds_low and worlds_high, between
            which 90% of the worlds' expected answers lie; positive, the share of worlds in which it is above 0; luck_sd and
            worlds_sd, in the unit of the mean; replications (worlds that define it).

        Notes
        -----
        Luck is estimated from the worlds that were run twice; with few of them it is itself uncertain, and where it explains all
        of the spread the range of worlds is a point.
        """
        out = describe(self.values)
        luck = self.luck()
        total = self.values.var(axis=1, ddof=1).to_numpy()
        worlds = np.sqrt(np.maximum(total - luck**2, 0.0))
        expected = self.expected(luck)
        tails = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
        low, high = (expected.quantile(q, axis=1).to_numpy() for q in tails)
        positive = (expected > 0).where(expected.notna()).mean(axis=1).to_numpy()
        more = {"worlds_low": low, "worlds_high": high, "positive": positive, "luck_sd": luck, "worlds_sd": worlds}
        return out.drop(columns="sd").assign(**more)

    def row(self, indicator: str, by: str = "all", group: str = "all") -> pd.Series:
        """One row of `table`."""
        return self._rows.loc[(indicator, by, group)]

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """The table by its key: reports look up many of its rows."""
        return self.table().set_index(["indicator", "by", "group"])

    def luck(self) -> np.ndarray:
        """Standard deviation of luck in one history, by row (float64): from the worlds that were run twice."""
        first = self.values[self.again.columns]
        return np.sqrt(((first - self.again) ** 2).mean(axis=1) / 2).to_numpy(float)

    def expected(self, luck: np.ndarray | None = None) -> pd.DataFrame:
        """Each world's expected answer (float64, rows x worlds): single histories drawn in to the spread without luck."""
        luck = self.luck() if luck is None else luck
        mean, total = self.values.mean(axis=1), self.values.var(axis=1, ddof=1)
        part = np.sqrt(((total - luck**2) / total).where(total > 0, 0.0).clip(lower=0.0))
        return self.values.sub(mean, axis=0).mul(part, axis=0).add(mean, axis=0)


def plausible(
    scenario: Scenario,
    baseline: Scenario | None = None,
    world: str = "fitted",
    worlds: int = WORLDS,
    again: int | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Plausible:
    """Run a scenario, or its difference to a baseline, in many plausible worlds.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    baseline : Scenario, optional
        What it is compared with, in the same worlds and with the same luck.
    world : {"fitted", "assumed"}
        Whether numbers are drawn as the calibration fitted them, or from all of their ranges.
    worlds : int
        How many; one history each.
    again : int, optional
        How many of them are run a second time to measure luck; a quarter if left out, at least 8.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.

    Returns
    -------
    Plausible
        The answer.

    Raises
    ------
    InputError
        If numbers are not to be drawn, fewer than two worlds are asked for, or none are stored.
    """
    if world == "middle":
        raise InputError("world: in the middle there is one world; give fitted or assumed")
    if worlds < 2:
        raise InputError(f"worlds: expected a whole number from 2 on (given: {worlds})")
    twice = min(worlds, max(LEAST, worlds // 4) if again is None else again)
    sides = [with_world(s, world) for s in (scenario, baseline) if s is not None]
    if world == "fitted" and answers_of(sides[0]) != answers_of(sides[-1]):
        raise InputError(
            f"{sides[0].name} and {sides[-1].name} read the texts differently, and each reading has fitted worlds of its own; "
            "compare each with a baseline that reads alike (--set-both readings...)"
        )
    results = tuple(simulate(s, worlds, workers, progress) for s in sides)
    second = tuple(simulate(s, twice, workers, progress, AGAIN) for s in sides)
    third = tuple(simulate(s, twice, workers, progress, OTHERS) for s in sides) if world == "fitted" else None
    return Plausible(results, difference(results), turn(second, AGAIN), turn(third, OTHERS) if third else None)


def turn(results: Sequence[Result], first: int) -> pd.DataFrame:
    """The differences of the runs whose replications begin at `first` (AGAIN, OTHERS), by the number of the world."""
    found = difference(results)
    return found[[k for k in found if 0 <= k - first < AGAIN]].rename(columns=lambda k: k - first)


def parts(answers: Sequence[Plausible], indicator: str, by: str = "all", group: str = "all") -> pd.DataFrame:
    """What the spread of single histories comes from, over several answers together.

    Returns
    -------
    DataFrame
        A row a part (PARTS): luck; what the figures leave open of the numbers that they speak of; the rest, which the numbers
        that no figure speaks of have a hand in. share of the variance, and between low and high 90% of bootstrap draws over
        worlds. Empty where no world was run a third time or there is no spread.
    """
    rows = [_three(a, (indicator, by, group)) for a in answers if a.others is not None and len(a.others.columns)]
    shares = _shares(rows)
    if not rows or np.isnan(shares).any():
        return pd.DataFrame(columns=["share", "low", "high"], dtype=float)
    rng = np.random.default_rng(0)
    drawn = np.array([_shares(_resampled(rows, rng)) for _ in range(RESAMPLED)])
    low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return pd.DataFrame({"share": shares, "low": low, "high": high}, index=list(PARTS))


Three = tuple[np.ndarray, np.ndarray, np.ndarray]  # values; pairs of one world; pairs of one world's fitted numbers


def _three(found: Plausible, key: tuple[str, str, str]) -> Three:
    """What one answer tells of one indicator: float64 (1, worlds), (2, worlds run twice), (2, worlds run a third time)."""
    all_, again, others = (x.loc[key] for x in (found.values, found.again, found.others))
    return all_.to_numpy()[None], *(np.stack([all_[x.index], x]) for x in (again, others))


def _resampled(rows: Sequence[Three], rng: np.random.Generator) -> list[Three]:
    """The rows with worlds drawn with replacement, the same for all of them: places share their worlds."""
    chosen = [rng.integers(0, n, n) for n in (max(r[k].shape[1] for r in rows) for k in range(3))]
    return [tuple(x[:, c[c < x.shape[1]]] for x, c in zip(r, chosen, strict=True)) for r in rows]


def _shares(rows: Sequence[Three]) -> np.ndarray:
    """Shares of PARTS in the variance, summed over the rows (float64); NaN where there is none."""
    total = luck = common = 0.0
    for parts_ in rows:
        (all_,), (one, again), (first, third) = (x[:, np.isfinite(x).all(axis=0)] for x in parts_)
        if min(len(all_), len(one), len(first)) < 2:
            return np.full(3, np.nan)
        total += np.var(all_, ddof=1)
        luck += ((one - again) ** 2).mean() / 2
        common += np.cov(first, third)[0, 1]
    if not total > 0:
        return np.full(3, np.nan)
    luck = min(luck / total, 1.0)
    figures = min(max(common / total, 0.0), 1.0 - luck)
    return np.array([luck, figures, 1.0 - luck - figures])


def difference(results: Sequence[Result]) -> pd.DataFrame:
    """The values of one run, or the paired differences of two."""
    if len(results) == 1:
        return results[0].values
    compare(*results)  # ValueError where they are not paired
    a, b = results[0].values.align(results[1].values, join="outer")
    return a - b
