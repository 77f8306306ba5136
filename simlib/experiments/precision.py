"""How many replications are enough: run until an interval is as narrow as it was asked to be, or say that it is not.

The interval is Student's t over replications. After the first ones the spread says how many it will take; of those no more than
twice as many as there are run before the spread is looked at again, and when the interval is narrow enough a fifth more is run and it
has to stay so: what stops at the first narrow interval stops too often when the spread happens to look small (Hoad, Robinson and
Davies 2010, Journal of the Operational Research Society 61:1632-1644, doi:10.1057/jors.2009.121).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from simlib.core.files import InputError
from simlib.experiments.chunks import joined
from simlib.experiments.intervals import t_quantile
from simlib.experiments.run import Result, simulate
from simlib.outcomes.groups import Key
from simlib.scenario.scenario import Scenario

LEAST, MOST = 16, 2000  # replications
AHEAD = 0.2  # part of the replications that is added to see whether a narrow interval stays narrow

More = Callable[[int, int], np.ndarray]  # values of so many replications, from a first one on (float64)


@dataclass(frozen=True)
class Goal:
    """How narrow an interval is to be.

    within: half its width, in the unit of the values; with `relative`, as a part of the mean's size (which a mean of 0 never reaches).
    """

    within: float
    relative: bool = False

    def wanted(self, values: np.ndarray) -> float:
        """Half the width that is wanted, in the unit of the values."""
        return self.within * abs(float(np.nanmean(values))) if self.relative else self.within


def half_width(values: np.ndarray) -> float:
    """Half the width of the 95% interval of the mean of values (NaN apart); infinite for fewer than two."""
    x = values[np.isfinite(values)]
    return float(t_quantile(len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))) if len(x) > 1 else np.inf


def needed(sd: float, within: float, least: int, most: int) -> int:
    """How many replications would make the interval narrow enough, if the spread is as it seems; between least and most."""
    n = np.arange(max(least, 2), max(most, 2) + 1)
    enough = t_quantile(n - 1) * sd / np.sqrt(n) <= within
    return int(n[enough.argmax()]) if enough.any() else most


def narrowed(more: More, goal: Goal, least: int = LEAST, most: int = MOST) -> tuple[np.ndarray, bool]:
    """Values of as many replications as it takes, and whether the goal was reached.

    Where all values of the first replications are the same the interval is a point, and that is enough.
    """
    values, confirmed = more(0, least), False
    while True:
        n, half, wanted = len(values), half_width(values), goal.wanted(values)
        if half == 0.0 or (half <= wanted and confirmed):
            return values, True
        if n >= most:
            return values, half <= wanted
        confirmed = half <= wanted
        sd = float(np.nanstd(values, ddof=1))
        further = ceil(AHEAD * n) if confirmed else min(needed(sd, wanted, n + 1, most), 2 * n) - n
        values = np.concatenate([values, more(n, min(further, most - n))])


@dataclass(frozen=True)
class Precise:
    """Runs that were made until an interval was narrow enough. half: half its width; reached: whether it is."""

    results: tuple[Result, ...]
    half: float
    reached: bool


def until(
    sides: Sequence[Scenario],
    key: Key,
    goal: Goal,
    least: int = LEAST,
    most: int = MOST,
    workers: int | None = None,
    progress: bool = True,
) -> Precise:
    """Run a scenario, or a scenario and its baseline, until the interval of an indicator is narrow enough.

    Parameters
    ----------
    sides : sequence of Scenario
        One, for the indicator itself, or two, for the first minus the second.
    key : tuple
        (indicator, by, group).
    goal : Goal
        How narrow; absolute for a difference, absolute or relative for a level.
    least, most : int
        How many replications at least and at most.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.

    Returns
    -------
    Precise
        The runs, as `simlib.simulate` gives them with that number of replications, and whether the goal was reached.

    Raises
    ------
    InputError
        If no replication has that indicator, or the goal is relative for a difference.
    """
    if len(sides) == 2 and goal.relative:
        raise InputError("a difference has no relative precision: it may be 0; ask for a half width in its own unit")
    done: list[tuple[Result, ...]] = []

    def more(first: int, n: int) -> np.ndarray:
        done.append(tuple(simulate(s, n, workers, progress, first) for s in sides))
        rows = [r.values.loc[key] if key in r.values.index else None for r in done[-1]]
        if rows[0] is None and first == 0:
            raise InputError(f"{sides[0].name}: no replication has {key[0]} by {key[1]} {key[2]}")
        return _values(rows, n)

    values, reached = narrowed(more, goal, least, most)
    results = tuple(joined([part[i] for part in done]) for i in range(len(sides)))
    return Precise(results, half_width(values), reached)


def _values(rows: Sequence, n: int) -> np.ndarray:
    """The values of one side, or the differences of two (float64, n); NaN where one is not defined."""
    filled = [np.full(n, np.nan) if r is None else r.to_numpy(float) for r in rows]
    return filled[0] if len(filled) == 1 else filled[0] - filled[1]
