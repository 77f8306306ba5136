"""Curves of times to an event, against figures worked out by hand."""

from __future__ import annotations

import numpy as np

from simlib.outcomes.survival import median, times_median


def test_the_median_is_the_first_time_at_which_half_have_had_the_event():
    days, curve = np.array([10.0, 20.0, 30.0, 40.0]), np.array([0.8, 0.5, 0.3, 0.0])
    assert times_median(days, curve) == 20
    assert np.isnan(times_median(days, np.array([0.9, 0.8, 0.7, 0.6])))


def test_between_two_days_the_median_lies_where_a_straight_line_crosses_a_half():
    curve = np.array([1.0, 0.75, 0.25])  # half way down the second day's fall
    assert median(curve, dates=False) == 1.5
    assert median(curve, dates=True) == 2
    assert np.isnan(median(curve[:2], dates=False))
