"""The line above the picture, and changes that are no rules."""

from __future__ import annotations

from simlib.words import words
from simlib.workbench.other import other_rows, plain
from simlib.workbench.session import Choice, Session
from simlib.workbench.status import how_far, no_effect
from simlib.workbench.text import changed
from tests.workbench.standing import Standing, made_up

EN, ZH = words("en", "workbench"), words("zh", "workbench")


def test_a_move_that_changes_nothing_is_told_with_the_clause_that_prevails():
    session, same = Session(Choice(policy="beijing")), made_up(0.4, 3)
    control = next(c for c in session.controls() if c.key == "committee.duty.catalogue@CN-10a")
    session.move(control, value=6.0)
    said = no_effect(session, same.first(3), same, EN)
    assert "no difference in 3 replications: the better value of CN21-01, CN25-01, BJ-14b prevails" in said
    assert "CN21-01、CN25-01、BJ-14b的值更优" in no_effect(session, same.first(3), same, ZH)
    other = Session()
    other.put({"decision.rho": 0.3})
    assert no_effect(other, same.first(3), same, EN) == EN.say("no_effect", n=3)


def test_a_move_that_changes_something_or_is_not_yet_seen_is_not_said_to_change_nothing():
    session = Session()
    session.put({"decision.rho": 0.3})
    assert no_effect(session, made_up(0.41, 3), made_up(0.4, 3), EN) == ""
    assert no_effect(session, made_up(0.4, 1), made_up(0.4, 3), EN) == ""
    assert no_effect(Session(), made_up(0.4, 3), made_up(0.4, 3), EN) == ""


def test_the_status_counts_what_all_lines_have():
    session, engine = Session(), Standing()
    engine.runs = {session.spec().key: made_up(0.4, 2), session.baseline_spec().key: made_up(0.3, 16)}
    engine.error = ""
    assert how_far(session, engine, 2, 16, False, EN).startswith("Running: 2 of 16 replications; stocked 24 months")


def test_an_assumed_number_is_told_by_its_title_with_what_it_was():
    session = Session()
    session.open_variant("monthly-meetings")
    rows = other_rows(session, EN)
    assert rows[0] == ["time between committee meetings, tertiary (days)", "182", "30"] and len(rows) == 3
    assert "两次药事会的间隔，三级（天）" in changed(session, ZH) and "level_3" not in changed(session, ZH)


def test_readings_and_keys_of_the_scenario_are_told_in_words():
    session = Session()
    session.put({"seed": 7})
    assert other_rows(session, EN)[0][0] == "seed of the random numbers"
    assert plain({"a_b": [1, 2.5], "c": True}, EN) == "a b: 1, 2.5, c: yes"
