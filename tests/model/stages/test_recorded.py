"""Recorded purchasing: small purchases, on filing, of a drug that is not yet listed. They supply, and decide nothing."""

from __future__ import annotations

import datetime
from functools import cache

import numpy as np
import pytest

from simlib.core.streams import Q_OTHER_OBEY, uniforms
from simlib.core.workdays import INF
from simlib.model.model import replicate
from simlib.model.pair_records import STATES, PairState
from simlib.model.record import Record
from simlib.model.rules import Others
from simlib.model.stages.recorded import recorded_dates, recorded_supply
from simlib.model.sums import CUBE
from simlib.outcomes.events import events
from simlib.outcomes.trace import trace
from simlib.policy.flow import STAGES
from simlib.scenario.inert import inert_rules
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world, rule_id
from simlib.words.story import story

DAYS = [CUBE.index(f"days_{s}") for s in STATES]
NO_ONE_ASKS = {"asking.lambda0": 1e-9}
LEVER = "listing.other_routes"
OFF = {f"{LEVER}@practice": "off"}


def world(changes: dict | None = None, policy: dict | str = "before-2021") -> dict:
    return {
        "format": 1, "name": "recorded", "policy": policy, "start": datetime.date(2022, 3, 1), "policy_from": 0,
        "horizon_days": 900, "cohort": {"days": [0, 5, 40, 300]}, "obedience": "default", "seed": 7, "calendar": "china",
        "region": {"name": "r", "title": {"en": "r", "zh": "r"}, "population_million": 20, "payment": "DRG", "strata": [
            {"id": "a", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 12, "beds": 900,
             "kind": "assumed", "source": "toy"}]},
        "parameters": {
            "obedience": {"other_must": 1.0}, "asking": {"lambda0": 3.0},
            "temporary": {"recorded_in_need": 0.5, "time": "10 days"},
            "listing": {"standing": "200 days"}, "drugs": {"patients_per_100k_median": 10},
        },
        **({"changes": changes} if changes else {}),
    }  # fmt: skip


@cache
def history(*numbers: tuple[str, float]) -> Record:
    return run(world(), dict(numbers))


def run(mapping: dict, numbers: dict | None = None) -> Record:
    return replicate(load_scenario(mapping, numbers or {}), 0, pairs=True)


def days(record: Record) -> np.ndarray:
    """Days in each state, over all pairs."""
    return record.cube.sum(axis=(0, 1))[DAYS]


def test_a_drug_is_supplied_before_its_listing_at_hospitals_that_know_nothing_of_it_yet():
    pairs, listed = history().pairs, history().listing.listed[0]
    early = pairs.temporary_first < listed
    assert early.any() and (pairs.temporary_first[early] < pairs.aware[early]).all()
    assert days(history())[PairState.TEMPORARY] > 0


def test_it_ends_some_months_after_the_listing_or_with_the_regular_stock():
    few, many = (days(history(*NO_ONE_ASKS.items(), ("temporary.recorded_ends_months", n))) for n in (1, 12))
    assert 0 < few[PairState.TEMPORARY] < many[PairState.TEMPORARY]
    record = history()
    stocked = (record.pairs.stock < record.world.horizon) & (record.pairs.temporary_first < INF)
    assert stocked.any() and (record.pairs.temporary_first[stocked] < record.pairs.stock[stocked]).all()


def test_every_day_counts_once_whatever_supplies_the_pair():
    both = {"policy": "national", "temporary.share_in_need": 1.0, "obedience": "hoped"}
    record = replicate(load_scenario(world(), both), 0, pairs=True)
    observed = record.cube[:, :, CUBE.index("months_observed_24")].sum() * 30.4375
    assert days(record).sum() == pytest.approx(observed)
    without = replicate(load_scenario(world(), {**both, "temporary.recorded_in_need": 0}), 0, pairs=True)
    alone = days(replicate(load_scenario(world(), {**both, "temporary.share_in_need": 0}), 0, pairs=True))[
        PairState.TEMPORARY
    ]
    assert record.pairs.temporaries.sum() == without.pairs.temporaries.sum() > 0
    assert (
        max(days(without)[PairState.TEMPORARY], alone)
        < days(record)[PairState.TEMPORARY]
        < days(without)[PairState.TEMPORARY] + alone
    )


def test_it_changes_no_decision_and_no_other_date():
    much, none = history(), history(("temporary.recorded_in_need", 0.0))
    for name in ("aware", "first_ask", "first_heard", "passed", "stock", "hearings", "asks", "refusals", "temporaries"):
        assert (getattr(much.pairs, name) == getattr(none.pairs, name)).all(), name
    assert (none.pairs.temporary_first == INF).all() and (much.pairs.temporary_first < INF).any()


def test_whoever_is_supplied_at_a_date_that_counts_is_provided_then_and_was_ever_supplied():
    record = history(*NO_ONE_ASKS.items(), ("temporary.recorded_ends_months", 12.0))
    total = dict(zip(CUBE, record.cube.sum(axis=(0, 1)), strict=True))
    assert total["asked"] == 0 and total["stocked_12"] == 0 and total["provided_12"] > 0
    assert total["ever_temporary"] == (record.pairs.temporary_first < record.world.horizon).sum()


def test_a_pair_that_nobody_asked_for_is_in_temporary_supply_at_the_end():
    record = history(*NO_ONE_ASKS.items(), ("temporary.recorded_ends_months", 12.0), ("listing.standing", "800 days"))
    supplied = record.pairs.state == PairState.TEMPORARY
    assert supplied.any() and (record.pairs.first_ask[supplied] == INF).all()


def own(**entries: dict) -> dict:
    """A policy with other routes of its own, on practice."""
    rules = [{"clause": n, "kind": "stated", "strength": "must", **e} for n, e in entries.items()]
    return {
        "format": 1, "name": "own", "title": {"en": "Own", "zh": "自定"}, "document": "own", "place": "own",
        "on": "before-2021", "in_force": {"from": datetime.date(2022, 3, 1), "to": "open", "clause": "own"},
        "rules": {LEVER: rules},
    }  # fmt: skip


def dates(policy: dict, **numbers: float) -> np.ndarray:
    given = {f"obedience.{k}": v for k, v in numbers.items()}
    built = build_world(load_scenario(world(OFF, policy), given), 0)
    return recorded_dates(built, Others(built))


def test_the_platform_lets_it_happen_from_the_rules_day_on_and_not_before_the_approval():
    approved = build_world(load_scenario(world()), 0).drugs.approval
    found = dates(own(a={"value": ["recorded"], "from": datetime.date(2022, 4, 10)}))
    assert found.tolist() == np.maximum(approved, 40.0).tolist()
    assert (dates(own(a={"value": ["price_linked"]})) == INF).all()


def test_a_stronger_rule_of_another_route_can_bring_the_platform_to_obey_later():
    weak = {"value": ["recorded"], "strength": "explore"}
    strong = {"value": ["price_linked"], "from": datetime.date(2022, 6, 9)}
    built = build_world(load_scenario(world()), 0)
    u = uniforms(built.key, Q_OTHER_OBEY, drugs=built.drugs.ids, attempt=rule_id(LEVER))
    chance = float(np.sort(u)[:2].mean())  # one of the four drugs lies under it
    found = dates(own(a=weak, b=strong), explore=chance, other_must=1.0)
    at_once = u < chance
    assert at_once.sum() == 1
    assert found.tolist() == np.maximum(built.drugs.approval, np.where(at_once, 0.0, 100.0)).tolist()


def test_the_supply_of_one_pair_can_be_asked_for_with_any_stock_date():
    from simlib.model.model import Run

    here = Run(build_world(load_scenario(world()), 0))
    pairs = [(h, d) for h in range(12) for d in range(4) if here.arrays.slot[h, d] > -9]
    spans = {p: recorded_supply(here.state, *p, INF) for p in pairs}
    (h, d), (start, end) = next((p, s) for p, s in spans.items() if s[0] < INF)
    assert recorded_supply(here.state, h, d, start + 1.0) == (start, start + 1.0)
    assert recorded_supply(here.state, h, d, start) == (INF, INF) and end > here.listing.first[d]


@pytest.mark.parametrize("stage", ["temporary", "committee"])
def test_it_rests_with_its_stage_and_says_so(stage):
    scenario = load_scenario(world(), {f"stages.{stage}": False})
    assert (replicate(scenario, 0, pairs=True).pairs.temporary_first == INF).all()
    table = inert_rules(scenario).query("lever == @LEVER and what == ''")
    assert table["reason"].str.contains(f"the stage is switched off: {STAGES[stage].en}").any()


def test_the_other_routes_stay_inert_with_a_reason():
    table = inert_rules(load_scenario(world())).query("lever == @LEVER")
    assert set(table["what"]) == {"price_linked", "volume_based"} and table["reason_zh"].str.len().min() > 5


def test_read_as_a_mere_record_it_is_no_way_in():
    read = replicate(
        load_scenario("sichuan-sichuan-default", {"readings.B8": "record_only", "region": world()["region"]}), 0
    )
    plain = replicate(load_scenario("sichuan-sichuan-default", {"region": world()["region"]}), 0)
    assert np.isinf(read_dates(read)).all() and not np.isinf(read_dates(plain)).all()


def read_dates(record: Record) -> np.ndarray:
    return recorded_dates(record.world, Others(record.world))


def test_the_log_and_a_trace_tell_it_with_the_rule_that_opened_it():
    scenario = load_scenario(world())
    table = events(scenario)
    began = table[table["outcome"] == "recorded_began"]
    assert len(began) > 5 and (began["lever"] == LEVER).all() and (began["clause"] == "practice").all()
    assert (began["until"] > began["day"]).sum() + began["until"].isna().sum() == len(began)
    drug, hospital = began.iloc[0][["drug", "hospital"]]
    found = trace(scenario, drug, hospital)
    assert "bought on filing, before it was listed" in " ".join(found.text().split())
    assert "备案采购" in found.text("zh") and story(found).supplied > 0
    assert not (events(load_scenario(world(OFF)))["outcome"] == "recorded_began").any()
