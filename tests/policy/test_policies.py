"""The policy, region and cohort files say what `clauses.csv` and `evidence.csv` say, no more and no less."""

from __future__ import annotations

import csv
import math
import re

import pytest

from simlib.distributions import parse_limit
from simlib.files import read_yaml, scenarios, validate
from simlib.policy.levers import LEVERS
from simlib.policy.load import load_layer, load_policy
from simlib.world.cohort import Cohort
from simlib.world.region import Region, check_region

DOCUMENTS = ("national", "sichuan", "chongqing", "beijing", "guangzhou")
TRIGGER = {
    "listing_known": "listing",
    "catalogue_published": "catalogue",
    "application_list_updated": "application_list",
}

# Where the file leaves the scope (or value) that clauses.csv gives, because of what the document says.
DESIGNATED = "the document or its issuer reaches designated hospitals only (readings A4, A8)"
NO_DRUGS = "the document names no drugs here"
OTHER_SCOPE = {
    "CN-10a": ("innovative/designated", DESIGNATED),
    "CN-10b": ("innovative/designated", DESIGNATED),
    "CN-10c": ("innovative/designated", DESIGNATED),
    "CN-10d": ("negotiated+commercial_list/designated", DESIGNATED),
    "CN-10e": ("innovative/designated", DESIGNATED),
    "SC-04d": ("negotiated/designated", DESIGNATED),
    "CQ-16c": ("nrdl_innovative/designated", DESIGNATED),
    "GZ-02a": ("negotiated/designated", DESIGNATED),
    "GZ-03a": ("negotiated+innovation_list+hk_macau/designated", DESIGNATED),
    "CN-05a": ("all", NO_DRUGS),
    "BJ-13": ("all", NO_DRUGS),
    "BJ-14a": ("all", NO_DRUGS),
    "BJ-14c": ("all", NO_DRUGS),
    "BJ-14h": ("all", NO_DRUGS),
    "CN-13b": ("negotiated", "the set of drugs is the scope of a flag"),
    "GZ-03c": (
        "negotiated+commercial_list+innovation_list+hk_macau",
        "the set of drugs is the scope of a flag",
    ),
}


def table(name: str) -> dict[str, dict[str, str]]:
    with open(scenarios() / name, encoding="utf-8-sig", newline="") as f:
        return {row["id"]: row for row in csv.DictReader(f)}


CLAUSES, EVIDENCE = table("clauses.csv"), table("evidence.csv")


def settings(clause: dict[str, str]) -> dict[str, tuple[str, str]]:
    """{lever: (value, scope)} of a clause, in the names of `levers.py`."""
    found = {}
    for lever, text in zip(clause["lever"].split(";"), clause["value"].split(";"), strict=True):
        value, _, scope = text.partition(" @")
        found[lever] = (value.split(" (")[0].strip(), scope.strip())
    if "committee.trigger" in found:
        trigger, _ = found.pop("committee.trigger")
        found[f"committee.duty.{TRIGGER[trigger]}"] = found.pop("committee.convene_within")
    return found


def expected(lever: str, text: str):
    """A value of clauses.csv as a policy file holds it."""
    match LEVERS[lever].kind:
        case "flag":
            return True
        case "limit":
            return parse_limit(text)
        case "count":
            return int(text)
        case "share":
            return float(text.rstrip("%")) / 100
        case "set":
            return frozenset(text.split("|"))
    return text


def rules(name: str):
    return load_policy(name).layers[-1].rules


def default_scope(name: str) -> str:
    return read_yaml(scenarios() / "policies" / f"{name}.yaml").data["default_scope"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_rule_stands_on_a_clause_that_sets_its_lever(name):
    document = read_yaml(scenarios() / "policies" / f"{name}.yaml").data["document"]
    for rule in rules(name):
        assert rule.clause in CLAUSES, rule
        assert rule.lever in settings(CLAUSES[rule.clause]), rule
        assert CLAUSES[rule.clause]["document"] == document, rule


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_core_rule_of_the_document_is_missing_or_given_twice(name):
    document = read_yaml(scenarios() / "policies" / f"{name}.yaml").data["document"]
    wanted = {
        (row["id"], lever)
        for row in CLAUSES.values()
        if row["document"] == document and row["scope"] == "core" and row["lever"]
        for lever in settings(row)
        if lever in LEVERS
    }
    given = [(r.clause, r.lever) for r in rules(name)]
    assert sorted(given) == sorted(wanted)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_rule_is_as_strong_as_its_clause(name):
    wrong = [(r.clause, r.strength) for r in rules(name) if r.strength != CLAUSES[r.clause]["force"]]
    assert wrong == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_rule_has_the_value_of_its_clause(name):
    for r in rules(name):
        assert r.value == expected(r.lever, settings(CLAUSES[r.clause])[r.lever][0]), r


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_rule_reaches_the_drugs_and_hospitals_of_its_clause(name):
    for r in rules(name):
        scope = settings(CLAUSES[r.clause])[r.lever][1] or default_scope(name)
        scope = OTHER_SCOPE.get(r.clause, (scope, ""))[0]
        drugs, _, hospitals = scope.partition("/")
        assert (set(r.drugs), r.hospitals) == (set(drugs.split("+")), hospitals or "all"), r


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_in_force_as_its_validity_clause_says(name):
    data = read_yaml(scenarios() / "policies" / f"{name}.yaml").data
    force = data["in_force"]
    assert f"{force['from']}/{force['to']}" == CLAUSES[force["clause"]]["value"]


def test_local_documents_stand_on_the_national_one_and_that_on_before_reform():
    below = {n: load_layer(scenarios() / "policies" / f"{n}.yaml")[1] for n in ("before-reform", *DOCUMENTS)}
    assert below.pop("before-reform") is None
    assert below.pop("national") == "before-reform"
    assert set(below.values()) == {"national"}


def test_before_reform_always_held_and_cites_no_clause():
    (layer,) = load_policy("before-reform").layers
    assert layer.start is None and layer.end is None
    assert {r.clause for r in layer.rules} == {"practice"}


def middles(text: str) -> list[int]:
    """Counts of an evidence value such as "860; 80-95; 250": the middle of a range, rounded up."""
    parts = [[float(n) for n in re.findall(r"\d+", part)] for part in text.split(" (")[0].split(";")]
    return [math.ceil(sum(p) / len(p)) for p in parts]


def hospitals(name: str) -> dict[int, int]:
    region = load_region(name)
    return {level: sum(s.count for s in region.strata if s.level == level) for level in (3, 2, 1)}


def load_region(name: str) -> Region:
    document = read_yaml(scenarios() / "regions" / f"{name}.yaml")
    region = validate(Region, document, document.data)
    check_region(document, region)
    return region


@pytest.mark.parametrize(
    ("name", "evidence", "parts"),
    [
        ("beijing", "H2", ((3,), (2,), (1,))),
        ("sichuan", "H3", ((3, 2, 1), (3,), (2,))),
        ("chongqing", "H4", ((3, 2, 1), (3,), (2,))),
        ("guangzhou", "H5", ((3, 2, 1), (3,))),
        ("nation", "H1", ((3,), (2,))),
    ],
)
def test_a_region_has_as_many_hospitals_as_the_evidence_says(name, evidence, parts):
    have = hospitals(name)
    wanted = middles(EVIDENCE[evidence]["value"])[: len(parts)]
    assert [sum(have[level] for level in part) for part in parts] == wanted


def test_regions_have_the_population_and_payment_of_the_evidence():
    people = [float(x) for x in EVIDENCE["H7"]["value"].split(";")]
    for name, population in zip(("sichuan", "chongqing", "beijing", "guangzhou", "nation"), people, strict=True):
        assert load_region(name).population_million == population
    payment = [re.sub(" by city", "", x.strip()) for x in EVIDENCE["G4"]["value"].split(";")]
    for name, system in zip(("beijing", "chongqing", "guangzhou", "sichuan"), payment, strict=True):
        assert load_region(name).payment == system
    assert load_region("guangzhou").platform_of == "guangdong"


@pytest.mark.parametrize(
    ("name", "years", "total"),
    [
        ("nmpa", range(2018, 2025), 197),  # evidence A7
        ("nmpa", range(2025, 2027), 152),
        ("synthetic-small", range(2021, 2024), 60),
        ("synthetic-province", range(2021, 2026), 250),
        ("synthetic-nation", range(2021, 2026), 250),
    ],
)
def test_a_cohort_has_as_many_drugs_as_it_says(name, years, total):
    document = read_yaml(scenarios() / "cohorts" / f"{name}.yaml")
    cohort = validate(Cohort, document, document.data)
    assert sum(cohort.yearly_counts[y] for y in years) == total
