"""How many replications are enough, and what is said where they are not."""

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.experiments.precision import Goal, half_width, narrowed, needed, until
from simlib.experiments.run import compare, simulate
from simlib.scenario.scenario import load_scenario

KEY = ("stocked_12m", "all", "all")


def drawn(seed, mean=1.0, sd=1.0):
    """Replications with luck of their own, the same whichever are asked for."""
    return lambda first, n: np.random.default_rng(seed).normal(mean, sd, first + n)[first:]


def test_it_stops_when_the_interval_is_narrow_and_stays_so_after_a_fifth_more():
    values, reached = narrowed(drawn(1), Goal(0.3), 16, 2000)
    assert reached and half_width(values) <= 0.3 and half_width(values[: int(len(values) / 1.2)]) <= 0.3


def test_it_says_that_it_is_not_reached():
    values, reached = narrowed(drawn(2), Goal(0.01), 16, 40)
    assert not reached and len(values) == 40


@pytest.mark.parametrize("mean", [-5.0, 5.0])
def test_a_relative_goal_is_of_the_means_size_whatever_its_sign(mean):
    values, reached = narrowed(drawn(3, mean), Goal(0.05, relative=True))
    assert reached and half_width(values) <= 0.05 * abs(values.mean()) and len(values) > 40


def test_a_relative_goal_is_never_reached_near_a_mean_of_zero():
    values, reached = narrowed(drawn(4, 0.0), Goal(0.05, relative=True), 16, 200)
    assert not reached and len(values) == 200


def test_the_same_in_every_replication_is_precise_enough_at_once():
    values, reached = narrowed(lambda first, n: np.zeros(n), Goal(0.05, relative=True))
    assert reached and len(values) == 16


def test_the_number_that_is_needed_is_the_least_that_is_enough():
    n = needed(2.0, 0.5, 2, 1000)
    sample = np.r_[np.full(n // 2, 1.0), np.full(n - n // 2, -1.0)]
    assert (
        half_width(sample * 2.0 / sample.std(ddof=1))
        <= 0.5
        < half_width((s := sample[1:]) * 2.0 / s.std(ddof=1)) * 1.02
    )
    assert needed(50.0, 0.1, 2, 30) == 30


@pytest.mark.slow
@pytest.mark.parametrize("within", [0.6, 0.3])
def test_intervals_hold_the_mean_as_often_as_they_say_after_stopping_too(within):
    """95 ± 1.5% of 2,000 synthetic experiments (1 point, and what chance adds at this number)."""
    held = [abs(x.mean() - 1) <= half_width(x) for x, _ in (narrowed(drawn([5, k]), Goal(within)) for k in range(2000))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.015)


def test_runs_are_those_of_that_number_of_replications_and_the_difference_is_that_precise():
    sides = [load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform")]
    found = until(sides, KEY, Goal(0.03), least=4, most=30, workers=1, progress=False)
    n = found.results[0].values.shape[1]
    again = compare(*(simulate(s, n, 1, progress=False) for s in sides)).value(*KEY)
    row = compare(*found.results).value(*KEY)
    assert row["difference"] == again["difference"] and (row["high"] - row["low"]) / 2 == pytest.approx(found.half)
    assert found.reached and found.half <= 0.03


def test_what_cannot_be_asked_for_is_refused():
    world = load_scenario("first")
    with pytest.raises(InputError, match="no relative precision"):
        until([world, world], KEY, Goal(0.1, relative=True))
    with pytest.raises(InputError, match="no replication has stocked_12m by level 9"):
        until([world], ("stocked_12m", "level", "9"), Goal(0.1), least=2, workers=1, progress=False)
