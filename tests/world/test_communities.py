"""County medical communities: who follows whose formulary."""

from __future__ import annotations

import numpy as np

from simlib.world.communities import ALONE, draw_leads
from simlib.world.region import Hospitals, Region, build_hospitals

COUNTY = {
    "owner": "county",
    "place": "county",
    "type": "general",
    "beds": 100.0,
    "kind": "assumed",
    "source": "made up",
}
GROUPS = [
    COUNTY | {"id": "lead", "level": 2, "count": 12},
    COUNTY | {"id": "town", "level": 1, "count": 200},
    COUNTY | {"id": "herbs", "level": 2, "type": "tcm", "count": 40},
    COUNTY | {"id": "private", "level": 1, "owner": "private", "count": 40},
    COUNTY | {"id": "city", "level": 2, "owner": "city", "place": "city", "count": 40},
    COUNTY | {"id": "large", "level": 3, "count": 10},
]


def hospitals(cities: int = 3) -> Hospitals:
    region = Region.model_validate(
        {"name": "mine", "title": {"en": "Mine", "zh": "我的"}, "population_million": 3, "payment": "DRG", "cities": cities,
         "strata": GROUPS}
    )  # fmt: skip
    return build_hospitals(region, 1, 0.0, 0.5)


def kinds(h: Hospitals, places: np.ndarray) -> set[str]:
    return {h.names[i].rsplit("-", 1)[0] for i in places.tolist()}


def test_without_a_share_nobody_follows_anybody() -> None:
    assert (draw_leads(hospitals(), 0.0, 1) == ALONE).all()


def test_the_countys_own_hospitals_follow_its_general_hospital_of_level_2() -> None:
    h = hospitals(1)
    lead = draw_leads(h, 1.0, 1)
    assert kinds(h, np.flatnonzero(lead != ALONE)) == {"town", "herbs"}
    assert kinds(h, lead[lead != ALONE]) == {"lead"}
    assert (lead != ALONE).sum() == 240


def test_a_lead_is_of_the_members_city_and_none_is_left_out() -> None:
    h = hospitals()
    lead = draw_leads(h, 1.0, 1)
    joined = np.flatnonzero(lead != ALONE)
    assert joined.size and (h.city[lead[joined]] == h.city[joined]).all()
    assert set(lead[joined].tolist()) == {i for i, n in enumerate(h.names) if n.startswith("lead-")}


def test_where_a_city_has_no_lead_nobody_follows() -> None:
    h = hospitals(100)
    lead = draw_leads(h, 1.0, 1)
    led = set(h.city[[n.startswith("lead-") for n in h.names]].tolist())
    assert led.isdisjoint(h.city[(lead == ALONE) & (h.level == 1) & (h.owner == 3)].tolist())
    assert 0 < (lead != ALONE).sum() < 240


def test_a_larger_share_keeps_the_members_of_a_smaller_and_their_leads() -> None:
    h = hospitals(1)
    some, more = draw_leads(h, 0.3, 1), draw_leads(h, 0.7, 1)
    assert 40 < (some != ALONE).sum() < 110 < (more != ALONE).sum()
    assert (more[some != ALONE] == some[some != ALONE]).all()
