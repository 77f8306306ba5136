"""Rounds of the national catalogue: a file of them is checked like any other."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.experiments.check import check_file
from simlib.scenario.rounds import parse_rounds, rounds_of
from simlib.scenario.scenario import load_scenario

RULE = "rule: {cut_off: [6, 30], published: [12, 5], effective: [1, 1], kind: assumed}\n"
ROUND = "rounds: {2021: {cut_off: 2021-06-30, published: 2021-12-03, effective: 2022-01-01, kind: published}}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rounds: {2021: {}}\n" + RULE, "rounds.2021.cut_off: missing"),
        (ROUND.replace("2021: {", "value: {") + RULE, "rounds.value: "),
        (ROUND.replace("2021-06-30", "6") + RULE, "rounds.2021.cut_off: 6 is no date; write YEAR-MONTH-DAY"),
        (ROUND.replace("2021-06-30", "2022-06-30") + RULE, "expected cut_off, published and effective in this order"),
        (ROUND, "rule: missing"),
        (
            ROUND + RULE.replace("[6, 30]", "[2, 29]"),
            "rule.cut_off: [2, 29] is no day of every year; write [month, day]",
        ),
        (ROUND + RULE.replace("[12, 5]", f"[{2**63}, 5]"), f"[{2**63}, 5] is no day of every year"),
        (ROUND + RULE.replace("[12, 5]", "[3, 5]"), "rule.published: cut_off comes after published"),
    ],
)
def test_a_round_that_cannot_be_is_one_line_with_its_key(text, words):
    with pytest.raises(InputError) as e:
        parse_rounds(parse_yaml(text, "mine.yaml"))
    assert str(e.value).startswith("mine.yaml:") and words in str(e.value) and "\n" not in str(e.value)


def test_after_the_last_known_round_there_is_one_a_year_by_the_rule():
    found = rounds_of("catalogue_rounds", date(2024, 1, 1), 365 * 4)
    assert [(r.year, r.kind) for r in found] == [
        (2024, "published"),
        (2025, "published"),
        (2026, "assumed"),
        (2027, "assumed"),
    ]
    assert found[2].published == (date(2026, 12, 5) - date(2024, 1, 1)).days


def test_a_users_own_rounds_are_checked_by_the_command_and_by_the_scenario_that_names_them(tmp_path, monkeypatch):
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    mine = tmp_path / "scenarios" / "mine.yaml"
    mine.write_text(ROUND + RULE, encoding="utf-8")
    assert check_file(mine) == "data"
    assert load_scenario("small-world", {"rounds": "mine"}).rounds[0].kind == "published"
    mine.write_text(ROUND + RULE.replace("[1, 1]", "[13, 1]"), encoding="utf-8")
    for read in (lambda: check_file(mine), lambda: load_scenario("small-world", {"rounds": "mine"})):
        with pytest.raises(InputError, match=r"mine.yaml:2: rule.effective: \[13, 1\] is no day of every year"):
            read()
