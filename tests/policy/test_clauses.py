"""Every core and upstream clause whose stage is built is seen to act: its place's stack with it and without it."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from simlib.core.files import scenarios
from simlib.experiments import proof
from simlib.experiments.proof import proofs, quietly, see
from simlib.experiments.run import Result
from simlib.model import rules as rulebook
from simlib.model.stages.review import Reviews
from simlib.policy.clauses import clause_rows, clauses, policy_of_documents
from simlib.policy.load import load_layer, load_policy
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.cohort import CLASSES

PROOFS = proofs()
OF_DOCUMENT = policy_of_documents()
POLICY = {c["id"]: OF_DOCUMENT[c["document"]] for c in clause_rows()}
HEADS = {c["id"]: c for c in clause_rows() if c["stage"] in ("validity", "eligibility")}


FEW = 2  # replications that show the sign of a difference
KEPT = 12  # runs: the full stacks come back, a world without a clause does not


def remembering():
    """What simulates, and remembers: most clauses of a place are taken out of the same full stack."""
    known: dict[tuple[str, int, str], Result] = {}

    def runs(scenario, replications, forgotten=""):
        key = scenario.digest(), replications, forgotten
        known[key] = known.pop(key, None) or quietly(scenario, replications)
        if len(known) > KEPT:
            del known[next(iter(known))]  # the one that was asked for longest ago
        return known[key]

    return runs


@pytest.fixture(scope="module")
def remembered():
    return remembering()


@pytest.mark.parametrize("clause", PROOFS)
def test_a_clause_moves_its_indicator_the_stated_way(clause, remembered):
    for sight in PROOFS[clause]:
        seen = see(clause, sight.model_copy(update={"replications": FEW}), POLICY[clause], remembered)
        assert seen.difference > 0 if seen.up else seen.difference < 0, seen


@pytest.mark.slow
@pytest.mark.parametrize("clause", PROOFS)
def test_a_clause_moves_its_indicator_by_more_than_chance(clause, remembered):
    for sight in PROOFS[clause]:
        seen = see(clause, sight, POLICY[clause], remembered)
        assert seen.holds, seen


@pytest.mark.slow
@pytest.mark.parametrize("clause", PROOFS)
def test_without_the_levers_use_in_its_stage_the_clause_moves_nothing(clause, monkeypatch, remembered):
    for sight in PROOFS[clause]:
        with monkeypatch.context() as m:
            _forget(m, sight.lever)
            runs = partial(remembered, forgotten=sight.lever)
            seen = see(clause, sight.model_copy(update={"replications": FEW}), POLICY[clause], runs)
        assert not seen.holds and (seen.difference == 0 or np.isnan(seen.difference)), seen


def _forget(m, lever):
    """Every stage stops reading one lever."""
    keys, obeyed = rulebook._keys_of, rulebook.Others._obeyed
    m.setattr(rulebook, "_keys_of", lambda rule: [] if rule.rule.lever == lever else keys(rule))
    m.setattr(rulebook, "SHIFTS", {k: v for k, v in rulebook.SHIFTS.items() if k != lever})

    def nothing(self, name, t):
        nobody = np.zeros(len(self.world.drugs), bool)
        return (nobody, []) if name == lever else obeyed(self, name, t)

    m.setattr(rulebook.Others, "_obeyed", nothing)
    reviewed = Reviews._obeyed
    m.setattr(
        Reviews, "_obeyed", lambda self, name, t, scope=None: [] if name == lever else reviewed(self, name, t, scope)
    )


def test_every_core_and_upstream_clause_is_proven_or_loads_or_waits_for_its_stage():
    table = clauses().set_index("id")
    wanted = table[table["scope"].isin(["core", "upstream"])]
    assert len(wanted) == 154
    assert sorted(wanted.index[wanted["status"] == "unproven"]) == []
    assert set(wanted["status"]) <= {"acts", "loads", "pending"}
    assert set(wanted.index[wanted["status"] == "acts"]) == set(PROOFS)


def test_every_lever_of_a_proven_clause_is_seen_unless_it_waits():
    for clause, sights in PROOFS.items():
        rules = [r for r in load_policy(POLICY[clause]).layers[-1].rules if r.clause == clause]
        live = {r.lever for r in rules if not proof.pending(r)}
        assert live == {s.lever for s in sights}, clause


def test_a_clause_that_is_not_simulated_says_why_in_both_languages():
    context = clauses().query("status == 'context'")
    assert len(context) == 56
    assert context["why"].str.len().min() > 20 and context["why_zh"].str.len().min() > 5


@pytest.mark.parametrize("clause", HEADS)
def test_the_head_of_a_file_holds_what_the_clause_says(clause):
    row = HEADS[clause]
    if row["stage"] == "eligibility":
        _eligible(row)
        return
    layer, below = load_layer(scenarios() / "policies" / f"{POLICY[clause]}.yaml")
    if row["lever"] == "validity.period":
        start, end = row["value"].split("/")
        assert (str(layer.start), str(layer.end or "open"), layer.clause) == (start, end, clause)
    else:
        assert (layer.stacking, layer.stacking_clause) == (
            row["value"].replace("|no_double", "_no_double").replace("|", "_"),
            clause,
        )
    if row["value"] == "implements_national_and_provincial":
        assert below == "national"


def _eligible(row):
    """The classes that the clause names are those that its drug scope holds, and no other."""
    (rule,) = load_policy("sichuan").of(row["lever"])
    assert rule.value == frozenset(row["value"].split("|"))
    world = build_world(load_scenario("sichuan-sichuan-default"), 0)
    inside = {CLASSES[k] for k in world.drugs.klass[world.static_since("class1") < 0]}
    assert inside == {"chem_1", "biologic_1", "tcm_1"}  # old class 1.1 stands among chem_1 in the cohort
    assert {r.drugs for r in load_policy("sichuan").of("committee.duty.listing")} == {("class1",)}
