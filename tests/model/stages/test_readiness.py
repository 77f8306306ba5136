"""Where a firm lists first."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.streams import Q_PROVINCE_TURN, uniforms
from simlib.model.model import replicate
from simlib.outcomes.indicators import indicator
from tests.twin.toys import rule, toy
from twin.model import run

SOONER = {"listing.whole_limit": rule("60 days")}


@pytest.mark.parametrize(("limit", "first"), [({}, 1 / 4), (SOONER, 1 / (1 + 3 / np.e))])
def test_a_firm_lists_first_where_listing_is_fast_by_a_softmax_over_the_provinces(limit, first):
    # four provinces of 90 days each; 30 days less make this one e times as likely
    numbers = {"time": 0, "provinces": 4, "national_listing": 90, "choice_scale": 30, "later_province_lag": "100 days"}
    model = toy("readiness", rules={"listing.first_province_choice": rule(True)} | limit, cohort={"days": [0] * 300},
                parameters={"readiness": numbers, "listing": {"window_interval": 0}})  # fmt: skip
    record = replicate(model.world.scenario, 0)
    here = uniforms(record.world.key, Q_PROVINCE_TURN, drugs=record.world.drugs.ids) < first
    assert record.listing.listed[0].tolist() == np.where(here, 0, 100).tolist()


@pytest.mark.parametrize(
    ("rules", "listed"),
    [
        ({}, 1100),  # 600 days of preparation and 400 of waiting from approval on day 100
        ({"listing.in_step_with_catalogue": rule(True)}, 762),  # filed when the catalogue is published, on day 362
        ({"listing.catalogue_limit": rule("41 days")}, 403),
        ({"listing.catalogue_limit": rule("41 days"), "listing.whole_limit": rule("20 days")}, 382),
        ({"listing.catalogue_limit": [rule("41 days"), rule("30 days", scope="negotiated")]}, 392),
    ],
)
def test_a_platform_lists_what_the_catalogue_adds_within_the_limit_from_its_publication(rules, listed):
    numbers = {
        "readiness": {"time": 600, "provinces": 1}, "catalogue": {"first_success": 1},
        "listing": {"window_interval": 0, "standing": "400 days", "publication_share": 0, "work": 0, "complete": 1},
    }  # fmt: skip
    keys = {"rounds": "catalogue_rounds", "horizon_days": 1500, "cohort": {"days": [100]}, "parameters": numbers}
    model = toy("readiness", "listing", "catalogue", rules=rules, **keys)
    assert run(model.world).listed.tolist() == [listed]
    record = replicate(model.world.scenario, 0)
    assert record.listing.listed.tolist() == [[listed]]
    assert indicator(record, ("listed_days", "all", "all")) == min(listed - 100, 730)
