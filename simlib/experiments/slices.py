"""Elliptical slice sampling: draws from a posterior whose prior is standard normal, many chains at once.

Murray, Adams and MacKay (2010), Elliptical slice sampling, AISTATS 9: 541-548. It has no step size to tune, and each step is
a draw of its own, so that any prior that can be written as a transform of normal numbers will do.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

MOST_CUTS = 200  # of an angle's bracket, each by about half: far below the spacing of floating-point numbers

LogLikelihood = Callable[[np.ndarray], np.ndarray]


def step(
    log_likelihood: LogLikelihood, at: np.ndarray, known: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """One step of every chain.

    Parameters
    ----------
    log_likelihood : callable
        Takes float64 (chains, dimensions), gives float64 (chains,), up to a constant.
    at : ndarray
        float64 (chains, dimensions), where the chains stand, under a standard normal prior.
    known : ndarray
        float64 (chains,), its log-likelihood.
    rng : Generator
        Source of random numbers.

    Returns
    -------
    tuple of ndarray
        Where they stand next, and its log-likelihood.
    """
    n = len(at)
    across = rng.standard_normal(at.shape)
    level = known + np.log(rng.random(n))
    angle = rng.uniform(0.0, 2.0 * np.pi, n)
    low, high = angle - 2.0 * np.pi, angle.copy()
    new, value = at.copy(), known.copy()
    due = np.arange(n)
    for _ in range(MOST_CUTS):
        c, s = np.cos(angle[due])[:, None], np.sin(angle[due])[:, None]
        tried = at[due] * c + across[due] * s
        found = log_likelihood(tried)
        good = found > level[due]
        new[due[good]], value[due[good]] = tried[good], found[good]
        due = due[~good]
        if not len(due):
            break
        here = angle[due]
        low[due], high[due] = np.where(here < 0, here, low[due]), np.where(here < 0, high[due], here)
        angle[due] = rng.uniform(low[due], high[due])
    return new, value


def chains(
    log_likelihood: LogLikelihood, start: np.ndarray, warm_up: int, keep: int, every: int, rng: np.random.Generator
) -> np.ndarray:
    """Run all chains from `start` and keep each `every`-th state after `warm_up` steps: float64 (keep, chains, dimensions)."""
    at, known = start.copy(), log_likelihood(start)
    kept = np.empty((keep, *start.shape))
    for i in range(1, warm_up + keep * every + 1):
        at, known = step(log_likelihood, at, known, rng)
        if i > warm_up and (i - warm_up) % every == 0:
            kept[(i - warm_up) // every - 1] = at
    return kept


def spread_of_chains(kept: np.ndarray) -> np.ndarray:
    """Split R-hat of each dimension (Gelman et al. 2013, Bayesian Data Analysis, 11.4): near 1 where chains agree.

    kept: float64 (states, chains, dimensions), at least four states.
    """
    half = len(kept) // 2
    halves = np.concatenate([kept[:half], kept[half : 2 * half]], axis=1)
    within = halves.var(axis=0, ddof=1).mean(axis=0)
    between = half * halves.mean(axis=0).var(axis=0, ddof=1)
    return np.sqrt(((half - 1) / half * within + between / half) / np.where(within > 0, within, 1.0))
