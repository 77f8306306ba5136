"""Provinces: each lists by itself, its hospitals go by its date, and what one does changes nothing in another."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from simlib.model.model import Run, replicate
from simlib.model.record import Record
from simlib.outcomes.events import event_table
from simlib.outcomes.indicators import indicators
from simlib.outcomes.observations import unlisted
from simlib.outcomes.trace import trace_of
from simlib.scenario.scenario import load_scenario
from simlib.see.spans import drug_story_of
from tests.behaviour.random_worlds import PEERS_OFF, changed, random_world
from tests.twin.test_engine import differences
from tests.twin.toys import rule, toy

TITLE = {"en": "Toy", "zh": "玩具"}
STILL = {"reviewers": "unlimited", "work": "5 days", "standing": "100 days", "complete": 1, "window_interval": 0,
         "background_per_year": 0}  # fmt: skip


def named(*names: str, **keys) -> list[dict]:
    """Provinces of equal shares."""
    return [{"name": n, "title": TITLE, "share": 1.0, **copy.deepcopy(keys)} for n in names]


def region(provinces: list[dict], hospitals: int = 40, owner: str = "city", **keys) -> dict:
    """A region of general hospitals of one kind."""
    stratum = {"id": "h", "level": 3, "type": "general", "owner": owner, "place": "city", "count": hospitals,
               "beds": 100, "kind": "assumed", "source": "toy"}  # fmt: skip
    head = {"name": "toy", "title": TITLE, "population_million": 1, "payment": "DRG", "strata": [stratum]}
    return head | ({"provinces": provinces} if provinces else {}) | keys


def record(provinces: list[dict], *on: str, listing: dict | None = None, **keys) -> Record:
    """A finished toy in these provinces; nothing takes time but what is said."""
    parameters = {"listing": STILL | (listing or {}), **keys.pop("parameters", {})}
    place = {k: keys.pop(k) for k in ("hospitals", "owner", "cities") if k in keys}
    world = toy("listing", *on, region=region(provinces, **place), parameters=parameters, **keys).world
    return replicate(world.scenario, 0, pairs=True)


def world_of(number: int, provinces: list[dict]) -> dict:
    """A random world of behaviour tests in which nobody sees what others stock, with provinces."""
    lone = changed(random_world(number, "province", ("before-reform",)), PEERS_OFF)
    return lone | {"region": lone["region"] | {"provinces": provinces}}


def test_provinces_that_are_all_alike_list_as_one_where_nothing_is_drawn():
    lone, many = record([]), record(named("a", "b", "c"))
    assert lone.listing.listed.tolist() == [[105.0]]
    assert many.listing.listed.tolist() == [[105.0]] * 3
    assert np.array_equal(lone.pairs.stock, many.pairs.stock) and np.array_equal(lone.pairs.aware, many.pairs.aware)
    assert np.array_equal(lone.world.hospitals.ids, many.world.hospitals.ids)
    alone = record(named("a"))
    assert np.array_equal(alone.pairs.stock, lone.pairs.stock)


def test_hospitals_stock_by_the_date_of_their_own_province_and_a_deadline_makes_it_earlier():
    strict = named("strict", whole_limit="30 days") + named("free")
    found = record(strict)
    assert found.listing.listed[:, 0].tolist() == [30, 105]
    place = found.world.hospitals.province
    assert set(place.tolist()) == {0, 1}
    assert found.pairs.stock[:, 0].tolist() == np.where(place == 0, 30, 105).tolist()
    assert found.first_stock.tolist() == [30]
    shares = indicators(found)
    assert shares["listed_first_days", "all", "all"] == 30
    assert shares["listed_days", "all", "all"] == pytest.approx((30 + 105) / 2)
    assert shares["first_hospital_days", "all", "all"] == 30


def test_interest_fades_from_the_first_listing_anywhere_and_not_from_that_of_the_own_province():
    strict = region(named("strict", whole_limit="30 days") + named("free"), hospitals=200)
    asking = {"all_before_committee": False, "plateau": 1, "half_life": 0.5, "beta_peers": 0, "before_catalogue": 1}
    model = toy("listing", "asking", region=strict, horizon_days=2000,
                parameters={"listing": STILL | {"standing": "1000 days"}, "asking": asking})  # fmt: skip
    run = Run(model.world)
    run.through()
    assert run.arrays.listed[:, 0].tolist() == [30, 1005]
    years = np.maximum(0, (run.arrays.knots - 30) / 365.25 - 1)
    assert run.arrays.rate[:, 0, 2] / run.arrays.rate[0, 0, 2] == pytest.approx(0.5 ** (years / 0.5), rel=1e-12)
    assert differences(model.world.scenario)[0] == {}


def test_a_platform_that_does_not_obey_its_own_deadline_is_late_and_known_to_be():
    late = record(named("strict", whole_limit="30 days"), parameters={"obedience": {"other_must": 0}})
    assert (late.listing.listed[0, 0], late.listing.in_time[0, 0]) == (105, 0)
    kept = record(named("strict", whole_limit="30 days"))
    assert (kept.listing.listed[0, 0], kept.listing.in_time[0, 0]) == (30, 1)


def test_each_province_has_its_own_reviewers_windows_and_standing_time():
    slow = {"reviewers": 1, "standing_factor": 2.0, "window_interval": 20}
    found = record(named("slow", platform=slow) + named("quick"), "readiness", cohort={"days": [1, 1]},
                   parameters={"readiness": {"time": 0, "provinces": 1, "later_province_lag": 0}})  # fmt: skip
    # slow: window on day 20, one after the other 5 days of work each, 200 days of standing time
    assert sorted(found.listing.listed[0].tolist()) == [225, 230]
    assert found.listing.listed[1].tolist() == [106, 106]
    assert found.listing.busy.tolist() == [10, 0]


@pytest.mark.parametrize("number", range(4))
def test_a_province_more_leaves_every_date_of_the_others_to_the_last_bit(number: int):
    few = [p | {"platform": {"reviewers": 1}} for p in named("a", "b", whole_limit="25 days")]
    a, b = (replicate(load_scenario(world_of(number, p)), 0, pairs=True) for p in (few, few + named("c")))
    for name in ("filed", "arrival", "start", "done", "signed", "listed"):
        assert np.array_equal(getattr(a.listing, name), getattr(b.listing, name)[:2]), name
    stay = a.world.hospitals.province == b.world.hospitals.province
    assert 0 < stay.sum() < len(stay)
    assert np.array_equal(a.pairs.aware[stay], b.pairs.aware[stay])
    assert (a.listing.listed[0] != a.listing.listed[1]).any()


@pytest.mark.parametrize("number", range(4))
def test_the_first_province_is_never_later_than_the_average_one(number: int):
    found = replicate(load_scenario(world_of(number, named("a", "b", "c"))), 0)
    values = indicators(found)
    assert (found.listing.first <= found.listing.listed.mean(axis=0)).all()
    assert values["listed_first_days", "all", "all"] < values["listed_days", "all", "all"]
    lone = replicate(load_scenario(world_of(number, [])), 0)
    assert ("listed_first_days", "all", "all") not in indicators(lone)


def test_a_firm_files_first_in_one_province_and_a_quick_one_is_chosen_more_often():
    numbers = {"time": 0, "provinces": 3, "national_listing": 90, "choice_scale": 30, "later_province_lag": "50 days"}
    given = {"parameters": {"readiness": numbers}, "cohort": {"days": [0] * 600}, "hospitals": 0}
    quick = named("quick", whole_limit="60 days") + named("b", "c")  # 30 days less: e times as likely
    by_lot = record(quick, "readiness", **given).listing.filed == 0
    chosen = record(quick, "readiness", rules={"listing.first_province_choice": rule(True)}, **given).listing.filed == 0
    assert (by_lot.sum(axis=0) == 1).all() and (chosen.sum(axis=0) == 1).all()
    for first, expected in ((by_lot, [1 / 3] * 3), (chosen, [np.e / (np.e + 2), *[1 / (np.e + 2)] * 2])):
        assert first.mean(axis=1) == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(600))
    elsewhere = numbers | {"provinces": 30}  # 27 others are outside the region
    few = record(quick, "readiness", **given | {"parameters": {"readiness": elsewhere}}).listing.filed == 0
    assert few.mean(axis=1) == pytest.approx([1 / 30] * 3, abs=4 * 0.18 / np.sqrt(600))


def test_the_platform_of_each_province_obeys_or_not_by_itself():
    half = {"obedience": {"other_must": 0.5}, "listing": STILL | {"standing_factor": {
        "green_channel": 0.5, "autonomous_pricing": 1, "direct": 1, "price_guidance": 1}}}  # fmt: skip
    listed = record(named("a", "b"), rules={"listing.green_channel": rule(True)}, parameters=half,
                    cohort={"days": [0] * 200}, hospitals=0).listing.listed  # fmt: skip
    assert set(np.unique(listed)) == {55, 105}
    both = (listed == 55).all(axis=0).mean()
    assert both == pytest.approx(0.25, abs=4 * 0.43 / np.sqrt(200))  # 0.5 if they were of one mind


def test_fewer_patients_can_bear_a_drug_where_incomes_are_lower():
    provinces = named("rich", income=2.0) + named("poor", income=0.5) + named("rich too", income=2.0)
    p = record(provinces, "payment", parameters={"payment": {"always_afford": False}}).payers
    assert p.pay.shape[0] == 2  # a class by income, not by province
    at = [p.pay["afford"][p.classes[h]] for h in range(len(p.classes))]
    place = replicate(load_scenario(_scenario(provinces)), 0).world.hospitals.province
    rich, poor = (next(a for a, i in zip(at, place, strict=True) if i == k) for k in (0, 1))
    assert (rich > poor).all()


def _scenario(provinces: list[dict]) -> dict:
    """The toy above, of which only hospitals are asked."""
    return {"format": 1, "name": "toy", "region": region(provinces), "cohort": {"days": [0]}, "horizon_days": 10,
            "policy_from": 0, "calendar": "every_day", "start_from": "nothing"}  # fmt: skip


def test_the_share_not_listed_is_that_of_the_average_province():
    found = record(named("strict", whole_limit="30 days") + named("free"))
    found.catalogues.entered[:] = 0.0
    assert [unlisted(found, after, 1) for after in (20, 50, 200)] == [1.0, 0.5, 0.0]


def test_events_name_the_province_and_a_story_tells_of_the_hospitals_own_platform():
    scenario = toy("listing", region=region(named("strict", whole_limit="30 days") + named("free"), hospitals=20),
                   parameters={"listing": STILL}).world.scenario  # fmt: skip
    kept = replicate(scenario, 0, pairs=True, events=True)
    table = event_table(kept)
    listed = table[table["outcome"] == "listed"].set_index("province")["time"]
    assert listed.to_dict() == {"strict": 30, "free": 105}
    for h, place in enumerate(kept.world.hospitals.province.tolist()):
        events = trace_of(kept, table, None, h, 0).events
        own = events[events["outcome"] == "listed"]
        assert own["time"].tolist() == [(30, 105)[place]]
        assert set(events["province"].dropna()) == {("strict", "free")[place]}


def test_a_picture_of_a_drug_shows_each_hospital_waiting_for_its_own_platform():
    scenario = toy("listing", region=region(named("strict", whole_limit="30 days") + named("free"), hospitals=20),
                   parameters={"listing": STILL}).world.scenario  # fmt: skip
    kept = replicate(scenario, 0, pairs=True, events=True)
    story = drug_story_of(kept, int(kept.world.drugs.ids[0]))
    place = dict(zip(kept.world.hospitals.names, kept.world.hospitals.province.tolist(), strict=True))
    for name, spans in zip(story.hospitals, story.spans, strict=True):
        waited = sum((s.until - s.first).days for s in spans if s.who == "platform")
        assert waited == (30, 105)[place[name]], name
