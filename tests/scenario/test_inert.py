"""A rule that is said not to act moves nothing, whatever world it stands in; the reason names what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.core.files import scenarios
from simlib.experiments.check_rules import without_rule
from simlib.experiments.proof import quietly
from simlib.policy.explain import explain
from simlib.policy.stacking import each_rule
from simlib.scenario.inert import inert_rules, standing
from simlib.scenario.rulebook import load_rulebook
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world, with_pipeline, with_routes

WORLD = scenarios() / "proofs" / "world.yaml"
TELLING = (28, 59, 122, 144, 202, 271, 277)  # seeds of worlds in which a first attempt said too much
KEEPING = ("purchases_in_time",)  # counts how a limit is kept, obeyed or not


def drawn(seed):
    """A random world, some with a pipeline or with special routes."""
    world = random_world(seed)
    return load_scenario({1: with_pipeline, 2: with_routes}.get(seed % 5, lambda w, _: w)(world, seed))


def numbers(scenario, replications=2):
    values = quietly(scenario, replications).values
    return values[~values.index.get_level_values(0).isin(KEEPING)]


def without_inert(scenario):
    """The scenario without what is said not to act: whole rules, and words of sets."""
    said = {id(r): a for _, r, a in standing(scenario)}

    def left(_, rule):
        found = said[id(rule)]
        if not found.acts:
            return None
        return replace(rule, value=rule.value - {w for w, _ in found.words}) if found.words else rule

    return replace(scenario, policy=each_rule(scenario.policy, left))


def assert_nothing_moves(scenario):
    with_, less = numbers(scenario), numbers(without_inert(scenario))
    assert with_.index.equals(less.index)
    np.testing.assert_allclose(with_, less, rtol=1e-12, atol=0)  # sums over classes of hospitals may round anew


@pytest.mark.parametrize("seed", TELLING)
def test_what_is_said_not_to_act_can_be_taken_out_of_a_random_world(seed):
    scenario = drawn(seed)
    assert len(inert_rules(scenario)) > 3
    assert_nothing_moves(scenario)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3000, 3100))
def test_what_is_said_not_to_act_can_be_taken_out_of_any_random_world(seed):
    assert_nothing_moves(drawn(seed))


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["sichuan", "beijing"])
def test_nearly_every_rule_that_is_said_to_act_moves_something(policy):
    world = load_scenario(WORLD, {"policy": policy, "obedience": "default"})
    whole = numbers(world, 1)
    acting = [r for layer, r, a in standing(world) if a.acts and layer.name == policy]
    still = [r for r in acting if numbers(without_rule(world, r), 1).equals(whole)]
    assert len(still) <= len(acting) / 5, [(r.lever, r.clause) for r in still]  # others set the same, or luck


RULE = {"scope": "all", "strength": "must"}
NO_LIST = "no rule here makes an application list"
MISSING = {  # by what is missing: changes of the world, the rule, the reason
    "a list": ({}, "committee.duty.application_list", {"within": "1 month", "scope": "negotiated"}, NO_LIST),
    "a list to be on": ({}, "listing.price_guidance", {"value": True, "scope": "application_list"}, NO_LIST),
    "use of the list": ({}, "catalogue.application_list.update", {"value": "continuous"}, "speaks of the application list"),
    "a catalogue": ({"stages.catalogue": False}, "committee.duty.catalogue", {"within": "1 month"}, "basic catalogue"),
    "a round": ({"rounds": None}, "catalogue.commercial.enabled", {"value": True}, "no round"),
    "a commercial catalogue": ({}, "commercial.catalogue_take_up", {"value": "prompt"}, "commercial catalogue"),
    "a stage": ({"stages.listing": False}, "listing.joint_review", {"value": True}, "switched off: listing"),
    "a drug": ({"drugs.local_share": 0}, "listing.direct", {"value": True, "scope": "local"}, "no drug of this scenario"),
    "a drug in time": ({}, "readiness.firm_support", {"value": ["visits"], "scope": "negotiated"}, "looks at it on approval"),
    "a day": ({}, "listing.direct", {"value": True, "from": "2026-07-01"}, "no day on which it is in force"),
    "a whole year": ({}, "committee.min_meetings_per_year", {"value": 6, "from": "2026-02-01"}, "no whole year"),
    "a choice": ({}, "oversight.monitoring", {"value": "ledger"}, "hospitals that have a choice"),
    "somebody who obeys": ({"obedience": "none"}, "committee.direct_inclusion", {"value": True}, "no hospital obeys"),
    "another rule": ({}, "procurement.purchase_clock_from", {"value": "listing_known"}, "it needs a rule that does not act"),
    "a canvass": ({}, "committee.enter_on_approval", {"value": True}, "without a canvass of departments"),
    "a pipeline": ({}, "preapproval.early_service", {"value": "by_firm"}, "come approved here"),
    "odds": ({"decision.fixed": {"pass": 1, "defer": 0, "return": 0}}, "committee.local_guideline", {"value": True}, "fixed odds"),
    "anything new": ({}, "commercial.plan.benefit", {"value": "unchanged"}, "what holds without it"),
    "a yes": ({}, "listing.one_stop", {"value": False}, "it says no"),
}  # fmt: skip


@pytest.mark.parametrize("what", MISSING)
def test_a_rule_that_lacks_something_does_not_act_and_says_what(what):
    changes, lever, rule, reason = MISSING[what]
    scenario = load_scenario(WORLD, {**changes, lever: {**RULE, **rule}})
    ((said, said_zh),) = (
        inert_rules(scenario).query("lever == @lever and what == ''")[["reason", "reason_zh"]].to_numpy()
    )
    assert reason in said and len(said_zh) > 5
    assert numbers(scenario, 1).equals(numbers(without_inert(scenario), 1))


def test_a_rule_that_acts_by_a_canvass_acts_where_a_meeting_is_read_so():
    entry = {"committee.enter_on_approval": {**RULE, "value": True}}
    levers = [
        set(inert_rules(load_scenario(WORLD, entry | read))["lever"]) for read in ({}, {"readings.A11": "canvass"})
    ]
    assert ["committee.enter_on_approval" in found for found in levers] == [True, False]


@pytest.mark.parametrize(("obedience", "strength", "acts"), [
    ("full", "encouraged", True), ("full", "must", False), ("hoped", "encouraged", False), ("default", "must", True),
])  # fmt: skip
def test_at_full_obedience_oversight_moves_only_what_is_left_to_hospitals(obedience, strength, acts):
    rules = {"oversight.in_provider_agreement": {**RULE, "value": True}, "committee.standard_procedure": {**RULE, "value": True, "strength": strength}}  # fmt: skip
    scenario = load_scenario(WORLD, {"policy": "before-2021", "obedience": obedience, **rules})
    assert ("oversight.in_provider_agreement" not in set(inert_rules(scenario)["lever"])) == acts


def test_a_duty_on_the_application_list_acts_as_soon_as_a_rule_makes_the_list():
    duty = {"committee.duty.application_list": {**RULE, "within": "1 month"}}
    update = {"catalogue.application_list.update": {**RULE, "value": "continuous"}}
    assert "committee.duty.application_list" not in set(inert_rules(load_scenario(WORLD, duty | update))["lever"])


def test_a_scope_that_most_drugs_reach_after_filing_is_remarked_and_not_called_inert():
    late = load_scenario(WORLD, {"listing.direct": {**RULE, "value": True, "scope": "negotiated"}})
    early = load_scenario(WORLD, {"listing.direct": {**RULE, "value": True, "scope": "innovative"}})
    (remark,), (none,) = ([a for _, r, a in standing(s) if r.lever == "listing.direct"] for s in (late, early))
    assert remark.acts and "before their firm files" in remark.remark.en and none.remark is None


def test_explain_tells_what_the_stack_alone_lacks():
    policy = load_rulebook("sichuan", {"committee.duty.application_list": {**RULE, "within": "1 month"}})
    (row,) = explain(policy, "committee.duty.application_list").to_dict("records")
    assert (
        NO_LIST in row["acts"]
        and explain(load_rulebook("chongqing"), "committee.duty.application_list")["acts"][0] == "yes"
    )


def test_a_minimum_of_meetings_acts_whatever_drugs_it_names():
    changes = {
        "stages.catalogue": False,
        "committee.min_meetings_per_year": {**RULE, "value": 12, "scope": "negotiated"},
    }
    assert "committee.min_meetings_per_year" not in set(inert_rules(load_scenario(WORLD, changes))["lever"])
