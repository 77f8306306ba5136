"""Indicators of one replication: each entry of the dictionary has its function, and the curve is defined where it can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import counted_drugs
from simlib.outcomes.indicators import PARTS, curve, indicator, indicators
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world, with_pipeline, with_provinces


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


@pytest.fixture(scope="module")
def found():
    """Indicators that each part yields in one of three worlds: drugs of a cohort over some years, of a pipeline, in provinces."""
    dates = load_scenario("small-world", {"snapshots": ["2025-06-30"]})
    records = [replicate(dates, 0), replicate(load_scenario(with_pipeline(random_world(27), 27)), 0)]
    records.append(replicate(load_scenario(with_provinces(random_world(27), 27)), 0))
    return {part: {key[0] for r in records for key, _ in function(r)} for part, function in PARTS.items()}


def test_every_indicator_is_yielded_by_the_part_that_its_entry_names_and_by_no_other(found):
    declared = {part: {i.name for i in INDICATORS.values() if i.part == part} for part in PARTS}
    assert [i.name for i in INDICATORS.values() if i.part not in (*PARTS, "gaps")] == []
    assert {part: declared[part] ^ names for part, names in found.items() if declared[part] != names} == {}


def test_one_indicator_is_what_it_is_among_all_of_them(record):
    found = indicators(record)
    for key in [next(k for k in found if k[0] == name) for name in {k[0] for k in found}]:
        np.testing.assert_equal(indicator(record, key), found[key])
    assert np.isnan(indicator(record, ("stocked_24m", "level", "no such level")))


def test_an_indicator_without_an_entry_is_an_error(record, monkeypatch):
    monkeypatch.setitem(PARTS, "back_book", lambda record: [(("made_up", "all", "all"), 1.0)])
    with pytest.raises(KeyError, match="made_up: no entry of .*indicators.csv says that the part back_book yields it"):
        indicators(record)


def test_every_entry_has_its_texts_and_a_direction_that_is_known():
    for i in INDICATORS.values():
        assert i.unit and i.en and i.zh and i.meaning and i.meaning_zh and i.better in ("more", "less", ""), i.name
