"""The posterior: exact where it can be worked out, flat where figures tell nothing, and right about simulated truths."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.experiments.posterior import learn, log_likelihood, odds, published, sample, told
from simlib.experiments.recovery import coverage, recovered
from simlib.experiments.targets import Figure

RNG = np.random.default_rng(9)
LUCK = 0.2


def figures(at, rng=RNG):
    """One of input 0 alone, one of the sum of 1 and 2; input 3 moves nothing."""
    y = np.stack([2.0 * at[:, 0], at[:, 1] + at[:, 2]], axis=1)
    return y + LUCK * rng.standard_normal(y.shape)


AT = RNG.random((400, 6))
LEARNED = learn(AT, figures(AT), np.ones(6, bool))
NONE = np.zeros(2)


def drawn(y, variance=NONE, **more):
    kept = sample(LEARNED, np.array(y), variance, np.random.default_rng(1), **more)
    return kept.reshape(-1, kept.shape[-1])


def test_with_a_uniform_prior_the_posterior_is_the_integral_within_two_per_cent():
    draws = drawn([1.0, 1.0], keep=60)[:, 0]
    u = np.linspace(0, 1, 4001)
    sd = np.sqrt(LEARNED.spread(np.array([1.0, 1.0]))[0, 0])
    density = np.exp(-0.5 * ((2 * u - 1.0) / sd) ** 2)
    density /= density.sum()
    mean = (u * density).sum()
    assert draws.mean() == pytest.approx(mean, abs=0.02)
    assert draws.std() == pytest.approx(np.sqrt(((u - mean) ** 2 * density).sum()), rel=0.05)


def test_what_two_numbers_do_together_is_told_and_which_of_them_does_it_is_not():
    draws = drawn([1.0, 1.0])
    assert LEARNED.columns.tolist() == [0, 1, 2]  # 3 to 5 keep their prior
    one, other = draws[:, 1], draws[:, 2]
    assert np.corrcoef(one, other)[0, 1] < -0.4
    assert (one + other).std() < 0.6 * np.hypot(one.std(), other.std())
    assert told(draws)[0] > 0.5 > told(draws)[1] > 0


def test_a_figure_that_was_not_observed_tells_nothing():
    draws = drawn([np.nan, 1.0])
    assert abs(told(draws)[0]) < 0.06 and draws[:, 0].mean() == pytest.approx(0.5, abs=0.05)


def test_a_wider_tolerance_tells_less_and_a_lower_temper_too():
    sharp, wide = drawn([1.0, 1.0]), drawn([1.0, 1.0], np.array([0.5, 0.5]))
    cool = drawn([1.0, 1.0], temper=0.2)
    assert sharp[:, 0].std() < cool[:, 0].std() < 0.29 and sharp[:, 0].std() < wide[:, 0].std()


def test_an_input_that_is_held_stays_and_the_others_are_drawn_given_it():
    draws = drawn([1.0, 1.0], held={1: 0.9})
    assert set(draws[:, 1]) == {0.9}
    assert draws[:, 2].mean() == pytest.approx(0.18, abs=0.05)  # 0.1 with a spread of 0.2, cut off at 0


def test_the_odds_of_two_places_of_an_input_are_the_ratio_of_their_integrals():
    y, held = np.array([1.0, 0.8]), ({1: 0.1}, {1: 0.9})
    one, other = (drawn(y, keep=40, held=h) for h in held)
    prior = np.random.default_rng(3).standard_normal((40_000, 3))
    exact = [np.exp(log_likelihood(LEARNED, y, NONE, held=h)(prior)).mean() for h in held]
    assert exact[0] > 2 * exact[1]
    assert odds(LEARNED, y, NONE, one, other, held) == pytest.approx(exact[0] / exact[1], rel=0.08)
    assert odds(LEARNED, y, NONE, other, one, held[::-1]) == pytest.approx(exact[1] / exact[0], rel=0.08)


def test_the_likelihood_is_greatest_where_the_figures_are():
    curve = log_likelihood(LEARNED, np.array([1.0, 1.0]), NONE)
    right, wrong = curve(np.array([[0.0, 0.0, 0.0], [1.5, 0.0, 0.0]]))
    assert right > wrong + 5


@pytest.mark.slow
def test_simulated_truths_lie_inside_their_intervals_as_often_as_these_say():
    truths = RNG.random((120, 6))
    below = recovered(LEARNED, truths, figures(truths), 5, keep=20, together=8, warm_up=20, every=3)
    table = coverage(below, ["a", "b", "c"])
    assert table["ok"].all() and len(table) == 6
    assert table[table["level"] == 0.9]["covered"].mean() == pytest.approx(0.9, abs=0.06)


def test_intervals_that_are_too_narrow_are_found_out():
    below = RNG.random((200, 1))
    narrow = np.where(RNG.random((200, 1)) < 0.3, 0.0, below)  # three in ten truths lie below all draws
    assert coverage(below, ["a"])["ok"].all()
    assert not coverage(narrow, ["a"])["ok"].all()


def test_published_numbers_have_the_spread_of_their_tolerance_and_of_the_range_they_are_given_as():
    keys = {"title": {"en": "a", "zh": "甲"}, "unit": "days", "count": {"mean_stocked": {"level": 3}}}
    why = {"en": "a", "zh": "甲"}
    one = Figure(id="a", published=10.0, fit={"tolerance": 2, "why": why}, **keys)
    two = Figure(id="b", published=(4.0, 16.0), fit={"tolerance": 0.1, "scale": "log", "why": why}, **keys)
    y, variance = published([one, two])
    assert y == pytest.approx([10.0, np.log(8.0)])
    assert variance == pytest.approx([4.0, 0.01 + np.log(4.0) ** 2 / 12])
