"""How the number of patients whom a hospital has for a drug makes its departments ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from simlib.experiments.run import simulate
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.areas import AREAS
from twin.model import run

HOSPITAL = {"type": "general", "owner": "city", "place": "city", "kind": "assumed", "source": "made up"}
WORLD: dict[str, Any] = {
    "format": 1, "name": "need", "calendar": "every_day", "start": dt.date(2020, 1, 1), "policy_from": 0, "horizon_days": 1500,
    "policy": "sichuan", "obedience": "full", "cohort": {"days": [0, 50, 100, 150, 200, 250, 300, 350]},
    "region": {
        "name": "need", "title": {"en": "Need", "zh": "需求"}, "population_million": 2, "payment": "DRG",
        "strata": [
            HOSPITAL | {"id": "large", "level": 3, "count": 4, "beds": 900},
            HOSPITAL | {"id": "small", "level": 2, "count": 4, "beds": 200},
        ],
    },
    "parameters": {"asking": {"beta_peers": 0, "push_exposure": 1, "level_factor": {"level_2": 1}}},
}  # fmt: skip


def first_asked(plain: bool = False, **changes: Any) -> np.ndarray:
    """Dates of the first request of each pair of a small world in which no hospital learns from another (float64, (H, D))."""
    scenario = load_scenario(WORLD, {k.replace("__", "."): v for k, v in changes.items()})
    return run(build_world(scenario, 0)).first_ask if plain else replicate(scenario, 0, pairs=True).pairs.first_ask


def test_a_hospital_without_patients_for_a_drug_never_asks_for_it():
    assert np.isfinite(first_asked()).any()
    for half in (0, 20):
        for plain in (False, True):
            nobody = first_asked(plain, drugs__patients_per_100k_median=0, asking__patients_half=half)
            assert not np.isfinite(nobody).any(), (half, plain)


def test_with_more_patients_and_the_same_luck_no_hospital_asks_later():
    few, more = (first_asked(drugs__patients_per_100k_median=n) for n in (2, 8))
    assert (more <= few).all() and (more < few).any()


def test_where_any_patients_will_do_their_number_does_not_matter():
    few, more = (first_asked(drugs__patients_per_100k_median=n, asking__patients_half=0) for n in (2, 8))
    assert np.array_equal(few, more)


def test_patients_in_need_of_a_temporary_purchase_come_to_the_hospitals_that_treat_the_disease():
    """A year's need of 1 a hospital where all treat it, of 2 where half do: the other half's patients come, too."""
    both = [HOSPITAL | {"id": f"level-{n}", "level": n, "count": 100, "beds": 100} for n in (3, 2)]
    changes = {
        "region": WORLD["region"] | {"population_million": 200, "strata": both}, "replications": 4,
        "asking.all_before_committee": False, "asking.breadth_a": 1000, "asking.breadth_b": 0.001, "asking.beta_peers": 0,
    }  # fmt: skip
    for half, needs in ((1, 1.0), (0, 2.0)):
        treats = {f"asking.treats.{area}.level_2": half for area in AREAS}
        values = simulate(load_scenario("temporary", changes | treats), workers=1, progress=False).values
        supplied = values.loc[("provided_12m", "level", "3")].mean()
        assert supplied == pytest.approx(1 - np.exp(-needs * (365.25 - 7) / 365.25), abs=0.01)
