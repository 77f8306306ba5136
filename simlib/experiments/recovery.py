"""Does the fit find what it should: simulated truths, whose numbers are known, fitted as if they had been published.

Each truth is a world that the emulators have not seen, with its figures in one replication. If the method is right, its number
lies inside a 90% interval in 90 of 100 truths (Cook, Gelman and Rubin 2006, doi:10.1198/106186006X136976).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from simlib.experiments.posterior import Learned, sample

LEVELS = (0.5, 0.9)


def recovered(
    learned: Learned,
    at: np.ndarray,
    values: np.ndarray,
    seed: int,
    keep: int = 25,
    together: int = 16,
    warm_up: int = 60,
    every: int = 6,
) -> np.ndarray:
    """Where each truth's numbers lie among the draws of its posterior.

    Parameters
    ----------
    learned : Learned
        Emulators of other worlds.
    at : ndarray
        float64 (truths, inputs), their points of the unit cube.
    values : ndarray
        float64 (truths, figures), on the scale of the fit; NaN for a figure that was not defined, which then tells nothing.
    seed : int
        Of the draws.
    keep, together, warm_up, every : int
        See `posterior.sample`.

    Returns
    -------
    ndarray
        float64 (truths, columns of learned): the share of draws below the truth.
    """
    out = np.empty((len(at), len(learned.columns)))
    for i, (point, y) in enumerate(zip(at, values, strict=True)):
        rng = np.random.default_rng([seed, i])
        kept = sample(learned, y, np.zeros(len(y)), rng, keep, together, warm_up, every)
        out[i] = (kept.reshape(-1, kept.shape[-1]) < point[learned.columns]).mean(axis=0)
    return out


def coverage(below: np.ndarray, paths: Sequence[str], levels: Sequence[float] = LEVELS) -> pd.DataFrame:
    """How often central intervals hold the truth.

    Returns a row a number and level: path, level, truths, covered (share), low and high (between which 99.9% of such shares lie
    if the intervals are right, for some of many numbers are out of a 95% band by chance), and ok.
    """
    n, rows = len(below), []
    for j, path in enumerate(paths):
        for level in levels:
            tail = (1 - level) / 2
            covered = float(((below[:, j] >= tail) & (below[:, j] <= 1 - tail)).mean())
            low, high = (float(x) / n for x in stats.binom.interval(0.999, n, level))
            rows.append((path, level, n, covered, low, high, low <= covered <= high))
    return pd.DataFrame(rows, columns=["path", "level", "truths", "covered", "low", "high", "ok"])
