"""Answers over plausible worlds: luck and worlds told apart, ranges of expected answers, and in how many worlds it holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simlib.core.files import InputError
from simlib.experiments.plausible import PARTS, Plausible, parts, plausible
from simlib.experiments.replications import one
from simlib.scenario.derived import with_world
from simlib.scenario.scenario import load_scenario

ROW = pd.MultiIndex.from_tuples([("stocked_24m", "all", "all")], names=["indicator", "by", "group"])
RNG = np.random.default_rng(11)


def answer(worlds, luck, n=4000, twice=4000):
    """An answer whose worlds expect `worlds` (a function of n) and have luck of that standard deviation."""
    expected = worlds(n)
    first, again = (expected + luck * RNG.standard_normal(n) for _ in range(2))
    frame = lambda x: pd.DataFrame([x], index=ROW)  # noqa: E731
    return Plausible((), frame(first), frame(again).iloc[:, :twice]).table().iloc[0]


def test_luck_and_worlds_are_told_apart_and_the_range_is_of_what_worlds_expect():
    found = answer(lambda n: 5 + 2 * RNG.standard_normal(n), luck=3.0)
    assert found["luck_sd"] == pytest.approx(3.0, rel=0.05) and found["worlds_sd"] == pytest.approx(2.0, rel=0.1)
    assert found["worlds_low"] == pytest.approx(5 - 2 * 1.645, abs=0.3)
    assert found["worlds_high"] == pytest.approx(5 + 2 * 1.645, abs=0.3)
    assert found["positive"] == pytest.approx(0.9938, abs=0.01)  # of single histories only 92% are above 0
    assert found["mean"] == pytest.approx(5.0, abs=0.25) and found["low"] < found["mean"] < found["high"]


def test_without_luck_the_range_is_that_of_the_worlds_and_without_worlds_it_is_a_point():
    sure = answer(lambda n: np.linspace(-1, 9, n), luck=0.0)
    assert (sure["worlds_low"], sure["worlds_high"]) == pytest.approx((-0.5, 8.5), abs=0.01)
    assert sure["positive"] == pytest.approx(0.9, abs=0.01) and sure["luck_sd"] == 0.0
    alike = answer(lambda n: np.full(n, 2.0), luck=1.0)
    assert alike["worlds_high"] - alike["worlds_low"] < 0.8 and alike["positive"] == 1.0


def three(luck, figures, assumption, n=3000):
    """An answer whose spread has these standard deviations of luck, of fitted numbers and of the others."""
    normal = RNG.standard_normal
    told, one, other = figures * normal(n), assumption * normal(n), assumption * normal(n)
    first, again, others = told + one, told + one, told + other
    frame = lambda x: pd.DataFrame([x + luck * normal(n)], index=ROW)  # noqa: E731
    return Plausible((), frame(first), frame(again), frame(others))


def test_luck_what_figures_leave_open_and_assumptions_are_told_apart_with_their_intervals():
    found = parts([three(2.0, 1.0, 3.0)], *ROW[0])
    assert list(found.index) == list(PARTS) and found["share"].sum() == pytest.approx(1.0)
    for part, exact in zip(PARTS, (4 / 14, 1 / 14, 9 / 14), strict=True):
        assert found.loc[part, "share"] == pytest.approx(exact, abs=0.05)
        assert found.loc[part, "low"] < exact < found.loc[part, "high"]


def test_several_answers_count_by_their_variance_and_few_worlds_have_wide_intervals():
    both = parts([three(1.0, 0.0, 0.0), three(0.0, 3.0, 0.0)], *ROW[0])
    assert both["share"].tolist() == pytest.approx([0.1, 0.9, 0.0], abs=0.04)
    few, many = (parts([three(2.0, 1.0, 3.0, n)], *ROW[0]) for n in (16, 1000))
    width = lambda t: (t["high"] - t["low"]).mean()  # noqa: E731
    assert width(few) > 3 * width(many)


def test_places_share_their_worlds_so_that_worlds_are_resampled_for_all_of_them_at_once():
    one = three(2.0, 1.0, 3.0, 40)
    width = lambda answers: (t := parts(answers, *ROW[0]))["high"] - t["low"]  # noqa: E731
    assert np.allclose(width([one, one, one]), width([one]))  # the same place three times tells no more than once


def test_without_a_third_run_or_a_spread_no_parts_are_told():
    once = Plausible((), *(pd.DataFrame([[1.0, 2.0, 3.0]], index=ROW) for _ in range(2)))
    still = Plausible((), *(pd.DataFrame([[1.0, 1.0, 1.0]], index=ROW) for _ in range(3)))
    assert parts([once], *ROW[0]).empty and parts([still], *ROW[0]).empty and parts([], *ROW[0]).empty


def test_a_run_in_assumed_worlds_has_one_history_of_each_and_some_twice():
    small = load_scenario("small-world")
    found = plausible(small, world="assumed", worlds=9, again=3, workers=1, progress=False)
    assert list(found.values) == list(range(9)) and list(found.again) == [0, 1, 2]
    values, _ = one(with_world(small, "assumed"), 4)
    key = ("stocked_24m", "all", "all")
    assert found.values.loc[key, 4] == values[key]
    assert not np.isclose(found.values.loc[key, 1], found.again.loc[key, 1])


def test_a_difference_is_paired_by_world_and_luck():
    small = load_scenario("small-world")
    same = plausible(small, small, "assumed", 4, 2, workers=1, progress=False).table()
    assert (same["mean"].dropna() == 0).all() and (same["worlds_sd"].dropna() == 0).all()
    other = load_scenario("small-world", {"seed": 5})
    with pytest.raises(ValueError, match="different seeds"):
        plausible(small, other, "assumed", 2, 1, workers=1, progress=False)


def test_what_cannot_be_drawn_is_refused():
    small = load_scenario("small-world")
    canvass = load_scenario("small-world", {"readings": {"A11": "canvass"}})
    with pytest.raises(InputError, match="read the texts differently"):
        plausible(canvass, small, workers=1)
    with pytest.raises(InputError, match="world: in the middle there is one world"):
        plausible(small, world="middle")
    with pytest.raises(InputError, match="worlds: expected a whole number from 2 on"):
        plausible(small, worlds=1)
