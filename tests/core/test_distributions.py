"""Durations: every distribution against SciPy, what may be written, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from scipy import special, stats

from simlib.core.distributions import (
    KINDS,
    LONGEST,
    SPREADS,
    AnyDuration,
    Duration,
    Mean,
    _lower_gamma,
    gamma_quantile,
    parse_limit,
    samples,
)  # fmt: skip
from simlib.core.errors import InputError

U = np.concatenate([np.geomspace(1e-12, 0.01, 30), np.linspace(0.02, 0.98, 97), 1 - np.geomspace(1e-9, 0.01, 30)])


class Holder(BaseModel):
    time: AnyDuration


def weibull_of(mean: float, sd: float):
    """SciPy's Weibull with this mean and sd, its shape found by bisection."""
    low, high = 0.1, 100.0
    for _ in range(200):
        k = (low * high) ** 0.5
        law = stats.weibull_min(k)
        low, high = (k, high) if law.std() / law.mean() > sd / mean else (low, k)
    return stats.weibull_min(k, scale=mean / stats.weibull_min(k).mean())


def lognormal_of(mean: float, sd: float):
    variance = np.log1p((sd / mean) ** 2)
    return stats.lognorm(variance**0.5, scale=mean * np.exp(-variance / 2))


LAWS = {
    "uniform": ({"uniform": {"low": 3, "high": 8}}, stats.uniform(3, 5)),
    "exponential": ({"exponential": {"mean": 15}}, stats.expon(scale=15)),
    "lognormal by median": ({"lognormal": {"median": 60, "sigma": 0.6}}, stats.lognorm(0.6, scale=60)),
    "lognormal by mean": ({"lognormal": {"mean": 60, "sd": 40}}, lognormal_of(60, 40)),
    "gamma, humped": ({"gamma": {"mean": 20, "sd": 10}}, stats.gamma(4, scale=5)),
    "gamma, falling": ({"gamma": {"mean": 10, "sd": 20}}, stats.gamma(0.25, scale=40)),
    "gamma, narrow": ({"gamma": {"mean": 100, "sd": 2}}, stats.gamma(2500, scale=0.04)),
    "weibull, humped": ({"weibull": {"mean": 20, "sd": 10}}, weibull_of(20, 10)),
    "weibull, falling": ({"weibull": {"mean": 20, "sd": 40}}, weibull_of(20, 40)),
}


@pytest.mark.parametrize("name", LAWS)
def test_quantiles_are_those_of_scipy(name: str):
    spec, law = LAWS[name]
    assert np.allclose(samples(U, Duration(**spec)), law.ppf(U), rtol=5e-9, atol=1e-9)


@pytest.mark.parametrize("name", LAWS)
def test_a_sample_has_the_mean_that_was_written(name: str):
    spec, law = LAWS[name]
    x = samples((np.arange(200_000) + 0.5) / 200_000, Duration(**spec))
    assert x.mean() == pytest.approx(law.mean(), rel=2e-3)


def test_a_constant_is_constant_and_an_empirical_takes_its_values_evenly():
    assert samples(np.array([0.1, 0.9]), Duration(constant=7)).tolist() == [7, 7]
    x = samples((np.arange(300) + 0.5) / 300, Duration(empirical=(3, 5, 8)))
    assert [(x == v).sum() for v in (3, 5, 8)] == [100, 100, 100]
    assert samples(np.array([1 - 1e-16]), Duration(empirical=(3, 5, 8))).tolist() == [8]


@given(st.floats(0.05, 5000), st.floats(1e-6, 1 - 1e-6))
def test_the_gamma_quantile_inverts_the_gamma_distribution(a: float, u: float):
    x = gamma_quantile(u, a, special.gammaln(a))
    assert x == pytest.approx(special.gammaincinv(a, u), rel=1e-7, abs=1e-12)


@given(st.floats(0.05, 500), st.floats(0, 1000))
def test_the_incomplete_gamma_function_is_that_of_scipy(a: float, x: float):
    assert _lower_gamma(a, special.gammaln(a), x) == pytest.approx(special.gammainc(a, x), abs=1e-11)


@given(st.floats(1e-9, 1 - 1e-9), st.floats(1e-9, 1 - 1e-9))
def test_more_luck_is_never_shorter(u: float, v: float):
    for spec, _ in LAWS.values():
        a, b = samples(np.array(sorted((u, v))), Duration(**spec))
        assert a <= b


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30 days", (30, "days")), ("1 month", (1, "months")), ("15 working days", (15, "working_days")),
        ("15 working_days", (15, "working_days")), ("2 weeks", (14, "days")), ("1 year", (12, "months")), ("2.5 days", (2.5, "days")),
    ],
)  # fmt: skip
def test_a_limit_is_a_number_and_a_unit(text: str, value: tuple):
    assert parse_limit(text) == value


@pytest.mark.parametrize("text", ["", "days", "-3 days", "3", "3 fortnights", "three days", "3 days or so"])
def test_what_is_no_limit_is_refused(text: str):
    with pytest.raises(ValueError, match="is no duration"):
        parse_limit(text)


def test_short_forms_are_constants():
    assert Holder(time="30 days").time == Duration(constant=30)
    assert Holder(time=12).time == Duration(constant=12)
    assert Holder(time="2 months").time == Duration(constant=2, unit="months")


@pytest.mark.parametrize(
    "spec",
    [
        {}, {"constant": -1}, {"constant": 1, "exponential": {"mean": 2}}, {"uniform": {"low": 5, "high": 3}},
        {"exponential": {"mean": 0}}, {"exponential": {"median": 3}}, {"lognormal": {"mean": 3, "sigma": 1}},
        {"gamma": {"mean": 3, "sd": -1}}, {"weibull": {"mean": 3}}, {"empirical": []}, {"empirical": [3, -1]},
        {"constant": 3, "unit": "fortnights"}, {"normal": {"mean": 3, "sd": 1}}, {"constant": float("nan")},
    ],
)  # fmt: skip
def test_an_impossible_duration_is_refused(spec: dict):
    with pytest.raises(ValidationError):
        Duration(**spec)


@pytest.mark.parametrize("spec", [s for s, _ in LAWS.values()] + [{"constant": 4}, {"empirical": [1, 2, 9]}])
def test_a_scaled_duration_is_as_much_longer(spec: dict):
    d = Duration(**spec, unit="working_days")
    assert d.scaled(2.5).unit == "working_days"
    assert np.allclose(samples(U, d.scaled(2.5)), 2.5 * samples(U, d), rtol=1e-9)


def _extremes(kind: str) -> list[dict]:
    """The corners of what may be written of a kind."""
    low, most, sd = 1e-6, LONGEST, SPREADS
    return {
        "constant": [0, most],
        "uniform": [{"low": 0, "high": most}],
        "exponential": [{"mean": low}, {"mean": most}],
        "lognormal": [
            *({"median": m, "sigma": s} for m in (low, most) for s in (1e-6, 5)),
            *({"mean": m, "sd": s} for m in (low, most) for s in (1e-300, most * 100)),
        ],
        "gamma": [{"mean": m, "sd": m * s} for m in (low, most) for s in sd],
        "weibull": [{"mean": m, "sd": m * s} for m in (low, most) for s in sd],
        "empirical": [[0, most]],
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_every_draw_from_what_may_be_written_is_finite(kind: str):
    u = np.array([2.0**-53, 1e-9, 0.5, 1 - 1e-9, 1 - 2.0**-53])
    for shape in _extremes(kind):
        x = samples(u, Duration(**{kind: shape}))
        assert np.isfinite(x).all() and (x >= 0).all(), (shape, x)


@pytest.mark.parametrize(
    "spec",
    [
        {"weibull": {"mean": 30, "sd": 1e300}}, {"weibull": {"mean": 30, "sd": 0.01}}, {"gamma": {"mean": 30, "sd": 1e9}},
        {"lognormal": {"median": 60, "sigma": 50}}, {"constant": 1e300}, {"exponential": {"mean": float("inf")}},
        {"exponential": {"mean": 1e-300}}, {"empirical": [3, float("nan")]}, {"constant": True},
    ],
)  # fmt: skip
def test_a_duration_beyond_all_measure_is_refused(spec: dict):
    with pytest.raises(ValidationError):
        Duration(**spec)


def test_a_draw_that_is_not_finite_is_one_line_that_names_the_distribution():
    broken = Duration.model_construct(exponential=Mean.model_construct(mean=float("inf")))
    with pytest.raises(InputError, match=r"^exponential \(mean=inf\) days: a draw from it is no finite number"):
        samples(U, broken)
