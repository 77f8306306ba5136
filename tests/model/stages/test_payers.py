"""Payers' tables: by class, month and drug; one month where nobody reads them."""

from __future__ import annotations

import numpy as np

import simlib
from simlib.model.stages.payers import months
from simlib.scenario.world import build_world

OFF = {"stages.dual_channel": False, "stages.use": False, "stages.payment": False}


def test_payers_terms_are_read_by_the_month_and_by_nobody_where_stages_9_to_11_are_off():
    world = build_world(simlib.load_scenario("patients-availability"), 0)
    assert np.array_equal(months(world), [0.0, *world.firsts, world.horizon])
    assert len(world.firsts) > 0
    for stage in OFF:
        one_on = build_world(simlib.load_scenario("patients-availability", OFF | {stage: True}), 0)
        assert len(months(one_on)) == len(world.firsts) + 2
    assert months(build_world(simlib.load_scenario("patients-availability", OFF), 0)).tolist() == [0.0, world.horizon]
