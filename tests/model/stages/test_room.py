"""The formulary's turnover, month by month, against figures worked out by hand."""

from __future__ import annotations

import pytest

from simlib.model.model import Run
from simlib.model.stages.purchase import advance_room
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world


def test_free_places_return_to_their_target_from_the_start_of_the_run_on():
    run = Run(build_world(load_scenario("stages", {"calendar": "china", "start": "2020-01-11"}), 0))
    hospital, first, second = run.arrays.hospital, *run.arrays.firsts[:2].tolist()
    assert (first, second) == (21, 50)  # 1 February and 1 March
    hospital["free"][0], hospital["target"][0], hospital["turn"][0] = -1.0, 0.0, 12.0
    run.arrays.num["relaxation"] = 1.0  # years: a missing place comes back as one a year, less and less
    advance_room(run.state, 0, 20.0)
    assert hospital["free"][0] == -1
    advance_room(run.state, 0, 21.0)
    assert hospital["free"][0] == pytest.approx(-1 + 21 / 365.25, abs=1e-12)
    advance_room(run.state, 0, 60.0)
    assert hospital["free"][0] == pytest.approx((-1 + 21 / 365.25) * (1 - 29 / 365.25), abs=1e-12)
