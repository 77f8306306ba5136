"""The world table: numbers drawn together, one fresh replication a world, the same table for any workers and any order."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simlib.experiments.replications import one
from simlib.experiments.worlds import AGAIN, CHUNK, drawn, table
from simlib.scenario.drawn import with_drawn
from simlib.scenario.scenario import load_scenario

SMALL = load_scenario("small-world")


@pytest.fixture(scope="module")
def small():
    return table(SMALL, 6, again=3, workers=1, progress=False)


def test_a_table_of_more_worlds_begins_with_those_of_a_smaller_one():
    few, more = drawn(SMALL, 0, 8), drawn(SMALL, 0, 32)
    pd.testing.assert_frame_equal(few, more.loc[:7])
    pd.testing.assert_frame_equal(drawn(SMALL, 5, 3), more.loc[5:7])


def test_two_rulebooks_meet_the_same_worlds():
    other = load_scenario("small-world", {"policy": "national"})
    pd.testing.assert_frame_equal(drawn(SMALL, 0, 4), drawn(other, 0, 4))


def test_a_column_is_the_replication_of_its_world(small):
    k = 4
    values, _ = one(with_drawn(SMALL, small.numbers.loc[k].to_dict()), k)
    for key, x in values.items():
        np.testing.assert_array_equal(small.values.loc[key, k], x)
    assert list(small.values) == list(range(6)) and list(small.again) == list(range(3))


def test_the_second_replication_is_of_the_same_world_with_other_luck(small):
    values, _ = one(with_drawn(SMALL, small.numbers.loc[1].to_dict()), 1 + AGAIN)
    key = ("stocked_24m", "all", "all")
    assert small.again.loc[key, 1] == values[key]
    assert not small.again.equals(small.values[small.again.columns])
    noise = small.noise().dropna()
    assert len(noise) > 20 and noise.between(0, 1).all() and noise.max() > 0


def test_a_table_that_was_broken_off_goes_on_where_it_was(tmp_path, monkeypatch, small):
    monkeypatch.setattr("simlib.experiments.worlds.CHUNK", 2)
    table(SMALL, 4, folder=tmp_path, workers=1, progress=False)
    made = sorted(tmp_path.iterdir())
    monkeypatch.setattr("simlib.experiments.worlds.simulate", refuse)
    again = table(SMALL, 4, folder=tmp_path, workers=1, progress=False)
    assert len(made) == 2 and sorted(tmp_path.iterdir()) == made
    pd.testing.assert_frame_equal(again.values, small.values[list(range(4))].reindex(again.values.index))


def refuse(*_, **__):
    raise AssertionError("made again what was there")


@pytest.mark.slow
def test_the_table_does_not_depend_on_the_number_of_workers():
    one_worker, two = (table(SMALL, CHUNK + 2, workers=n, progress=False).values for n in (1, 2))
    pd.testing.assert_frame_equal(one_worker, two)
