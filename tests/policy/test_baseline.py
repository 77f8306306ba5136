"""What held before the reforms may be documents with days of their own: they hold from those days on, in comparisons too."""

from __future__ import annotations

import shutil
from datetime import date
from functools import cache

import pandas as pd
import pytest

from simlib.core.files import InputError, scenarios
from simlib.experiments.run import simulate
from simlib.policy.load import load_policy
from simlib.policy.rules import Rule
from simlib.scenario.derived import before_reform
from simlib.scenario.scenario import Scenario, load_scenario
from simlib.scenario.world import days_in_force

NOTICE = """format: 1
name: NAME
title: {en: NAME, zh: 通知}
document: notice-NAME
source: a notice of this test
place: nation
on: BELOW
baseline: YES
in_force: {from: FIRST, to: open, clause: "1", kind: stated}
rules:
  committee.min_meetings_per_year: {value: 4, strength: must, clause: "2", kind: stated}
"""
STORED = ("before-2021", "listing-2023", "before-reform")
HELD = [r for layer in load_policy("before-reform").layers[1:] for r in layer.rules]
NAMES = [f"{r.lever}-{r.start or ''}" for r in HELD]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A project of its own with a notice of 2021 that held before, and a reform of 2025 on it."""
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    write("earlier", "before-reform", "true", "2021-09-10")
    write("reform", "earlier", "false", "2025-06-30")
    return tmp_path


def write(name: str, below: str, yes: str, first: str) -> None:
    text = NOTICE.replace("NAME", name).replace("BELOW", below).replace("YES", yes).replace("FIRST", first)
    (scenarios() / "policies" / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_what_held_before_begins_on_its_own_day_and_a_reform_on_the_day_of_the_comparison(home):
    found = load_scenario("small-world", {"policy": "reform", "start": "2021-01-01", "policy_from": "2022-01-01"})
    day = found.calendar.index
    starts = {layer.name: days_in_force(found, layer, layer.rules[0])[0] for layer in found.policy.layers}
    assert starts == {
        "before-2021": -float("inf"),
        "listing-2023": day(date(2023, 1, 18)),
        "before-reform": day(date(2021, 9, 10)),
        "earlier": day(date(2021, 9, 10)),
        "reform": day(date(2022, 1, 1)),
    }
    assert [n.en for n in found.notices if "earlier" in n.en] == []  # it is not moved


def test_the_same_world_before_the_reforms_keeps_what_held_before(home):
    base = before_reform(load_scenario("small-world", {"policy": "reform"}))
    assert [layer.name for layer in base.policy.layers] == [*STORED, "earlier"]
    assert before_reform(base) is None


def test_a_reform_alone_stands_on_what_held_before_and_on_nothing_else(home):
    write("later", "reform", "false", "2026-01-01")
    assert [x.name for x in load_policy("later").layers] == [*STORED, "earlier", "reform", "later"]
    assert [x.name for x in load_policy("later-alone").layers] == [*STORED, "later"]


def test_what_held_before_stands_on_no_reform(home):
    write("odd", "reform", "true", "2026-01-01")
    with pytest.raises(InputError, match="odd.yaml:8: baseline: it cannot have held before reform, on which it stands"):
        load_policy("odd")


def again(rule: Rule | None, below: str) -> Scenario:
    """The small world of the proofs under a reform that says once more what a rule says (None: nothing)."""
    rules: dict = {}
    if rule:
        key = "within" if rule.lever.startswith("committee.duty.") else "value"
        entry = {key: rule.said, "scope": rule.scope, "strength": rule.strength, "clause": "1", "kind": "stated"}
        entry |= {"from": rule.start} if rule.start else {}
        entry |= {"to": rule.end} if rule.end else {}
        trigger = rule.lever.removeprefix("committee.duty.")
        rules = {"committee.duty": {trigger: entry}} if key == "within" else {rule.lever: entry}
    policy = {"format": 1, "name": "again", "title": {"en": "Again", "zh": "重申"}, "document": "again", "place": "nation",
              "source": "a notice of this test", "on": below, "rules": rules}  # fmt: skip
    changes = {"policy": policy, "obedience": "default", "drugs.price_log_sd": 1.5}
    return load_scenario(scenarios() / "proofs" / "world.yaml", changes)


def outcome(rule: Rule | None, below: str) -> pd.DataFrame:
    return simulate(again(rule, below), 1, workers=1, progress=False).values


@cache
def silent(below: str) -> pd.DataFrame:
    """What comes of a reform that says nothing."""
    return outcome(None, below)


@pytest.mark.parametrize("rule", HELD, ids=NAMES)
def test_a_sentence_that_is_law_already_gains_nothing_when_a_reform_says_it_again(rule):
    assert outcome(rule, "before-reform").equals(silent("before-reform"))


@pytest.mark.parametrize("rule", HELD, ids=NAMES)
def test_the_same_sentence_moves_something_where_practice_alone_held_before(rule):
    assert not outcome(rule, "before-2021").equals(silent("before-2021"))
