"""From what parts added in single histories to what they are worth, with intervals.

Every world counts once, however many histories it had. Where some worlds were walked along the most important parts alone, their
means are over all worlds, and the other parts, of which those worlds tell the sum, are corrected by regression on that sum: the
two-phase estimator of Cochran (1977), Sampling Techniques, 3rd ed., section 12.6. Its slopes add up to 1, so that all parts still
add up to the difference.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.experiments.intervals import t_quantile

RANGE = 1.6448536269514722  # standard deviations to either side that hold 90% of a normal distribution


@dataclass(frozen=True)
class Estimate:
    """Means and the half widths of their 95% intervals, by part (float64); NaN for too few worlds. worlds: how many count."""

    value: np.ndarray
    half: np.ndarray
    worlds: np.ndarray


def mean_of(x: np.ndarray) -> Estimate:
    """Means over worlds (float64 (worlds, parts)) with Student's t intervals."""
    n = len(x)
    value = x.mean(axis=0) if n else np.full(x.shape[1], np.nan)
    half = t_quantile(n - 1) * x.std(axis=0, ddof=1) / np.sqrt(n) if n > 1 else np.full(x.shape[1], np.nan)
    return Estimate(value, half, np.full(x.shape[1], n))


def shares(steps: np.ndarray, whole: np.ndarray) -> Estimate:
    """What each part is worth.

    steps: what each added in each world, float64 (worlds, parts), NaN where a world was not walked along a part; each world was
    walked along all parts, or along the same few of them. whole: the difference of all parts in each world, float64 (worlds,).
    A world whose difference is not defined is left out.
    """
    defined = np.isfinite(whole)
    steps, whole = steps[defined], whole[defined]
    full = np.isfinite(steps).all(axis=1)
    if full.all():
        return mean_of(steps)
    few = np.isfinite(steps[~full]).all(axis=0)
    usable = full | np.isfinite(steps[:, few]).all(axis=1)
    steps, whole, full = steps[usable], whole[usable], full[usable]
    top, rest = mean_of(steps[:, few]), _rest(steps[full][:, ~few], whole - steps[:, few].sum(axis=1), full)
    found = Estimate(*(np.empty(steps.shape[1], kind) for kind in (float, float, int)))
    for part, estimate in ((few, top), (~few, rest)):
        found.value[part], found.half[part], found.worlds[part] = estimate.value, estimate.half, estimate.worlds
    return found


def _rest(y: np.ndarray, sums: np.ndarray, full: np.ndarray) -> Estimate:
    """Parts that some worlds alone tell apart. y: there, (n, parts); sums: of these parts, in every world; full: which tell."""
    x, n, m = sums[full], len(y), len(sums)
    mean = y.mean(axis=0) if n else np.full(y.shape[1], np.nan)
    if n < 4:  # no slope worth the name
        value = mean + (sums.mean() - x.mean()) / y.shape[1] if n else mean
        return Estimate(value, np.full(y.shape[1], np.nan), np.full(y.shape[1], n))
    spread = ((x - x.mean()) ** 2).sum()
    slope = ((x - x.mean()) @ (y - mean) / spread) if spread > 0 else np.full(y.shape[1], 1 / y.shape[1])
    shift = sums.mean() - x.mean()
    left = ((y - mean - np.outer(x - x.mean(), slope)) ** 2).sum(axis=0) / (n - 2)
    own = y.var(axis=0, ddof=1)
    few = left * (1 / n + (shift**2 / spread if spread > 0 else 0.0))
    many = np.maximum(own - left, 0.0) / m
    return Estimate(mean + slope * shift, _half((few, n - 2), (many, m - 1)), np.full(y.shape[1], n))


def _half(*variances: tuple[np.ndarray, int]) -> np.ndarray:
    """Half the width of a 95% interval whose variance is a sum of some that are each known with so many degrees of freedom
    (Satterthwaite 1946, doi:10.2307/3002019)."""
    total = sum(v for v, _ in variances)
    squares = sum(v**2 / degrees for v, degrees in variances)
    degrees = np.divide(total**2, squares, out=np.ones_like(total), where=squares > 0)
    return t_quantile(np.maximum(degrees, 1)) * np.sqrt(total)


def luck_of(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Standard deviation of luck in one history, by part: from worlds that were run twice (float64 (worlds, parts) each)."""
    with np.errstate(invalid="ignore"):
        both = np.isfinite(first) & np.isfinite(second)
        n = both.sum(axis=0)
        squares = np.where(both, (first - second) ** 2, 0.0).sum(axis=0)
        return np.sqrt(np.where(n > 0, squares / (2 * np.maximum(n, 1)), np.nan))


def worlds_of(single: np.ndarray, luck: np.ndarray, order: np.ndarray | float = 0.0) -> np.ndarray:
    """Standard deviation over worlds of a part's expected worth: what luck and the order of the parts do not explain.

    single: one history a world (float64 (worlds, parts)). luck: its standard deviation. order: the variance that the order made.
    """
    n = np.isfinite(single).sum(axis=0)
    filled = np.where(np.isfinite(single), single, 0.0)
    mean = filled.sum(axis=0) / np.maximum(n, 1)
    total = np.where(np.isfinite(single), (single - mean) ** 2, 0.0).sum(axis=0) / np.maximum(n - 1, 1)
    return np.where(n > 1, np.sqrt(np.maximum(total - luck**2 - order, 0.0)), np.nan)
