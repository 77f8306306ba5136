"""The availability curve of one replication: zero is zero, and a level without target pairs has no curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.outcomes.groups import counted_drugs
from simlib.outcomes.indicators import curve
from simlib.scenario.scenario import load_scenario


@pytest.fixture(scope="module")
def record():
    return replicate(load_scenario("chain"), 0)


def test_a_level_without_target_pairs_has_no_curve(record):
    has = record.targets[counted_drugs(record)].sum(axis=0) > 0
    assert has.any() and not has.all()
    found = curve(record)
    assert np.isnan(found[~has]).all() and not np.isnan(found[has]).any()


def test_where_nobody_stocks_the_curve_is_zero_not_undefined(record):
    never = replace(record, events=np.zeros_like(record.events))
    has = record.targets[counted_drugs(record)].sum(axis=0) > 0
    assert (curve(never)[has] == 0).all()
