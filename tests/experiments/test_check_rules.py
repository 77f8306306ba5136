"""How `simlib check FILE` ends: each of the file's rules, whether it acts in the scenario of its place, and what it moves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simlib.cli.application import main
from simlib.cli.check_table import table_lines
from simlib.core.files import InputError, scenarios
from simlib.experiments.check_rules import file_rules, measured
from simlib.experiments.proof import quietly

MINE = """\
format: 1
name: mine
title: {{en: Mine, zh: 我的}}
document: mine
source: a test
place: {place}
on: national
rules:
  committee.duty:
    application_list: {{within: 1 month, scope: negotiated, strength: must, clause: "1", kind: stated}}
  listing.direct: {{value: true, scope: innovative, strength: must, clause: "2", kind: stated}}
  committee.direct_inclusion: {{value: true, only: [beijing], strength: must, clause: "3", kind: stated}}
"""


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(MINE.format(place="sichuan"), encoding="utf-8")
    return path


def lines(found, language="en"):
    """The table without the breaks of long lines."""
    return " ".join(" ".join(table_lines(found, language)).split())


def test_a_policy_is_asked_for_in_the_stored_scenario_of_its_place(mine):
    found = file_rules(mine, "policy")
    assert (found.scenario.name, found.scenario.policy.name) == ("sichuan-sichuan-default", "mine")
    said = lines(found)
    assert said.startswith(
        "Its rules in sichuan-sichuan-default, hospitals obey by default: 1 committee.duty.application_list"
    )
    assert "cannot act here, because no rule here makes an application list (catalogue.application_list.update)" in said
    assert "2 listing.direct yes acts 3" in said and "because it holds only in beijing" in said
    assert said.endswith("1 of 3 rules act here.")
    assert "3条规则中有1条在此起作用。" in lines(found, "zh")


def test_another_scenario_can_be_named(mine):
    found = file_rules(mine, "policy", "beijing-beijing-none")
    assert [row.acting.acts for row in found.rows] == [False, True, False]
    assert "no hospital obeys" in lines(found)


def test_a_policy_of_a_place_without_a_scenario_tells_what_its_stack_lacks(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(MINE.format(place="atlantis"), encoding="utf-8")
    found = file_rules(path, "policy")
    assert found.scenario is None and [row.acting.acts for row in found.rows] == [False, True, True]
    assert "no stored scenario is of place atlantis" in lines(found)
    with pytest.raises(InputError, match="name one with --in SCENARIO"):
        measured(found, quietly)


def test_a_scenario_shows_the_rules_that_it_writes_or_changes_itself(tmp_path):
    text = (scenarios() / "proofs" / "world.yaml").read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    changes = "changes: {committee.direct_inclusion: {value: true, scope: all, strength: must}, listing.direct.strength: declared}"
    path.write_text(f"{text}policy: national\n{changes}\n", encoding="utf-8")
    found = file_rules(path, "scenario")
    rows = {row.rule.lever: row.rule for row in found.rows}
    assert rows["committee.direct_inclusion"].clause == "variant" and rows["listing.direct"].strength == "declared"
    assert "listing.other_routes" not in rows  # practice before the reforms, which the file neither writes nor changes


def test_what_a_rule_moves_by_itself_is_measured_with_its_interval():
    found = file_rules(scenarios() / "toys" / "meetings-90-duty.yaml", "scenario")
    (row,) = (r for r in measured(found, quietly, 3).rows if r.rule.lever == "committee.duty.listing")
    assert row.moved.low < row.moved.difference < row.moved.high < 0 and not row.moved.same
    shown = lines(measured(found, quietly, 3))
    assert "acts; alone: request to first hearing −0.6" in shown and " months (−0.6" in shown


def test_a_minimum_that_every_committee_keeps_anyway_moves_nothing_alone(tmp_path):
    text = (scenarios() / "toys" / "meetings-90-duty.yaml").read_text(encoding="utf-8")
    path = tmp_path / "once-a-year.yaml"
    path.write_text(f"{text}changes: {{committee.min_meetings_per_year: {{value: 1, scope: all, strength: must}}}}\n")
    found = measured(file_rules(path, "scenario"), quietly, 2)
    assert [row.moved.same for row in found.rows] == [False, True]
    assert "alone: moves nothing in 2 histories while the others stand" in lines(found)


def test_the_table_comes_with_a_file_and_not_with_all_of_them(mine, capsys):
    assert main(["check", str(mine)]) == 0
    assert "1 of 3 rules act here." in capsys.readouterr().out
    assert main(["check", str(mine), "--json"]) == 0
    (file,) = json.loads(capsys.readouterr().out)
    assert file["rules"]["scenario"] == "sichuan-sichuan-default"
    assert [row["acts"] for row in file["rules"]["rules"]] == [False, True, False]
    assert file["rules"]["rules"][0]["why"].startswith("no rule here makes") and file["rules"]["rules"][0]["line"] == 10


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "--measure"], "--measure: name the file whose rules are meant"),
        (["check", "--in", "first"], "--in: name the file whose rules are meant"),
        (["check", str(Path("scenarios/policies/national.yaml")), "--in", "frist"], "did you mean 'first'?"),
    ],
)
def test_a_table_that_cannot_be_made_says_why(words, said, capsys, monkeypatch):
    monkeypatch.chdir(scenarios().parent)
    assert main(words) == 2
    assert said in capsys.readouterr().err
