"""The basic catalogue in the engine: who succeeds in which round, where chances are nothing or all."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.model import replicate
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
