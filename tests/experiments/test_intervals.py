"""Intervals of means, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simlib.experiments.intervals import describe, interval, median_interval


def test_the_interval_of_three_numbers_is_students():
    # of 1, 2 and 3 the standard deviation is 1; Student's t of 2 degrees of freedom at 97.5% is 4.3027
    assert interval([1, 2, 3]) == pytest.approx((2, 2 - 4.3027 / 3**0.5, 2 + 4.3027 / 3**0.5), abs=1e-4)
    assert interval([1, np.nan, 2, 3]) == interval([1, 2, 3])


def test_one_number_has_no_interval():
    mean, low, high = interval([0.5])
    assert mean == 0.5 and np.isnan([low, high]).all()


def test_a_row_of_replications_is_described_by_the_numbers_that_it_has():
    index = pd.MultiIndex.from_tuples(
        [("stocked_24m", "all", "all"), ("stocked_12m", "all", "all")], names=["indicator", "by", "group"]
    )
    told = describe(pd.DataFrame([[1.0, np.nan, 2.0, 3.0], [np.nan, 0.5, np.nan, np.nan]], index=index))
    assert told["replications"].tolist() == [3, 1] and told["mean"].tolist() == [2, 0.5]
    assert told["sd"].iloc[0] == 1 and np.isnan(told["sd"].iloc[1])
    assert tuple(told.loc[0, ["mean", "low", "high"]]) == pytest.approx(interval([1, 2, 3]))


def test_the_interval_of_a_median_lies_between_order_statistics():
    """Of 10 values the 2nd and the 9th hold the median in 97.9% of samples, of 20 the 6th and the 15th in 95.9%."""
    assert median_interval(np.arange(1.0, 11.0)) == (5.5, 2.0, 9.0)
    assert median_interval(np.arange(1.0, 21.0)[::-1]) == (10.5, 6.0, 15.0)
    few = median_interval(np.arange(5.0))
    assert few[0] == 2.0 and np.isnan(few[1:]).all()


def test_a_median_interval_holds_the_median_at_least_as_often_as_it_says_of_any_distribution():
    rng = np.random.default_rng(1)
    held = [
        low <= np.log(2) <= high for _, low, high in (median_interval(rng.exponential(size=15)) for _ in range(4000))
    ]
    assert 0.95 <= np.mean(held) <= 0.975  # 96.5% exactly
