"""Intervals of means, against figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simlib.experiments.intervals import describe, interval


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
