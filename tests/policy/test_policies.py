"""The policy, region and cohort files say what `clauses.csv` and `evidence.csv` say, no more and no less."""

from __future__ import annotations

import csv
import math
import re

import pytest

from simlib.core.distributions import parse_limit
from simlib.core.files import read_yaml, scenarios, validate
from simlib.policy.explain import as_text, explain
from simlib.policy.levers import LEVERS
from simlib.policy.load import load_layer, load_policy
from simlib.policy.scopes import DRUG_SCOPES
from simlib.world.cohort import Cohort
from simlib.world.region import Region, check_region

DOCUMENTS = ("national", "sichuan", "chongqing", "beijing", "guangzhou")
HELD = ("before-2021", "listing-2023", "before-reform")  # before the reforms, each on the one before it
FILES = (*HELD, "list-2025", *DOCUMENTS)
TRIGGER = {
    "listing_known": "listing",
    "catalogue_published": "catalogue",
    "application_list_updated": "application_list",
}

# Where the file leaves the scope that clauses.csv gives, because of what the document says.
DESIGNATED = "the document or its issuer reaches designated hospitals only (readings A4, A8)"
NO_DRUGS = "the document names no drugs here"
WIDER = "the document names more than class 1"
TRIALS = "every drug trial and every application, whatever the drug"
IMPORTS = "imported drugs have no scope of their own"
DEFINES = "it defines the scope of the other rules"
CATALOGUE = "drugs of the basic catalogue stand as negotiated, those in the dual channel too"
PRICED = "drugs that have a payment standard, or are in the catalogue as the sentence has it"
FLAG = "the set of drugs is the scope of a flag"
FAST_LISTING = (
    "the text improves an existing fast listing of innovative drugs; only the 15 working days are for list drugs"
)
OTHER_SCOPE = {
    **dict.fromkeys(("CN-10a", "CN-10b", "CN-10c", "CN-10e"), ("innovative/designated", DESIGNATED)),
    **dict.fromkeys(("SC-04d", "GZ-02a"), ("negotiated/designated", DESIGNATED)),
    "SC-05b": ("class1/designated", DESIGNATED),
    "CN-10d": ("negotiated+commercial_list/designated", DESIGNATED),
    "CQ-16c": ("nrdl_innovative/designated", DESIGNATED),
    "GZ-02b": ("negotiated/tertiary_general&designated", DESIGNATED),
    "GZ-03a": ("negotiated+innovation_list+hk_macau/designated", DESIGNATED),
    **dict.fromkeys(("SC-08b", "SC-08c", "CN-05a", "CN-13d", "CN-13e", "CN-14d"), ("all", NO_DRUGS)),
    **dict.fromkeys(("GZ-08", "GZ-09a", "GZ-11b", "GZ-11c", "GZ-11d"), ("all", NO_DRUGS)),
    **dict.fromkeys(("BJ-13", "BJ-14a", "BJ-14c", "BJ-14h", "BJ-22b", "BJ-26"), ("all", NO_DRUGS)),
    **dict.fromkeys(("CQ-17", "CQ-17b", "CQ-17d"), ("all", NO_DRUGS)),
    **dict.fromkeys(("BJ-01", "BJ-01b", "BJ-04", "BJ-05a", "BJ-05b"), ("all", TRIALS)),
    **dict.fromkeys(("CQ-09", "CQ-09b", "CQ-09c", "CQ-13"), ("all", TRIALS)),
    **dict.fromkeys(("CQ-03", "CQ-10"), ("all", WIDER)),
    "BJ-10": ("all", IMPORTS),
    "SC-01a": ("all", DEFINES),
    **dict.fromkeys(("CN-13c", "GZ-01", "GZ-01b", "GZ-02c"), ("negotiated", CATALOGUE)),
    **dict.fromkeys(("CN-06c", "CQ-16d"), ("nrdl_innovative", PRICED)),
    "BJ-08": ("urgent_import", "the route is its own scope"),
    "BJ-09": ("rare_whitelist", "the route is its own scope"),
    "GZ-09b": ("hk_macau", "the route is its own scope"),
    "CN-13b": ("negotiated", FLAG),
    "GZ-03c": ("negotiated+commercial_list+innovation_list+hk_macau", FLAG),
}
# The same for one lever, or one entry, of a clause.
OTHER_SCOPE_OF = {
    ("CQ-15c", "listing.green_channel"): ("innovative", FAST_LISTING),
    ("SC-09", "coordination"): ("class1", "coordination is for every firm, only following up is for key ones"),
}
# Where it leaves the force that clauses.csv gives to the whole clause.
OTHER_STRENGTH = {("CQ-15c", "listing.green_channel"): ("declared", FAST_LISTING)}
# A set whose words stand in entries of their own, because they differ in scope or in what the text states.
APART = {
    ("SC-09", "readiness.firm_support"): ({"coordination"}, {"follow_up"}),
    ("CQ-15f", "committee.barriers_removed"): ({"formulary_size", "drug_share"}, {"two_specifications"}),
}
# Where the file says another value, because the words of the clause are no value of the lever.
OTHER_VALUE = {
    ("CN-12", "payment.special_case_review.interval"): ((3.0, "months"), "quarterly or monthly; reading C2: quarterly"),
    ("GZ-01", "catalogue.local_adoption_lag"): ((0.0, "days"), "promptly is no number; reading F1: at once"),
    ("BJ-13", "listing.cross_province_coordination"): ("group_sharing", "three places share, not all provinces"),
}
# Where the clause has no number: its word, in place of which the file assumes a number with a range.
ASSUMED_NUMBER = {
    ("SC-04e", "settlement.direct_by_fund"): "true",
    ("GZ-02c", "dual_channel.hospital_coverage"): "widening",
    ("GZ-09b", "payment.dip_bonus"): "true",
    ("BJ-16b", "payment.outpatient_special_rate"): "higher",
}
# Where the value, or (CQ-15f) one entry of it, is a reading of the words and not the text itself.
ASSUMED_WORD = {
    ("SC-02b", "procurement.purchase_clock_from"),
    ("SC-04b", "payment.case_payment_exclusion"),
    ("CN-12", "payment.special_case_review.interval"),
    ("CQ-15f", "committee.barriers_removed", "two_specifications"),
    ("GZ-01", "catalogue.local_adoption_lag"),
    ("BJ-05a", "preapproval.trial_approval_limit"),
    ("BJ-05b", "preapproval.supplement_review_limit"),
    ("BJ-10", "routes.customs_clearance"),
}
SIMULATED = ("core", "upstream")
LINES = 8  # of a rule in its file, comment included


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
    definition = LEVERS[lever]
    match definition.kind:
        case "flag":
            assert text == "true" or "|" in text or text in DRUG_SCOPES or text == "nrdl", (lever, text)
            return True
        case "limit":
            return parse_limit(text)
        case "count":
            return int(text.split(" by ")[0])
        case "share":
            return float(re.match(r"([0-9.]+)%", text)[1]) / 100
        case "set":
            return frozenset(text.split("|"))
        case "schedule":
            return tuple(sorted(schedule(definition.allowed, text)))
    assert text in definition.allowed, (lever, text)
    return text


def schedule(keys: tuple[str, ...], text: str) -> list[tuple[str | int, float]]:
    """Pairs of "10 in 2024", "20% up to 2|2|3|10 million yuan" (grants) or "10|5|1 million yuan" (awards)."""
    if m := re.fullmatch(r"([0-9]+) in ([0-9]{4})", text):
        return [(int(m[2]), float(m[1]))]
    numbers = [float(n) for n in re.findall(r"[0-9.]+", text)]
    if "%" in text:
        numbers[0] /= 100
    elif len(numbers) == 3:  # the middle award is for improved drugs and for biosimilars
        numbers.insert(1, numbers[1])
    return list(zip(keys, numbers, strict=True))


def rules(name: str):
    return load_policy(name).layers[-1].rules


def part(rule) -> str:
    """The word of an entry that holds one word of a set, else nothing."""
    return next(iter(rule.value)) if isinstance(rule.value, frozenset) and len(rule.value) == 1 else ""


def data(name: str):
    return read_yaml(scenarios() / "policies" / f"{name}.yaml").data


def wanted(document: str) -> list[tuple[str, str]]:
    """(clause, lever) of every clause of a document that is to be simulated."""
    rows = [row for row in CLAUSES.values() if row["document"] == document and row["scope"] in SIMULATED]
    return sorted((row["id"], lever) for row in rows for lever in settings(row))


def given(name: str) -> list[tuple[str, str]]:
    """(clause, lever) of every rule of a file, and of its head."""
    head = data(name)
    heads = [(head["in_force"]["clause"], "validity.period")]
    if "stacking" in head:
        heads.append((head["stacking"]["clause"], "validity.stacking"))
    entries = [(r.clause, r.lever) for r in rules(name)]
    once = [e for i, e in enumerate(entries) if e not in APART or e not in entries[:i]]
    return sorted([*heads, *once])


def test_all_clauses_to_be_simulated_are_there():
    simulated = {row["id"] for row in CLAUSES.values() if row["scope"] in SIMULATED}
    assert len(simulated) == 154
    assert {clause for name in DOCUMENTS for clause, _ in given(name)} == simulated


def test_every_clause_to_be_simulated_sets_levers_that_are_known_and_no_other_clause_does():
    for row in CLAUSES.values():
        assert bool(row["lever"]) == (row["scope"] in SIMULATED), row
        assert not row["lever"] or set(settings(row)) <= set(LEVERS), row


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_rule_of_the_document_is_missing_given_twice_or_made_up(name):
    assert given(name) == wanted(data(name)["document"])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_rule_is_as_strong_as_its_clause(name):
    for r in rules(name):
        force = OTHER_STRENGTH.get((r.clause, r.lever), (CLAUSES[r.clause]["force"], ""))[0]
        assert r.strength == force, r


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_rule_has_the_value_of_its_clause(name):
    for r in rules(name):
        key, text = (r.clause, r.lever), settings(CLAUSES[r.clause])[r.lever][0]
        if key in ASSUMED_NUMBER:
            assert text == ASSUMED_NUMBER[key] and r.kind == "assumed", r
            assert min(r.range) <= r.value <= max(r.range) and min(r.range) < max(r.range), r
        elif key in OTHER_VALUE:
            assert r.value == OTHER_VALUE[key][0], r
        elif key in APART:
            assert r.value in APART[key] and expected(r.lever, text) == frozenset().union(*APART[key]), r
        else:
            assert r.value == expected(r.lever, text), r


@pytest.mark.parametrize("name", DOCUMENTS)
def test_only_what_the_text_leaves_open_is_assumed(name):
    for r in rules(name):
        key = (r.clause, r.lever)
        open_ = key in ASSUMED_WORD or (*key, part(r)) in ASSUMED_WORD or key in ASSUMED_NUMBER
        assert r.kind == ("assumed" if open_ else "stated"), r
        assert bool(r.reason) == bool(r.reason_zh) == open_, r


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_rule_reaches_the_drugs_and_hospitals_of_its_clause(name):
    for r in rules(name):
        scope = settings(CLAUSES[r.clause])[r.lever][1] or data(name)["default_scope"]
        scope = OTHER_SCOPE.get(r.clause, (scope, ""))[0]
        scope = OTHER_SCOPE_OF.get((r.clause, part(r) or r.lever), (scope, ""))[0]
        drugs, _, hospitals = scope.partition("/")
        assert (set(r.drugs), r.hospitals) == (set(drugs.split("+")), hospitals or "all"), r


def test_no_entry_that_says_why_is_left_over():
    """Each is about a rule, and says something else than the clause does."""
    rules_of = {(r.clause, r.lever): (name, r) for name in DOCUMENTS for r in rules(name)}
    assert {*OTHER_VALUE, *ASSUMED_NUMBER, *OTHER_STRENGTH, *APART, *(key[:2] for key in ASSUMED_WORD)} <= set(rules_of)
    for (clause, lever), (strength, why) in OTHER_STRENGTH.items():
        assert why and rules_of[clause, lever][1].strength == strength != CLAUSES[clause]["force"]
    for (clause, of), (scope, why) in OTHER_SCOPE_OF.items():
        all_ = [r for name in DOCUMENTS for r in rules(name) if r.clause == clause and of in (r.lever, part(r))]
        assert why and [r.scope for r in all_] == [scope], clause
        assert settings(CLAUSES[clause])[all_[0].lever][1] != scope, clause
    for (clause, lever), words in APART.items():
        found = [r.value for name in DOCUMENTS for r in rules(name) if (r.clause, r.lever) == (clause, lever)]
        assert sorted(map(sorted, found)) == sorted(map(sorted, words)), clause
    for clause, (scope, why) in OTHER_SCOPE.items():
        scopes = {s or data(name)["default_scope"] for name, r in rules_of.values() if r.clause == clause
                  for s in (settings(CLAUSES[clause])[r.lever][1],)}  # fmt: skip
        assert why and scopes and scopes != {scope}, clause
    for (clause, lever), (value, why) in OTHER_VALUE.items():
        assert why and settings(CLAUSES[clause])[lever][0] != value, clause


def blocks(name: str) -> list[tuple[int, list[str]]]:
    """(first line, lines) of every rule or group of rules: what stands between blank lines and section headings."""
    lines = (scenarios() / "policies" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    found: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(lines[lines.index("rules:") + 1 :], lines.index("rules:") + 2):
        if not line.strip() or line.startswith("  # ----"):
            fresh = True
        elif fresh:
            found.append((number, [line]))
            fresh = False
        else:
            found[-1][1].append(line)
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_rule_stands_in_few_lines_below_a_comment_that_names_its_clause(name):
    comments = {}
    for first, lines in blocks(name):
        assert len(lines) <= LINES, (first, lines)
        comment = " ".join(line for line in lines if line.lstrip().startswith("#"))
        comments.update(dict.fromkeys(range(first, first + len(lines)), comment))
    for r in rules(name):
        assert re.search(rf"\b{r.clause}\b", comments[r.source.line]), r


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_head_of_a_file_says_what_its_validity_clauses_say(name):
    head = data(name)
    force, stacking = head["in_force"], head.get("stacking")
    assert f"{force['from']}/{force['to']}" == CLAUSES[force["clause"]]["value"]
    layer, _ = load_layer(scenarios() / "policies" / f"{name}.yaml")
    assert (str(layer.start), str(layer.end or "open"), layer.clause) == (
        str(force["from"]),
        str(force["to"]),
        force["clause"],
    )
    if stacking:
        assert stacking["value"] == CLAUSES[stacking["clause"]]["value"].replace("|", "_")
    assert (layer.stacking, layer.stacking_clause) == (
        (stacking["value"], stacking["clause"]) if stacking else ("none_stated", "")
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_days_that_a_document_does_not_state_are_assumed_with_a_reason_and_marked(name):
    """None states both: Chongqing's hang on a day of publication that it does not name (reading D1)."""
    force = data(name)["in_force"]
    assert force["kind"] == "assumed" and len(force["reason"]) > 20 and len(force["reason_zh"]) > 10
    table = explain(load_policy(f"{name}-alone"))
    own = table[table["document"] == data(name)["document"]]
    assert set(own["dates_kind"]) == {"assumed"}
    for language, words in (("en", f"in force from {force['from']}"), ("zh", f"自{force['from']}起")):
        lines = [line for line in as_text(own, language).splitlines() if words in line]
        mark = {"en": " (assumed) |", "zh": "（假设） |"}[language]
        assert len(lines) == len(own) and all(mark in line for line in lines)


def test_days_that_are_stated_are_not_marked():
    table = explain(load_policy("listing-2023"))
    assert set(table["dates_kind"]) == {"stated"} and "(assumed)" not in as_text(table)


def test_local_documents_stand_on_the_national_one_and_that_on_what_held_before():
    below = {n: load_layer(scenarios() / "policies" / f"{n}.yaml")[1] for n in FILES}
    assert [below.pop(n) for n in HELD] == [None, *HELD[:-1]]
    assert (below.pop("list-2025"), below.pop("national")) == (HELD[-1], "list-2025")
    assert set(below.values()) == {"national"}
    assert [x.name for x in load_policy("beijing").layers if x.baseline] == list(HELD)


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
    check_region(region)
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


def test_a_policy_file_that_is_edited_is_read_anew(tmp_path):
    path = tmp_path / "my-city.yaml"
    text = """format: 1
name: my-city
title: {en: Mine, zh: 我的}
document: mine
source: toy
place: toy
rules:
  procurement.purchase_within: {value: 60 days, strength: must, clause: "1", kind: stated}
"""
    for days in (60, 5):  # of another length
        path.write_text(text.replace("60", str(days)), encoding="utf-8")
        (rule,) = (r for r in load_policy(str(path)).layers[-1].rules)
        assert rule.value == (float(days), "days")
