"""Lesson 5: two rulebooks on one small world. Everything is worked out from the runs that the notebook makes."""

from __future__ import annotations

import functools

import pandas as pd

from simlib.experiments.bottleneck import INSTANT, bottleneck
from simlib.outcomes.trace import Trace, trace
from simlib.scenario.scenario import load_scenario
from simlib.teach.question import Mistake, Numeric, Word
from simlib.teach.words import SAID, Bilingual
from simlib.teach.worlds import effect

WORLD, REPLICATIONS, FEW = "lesson-5", 20, 5
BEFORE = {"policy": "before-reform"}
DRUG, HOSPITAL, REPLICATION = "synthetic-2021-18", "l3-general-county-1", 19
MAIN = "stocked_24m"


def row(indicator: str, by: str = "all", group: str = "all") -> pd.Series:
    """Chongqing's rules minus what held before the reforms: difference, low, high, baseline, mean."""
    return effect(WORLD, REPLICATIONS, BEFORE).value(indicator, by, group)


def points(by: str, group: str, what: str = "difference") -> float:
    """`stocked_24m` of a group in percentage points."""
    return 100 * float(row(MAIN, by, group)[what])


@functools.cache
def slowest() -> str:
    """The stage whose absence gains most."""
    found = bottleneck(load_scenario(WORLD), FEW, workers=1, progress=False).table()
    return str(found["stage"].iloc[0])


@functools.cache
def story() -> Trace:
    """The drug at the hospital of exercises 5.4 and 5.5."""
    return trace(load_scenario(WORLD), DRUG, HOSPITAL, REPLICATION)


def day(outcome: str) -> float:
    """Time of an event of the story, days from the start."""
    events = story().events
    return float(events.loc[events["outcome"] == outcome, "time"].iloc[0])


def day_before(outcome: str) -> float:
    """Time of the last event on an earlier day than this one."""
    times = story().events["time"]
    return float(times[times < day(outcome)].max())


def clause(outcome: str) -> str:
    """The clause that an event of the story names."""
    events = story().events
    return str(events.loc[events["outcome"] == outcome, "clause"].iloc[0])


def called() -> str:
    """The clause by which the meeting was called at which the drug was heard; another drug's duty may have called it."""
    meetings = story().meetings
    return str(meetings.loc[meetings["time"] == day("heard"), "clause"].iloc[0])


def _clauses() -> dict[str, Bilingual]:
    return {
        clause("pushed"): SAID["5.4_pushed"],
        clause("need"): SAID["5.4_need"],
        clause("list_entered"): SAID["5.4_list_entered"],
        clause("listed"): SAID["5.4_listed"],
        clause("rule_decided"): SAID["5.4_ground"],
    }  # fmt: skip


QUESTIONS = (
    Numeric(
        "5.1", lambda: points("level", "3"), SAID["percentage_points"],
        SAID["5.1_think"],
        SAID["5.1_learned"],
        (
            Mistake(lambda: points("level", "3", "mean"), SAID["5.1_share"]),
            Mistake(lambda: points("level", "3", "baseline"), SAID["5.1_baseline"]),
            Mistake(lambda: points("all", "all"), SAID["5.1_all_hospitals"]),
            Mistake(lambda: points("level", "2"), SAID["is_level_2"]),
            Mistake(lambda: points("level", "1"), SAID["5.1_level_1"]),
            Mistake(lambda: points("level", "3", "low"), SAID["is_low_end"]),
            Mistake(lambda: points("level", "3", "high"), SAID["is_high_end"]),
            Mistake(lambda: 100 * float(row(MAIN, "level", "3")["difference"] / row(MAIN, "level", "3")["baseline"]), SAID["5.1_per_cent"]),
            Mistake(lambda: 100 * float(row("stocked_12m", "level", "3")["difference"]), SAID["5.1_at_12_months"]),
            Mistake(lambda: 100 * float(row("provided_24m", "level", "3")["difference"]), SAID["5.1_temporary"]),
        ), 0.01,
    ),
    Numeric(
        "5.2", lambda: float(row("gap_levels")["difference"]), SAID["percentage_points"],
        SAID["5.2_think"],
        SAID["5.2_learned"],
        (
            Mistake(lambda: points("level", "3") - points("all", "all"), SAID["5.2_against_all"]),
            Mistake(lambda: float(row("gap_levels")["mean"]), SAID["5.2_gap"]),
            Mistake(lambda: float(row("gap_levels")["baseline"]), SAID["5.2_before"]),
            Mistake(lambda: points("level", "3"), SAID["5.2_gain_tertiary"]),
            Mistake(lambda: float(row("gap_city_county")["difference"]), SAID["5.2_city_county"]),
        ), 0.01,
    ),
    Word(
        "5.3", slowest, lambda: INSTANT,
        SAID["5.3_think"],
        SAID["5.3_learned"],
        lambda: {
            "committee": SAID["5.3_committee"],
            "room": SAID["5.3_room"],
            "purchase": SAID["5.3_purchase"],
            "listing": SAID["5.3_listing"],
        },
    ),
    Word(
        "5.4", called, lambda: [],
        SAID["5.4_think"],
        SAID["5.4_learned"], _clauses,
    ),
    Numeric(
        "5.5", lambda: day("stocked") - day("learned"), SAID["days"],
        SAID["5.5_think"],
        SAID["5.5_learned"],
        (
            Mistake(lambda: day("stocked") - day("approved"), SAID["5.5_from_approval"]),
            Mistake(lambda: day("heard") - day("learned"), SAID["5.5_hearing"]),
            Mistake(lambda: day("learned") - day("approved"), SAID["5.5_before_learning"]),
            Mistake(lambda: day("supply_began") - day("learned"), SAID["5.5_temporary"]),
            Mistake(lambda: day("stocked") - day_before("learned"), SAID["5.5_first_line"]),
            Mistake(lambda: day("stocked") - day("listed"), SAID["5.5_from_listing"]),
        ), 0, 1.0,
    ),
    Numeric(
        "5.6", lambda: float(row("meetings_per_year", "level", "3")["difference"]), SAID["meetings_a_year"],
        SAID["5.6_think"],
        SAID["5.6_learned"],
        (
            Mistake(lambda: float(row("meetings_per_year", "level", "3")["mean"]), SAID["5.6_all"]),
            Mistake(lambda: float(row("meetings_per_year", "level", "3")["baseline"]), SAID["5.6_before"]),
            Mistake(lambda: float(row("meetings_per_year")["difference"]), SAID["is_all_hospitals"]),
            Mistake(lambda: float(row("meetings_per_year", "level", "2")["difference"]), SAID["is_level_2"]),
        ), 0.01,
    ),
)  # fmt: skip
