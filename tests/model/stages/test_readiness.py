"""Where a firm lists first."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.streams import Q_PROVINCE_TURN, uniforms
from simlib.model.model import replicate
from tests.twin.toys import rule, toy

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
