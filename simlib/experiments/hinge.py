"""What an answer hinges on: which assumed numbers its spread over plausible worlds comes from, and in how many worlds it holds.

First-order Sobol' indices of the difference, from worlds that were run anyway: which part of the variance would go if one number were
known. Each world is run once, so that part of the variance is luck; it is measured by worlds that were run twice and taken out, since
no knowledge of a number could remove it. In fitted worlds numbers depend on one another; an index is then what knowing the one
would take away, whatever else it tells, and they do not add up to 1.

Sources: Sobol' (1993), Mathematical Modelling and Computational Experiments 1:407-414; from given data: Plischke (2010), Reliability
Engineering and System Safety 95(4):354-360, doi:10.1016/j.ress.2009.11.005, with the correction of Tissot and Prieur (2012), 107:205-213,
doi:10.1016/j.ress.2012.06.010, both as SALib has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from joblib import delayed
from SALib.analyze import rbd_fast
from scipy.signal import periodogram
from scipy.stats import beta

from simlib.core.files import InputError
from simlib.core.processes import parallel
from simlib.experiments.intervals import wilson
from simlib.experiments.plausible import Plausible, plausible
from simlib.experiments.run import ready
from simlib.experiments.study import LEVEL, MAIN
from simlib.model.model import replicate
from simlib.outcomes.groups import Key
from simlib.outcomes.indicators import indicators
from simlib.scenario.derived import with_world
from simlib.scenario.drawn import answers_of, candidates, drawable, numbers_at, numbers_of, points, with_drawn
from simlib.scenario.fitted import fitted_numbers
from simlib.scenario.scenario import Scenario

WORLDS = 512
HARMONICS = 6  # of the Fourier series of the answer along one number: enough for a curve that turns twice or thrice
RESAMPLED = 200
MOVED = 4  # worlds in which a number is moved alone, to see whether it does anything
SURE = 20  # numbers whose index is given with an interval
COLUMNS = ["path", "index", "low", "high", "raw", "direction", "chance", "rank"]
TOLD = 0.05  # chance up to which a number is told from one that does nothing


@dataclass(frozen=True, eq=False)
class Hinge:
    """What an answer hinges on.

    Attributes
    ----------
    scenario, baseline : Scenario
        What was compared; no baseline where the answer is a level.
    key : tuple
        (indicator, by, group).
    numbers : DataFrame
        The assumed numbers that were drawn: a row a world, a column a path.
    answer : Plausible
        The runs.
    idle : frozenset of str
        Paths of numbers that seem to matter and change nothing when they alone are moved from end to end of their range: they stand
        out by chance, or because their values in these worlds run along with those of a number that does matter.
    """

    scenario: Scenario
    baseline: Scenario | None
    key: Key
    numbers: pd.DataFrame
    answer: Plausible
    idle: frozenset[str] = frozenset()

    @property
    def values(self) -> np.ndarray:
        """The answer in each world, one history each (float64)."""
        return self.answer.values.loc[self.key].to_numpy(float)

    @property
    def noise(self) -> float:
        """Part of the variance of single histories that is luck (0 to 1)."""
        place = self.answer.values.index.get_loc(self.key)
        total = float(np.nanvar(self.values, ddof=1))
        return min(float(self.answer.luck()[place]) ** 2 / total, 1.0) if total > 0 else 0.0

    def holds(self) -> tuple[int, int, float, float]:
        """In how many of how many worlds the expected answer is above 0, and Wilson's interval of that share."""
        expected = self.answer.expected().loc[self.key].dropna()
        count = int((expected > 0).sum())
        return count, len(expected), *wilson(count, len(expected))

    @property
    def told(self) -> pd.DataFrame:
        """The rows of `table` that are told from chance, of numbers that act."""
        table = self.table
        return table[(table["chance"] <= TOLD) & ~table["path"].isin(self.idle)]

    @cached_property
    def table(self) -> pd.DataFrame:
        """What the spread of the answer over worlds comes from.

        Returns
        -------
        DataFrame
            One row for each number (columns COLUMNS), the one that matters most first: index, the part of the variance over worlds
            that would go if it were known, luck taken out, with 95% of bootstrap draws (low, high; NaN
            beyond the first 20); raw, the same part of the
            variance of single histories, luck included; direction, the rank correlation of the answer with it; chance, how likely it is
            that the largest of as many numbers that do nothing would seem to do as much: above 0.05 it has not been told from chance.
        """
        return first_order(self.numbers, self.values, self.noise)


def hinge(
    scenario: Scenario,
    baseline: Scenario | None = None,
    world: str = "fitted",
    worlds: int = WORLDS,
    again: int | None = None,
    key: Key = (MAIN, *LEVEL),
    workers: int | None = None,
    progress: bool = True,
) -> Hinge:
    """Find out what an answer hinges on.

    Parameters
    ----------
    scenario : Scenario
        What is looked at.
    baseline : Scenario, optional
        What it is compared with, in the same worlds and with the same luck; the scenario's own level if left out.
    world : {"fitted", "assumed"}
        Whether numbers are drawn as the calibration fitted them, or from all of their ranges.
    worlds : int
        How many; one history each of scenario and baseline.
    again : int, optional
        How many of them are run a second time to measure luck; a quarter if left out.
    key : tuple
        (indicator, by, group).
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.

    Returns
    -------
    Hinge
        Its `table` has the numbers that matter, `holds` in how many worlds the answer is above 0, `noise` how much is luck.

    Raises
    ------
    InputError
        If no number is drawn, or the answer does not vary or is not defined in some world.
    """
    answer = plausible(scenario, baseline, world, worlds, again, workers, progress)
    if key not in answer.values.index:
        raise InputError(f"{scenario.name}: no world defines {key[0]} by {key[1]} {key[2]}")
    found = Hinge(scenario, baseline, key, numbers_in(with_world(scenario, world), worlds), answer)
    sides = [with_world(s, world) for s in (scenario, baseline) if s is not None]
    return replace(found, idle=idle([sides], list(found.told["path"]), key, workers))


def idle(answers: Sequence[Sequence[Scenario]], paths: Sequence[str], key: Key, workers: int | None) -> frozenset[str]:
    """Which numbers change none of some answers (each one scenario, or two for their difference) when they alone are moved."""
    tasks = [(sides, path) for path in paths for sides in answers]
    run = parallel(ready(answers[0][0], max(4 * MOVED * len(tasks), 1), workers, False))
    moved = {
        path for (_, path), does in zip(tasks, run(delayed(acts)(s, p, key) for s, p in tasks), strict=True) if does
    }
    return frozenset(paths) - moved


def acts(sides: Sequence[Scenario], path: str, key: Key) -> bool:
    """Whether a number changes an answer in one of some worlds when it alone is moved from end to end of its range."""
    a = next(a for a in candidates(sides[0]) if a.path == path)
    for k in range(MOVED):
        ends = []
        for end in map(float, a.range):
            worlds = (with_drawn(s, numbers_of(s, k) | {path: end}) for s in sides)
            values = [indicators(replicate(w, k)).get(key, np.nan) for w in worlds]
            ends.append(values[0] - values[1] if len(values) > 1 else values[0])
        if ends[0] != ends[1]:
            return True
    return False


def numbers_in(scenario: Scenario, worlds: int) -> pd.DataFrame:
    """The assumed numbers of the first worlds of a scenario whose numbers are drawn: a row a world, a column a path.

    The same as `numbers_of` gives world by world, made together.
    """
    kept = {a.path for a in drawable(scenario)}
    drawn = pd.DataFrame(numbers_at(scenario, points(scenario, 0, worlds)) if scenario.world != "middle" else {})
    if scenario.world == "fitted":
        answers = answers_of(scenario)
        told = pd.DataFrame([fitted_numbers(k, answers) for k in range(worlds)])
        drawn[told.columns] = told
    rows = drawn[[path for path in drawn if path in kept]]
    moving = rows.columns[rows.nunique() > 1]
    if moving.empty:
        raise InputError(f"{scenario.name}: sets every assumed number itself, so that nothing hangs on one")
    return rows[moving]


def first_order(
    numbers: pd.DataFrame, values: np.ndarray, noise: float = 0.0, resampled: int = RESAMPLED
) -> pd.DataFrame:
    """First-order Sobol' indices from given data (columns COLUMNS), corrected for luck.

    numbers: float64 (worlds, numbers). values: the answer there, one history each. noise: the part of their variance that is luck.
    InputError for an answer that is not defined in some world, which SALib would take for an index of 0, or that does not vary.
    """
    x, y = numbers.to_numpy(float), np.asarray(values, float)
    if not np.isfinite(y).all():
        raise InputError(
            f"the answer is not defined in {int((~np.isfinite(y)).sum())} of {len(y)} worlds; take an indicator that is"
        )
    if not y.std() > 0:
        raise InputError("the answer is the same in every world: it hinges on no number")
    real = max(1.0 - noise, 1e-9)  # part of the variance that is of worlds
    raw = _indices(x, y)
    first = np.argsort(-raw, kind="stable")[:SURE]
    low, high = np.full((2, len(raw)), np.nan)
    low[first], high[first] = _bounds(x[:, first], y, raw[first], resampled)
    ranks = pd.DataFrame(x).rank().to_numpy()
    direction = [float(np.corrcoef(r, pd.Series(y).rank())[0, 1]) for r in ranks.T]
    parts = {"index": raw / real, "low": low / real, "high": high / real}
    table = pd.DataFrame({"path": numbers.columns, **{k: np.clip(v, 0.0, 1.0) for k, v in parts.items()}, "raw": raw})
    table["direction"] = direction
    table["chance"] = by_chance(raw, len(y))
    table["rank"] = table["raw"].rank(method="first", ascending=False).astype(int)
    return table.sort_values("rank", ignore_index=True)[COLUMNS]


def by_chance(raw: np.ndarray, worlds: int) -> np.ndarray:
    """How likely it is that the largest index of as many numbers that do nothing is as large as each of these (float64).

    A number that does nothing puts the answer in a random order, whose Fourier series has its power spread evenly by chance: the part
    of the first HARMONICS of (worlds - 1) / 2 is then distributed as Beta(HARMONICS, (worlds - 1) / 2 - HARMONICS).
    """
    excess = 2 * HARMONICS / worlds / (1 - 2 * HARMONICS / worlds)  # of which `unskew_S1` frees a part
    part = np.clip((raw + excess) / (1 + excess), 0.0, 1.0)
    return 1.0 - beta.cdf(part, HARMONICS, (worlds - 1) / 2 - HARMONICS) ** len(raw)


def _of_orders(orders: np.ndarray) -> np.ndarray:
    """Corrected indices of answers in some orders (float64 (orders, worlds))."""
    power = periodogram(orders, axis=1)[1]
    first = power[:, 1 : HARMONICS + 1].sum(axis=1) / power[:, 1:].sum(axis=1)
    return rbd_fast.unskew_S1(first, HARMONICS, orders.shape[1])


def _bounds(x: np.ndarray, y: np.ndarray, raw: np.ndarray, resampled: int) -> np.ndarray:
    """95% of bootstrap draws over worlds of each index: float64 (2, numbers).

    A world that is drawn twice stands beside itself and looks like a smooth curve; that excess, the mean of the draws less the
    estimate, is taken out.
    """
    rng = np.random.default_rng(0)
    drawn = np.array([_indices(x[rows], y[rows]) for rows in rng.integers(0, len(y), (resampled, len(y)))])
    return np.quantile(drawn - drawn.mean(axis=0) + raw, [0.025, 0.975], axis=0)


def _indices(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """First-order indices of each column, bias corrected (float64)."""
    return _of_orders(np.array([rbd_fast.permute_outputs(column, y) for column in x.T]))
