"""Indicators before approval: censored and late-followed times count for what is known of them."""

import numpy as np
import pytest

from simlib.outcomes.survival import delayed_curve, times_curve, times_mean


def test_followed_from_the_start_the_curve_is_kaplan_and_meiers():
    times, ends = np.array([5.0, 8.0, np.inf, 3.0]), np.array([10.0, 7.0, 9.0, 10.0])
    days, survival = delayed_curve(times, ends, np.zeros(4))
    plain = times_curve(times, ends)
    assert times_mean(days, survival, 9, last=10.0) == pytest.approx(times_mean(*plain, 9))


def test_who_is_followed_late_is_not_at_risk_before():
    days, survival = delayed_curve(np.array([3.0, 8.0]), np.array([20.0, 20.0]), np.array([0.0, 4.0]))
    assert days.tolist() == [3, 8] and survival.tolist() == [0, 0]
    days, survival = delayed_curve(np.array([3.0, 8.0, 9.0]), np.full(3, 20.0), np.array([0.0, 4.0, 0.0]))
    assert survival.tolist() == [0.5, 0.25, 0]
