"""What held before the reforms may be documents with days of their own: they hold from those days on, in comparisons too."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from simlib.core.files import InputError, scenarios
from simlib.policy.load import load_policy
from simlib.scenario.derived import before_reform
from simlib.scenario.scenario import load_scenario
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
        "before-reform": -float("inf"),
        "earlier": day(date(2021, 9, 10)),
        "reform": day(date(2022, 1, 1)),
    }
    assert [n.en for n in found.notices if "earlier" in n.en] == []  # it is not moved


def test_the_same_world_before_the_reforms_keeps_what_held_before(home):
    base = before_reform(load_scenario("small-world", {"policy": "reform"}))
    assert [layer.name for layer in base.policy.layers] == ["before-reform", "earlier"]
    assert before_reform(base) is None


def test_a_reform_alone_stands_on_what_held_before_and_on_nothing_else(home):
    write("later", "reform", "false", "2026-01-01")
    assert [x.name for x in load_policy("later").layers] == ["before-reform", "earlier", "reform", "later"]
    assert [x.name for x in load_policy("later-alone").layers] == ["before-reform", "later"]


def test_what_held_before_stands_on_no_reform(home):
    write("odd", "reform", "true", "2026-01-01")
    with pytest.raises(InputError, match="odd.yaml:8: baseline: it cannot have held before reform, on which it stands"):
        load_policy("odd")
