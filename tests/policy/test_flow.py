"""The list of stages is whole: what a stage reads is there, and every state of a pair belongs to a stage."""

from __future__ import annotations

from simlib.model.pair_records import STATES
from simlib.policy.flow import APPROVAL, GIVEN, SHARED, STAGES, THINGS
from simlib.policy.levers import LEVERS
from simlib.world.parameters import Stages


def test_whatever_a_built_stage_reads_the_world_gives_or_a_built_stage_writes():
    written = {t for s in STAGES.values() if s.built for t in s.writes}
    for stage in STAGES.values():
        if stage.built:
            assert set(stage.reads) <= written | set(GIVEN), stage.name
    assert set(THINGS) == written | set(GIVEN)


def test_a_stage_reads_something_of_every_stage_that_it_follows_or_that_works_back_on_it():
    for stage in STAGES.values():
        for other in stage.after:
            if stage.built and other != APPROVAL:
                assert set(STAGES[other].writes) & set(stage.reads), (stage.name, other)
        for other in stage.back:
            assert set(stage.writes) & set(STAGES[other].reads), (stage.name, other)


def test_every_state_of_a_pair_belongs_to_a_stage_but_the_one_outside():
    assert {x for s in STAGES.values() for x in s.states} == set(STATES) - {"out_of_target"}


def test_every_switch_of_a_scenario_and_every_lever_has_its_stage():
    assert set(Stages.model_fields) <= set(STAGES)
    assert {lever.stage for lever in LEVERS.values()} <= set(STAGES)
    assert all(STAGES[name].built for name in Stages.model_fields)


def test_what_is_shared_has_a_name_in_both_languages():
    assert {x for s in STAGES.values() for x in s.shared} == set(SHARED)
    assert all(en and zh and en != zh for en, zh in (*SHARED.values(), *THINGS.values()))
