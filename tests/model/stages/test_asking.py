"""How fast interest in a drug grows: rates read on the firsts of months."""

from __future__ import annotations

import pytest

from simlib.model.model import Run, replicate
from simlib.outcomes.indicators import indicator
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world


def test_a_half_life_after_the_plateau_a_drug_finds_half_the_interest():
    strata = [{"id": "h", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 1, "beds": 100,
               "kind": "assumed", "source": "toy"}]  # fmt: skip
    region = {
        "name": "toy",
        "title": {"en": "Toy", "zh": "玩具"},
        "population_million": 1,
        "payment": "DRG",
        "strata": strata,
    }
    changes = {"region": region, "cohort": {"days": [0]}, "asking.plateau": 0.5, "asking.half_life": 1}
    run = Run(build_world(load_scenario("catalogue-off", changes), 0))
    run.through()
    rate = run.arrays.rate[:, 0, 2] / run.arrays.rate[0, 0, 2]
    assert run.arrays.knots[[6, 18, 30]] == pytest.approx([365.25 * years for years in (0.5, 1.5, 2.5)])
    assert rate[[0, 6, 18, 30]] == pytest.approx([1, 1, 1 / 2, 1 / 4], rel=1e-12)


@pytest.mark.parametrize(("reading", "asks_more"), [("canvass", True), ("meeting_only", False)])
def test_a_duty_to_meet_brings_requests_where_it_is_read_as_a_canvass_and_none_where_it_is_a_meeting_alone(
    reading, asks_more
):
    world = {"policy": "national", "obedience": "hoped", "asking.beta_peers": 0, "readings.A11": reading}
    found = [
        replicate(load_scenario("small-world", {**world, **off}), 0)
        for off in ({}, {"committee.duty.catalogue@CN-10a": "off"})
    ]
    with_duty, without = (indicator(record, ("asked", "all", "all")) for record in found)
    assert indicator(found[0], ("duty_meetings_per_year", "all", "all")) > 0.5
    assert (with_duty > 1.1 * without) if asks_more else (with_duty == without)
