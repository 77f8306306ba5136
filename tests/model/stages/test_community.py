"""County medical communities: what a lead hospital stocks its members have too."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from simlib.core.errors import InputError
from simlib.model.model import replicate
from simlib.model.pair_records import PairState
from simlib.model.record import Pairs, Record
from simlib.model.sums import CUBE
from simlib.scenario.scenario import load_scenario
from tests.model.stages.test_targets import WORLD
from tests.twin.toys import rule
from tests.twin.worlds import world
from twin.model import run

COUNTY = {"type": "general", "owner": "county", "place": "county", "kind": "assumed", "source": "made up"}
LEAD, TOWN = (
    COUNTY | {"id": "lead", "level": 2, "count": 3, "beds": 400},
    COUNTY | {"id": "town", "level": 1, "count": 9, "beds": 40},
)
OTHERS = COUNTY | {"id": "private", "owner": "private", "level": 1, "count": 7, "beds": 40}
REGION = WORLD["region"] | {"strata": [*WORLD["region"]["strata"], LEAD, TOWN]}
ALIKE = {
    "asking.patients_half": 0,
    "asking.beta_peers": 0,
    "decision.relevance_log_sd": 0,
    "temporary.share_in_need": 0,
}
OFTEN = {"asking.treats.oncology.level_2": 1, "asking.treats.oncology.level_1": 0.5, "asking.lambda0": 8}
TOY_POLICY = {
    "format": 1, "name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy", "on": "before-2021",
    "in_force": {"from": dt.date(2020, 1, 1), "to": "open", "clause": "toy"},
}  # fmt: skip
ALL = {"committee.community_share": 1, "committee.community_lag": 0}


def lived(region: dict[str, Any] = REGION, **changes: Any) -> Record:
    """A small world with a county's own hospitals, where level 2 often asks."""
    named = {k.replace("__", "."): v for k, v in changes.items()}
    return replicate(load_scenario(WORLD, {"region": region} | ALIKE | OFTEN | named), 0, pairs=True)


def sharing(**changes: Any) -> Record:
    return lived(**ALL, **changes)


def members(record: Record) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(stock of each member, that of its lead, whether the drug concerns the member), each (members, D)."""
    m = np.flatnonzero(record.world.leads >= 0)
    p = record.pairs
    return p.stock[m], p.stock[record.world.leads[m]], p.state[m] != PairState.OUT_OF_TARGET


def test_with_a_share_of_nothing_all_is_as_if_nobody_spoke_of_communities():
    none, silent = lived(REGION | {"medical_communities": {"share": 0}}), lived()
    assert np.array_equal(none.pairs.stock, silent.pairs.stock) and np.array_equal(none.cube, silent.cube)
    assert (none.world.leads < 0).all() and (sharing().pairs.stock != silent.pairs.stock).any()


def test_without_a_lag_every_member_has_what_concerns_it_no_later_than_its_lead():
    own, of_lead, concerned = members(sharing())
    assert (own <= of_lead)[concerned].all()
    assert np.isfinite(of_lead[concerned]).sum() > 5


def test_a_lag_puts_off_what_members_take_over_by_so_many_days():
    own, of_lead, concerned = members(sharing(committee__community_lag=45))
    later = concerned & (own > of_lead) & np.isfinite(own)
    assert later.sum() > 5 and (own[later] == of_lead[later] + 45).all()


def test_a_member_takes_nothing_over_for_a_disease_that_it_does_not_treat():
    own, of_lead, concerned = members(sharing())
    assert (np.isfinite(of_lead) & ~concerned).any() and np.isinf(own[~concerned]).all()


def test_hospitals_of_other_owners_change_neither_who_follows_whom_nor_when():
    alone, beside = lived(**ALL), lived(REGION | {"strata": [OTHERS, *REGION["strata"]]}, **ALL)
    before, after = alone.world.leads, beside.world.leads
    assert (after[:7] < 0).all() and np.array_equal(after[7:], np.where(before < 0, before, before + 7))
    for own, other in zip(members(alone), members(beside), strict=True):
        assert np.array_equal(own, other)


def test_what_is_taken_over_neither_calls_nor_saves_a_duty_meeting():
    held = [r.pairs.duty_meetings for r in (lived(), sharing())]
    assert held[0].sum() > 0 and np.array_equal(*held)


def test_nobody_counts_as_having_asked_for_what_was_taken_over_unasked():
    record = sharing()
    asked, got = np.isfinite(record.pairs.first_ask), np.isfinite(record.pairs.stock)
    assert record.cube[..., CUBE.index("asked")].sum() == asked.sum() and (got & ~asked).any()


def test_days_in_all_states_add_up_to_the_same_with_communities_as_without():
    days = [k for k, name in enumerate(CUBE) if name.startswith("days_")]
    without, within = (r.cube[..., days].sum(axis=1) for r in (lived(), sharing()))
    assert np.array_equal(without.sum(axis=1), within.sum(axis=1)) and without.sum() > 0
    stocked = PairState.STOCKED
    assert within[:, stocked].sum() > without[:, stocked].sum()


def toy(*on: str, parameters: dict[str, Any], last: dict[str, Any] = TOWN, **keys: Any) -> Pairs:
    """A lead hospital (row 0) and its only member (row 1, `last`; the other way round with LEAD); the twin says the same."""
    strata = [s | {"count": 1, "designated": s is LEAD} for s in (TOWN if last is LEAD else LEAD, last)]
    given = {k: {} for k in ("committee", "decision")} | parameters
    given["committee"] = {"community_share": 1, "community_lag": 0} | given["committee"]
    given["decision"] = {"fixed": {"pass": 1, "defer": 0, "return": 0}} | given["decision"]
    w = world(*on, region=REGION | {"strata": strata}, parameters=given, **keys)
    pairs, twin = replicate(w.scenario, 0, pairs=True).pairs, run(w)
    for name in ("aware", "first_ask", "first_heard", "passed", "stock", "asks"):
        assert np.array_equal(getattr(pairs, name), getattr(twin, name)), name
    return pairs


def test_a_meeting_on_the_day_comes_before_what_is_taken_over():
    pairs = toy(parameters={})
    assert pairs.stock.tolist() == pairs.first_heard.tolist() == [[120], [120]]


def test_a_request_that_lapses_on_the_day_has_lapsed_before_the_drug_is_taken_over():
    full = {
        "places": {"level_3": 1, "level_2": 1, "level_1": 0},
        "background_items": dict.fromkeys(("level_3", "level_2", "level_1"), 0),
    }
    late = {"meetings": {"grid": 5000, "phase": 100 + 30.4375}, "unheard_leaves_after_months": 1}
    pairs = toy(parameters={"committee": full | late}, policy="before-2021")
    assert pairs.stock.tolist() == [[130.4375], [130.4375]] and pairs.asks.tolist() == [[1], [2]]


def test_what_the_lead_takes_in_unheard_reaches_its_members_before_their_next_meeting():
    unheard = {"committee.direct_inclusion": rule(True, scope="all/designated")}
    pairs = toy(
        "awareness",
        last=LEAD,  # whose turn would come after its member's
        parameters={"awareness": {"lag": {"level_3": "0 days", "level_2": "12 days", "level_1": "0 days"}}},
        policy=TOY_POLICY | {"rules": unheard}, obedience="full",
    )  # fmt: skip
    assert pairs.stock.tolist() == [[112], [112]] and np.isinf(pairs.first_heard).all()


def test_what_is_taken_over_takes_a_place_without_waiting_for_one():
    room = {"target_mean": 1, "target_sd": 0, "relaxation": 1000}
    lag = {"level_3": "0 days", "level_2": "0 days", "level_1": "50 days"}
    pairs = toy("awareness", "room", cohort={"days": [0, 45]}, parameters={"room": room, "awareness": {"lag": lag}})
    assert pairs.stock[1, 0] == pairs.stock[0, 0] == 30
    assert pairs.passed[1, 1] == 120 < pairs.stock[1, 1]


def test_a_single_change_wins_over_the_regions_own_share():
    region = REGION | {"medical_communities": {"share": 1}}
    own, changed = (
        load_scenario(WORLD | {"region": region}),
        load_scenario(WORLD, {"region": region, "committee.community_share": 0}),
    )
    assert (own.parameters.committee.community_share, changed.parameters.committee.community_share) == (1, 0)
    assert own.source_of("committee.community_share").layer == "region"


@pytest.mark.parametrize(
    ("strata", "told"),
    [
        ([LEAD | {"id": "city", "owner": "city"}, TOWN], "no general hospital of level 2 owned by a county"),
        ([LEAD], "no other hospital of levels 1 and 2 owned by a county"),
    ],
)
def test_communities_that_cannot_act_are_refused_in_one_line(strata, told):
    region = REGION | {"strata": strata}
    for changes in (
        {"region": region, "committee.community_share": 0.5},
        {"region": region | {"medical_communities": {"share": 0.5}}},
    ):
        with pytest.raises(InputError, match=f"share: {told}") as caught:
            load_scenario(WORLD, changes)
        assert "\n" not in str(caught.value)
    load_scenario(WORLD, {"region": region | {"medical_communities": {"share": 0}}})
