"""Hospitals of a region: one law of size, for groups that are drawn and for lists of a user's own."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.scenario.scenario import Scenario, load_scenario
from simlib.scenario.world import build_world
from simlib.world.region import Region

KIND = {"type": "general", "place": "city", "kind": "assumed", "source": "made up"}
GROUPS: list[dict[str, Any]] = [
    {"id": "large", "level": 3, "owner": "national", "count": 2, "beds": 2000.0},
    {"id": "small", "level": 3, "owner": "private", "count": 4, "beds": 500.0},
    {
        "id": "special",
        "level": 2,
        "owner": "city",
        "count": 3,
        "beds": 200.0,
        "type": "specialty",
        "areas": ["oncology", "cardiovascular", "dermatology"],
    },
]


def region(strata: list[dict[str, Any]]) -> Region:
    return Region.model_validate(
        {"name": "mine", "title": {"en": "Mine", "zh": "我的"}, "population_million": 3, "payment": "DRG", "cities": 4,
         "strata": [KIND | s for s in strata]}
    )  # fmt: skip


def one_by_one(strata: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same hospitals as a list has them, each with the name that the group gives it."""
    names = [(s, f"{s['id']}-{i + 1}") for s in strata for i in range(s["count"])]
    return [s | {"id": name, "name": name, "count": 1} for s, name in names]


def scenario(strata: list[dict[str, Any]]) -> Scenario:
    return load_scenario(
        {"format": 1, "name": "sizes", "region": region(strata).model_dump(mode="json", exclude={"hospitals"}),
         "cohort": {"days": [10.0 * k for k in range(12)]}, "calendar": "every_day", "start": dt.date(2020, 1, 1), "policy_from": 0, "horizon_days": 2000,
         "rounds": None, "parameters": {"asking": {"size_log_sd": 0, "lambda0": 3}, "decision": {"b0": {"level_3": 3, "level_2": 3, "level_1": 3}}}}
    )  # fmt: skip


def test_a_list_and_a_group_of_the_same_beds_are_the_same_hospitals_with_the_same_history():
    a, b = (replicate(scenario(s), 0, pairs=True) for s in (GROUPS, one_by_one(GROUPS)))
    for field in dataclasses.fields(a.world.hospitals):
        mine, theirs = (getattr(r.world.hospitals, field.name) for r in (a, b))
        assert np.array_equal(mine, theirs), field.name
    assert np.isfinite(a.pairs.stock).any()
    for field in dataclasses.fields(a.pairs):
        assert np.array_equal(getattr(a.pairs, field.name), getattr(b.pairs, field.name)), field.name


def test_size_is_beds_over_the_mean_of_the_level_whatever_the_group():
    sizes = build_world(scenario(GROUPS), 0).hospitals.size
    assert sizes.tolist() == pytest.approx([2, 2, 0.5, 0.5, 0.5, 0.5, 1, 1, 1])


@pytest.mark.parametrize("name", ["nation", "sichuan", "beijing", "guangzhou"])
def test_of_two_hospitals_of_a_level_the_one_with_more_beds_is_the_larger_one(name):
    h = build_world(
        load_scenario(
            {
                "format": 1,
                "name": "x",
                "region": name,
                "cohort": {"days": []},
                "start": dt.date(2024, 1, 1),
                "horizon_days": 1,
            }
        ),
        0,
    ).hospitals
    for level in (1, 2, 3):
        here = h.level == level
        order = np.argsort(h.beds[here])
        assert (np.diff(h.size[here][order]) >= 0).all()
        assert not here.any() or h.size[here].mean() == pytest.approx(
            1, abs=0.1
        )  # so the level's rate is that of its mean
