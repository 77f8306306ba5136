"""Which of a few candidates is best: they meet fresh worlds together, and those that are told to be worse drop out.

All candidates meet the same worlds, and intervals of their differences to the best so far hold together, over all looks, too
(Bonferroni over looks). In the spirit of Kim and Nelson (2001), ACM Transactions on Modeling and Computer Simulation 11:251-273.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from simlib.experiments.simultaneous import critical

STEP = 16  # worlds between two looks
CHANCE = 0.05  # that the best is dropped


@dataclass(frozen=True)
class Selected:
    """The candidate that is best on fresh worlds, those that could not be told from it (it among them), and how many worlds it took."""

    best: int
    alike: list[int]
    worlds: int


def select(
    values: Callable[[Sequence[int], Sequence[int]], np.ndarray],
    candidates: Sequence[int],
    first: int,
    most: int,
    budget: float | None = None,
) -> Selected:
    """The best of some candidates.

    Parameters
    ----------
    values : callable
        What candidates bring and cost in some worlds (float64 (candidates, worlds, 2)), the more of the first the better.
    candidates : sequence of int
        What there is to choose from.
    first : int
        The first fresh world.
    most : int
        Worlds at most, a multiple of 16.
    budget : float, optional
        What the chosen one may cost on average over these worlds.

    Returns
    -------
    Selected
        The best on average of those within the budget; the cheapest where none is. One that was dropped is worse than another within the
        budget with a chance of error of 5% over all.
    """
    left, looks = list(candidates), max(most // STEP, 1)
    seen = {c: np.zeros((0, 2)) for c in left}
    for look in range(looks):
        new = values(left, range(first + look * STEP, first + (look + 1) * STEP))
        for c, rows in zip(left, new, strict=True):
            seen[c] = np.vstack([seen[c], rows])
        found = np.array([seen[c] for c in left])
        affordable = np.ones(len(left), bool) if budget is None else found[:, :, 1].mean(axis=1) <= budget
        if affordable.any():
            left = _left(left, found[:, :, 0], affordable, 1 - CHANCE / looks)
        if len(left) == 1:
            break
    means = {c: seen[c].mean(axis=0) for c in left}
    within = [c for c in left if budget is None or means[c][1] <= budget]
    best = max(within, key=lambda c: means[c][0]) if within else min(left, key=lambda c: means[c][1])
    return Selected(best, within or [best], len(seen[best]))


def _left(candidates: Sequence[int], values: np.ndarray, affordable: np.ndarray, confidence: float) -> list[int]:
    """The candidates that are not told to be worse than the best so far of those that can be afforded."""
    best = int(np.argmax(np.where(affordable, values.mean(axis=1), -np.inf)))
    behind = values[best] - values
    others = [i for i in range(len(candidates)) if i != best and behind[i].std() > 0]
    worse = {i for i in range(len(candidates)) if i != best and behind[i].std() == 0 and behind[i].mean() > 0}
    if others:
        error = behind[others].std(axis=1, ddof=1) / np.sqrt(values.shape[1])
        surely = behind[others].mean(axis=1) > critical(behind[others], confidence) * error
        worse |= {i for i, is_worse in zip(others, surely, strict=True) if is_worse}
    return [c for i, c in enumerate(candidates) if i not in worse]
