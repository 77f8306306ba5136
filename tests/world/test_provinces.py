"""Provinces of a region: who stands where, and what is wrong with a file."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.errors import InputError
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from tests.model.stages.test_provinces import TITLE, named, region


def hospitals(provinces: list[dict], **keys):
    """The hospitals of a region with these provinces."""
    scenario = {
        "format": 1, "name": "toy", "region": region(provinces, **keys), "cohort": {"days": [0]}, "horizon_days": 10,
        "policy_from": 0, "calendar": "every_day", "start_from": "nothing",
    }  # fmt: skip
    return build_world(load_scenario(scenario), 0).hospitals


def test_hospitals_are_spread_over_provinces_by_their_shares():
    provinces = [{"name": n, "title": TITLE, "share": s} for n, s in (("a", 30.0), ("b", 60.0), ("c", 10.0))]
    part = np.bincount(hospitals(provinces, hospitals=5000).province, minlength=3) / 5000
    assert part == pytest.approx([0.3, 0.6, 0.1], abs=4 * 0.5 / np.sqrt(5000))


def test_a_hospital_stands_in_a_city_of_its_province_and_a_provincial_one_in_its_capital():
    provinces = named("a", cities=3) + named("b")
    spread = hospitals(provinces, hospitals=400, cities=8)  # half of 8 in b, numbered 3 to 6
    assert [set(spread.city[spread.province == p].tolist()) for p in (0, 1)] == [{0, 1, 2}, {3, 4, 5, 6}]
    central = hospitals(provinces, hospitals=50, cities=8, owner="provincial")
    assert set(zip(central.province.tolist(), central.city.tolist(), strict=True)) == {(0, 0), (1, 3)}
    assert (central.city == central.capital).all()


def test_without_provinces_hospitals_and_cities_are_what_they_were():
    lone, one = hospitals([], hospitals=50, cities=8), hospitals(named("a"), hospitals=50, cities=8)
    assert set(lone.province.tolist()) == set(lone.capital.tolist()) == {0}
    assert np.array_equal(lone.city, one.city)


@pytest.mark.parametrize(
    ("provinces", "words"),
    [
        (named("a", "a"), "'a' is also province 1"),
        (named("a", "total"), "'total' is a total, no province"),
        (named("a", whole_limit="soon"), "'soon' is no duration"),
        (named("a", whole_limit="0 days"), "longer than nothing"),
        (named("a", share=0.0), "share"),
        (named("a", platform={"reviewer": 3}), "reviewer"),
    ],
)
def test_a_wrong_province_is_one_line_with_its_key(provinces: list[dict], words: str):
    with pytest.raises(InputError, match=words) as complaint:
        hospitals(provinces)
    assert "provinces" in str(complaint.value) and "\n" not in str(complaint.value)
