"""Readings are parameters: each has a default that is what the policies say, and alternatives that load or say why not."""

import pytest

from simlib.core.files import InputError
from simlib.policy.changes import is_change
from simlib.policy.readings import readings
from simlib.scenario.scenario import load_scenario

ALL = readings()
CHOICES = [(code, other) for code, r in ALL.items() for other in r.others]


def load(**codes):
    return load_scenario("chongqing-chongqing-default", {f"readings.{k}": v for k, v in codes.items()})


def test_all_readings_are_there_by_code():
    counts = {letter: sum(code.startswith(letter) for code in ALL) for letter in "ABCDEF"}
    assert counts == {"A": 12, "B": 8, "C": 9, "D": 10, "E": 11, "F": 6}
    assert all(len(r.question.zh) > 5 and r.default.en for r in ALL.values())


def test_the_default_of_a_reading_changes_nothing():
    plain = load_scenario("chongqing-chongqing-default")
    chosen = load(**{code: r.default.name for code, r in ALL.items()})
    assert chosen.policy == plain.policy and chosen.parameters == plain.parameters


@pytest.mark.parametrize(("code", "other"), CHOICES, ids=[f"{c}-{o.name}" for c, o in CHOICES])
def test_an_alternative_changes_rules_or_numbers_or_says_why_not(code, other):
    if other.pending:
        with pytest.raises(InputError, match="cannot act yet"):
            load(**{code: other.name})
        return
    if other.inert:
        assert not other.set and len(other.inert.zh) > 5
        return
    places = other.only or ("chongqing", "sichuan", "beijing", "guangzhou")
    plain = [load_scenario(f"{p}-{p}-default") for p in places]
    read = [load_scenario(f"{p}-{p}-default", {f"readings.{code}": other.name}) for p in places]
    assert any(a.policy != b.policy or a.parameters != b.parameters for a, b in zip(plain, read, strict=True))
    rules = [r.changed for s in read for r in s.policy.rules if r.changed]
    assert all(c.startswith(f"reading {code}") for c in rules)
    assert (
        rules
        or not any(is_change(k) for k in other.set)
        or "dates" in other.set
        or "stacking" in other.set
        or "off" in map(str, other.set.values())
    )


def test_a_reading_of_one_place_leaves_the_others_alone():
    plain, read = (
        load_scenario("sichuan-sichuan-default"),
        load_scenario("sichuan-sichuan-default", {"readings.A2": "yields"}),
    )
    assert read.policy == plain.policy


def test_a_change_of_ones_own_wins_over_a_reading():
    s = load_scenario(
        "sichuan-sichuan-default",
        {
            "readings.B2": "learned",
            "procurement.purchase_clock_from": "committee_pass",
            "readings.D2": "with_notice",
            "catalogue.list_open": 7,
        },
    )
    assert s.policy.of("procurement.purchase_clock_from")[0].value == "committee_pass"
    assert s.parameters.catalogue.list_open == 7


@pytest.mark.parametrize(
    ("codes", "words"), [({"B22": "x"}, "did you mean 'B2'"), ({"B2": "lerned"}, "did you mean 'learned'")]
)
def test_an_unknown_reading_or_answer_is_one_line(codes, words):
    with pytest.raises(InputError, match=words):
        load(**codes)


def test_readings_act_in_the_same_order_whatever_order_they_are_asked_for_in():
    one = load_scenario("guangzhou-guangzhou-default", {"readings.A5": "catalogue", "readings.F6": "class1"})
    two = load_scenario("guangzhou-guangzhou-default", {"readings.F6": "class1", "readings.A5": "catalogue"})
    assert one.policy == two.policy and one.digest() == two.digest()


def test_a_reading_of_a_place_holds_where_another_policy_stands_on_that_place(tmp_path):
    path = tmp_path / "mianyang.yaml"
    path.write_text(
        "format: 1\nname: mianyang\ntitle: {en: a, zh: b}\ndocument: m-1\nsource: here\nplace: mianyang\non: sichuan\n"
        "rules:\n  listing.one_stop: {value: true, strength: must, clause: '1', kind: stated}\n",
        encoding="utf-8",
    )
    read = load_scenario("sichuan-sichuan-default", {"policy": str(path), "readings.B3": "whole_procedure"})
    assert read.policy.of("listing.review_limit") == () and read.policy.of("listing.whole_limit")
