"""Rules have days: of their document, of their own, and of a run; a run outside them says so."""

from datetime import date

import pytest

from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world


def starts(scenario, clause):
    world = build_world(scenario, 0)
    day = lambda t: None if t in (float("inf"), -float("inf")) else scenario.calendar.date(t)  # noqa: E731
    return [(day(r.start), day(r.stop)) for r in world.rules if r.rule.clause == clause]


def test_in_a_comparison_every_document_starts_on_policy_from():
    s = load_scenario("chongqing-chongqing-default")
    assert starts(s, "CQ-15d") == starts(s, "CN-10a") == [(date(2024, 1, 1), None)]


def test_as_dated_every_document_keeps_its_own_days():
    s = load_scenario("chongqing-chongqing-default", {"as_dated": True, "end": date(2029, 12, 31)})
    assert starts(s, "CN-10a") == [(date(2025, 6, 30), None)]
    assert starts(s, "CQ-15d") == [(date(2025, 12, 1), date(2028, 12, 1))]


@pytest.mark.parametrize("as_dated", [True, False])
def test_days_of_a_rules_own_mean_the_dates_written(as_dated):
    change = {"committee.duty.listing.from": "2026-01-01", "committee.duty.listing.to": "2026-06-30"}
    s = load_scenario("sichuan-sichuan-default", {**change, "as_dated": as_dated})
    assert starts(s, "SC-02a") == [(date(2026, 1, 1), date(2026, 7, 1))]


def test_in_a_comparison_no_rule_starts_before_policy_from():
    s = load_scenario("sichuan-sichuan-default", {"committee.duty.listing.from": "2020-01-01"})
    assert starts(s, "SC-02a") == [(date(2024, 1, 1), None)]


def test_a_delay_counts_from_the_start_that_a_run_gives():
    s = load_scenario("sichuan-sichuan-default", {"readings.A4": "after_lag"})
    assert starts(s, "CN-10a") == [(date(2024, 3, 31), None)]
    assert starts(s, "CN-03") == [(date(2024, 1, 1), None)] * 2


def test_a_rule_that_says_no_takes_nothing_from_others_and_adds_no_force():
    s = load_scenario("sichuan-sichuan-default", {"catalogue.admission_support": False})
    assert starts(s, "CN-03b") == []


def test_a_run_before_a_document_was_in_force_says_so_in_both_languages():
    notices = load_scenario("sichuan-sichuan-default").notices
    assert ["2025-06-30" in notices[0].en, "2025-03-21" in notices[1].zh] == [True, True]


def test_a_dated_run_says_what_never_comes_into_force_and_what_expires():
    early = load_scenario("guangzhou-guangzhou-default", {"as_dated": True, "end": date(2025, 12, 31)}).notices
    assert any("changes nothing here" in n.en and "Guangzhou" in n.en for n in early)
    late = load_scenario("chongqing-chongqing-default", {"as_dated": True, "end": date(2029, 12, 31)}).notices
    assert any("end on 2028-11-30" in n.en for n in late)
