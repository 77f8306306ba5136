"""An answer over plausible worlds: what luck does to it, what assumptions do, and in how many worlds it holds.

Each world (`simlib.scenario.drawn`) is run once, and some of them again with other luck. What two histories of one world differ
by is luck; the rest of the spread is of the worlds. A range of worlds is of their expected answers: the spread of single
histories, drawn in to what is left of their variance without luck (Louis 1984, doi:10.1080/01621459.1984.10478062).
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
from simlib.scenario.drawn import AGAIN
from simlib.scenario.scenario import Scenario

WORLDS = 64
LEVEL = 0.9  # of the range of worlds
LEAST = 8  # worlds that are run twice


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
    """

    results: tuple[Result, ...]
    values: pd.DataFrame
    again: pd.DataFrame

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
    results = tuple(simulate(s, worlds, workers, progress) for s in sides)
    second = tuple(simulate(s, twice, workers, progress, AGAIN) for s in sides)
    return Plausible(results, difference(results), difference(second).rename(columns=lambda k: k - AGAIN))


def difference(results: Sequence[Result]) -> pd.DataFrame:
    """The values of one run, or the paired differences of two."""
    if len(results) == 1:
        return results[0].values
    compare(*results)  # ValueError where they are not paired
    a, b = results[0].values.align(results[1].values, join="outer")
    return a - b
