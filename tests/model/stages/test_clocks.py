"""Every reading that changes a clock changes the dates worked out by hand, and nothing but its own (docs/semantics-readings.md).

One hospital whose committee meets on day 900 and when a duty or a minimum makes it; all drugs pass when heard.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from simlib.core.workdays import DAYS, MONTHS, WORKING_DAYS, calendar, deadline
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.model.sums import TALLY
from simlib.scenario.scenario import load_scenario

NEVER = math.inf
STRATUM = {"id": "h", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 1, "beds": 100,
           "kind": "assumed", "source": "toy"}  # fmt: skip
REGION = {
    "name": "toy",
    "title": {"en": "Toy", "zh": "玩具"},
    "population_million": 1,
    "payment": "DRG",
    "strata": [STRATUM],
}
ROUNDS = {
    "rounds": "catalogue_rounds",
    "start": date(2020, 1, 1),
    "stages.catalogue": True,
    "catalogue.first_success": 1,
}
PUBLISHED, IN_FORCE = 362, 425  # 28 December 2020 and 1 March 2021 from 1 January 2020
ASKS_WHEN_PUSHED = {
    "stages.asking": True, "asking.all_before_committee": False, "asking.lambda0": 1e-3, "asking.push_exposure": 1e7,
    "asking.specialty_log_sd": 0, "asking.appeal_log_sd": 0, "drugs.effort_log_sd": 0, "asking.breadth_a": 1e6, "asking.breadth_b": 1e-6,
}  # fmt: skip


def rule(value: Any, **more: Any) -> dict:
    """One entry of a policy file: a limit of a duty where it is written as one."""
    key = "within" if isinstance(value, str) and value[0].isdigit() else "value"
    return {key: value, "strength": "must", "clause": "toy", "kind": "stated", **more}


def run(days: list[float], rules: dict[str, Any], changes: dict[str, Any]) -> Record:
    """One replication of a world in which drugs are approved on these days and these rules hold."""
    policy = {
        "format": 1, "name": "toy-clock", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy", "on": "before-2021",
        "rules": rules,
    }  # fmt: skip
    base = {
        "region": REGION, "policy": policy, "cohort": {"days": days}, "obedience.must": 1, "obedience.explore": 0,
        "obedience.other_must": 1, "committee.meetings": {"grid": 10_000, "phase": 900},
    }  # fmt: skip
    return replicate(load_scenario("meetings-90-duty", base | changes), 0, pairs=True)


def heard(days: list[float], rules: dict[str, Any], changes: dict[str, Any]) -> list[float]:
    """When each drug is first heard."""
    return run(days, rules, changes).pairs.first_heard[0].tolist()


def duty(trigger: str, within: str = "30 days", **more: Any) -> dict[str, Any]:
    """A duty to convene."""
    return {"committee.duty": {trigger: rule(within, **more)}}


@pytest.mark.parametrize(("reading", "aware", "meets"), [("learned", 150, 180), ("listed", 100, 130)])
def test_a_hospital_with_a_duty_learns_on_the_day_of_listing_by_the_other_reading(reading, aware, meets):
    lag = {"stages.awareness": True, "awareness.lag": {f"level_{i}": "50 days" for i in (1, 2, 3)}}
    pairs = run([100], duty("listing"), lag | {"clocks.listing": reading}).pairs
    assert (pairs.aware[0, 0], pairs.first_heard[0, 0]) == (aware, meets)
    disobeys = run([100], duty("listing"), lag | {"clocks.listing": reading, "obedience": "none"}).pairs
    assert (disobeys.aware[0, 0], disobeys.first_heard[0, 0]) == (150, 900)


@pytest.mark.parametrize(("day", "lag", "clock"), [("publication", 0, PUBLISHED), ("force", 0, IN_FORCE), ("publication", 20, PUBLISHED + 20), ("force", 20, IN_FORCE + 20)])  # fmt: skip
def test_the_catalogue_duty_counts_and_pushes_from_publication_or_force_and_after_a_lag(day, lag, clock):
    changes = ROUNDS | ASKS_WHEN_PUSHED | {"clocks.catalogue_day": day, "clocks.catalogue_lag": lag}
    record = run([31], duty("catalogue"), changes)
    assert (record.pairs.first_ask[0, 0], record.pairs.first_heard[0, 0]) == (clock, clock + 30)
    assert record.catalogues.entered[0] == PUBLISHED


@pytest.mark.parametrize(("which", "day", "meets"), [("both", "publication", PUBLISHED + 30), ("both", "force", IN_FORCE + 30), ("basic", "publication", 900)])  # fmt: skip
def test_the_commercial_catalogue_starts_a_duty_only_where_both_catalogues_count(which, day, meets):
    commercial = {
        "catalogue.first_success": 0,
        "catalogue.commercial_success": 1,
        "catalogue.commercial_price_above": -1e9,
    }
    rules = duty("catalogue") | {"catalogue.commercial.enabled": rule(True)}
    changes = ROUNDS | commercial | {"clocks.catalogues": which, "clocks.catalogue_day": day}
    assert heard([31], rules, changes) == [meets]


@pytest.mark.parametrize(("reading", "ask", "meets"), [("none", NEVER, 900), ("catch_up", 300, 330)])
def test_what_was_listed_before_a_duty_gets_a_clock_from_its_start_by_the_other_reading(reading, ask, meets):
    changes = {"policy_from": 300, "clocks.past": reading}
    # listed before the start, on it and after it: only the first has a clock of its own twice
    assert heard([100], duty("listing"), changes) == [meets]
    assert heard([300], duty("listing"), changes) == [330]
    assert heard([400], duty("listing"), changes) == [430]
    asked = run([100, 400], duty("listing"), changes | ASKS_WHEN_PUSHED).pairs
    assert asked.first_ask[0].tolist() == [ask, 400]
    assert asked.meetings[0] == 1 + (reading == "catch_up") + 1


@pytest.mark.parametrize(("reading", "meets"), [("none", 900), ("catch_up", 530)])
def test_catalogue_and_list_entries_of_the_past_are_caught_up_with_too(reading, meets):
    changes = ROUNDS | {"policy_from": 500, "clocks.past": reading}
    assert heard([31], duty("catalogue"), changes) == [meets]
    assert heard([31], duty("catalogue", scope="local"), changes | {"drugs.local_share": 0}) == [900]


@pytest.mark.parametrize(("reading", "ends"), [("civil_code", date(2024, 5, 6)), ("back", date(2024, 4, 30))])
def test_a_limit_that_ends_on_a_holiday_moves_after_or_before_it(reading, ends):
    changes = {"calendar": "china", "start": date(2024, 1, 1), "clocks.rolling": reading, "horizon_days": 800}
    clock = (date(2024, 4, 1) - date(2024, 1, 1)).days  # one month on is Labour Day, a holiday from 1 to 5 May
    assert heard([clock], duty("listing", "1 months"), changes) == [(ends - date(2024, 1, 1)).days]


def test_rolling_back_leaves_working_days_alone_and_ends_no_limit_before_it_began():
    start = date(2024, 1, 1)  # a holiday
    after, back = (calendar("china", start, 800, r) for r in ("civil_code", "back"))
    for day in range(600):
        assert deadline(back.table, day, 15, WORKING_DAYS) == deadline(after.table, day, 15, WORKING_DAYS)
        for n, unit in ((1, DAYS), (45, DAYS), (3, MONTHS)):
            a, b = deadline(after.table, day, n, unit), deadline(back.table, day, n, unit)
            working = after.table.day[int(a) - 1, 0] == 1
            assert day <= b <= a and back.table.day[int(b), 0] == 1
            assert a == b or not working
    friday, saturday, monday = (after.index(date(2024, 3, d)) for d in (8, 9, 11))
    assert deadline(back.table, friday, 1, DAYS) == friday and deadline(after.table, friday, 1, DAYS) == monday
    assert deadline(back.table, saturday, 1, DAYS) == monday  # the working day before Sunday lies before the clock


def test_a_limit_of_no_working_days_before_the_first_working_day_ends_on_its_day():
    table = calendar("china", date(2024, 1, 1), 400).table
    assert deadline(table, 0.0, 0.0, WORKING_DAYS) == 0 and deadline(table, 0.0, 1.0, WORKING_DAYS) == 1


@pytest.mark.parametrize(("reading", "meets"), [("counts", [240, 340]), ("passes", [340, 340])])
def test_the_first_edition_of_the_list_sets_no_clock_where_it_is_no_update(reading, meets):
    rules = duty("application_list") | {"catalogue.application_list.update": rule("continuous")}
    changes = {"stages.catalogue": True, "catalogue.list_open": 10, "catalogue.list_membership": 1, "policy_from": 200}
    record = run([100, 300], rules, changes | {"clocks.first_list": reading})
    assert record.pairs.first_heard[0].tolist() == meets
    assert record.catalogues.list_entry.tolist() == [210, 310]


@pytest.mark.parametrize(("reading", "meets"), [("whole_years", [NEVER] * 3), ("pro_rata", [170, 235, 302])])
def test_a_minimum_of_four_meetings_from_17_april_asks_for_three_in_that_year(reading, meets):
    # 4 * 259/365 = 2.84: three meetings in [106, 365), 24 August in its middle, then 30 October (28th: Saturday), 20 June
    changes = {"calendar": "china", "start": date(2023, 1, 1), "horizon_days": 365, "policy_from": date(2023, 4, 17)}
    record = run([107, 171, 236], {"committee.min_meetings_per_year": rule(4)}, changes | {"clocks.minimum": reading})
    assert record.pairs.first_heard[0].tolist() == meets
    assert record.pairs.meetings[0] == np.isfinite(meets).sum()


@pytest.mark.parametrize(("counts", "listed", "in_time"), [(False, 140, 1), (True, 130, 0)])
def test_days_of_correction_move_the_whole_limit_unless_they_count(counts, listed, in_time):
    # filed on day 100, back after 10 days, 5 days of work, 100 (or 20) of standing; a whole limit of 30 days
    changes = {
        "stages.listing": True, "listing.reviewers": "unlimited", "listing.work": "5 days", "listing.standing": "100 days",
        "listing.complete": 0, "listing.max_returns": 1, "listing.correction": "10 days", "listing.background_per_year": 0,
        "listing.corrections_count": counts,
    }  # fmt: skip
    rules = {"listing.whole_limit": {**rule(True), "value": "30 days"}}
    assert run([100], rules, changes).listing.listed.tolist() == [[listed]]
    late = run([100], rules, changes | {"obedience.other_must": 0, "listing.standing": "20 days"}).listing
    assert (late.listed[0, 0], late.in_time[0, 0]) == (135, in_time)


@pytest.mark.parametrize(("reading", "meets"), [("either", 900), ("both", 130)])
def test_a_duty_rests_where_the_hospital_keeps_the_lever_named_by_or(reading, meets):
    changes = {"clocks.either": reading, "obedience": "default"}
    channel = "committee.temporary_channel"
    relieved = duty("listing", **{"or": channel})
    assert heard([100], relieved | {channel: rule(True)}, changes) == [meets]
    # what relieves the lever in turn is not asked; a lever disobeyed, or about other drugs, relieves nothing
    chain = {channel: rule(True, **{"or": "committee.duty_to_stock"}), "committee.duty_to_stock": rule("as_needed")}
    assert heard([100], relieved | chain, changes) == [meets]
    assert heard([100], relieved | {channel: rule(True, strength="explore")}, changes) == [130]
    assert heard([100], relieved | {channel: rule(True, scope="commercial_list")}, changes) == [130]


@pytest.mark.parametrize(("reading", "passes"), [("either", 900), ("both", 100)])
def test_direct_inclusion_rests_as_any_other_rule(reading, passes):
    rules = {
        "committee.direct_inclusion": rule(True, **{"or": "committee.duty_to_stock"}),
        "committee.duty_to_stock": rule("all_due"),
    }
    assert run([100], rules, {"clocks.either": reading}).pairs.passed[0, 0] == passes


@pytest.mark.parametrize(("reading", "limited"), [("either", 0), ("both", 1)])
def test_a_purchase_is_limited_and_counted_so_only_where_the_limit_holds(reading, limited):
    rules = {
        "procurement.purchase_within": {**rule(True), "value": "10 days", "or": "committee.duty_to_stock"},
        "committee.duty_to_stock": rule("as_needed"),
    }
    changes = {"stages.purchase": True, "purchase.time": "40 days", "clocks.either": reading}
    record = run([100], rules, changes)
    assert record.pairs.stock[0, 0] == (910 if limited else 940)
    assert record.tally[:, TALLY.index("purchases_limited")].sum() == limited
