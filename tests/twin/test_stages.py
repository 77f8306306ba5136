"""Hand checks of the twin's stages 1 to 8: small worlds whose dates can be worked out on paper."""

from __future__ import annotations

import datetime as dt
import heapq
import math

import numpy as np
import pytest

from simlib.core import streams as q
from simlib.core.distributions import pack_one, sample
from simlib.core.workdays import MONTHS, deadline, up
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import World, build_world
from tests.twin.worlds import SELDOM, decide, world
from twin.model import Model, State, run

# ---- listing


def test_chain_of_waits_has_the_mean_worked_out_in_its_file():
    waits = np.concatenate([run(build_world(load_scenario("chain"), r)).stock.ravel() - 100 for r in range(4)])
    assert waits.mean() == pytest.approx(156, abs=4 * waits.std() / math.sqrt(len(waits)))
    assert np.median(waits) == pytest.approx(126, abs=4)


def queue(days: int, background: float, replication: int = 0, **listing) -> World:
    """Drugs and other applications at 0.2 or 0.4 a day before 8 reviewers, 15 days of work each."""
    base = {"reviewers": 8, "work": {"exponential": {"mean": 15}}, "standing": 0, "complete": 1, "window_interval": 0}
    return world(
        "listing", replication=replication, hospitals=0, horizon_days=days,
        cohort={"poisson": {"per_day": 0.4 - background}},
        parameters={"listing": base | {"background_per_year": background * 365.25} | listing},
    )  # fmt: skip


def test_eight_reviewers_make_wait_as_erlang_says():
    waits = []
    for replication in range(4):
        r = run(queue(30_000, 0.0, replication))
        waits.append((r.listed - r.arrival)[np.isfinite(r.listed)].mean() - 15)
    assert np.mean(waits) == pytest.approx(2.677, abs=0.4)


def test_reviewers_give_the_dates_of_a_recursion_over_arrivals():
    w = queue(20_000, 0.2)
    record, pool = pack_one(w.p.listing.work)
    jobs = [(a, i, q.uniform(w.key, q.Q_WORK, 0, 0, i)) for a, i in zip(w.drugs.approval, w.drugs.ids, strict=True)]
    total, i = 0.0, 0
    while (total := total + q.exponential(w.key, q.Q_BACKGROUND_GAP, i, 0, 0) * 365.25 / (0.2 * 365.25)) < w.horizon:
        jobs.append((q.grid(total), 2**32 + i, q.uniform(w.key, q.Q_BACKGROUND_WORK, i, 0, 0)))
        i += 1
    free, done = [0.0] * 8, {}
    for arrival, id_, u in sorted(jobs):
        done[id_] = q.grid(max(arrival, heapq.heappop(free)) + sample(u, record, pool))
        heapq.heappush(free, done[id_])
    expected = np.array([done[i] for i in w.drugs.ids.tolist()])
    assert np.array_equal(run(w).listed, np.where(expected < w.horizon, expected, np.inf))


def test_all_of_one_moment_arrive_before_the_free_reviewer_chooses():
    w = world(
        "listing", hospitals=0, cohort={"days": [5, 5, 5, 15]},
        parameters={"listing": {"reviewers": 1, "work": 10, "standing": 0, "complete": 1, "window_interval": 0,
                                "background_per_year": 0}},
    )  # fmt: skip
    ids = w.drugs.ids[:3]
    listed = run(w).listed
    assert listed[np.argsort(ids)].tolist() == [15, 25, 35]
    assert listed[3] == 45  # joined when the second began, with a later due date than the third


def test_a_returned_dossier_stops_the_clock_of_the_whole_limit():
    listing = {"reviewers": "unlimited", "work": 5, "standing": 200, "complete": 0, "correction": 7, "max_returns": 2,
               "window_interval": 0, "background_per_year": 0}  # fmt: skip
    w = world(
        "listing", "catalogue", hospitals=0, policy="chongqing", rounds="catalogue_rounds", horizon_days=2000,
        cohort={"days": [400]},
        parameters={"listing": listing, "catalogue": {"list_open": 0, "list_membership": 1},
                    "obedience": {"other_must": 1}},
    )  # fmt: skip
    r = run(w)
    assert (r.list_entry[0], r.filed[0], r.arrival[0]) == (400, 400, 414)
    assert r.listed[0] == 400 + 15 + 14 and r.in_time[0] == 1  # at the limit: the platform obeys


# ---- asking


def test_asking_is_the_first_date_on_which_interest_reaches_the_threshold():
    """Brute force, day by day, with a fading interest, a catalogue entry, and no pushes."""
    w = world(
        "asking", "catalogue", hospitals=200, calendar="china", rounds="catalogue_rounds", horizon_days=4000,
        cohort={"days": [100, 200, 300], "name": "x"}, policy_from=dt.date(2020, 1, 1),
        parameters={"asking": {"all_before_committee": False, "lambda0": 0.3, "beta_peers": 0, "plateau": 1},
                    "catalogue": {"first_success": 0.99}, "decision": decide(0, 0, 0)},
    )  # fmt: skip
    model = Model(w)
    result = model.run()
    a = w.p.asking
    firsts = {0.0, *w.firsts.tolist()}
    asked = 0
    for pairs in model.pairs:
        for pair in pairs:
            target = q.exponential(w.key, q.Q_ASK, 0, pair.hospital.id, pair.drug.id)
            c, g, m_cat, day = 0.0, 1.0, a.before_catalogue, 0.0
            while day < w.horizon:
                if day in firsts:
                    age = (day - pair.drug.dossiers[0].listed) / 365.25
                    g = 1.0 if age <= a.plateau else 0.5 ** ((age - a.plateau) / a.half_life)
                if day in w.knots:
                    m_cat = 1.0 if pair.drug.entered <= day else a.before_catalogue
                if day >= pair.aware and pair.r * c >= target:
                    break
                if day >= pair.aware:
                    c += a.lambda0 / 365.25 * pair.drug.appeal * pair.drug.effort * m_cat * g
                day += 1.0
            found = result.first_ask[pair.hospital.index, pair.drug.index]
            assert found == (day if day < w.horizon else np.inf)
            asked += day < w.horizon
    assert 50 < asked < 550


def test_peers_raise_the_rate_from_the_next_first_of_a_month():
    base = {"all_before_committee": False, "lambda0": 0.5}
    keys = {"hospitals": 100, "calendar": "china", "horizon_days": 1500, "policy_from": dt.date(2020, 1, 1)}
    alone, peers = (
        run(world("asking", "no_committee", parameters={"asking": base | {"beta_peers": b}}, **keys)).stock
        for b in (0, 10)
    )
    assert (peers <= alone).all() and np.isfinite(peers).sum() > np.isfinite(alone).sum()
    assert alone.min() == peers.min()  # the first has no peers


# ---- committee


def test_deferrals_come_back_to_each_meeting():
    r = run(world(parameters={"decision": decide(0, 1)}))
    assert r.first_heard[0, 0] == 120 and r.state[0, 0] == State.DEFERRED
    assert r.hearings[0, 0] == len(range(120, 3000, 90)) and r.meetings[0] == len(range(30, 3000, 90))


def test_a_refusal_locks_out_and_asks_anew():
    r = run(world(parameters={"decision": decide(0, 0, 1) | {"lock_out_months": 12}}))
    # heard on 120, asks anew 12 * 30.4375 = 365.25 days later, heard on the next meeting (30 + 90 j), and so on
    heard, t = [], 100.0
    while (m := 30 + 90 * math.ceil((t - 30) / 90)) < 3000:
        heard.append(m)
        t = m + 365.25
    assert r.hearings[0, 0] == r.refusals[0, 0] == len(heard)
    assert r.asks[0, 0] == len(heard) + (t < 3000)


def test_a_request_that_nobody_hears_lapses_and_is_asked_anew():
    full = {"places": {"level_3": 0, "level_2": 0, "level_1": 0}, "unheard_leaves_after_months": 12}
    r = run(world(policy="before-2021", parameters={"committee": full}))  # no duty that so could never be kept
    assert r.asks[0, 0] == 1 + math.floor((3000 - 100) / 365.25) and r.hearings[0, 0] == 0


def test_a_short_agenda_hears_backlog_then_need():
    committee = {"places": {"level_3": 1, "level_2": 1, "level_1": 1}, "backlog": 2, "order": "need",
                 "background_items": {"level_3": 0, "level_2": 0, "level_1": 0}}  # fmt: skip
    w = world(parameters={"committee": committee, "decision": decide(1)}, cohort={"days": [1, 2, 3]})
    model = Model(w)
    passed = model.run().passed[0]
    by_need = sorted(range(3), key=lambda d: -model.pairs[d][0].r * w.drugs.appeal[d])
    assert passed[by_need].tolist() == [210, 300, 390]  # 30 and 120 go to the backlog


def test_room_is_a_line():
    room = {"formulary": {"level_3": 100, "level_2": 100, "level_1": 100}, "turnover": 0.1, "target_mean": 1.5,
            "target_sd": 0, "relaxation": 1}  # fmt: skip
    w = world("room", parameters={"room": room, "decision": decide(1)}, cohort={"days": [1, 2, 3]})
    stock = np.sort(run(w).stock[0])
    # X = 1.5: a place at once; 0.5: half a place, at 10 a year; -0.5: one and a half. All pass on day 30.
    assert stock.tolist() == [30, q.grid(30 + 0.5 / 10 * 365.25), q.grid(30 + 1.5 / 10 * 365.25)]


def test_room_fills_up_from_the_firsts_of_months():
    room = {"formulary": {"level_3": 100, "level_2": 100, "level_1": 100}, "turnover": 0.1, "target_mean": 1.0,
            "target_sd": 0, "relaxation": 1}  # fmt: skip
    w = world("room", parameters={"room": room, "decision": decide(1)}, cohort={"days": [1, 31]})
    stock = np.sort(run(w).stock[0])
    x, dt_ = 0.0, 30.4375 / 365.25
    # after the pass on 30 come the firsts 30.4375, 60.875, 91.3125; the second pass is on 120
    for _ in range(3):
        x += 10 * dt_ - 10 * max(0, 1 + (x - 1) / 10) * dt_
    assert stock[0] == 30 and stock[1] == q.grid(120 + (1 - x) / 10 * 365.25)


def test_a_duty_adds_one_meeting_on_the_last_admissible_day():
    w = world(
        policy="sichuan", obedience="full", calendar="china", cohort={"days": [100, 100, 101]}, horizon_days=900,
        policy_from=dt.date(2020, 1, 1),
        parameters={"committee": {"meetings": SELDOM | {"phase": 800}},
                    "decision": decide(1)},
    )  # fmt: skip
    r = run(w)
    due = deadline(w.table, r.aware[0, 0], 1.0, MONTHS)
    assert r.duty_meetings[0] == 1 and r.meetings[0] == 2
    assert (r.passed == due).all()


def test_direct_inclusion_passes_on_publication_unheard():
    w = world(
        "catalogue", policy="chongqing", obedience="hoped", calendar="china", rounds="catalogue_rounds",
        cohort={"days": [100, 150, 700]}, policy_from=dt.date(2020, 1, 1),
        parameters={"committee": {"meetings": SELDOM | {"phase": 4000}, "max_duty_meetings_a_year": 0},
                    "catalogue": {"first_success": 1}},
    )  # fmt: skip
    r = run(w)
    assert np.isfinite(r.entered).all() and (r.passed[0] == r.entered).all()
    assert not r.hearings.any() and not np.isfinite(r.first_heard).any()


def test_catalogue_entry_lifts_a_lock_out():
    w = world(
        "catalogue", calendar="china", rounds="catalogue_rounds", policy_from=dt.date(2020, 1, 1),
        parameters={"committee": {"meetings": SELDOM | {"phase": 150}}, "catalogue": {"first_success": 1},
                    "decision": decide(0, 0, 1) | {"lock_out_months": 60}},
    )  # fmt: skip
    model = Model(w)
    r = model.run()
    assert r.hearings[0, 0] == 1 and r.asks[0, 0] == 2 and r.state[0, 0] == State.WAITING
    assert model.committees[0].agenda[0].date == r.entered[0]


def test_a_new_indication_lifts_a_lock_out():
    w = world(
        "preapproval",
        parameters={"committee": {"meetings": SELDOM | {"phase": 150}}, "decision": decide(0, 0, 1) | {"lock_out_months": 60},
                    "preapproval": {"indications_per_year": 1.0}},
    )  # fmt: skip
    model = Model(w)
    r = model.run()
    later = [t for t in r.indications[0] if t > 150]
    assert 150 < later[0] < 150 + 60 * 30.4375 and r.asks[0, 0] == 2
    assert model.committees[0].agenda[0].date == later[0]


def test_a_minimum_of_meetings_fills_the_longest_gaps():
    w = world(
        policy="beijing", obedience="full", calendar="china", horizon_days=1096, policy_from=dt.date(2020, 6, 1),
        cohort={"days": [1095]},
        parameters={"committee": {"meetings": SELDOM | {"phase": 400}}},
    )  # fmt: skip
    meetings = sorted(Model(w).committees[0].meetings.days)
    years = [w.calendar.date(m).year for m in meetings if m < w.horizon]
    assert years.count(2020) == 0 and years.count(2021) == years.count(2022) == 4  # whole years only
    first_2022 = w.calendar.index(dt.date(2022, 1, 1))
    assert any(first_2022 + 182 <= m <= first_2022 + 186 for m in meetings)  # the middle of the year came first


# ---- temporary purchase, purchase


def test_temporary_purchase_lifts_one_lock_out():
    w = world(
        "temporary", policy="national", obedience="hoped", hospitals=50,
        parameters={"decision": decide(0, 0, 0), "temporary": {"time": 10, "share_in_need": 1.0}},
    )  # fmt: skip
    model = Model(w)
    r = model.run()
    assert (r.asks == 1).all()  # a re-entry is no asking
    for pair in model.pairs[0]:
        # need 0 at the request (100), need 1 at a refusal; heard at the meetings of the grid 30 + 90 j
        wait = [
            365.25 * q.exponential(w.key, q.Q_TEMPORARY, j, pair.hospital.id, pair.drug.id)
            / (pair.drug.patients * pair.hospital.catchment / 100000 * 1.0)
            for j in range(2)
        ]  # fmt: skip
        before, after = up(w.table, 100 + wait[0]), up(w.table, 120 + wait[1])
        used = [t for t in (before if before <= 120 else None, after) if t is not None and t < 3000]
        again = 30 + 90 * math.ceil((after - 30) / 90)
        h = pair.hospital.index
        assert r.temporaries[h, 0] == len(used)
        assert r.hearings[h, 0] == 1 + (again < 3000)
        if used:
            assert r.temporary_first[h, 0] == used[0] + 10


def test_an_obeyed_purchase_limit_caps_the_delivery():
    w = world(
        "purchase", policy="sichuan", obedience="full", calendar="china", policy_from=dt.date(2020, 1, 1),
        parameters={"decision": decide(1), "purchase": {"time": 300}},
    )  # fmt: skip
    r = run(w)
    assert r.stock[0, 0] == deadline(w.table, r.passed[0, 0], 2.0, MONTHS)
