"""A clause is meant by its name where one document has it, by DOCUMENT:CLAUSE where two have, and never by a guess."""

from __future__ import annotations

import pytest

from simlib.cli.application import main
from simlib.cli.options import read_sets
from simlib.core.files import InputError, parse_yaml
from simlib.policy.changes import apply_changes
from simlib.policy.load import load_policy
from simlib.workbench.controls import controls

NOTICE = """\
format: 1
name: {name}
title: {{en: A notice, zh: 通知}}
document: {document}
source: a test
place: my-city
on: {on}
rules:
  committee.duty: {{{trigger}: {{within: 20 days, strength: must, clause: "{clause}", kind: stated}}}}
  committee.direct_inclusion: {{value: true, scope: {scope}, strength: must, clause: "{clause}", kind: stated}}
"""


def notice(folder, name="first", on="national", clause="12", trigger="listing", scope="class1", document=None):
    path = folder / f"{name}.yaml"
    text = NOTICE.format(
        name=name, on=on, clause=clause, trigger=trigger, scope=scope, document=document or f"{name}-notice"
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def two(tmp_path, monkeypatch):
    """Two notices of one stack with a clause 12 each; the first stands in `scenarios/policies/`."""
    return stacked(tmp_path, monkeypatch)


def stacked(folder, monkeypatch, **later):
    from simlib.policy import load

    first = notice(folder)
    stored, names = load.load_layer, load.names
    monkeypatch.setattr(load, "names", lambda: [*names(), "first"])
    monkeypatch.setattr(load, "_own_layer", lambda d, *_: load.parse_layer(d))
    monkeypatch.setattr(load, "load_layer", lambda p: stored(first if p.stem == "first" else p))
    return load_policy(str(notice(folder, "second", on="first", trigger="catalogue", scope="negotiated", **later)))


def carried(policy):
    return sorted({f"{r.document}:{r.clause}" for r in policy.rules if r.clause == "12"})


def test_a_clause_that_two_documents_have_is_refused_with_both_ways_to_write_it(two):
    with pytest.raises(InputError) as e:
        apply_changes(two, {"without": "12"})
    assert str(e.value) == (
        "set without: clause '12' stands in 2 documents of this stack; write first-notice:12 or second-notice:12"
    )
    with pytest.raises(InputError, match="stands in 2 documents.*write first-notice:12 or second-notice:12"):
        apply_changes(two, {"committee.direct_inclusion@12": "off"})


def test_document_and_clause_take_out_one_of_them(two):
    assert carried(apply_changes(two, {"without": "second-notice:12"})) == ["first-notice:12"]
    one = apply_changes(two, {"committee.direct_inclusion@first-notice:12.strength": "explore"})
    assert [r.strength for r in one.of("committee.direct_inclusion") if r.clause == "12"] == ["explore", "must"]


def test_a_clause_is_enough_where_one_document_alone_sets_the_lever(two):
    assert not apply_changes(two, {"committee.duty.listing@12": "off"}).of("committee.duty.listing")


@pytest.mark.parametrize("value", [12, [12], "12", ["12"]])
def test_a_clause_that_is_a_number_need_not_stand_in_quotation_marks(tmp_path, value):
    policy = load_policy(str(notice(tmp_path)))
    assert carried(policy) and not carried(apply_changes(policy, {"without": value}))


def test_nor_need_it_on_the_command_line_or_in_a_file(tmp_path, capsys):
    policy = load_policy(str(notice(tmp_path)))
    assert not carried(apply_changes(policy, read_sets(("without=12",))))
    assert not carried(apply_changes(policy, parse_yaml("without: [12]", "a file").data))
    assert main(["explain", str(tmp_path / "first.yaml"), "committee.direct_inclusion", "--set", "without=12"]) == 0
    assert "12 of first-notice" not in capsys.readouterr().out


@pytest.mark.parametrize("clause", ["3.1", "第十二条", "Art. 5", "12.a"])
def test_a_clause_may_have_dots_blanks_and_chinese_characters(tmp_path, clause):
    policy = load_policy(str(notice(tmp_path, clause=clause)))
    changed = apply_changes(policy, {f"committee.direct_inclusion@{clause}.strength": "explore"})
    assert {r.strength for r in changed.of("committee.direct_inclusion") if r.clause == clause} == {"explore"}
    assert len(apply_changes(policy, {f"committee.direct_inclusion@{clause}": "off"}).rules) == len(policy.rules) - 1


def test_a_clause_that_is_no_clause_is_refused_with_the_nearest(tmp_path):
    policy = load_policy(str(notice(tmp_path, clause="SC-12")))
    with pytest.raises(InputError, match="did you mean 'SC-12'"):
        apply_changes(policy, {"without": "SC-1"})
    with pytest.raises(InputError, match=r"expected a list of clauses"):
        apply_changes(policy, {"without": True})


def test_a_reading_means_the_stored_document_whoever_else_has_the_clause(tmp_path):
    policy = load_policy(str(notice(tmp_path, clause="CN-10a")))
    kept = apply_changes(policy, {"without": "CN-10a"}, "reading", strict=False)
    assert {r.document for r in kept.rules if r.clause == "CN-10a"} == {"first-notice"}


def test_two_layers_of_a_stack_are_two_documents(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"second.yaml.*document: 'first-notice' is that of first too"):
        stacked(tmp_path, monkeypatch, document="first-notice")


def test_the_workbench_has_a_control_for_each_of_two_clauses_of_one_name(two):
    own = [c for c in controls(two) if c.lever.name == "committee.direct_inclusion" and c.clause.endswith("12")]
    assert [c.key for c in own] == [f"committee.direct_inclusion@{d}-notice:12" for d in ("first", "second")]
    off = apply_changes(two, {own[0].key: "off"})
    assert not own[0].where(off).on and own[1].where(off).on
