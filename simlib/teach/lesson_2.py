"""Lesson 2: queues and agendas. Theory: with places P a meeting and Poisson requests A, the queue left behind is L' = max(L + A - P, 0)."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from scipy import stats

from simlib.teach.question import Mistake, Numeric
from simlib.teach.words import SAID
from simlib.teach.worlds import run

INTERVAL, PER_DAY, PLACES = 30.0, 0.15, 5
RATE = INTERVAL * PER_DAY  # requests an interval
REPLICATIONS = 5
NEAR = 3.0  # days of queueing that exercise 2.6 allows


@functools.cache
def left_behind(places: int = PLACES, rate: float = RATE, size: int = 200) -> float:
    """Mean number of requests that a meeting leaves behind, from the stationary law of the queue."""
    arrivals = stats.poisson.pmf(np.arange(60), rate)
    step = np.zeros((size, size))
    for i in range(size):
        np.add.at(step[i], np.clip(i + np.arange(60) - places, 0, size - 1), arrivals)
    return float(np.arange(size) @ np.linalg.matrix_power(step, 4096)[0])


def drifting(heard: int) -> float:
    """What the loop of exercise 2.4 gives where every meeting hears so many, be there requests or not; on its own random numbers."""
    return float(np.cumsum(np.random.default_rng(5).poisson(RATE, 200_000) - heard).mean())


@functools.cache
def looped(step: Callable[[int, int], int]) -> float:
    """What the loop of exercise 2.4 gives if `left` is made by `step(queue, came)`; on its own random numbers."""
    left, total, n = 0, 0, 200_000
    for came in np.random.default_rng(5).poisson(RATE, n).tolist():
        left = step(left + came, came)
        total += left
    return total / n


def as_asked(queue: int, came: int) -> int:
    """What a meeting leaves behind of a queue."""
    return max(queue - PLACES, 0)


def forgetful(queue: int, came: int) -> int:
    """The same, but for those left behind before."""
    return max(came - PLACES, 0)


def unsigned(queue: int, came: int) -> int:
    """The same with empty places taken for requests."""
    return abs(queue - PLACES)


def worked_out() -> float:
    """Mean days from request to hearing, by Little's law from the loop of exercise 2.4."""
    return INTERVAL / 2 + looped(as_asked) / PER_DAY


def wait(places: int = PLACES) -> float:
    """Mean days from request to hearing: half an interval, and what the queue adds (Little's law)."""
    return INTERVAL * (0.5 + left_behind(places) / RATE)


def simulated(what: str = "mean") -> float:
    """The simulated wait as the notebook runs it."""
    return float(run("lesson-2", REPLICATIONS).value("wait_days")[what])


def fewest(within: float = NEAR, spare: float = INTERVAL / 2) -> int:
    """The fewest places with a mean wait of at most `spare` + `within` days."""
    return next(p for p in range(PLACES, 40) if wait(p) - spare <= within)


QUESTIONS = (
    Numeric(
        "2.1", lambda: RATE / PLACES, SAID["ratio"],
        SAID["2.1_think"],
        SAID["2.1_learned"],
        (
            Mistake(lambda: PLACES / RATE, SAID["2.1_upside_down"]),
            Mistake(lambda: PER_DAY / PLACES, SAID["2.1_per_day"]),
            Mistake(lambda: RATE, SAID["2.1_requests"]),
            Mistake(lambda: float(run("lesson-2", REPLICATIONS).value("agenda_load")["mean"]), SAID["2.1_with_left_over"]),
        ), 0.015,
    ),
    Numeric(
        "2.2", simulated, SAID["days"],
        SAID["2.2_think"],
        SAID["2.2_learned"],
        (
            Mistake(lambda: simulated("low"), SAID["2.2_low_end"]),
            Mistake(lambda: simulated("high"), SAID["2.2_high_end"]),
            Mistake(lambda: simulated("sd"), SAID["2.2_spread"]),
            Mistake(lambda: INTERVAL / 2, SAID["2.2_next_meeting"]),
            Mistake(lambda: INTERVAL, SAID["2.2_gap"]),
        ), 0.005,
    ),
    Numeric(
        "2.3", lambda: simulated() - INTERVAL / 2, SAID["days"],
        SAID["2.3_think"],
        SAID["2.3_learned"],
        (
            Mistake(simulated, SAID["2.3_whole_wait"]),
            Mistake(lambda: INTERVAL / 2, SAID["2.3_other_part"]),
            Mistake(lambda: simulated() - INTERVAL, SAID["2.3_whole_gap"]),
        ), 0.02,
    ),
    Numeric(
        "2.4", left_behind, SAID["requests"],
        SAID["2.4_think"],
        SAID["2.4_learned"],
        (
            Mistake(lambda: left_behind() + RATE, SAID["2.4_before_meeting"]),
            Mistake(lambda: RATE, SAID["2.4_coming"]),
            Mistake(lambda: drifting(0), SAID["2.4_nobody_heard"]),
            Mistake(lambda: looped(forgetful), SAID["2.4_forgotten"]),
            Mistake(lambda: looped(unsigned), SAID["2.4_empty_place"]),
            Mistake(lambda: PLACES, SAID["2.4_heard"]),
            Mistake(lambda: drifting(PLACES), SAID["2.4_saved_up"]),
            Mistake(lambda: RATE - PLACES, SAID["2.4_below_nothing"]),
            Mistake(lambda: 0, SAID["2.4_nothing"]),
        ), 0.05,
    ),
    Numeric(
        "2.5", worked_out, SAID["days"],
        SAID["2.5_think"],
        SAID["2.5_learned"],
        (
            Mistake(simulated, SAID["2.5_simulated"]),
            Mistake(lambda: INTERVAL / 2 + looped(as_asked) * PER_DAY, SAID["2.5_multiplied"]),
            Mistake(lambda: INTERVAL * left_behind() / RATE, SAID["2.5_queue_alone"]),
            Mistake(lambda: INTERVAL * (1 + left_behind() / RATE), SAID["2.5_whole_gap"]),
            Mistake(lambda: wait() / INTERVAL, SAID["2.5_in_gaps"]),
            Mistake(lambda: INTERVAL * (0.5 + left_behind() / PLACES), SAID["2.5_over_places"]),
            Mistake(lambda: INTERVAL / 2 + left_behind(), SAID["2.5_in_requests"]),
            Mistake(lambda: INTERVAL / 2 + left_behind() / RATE, SAID["2.5_queue_in_gaps"]),
        ), 0.02,
    ),
    Numeric(
        "2.6", fewest, SAID["places"],
        SAID["2.6_think"],
        SAID["2.6_learned"],
        (
            Mistake(lambda: PLACES, SAID["2.6_now"]),
            Mistake(lambda: fewest() - 1, SAID["2.6_one_less"]),
            Mistake(lambda: fewest() + 1, SAID["2.6_enough"]),
            Mistake(lambda: fewest() + 2, SAID["2.6_enough"]),
        ), 0, 1e-6,
    ),
)  # fmt: skip
