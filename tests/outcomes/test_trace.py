"""One pair is found by name or id, and its fate is told with and without the reforms."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import simlib
from simlib.core.files import InputError
from simlib.model.model import replicate
from simlib.model.pair_records import STATES
from simlib.outcomes.events import event_table
from simlib.outcomes.trace import before_reform, drug_name, fates, place, trace_of
from simlib.policy.load import BASE
from simlib.scenario.scenario import load_scenario
from simlib.world.lists_drugs import name_in
from tests.worlds import random_world

WORLD = 8  # under a policy other than practice before the reforms


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(random_world(WORLD))


@pytest.fixture(scope="module")
def record(scenario):
    return replicate(scenario, 1, pairs=True, events=True)


def test_a_trace_holds_the_events_of_its_drug_and_its_pair_alone_in_order_of_time(record):
    table = event_table(record)
    names, drugs = record.world.hospitals.names, record.world.drugs.names
    for h, d in ((0, 0), (2, 3), (len(names) - 1, len(drugs) - 1)):
        events = trace_of(record, table, None, h, d).events
        assert set(events["drug"]) == {drugs[d]} and set(events["hospital"].dropna()) <= {names[h]}
        assert events["time"].is_monotonic_increasing
        mine = table[(table["drug"] == drugs[d]) & (table["hospital"].isna() | (table["hospital"] == names[h]))]
        assert len(events) == len(mine)


def test_the_fate_before_the_reforms_is_that_of_the_same_replication_under_what_held_then(scenario, record):
    base = before_reform(scenario)
    assert base.policy.name == BASE and all(x.baseline for x in base.policy.layers) and base.seed == scenario.seed
    then = replicate(base, 1, pairs=True)
    h, d = np.argwhere(then.pairs.stock != record.pairs.stock)[0]
    found = simlib.trace(scenario, record.world.drugs.names[d], record.world.hospitals.names[h], replication=1)
    for fate, pairs in ((found.fate, record.pairs), (found.before, then.pairs)):
        assert fate.state == STATES[pairs.state[h, d]]
        stocked = pairs.stock[h, d]
        assert fate.stocked == (scenario.calendar.date(stocked) if np.isfinite(stocked) else None)
    assert found.replication == 1


def test_practice_before_the_reforms_is_compared_with_nothing(scenario):
    before = load_scenario({k: v for k, v in random_world(WORLD).items() if k != "changes"} | {"policy": BASE})
    assert before_reform(before) is None
    assert simlib.trace(before, "drug-1", before.region.strata[0].id + "-1").before is None


def test_fates_name_every_hospital_that_treats_the_disease_the_larger_first(scenario, record):
    table = fates(scenario, "drug-2", 1)
    d = record.world.drugs.names.index("drug-2")
    outside = STATES.index("out_of_target")
    assert len(table) == (record.pairs.state[:, d] != outside).sum()
    assert table["level"].is_monotonic_decreasing
    for r in table.itertuples():
        h = record.world.hospitals.names.index(r.hospital)
        assert r.state == STATES[record.pairs.state[h, d]]
        assert pd.isna(r.stocked) == (not np.isfinite(record.pairs.stock[h, d]))


def test_a_name_an_id_or_a_part_that_only_one_has_finds_it():
    names, ids = ["Abc tablets", "abd tablets", "abd", "xyz injection"], np.array([11, 12, 13, 14])
    assert [place(x, names, ids, "drug") for x in ("Abc tablets", 12, "13", "ABD", "xyz", " abd ")] == [
        0,
        1,
        2,
        2,
        3,
        2,
    ]


def test_what_is_not_found_gets_the_nearest_name_and_what_fits_several_gets_them_all():
    names, ids = ["Abc tablets", "abd tablets"], np.array([11, 12])
    with pytest.raises(InputError, match="did you mean 'Abc tablets'"):
        place("Abx tablets", names, ids, "drug")
    with pytest.raises(InputError, match="fits 2: Abc tablets, abd tablets"):
        place("tablets", names, ids, "drug")
    with pytest.raises(InputError, match="unknown drug ''"):
        place("", names, ids, "drug")


def test_a_drug_of_the_real_list_is_found_by_its_chinese_name_and_told_by_it_on_chinese_pages():
    real = load_scenario("beijing-beijing-default")
    assert drug_name(real, "氘可来昔替尼") == drug_name(real, "Deucravacitinib") == "Deucravacitinib tablets"
    assert name_in(real.cohort, "Deucravacitinib tablets", "zh") == "氘可来昔替尼片"
    assert name_in(real.cohort, "Deucravacitinib tablets", "en") == "Deucravacitinib tablets"
    assert all(re.search("[\u4e00-\u9fff]", zh) for zh in real.cohort.listed.chinese)
