"""Lesson 3: rules and compliance. Theory: a duty to convene within w days turns a wait uniform on 0 to G into min(U, w)."""

from __future__ import annotations

from collections.abc import Sequence

from simlib.policy.explain import explain
from simlib.scenario.rulebook import load_rulebook
from simlib.teach.question import Mistake, Numeric, Word
from simlib.teach.words import SAID, Bilingual
from simlib.teach.worlds import effect, run

WORLD, REPLICATIONS = "lesson-3", 5
GAP, WITHIN = 90.0, 30.0
STRENGTHS = ("must", "declared", "encouraged", "explore")
STRENGTH = "committee__duty__listing__strength"


def waits(obedience: str = "default", strength: str = "must") -> float:
    """Simulated mean wait in days."""
    return float(run(WORLD, REPLICATIONS, obedience=obedience, **{STRENGTH: strength}).value("wait_days")["mean"])


def saved(strength: str = "must", obedience: str = "default", what: str = "difference") -> float:
    """Days that the duty saves on average against nobody obeying, on the same random numbers, or an end of their interval."""
    found = effect(WORLD, REPLICATIONS, {"obedience": "none"}, obedience=obedience, **{STRENGTH: strength})
    return -float(found.value("wait_days")[what])


def extra(obedience: str) -> float:
    """Meetings that the duty adds, a hospital and year."""
    return float(run(WORLD, REPLICATIONS, obedience=obedience).value("duty_meetings_per_year")["mean"])


def theory(within: float = WITHIN) -> float:
    """Mean wait in days when all obey: the mean of the lesser of a uniform wait and the limit."""
    return within * (1 - within / GAP) + (within / GAP) * within / 2


def obeying() -> float:
    """Share of hospitals that obey, seen from the mean waits."""
    return (waits("none") - waits()) / (waits("none") - waits("full"))


def duties() -> Sequence[dict]:
    """Chongqing's rules on when a committee must meet, the national layers below its own."""
    return explain(load_rulebook("chongqing@chongqing"), "committee.duty").to_dict("records")


def _clause_words() -> dict[str, Bilingual]:
    own, lower = duties()[-1], duties()[0]
    national = {str(d["clause"]): SAID["3.1_national"] for d in duties()[:-1]}
    return national | {
        own["lever"]: SAID["3.1_own_lever"],
        lower["lever"]: SAID["3.1_lever"],
        own["document"]: SAID["3.1_document"],
        own["strength"]: SAID["3.1_own_strength"],
        lower["strength"]: SAID["3.1_strength"],
        str(own["value"]): SAID["3.1_own_value"],
        str(lower["value"]): SAID["3.1_value"],
    }  # fmt: skip


QUESTIONS = (
    Word(
        "3.1", lambda: str(duties()[-1]["clause"]), lambda: [],
        SAID["3.1_think"],
        SAID["3.1_learned"], _clause_words,
    ),
    Numeric(
        "3.2", theory, SAID["days"],
        SAID["3.2_think"],
        SAID["3.2_learned"],
        (
            Mistake(lambda: WITHIN, SAID["3.2_longest"]),
            Mistake(lambda: WITHIN / 2, SAID["3.2_within_anyway"]),
            Mistake(lambda: GAP / 2, SAID["3.2_no_duty"]),
            Mistake(lambda: WITHIN * WITHIN / GAP + WITHIN / 2 * (1 - WITHIN / GAP), SAID["3.2_swapped"]),
            Mistake(lambda: waits(), SAID["3.2_default_run"]),
        ), 0.015,
    ),
    Numeric(
        "3.3", obeying, SAID["share"],
        SAID["3.3_think"],
        SAID["3.3_learned"],
        (
            Mistake(lambda: 1 - obeying(), SAID["3.3_not_obeying"]),
            Mistake(lambda: waits() / waits("none"), SAID["3.3_of_wait_without"]),
            Mistake(lambda: 1 - waits() / waits("none"), SAID["3.3_saved_of_wait"]),
            Mistake(lambda: waits("full") / waits(), SAID["3.3_ratio"]),
            Mistake(lambda: 1 / obeying(), SAID["3.3_upside_down"]),
        ), 0.02,
    ),
    Numeric(
        "3.4", lambda: saved("declared"), SAID["days"],
        SAID["3.4_think"],
        SAID["3.4_learned"],
        (
            Mistake(lambda: waits(strength="declared"), SAID["3.4_wait_itself"]),
            *(Mistake(lambda s=sign, e=end: s * saved("declared", what=e), SAID["3.4_interval_end"]) for end in ("low", "high") for sign in (1, -1)),
            Mistake(lambda: saved("must"), SAID["3.4_must"]),
            Mistake(lambda: saved("encouraged"), SAID["3.4_encouraged"]),
            Mistake(lambda: saved(obedience="full"), SAID["3.4_full"]),
            Mistake(lambda: saved("must") - saved("declared"), SAID["3.4_must_to_declared"]),
        ), 0.02,
    ),
    Numeric(
        "3.5", lambda: 0.0, SAID["days"],
        SAID["3.5_think"],
        SAID["3.5_learned"],
        (
            Mistake(lambda: saved(obedience="full"), SAID["3.5_limit_of_30"]),
            Mistake(lambda: GAP / 2, SAID["3.5_wait"]),
            Mistake(lambda: waits("none"), SAID["3.5_wait"]),
        ), 0.02, 0.05,
    ),
    Numeric(
        "3.6", lambda: extra("full"), SAID["meetings_a_year"],
        SAID["3.6_think"],
        SAID["3.6_learned"],
        (
            Mistake(lambda: extra("default"), SAID["3.6_default_run"]),
            Mistake(lambda: 1 - WITHIN / GAP, SAID["3.6_whole_run"]),
            Mistake(lambda: float(run(WORLD, REPLICATIONS, obedience="full").value("meetings_per_year")["mean"]), SAID["3.6_all_meetings"]),
            Mistake(lambda: extra("none"), SAID["3.6_nobody"]),
        ), 0.02,
    ),
)  # fmt: skip
