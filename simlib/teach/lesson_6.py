"""Lesson 6: design your own policy. The answers hang on the student's own file `my-policy.yaml`, read anew at each check."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from simlib.core.distributions import parse_limit
from simlib.core.files import InputError, parse_yaml
from simlib.experiments.check import check_file
from simlib.experiments.run import Effect
from simlib.teach.question import Blocked, Judged, Mistake, Numeric
from simlib.teach.words import SAID
from simlib.teach.worlds import effect

FILE, WORLD, REPLICATIONS, LOW_MUST = "my-policy.yaml", "lesson-5", 20, 0.3
BEFORE = "before-2021"  # what a student's policy stands on, and is compared with: its own rules are all that differs
WORSE = {
    "wait_days": 1,
    "pass_rate": -1,
    "refusal_rate": 1,
    "gap_levels": 1,
    "meetings_per_year": 1,
    "treated_share": -1,
}

MEANT = {
    "within": SAID["6.1_meant_within"],
    "strength": SAID["6.1_meant_strength"],
    "committee.enter_on_approval": SAID["6.1_meant_yes"],
}


def own() -> dict[str, Any]:
    """The student's policy, as data; Blocked where there is none, InputError where it cannot be used."""
    path = Path(FILE)
    if not path.is_file():
        raise Blocked(SAID["6_no_file"])
    check_file(path)
    return parse_yaml(path.read_text(encoding="utf-8"), FILE).data


def own_effect(**changes: Any) -> Effect:
    """The student's policy minus practice before 2021, both with the same changes."""
    return effect(WORLD, REPLICATIONS, {"policy": BEFORE, **changes}, policy=own(), **changes)


def points(what: str = "difference", group: tuple[str, str] = ("level", "3"), **changes: Any) -> float:
    """Its effect on stocked_24m, percentage points."""
    return 100 * float(own_effect(**changes).value("stocked_24m", *group)[what])


def at_low_must() -> float:
    """Its effect where few obey a must; Blocked where none of its rules is one, since nothing can be learned from it then."""
    found = points(obedience__must=LOW_MUST)
    if found == points() != 0:
        raise Blocked(SAID["6_no_must"])
    return found


def worse() -> set[str]:
    """Which of WORSE are made worse, with zero outside the interval."""
    found = {name: own_effect().value(name) for name in WORSE}
    return {n for n, r in found.items() if (r["low"] > 0 if WORSE[n] > 0 else r["high"] < 0)}


def mended(answer: Any, language: str) -> str | None:
    """What is wrong with the mended text of 6.1."""
    if not isinstance(answer, str):
        return SAID["6_no_text"].of(language)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mended.yaml"
        path.write_text(answer, encoding="utf-8")
        try:
            kind = check_file(path)
        except InputError as e:
            return SAID["6_complains"].of(language, what=str(e)[str(e).find("mended.yaml") :])
    rules = parse_yaml(answer, "mended.yaml").data.get("rules") or {}
    duty, entry = (rules.get("committee.duty") or {}).get("listing"), rules.get("committee.enter_on_approval")
    if kind != "policy" or not isinstance(duty, dict) or not isinstance(entry, dict):
        return SAID["6_gone"].of(language)
    as_meant = {
        "within": isinstance(duty.get("within"), str) and parse_limit(duty["within"]) == (30, "days"),
        "strength": duty.get("strength") == "must",
        "committee.enter_on_approval": entry.get("value") is True,
    }
    wrong = next((k for k, well in as_meant.items() if not well), None)
    return SAID["6_changed"].of(language, key=wrong, meant=MEANT[wrong].of(language)) if wrong else None


def designed(answer: Any, language: str) -> str | None:
    """What is wrong with the student's own policy (6.2)."""
    if str(answer) != FILE:
        return SAID["6_name"].of(language)
    try:
        policy = own()
    except Blocked:
        return SAID["6_no_file"].of(language)
    except InputError as e:
        return SAID["6_complains"].of(language, what=e)
    if policy.get("on") != BEFORE:
        return SAID["6_on"].of(language)
    if not policy.get("rules"):
        return SAID["6_few"].of(language)
    low, high = points("low"), points("high")
    if low > 0:
        return None
    return (SAID["6_hurts"] if high < 0 else SAID["6_weak"]).of(language)


def losers(answer: Any, language: str) -> str | None:
    """What is wrong with the names of 6.4."""
    if isinstance(answer, str) or not isinstance(answer, (list, tuple, set)) or not set(map(str, answer)) <= set(WORSE):
        return SAID["6_list"].of(language, allowed=", ".join(WORSE))
    wrong = [n for n in map(str, answer) if n not in worse()]
    if wrong:
        return SAID["6_not_worse"].of(language, name=wrong[0])
    return None if set(map(str, answer)) == worse() else SAID["6_missing"].of(language)


QUESTIONS = (
    Judged("6.1", mended, SAID["6.1_learned"]),
    Judged("6.2", designed, SAID["6.2_learned"]),
    Numeric(
        "6.3", points, SAID["percentage_points"],
        SAID["6.3_think"],
        SAID["6.3_learned"],
        (
            Mistake(lambda: points("mean"), SAID["6.3_share"]),
            Mistake(lambda: points("baseline"), SAID["6.3_baseline"]),
            Mistake(lambda: points(group=("all", "all")), SAID["is_all_hospitals"]),
            Mistake(lambda: points("low"), SAID["is_low_end"]),
            Mistake(lambda: points("high"), SAID["is_high_end"]),
        ), 0.01, 0.005,
    ),
    Judged("6.4", losers, SAID["6.4_learned"]),
    Numeric(
        "6.5", lambda: points(obedience="none"), SAID["percentage_points"],
        SAID["6.5_think"],
        SAID["6.5_learned"],
        (
            Mistake(points, SAID["6.5_default"]),
            Mistake(lambda: points("baseline"), SAID["6.5_baseline"]),
            Mistake(lambda: points(obedience="full"), SAID["6.5_full"]),
        ), 0.01, 0.005,
    ),
    Numeric(
        "6.6", at_low_must, SAID["percentage_points"],
        SAID["6.6_think"],
        SAID["6.6_learned"],
        (
            Mistake(points, SAID["6.6_default"]),
            Mistake(lambda: points(obedience__must=0.85), SAID["6.6_high_must"]),
            Mistake(lambda: points() * LOW_MUST / 0.6, SAID["6.6_half"]),
            Mistake(lambda: points(obedience__must=LOW_MUST) - points(), SAID["6.6_shrinks"]),
            Mistake(lambda: 100 * points(obedience__must=LOW_MUST) / points(), SAID["6.6_part_left"]),
            Mistake(lambda: points(obedience="none"), SAID["6.6_nobody"]),
        ), 0.01, 0.005,
    ),
)  # fmt: skip
