"""Durations as data: seven distributions with named parameters, sampled by inverse transform of one uniform number.

In YAML: ``{lognormal: {median: 60, sigma: 0.6}, unit: days}``, ``{exponential: {mean: 15}}``,
``{empirical: [3, 5, 8], unit: working_days}``, or short for a constant: ``30 days``.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from scipy import special

from simlib.core.compiled import compiled, is_plain
from simlib.core.durations import parse_limit as parse_limit
from simlib.core.errors import InputError
from simlib.core.records import Record, f8, i4, plainly
from simlib.core.streams import normal_quantile
from simlib.core.strict import Many, Strict
from simlib.core.sums import in_turn
from simlib.core.workdays import UNITS

CONSTANT, UNIFORM, EXPONENTIAL, LOGNORMAL, GAMMA, WEIBULL, EMPIRICAL = range(7)
KINDS = ("constant", "uniform", "exponential", "lognormal", "gamma", "weibull", "empirical")
Unit = Literal["days", "working_days", "months"]


class Distribution(Record):
    """One distribution as functions of the model read it; empirical values stand in a shared pool."""

    kind: int = i4("place", "which distribution, in KINDS")
    unit: int = i4("unit", "DAYS, WORKING_DAYS or MONTHS")
    a: float = f8("by kind", "value; low; mean; mean of the log; shape")
    b: float = f8("by kind", "high; standard deviation of the log; scale")
    c: float = f8("1", "log of the gamma function at the shape")
    first: int = i4("place", "the first value in the pool")
    count: int = i4("count", "values in the pool")


LONGEST = 1_000_000  # days, working days or months: longer than any run, and no sum with a time loses digits
MOST_SIGMA = 5.0  # of the logarithm: the longest of a billion draws is 1e13 times the median
SPREADS = (0.003, 100.0)  # sd over mean of gamma and Weibull: outside, nearly all draws are equal, or nearly all are 0

_Positive = Annotated[float, Field(ge=1e-7, le=LONGEST)]
_NotNegative = Annotated[float, Field(ge=0, le=LONGEST)]
_Sigma = Annotated[float, Field(ge=1e-6, le=MOST_SIGMA)]
_Sd = Annotated[float, Field(gt=0, le=LONGEST * SPREADS[1])]


class Uniform(Strict):
    """Evenly spread between two bounds."""

    low: _NotNegative
    high: _NotNegative

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        if self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}")
        return self


class Mean(Strict):
    """An exponential's one parameter."""

    mean: _Positive


class MeanSd(Strict):
    """Mean and standard deviation."""

    mean: _Positive
    sd: _Sd


class Spread(MeanSd):
    """Mean and standard deviation of a gamma or Weibull distribution."""

    @model_validator(mode="after")
    def _drawn(self) -> Spread:
        low, high = SPREADS
        if not low <= self.sd / self.mean <= high:
            raise ValueError(f"sd {self.sd:g} must be from {low:g} to {high:g} times the mean {self.mean:g}")
        return self


class MedianSigma(Strict):
    """Median, and the standard deviation of the logarithm."""

    median: _Positive
    sigma: _Sigma


def _by_which(value: Any) -> str:
    if not isinstance(value, dict):
        return "by_median" if isinstance(value, MedianSigma) else "by_mean"
    return "by_median" if "median" in value or "sigma" in value else "by_mean"


_Lognormal = Annotated[
    Annotated[MedianSigma, Tag("by_median")] | Annotated[MeanSd, Tag("by_mean")], Discriminator(_by_which)
]


class Duration(Strict):
    """A random duration: exactly one distribution, and its unit."""

    constant: _NotNegative | None = None
    uniform: Uniform | None = None
    exponential: Mean | None = None
    lognormal: _Lognormal | None = None
    gamma: Spread | None = None
    weibull: Spread | None = None
    empirical: Annotated[Many[_NotNegative], Field(min_length=1, max_length=100_000)] | None = None
    unit: Unit = "days"

    @model_validator(mode="after")
    def _one_kind(self) -> Duration:
        given = [k for k in KINDS if getattr(self, k) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(KINDS)} (given: {', '.join(given) or 'none'})")
        return self

    def __str__(self) -> str:
        shape = getattr(self, self.kind)
        return f"{self.kind} {shape if isinstance(shape, (float, tuple)) else f'({shape})'} {self.unit}"

    @property
    def kind(self) -> str:
        """The name of the distribution."""
        return next(k for k in KINDS if getattr(self, k) is not None)

    def usual(self) -> float:
        """The mean, in the duration's own unit; of a lognormal by its median, the median."""
        shape = getattr(self, self.kind)
        match self.kind:
            case "constant":
                return shape
            case "uniform":
                return (shape.low + shape.high) / 2
            case "empirical":
                return in_turn(shape) / len(shape)
        return shape.median if isinstance(shape, MedianSigma) else shape.mean

    def scaled(self, factor: float) -> Duration:
        """The same shape, `factor` times as long."""
        shape = self.model_dump(exclude_none=True)
        kind = self.kind
        if kind == "constant":
            shape[kind] *= factor
        elif kind == "empirical":
            shape[kind] = [v * factor for v in shape[kind]]
        else:
            shape[kind] = {k: v if k == "sigma" else v * factor for k, v in shape[kind].items()}
        return Duration(**shape)


def _short_form(value: Any) -> Any:
    if isinstance(value, str):
        number, unit = parse_limit(value)
        return {"constant": number, "unit": unit}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"constant": value}
    return value


AnyDuration = Annotated[Duration, BeforeValidator(_short_form)]


def _weibull(mean: float, sd: float) -> tuple[float, float]:
    """Shape and scale of a Weibull with this mean and standard deviation."""
    from scipy import optimize  # few worlds need it, and it takes a third of a second to load

    wanted = (sd / mean) ** 2

    def excess(log_shape: float) -> float:
        k = math.exp(log_shape)
        return math.exp(special.gammaln(1 + 2 / k) - 2 * special.gammaln(1 + 1 / k)) - 1 - wanted

    shape = math.exp(optimize.brentq(excess, math.log(0.05), math.log(500), xtol=1e-14))
    return shape, mean / math.exp(special.gammaln(1 + 1 / shape))


def pack(durations: list[Duration]) -> tuple[np.ndarray, np.ndarray]:
    """Distributions as (Distribution records, pool of empirical values), for `sample`."""
    rows, pool = Distribution.zeros(len(durations)), []
    for row, d in zip(rows, durations, strict=True):
        row["kind"], row["unit"] = KINDS.index(d.kind), UNITS[d.unit]
        match d.kind:
            case "constant":
                row["a"] = d.constant
            case "uniform":
                row["a"], row["b"] = d.uniform.low, d.uniform.high
            case "exponential":
                row["a"] = d.exponential.mean
            case "lognormal":
                row["a"], row["b"] = lognormal_parameters(d.lognormal)
            case "gamma":
                shape = (d.gamma.mean / d.gamma.sd) ** 2
                row["a"], row["b"], row["c"] = shape, d.gamma.mean / shape, special.gammaln(shape)
            case "weibull":
                row["a"], row["b"] = _weibull(d.weibull.mean, d.weibull.sd)
            case "empirical":
                row["first"], row["count"] = len(pool), len(d.empirical)
                pool.extend(d.empirical)
    return rows, np.array(pool or [0.0])


def pack_one(duration: Duration) -> tuple[Any, np.ndarray]:
    """One distribution as functions of the model take it by itself, and its pool."""
    rows, pool = pack([duration])
    return plainly(rows[0]) if is_plain() else rows[0], pool


def lognormal_parameters(d: MedianSigma | MeanSd) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm."""
    if isinstance(d, MedianSigma):
        return math.log(d.median), d.sigma
    variance = math.log1p((d.sd / d.mean) ** 2)
    return math.log(d.mean) - variance / 2, math.sqrt(variance)


@compiled
def _lower_gamma(a, log_gamma_a, x):
    """Regularised lower incomplete gamma function P(a, x), by its series or its continued fraction (DLMF 8.11, 8.9)."""
    if x <= 0.0:
        return 0.0
    front = math.exp(a * math.log(x) - x - log_gamma_a)
    if x < a + 1.0:
        term = total = 1.0 / a
        n = a
        for _ in range(10000):
            n += 1.0
            term *= x / n
            total += term
            if term < total * 1e-17:
                break
        return front * total
    b = x + 1.0 - a
    c = 1e300
    d = 1.0 / b
    h = d
    for i in range(1, 10000):
        an = -i * (i - a)
        b += 2.0
        d = 1.0 / (an * d + b)
        c = b + an / c
        step = c * d
        h *= step
        if abs(step - 1.0) < 1e-16:
            break
    return 1.0 - front * h


@compiled
def gamma_quantile(u, a, log_gamma_a):
    """Inverse of the gamma distribution of shape a and scale 1: bisection between bounds that hold it, then Newton.

    No scalar version that runs both compiled and plain is to be had from a library (SciPy's is a ufunc).
    """
    high = max(a, 1.0)
    while _lower_gamma(a, log_gamma_a, high) < u:
        high *= 2.0
    low = 0.0
    x = 0.5 * high
    for _ in range(200):
        f = _lower_gamma(a, log_gamma_a, x) - u
        if f > 0.0:
            high = x
        else:
            low = x
        slope = math.exp((a - 1.0) * math.log(x) - x - log_gamma_a)
        new = x - f / slope if slope > 0.0 else low
        if not (low < new < high):
            new = 0.5 * (low + high)
        if abs(new - x) <= 1e-14 * x:
            return new
        x = new
    return x


@compiled
def sample(u, dist: Distribution, pool):
    """The quantile of one packed distribution.

    Parameters
    ----------
    u : float
        Probability, inside (0, 1).
    dist : Distribution
        Kind and numbers of the distribution, as `pack` writes them.
    pool : float64, (*,)
        Values of all empirical distributions, in the units of each; a row knows where its own begin.

    Returns
    -------
    float
        In the distribution's own unit (days, working days or months).
    """
    kind = dist.kind
    if kind == CONSTANT:
        return dist.a
    if kind == UNIFORM:
        return dist.a + (dist.b - dist.a) * u
    if kind == EXPONENTIAL:
        return -dist.a * math.log(1.0 - u)
    if kind == LOGNORMAL:
        return math.exp(dist.a + dist.b * normal_quantile(u))
    if kind == GAMMA:
        return dist.b * gamma_quantile(u, dist.a, dist.c)
    if kind == WEIBULL:
        return dist.b * math.exp(math.log(-math.log(1.0 - u)) / dist.a)
    return pool[dist.first + min(int(u * dist.count), dist.count - 1)]


def finite(values: np.ndarray, what: object) -> np.ndarray:
    """The values; InputError where one of them is no finite number. what: where they come from, as a user names it."""
    if not np.isfinite(values).all():
        raise InputError(f"{what}: a draw from it is no finite number; give smaller numbers")
    return values


@compiled
def fill_samples(u, dist: Distribution, pool):
    """Replace each probability by its quantile.

    Parameters
    ----------
    u : float64, (N,)
        Probabilities inside (0, 1); then quantiles, in the distribution's own unit.
    dist : Distribution
        As for `sample`.
    pool : float64, (*,)
        As for `sample`.
    """
    for i in range(u.size):
        u[i] = sample(u[i], dist, pool)


def samples(u: np.ndarray, duration: Duration) -> np.ndarray:
    """Quantiles at each number of `u` (float64, same shape), in the duration's own unit."""
    row, pool = pack_one(duration)
    out = np.array(u, float)
    fill_samples(out.reshape(-1), row, pool)
    return finite(out, duration)
