"""Canvasses at a publication: what is worked out at once is what pairs lived through one by one come to."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model import every_stage
from simlib.model.model import Run
from simlib.model.pair_records import SILENT
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.region import AREAS


def rule(value, or_: str | None = None) -> dict:
    """An entry of a policy file, from its first day on."""
    given = {"within" if or_ else "value": value, "strength": "must", "clause": "toy", "kind": "stated"}
    return given | ({"or": or_} if or_ else {})


STRATA = [s | {"count": n} for s, n in zip(every_stage.WORLD["region"]["strata"], (30, 70), strict=True)]
WORLD = every_stage.WORLD | {  # three publications
    "start": "2021-01-01", "policy_from": "2022-01-01", "end": "2023-12-31",
    "region": every_stage.WORLD["region"] | {"strata": STRATA},
}  # fmt: skip
RELIEVED = {  # of the duty rests whoever keeps a channel for temporary purchase, hospital by hospital
    "format": 1, "name": "relieved", "title": {"en": "Relieved", "zh": "免除"}, "document": "toy", "place": "toy", "on": "before-2021",
    "rules": {
        "committee.duty": {"catalogue": rule("90 days", or_="committee.temporary_channel")},
        "committee.temporary_channel": rule(True),
    },
}  # fmt: skip
OFTEN = {f"level_{k}": 45.0 for k in (1, 2, 3)}


def lived(changes: dict, log_rows: int) -> Run:
    scenario = load_scenario(WORLD, {"committee.meetings.every": OFTEN} | changes)
    assert scenario.parameters.asking.push_exposure > 0  # else a canvass is worth nothing
    run = Run(build_world(scenario, 3), log_rows)
    run.through()
    return run


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"asking.push_recheck": 1.0},
        {"asking.lambda0": 0.02, "asking.push_exposure": 0.2},
        {"committee.meetings.every": dict.fromkeys(OFTEN, 400.0)},  # two publications between two meetings
        {"policy": RELIEVED},
    ],
)
def test_a_canvass_at_once_gives_the_dates_of_a_canvass_pair_by_pair(changes):
    at_once, one_by_one = lived(changes, 0), lived(changes, 200_000)  # with a log every pair is lived through
    a, b = at_once.arrays, one_by_one.arrays
    assert (a.slot == b.slot).all() and (a.x[a.slot == SILENT] == b.x[b.slot == SILENT]).all()
    n = int(a.count["cases"])
    assert n == int(b.count["cases"]) > 0
    for name in ("first_ask", "passed", "stock", "asks", "hearings"):
        assert (a.cases[name][:n] == b.cases[name][:n]).all(), name


def test_a_canvass_at_once_leaves_most_pairs_alone():
    everywhere = {"asking.treats": {area: {"level_2": 1, "level_1": 1} for area in AREAS}}
    at_once, one_by_one = lived(everywhere, 0), lived(everywhere, 200_000)
    assert np.isfinite(at_once.arrays.reach).any()
    assert at_once.arrays.count["visits"] < 0.8 * one_by_one.arrays.count["visits"]
