"""Values that are sound one by one and cannot go together are refused, with the reason."""

from __future__ import annotations

import re
from typing import Any

import pytest

from simlib.core.files import InputError
from simlib.scenario.scenario import load_scenario

TITLE = {"en": "A", "zh": "甲"}
HOSPITAL = {
    "level": 3,
    "type": "general",
    "owner": "city",
    "place": "city",
    "count": 2,
    "beds": 100,
    "kind": "assumed",
    "source": "x",
}
SPECIALTY = HOSPITAL | {"type": "specialty", "id": "a"}


def region(*strata: dict, **more: Any) -> dict[str, Any]:
    return {
        "region": {"name": "a", "title": TITLE, "population_million": 1, "payment": "DRG"}
        | ({"strata": list(strata)} if strata else {})
        | more
    }


def policy(**more: Any) -> dict[str, Any]:
    rules = {
        "listing.direct": {"value": True, "strength": "must", "clause": "practice", "kind": "stated"}
        | more.pop("rule", {})
    }
    return {
        "policy": {
            "format": 1,
            "name": "mine",
            "title": TITLE,
            "document": "practice",
            "place": "sichuan",
            "rules": rules,
        }
        | more
    }


IMPOSSIBLE: dict[str, tuple[dict[str, Any], str]] = {
    "more than all pass or are put off": ({"decision.fixed": {"pass": 0.6, "defer": 0.6, "return": 0}}, "pass 0.6 and defer 0.6 add up to more than 1"),
    "a chance above 1": ({"obedience.must": 1.01}, "obedience.must: input should be less than or equal to 1"),
    "an end before the start": ({"end": "2017-12-31"}, "end: the end 2017-12-31 is not after the start 2018-01-01"),
    "two ends": ({"horizon_days": 900.0}, "give exactly one of end, horizon_days"),
    "no end": ({"end": None}, "give exactly one of end, horizon_days"),
    "rules that begin after the end": ({"policy_from": "2027-01-01"}, "policy_from: 2027-01-01 is not before the end"),
    "rules that begin before the start": ({"policy_from": "2017-01-01"}, "policy_from: 2017-01-01 is before the start 2018-01-01"),
    "drugs that count up to a day before the rules": ({"count_until": "2023-01-01"}, "no drug would count"),
    "a look back at a day before the start": ({"snapshots": ["2017-01-01"]}, "snapshots.0: 2017-01-01 is before the start 2018-01-01"),
    "a part of a day in a calendar": ({"policy_from": 100.5}, "policy_from: 100.5 is no date"),
    "two rhythms of meetings": ({"committee.meetings": {"grid": 30, "intervals": "30 days"}}, "give exactly one of every, intervals, grid"),
    "jitter over the next meeting": ({"committee.meetings": {"grid": 30, "jitter": 30}}, "jitter 30.0 must be less than grid 30.0"),
    "jitter of a fixed rhythm": ({"committee.meetings": {"every": {"level_3": 90, "level_2": 90, "level_1": 90}, "jitter": 9}}, "jitter moves the meetings of a grid alone, not of every"),
    "a first meeting of intervals": ({"committee.meetings": {"intervals": "30 days", "phase": 9}}, "phase: intervals begin on the first day"),
    "an agenda without a place": ({"committee.places": {"level_3": 0, "level_2": 3, "level_1": 3}}, "no place on an agenda, so that committee.duty."),
    "a rhythm without a level": ({"committee.meetings": {"every": {"level_3": 30}}}, "every lacks level_2; give each of level_3, level_2, level_1"),
    "agendas without a level": ({"start_from": "nothing", "committee.places": {"level_3": 3}}, "places lacks level_2; give each of level_3, level_2, level_1"),
    "a policy of nothing": ({"policy": {}}, "format: missing"),
    "a policy without a name": ({"policy": ""}, "unknown policy ''"),
    "a least above the most": ({"purchase.time": {"uniform": {"low": 9, "high": 3}}}, "low 9.0 is above high 3.0"),
    "two distributions at once": ({"purchase.time": {"constant": 3, "exponential": {"mean": 3}}}, "give exactly one of constant, uniform"),
    "a specialist hospital of no specialty": (region(SPECIALTY), "strata.0: a specialty stratum needs areas"),
    "one name for two hospitals": (region(HOSPITAL | {"id": "a", "name": "A"}), "a stratum with a name is one hospital: count must be 1"),
    "one id for two strata": (region(HOSPITAL | {"id": "a"}, HOSPITAL | {"id": "a"}), "strata.1.id: 'a' is also stratum 1"),
    "hospitals of two sources": (region(HOSPITAL | {"id": "a"}, hospitals="a.csv"), "give exactly one of strata, hospitals"),
    "hospitals of no source": (region(), "give exactly one of strata, hospitals"),
    "drugs of two sources": ({"cohort": {"days": [0], "dates": ["2020-01-01"]}}, "give one of list, yearly_counts, dates, days, poisson, pipeline"),
    "a mix of nothing": ({"cohort": {"days": [0], "mix": {"classes": {"chem_1": 0}, "areas": {"rare": 1}, "foreign": 0}}}, "shares of nothing"),
    "projects older than the pipeline": ({"cohort": {"pipeline": {"days": [-4000.0], "years_before": 5}}}, "-4000 is more than years_before (5) before the start"),
    "a pipeline older than the calendar": ({"cohort": {"pipeline": {"per_year": 5, "years_before": 20}}}, "begins in 1998, before the calendar (2004)"),
    "a rule that ends before it begins": (policy(rule={"from": "2025-03-01", "to": "2025-02-01"}), "the end 2025-02-01 is before the start 2025-03-01"),
    "a document that ends before it begins": (policy(in_force={"from": "2025-03-01", "to": "2025-02-01", "clause": "practice"}), "the end 2025-02-01 is before the start 2025-03-01"),
    "a limit of no days": ({"listing.review_limit": "0 days"}, "a limit is longer than nothing"),
    "more meetings than days": ({"committee.min_meetings_per_year": {"value": 400, "scope": "all", "strength": "must"}}, "expected a whole number from 0 to 366"),
}  # fmt: skip


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_cannot_be_together_is_refused_with_the_reason(what: str):
    changes, reason = IMPOSSIBLE[what]
    with pytest.raises(InputError) as e:
        load_scenario("sichuan-sichuan-default", changes)
    assert reason in str(e.value) and re.match(r"set [a-z_.]+ ?|.*:", str(e.value)) and "\n" not in str(e.value), str(
        e.value
    )


def test_there_are_at_least_twenty():
    assert len(IMPOSSIBLE) >= 20
