"""Names and looks of runs that are shown together: no two alike."""

from __future__ import annotations

import pytest

from simlib.scenario.scenario import load_scenario
from simlib.see.base import looks_of, names_of, words_of
from simlib.see.colours import kind_of, look

EN, ZH = words_of("en"), words_of("zh")


def named(*names: str, changes: tuple[dict, ...] = ()) -> list:
    return [load_scenario(n, c) for n, c in zip(names, changes or ({},) * len(names), strict=True)]


def test_two_places_under_one_rulebook_are_named_by_place():
    both = named("sichuan-national-default", "beijing-national-default")
    assert names_of(both, EN) == ["national, Sichuan", "national, Beijing"]
    assert names_of(both, ZH)[0].endswith("，四川省") and names_of(both[:1], EN) == ["national"]


def test_obedience_is_told_only_where_the_place_does_not_tell_them_apart():
    runs = named("sichuan-national-default", "sichuan-national-full", "beijing-national-default")
    told = names_of(runs, EN)
    assert told[0] == "national, Sichuan, default obedience" and told[2] == "national, Beijing"


def test_changes_are_quoted_and_what_is_the_same_is_numbered():
    quick = {"purchase.time": "5 days"}
    runs = named("chain", "chain", "chain", changes=({}, quick, quick))
    told = names_of(runs, EN)
    assert told[0] == "before reform" and "purchase.time" in told[1] and len(set(told)) == 3
    assert told[1].endswith("(1)") and told[2].endswith("(2)")


@pytest.mark.parametrize("policy", ["national", "sichuan", "beijing", "chongqing", "guangzhou", "before-reform"])
def test_four_runs_of_one_policy_have_its_colour_and_four_kinds_of_line_and_markers(policy):
    s = load_scenario(f"{'sichuan' if policy in ('national', 'before-reform') else policy}-{policy}-default")
    looks = looks_of([s] * 4)
    assert {x.colour for x in looks} == {look(policy).colour} and looks[0] == look(policy)
    assert len({kind_of(x.line) for x in looks}) == len({x.marker for x in looks}) == 4
