"""Where two policies differ, and the rulebooks in which some of the clauses hold."""

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.experiments.attribution.coalitions import of_one
from simlib.experiments.attribution.parts import game, place_of
from simlib.scenario.scenario import load_scenario


def world(policy, **changes):
    return load_scenario("small-world", {"policy": policy, **changes})


@pytest.fixture(scope="module")
def guangzhou():
    return game(world("guangzhou"), world("before-reform"))


def same(a, b):
    """Whether two runs gave the same, to the last bit."""
    return a.keys() == b.keys() and all(np.array_equal(x, b[k], equal_nan=True) for k, x in a.items())


def rules(policy):
    return {(r.lever, r.clause, r.document, str(r.value), r.scope, r.strength) for r in policy.rules}


def test_every_rule_that_one_of_the_policies_lacks_belongs_to_one_part(guangzhou):
    listed = [r for p in guangzhou.parts for r in p.rules]
    missing = rules(guangzhou.scenario.policy) - rules(guangzhou.baseline.policy)
    assert len(listed) == len(missing) and len({p.name for p in guangzhou.parts}) == len(guangzhou.parts) > 50
    assert all(r.clause in p.clauses and r.document == p.document for p in guangzhou.parts for r in p.rules)


@pytest.mark.parametrize(
    ("scenario", "baseline"),
    [
        ("guangzhou", "before-reform"),
        ("beijing", "national"),
        ("chongqing", "sichuan"),
        ("before-2021", "before-reform"),
    ],
)
def test_none_of_the_parts_is_the_baseline_and_all_of_them_the_scenario(scenario, baseline):
    """To the last bit, upwards, sideways and downwards in the stack."""
    found = game(world(scenario), world(baseline))
    for coalition, side in ((0, found.baseline), (found.all, found.scenario)):
        assert same(of_one(found.built(coalition), 3), of_one(side, 3))


def test_without_one_part_the_rulebook_is_the_one_without_that_clause(guangzhou):
    for clause in ("GZ-02a", "CN-03"):
        i = place_of(guangzhou.parts, clause)
        without = world("guangzhou", without=[clause])
        assert rules(guangzhou.built(guangzhou.all ^ 1 << i).policy) == rules(without.policy)
        assert same(of_one(guangzhou.at(guangzhou.all ^ 1 << i), 1), of_one(without, 1))


def test_with_one_part_alone_its_rules_are_added_to_the_baseline(guangzhou):
    i = place_of(guangzhou.parts, "GZ-02a")
    added = rules(guangzhou.at(1 << i).policy) - rules(guangzhou.baseline.policy)
    assert {clause for _, clause, *_ in added} == {"GZ-02a"}


def test_a_changed_value_is_one_part_with_a_rule_on_either_side():
    found = game(world("sichuan", **{"committee.duty.listing.within": "3 months"}), world("sichuan"))
    (part,) = found.parts
    assert len(part.ours) == len(part.theirs) == 1 and part.ours[0].value != part.theirs[0].value


def test_articles_and_documents_hold_the_clauses_that_stand_in_them(guangzhou):
    articles, documents = (game(guangzhou.scenario, guangzhou.baseline, by) for by in ("article", "document"))
    assert [p.name for p in documents.parts] == ["national-list-2025", "national-2025-16", "guangzhou-2026-3"]
    for coarse in (articles, documents):
        assert sorted(c for p in coarse.parts for c in p.clauses) == sorted(
            c for p in guangzhou.parts for c in p.clauses
        )
    assert 3 < len(articles.parts) < len(guangzhou.parts)


def test_what_is_no_matter_of_clauses_is_refused():
    for other, told in (
        ({"obedience": "full"}, "obedience"),
        ({"decision.rho": 0.9}, "parameters"),
        ({"dates": {"guangzhou": {"from": "2026-03-01"}}}, "start of guangzhou"),
    ):
        with pytest.raises(InputError, match=told):
            game(world("guangzhou"), world("guangzhou", **other) if "dates" in other else world("national", **other))
    with pytest.raises(InputError, match="same rules"):
        game(world("guangzhou"), world("guangzhou"))
    with pytest.raises(InputError, match="level of parts 'sentence'"):
        game(world("guangzhou"), world("national"), "sentence")


def test_a_part_that_is_not_there_is_named_with_the_nearest(guangzhou):
    with pytest.raises(InputError, match="GZ-02"):
        place_of(guangzhou.parts, "GZ-02")
