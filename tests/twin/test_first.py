"""The first model of lesson 1 and the engine give the same dates, to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from twin import first
from twin.model import run

DATES = {"aware": "aware", "asked": "first_ask", "passed": "passed", "stock": "stock", "hearings": "hearings"}


def by_pair(found: dict, world) -> np.ndarray:
    """A diary's dates or counts as an array (hospitals, drugs), inf where nothing happened."""
    drugs, hospitals = world.drugs.ids.tolist(), world.hospitals.ids.tolist()
    return np.array([[found.get((d, h), np.inf) for d in drugs] for h in hospitals])


def same(diary: first.Diary, world, listed: np.ndarray, pairs: object) -> bool:
    """Is every date of the first model the other's?"""
    own = np.array([diary.listed[d] for d in world.drugs.ids.tolist()])
    equal = [np.array_equal(by_pair(getattr(diary, a), world), getattr(pairs, b)) for a, b in DATES.items()]
    return np.array_equal(own, listed) and all(equal)


@pytest.mark.parametrize("replication", range(10))
def test_the_first_model_gives_the_dates_of_the_engine(replication):
    record = replicate(load_scenario("first"), replication, pairs=True)
    diary = first.simulate(record.world)
    assert same(diary, record.world, record.listing.first, record.pairs)
    assert len(diary.stock) == 24 and max(diary.hearings.values()) > 1  # some were put off


def test_the_first_model_gives_the_dates_of_the_large_twin():
    for replication in range(10):
        world = build_world(load_scenario("first"), replication)
        result = run(world)
        assert same(first.simulate(world), world, result.listed, result)


@pytest.mark.parametrize(
    ("name", "value"),
    [("REVIEWERS", 2), ("REVIEW", 21), ("NEWS", 8), ("ASKS_A_YEAR", 12), ("MEETS_EVERY", 60), ("PASS", 0.5),
     ("PURCHASE", 31)],
)  # fmt: skip
def test_a_number_of_the_first_model_that_is_changed_is_seen(monkeypatch, name, value):
    world = build_world(load_scenario("first"), 0)
    result = run(world)
    monkeypatch.setattr(first, name, value)
    assert not same(first.simulate(world), world, result.listed, result)


def test_running_it_prints_a_line_for_every_drug_at_every_hospital(capsys):
    first.main()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 4 * 6 + 1 and "days on average" in lines[-1]
