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
    values: Callable[[Sequence[int], Sequence[int]], np.ndarray], candidates: Sequence[int], first: int, most: int
) -> Selected:
    """The best of some candidates.

    Parameters
    ----------
    values : callable
        What candidates give in some worlds (float64 (candidates, worlds)), the more the better.
    candidates : sequence of int
        What there is to choose from, two of them at least.
    first : int
        The first fresh world.
    most : int
        Worlds at most, a multiple of 16.

    Returns
    -------
    Selected
        The best on average; one that was dropped is worse than another with a chance of error of 5% over all.
    """
    left, looks = list(candidates), max(most // STEP, 1)
    seen = {c: np.zeros(0) for c in left}
    for look in range(looks):
        new = values(left, range(first + look * STEP, first + (look + 1) * STEP))
        for c, row in zip(left, new, strict=True):
            seen[c] = np.append(seen[c], row)
        left = _left(left, np.array([seen[c] for c in left]), 1 - CHANCE / looks)
        if len(left) == 1:
            break
    best = max(left, key=lambda c: float(seen[c].mean()))
    return Selected(best, left, len(seen[best]))


def _left(candidates: Sequence[int], values: np.ndarray, confidence: float) -> list[int]:
    """The candidates that are not told to be worse than the best so far."""
    best = int(np.argmax(values.mean(axis=1)))
    behind = values[best] - values
    others = [i for i in range(len(candidates)) if i != best and behind[i].std() > 0]
    worse = {i for i in range(len(candidates)) if i != best and behind[i].std() == 0 and behind[i].mean() > 0}
    if others:
        error = behind[others].std(axis=1, ddof=1) / np.sqrt(values.shape[1])
        surely = behind[others].mean(axis=1) > critical(behind[others], confidence) * error
        worse |= {i for i, is_worse in zip(others, surely, strict=True) if is_worse}
    return [c for i, c in enumerate(candidates) if i not in worse]
