"""Loading is strict: one clear line for whatever cannot be used."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from simlib.core.files import InputError, parse_yaml, read_yaml, scenarios
from simlib.policy.load import parse_layer
from simlib.scenario.scenario import load_scenario

GOOD = Path(__file__).resolve().parents[2] / "scenarios" / "toys" / "chain.yaml"

FAULTS = {
    "a misspelt key": ("cohort:", "cohrt:", r":\d+: cohrt: unknown key; allowed: .*; did you mean 'cohort'\?"),
    "a probability of 1.3": ("pass: 0.6", "pass: 1.3", r":\d+: parameters.decision.fixed.*pass: .*1.*1\.3"),
    "a negative duration": ("time: 30 days", "time: -30 days", r":\d+: parameters.purchase.time: '-30 days' is no duration"),
    "an end before the start": ("horizon_days: 2500", "end: 1999-12-31", r":\d+: end: the end 1999-12-31 is not after the start 2000-01-01"),
    "two ends": ("horizon_days: 2500", "horizon_days: 2500\nend: 2005-01-01", "give exactly one of end, horizon_days"),
    "a key given twice": ("calendar: every_day", "calendar: every_day\ncalendar: china", r":\d+: calendar: given twice"),
    "an unknown choice": ("order: first_come", "order: fist_come", r"order: 'fist_come' is not allowed; .*did you mean 'first_come'"),
    "an unknown stage": ("{readiness: false", "{rediness: false", r"unknown key 'rediness'; .*did you mean 'readiness'"),
    "a tab": ("format: 1", "format:\t- 1", r":\d+: not YAML"),
    "an anchor": ("format: 1", "format: &x 1", r":\d+: anchors are not allowed"),
    "a tag": ("format: 1", "format: !!python/name:os.system 1", r":\d+: tags are not allowed"),
    "another format": ("format: 1", "format: 7", r":\d+: format 7: this version reads format 1; a newer simlib wrote it"),
    "probabilities that add up to more than 1": ("defer: 0.4", "defer: 0.7", "add up to more than 1"),
    "an unknown policy": ("calendar: every_day", "calendar: every_day\npolicy: sichaun", "unknown policy 'sichaun'; .*did you mean 'sichuan'"),
    "a policy start after the end": ("policy_from: 0", "policy_from: 9999", "is not before the end"),
    "meetings without distance": ("{every: {level_3: 90, level_2: 90, level_1: 90}}", "{intervals: 0 days}", "0 days apart"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_names_file_line_key_and_remedy(fault, tmp_path):
    old, new, words = FAULTS[fault]
    text = GOOD.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as e:
        load_scenario(path)
    message = str(e.value)
    assert "\n" not in message and re.search(words, message), message


def test_an_empty_a_missing_and_a_binary_file_are_told_apart(tmp_path):
    path = tmp_path / "a.yaml"
    with pytest.raises(InputError, match="no such file"):
        load_scenario(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="the file is empty"):
        load_scenario(path)
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        load_scenario(path)


def test_an_unknown_scenario_lists_what_there_is():
    with pytest.raises(InputError, match="unknown scenario 'chian'; allowed: .*did you mean 'chain'"):
        load_scenario("chian")


def test_a_change_from_outside_the_file_is_named_by_its_key():
    with pytest.raises(InputError, match=r"^set decision.rho: .*1\.3"):
        load_scenario("chain", set={"decision.rho": 1.3})


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("comittee.duty.listing", "did you mean 'committee.duty.listing'?"),
        ("lissting.reviw_limit", "did you mean 'listing.review_limit'?"),
        ("asknig.push_exposur", "did you mean 'asking.push_exposure'?"),
        ("comittee", "did you mean the group 'committee', such as 'committee."),
        ("obediance", "did you mean 'obedience'?"),
    ],
)
def test_a_change_under_a_misspelt_group_is_told_the_right_one(key, words):
    with pytest.raises(InputError) as e:
        load_scenario("chain", set={key: "1 month"})
    assert words in str(e.value)


def test_a_change_leaves_the_base_as_it_was():
    before = load_scenario("chain")
    changed = load_scenario("chain", set={"purchase.time": "60 days", "obedience": "full"})
    assert changed.parameters.purchase.time.constant == 60 and changed.obedience == "full"
    assert load_scenario("chain").digest() == before.digest() != changed.digest()


POLICY = """
format: 1
name: mine
title: {en: Mine, zh: 我的}
document: mine-1
place: chengdu
default_scope: class1
rules:
  listing.review_limit: {value: 10 working days, strength: must, clause: X-1, kind: stated}
"""
POLICY_FAULTS = {
    "an unknown lever": ("listing.review_limit", "listing.reveiw_limit", r":9: rules.listing.reveiw_limit: unknown lever; did you mean 'listing.review_limit'"),
    "a limit without unit": ("10 working days", "10", "is no duration"),
    "a limit of nothing": ("10 working days", "0 days", "longer than nothing"),
    "an unknown strength": ("must", "shall", "'shall' is not allowed; allowed: must, declared, encouraged, explore"),
    "a missing clause": (", clause: X-1", "", r"clause: missing"),
    "an unknown scope": ("strength: must", "scope: clas1, strength: must", "unknown drug scope 'clas1'; .*did you mean 'class1'"),
    "hospitals where they make no difference": ("strength: must", "scope: class1/public, strength: must", "does not differ by hospital"),
    "an assumed value without range": ("kind: stated", "kind: assumed", "needs range and reason"),
}  # fmt: skip


@pytest.mark.parametrize("fault", POLICY_FAULTS)
def test_a_fault_of_a_policy_names_file_line_key_and_remedy(fault):
    old, new, words = POLICY_FAULTS[fault]
    with pytest.raises(InputError) as e:
        parse_layer(parse_yaml(POLICY.replace(old, new, 1), "mine.yaml"))
    assert str(e.value).startswith("mine.yaml:") and re.search(words, str(e.value)), str(e.value)


def test_every_rule_knows_its_file_and_line():
    layer, _ = parse_layer(parse_yaml(POLICY, "mine.yaml"))
    assert str(layer.rules[0].source) == "mine.yaml:9"


def test_numbers_are_read_as_yaml_1_2_reads_them(tmp_path):
    path = tmp_path / "n.yaml"
    path.write_text("a: 1e-3\nb: no\nc: 8:30\nd: 012\n", encoding="utf-8")
    assert read_yaml(path).data == {"a": 0.001, "b": "no", "c": "8:30", "d": 12}


@pytest.mark.parametrize(("kind", "name"), [("region", "beijing"), ("cohort", "synthetic-small")])
def test_a_stored_region_or_cohort_that_is_not_called_like_its_file_is_refused(kind, name, tmp_path, monkeypatch):
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    folder = tmp_path / "scenarios" / f"{kind}s"
    shutil.copy(folder / f"{name}.yaml", folder / "mine.yaml")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    with pytest.raises(
        InputError, match=rf"mine\.yaml:\d+: name: '{name}' stands in the file of 'mine'; give both the same name"
    ):
        load_scenario("small-world", {kind: "mine"})
