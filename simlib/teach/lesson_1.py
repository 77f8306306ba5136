"""Lesson 1: one drug, one committee. Theory: who comes at a random time waits E[G^2] / (2 E[G]) for the next of gaps G."""

from __future__ import annotations

import numpy as np

from simlib.teach.question import Mistake, Numeric
from simlib.teach.words import SAID

REGULAR = 90.0
PAUSE = np.array([30.0] * 5 + [390.0])  # days between meetings; 90 on average


def wait(gaps: np.ndarray) -> float:
    """Mean wait in days of who comes at a random time (the inspection paradox)."""
    return float(np.mean(gaps**2) / (2 * np.mean(gaps)))


def simulated() -> float:
    """The mean wait in days of exercise 1.2, on the notebook's own random days."""
    held = np.cumsum(np.tile(PAUSE, 70))
    days = np.random.default_rng(2).uniform(0, held[-1], 3000)
    return float((held[np.searchsorted(held, days)] - days).mean())


def _median(gaps: np.ndarray) -> float:
    """Median wait: half of all days lie within this many days before a meeting."""
    t = np.linspace(0, gaps.max(), 100_001)
    within = np.minimum(gaps[:, None], t[None, :]).sum(axis=0) / gaps.sum()
    return float(np.interp(0.5, within, t))


QUESTIONS = (
    Numeric(
        "1.1",
        lambda: REGULAR / 2,
        SAID["days"],
        SAID["1.1_think"],
        SAID["1.1_learned"],
        (
            Mistake(lambda: REGULAR, SAID["1.1_longest"]),
            Mistake(lambda: 0, SAID["1.1_shortest"]),
            Mistake(lambda: REGULAR / 4, SAID["1.1_halved_twice"]),
        ),
        0.02,
    ),
    Numeric(
        "1.2",
        lambda: wait(PAUSE),
        SAID["days"],
        SAID["1.2_think"],
        SAID["1.2_learned"],
        (
            Mistake(lambda: _median(PAUSE), SAID["is_median"]),
            Mistake(lambda: REGULAR / 2, SAID["1.2_regular_wait"]),
            Mistake(lambda: REGULAR, SAID["1.2_mean_gap"]),
            Mistake(lambda: PAUSE.max(), SAID["is_longest"]),
        ),
        0.06,
    ),
    Numeric(
        "1.3",
        lambda: PAUSE.max() / PAUSE.sum(),
        SAID["share"],
        SAID["1.3_think"],
        SAID["1.3_learned"],
        (
            Mistake(lambda: 1 / len(PAUSE), SAID["1.3_share_of_gaps"]),
            Mistake(lambda: 1 - PAUSE.max() / PAUSE.sum(), SAID["1.3_in_short_gap"]),
            Mistake(lambda: (PAUSE.max() - PAUSE.min()) / PAUSE.sum(), SAID["1.3_waits_longer"]),
            Mistake(lambda: PAUSE.max() / PAUSE.sum() * len(PAUSE), SAID["1.3_over_mean_gap"]),
        ),
        0.03,
    ),
    Numeric(
        "1.4",
        lambda: wait(PAUSE),
        SAID["days"],
        SAID["1.4_think"],
        SAID["1.4_learned"],
        (
            Mistake(lambda: PAUSE.mean() / 2, SAID["1.4_half_mean_gap"]),
            Mistake(lambda: 2 * wait(PAUSE), SAID["1.4_two_missing"]),
            Mistake(lambda: PAUSE.var() / (2 * PAUSE.mean()), SAID["1.4_variance"]),
            Mistake(lambda: np.sum(PAUSE**2) / (2 * PAUSE.mean()), SAID["1.4_sum_of_squares"]),
            Mistake(simulated, SAID["1.4_simulated"]),
            Mistake(lambda: np.mean(PAUSE**2) / 2 * PAUSE.mean(), SAID["1.4_brackets"]),
            Mistake(lambda: wait(PAUSE) * 4, SAID["1.4_multiplied"]),
        ),
        0.005,
    ),
    Numeric(
        "1.5",
        lambda: 2 * wait(PAUSE),
        SAID["days"],
        SAID["1.5_think"],
        SAID["1.5_learned"],
        (
            Mistake(lambda: wait(PAUSE), SAID["1.5_wait_itself"]),
            Mistake(lambda: wait(PAUSE) / 2, SAID["1.5_halved"]),
            Mistake(lambda: REGULAR, SAID["1.5_mean_gap"]),
            Mistake(lambda: PAUSE.max(), SAID["1.5_longest_gap"]),
        ),
        0.035,
    ),
    Numeric(
        "1.6",
        lambda: REGULAR,
        SAID["days"],
        SAID["1.6_think"],
        SAID["1.6_learned"],
        (
            Mistake(lambda: REGULAR / 2, SAID["1.6_regular_gaps"]),
            Mistake(lambda: 2 * REGULAR, SAID["1.6_gap_fallen_into"]),
            Mistake(lambda: wait(PAUSE), SAID["1.6_second_committee"]),
            Mistake(lambda: REGULAR * np.log(2), SAID["is_median"]),
        ),
        0.08,
    ),
)  # fmt: skip
