"""A figure as a smooth function of the assumed numbers: screening, a quadratic trend, and a Gaussian process for the rest.

One replication of a world is the function at its numbers plus luck. The luck is the process's nugget; what the emulator leaves
unexplained, luck and its own error together, is told by its residuals with each world left out.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import stats
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import LassoCV
from threadpoolctl import threadpool_limits

MOST_ACTIVE = 12  # inputs of one emulator
LEVEL = (
    1e-4  # an input is active if its trend would come about by chance less often: one in thirty of 340 that do nothing
)
FOLDS = 5


@dataclass(frozen=True)
class Emulator:
    """One figure over the unit cube. active: columns of its inputs. trend: coefficients of 1, each input and its square, inputs
    as distances from the middle. process: of what the trend leaves, in units of `scale`, None where no input is active. residuals:
    of the worlds that it learned from, each left out in turn; NaN where the figure was not defined."""

    active: np.ndarray
    trend: np.ndarray
    process: GaussianProcessRegressor | None
    scale: float
    residuals: np.ndarray

    def mean(self, at: np.ndarray) -> np.ndarray:
        """The figure's mean over luck at points of the unit cube (float64, points x inputs)."""
        x = at[:, self.active]
        out = _terms(x) @ self.trend
        if self.process is not None:
            smooth = self.process.kernel_.k1  # the kernel without luck
            out = out + smooth(x, self.process.X_train_) @ self.process.alpha_ * self.scale
        return out


def fit_emulator(at: np.ndarray, y: np.ndarray, most: int = MOST_ACTIVE, active: np.ndarray | None = None) -> Emulator:
    """Learn a figure from one replication in each of many worlds.

    Parameters
    ----------
    at : ndarray
        float64 (worlds, inputs), points of the unit cube.
    y : ndarray
        float64 (worlds,), the figure; NaN where it was not defined, which is left out.
    most : int
        How many inputs it may have.
    active : ndarray, optional
        Columns of its inputs; chosen by `screen` if left out.

    Returns
    -------
    Emulator
        The function.
    """
    with threadpool_limits(1):  # the order of sums, and so the last bits, must not hang on how many cores there are
        return _fitted(at, y, most, active)


def _fitted(at: np.ndarray, y: np.ndarray, most: int, active: np.ndarray | None) -> Emulator:
    there = np.isfinite(y)
    x, z = at[there], y[there]
    active = screen(x, z, most) if active is None else active
    x = x[:, active]
    terms = _terms(x)
    trend = np.linalg.lstsq(terms, z, rcond=None)[0]
    residuals = np.full(len(y), np.nan)
    rest = z - terms @ trend
    scale = float(rest.std()) or 1.0
    if not len(active):
        residuals[there] = rest * len(rest) / max(len(rest) - 1, 1)
        return Emulator(active, trend, None, scale, residuals)
    process = _process(x, rest / scale)
    residuals[there] = _left_out(process, x, terms, rest / scale) * scale
    return Emulator(active, trend, process, scale, residuals)


def screen(at: np.ndarray, y: np.ndarray, most: int = MOST_ACTIVE) -> np.ndarray:
    """Columns of the inputs that move a figure: chosen by the lasso, then kept if the trend needs them (F test), the strongest first."""
    if np.ptp(y) == 0.0:
        return np.zeros(0, int)
    p = at.shape[1]
    terms = _terms(at)[:, 1:]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        found = LassoCV(cv=FOLDS, alphas=30, eps=1e-2).fit(terms / terms.std(axis=0), y)
    strength = np.hypot(found.coef_[:p], found.coef_[p:])
    chosen = np.argsort(-strength, kind="stable")[: min(np.count_nonzero(strength), len(y) // 8)]
    while len(chosen):
        chance = _chances(at[:, chosen], y)
        worst = int(np.argmax(chance))
        if chance[worst] <= LEVEL and len(chosen) <= most:
            return chosen[np.argsort(chance, kind="stable")]
        chosen = np.delete(chosen, worst)
    return chosen


def _chances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Of each input the chance that its two terms would explain so much beside the others', if they did nothing."""
    n, k = x.shape
    terms = _terms(x)
    q, r = np.linalg.qr(terms)
    rest = y - q @ (q.T @ y)
    free = n - terms.shape[1]
    noise = (rest @ rest) / free
    b = np.linalg.solve(r, q.T @ y)
    inverse = np.linalg.inv(r)
    cov = inverse @ inverse.T
    out = np.empty(k)
    for j in range(k):
        at = [1 + j, 1 + k + j]
        out[j] = b[at] @ np.linalg.solve(cov[np.ix_(at, at)], b[at]) / (2 * noise)
    return stats.f.sf(out, 2, free)


def _terms(x: np.ndarray) -> np.ndarray:
    """1, each input's distance from the middle, and its square less the mean square."""
    c = x - 0.5
    return np.hstack([np.ones((len(x), 1)), c, c**2 - 1 / 12])


def _process(x: np.ndarray, rest: np.ndarray) -> GaussianProcessRegressor:
    kernel = ConstantKernel(0.3, (1e-3, 10.0)) * RBF(np.full(x.shape[1], 1.5), (0.3, 20.0)) + WhiteKernel(
        0.7, (1e-3, 2.0)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return GaussianProcessRegressor(kernel, copy_X_train=False).fit(x, rest)


def _left_out(process: GaussianProcessRegressor, x: np.ndarray, terms: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Residuals of each world as if it had not been learned from (Rasmussen and Williams 2006, eq. 5.12), the trend's part, too."""
    full = process.kernel_(x) + process.alpha * np.eye(len(x))
    weight = np.linalg.inv(full)
    # the trend was fitted, too: its coefficients get a flat prior
    inner = weight @ terms
    weight = weight - inner @ np.linalg.solve(terms.T @ inner, inner.T)
    return (weight @ rest) / np.diag(weight)
