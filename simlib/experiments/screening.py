"""Which assumed numbers move an answer: Morris' screening, over all numbers with a range together.

A trajectory begins in some world and moves one number after the other, each once, by two thirds of its range, to a world in
which every number is another. What an indicator changes by at one step, divided by the step, is an elementary effect of
that number: the change over its whole range, were it to go on like that, in the world of that step. Each trajectory has
luck of its own, the same from its first step to its last, so that an effect is of the number and not of luck.

mu is the mean of a number's effects over the trajectories, mu_star the mean of their sizes without the sign, sigma their
standard deviation: near 0 where a number does the same in every world and with any luck, large where what it does depends
on the other numbers, on where in its range it stands, or on luck.

Sources: Morris (1991), Technometrics 33(2):161-174, doi:10.1080/00401706.1991.10484804; mu_star: Campolongo, Cariboni and
Saltelli (2007), Environmental Modelling & Software 22(10):1509-1518, doi:10.1016/j.envsoft.2006.10.004.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from joblib import delayed
from SALib.analyze import morris as analysis
from SALib.sample import morris as sampling
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.core.processes import parallel
from simlib.experiments.intervals import interval
from simlib.experiments.run import ready
from simlib.experiments.study import SHORT_KEYS
from simlib.experiments.worlds import placed
from simlib.model.model import replicate
from simlib.outcomes.groups import Key
from simlib.outcomes.indicators import indicators
from simlib.outcomes.window import windows
from simlib.scenario.drawn import candidates, drawable, entropy, with_drawn
from simlib.scenario.scenario import Scenario

GRID = 4  # values that a number takes, from its low to its high end; a step leads over half of them
TRAJECTORIES = 6
STEPS = 16  # of one task
SCENARIO, BASELINE, DIFFERENCE = "scenario", "baseline", "difference"
COLUMNS = (
    "path", "what", "indicator", "by", "group", "mu", "mu_star", "mu_star_low", "mu_star_high", "sigma", "rank",
    "trajectories",
)  # fmt: skip

Each = Callable[[Scenario, int], Mapping[Key, float]]


@dataclass(frozen=True)
class Screening:
    """What was found. table: columns COLUMNS, a row a number and indicator; left_out: (what, *key) of indicators without one."""

    scenario: Scenario
    baseline: Scenario | None
    trajectories: int
    runs: int
    table: pd.DataFrame
    left_out: tuple[tuple[str, str, str, str], ...]

    @property
    def what(self) -> str:
        """What the answer is about: the difference, where there is a baseline."""
        return SCENARIO if self.baseline is None else DIFFERENCE

    def of(self, key: Key) -> pd.DataFrame:
        """The numbers by their rank for one indicator of the answer; empty where it was left out."""
        t = self.table
        chosen = (t["what"] == self.what) & (t["indicator"] == key[0]) & (t["by"] == key[1]) & (t["group"] == key[2])
        return t[chosen]


def screen(
    scenario: Scenario,
    baseline: Scenario | None = None,
    trajectories: int = TRAJECTORIES,
    keys: Sequence[Key] = SHORT_KEYS,
    workers: int | None = None,
    progress: bool = True,
    each: Each | None = None,
) -> Screening:
    """Screen all assumed numbers with a range for what they move.

    Parameters
    ----------
    scenario : Scenario
        What is looked at.
    baseline : Scenario, optional
        What it is compared with, in the same worlds and with the same luck.
    trajectories : int
        How many, at least 2. Each takes one run for every number and one more, of scenario and baseline each.
    keys : sequence of tuple
        The indicators, each as (indicator, by, group).
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it. On a cluster, call it inside
        ``simlib.cluster(ADDRESS)``.
    progress : bool
        Show a bar.
    each : callable, optional
        What makes the indicators of one replication, called with the scenario and the replication's number.

    Returns
    -------
    Screening
        Its `table` has a row for each number and indicator, of the scenario, the baseline and the difference: mu, mu_star with
        its 95% interval (Student's t over trajectories, not below 0), sigma, the rank by mu_star, and the number of
        trajectories. Effects are changes over a number's whole range, in the indicator's unit.

    Raises
    ------
    InputError
        If the two have different seeds, there is no number to move, or no indicator to look at.

    Notes
    -----
    An indicator that is not defined in every run of a trajectory (a median that is not reached) is screened over the other
    trajectories, and left out where fewer than two are left: an effect that is not known is no effect of 0.
    """
    sides = {SCENARIO: scenario} | ({BASELINE: baseline} if baseline else {})
    _check(scenario, baseline, trajectories)
    paths = _paths(list(sides.values()))
    unit = steps(scenario, paths, trajectories)
    values = dict(zip(sides, _runs(list(sides.values()), unit, keys, workers, progress, each or _one), strict=True))
    if baseline:
        values[DIFFERENCE] = values[SCENARIO] - values[BASELINE]
        values[DIFFERENCE][:, :, _unlike(scenario, baseline, keys)] = np.nan
    inside = unit[:, :, _columns(scenario, paths)]
    parts, left_out = [], []
    for what, (k, key) in product(values, enumerate(keys)):
        x = values[what][:, :, k]
        if (table := effects(paths, inside, x)) is not None:
            parts.append(table.assign(what=what, indicator=key[0], by=key[1], group=key[2]))
        elif not np.isnan(values[SCENARIO][:, :, k]).all():  # such a group is there
            left_out.append((what, *key))
    if not parts:
        raise InputError(f"{scenario.name}: none of the indicators is defined in all runs of two trajectories")
    table = pd.concat(parts, ignore_index=True)[list(COLUMNS)]
    return Screening(scenario, baseline, trajectories, len(sides) * unit[:, :, 0].size, table, tuple(left_out))


def _check(scenario: Scenario, baseline: Scenario | None, trajectories: int) -> None:
    if trajectories < 2:
        raise InputError(f"trajectories: expected a whole number from 2 on (given: {trajectories!r})")
    if baseline and scenario.seed != baseline.seed:
        raise InputError(f"{scenario.name} and {baseline.name} have different seeds: they would meet other worlds")


def _paths(sides: Sequence[Scenario]) -> list[str]:
    """The numbers that are free in one of the scenarios, in the register's order."""
    known = {a.path for s in sides for a in drawable(s)}
    if not known:
        raise InputError(f"{sides[0].name}: sets every assumed number itself, so that there is none to move")
    return [a.path for a in candidates(sides[0]) if a.path in known]


def _columns(scenario: Scenario, paths: Sequence[str]) -> list[int]:
    """Where the numbers stand among `candidates`."""
    place = {a.path: i for i, a in enumerate(candidates(scenario))}
    return [place[p] for p in paths]


def steps(scenario: Scenario, paths: Sequence[str], trajectories: int) -> np.ndarray:
    """Trajectories in the unit cube of `candidates`: float64 (trajectories, numbers that move + 1, candidates).

    A number that does not move stays in the middle. The same under every policy, as `entropy`.
    """
    sample = sampling.sample(_problem(paths), trajectories, num_levels=GRID, seed=entropy(scenario))
    unit = np.full((trajectories, len(paths) + 1, len(candidates(scenario))), 0.5)
    unit[:, :, _columns(scenario, paths)] = sample.reshape(trajectories, len(paths) + 1, len(paths))
    return unit


def _problem(paths: Sequence[str]) -> dict:
    return {"num_vars": len(paths), "names": list(paths), "bounds": [[0.0, 1.0]] * len(paths)}


def effects(paths: Sequence[str], unit: np.ndarray, values: np.ndarray) -> pd.DataFrame | None:
    """What each number does to one indicator, first the one that moves it most; None for too few whole trajectories.

    unit: the points, float64 (trajectories, numbers + 1, numbers), of which one number differs from step to step. values: the
    indicator there, (trajectories, numbers + 1); a trajectory with a NaN is dropped, which SALib would take for 0.
    """
    whole = ~np.isnan(values).any(axis=1)
    n = int(whole.sum())
    if n < 2:
        return None
    unit, values = unit[whole], values[whole]
    found = analysis.analyze(
        _problem(paths), unit.reshape(-1, len(paths)), values.ravel(), num_levels=GRID, num_resamples=2, seed=0
    )
    bounds = [interval(np.abs(e)) for e in elementary(unit, values).T]
    table = pd.DataFrame({"path": list(paths), "mu": found["mu"], "mu_star": found["mu_star"], "sigma": found["sigma"]})
    table = table.astype(dict.fromkeys(("mu", "mu_star", "sigma"), float))
    table["mu_star_low"], table["mu_star_high"] = [max(b[1], 0.0) for b in bounds], [b[2] for b in bounds]
    table["rank"] = table["mu_star"].rank(method="min", ascending=False).astype(int)
    return table.assign(trajectories=n).sort_values(["rank", "path"], ignore_index=True)


def elementary(unit: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Elementary effects, float64 (trajectories, numbers): change of the value by change of the number that moved."""
    moves = np.diff(unit, axis=1)
    which = np.abs(moves).argmax(axis=2)
    size = np.take_along_axis(moves, which[:, :, None], axis=2)[:, :, 0]
    found = np.empty_like(size)
    np.put_along_axis(found, which, np.diff(values, axis=1) / size, axis=1)
    return found


def _unlike(scenario: Scenario, baseline: Scenario, keys: Sequence[Key]) -> list[int]:
    """Places of the restricted means that are over unlike numbers of days, and have no difference."""
    ours, theirs = windows(scenario), windows(baseline)
    return [i for i, (name, *_) in enumerate(keys) if ours.get(name) != theirs.get(name)]


def _runs(
    sides: Sequence[Scenario], unit: np.ndarray, keys: Sequence[Key], workers: int | None, progress: bool, each: Each
) -> list[np.ndarray]:
    """The indicators of each scenario at every point: float64 (trajectories, points, indicators)."""
    many, length = unit.shape[:2]
    total = len(sides) * many * length
    tasks = [(s, t, i) for s, t, i in product(sides, range(many), range(0, length, STEPS))]
    run = parallel(ready(sides[0], total, workers, progress))
    made = run(delayed(_measure)(s, unit[t, i : i + STEPS], t, keys, each) for s, t, i in tasks)
    parts = []
    with tqdm(total=total, desc="screening", unit="run", disable=not progress, leave=False, mininterval=1) as bar:
        for part in made:
            parts.append(part)
            bar.update(len(part))
    return list(np.concatenate(parts).reshape(len(sides), many, length, len(keys)))


def _measure(scenario: Scenario, unit: np.ndarray, replication: int, keys: Sequence[Key], each: Each) -> np.ndarray:
    """The indicators of one replication in each of some worlds; NaN where one is not defined."""
    rows = []
    for numbers in placed(scenario, unit).to_dict("records"):
        found = each(with_drawn(scenario, numbers), replication)
        rows.append([found.get(key, np.nan) for key in keys])
    return np.array(rows, float)


def _one(scenario: Scenario, replication: int) -> Mapping[Key, float]:
    return indicators(replicate(scenario, replication))
