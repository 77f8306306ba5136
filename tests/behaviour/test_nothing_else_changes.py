"""What is added must change nothing else: on random worlds, a hospital, a drug, an indicator; and what must differ, does.

`test_invariance.py` tries one still world, workers, processes and plain Python; this file a dozen random ones.
"""

from __future__ import annotations

import copy

import numpy as np
import pytest

import simlib.experiments.replications as run_module
from simlib import load_scenario, simulate
from simlib.model.model import replicate
from simlib.model.record import Record
from tests.behaviour.random_worlds import PEERS_OFF, catchments_apart, changed, random_world

DATES = ("aware", "first_ask", "first_heard", "passed", "stock", "temporary_first")
NUMBERS = range(12)


def record(world: dict, replication: int = 0) -> Record:
    return replicate(load_scenario(world), replication, pairs=True)


def shared_dates(a: Record, b: Record) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Every date that both records know, for the drugs and hospitals they share, in one order."""
    drugs = np.intersect1d(a.world.drugs.ids, b.world.drugs.ids)
    hospitals = np.intersect1d(a.world.hospitals.ids, b.world.hospitals.ids)
    found = []
    index = [
        (
            {i: k for k, i in enumerate(r.world.drugs.ids.tolist())},
            {i: k for k, i in enumerate(r.world.hospitals.ids.tolist())},
        )
        for r in (a, b)
    ]
    ds = [[by_drug[i] for i in drugs.tolist()] for by_drug, _ in index]
    hs = [[by_hospital[i] for i in hospitals.tolist()] for _, by_hospital in index]
    for name in ("filed", "arrival", "start", "done", "listed"):
        found.append((name, *(getattr(r.listing, name)[:, d] for r, d in zip((a, b), ds, strict=True))))
    for name in (*DATES, "state", "hearings", "asks", "refusals", "temporaries"):
        found.append((name, *(getattr(r.pairs, name)[np.ix_(h, d)] for r, h, d in zip((a, b), hs, ds, strict=True))))
    return found


def same(a: Record, b: Record) -> bool:
    """Whether all shared dates agree bit for bit."""
    return all(np.array_equal(x, y) for _, x, y in shared_dates(a, b))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_hospital_more_leaves_every_other_date(number: int):
    world = changed(random_world(number, "hospital"), PEERS_OFF)
    more = copy.deepcopy(world)
    more["region"]["strata"][0]["count"] += 1  # a stratum that grows keeps its hospitals
    other = {k: v for k, v in more["region"]["strata"][0].items() if k != "areas"}
    more["region"]["strata"].insert(1, {**other, "id": "new", "type": "general", "count": 2})
    assert same(*(record(catchments_apart(w)) for w in (world, more)))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_drug_more_leaves_every_other_date_where_nothing_is_short(number: int):
    """Before 2021: a duty about the new drug would add meetings at which others are heard too."""
    world = changed(
        random_world(number, "drug", ("before-2021",)),
        {**PEERS_OFF, "committee.places": "unlimited", "stages.room": False, "listing.reviewers": "unlimited"},
    )
    year = min(world["cohort"]["yearly_counts"])
    more = changed(world, {"cohort": {"yearly_counts": {**world["cohort"]["yearly_counts"], year: 30}}})
    a, b = record(world), record(more)
    assert len(b.world.drugs) > len(a.world.drugs) and same(a, b)


def test_an_indicator_more_leaves_every_other_value(monkeypatch: pytest.MonkeyPatch):
    scenario = load_scenario(random_world(0, "indicator"))
    before = simulate(scenario, 2, workers=1, progress=False)
    indicators = run_module.indicators
    monkeypatch.setattr(run_module, "indicators", lambda r: {("asked", "all", "twice"): 2.0, **indicators(r)})
    after = simulate(scenario, 2, workers=1, progress=False)
    assert len(after.values) == len(before.values) + 1
    assert after.values.drop(("asked", "all", "twice")).loc[before.values.index].equals(before.values)


def test_other_seeds_and_replications_give_other_dates():
    world = random_world(2, "seed")
    assert not same(record(world), record(changed(world, {"seed": world["seed"] ^ 1})))
    assert not same(record(world), record(world, 1))


def test_a_difference_of_one_bit_is_seen():
    a, b = record(random_world(5, "bit")), record(random_world(5, "bit"))
    assert same(a, b)
    b.listing.listed[0, 0] = np.nextafter(b.listing.listed[0, 0], np.inf)
    assert not same(a, b)
