"""Lesson 4: luck against effect. Student's t intervals over replications; common random numbers against independent seeds."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from simlib.teach.question import Mistake, Numeric, Word
from simlib.teach.words import SAID
from simlib.teach.worlds import half_width, run, values

WORLD, N, OTHER_SEED, WANTED = "lesson-4", 10, 7, 0.25


def rule() -> np.ndarray:
    """Mean wait (days) of each replication with the rule, (N,)."""
    return values(run(WORLD, N), "wait_days")


def without(seed: int | None = None) -> np.ndarray:
    """The same without the rule; on another seed if one is given."""
    return values(run(WORLD, N, obedience="none", **({} if seed is None else {"seed": seed})), "wait_days")


def paired() -> np.ndarray:
    """Differences on common random numbers, days (N,)."""
    return rule() - without()


def independent() -> np.ndarray:
    """Differences between runs on different seeds, days (N,)."""
    return rule() - without(OTHER_SEED)


def se(x: np.ndarray) -> float:
    """Standard error of a mean."""
    return float(x.std(ddof=1) / math.sqrt(len(x)))


def needed(sd: float, half: float = WANTED) -> int:
    """Fewest replications with an expected half width of at most `half`."""
    return next(n for n in range(2, 100_000) if stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n) <= half)


def _widths(x) -> tuple[Mistake, ...]:
    return (
        Mistake(lambda: 1.96 * se(x()), SAID["4_normal"]),
        Mistake(lambda: stats.t.ppf(0.95, N - 1) * se(x()), SAID["4_two_sided"]),
        Mistake(lambda: stats.t.ppf(0.975, N) * se(x()), SAID["4_degrees"]),
        Mistake(lambda: -half_width(x()), SAID["4_negative"]),
        Mistake(lambda: se(x()), SAID["4_standard_error"]),
        Mistake(lambda: x().std(ddof=1), SAID["4_spread"]),
        Mistake(lambda: half_width(x()) * math.sqrt(N), SAID["4_no_root"]),
        Mistake(lambda: half_width(x()) * math.sqrt((N - 1) / N), SAID["4_ddof"]),
        Mistake(lambda: 2 * half_width(x()), SAID["4_whole_width"]),
        Mistake(lambda: x().mean(), SAID["4_mean"]),
        Mistake(lambda: half_width(x()) / math.sqrt(N), SAID["4_root_twice"]),
    )  # fmt: skip


QUESTIONS = (
    Numeric(
        "4.1", lambda: half_width(rule()), SAID["days"],
        SAID["4.1_think"],
        SAID["4.1_learned"], _widths(rule), 0.01,
    ),
    Numeric(
        "4.2", lambda: half_width(independent()), SAID["days"],
        SAID["4.2_think"],
        SAID["4.2_learned"],
        (
            *_widths(independent),
            Mistake(lambda: half_width(rule()), SAID["4.2_one_run"]),
            Mistake(lambda: half_width(paired()), SAID["4.2_same_luck"]),
            Mistake(lambda: half_width(rule()) + half_width(without(OTHER_SEED)), SAID["4.2_added"]),
        ), 0.01,
    ),
    Numeric(
        "4.3", lambda: half_width(paired()), SAID["days"],
        SAID["4.3_think"],
        SAID["4.3_learned"],
        (
            *_widths(paired),
            Mistake(lambda: half_width(independent()), SAID["4.3_other_luck"]),
            Mistake(lambda: math.hypot(half_width(rule()), half_width(without())), SAID["4.3_independent"]),
        ), 0.01,
    ),
    Numeric(
        "4.4", lambda: (half_width(independent()) / half_width(paired())) ** 2, SAID["times"],
        SAID["4.4_think"],
        SAID["4.4_learned"],
        (
            Mistake(lambda: half_width(independent()) / half_width(paired()), SAID["4.4_ratio"]),
            Mistake(lambda: (half_width(paired()) / half_width(independent())) ** 2, SAID["4.4_upside_down"]),
            Mistake(lambda: math.sqrt(half_width(independent()) / half_width(paired())), SAID["4.4_root"]),
        ), 0.03,
    ),
    Numeric(
        "4.5", lambda: float(needed(paired().std(ddof=1))), SAID["replications"],
        SAID["4.5_think"],
        SAID["4.5_learned"],
        (
            Mistake(lambda: 2 * paired().std(ddof=1) / WANTED, SAID["4.5_not_squared"]),
            Mistake(lambda: 1.96 * paired().std(ddof=1) / WANTED, SAID["4.5_not_squared"]),
            Mistake(lambda: float(needed(independent().std(ddof=1))), SAID["4.5_other_luck"]),
            Mistake(lambda: (paired().std(ddof=1) / WANTED) ** 2, SAID["4.5_no_t"]),
            Mistake(lambda: N * (half_width(paired()) / WANTED) ** 2, SAID["4.5_small_t"]),
            Mistake(lambda: (2 * half_width(paired()) / WANTED) ** 2, SAID["4.5_half_width"]),
        ), 0.16,
    ),
    Word(
        "4.6", lambda: "c", lambda: ("a", "b", "c"),
        SAID["4.6_think"],
        SAID["4.6_learned"],
        lambda: {
            "a": SAID["4.6_a"],
            "b": SAID["4.6_b"],
        },
    ),
)  # fmt: skip
