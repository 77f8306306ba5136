"""What published figures tell of the assumed numbers: emulators of the figures, a likelihood, and draws from the posterior.

A figure y that was published is compared with what one history of the model would give, since the world has had one history:

    y = m(x) + e + d

m(x) is the emulated mean at the numbers x, e is luck and the emulator's error together, with the covariance of the residuals of
left-out worlds near the published figures, and d is what separates the two ways of counting: normal with the tolerance of the
figure's file, and, for a published range, with the variance of a uniform on it besides (Kennedy and O'Hagan 2001,
doi:10.1111/1467-9868.00294, with d known). Priors are uniform on the ranges, written as z ~ N(0, 1) with x at the quantile
Phi(z) of its range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, ndtr, ndtri
from threadpoolctl import threadpool_limits

from simlib.experiments.emulator import Emulator, fit_emulator
from simlib.experiments.slices import chains
from simlib.experiments.targets import Figure, scaled

NEAR = 256  # worlds whose residuals give the covariance
EDGE = 1e-9  # a point of the unit cube keeps so far from its faces

Curve = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Learned:
    """Figures over the unit cube. at: the worlds learned from (float64, worlds x inputs). values: their figures on the scale of the
    fit (float64, worlds x figures). emulators: one a figure."""

    at: np.ndarray
    values: np.ndarray
    emulators: tuple[Emulator, ...]

    @cached_property
    def columns(self) -> np.ndarray:
        """Inputs that move at least one figure, as columns of the unit cube."""
        return np.unique(np.concatenate([e.active for e in self.emulators]))

    @cached_property
    def residuals(self) -> np.ndarray:
        """Of each world, left out, and figure (float64, worlds x figures); NaN where the figure was not defined."""
        return np.stack([e.residuals for e in self.emulators], axis=1)

    def means(self, at: np.ndarray) -> np.ndarray:
        """Emulated means at points of the unit cube (float64, points x figures)."""
        return np.stack([e.mean(at) for e in self.emulators], axis=1)

    def explained(self) -> np.ndarray:
        """Of each figure the part of its variance over the worlds that the emulator predicts of a left-out one; the rest is luck."""
        return 1.0 - np.nanvar(self.residuals, axis=0) / np.maximum(np.nanvar(self.values, axis=0), 1e-300)

    def spread(self, y: np.ndarray, near: int = NEAR) -> np.ndarray:
        """Covariance of luck and emulator error around figures y: of the worlds whose emulated figures are nearest to them."""
        rest = np.where(np.isnan(self.residuals), 0.0, self.residuals)
        whole = rest.T @ rest / len(rest)
        away = np.where(np.isnan(self.values), 0.0, self.values - self.residuals - y)
        distance = np.einsum("ij,ij->i", away @ np.linalg.pinv(whole + np.diag(np.diag(whole)) + 1e-12), away)
        chosen = rest[np.argsort(distance, kind="stable")[: min(near, len(rest))]]
        return chosen.T @ chosen / len(chosen)


def learn(
    at: np.ndarray, values: np.ndarray, may_move: np.ndarray, active: Sequence[np.ndarray] | None = None
) -> Learned:
    """Emulate each figure.

    Parameters
    ----------
    at : ndarray
        float64 (worlds, inputs), points of the unit cube.
    values : ndarray
        float64 (worlds, figures), one replication each, on the scale of the fit; NaN where a figure was not defined.
    may_move : ndarray
        bool (inputs): those that could act at all.
    active : sequence of ndarray, optional
        Of each figure the columns of its emulator's inputs; chosen from those that could act if left out.

    Returns
    -------
    Learned
        The emulators.
    """
    inputs = np.flatnonzero(may_move)
    found = []
    for j, y in enumerate(values.T):
        e = fit_emulator(at[:, inputs], y, active=None if active is None else np.searchsorted(inputs, active[j]))
        found.append(replace(e, active=inputs[e.active]))
    return Learned(at, values, tuple(found))


def published(figures: Sequence[Figure]) -> tuple[np.ndarray, np.ndarray]:
    """(numbers, variances) of published figures on the scale of the fit: the middle of a range, tolerance and range together."""
    ends = np.array([scaled(f, f.bounds) for f in figures])
    tolerance = np.array(
        [f.fit.tolerance for f in figures]
    )  # with scale log a share, which is a distance of logarithms
    return ends.mean(axis=1), tolerance**2 + (ends[:, 1] - ends[:, 0]) ** 2 / 12.0


def log_likelihood(
    learned: Learned, y: np.ndarray, variance: np.ndarray, temper: float = 1.0, held: Mapping[int, float] | None = None
) -> Curve:
    """Of normal coordinates z of `learned.columns` (float64, points x columns): float64 (points), up to a constant.

    Figures whose y is NaN tell nothing. temper: at 0 the prior alone would remain, at 1 all that was published counts. held:
    inputs that stand at a point of the unit interval, whatever z says.
    """
    told = np.flatnonzero(~np.isnan(y))
    sigma = learned.spread(np.where(np.isnan(y), np.nanmean(learned.values, axis=0), y))[np.ix_(told, told)]
    sigma = sigma + np.diag(variance[told] + 1e-12)
    weight = np.linalg.inv(sigma)
    emulators = [learned.emulators[j] for j in told]
    columns, inputs = learned.columns, learned.at.shape[1]

    def value(z: np.ndarray) -> np.ndarray:
        at = np.full((len(z), inputs), 0.5)
        at[:, columns] = ndtr(z)
        for column, x in (held or {}).items():
            at[:, column] = x
        away = np.stack([e.mean(at) for e in emulators], axis=1) - y[told]
        return -0.5 * temper * np.einsum("ij,jk,ik->i", away, weight, away)

    return value


def sample(
    learned: Learned,
    y: np.ndarray,
    variance: np.ndarray,
    rng: np.random.Generator,
    keep: int = 16,
    together: int = 128,
    warm_up: int = 100,
    every: int = 8,
    temper: float = 1.0,
    held: Mapping[int, float] | None = None,
) -> np.ndarray:
    """Draws from the posterior.

    Parameters
    ----------
    learned : Learned
        The emulated figures.
    y, variance : ndarray
        float64 (figures), as `published` gives them.
    rng : Generator
        Source of random numbers.
    keep, together, warm_up, every : int
        States kept of each chain, chains, steps before the first of them, and steps between them.
    temper : float
        See `log_likelihood`.
    held : mapping, optional
        Inputs that stand still, by column of the unit cube: the draws are of the others, given these.

    Returns
    -------
    ndarray
        float64 (keep, together, columns), points of the unit cube at `learned.columns`.
    """
    with threadpool_limits(1):  # the last bits of sums and inverses must not hang on how many cores there are
        curve = log_likelihood(learned, y, variance, temper, held)
        z = ndtri(learned.at[:, learned.columns].clip(EDGE, 1 - EDGE))
        best = np.argsort(-curve(z), kind="stable")[:together]
        start = np.resize(z[best], (together, z.shape[1]))
        draws = ndtr(chains(curve, start, warm_up, keep, every, rng)).clip(EDGE, 1 - EDGE)
    for column, x in (held or {}).items():
        draws[..., learned.columns == column] = x
    return draws


def odds(
    learned: Learned,
    y: np.ndarray,
    variance: np.ndarray,
    one: np.ndarray,
    other: np.ndarray,
    held: tuple[Mapping[int, float], Mapping[int, float]],
) -> float:
    """How much better the figures are foretold with some inputs held at one place than at another: the ratio of the marginal
    likelihoods (Bayes factor), by the acceptance ratio of Bennett (1976, doi:10.1016/0021-9991(76)90078-4).

    one, other: draws of `sample` under each of `held` (float64, points x columns), equally many.
    """

    def gap(draws: np.ndarray) -> np.ndarray:
        z = ndtri(draws.clip(EDGE, 1 - EDGE))
        return curves[0](z) - curves[1](z)

    with threadpool_limits(1):
        curves = [log_likelihood(learned, y, variance, held=h) for h in held]
        gaps = gap(one), gap(other)
    reach = float(np.abs(np.concatenate(gaps)).max()) + 10.0
    return float(np.exp(brentq(lambda c: expit(gaps[1] - c).mean() - expit(c - gaps[0]).mean(), -reach, reach)))


def told(draws: np.ndarray) -> np.ndarray:
    """How much narrower than its prior each number became: 1 less the ratio of the standard deviations (0: nothing was told).

    draws: float64 (points, columns), on the unit cube, where the prior is uniform.
    """
    return 1.0 - draws.std(axis=0) * np.sqrt(12.0)
