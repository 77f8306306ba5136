"""Changes to rules: they compose, say what they changed, and leave the policy that they change as it was."""

from datetime import datetime

import pytest

from simlib.core.files import InputError
from simlib.policy.changes import apply_changes
from simlib.policy.load import load_policy

SICHUAN = load_policy("sichuan")


def rule(policy, lever, clause=None):
    return next(r for r in policy.of(lever) if clause in (None, r.clause))


def test_a_changed_value_keeps_scope_and_strength_and_says_what_it_was():
    before = rule(SICHUAN, "committee.duty.listing")
    after = rule(apply_changes(SICHUAN, {"committee.duty.listing.within": "2 months"}), "committee.duty.listing")
    assert (after.value, after.drugs, after.strength) == ((2.0, "months"), before.drugs, before.strength)
    assert "1 month of SC-02a" in after.changed
    assert rule(SICHUAN, "committee.duty.listing") is before and before.changed == ""


def test_a_change_of_one_clause_leaves_the_others_of_its_lever():
    changed = apply_changes(SICHUAN, {"committee.barriers_removed@SC-02c": "off"})
    assert [r.clause for r in changed.of("committee.barriers_removed")] == ["CN21-03", "CN-10c"]


def test_a_lever_that_no_document_sets_is_added_on_top():
    changed = apply_changes(
        SICHUAN, {"committee.direct_inclusion": {"value": True, "scope": "negotiated/public", "strength": "declared"}}
    )
    new = rule(changed, "committee.direct_inclusion")
    assert (new.clause, new.drugs, new.hospitals, new.strength, new.kind) == (
        "variant",
        ("negotiated",),
        "public",
        "declared",
        "assumed",
    )
    assert changed.layers[-1].name == "variant" and len(changed.layers) == len(SICHUAN.layers) + 1


def test_a_clause_is_taken_out_with_all_that_it_sets():
    changed = apply_changes(SICHUAN, {"without": ["SC-01b"]})
    assert {r.lever for r in SICHUAN.rules} - {r.lever for r in changed.rules} == {"listing.application_window"}
    assert "SC-01b" not in {r.clause for r in changed.rules}


def test_changes_compose_in_their_order():
    whole = {"within": "20 days", "scope": "class1", "strength": "declared"}
    changes = {"committee.duty.listing@SC-02a": "off", "committee.duty.listing": whole}
    assert rule(apply_changes(SICHUAN, changes), "committee.duty.listing").value == (20.0, "days")
    both = apply_changes(
        apply_changes(SICHUAN, {"committee.duty.listing.within": "2 months"}),
        {"committee.duty.listing.strength": "explore"},
    )
    assert (rule(both, "committee.duty.listing").value, rule(both, "committee.duty.listing").strength) == (
        (2.0, "months"),
        "explore",
    )


def test_the_local_text_wins_where_it_speaks_or_the_national_one_does():
    beijing = load_policy("beijing")
    clauses = lambda p: {r.clause for r in p.of("committee.duty.catalogue")}  # noqa: E731
    assert clauses(beijing) == {"CN21-01", "CN25-01", "CN-10a", "BJ-14b"}
    assert clauses(apply_changes(beijing, {"stacking": "local"})) == {"CN21-01", "BJ-14b"}  # what held before stays
    assert clauses(apply_changes(beijing, {"stacking": "national"})) == {"CN21-01", "CN25-01", "CN-10a"}
    practice = {r.clause for r in apply_changes(beijing, {"stacking": "local"}).layers[0].rules}
    assert practice == {r.clause for r in beijing.layers[0].rules}


def test_a_word_for_drugs_can_mean_another_one_and_hospitals_can_be_fewer():
    changed = apply_changes(SICHUAN, {"rescope": {"innovative": "negotiated"}, "restrict": "designated"})
    assert not any("innovative" in r.drugs for r in changed.rules)
    assert rule(changed, "committee.duty.listing").hospitals == "designated"
    assert rule(changed, "committee.duty.catalogue").hospitals == "designated"  # it was


def test_a_layer_can_begin_later_for_hospitals_alone():
    changed = apply_changes(SICHUAN, {"delay": {"national": 90}})
    assert {r.clause: r.delay for r in changed.of("committee.duty.catalogue")} == {
        "CN21-01": 0,
        "CN25-01": 0,
        "CN-10a": 90,
    }
    assert rule(changed, "listing.first_province_choice").delay == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"comittee.duty.listing": "1 month"}, "did you mean 'committee.duty.listing'"),
        ({"comittee.duty.application_list.within": "1 month"}, "did you mean 'committee.duty.application_list.within'"),
        ({"lissting.reviw_limit": "1 month"}, "did you mean 'listing.review_limit'"),
        ({"comittee": "1 month"}, "did you mean the group 'committee', such as 'committee."),
        ({"committee.duty.listing@SC-99": "off"}, "it has: SC-02a"),
        ({"without": "SC-2a"}, "did you mean 'SC-02a'"),
        ({"committee.duty.listing": "one month"}, "is no duration"),
        ({"committee.duty.listing.strength": "mus"}, "did you mean 'must'"),
        ({"committee.duty.listing.scope": "clas1"}, "did you mean 'class1'"),
        ({"committee.direct_inclusion.strength": "must"}, "to add one give all of it"),
        ({"committee.duty.application_list.within": "1 month"}, "to add one give all of it"),
        ({"committee.duty.listing": {"from": "2026-01-01", "to": "2025-01-01"}}, "is before the start"),
        ({"delay": {"natoinal": 90}}, "did you mean 'national'"),
        ({"stacking": "locl"}, "did you mean 'local'"),
        ({"rescope": {"inovative": "all"}}, "did you mean 'innovative'"),
        ({"restrict": "designatd"}, "did you mean 'designated'"),
        ({"dates": {"sichuan": {"to": "2024-01-01"}}}, "is before the start"),
        ({"committee.duty.listing.from": "soon"}, "is no date"),
    ],
)
def test_a_change_that_cannot_be_made_says_so_in_one_line(changes, words):
    with pytest.raises(InputError) as e:
        apply_changes(SICHUAN, changes)
    assert words in str(e.value) and "\n" not in str(e.value)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("restrict", ["tertiary"], "unknown hospital scope"),
        ("restrict", {}, "unknown hospital scope"),
        ("rescope", {"innovative": {}}, "unknown drug scope '{}'"),
        ("delay", {"sichuan": True}, "expected LAYER: DAYS, from 0 to 3660"),
        ("dates", {"sichuan": {"from": 20240105}}, "20240105 is no date; write YEAR-MONTH-DAY"),
        ("dates", {"sichuan": {"from": "2024-W05-1"}}, "'2024-W05-1' is no date"),
        ("dates", {"sichuan": {"from": datetime(2024, 1, 5, 10)}}, "is no date"),
        ("dates", {"sichuan": {"to": "9999-12-31"}}, "9999-12-31 is outside the days that can be simulated"),
        ("committee.duty.listing.from", "0001-01-01", "0001-01-01 is outside the days that can be simulated"),
        ("committee.duty.listing.clause", ["a"], "expected the name of a clause, such as SC-02a (given: ['a'])"),
        ("committee.duty.listing.clause", None, "expected the name of a clause"),
    ],
)
def test_a_value_of_another_kind_is_one_line_that_says_what_is_expected(key, value, words):
    with pytest.raises(InputError) as e:
        apply_changes(SICHUAN, {key: value})
    assert words in str(e.value) and str(e.value).startswith(f"set {key.split('.')[0]}")
