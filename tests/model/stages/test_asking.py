"""How fast interest in a drug grows: rates read on the firsts of months."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.model import Run, replicate
from simlib.model.stages import asking
from simlib.outcomes.indicators import indicator
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from tests.twin.test_engine import differences
from tests.twin.toys import toy
from twin.asking import Interest


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
        for off in ({}, {"committee.duty.catalogue": "off"})
    ]
    with_duty, without = (indicator(record, ("asked", "all", "all")) for record in found)
    assert indicator(found[0], ("duty_meetings_per_year", "all", "all")) > 0.5
    assert (with_duty > 1.1 * without) if asks_more else (with_duty == without)


def test_a_firms_effort_tells_drugs_apart_where_its_people_call_and_raises_no_mean():
    numbers = {"asking": {"all_before_committee": False, "appeal_log_sd": 0, "visits": {"level_3": 1, "level_2": 0.3, "level_1": 0}},
               "drugs": {"effort_log_sd": 0.5}}  # fmt: skip
    model = toy("asking", parameters=numbers, cohort={"days": [0] * 600})
    run = Run(model.world)
    asking.open_knot(run.state, 0, 0.0)
    effort, rate = model.world.drugs.effort, run.arrays.rate[0]
    assert rate[:, 2] == pytest.approx(rate[:, 0] * effort)
    assert rate[:, 1] == pytest.approx(rate[:, 0] * (1 + 0.3 * (effort - 1)))
    assert effort.mean() == pytest.approx(1, abs=4 * 0.53 / 600**0.5) and np.log(effort).std() == pytest.approx(
        0.5, abs=0.06
    )
    assert [Interest(model.setting, d, 3).rate for d in model.drugs[:9]] == rate[:9, 2].tolist()


@pytest.mark.parametrize(
    ("share", "hospital", "at_once"),
    [(1, {}, True), (1, {"owner": "city"}, False), (1, {"level": 2}, False), (0, {}, False)],
)
def test_a_site_of_the_trials_knows_the_drug_at_its_listing_and_asks_at_once(share, hospital, at_once):
    numbers = {"asking": {"all_before_committee": False, "site_share": share, "lambda0": 0.001, "breadth_a": 1000, "breadth_b": 0.001},
               "awareness": {"lag": dict.fromkeys(("level_3", "level_2", "level_1"), "50 days")}}  # fmt: skip
    model = toy("awareness", "asking", parameters=numbers, hospital=hospital)
    assert differences(model.world.scenario)[0] == {}
    record = replicate(model.world.scenario, 0, pairs=True)
    target = record.pairs.aware < np.inf
    assert target.all() and (record.pairs.aware == (0 if at_once else 50)).all()
    assert ((record.pairs.first_ask == 0) == at_once).all()
