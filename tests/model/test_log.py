"""The event log tells what happened, in an order that can have been, and changes nothing by telling it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simlib.model import model
from simlib.model.log import DECIDERS, EVENTS, GROUNDS, LIMITS, PUSHES
from simlib.model.model import replicate
from simlib.model.pair_records import STATES
from simlib.model.record import Record
from simlib.model.rules import sources
from simlib.model.sums import TALLY
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world, with_communities

SHARING = (825, 840)  # with medical communities
WORLDS = (*range(24), 29, 50, *SHARING)  # 29: a drug taken off for want of use; 50: a lock-out that a rule ends
CODE = {e.name: i for i, e in enumerate(EVENTS)}
DATES = ("aware", "first_ask", "first_heard", "passed", "stock", "temporary_first")
COUNTS = ("hearings", "asks", "refusals", "temporaries", "state")
# what may follow: event -> (states in which it can happen, state after it; None: as before)
FLOW = {
    "learned": ({"not_aware"}, "not_asked"),
    "pushed": ({"not_asked"}, None),
    "asked": ({"not_asked"}, "waiting"),
    "not_heard": ({"waiting", "deferred"}, None),
    "heard": ({"waiting", "deferred"}, "decided"),
    "passed": ({"decided"}, "waiting_for_room"),
    "deferred": ({"decided"}, "deferred"),
    "refused": ({"decided"}, "refused"),
    "lapsed": ({"waiting", "deferred"}, "not_asked"),
    "lock_out_ended": ({"refused"}, "not_asked"),
    "lock_out_lifted": ({"refused"}, "waiting"),
    "taken_in_directly": ({"waiting", "deferred"}, "decided"),
    "need": ({"waiting", "deferred", "refused"}, None),
    "room_found": ({"waiting_for_room"}, "being_bought"),
    "stocked": ({"being_bought"}, "stocked"),
    "taken_over": ({"not_aware", "not_asked", "waiting", "deferred", "refused"}, "being_bought"),
    "removed": ({"stocked"}, "removed"),
}
SUPPLY = {"supply_began": ("need", True), "supply_ended": ("need", False), "recorded_began": ("filing", True), "recorded_ended": ("filing", False)}  # fmt: skip
BESIDE = {"duty_not_kept", "duty_meeting", "rule_decided", "rules_decided_together", *SUPPLY}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return [replicate(load_scenario(world_of(i)), 0, pairs=True, events=True) for i in WORLDS]


def world_of(i: int) -> dict[str, Any]:
    return with_communities(random_world(i), i) if i in SHARING else random_world(i)


def by_pair(record: Record) -> dict[tuple[int, int], list[np.void]]:
    """Each pair's notes in order of time, those of one time in the order of their noting."""
    found: dict[tuple[int, int], list[np.void]] = {}
    for row in record.log[np.argsort(record.log["t"], kind="stable")]:
        found.setdefault((int(row["h"]), int(row["d"])), []).append(row)
    return found


def name(row: np.void) -> str:
    return EVENTS[row["event"]].name


def test_a_run_with_its_log_gives_the_same_bits_as_one_without(records):
    for i, told in zip(WORLDS, records, strict=True):
        silent = replicate(load_scenario(world_of(i)), 0, pairs=True)
        assert silent.log is None and told.log is not None
        for field in (*DATES, *COUNTS, "meetings"):
            assert np.array_equal(getattr(silent.pairs, field), getattr(told.pairs, field)), (i, field)
        for field in ("cube", "tally", "snapshots", "events", "first_stock"):
            assert np.array_equal(getattr(silent, field), getattr(told, field), equal_nan=True), (i, field)


def test_every_kind_of_event_happens_in_the_random_worlds(records):
    assert {name(row) for record in records for row in record.log} == set(CODE)


def test_no_event_of_a_pair_comes_before_its_cause_and_the_last_one_is_its_final_state(records):
    for i, record in zip(WORLDS, records, strict=True):
        told = by_pair(record)
        for (h, d), rows in told.items():
            state, supplied = "not_aware", {"need": False, "filing": False}
            for row in rows:
                event = name(row)
                assert record.listing.first[d] >= record.world.drugs.approval[d]
                earliest = record.world.drugs.approval if event.startswith("recorded_") else record.listing.first
                assert row["t"] >= earliest[d], (i, h, d, event)
                beforehand = state in ("stocked", "removed") and record.world.leads[h] >= 0  # it had the drug first
                if event in FLOW and not (beforehand and event in ("learned", "pushed")):
                    before, after = FLOW[event]
                    assert state in before, (i, h, d, event, state)
                    state = after or state
                if event in SUPPLY:
                    kind, there = SUPPLY[event]
                    assert supplied[kind] is not there, (i, h, d, event)
                    supplied[kind] = there
            if supplied["filing"] or (supplied["need"] and state not in ("stocked", "not_asked", "removed")):
                state = "temporary"
            final = STATES[record.pairs.state[h, d]]
            assert state == final or (state, final) == ("not_aware", "not_listed"), (i, h, d, state)
        quiet = {"not_listed", "not_aware", "out_of_target"}
        for h, d in np.ndindex(record.pairs.state.shape):
            assert (h, d) in told or STATES[record.pairs.state[h, d]] in quiet


def test_dates_and_numbers_of_events_are_those_of_the_pairs(records):
    first = {"learned": "aware", "asked": "first_ask", "heard": "first_heard", "passed": "passed", "stocked": "stock"}
    number = {"heard": "hearings", "asked": "asks", "refused": "refusals", "need": "temporaries"}
    for record in records:
        log, shape = record.log, record.pairs.state.shape
        for event, field in first.items():
            date = np.full(shape, np.inf)
            codes = (CODE[event], CODE["taken_over"] if event == "passed" else CODE[event])
            rows = log[np.isin(log["event"], codes)]
            np.minimum.at(date, (rows["h"], rows["d"]), rows["t"])
            assert np.array_equal(date, getattr(record.pairs, field)), event
        date, kept = np.full(shape, np.inf), record.pairs.temporary_first
        rows = log[np.isin(log["event"], (CODE["supply_began"], CODE["recorded_began"]))]
        np.minimum.at(date, (rows["h"], rows["d"]), rows["t"])
        # of two needs the second may be supplied first: the supply runs from the first's day
        assert np.array_equal(date, np.where((record.pairs.temporaries > 1) & (date > kept), date, kept))
        for event, field in number.items():
            count = np.zeros(shape, int)
            rows = log[log["event"] == CODE[event]]
            np.add.at(count, (rows["h"], rows["d"]), 1)
            assert np.array_equal(count, getattr(record.pairs, field)), event


def test_a_note_names_a_rule_of_its_own_lever_that_was_in_force_then(records):
    levers = {"pushed": ("committee.duty.", "committee.enter_on_approval"), "duty_meeting": ("committee.duty.",),
              "need": ("committee.temporary_channel",), "stocked": ("procurement.purchase_within",),
              "taken_in_directly": ("committee.direct_inclusion",),
              "lock_out_ended": ("committee.barriers_removed", "use.barriers_removed", "committee.caps_lifted")}  # fmt: skip
    seen = set()
    for record in records:
        rules = sources(record.world)
        for row in record.log[record.log["rule"] >= 0]:
            event, rule = name(row), rules[row["rule"]]
            assert rule.hospitals[row["h"]]
            if event in levers:
                seen.add(event)
                assert rule.rule.lever.startswith(levers[event]), (event, rule.rule.lever)
            if event in ("pushed", "rule_decided", "refused"):
                assert rule.start <= row["t"] < rule.stop
    assert seen == set(levers)


def test_counts_are_those_of_the_events_told(records):
    counted = {"hearings": "heard", "passes": "passed", "deferrals": "deferred", "refusals": "refused", "direct": "taken_in_directly",
               "temporaries": "need", "lapses": "lapsed", "duty_meetings": "duty_meeting"}  # fmt: skip
    for i, record in zip(WORLDS, records, strict=True):
        told = [name(row) for row in record.log if row["t"] >= record.world.scenario.policy_from]
        tally = dict(zip(TALLY, record.tally.sum(axis=0), strict=True))
        for field, event in counted.items():
            assert tally[field] == told.count(event), (i, field)


def test_a_log_that_outgrows_its_room_is_kept_whole(records, monkeypatch):
    monkeypatch.setattr(model, "LOG_ROWS", 1e-9)
    again = replicate(load_scenario(random_world(WORLDS[3])), 0, events=True)
    assert np.array_equal(again.log, records[3].log) and len(again.log) > 10


# ---- known answers: one hospital, one drug


STRATUM = {"id": "h", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 1, "beds": 100,
           "kind": "assumed", "source": "toy"}  # fmt: skip
REGION = {
    "name": "toy",
    "title": {"en": "Toy", "zh": "玩具"},
    "population_million": 1,
    "payment": "DRG",
    "strata": [STRATUM],
}


def rule(value: Any, clause: str, **more: Any) -> dict:
    key = "within" if isinstance(value, str) and value[0].isdigit() else "value"
    return {key: value, "strength": "must", "clause": clause, "kind": "stated", **more}


def told(base: str, rules: dict[str, Any], **changes: Any) -> list[tuple[str, float, str, str]]:
    """(event, time, what its number means, clause) of the one pair of a toy world."""
    policy = {"format": 1, "name": "toy-log", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy",
              "rules": rules}  # fmt: skip
    own = {"region": REGION, "policy": policy, "obedience": "full", "obedience.other_must": 1}
    record = replicate(load_scenario(base, own | {k.replace("__", "."): v for k, v in changes.items()}), 0, events=True)
    clauses = [r.rule.clause for r in sources(record.world)]
    out = []
    for row in record.log:
        details = EVENTS[row["event"]].details
        meaning = details[row["detail"]] if details else ""
        out.append((name(row), float(row["t"]), meaning, clauses[row["rule"]] if row["rule"] >= 0 else ""))
    return out


CERTAIN = {"decision.spread": 1e-9, "decision.delta": 1e-9, "decision.b0": {"level_3": 1, "level_2": 1, "level_1": 1}, "committee.meetings": {"grid": 10_000, "phase": 900},
           "decision.b_duty": 0.5, "decision.b_catalogue": 0}  # fmt: skip


def test_a_removed_ground_that_decided_is_named_and_without_its_rule_the_ground_refuses():
    lifted = {"committee.barriers_removed": rule(["nrdl_membership"], "a")}
    found = told("odds", lifted, **CERTAIN, barriers__nrdl_membership=2)
    assert ("rule_decided", 900.0, "nrdl_membership", "a") in found and found[-3][0] == "passed"
    assert "rules_decided_together" not in {f[0] for f in found}
    idle = told("odds", lifted, **CERTAIN, barriers__nrdl_membership=0.5)
    assert "rule_decided" not in {f[0] for f in idle} and idle[-3][0] == "passed"
    refused = told("odds", {}, **CERTAIN, barriers__nrdl_membership=2)
    assert ("refused", 900.0, "nrdl_membership", "") in refused


def test_rules_of_which_none_alone_decided_are_named_together():
    both = {
        "committee.barriers_removed": rule(["nrdl_membership"], "a"),
        "committee.duty_to_stock": rule("as_needed", "b"),
    }
    found = told("odds", both, **CERTAIN | {"decision.b_duty": 0.9}, barriers__nrdl_membership=1.5)
    assert [f[2:] for f in found if f[0] == "rules_decided_together"] == [
        ("nrdl_membership", "a"),
        ("duty_to_stock", "b"),
    ]
    assert "rule_decided" not in {f[0] for f in found}


def test_a_ground_forbidden_but_used_names_the_rule_that_was_not_kept():
    found = told("odds", {"committee.barriers_removed": rule(["nrdl_membership"], "a")}, **CERTAIN | {"obedience": "none"},
                 barriers__nrdl_membership=2)  # fmt: skip
    assert ("refused", 900.0, "nrdl_membership", "a") in found


def test_a_duty_that_calls_a_meeting_is_named_and_so_is_one_that_is_not_kept():
    duty = {"committee.duty": {"listing": rule("30 days", "late"), "catalogue": rule("9 days", "other")}}
    early = {"committee.duty": {"listing": [rule("30 days", "late"), rule("20 days", "early", scope="innovative")]}}
    meetings = {"committee.meetings": {"grid": 10_000, "phase": 900}}
    assert ("duty_meeting", 130.0, "listing", "late") in told("meetings-90-duty", duty, **meetings)
    assert ("duty_meeting", 120.0, "listing", "early") in told("meetings-90-duty", early, **meetings)
    ignored = told("meetings-90-duty", duty, **meetings | {"obedience": "none"})
    assert ("duty_not_kept", 100.0, "listing", "late") in ignored and "duty_meeting" not in {f[0] for f in ignored}


@pytest.mark.parametrize(("within", "obedience", "how", "day"), [("10 days", "full", "limit_set_date", 190), ("60 days", "full", "within_limit", 230), ("10 days", "none", "limit_missed", 230)])  # fmt: skip
def test_the_stock_says_what_the_limit_did_to_its_day(within, obedience, how, day):
    changes = {
        "stages.purchase": True,
        "stages.use": False,
        "purchase.time": "50 days",
        "committee.meetings": {"grid": 10_000, "phase": 180},
    }
    within_rule = {"procurement.purchase_within": rule(within, "p") | {"value": within}}
    for entry in within_rule.values():
        entry.pop("within", None)
    found = told("meetings-90-duty", within_rule, **changes | {"obedience": obedience})
    assert found[-1] == ("stocked", float(day), how, "p")


def test_a_layout_of_meetings_that_needs_more_room_notes_each_duty_once():
    region = REGION | {"strata": [STRATUM | {"count": 2}]}
    duty = {"committee.duty": {"listing": rule("3 days", "d")}}
    found = told(
        "meetings-90-duty", duty, region=region, **{"committee.meetings": {"grid": 10, "phase": 8}}
    )  # 2 x 100 meetings: more than room is given for at first
    assert [f for f in found if f[0] == "duty_meeting"] == [("duty_meeting", 103.0, "listing", "d")] * 2


def test_words_of_details_fit_the_numbers_that_are_noted(records):
    assert EVENTS[CODE["refused"]].details == GROUNDS and EVENTS[CODE["stocked"]].details == LIMITS
    assert PUSHES[:3] == ("listing", "catalogue", "application_list") and len(DECIDERS) == 11
    for record in records:
        for row in record.log:
            details = EVENTS[row["event"]].details
            assert not details or 0 <= row["detail"] < len(details), name(row)
