"""The vocabulary of rules is complete, typed and bilingual."""

from __future__ import annotations

import csv
import re

import pytest

from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy import levers
from simlib.policy.flow import STAGES
from simlib.policy.levers import LEVERS
from simlib.policy.load import parse_layer
from simlib.policy.phrases import PHRASES
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES, STATIC_SCOPES
from simlib.policy.values import lever_value
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world, hospitals_in
from simlib.world.parameters import Stages

DUTIES = [f"committee.duty.{t}" for t in levers.TRIGGERS]
TOGETHER = {"committee.trigger": DUTIES, "committee.convene_within": DUTIES}  # one entry here for two of the list
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HEAD = """format: 1
name: toy
title: {en: a, zh: b}
document: toy
place: toy
rules:
"""


def rule(lever: str, value: str) -> str:
    return f"{HEAD}  {lever}: {{value: {value}, strength: must, clause: toy, kind: stated}}\n"


def test_every_lever_that_a_clause_sets_is_known():
    with open(scenarios() / "clauses.csv", encoding="utf-8-sig", newline="") as f:
        cited = {name for row in csv.DictReader(f) for name in row["lever"].split(";") if name}
    assert {name for row in cited for name in TOGETHER.get(row, [row])} - set(LEVERS) == set()


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_says_what_it_is_in_both_languages(name):
    lever = LEVERS[name]
    for text in (lever.title, lever.says):
        assert text.en and text.zh and text.en != text.zh
        assert CHINESE.search(text.zh) and not CHINESE.search(text.en)
    assert lever.title.en != lever.says.en and lever.title.zh != lever.says.zh


def test_no_two_levers_have_the_same_title():
    for texts in ([v.title.en for v in LEVERS.values()], [v.title.zh for v in LEVERS.values()]):
        assert sorted(texts) == sorted(set(texts))


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_moves_an_indicator_of_its_stage(name):
    lever = LEVERS[name]
    assert lever.moves in INDICATORS and STAGES[lever.stage].built


@pytest.mark.parametrize("name", LEVERS)
def test_words_bounds_and_units_fit_the_kind_of_a_lever(name):
    lever = LEVERS[name]
    assert len(set(lever.allowed)) == len(lever.allowed)
    assert len(lever.allowed) >= 2 or lever.kind not in ("choice", "set")
    numeric = lever.kind in ("limit", "count", "share", "number", "schedule")
    assert (lever.low is not None, lever.high is not None, bool(lever.unit)) == (numeric, numeric, numeric)
    if numeric:
        assert lever.low < lever.high
    assert lever.smaller_is_better == (lever.kind == "limit")


def test_stages_are_named_once_in_both_languages():
    for name, stage in STAGES.items():
        assert stage.name == name and CHINESE.search(stage.zh) and not CHINESE.search(stage.en)
    assert {v.stage for v in LEVERS.values()} <= set(STAGES)


def test_the_switches_of_a_scenario_are_stages_of_the_flow():
    assert set(Stages.model_fields) <= set(STAGES)


def test_scopes_are_named_and_explained_in_both_languages():
    for scopes in (DRUG_SCOPES, HOSPITAL_SCOPES):
        assert len({s.name for s in scopes.values()}) == len(scopes)
        for scope in scopes.values():
            assert CHINESE.search(scope.name.zh) and CHINESE.search(scope.says.zh)
            assert not CHINESE.search(scope.name.en + scope.says.en) and "_" not in scope.name.en


def test_every_scope_tells_some_drug_or_hospital_inside_from_one_outside_but_all():
    world = build_world(load_scenario("sichuan-sichuan-default"), 0)
    for scope in STATIC_SCOPES:
        assert world.static_since(scope).shape == (len(world.drugs),)
    for scope in HOSPITAL_SCOPES:
        assert hospitals_in(scope, world.hospitals).all() == (scope == "all"), scope


def test_a_scope_of_which_no_function_knows_is_an_error():
    world = build_world(load_scenario("sichuan-sichuan-default"), 0)
    with pytest.raises(KeyError, match="no_such_scope"):
        hospitals_in("no_such_scope", world.hospitals)


def test_scopes_of_special_routes_reach_no_drug_of_an_ordinary_cohort():
    world = build_world(load_scenario("sichuan-sichuan-default"), 0)
    for scope in ("hk_macau", "urgent_import", "rare_whitelist"):
        assert scope in STATIC_SCOPES
        assert (world.static_since(scope) == float("inf")).all()


def test_a_world_may_bring_drugs_by_the_hong_kong_and_macau_route():
    world = build_world(load_scenario("sichuan-sichuan-default", {"drugs.hk_macau_share": 0.5}), 0)
    assert 0.3 < (world.static_since("hk_macau") < 0).mean() < 0.7


@pytest.mark.parametrize("name", ["validity.period", "validity.stacking"])
def test_what_stands_in_the_head_of_a_file_is_no_rule(name):
    with pytest.raises(InputError, match=f"{name}: set in the file's head"):
        parse_layer(parse_yaml(rule(name, "2024-01-01/open"), "toy.yaml"))


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("payment.dip_bonus", 1.5, 1.5),
        ("payment.outpatient_special_rate", 10, 10.0),
        ("catalogue.local_adoption_lag", "0 days", (0.0, "days")),
        ("routes.urgent_import", {2025: 4, "2024": 10}, ((2024, 10.0), (2025, 4.0))),
        ("preapproval.grants", {"share_of_cost": 0.2, "phase_3": 10}, (("phase_3", 10.0), ("share_of_cost", 0.2))),
    ],
)
def test_numbers_and_schedules_are_read(name, raw, value):
    assert lever_value(LEVERS[name], raw) == value


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("payment.dip_bonus", 0.9, "expected a number from 1 to 3"),
        ("payment.dip_bonus", True, "expected a number from 1 to 3"),
        ("payment.dip_bonus", float("nan"), "expected a number from 1 to 3"),
        ("listing.review_limit", "0 days", "a limit is longer than nothing"),
        ("preapproval.grants", 20, "expected a number for each of some keys"),
        ("preapproval.grants", {"phase_33": 10}, "did you mean 'phase_3'"),
        ("preapproval.grants", {"share_of_cost": 20}, "value of share_of_cost 20: expected a number from 0 to 1"),
        ("routes.urgent_import", {"soon": 10}, "expected a year from 1990 to 2100"),
        ("routes.urgent_import", {1066: 10}, "expected a year from 1990 to 2100"),
        ("validity.stacking", "earlier_yields", "set in the file's head"),
    ],
)
def test_a_value_out_of_bounds_is_refused(name, raw, words):
    with pytest.raises(ValueError, match=words):
        lever_value(LEVERS[name], raw)


def test_a_schedule_stands_in_a_file_as_keys_and_numbers():
    layer, _ = parse_layer(parse_yaml(rule("routes.urgent_import", "{2024: 10}"), "toy.yaml"))
    assert layer.rules[0].value == ((2024, 10.0),)


def test_what_a_lever_needs_is_a_stage_a_lever_a_word_of_its_own_or_a_fact_with_words():
    for lever in LEVERS.values():
        assert set(lever.acts_in) <= set(STAGES), lever.name
        for need in lever.needs:
            word, _, ways = need.rpartition(":")
            assert not word or word in lever.allowed, (lever.name, need)
            for way in ways.split("|"):
                assert way in STAGES or way in LEVERS or f"need_{way}" in PHRASES, (lever.name, need)
