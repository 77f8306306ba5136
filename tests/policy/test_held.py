"""The stored documents that hold before the reforms, and the one that joins the national rules on a day of its own."""

from __future__ import annotations

import datetime
import statistics

import pytest

from simlib.core.files import read_yaml, scenarios
from simlib.policy.load import load_policy
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import days_in_force
from tests.policy.test_policies import EVIDENCE


@pytest.mark.parametrize("name", ("before-2021", "listing-2023"))
def test_practice_cites_no_clause_and_its_document_bears_no_day(name):
    layer = load_policy(name).layers[-1]
    assert layer.start is None and layer.end is None
    assert {r.clause for r in layer.rules} == {"practice"} == {r.document for r in layer.rules}
    assert {r.kind for r in layer.rules} <= {"published", "assumed"}


def test_platforms_have_from_the_publication_of_a_list_to_the_day_before_it_comes_into_force():
    rounds = read_yaml(scenarios() / "catalogue_rounds.yaml").data["rounds"]
    days = [(r["effective"] - r["published"]).days - 1 for r in (rounds[y] for y in ("2022", "2023", "2024", "2025"))]
    first, later = load_policy("listing-2023").of("listing.catalogue_limit")
    assert EVIDENCE["N8"]["value"] == "end of February 2023" and rounds["2022"]["effective"] == datetime.date(
        2023, 3, 1
    )
    assert (first.start, later.start) == (rounds["2022"]["published"], rounds["2023"]["published"])
    assert (first.value, later.value) == ((days[0], "days"), (statistics.median(days[1:]), "days"))
    assert (first.kind, later.kind) == ("published", "assumed") and (later.start - first.end).days == 1


def test_the_notice_of_2021_whose_text_was_not_found_is_assumed_in_every_rule_and_says_so():
    layer = load_policy("before-reform").layers[-1]
    assert layer.start == datetime.date(2021, 9, 10) and EVIDENCE["N16"]["label"] == "unverified"
    for rule, entry in zip(layer.rules, entries(), strict=True):
        assert rule.kind == "assumed" and rule.range and "check the text" in entry["note"]
        assert "memory" in rule.reason and "凭记忆" in rule.reason_zh


def entries() -> list[dict]:
    """The rules of the notice of 2021 as its file writes them, in the file's order."""
    written = read_yaml(scenarios() / "policies" / "before-reform.yaml").data["rules"]
    return [
        entry for lever, body in written.items() for entry in (body.values() if lever == "committee.duty" else [body])
    ]


def test_the_notice_on_the_list_of_2025_begins_with_that_list_in_a_comparison_too():
    published = read_yaml(scenarios() / "catalogue_rounds.yaml").data["rounds"]["2025"]["published"]
    found = load_scenario("sichuan-national-default")
    (layer,) = [x for x in found.policy.layers if x.name == "list-2025"]
    for rule in layer.rules:
        assert found.calendar.date(days_in_force(found, layer, rule)[0]) == published == rule.start
    (duty,) = [r for r in layer.rules if r.lever == "committee.duty.catalogue"]
    assert duty.end - published == datetime.timedelta(duty.value[0]) and duty.end == datetime.date(2026, 2, 28)
    assert not any("2025年医保目录" in n.zh for n in found.notices)  # nothing is moved that keeps its days
