"""Layers of a scenario: a later one wins, and every value knows who set it, in which file and line."""

from __future__ import annotations

import copy
import pickle

import pytest

from simlib.core.files import InputError, read_yaml, scenarios
from simlib.scenario.derived import with_numbers
from simlib.scenario.layers import KINDS, file_layer
from simlib.scenario.resolve import resolve
from simlib.scenario.scenario import load_scenario

REGION = """format: 1
name: mine
title: {en: Mine, zh: 我的}
population_million: 1
payment: DRG
platform:
  complete: 0.11
strata:
  - {id: a, level: 3, type: general, owner: city, place: city, count: 1, beds: 100, kind: assumed, source: made up}
"""
VARIANT = "format: 1\nname: {0}\ntitle: {{en: a, zh: b}}\nchanges:\n  decision.rho: 0.9\n  listing.complete: {1}\n"
SCENARIO = """format: 1
name: layered
cohort: synthetic-small
start: 2021-01-01
policy_from: 2022-01-01
end: 2025-12-31
region: mine.yaml
"""
FILE = "parameters:\n  listing:\n    complete: 0.22\n"
NAMED = "variants: [named.yaml]\n"
CHANGES = "changes:\n  listing.complete: 0.44\n"


@pytest.fixture
def place(tmp_path):
    """A folder with a region and two variants; `write` puts the scenario's file beside them."""
    (tmp_path / "mine.yaml").write_text(REGION, encoding="utf-8")
    (tmp_path / "named.yaml").write_text(VARIANT.format("named", 0.33), encoding="utf-8")
    (tmp_path / "given.yaml").write_text(VARIANT.format("given", 0.55), encoding="utf-8")
    return tmp_path


def write(place, *more: str) -> str:
    path = place / "layered.yaml"
    path.write_text(SCENARIO + "".join(more), encoding="utf-8")
    return str(path)


LOG_ODDS = {"level_3": 3.0, "level_2": 2.0, "level_1": 1.0}
# what is there beside the layers below: (more of the file, the caller's variants, the caller's changes), the value, layer,
# file and line that win
STEPS = {
    "region": ((), (), {}, 0.11, "mine.yaml", 7),
    "file": ((FILE,), (), {}, 0.22, "layered.yaml", 10),
    "variant": ((FILE, NAMED), (), {}, 0.33, "named.yaml", 6),
    "changes": ((FILE, NAMED, CHANGES), (), {}, 0.44, "layered.yaml", 13),
    "variant of the caller": ((FILE, NAMED, CHANGES), ("given",), {}, 0.55, "given.yaml", 6),
    "set": ((FILE, NAMED, CHANGES), ("given",), {"listing.complete": 0.66}, 0.66, "", 0),
}


@pytest.mark.parametrize("layer", STEPS)
def test_each_layer_wins_over_those_before_it_and_is_told_as_the_source(layer, place):
    more, variants, changes, value, file, line = STEPS[layer]
    s = load_scenario(write(place, *more), changes, [str(place / f"{v}.yaml") for v in variants])
    source = s.source_of("listing.complete")
    assert s.parameters.listing.complete == value
    assert source.layer == layer.split()[0] and source.line == line
    assert source.file.endswith(file) and bool(source.file) == bool(file)


def test_a_value_knows_all_that_it_was_laid_over(place):
    more, variants, changes, *_ = STEPS["set"]
    s = load_scenario(write(place, *more), changes, [str(place / f"{v}.yaml") for v in variants])
    told = s.settings_of("listing.complete")
    assert [t.value for t in told] == [0.7, 0.11, 0.22, 0.33, 0.44, 0.55, 0.66]
    assert [t.origin.layer for t in told] == ["default", "region", "file", "variant", "changes", "variant", "set"]
    assert {t.origin.layer for t in told} <= set(KINDS)


def test_a_default_stands_in_the_file_of_assumed_numbers():
    source = load_scenario("small-world").source_of("decision.rho")
    line = (scenarios() / "assumptions.yaml").read_text(encoding="utf-8").splitlines()[source.line - 1]
    assert (source.layer, source.file) == ("default", "scenarios/assumptions.yaml") and line.startswith("  rho:")
    assert str(source) == f"default (scenarios/assumptions.yaml:{source.line})"


def test_a_reading_wins_over_a_default_and_a_number_of_ones_own_over_a_reading():
    read = {"readings.D2": "with_notice"}
    s = load_scenario("sichuan-sichuan-default", read)
    source = s.source_of("catalogue.list_open")
    line = (scenarios() / "readings.yaml").read_text(encoding="utf-8").splitlines()[source.line - 1]
    assert (source.layer, source.name, source.file) == ("reading", "D2=with_notice", "scenarios/readings.yaml")
    assert "catalogue.list_open" in line and s.parameters.catalogue.list_open == 0
    assert s.source_of("readings.D2").layer == "set"
    s = load_scenario("sichuan-sichuan-default", read | {"catalogue.list_open": 7})
    assert s.source_of("catalogue.list_open").layer == "set" and s.parameters.catalogue.list_open == 7
    assert [t.value for t in s.settings_of("catalogue.list_open")][-2:] == [0, 7]


@pytest.mark.parametrize(("key", "layer", "line"), [
    ("seed", "default", 0), ("cohort", "file", 3), ("end", "variant", 4), ("obedience", "set", 0),
])  # fmt: skip
def test_a_key_of_the_scenario_knows_its_source_too(key, layer, line, place):
    variant = "format: 1\nname: later\ntitle: {en: a, zh: b}\nchanges: {end: 2026-12-31}\n"
    (place / "later.yaml").write_text(variant, encoding="utf-8")
    s = load_scenario(write(place), {"obedience": "full"}, [str(place / "later.yaml")])
    assert (s.source_of(key).layer, s.source_of(key).line) == (layer, line)


def test_a_part_of_a_value_that_was_set_as_a_whole_has_its_source():
    s = load_scenario("sichuan-sichuan-default", variants=["monthly-meetings"])
    for key in ("committee.meetings", "committee.meetings.every", "committee.meetings.every.level_3"):
        source = s.source_of(key)
        assert (source.layer, source.name) == ("variant", "monthly-meetings"), key
        assert source.file == "scenarios/variants/monthly-meetings.yaml" and source.line > 1


def test_a_change_replaces_what_the_file_and_earlier_changes_set_inside_it():
    whole, part = (
        {"committee.meetings.every": {"level_3": 45, "level_2": 45, "level_1": 45}},
        {"committee.meetings.every.level_3": 44},
    )
    assert load_scenario("small-world", part | whole).parameters.committee.meetings.every["level_3"] == 45
    assert load_scenario("small-world", whole | part).parameters.committee.meetings.every["level_3"] == 44


def test_nothing_that_was_read_or_handed_over_is_changed():
    given = {
        "committee.meetings.every": {"level_3": 45, "level_2": 45, "level_1": 45},
        "committee.meetings.every.level_3": 44,
    }
    before = copy.deepcopy(given)
    load_scenario("small-world", given, ["monthly-meetings"])
    assert given == before
    every = load_scenario("small-world", variants=["monthly-meetings"]).parameters.committee.meetings.every
    assert every["level_3"] == 30


def test_an_unknown_key_has_no_source_but_a_near_spelling():
    with pytest.raises(InputError, match="decision.roh: .*did you mean 'decision.rho'"):
        load_scenario("small-world").source_of("decision.roh")


def test_sources_are_no_part_of_what_makes_two_scenarios_equal():
    one = load_scenario("small-world")
    two = load_scenario("small-world", {"decision.rho": one.parameters.decision.rho})
    assert one.digest() != two.digest()  # the hash knows that it was said
    assert one.source_of("decision.rho") != two.source_of("decision.rho")
    assert pickle.loads(pickle.dumps(two)).source_of("decision.rho").layer == "set"


def test_a_number_replaced_later_says_so():
    s = with_numbers(load_scenario("small-world"), {"decision.rho": 0.4})
    assert s.source_of("decision.rho").layer == "set" and s.settings_of("decision.rho")[-1].value == 0.4


def test_many_numbers_replaced_at_once_say_the_same_as_one_after_the_other(place):
    changes = {
        "decision.rho": 0.4,
        "asking.lambda0": 1.0,
        "purchase.time": {"constant": 3.0, "unit": "days"},
        "decision.b0": LOG_ODDS,
    }
    at_once = one_by_one = load_scenario(write(place), {"decision.b0.level_3": 0.1})
    for path, value in changes.items():
        one_by_one = with_numbers(one_by_one, {path: value})
    at_once = with_numbers(at_once, changes)
    assert list(at_once.settings.items()) == list(one_by_one.settings.items()) and at_once.spec == one_by_one.spec
    assert at_once.settings_of("decision.b0.level_3")[-1].value == 3


FAULTS = {
    "in the region's platform": (("complete: 0.11", "complete: 1.1"), r"mine\.yaml:7: platform\.complete: .*1\.1"),
    "of the platform's keys": (("complete: 0.11", "complet: 0.1"), r"mine\.yaml:7: platform\.complet: .*'complete'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_regions_number_is_told_in_the_regions_file(fault, place):
    (old, new), words = FAULTS[fault]
    (place / "mine.yaml").write_text(REGION.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        load_scenario(write(place))


def test_layers_are_resolved_without_a_scenario():
    document = read_yaml(scenarios() / "toys" / "chain.yaml")
    tree = resolve([file_layer(document)])
    assert tree.data == document.data and tree.data["parameters"] is not document.data["parameters"]
    assert all(layer.kind == "file" for layer in tree.layers.values())
