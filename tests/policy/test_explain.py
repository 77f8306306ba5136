"""What a policy says: value, reach, since when, by which clause, what it overrides, and what differs between two."""

from datetime import date

import pytest

from simlib.core.files import Document, InputError, home, scenarios
from simlib.policy.changes import apply_changes
from simlib.policy.diff import diff, diff_text
from simlib.policy.explain import as_text, explain
from simlib.policy.load import for_region, load_policy


def row(table, clause):
    return table[table["clause"] == clause].iloc[0]


def test_a_rule_is_told_with_value_scope_strength_clause_file_and_days():
    r = row(explain(load_policy("sichuan"), "committee.duty.listing"), "SC-02a")
    assert (r["value"], r["scope"], r["strength"], r["document"], r["kind"]) == (
        "1 month",
        "class1",
        "must",
        "sichuan-2025-64",
        "stated",
    )
    assert (str(r["from"]), r["to"], r["acts"]) == ("2025-03-21", None, "yes")
    text = (home() / r["file"]).read_text(encoding="utf-8").splitlines()[r["line"] - 1]
    assert "within: 1 month" in text


def test_a_better_local_value_overrides_the_national_one_and_a_worse_one_yields():
    table = explain(load_policy("beijing"), "committee.duty")
    assert "CN-10a" in str(row(table, "BJ-14b")["overrides"]) and "BJ-14b" in str(row(table, "CN-10a")["yields_to"])
    coordination = explain(load_policy("beijing"), "listing.cross_province_coordination")
    assert "CN-09c" in str(row(coordination, "BJ-13")["yields_to"])


def test_a_set_adds_to_the_one_below_it():
    table = explain(load_policy("sichuan"), "committee.barriers_removed")
    assert "CN-10c" in str(row(table, "SC-02c")["overrides"])


def test_a_rule_acts_or_says_which_of_its_words_do_not():
    table = explain(load_policy("sichuan"), "payment.case_payment_exclusion")
    assert row(table, "SC-04b")["acts"] == "yes"
    routes = explain(load_policy("sichuan"), "listing.other_routes")
    assert "volume-based" in row(routes, "SC-01e")["acts"]


def test_a_changed_rule_names_its_change():
    changed = apply_changes(load_policy("sichuan"), {"committee.duty.listing.within": "2 months"})
    assert "2 months" in as_text(explain(changed, "committee.duty.listing"))
    assert "1 month of SC-02a" in as_text(explain(changed, "committee.duty.listing"))


def test_practice_that_held_in_one_place_is_shown_there_only():
    beijing = load_policy("beijing")
    assert "practice" in set(explain(for_region(beijing, "beijing"), "listing.green_channel")["clause"])
    assert "practice" not in set(explain(for_region(beijing, "sichuan"), "listing.green_channel")["clause"])


def test_an_unknown_lever_names_the_nearest():
    with pytest.raises(InputError, match="committee.duty.listing"):
        explain(load_policy("sichuan"), "committee.dutty.listing")
    with pytest.raises(InputError, match="did you mean the group 'committee'"):
        explain(load_policy("sichuan"), "comittee")


def test_two_policies_differ_by_the_clauses_that_one_of_them_has():
    table = diff(load_policy("national"), load_policy("sichuan")).set_index("lever")
    assert (
        table.loc["committee.duty.listing", "only_b"] == ["SC-02a"]
        and table.loc["committee.duty.listing", "only_a"] == []
    )
    assert "committee.duty.catalogue" not in table.index  # both have it from the national notice
    clauses = {c for column in ("only_a", "only_b") for cs in table[column] for c in cs}
    assert {c[:2] for c in clauses} == {"SC"}
    assert len(diff(load_policy("sichuan"), load_policy("sichuan"))) == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_difference_can_be_read_in_both_languages(language):
    text = diff_text(load_policy("national"), load_policy("chongqing"), language)
    assert "CQ-15d" in text and ("必须" in text) == (language == "zh")


def test_a_difference_of_days_or_of_another_way_to_keep_a_rule_is_a_difference():
    plain = load_policy("chongqing")
    dated = apply_changes(plain, {"committee.duty.application_list.from": "2026-06-01"})
    assert list(diff(plain, dated)["lever"]) == ["committee.duty.application_list"]
    assert "2026-06-01" in diff_text(plain, dated)
    moved = apply_changes(plain, {"dates": {"chongqing": {"from": "2025-12-02", "to": "2028-12-01"}}})
    assert list(diff(plain, moved)["lever"]) == ["validity.period"]
    assert "2028-11-30" in diff_text(plain, moved, "zh") and "2028-12-01" in diff_text(plain, moved, "zh")
    assert "or committee.temporary_channel" in diff_text(load_policy("national"), plain)


LATER = {
    "format": 1, "name": "later", "title": {"en": "Later", "zh": "后"}, "document": "later-1", "place": "beijing", "on": "beijing",
    "in_force": {"from": date(2024, 11, 17), "to": "open", "clause": "L0"}, "stacking": {"value": "earlier_yields", "clause": "L9"},
    "rules": {
        "committee.duty": {"catalogue": {"within": "2 months", "strength": "encouraged", "clause": "L1", "kind": "stated"}},
        "committee.min_meetings_per_year": {"value": 2, "scope": "all/tertiary", "strength": "must", "clause": "L2", "kind": "stated"},
    },
}  # fmt: skip


@pytest.fixture
def loosened():
    return load_policy(Document("later.yaml", LATER))


def test_what_a_later_notice_replaced_is_told_as_replaced_with_its_days(loosened):
    table = diff(load_policy("beijing"), loosened).set_index("lever")
    duty = table.loc["committee.duty.catalogue"]
    assert (duty["only_a"], duty["only_b"], duty["replaced_a"], duty["replaced_b"]) == (
        ["BJ-14b"],
        ["L1"],
        [],
        ["BJ-14b"],
    )
    was, (new, gone) = duty["a_en"], duty["b_en"]
    assert was == ["1 month · must · negotiated (BJ-14b)"] and new == "2 months · encouraged · all · 2024-11-17 / (L1)"
    assert gone == (
        "1 month · must · negotiated · 2024-04-17 / (BJ-14b); holds until 2024-11-16; "
        "yields from 2024-11-17 on to L1 (2 months), by L9"
    )
    part = table.loc["committee.min_meetings_per_year", "b_zh"][1]
    assert part.endswith("；自2024-11-17起在其适用范围内由L2（2次/年）取代（依据L9）") and "效力至" not in part


def test_a_difference_read_as_text_marks_what_was_replaced(loosened):
    lines = diff_text(load_policy("beijing"), loosened).splitlines()
    signs = [line[:4] for line in lines if line.startswith("  ") and "month" in line]
    assert signs == ["  - ", "  + ", "  ~ "]
    assert not len(diff(loosened, loosened))


def test_a_notice_that_replaces_nothing_differs_by_what_it_adds_alone():
    beside = LATER | {"stacking": {"value": "none_stated", "clause": "L9"}}
    table = diff(load_policy("beijing"), load_policy(Document("later.yaml", beside)))
    assert [list(c) for c in table[["only_a", "replaced_b"]].to_numpy()] == [[[], []]] * 2


def test_an_edited_copy_of_a_stored_policy_cannot_pass_for_it(tmp_path):
    text = (scenarios() / "policies" / "sichuan.yaml").read_text(encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="is the name of a stored policy"):
        load_policy(str(path))
