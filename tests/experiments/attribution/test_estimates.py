"""Worth with intervals: sums to the difference, covers what is true, and tells luck from worlds."""

import numpy as np
import pytest

from simlib.experiments.attribution.estimates import luck_of, mean_of, shares, worlds_of

TOP = [0, 1]  # parts that every world is walked along


def drawn(rng, worlds, first):
    """Steps of 4 parts that act together in part, and their sums; from `first` on only TOP is known."""
    common = rng.normal(size=(worlds, 1))
    steps = np.array([3.0, -1.0, 0.5, 0.25]) + common * [1.0, 0.2, 0.5, 0.0] + rng.normal(size=(worlds, 4)) * 0.3
    whole = steps.sum(axis=1)
    known = steps.copy()
    known[first:, 2:] = np.nan
    return known, whole


def test_parts_add_up_to_the_difference_though_some_worlds_know_a_few_parts_alone():
    steps, whole = drawn(np.random.default_rng(1), 30, 8)
    found = shares(steps, whole)
    assert found.value.sum() == pytest.approx(whole.mean(), abs=1e-12)
    assert list(found.worlds) == [30, 30, 8, 8]
    assert found.value[:2] == pytest.approx(steps[:, :2].mean(axis=0))


def test_a_world_without_a_difference_counts_for_nothing():
    steps, whole = drawn(np.random.default_rng(2), 20, 20)
    spoilt, holed = steps.copy(), whole.copy()
    spoilt[3], holed[3] = np.nan, np.nan
    kept = np.arange(20) != 3
    assert shares(spoilt, holed).value == pytest.approx(mean_of(steps[kept]).value)


def test_knowing_the_sum_in_further_worlds_narrows_the_other_parts_too():
    steps, whole = drawn(np.random.default_rng(3), 60, 10)
    assert shares(steps, whole).half[2] < mean_of(steps[:10]).half[2]


@pytest.mark.slow
def test_intervals_hold_the_truth_as_often_as_they_say():
    """95 ± 1.4% (binomial, 3 standard errors) of 2,000 synthetic attributions, for every part, those of few worlds included."""
    truth, held = np.array([3.0, -1.0, 0.5, 0.25]), []
    for seed in range(2000):
        found = shares(*drawn(np.random.default_rng([5, seed]), 40, 12))
        held.append(np.abs(found.value - truth) <= found.half)
    assert np.mean(held, axis=0) == pytest.approx([0.95] * 4, abs=0.0146)


def test_luck_and_worlds_are_told_apart():
    rng = np.random.default_rng(6)
    expected = rng.normal(0, 2.0, size=(4000, 1))
    first, second = (expected + rng.normal(0, 1.0, size=(4000, 1)) for _ in range(2))
    luck = luck_of(first, second)
    assert luck == pytest.approx([1.0], rel=0.05)
    assert worlds_of(first, luck) == pytest.approx([2.0], rel=0.05)


def test_a_part_whose_spread_is_all_luck_has_no_spread_over_worlds():
    rng = np.random.default_rng(7)
    first, second = rng.normal(size=(2, 40, 1))
    luck = luck_of(first * 0.1, second * 5.0)
    assert worlds_of(first * 0.1, luck) == pytest.approx([0.0])


def test_luck_is_unknown_where_no_world_was_run_twice():
    assert np.isnan(luck_of(np.ones((3, 1)), np.full((3, 1), np.nan))).all()
