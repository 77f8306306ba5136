"""The basic catalogue in the engine: who succeeds in which round, where chances are nothing or all."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.rules import Others
from simlib.model.stages.catalogue import decide
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from tests.twin.toys import rule, toy

BOTH = {"catalogue.commercial.enabled": rule(True)}


@pytest.mark.parametrize(
    ("rules", "success", "entered"),
    [
        (BOTH, 1, np.inf),
        (BOTH | {"catalogue.commercial.nrdl_link": rule("transition")}, 1, 2021),
        (BOTH | {"catalogue.commercial.nrdl_link": rule("transition")}, 0, np.inf),  # in no commercial catalogue
    ],
)
def test_a_link_between_the_catalogues_helps_a_drug_of_the_commercial_one_in_the_next_round(rules, success, entered):
    numbers = {"first_success": 0, "later_success": 1e-3, "commercial_success": success, "commercial_price_above": -9,
               "transition_weight": 20, "value_weight": 0, "price_weight": 0}  # fmt: skip
    model = toy(
        "catalogue",
        rules=rules,
        rounds="catalogue_rounds",
        calendar="china",
        horizon_days=800,
        parameters={"catalogue": numbers},
    )
    record = replicate(model.world.scenario, 0)
    when = record.catalogues.entered[0]
    assert (record.world.calendar.date(when).year if when < np.inf else np.inf) == entered
    assert np.isfinite(record.catalogues.commercial).tolist() == [bool(success)]


@pytest.mark.parametrize(
    ("area", "weight", "entered"),
    [("oncology", -20, 2021), ("haematology", -20, 2021), ("oncology", 0, 2020), ("cardiovascular", -20, 2020)],
)
def test_what_cancer_drugs_have_against_them_holds_in_their_first_round_alone(area, weight, entered):
    numbers = {"first_success": 0.99, "later_success": 0.99, "cancer_weight": weight, "value_weight": 0, "price_weight": 0,
               "foreign_weight": 0}  # fmt: skip
    model = toy("catalogue", rounds="catalogue_rounds", calendar="china", horizon_days=800, parameters={"catalogue": numbers},
                cohort={"days": [0], "mix": {"classes": {"chem_1": 1}, "areas": {area: 1}, "foreign": 0}})  # fmt: skip
    record = replicate(model.world.scenario, 0)
    assert record.world.calendar.date(record.catalogues.entered[0]).year == entered
    model.run()
    assert model.drugs[0].entered == record.catalogues.entered[0]


@pytest.mark.parametrize(("local", "led", "listed"), [(1, 0, True), (0, 1, True), (0, 0, False)])
def test_the_application_list_takes_drugs_of_the_places_firms_and_those_whose_trial_was_led_there(local, led, listed):
    numbers = {"catalogue": {"list_membership": led, "list_open": 10}, "drugs": {"local_share": local}}
    update = {"catalogue.application_list.update": rule("continuous")}
    record = replicate(toy("catalogue", rules=update, parameters=numbers).world.scenario, 0)
    assert np.isfinite(record.catalogues.list_entry).tolist() == [listed]


def test_chongqings_list_is_for_few_drugs():
    world = build_world(load_scenario("chongqing-chongqing-default"), 0)
    entry = decide(world, Others(world)).list_entry
    assert 0.02 < np.isfinite(entry).mean() < 0.25
