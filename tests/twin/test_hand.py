"""Hand checks of the plain twin (`twin`): small worlds whose dates can be worked out on paper."""

from __future__ import annotations

import datetime as dt
import heapq
import math

import numpy as np
import pytest

from simlib import streams as q
from simlib.distributions import sample
from simlib.scenario import load_scenario
from simlib.workdays import MONTHS, deadline, up
from simlib.world.build import World, build_world, packed
from twin.committee import poisson_quantile
from twin.decision import reason
from twin.model import Model, Result, State, run

OFF = (
    "readiness", "listing", "catalogue", "awareness", "asking", "room", "temporary", "purchase", "dual_channel", "use",
    "payment", "preapproval",
)  # fmt: skip
SELDOM = {"every": {"level_3": 5000, "level_2": 5000, "level_1": 5000}}


def world(*on: str, replication: int = 0, hospitals: int = 1, **keys) -> World:
    """A toy world: all stages off but the committee and those named; one level-3 hospital, one drug on day 100."""
    strata = [
        {"id": "h", "level": 3, "type": "general", "owner": "provincial", "place": "city", "count": hospitals,
         "beds": 100, "kind": "assumed", "source": "toy"}
    ]  # fmt: skip
    region = {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG"}
    parameters = {
        "stages": {s: s in on for s in OFF} | {"committee": "no_committee" not in on},
        "asking": {"all_before_committee": True},
        "committee": {"meetings": {"grid": 90, "phase": 30}, "places": "unlimited"},
    }
    parameters["committee"]["unheard_leaves_after_months"] = None
    for group, values in keys.pop("parameters", {}).items():
        parameters[group] = parameters.get(group, {}) | values
    scenario = {
        "format": 1, "name": "toy", "region": region | {"strata": strata} if hospitals else None,
        "cohort": {"days": [100], "mix": {"classes": {"chem_1": 1}, "areas": {"oncology": 1}, "foreign": 0}},
        "calendar": "every_day", "start": dt.date(2020, 1, 1), "policy_from": 0, "horizon_days": 3000, "rounds": None,
        "parameters": parameters,
    }  # fmt: skip
    return build_world(load_scenario(scenario | keys), replication)


def decide(pass_: float, defer: float = 0.0, back: float = 0.0) -> dict:
    """Fixed odds of a decision."""
    return {"fixed": {"pass": pass_, "defer": defer, "return": back}}


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
    record, pool = packed(w.p.listing.work)
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
                    age = (day - pair.drug.listed) / 365.25
                    g = 1.0 if age <= a.plateau else 0.5 ** ((age - a.plateau) / a.half_life)
                if day in w.knots:
                    m_cat = 1.0 if pair.drug.entered <= day else a.before_catalogue
                if day >= pair.aware and pair.r * c >= target:
                    break
                if day >= pair.aware:
                    c += a.lambda0 / 365.25 * pair.drug.appeal * m_cat * g
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
    r = run(world(parameters={"committee": full}))
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
        "catalogue", policy="chongqing", obedience="full", calendar="china", rounds="catalogue_rounds",
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
        "temporary", policy="national", obedience="full", hospitals=50,
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


# ---- readings that change a clock


def rule(value, **keys) -> dict:
    """An entry of a policy file."""
    return {"value": value, "strength": "must", "clause": "toy", "kind": "stated"} | keys


def duty(within: str, **keys) -> dict:
    """An entry of `committee.duty`."""
    return {"within": within, "strength": "must", "clause": "toy", "kind": "stated"} | keys


def ruled(*on: str, rules: dict, clocks: dict | None = None, first: dt.date = dt.date(2020, 1, 1), **keys) -> Result:
    """A toy world with rules of its own that all obey; its committee meets only where a duty wants it, and passes."""
    policy = {
        "format": 1, "name": "toy-rules", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy",
        "on": "before-reform", "in_force": {"from": first, "to": "open", "clause": "toy"}, "rules": rules,
    }  # fmt: skip
    parameters = {
        "committee": {"meetings": SELDOM | {"phase": 4000}}, "decision": decide(1), "obedience": {"other_must": 1},
        "clocks": clocks or {},
    }  # fmt: skip
    for group, values in keys.pop("parameters", {}).items():
        parameters[group] = parameters.get(group, {}) | values
    return run(world(*on, policy=policy, obedience=keys.pop("obedience", "full"), parameters=parameters, **keys))


def date(y: int, m: int, d: int) -> int:
    """Days from the start of the toy worlds."""
    return (dt.date(y, m, d) - dt.date(2020, 1, 1)).days


def test_listed_an_obeying_hospital_learns_on_the_day_of_listing():
    lag = {"awareness": {"lag": {"level_3": 20, "level_2": 20, "level_1": 20}}}
    keys = {"rules": {"committee.duty": {"listing": duty("10 days")}}, "parameters": lag}
    r = ruled("awareness", **keys)
    assert (r.aware[0, 0], r.passed[0, 0]) == (120, 130)
    r = ruled("awareness", clocks={"listing": "listed"}, **keys)
    assert (r.aware[0, 0], r.passed[0, 0]) == (100, 110)
    r = ruled("awareness", clocks={"listing": "listed"}, obedience="none", **keys)
    assert (r.aware[0, 0], r.duty_meetings[0]) == (120, 0)


def test_force_and_lag_move_the_clock_of_the_catalogue_duty_alone():
    keys = {"rules": {"committee.duty": {"catalogue": duty("10 days", scope="negotiated")}},
            "rounds": "catalogue_rounds", "parameters": {"catalogue": {"first_success": 1}}}  # fmt: skip
    for clocks, due in [
        ({}, date(2021, 1, 7)),  # published on 28 December 2020
        ({"catalogue_lag": 7}, date(2021, 1, 14)),
        ({"catalogue_day": "force"}, date(2021, 3, 11)),  # in force from 1 March 2021
        ({"catalogue_day": "force", "catalogue_lag": 7}, date(2021, 3, 18)),
    ]:
        r = ruled("catalogue", clocks=clocks, **keys)
        assert (r.entered[0], r.passed[0, 0]) == (date(2020, 12, 28), due)


def test_the_recanvass_stays_on_publications_later_than_the_moved_clock():
    """Only pushes ask here, and the duty binds from June 2021 on, when the catalogue of 28 December is past."""
    asking = {"all_before_committee": False, "lambda0": 1e-6, "push_exposure": 1e9, "push_recheck": 1}
    later = duty("10 days", scope="negotiated", **{"from": dt.date(2021, 6, 1)})
    keys = {"rules": {"committee.duty": {"catalogue": later}}, "rounds": "catalogue_rounds", "hospitals": 20,
            "parameters": {"catalogue": {"first_success": 1}, "asking": asking}}  # fmt: skip
    publication = date(2021, 12, 3)
    for lag, ask in [(0, publication), (100, publication), (341, publication + 1)]:  # 28 December + 341: 4 December
        r = ruled("catalogue", "asking", clocks={"catalogue_lag": lag}, **keys)
        assert set(r.first_ask[np.isfinite(r.aware)]) == {ask}


def test_basic_leaves_the_commercial_catalogue_without_a_duty():
    rules = {"catalogue.commercial.enabled": rule(True),
             "committee.duty": {"catalogue": duty("10 days", scope="negotiated+commercial_list")}}  # fmt: skip
    catalogue = {"first_success": 0, "later_success": 0, "commercial_success": 1, "commercial_price_above": -99}
    keys = {"rules": rules, "rounds": "catalogue_rounds", "parameters": {"catalogue": catalogue}}
    r = ruled("catalogue", **keys)
    assert (r.commercial[0], r.passed[0, 0]) == (date(2020, 12, 28), date(2021, 1, 7))
    assert ruled("catalogue", clocks={"catalogue_day": "force"}, **keys).passed[0, 0] == date(2021, 3, 11)
    assert ruled("catalogue", clocks={"catalogues": "basic"}, **keys).duty_meetings[0] == 0


def test_catch_up_starts_one_clock_on_the_first_day_of_a_rule():
    later = dt.date(2020, 1, 1) + dt.timedelta(400)
    asking = {"all_before_committee": False, "lambda0": 1e-6, "push_exposure": 1e9}
    keys = {"rules": {"committee.duty": {"listing": duty("10 days", **{"from": later})}}, "hospitals": 20,
            "cohort": {"days": [100, 400, 450]}, "parameters": {"asking": asking}}  # fmt: skip
    for past, first in [("none", np.inf), ("catch_up", 400)]:
        r = ruled("asking", clocks={"past": past}, **keys)
        for d, (ask, passed) in enumerate([(first, first + 10), (400, 410), (450, 460)]):
            targets = np.isfinite(r.aware[:, d])
            assert targets.any() and (r.first_ask[targets, d] == ask).all() and (r.passed[targets, d] == passed).all()
    r = ruled("asking", clocks={"past": "catch_up"}, obedience="none", **keys)
    assert not np.isfinite(r.passed).any()


def test_catch_up_counts_every_duty_and_only_what_lies_before():
    later = {"from": dt.date(2021, 1, 10)}
    rules = {"catalogue.application_list.update": rule("continuous"),
             "committee.duty": {"catalogue": duty("10 days", scope="negotiated", **later),
                                "application_list": duty("30 days", scope="application_list", **later)}}  # fmt: skip
    keys = {"rules": rules, "rounds": "catalogue_rounds"}
    own_list = {"list_open": 50, "list_membership": 1, "first_success": 0}
    r = ruled("catalogue", clocks={"past": "catch_up"}, parameters={"catalogue": own_list}, **keys)
    assert (r.list_entry[0], r.passed[0, 0]) == (150, date(2021, 2, 9))
    own_list |= {"first_success": 1}
    r = ruled("catalogue", clocks={"past": "catch_up"}, parameters={"catalogue": own_list}, **keys)
    assert r.passed[0, 0] == date(2021, 1, 20) and r.duty_meetings[0] == 1  # the second duty finds that meeting
    force = {"past": "catch_up", "catalogue_day": "force"}
    r = ruled("catalogue", clocks=force, parameters={"catalogue": own_list}, **keys)
    assert r.passed[0, 0] == date(2021, 2, 9) and r.duty_meetings[0] == 2  # the catalogue's own clock: 11 March


def test_back_moves_a_last_day_off_work_to_the_working_day_before():
    keys = {"rules": {"committee.duty": {"listing": duty("18 days")}}, "calendar": "china",
            "cohort": {"days": [date(2020, 4, 13)]}}  # fmt: skip
    assert ruled(**keys).passed[0, 0] == date(2020, 5, 6)  # 1 May and the days to 5 May are holidays
    assert ruled(clocks={"rolling": "back"}, **keys).passed[0, 0] == date(2020, 4, 30)


def test_passes_leaves_the_first_list_without_a_duty():
    rules = {"catalogue.application_list.update": rule("periodic"),
             "committee.duty": {"application_list": duty("10 days", scope="application_list")}}  # fmt: skip
    keys = {"rules": rules, "cohort": {"days": [0, 50]},
            "parameters": {"catalogue": {"list_open": 10, "list_membership": 1, "list_interval_months": 6}}}  # fmt: skip
    second = 10 + 6 * 30.4375
    r = ruled("catalogue", **keys)
    assert r.passed[0].tolist() == [20, second + 10]
    r = ruled("catalogue", clocks={"first_list": "passes"}, **keys)
    assert r.list_entry.tolist() == [10, second] and r.passed[0].tolist() == [second + 10, second + 10]


def test_pro_rata_holds_a_share_of_the_minimum_in_the_rest_of_the_year():
    keys = {"rules": {"committee.min_meetings_per_year": rule(4)}, "first": dt.date(2021, 7, 1), "calendar": "china",
            "policy_from": dt.date(2021, 7, 1), "horizon_days": 1096, "cohort": {"days": [100, date(2021, 8, 20)]}}  # fmt: skip
    whole = ruled(**keys)
    assert whole.meetings[0] == 4 and whole.first_heard[0, 0] > date(2022, 1, 1)
    # 4 * 184 / 365 + 0.5 = 2.5: two; 1 October, the middle, rolls over the holidays to the 8th; 99 days lie before it
    # and 85 behind, so that the second is on 1 July + 49
    r = ruled(clocks={"minimum": "pro_rata"}, **keys)
    assert r.meetings[0] == 6 and r.first_heard[0].tolist() == [date(2021, 8, 19), date(2021, 10, 8)]


def test_corrections_that_count_move_no_due_date():
    listing = {"reviewers": "unlimited", "work": 5, "standing": 200, "complete": 0, "correction": 7, "max_returns": 2,
               "window_interval": 0, "background_per_year": 0}  # fmt: skip
    for count, listed, in_time in [(False, 129, 1), (True, 119, 0)]:
        r = ruled(
            "listing", rules={"listing.whole_limit": rule("15 days")}, hospitals=0,
            parameters={"listing": listing | {"corrections_count": count}},
        )  # fmt: skip
        assert (r.arrival[0], r.listed[0], r.in_time[0]) == (114, listed, in_time)  # work is done on 119, due 115


def test_or_relieves_of_a_duty_while_the_other_rule_is_kept():
    later = dt.date(2020, 1, 1) + dt.timedelta(200)
    relieved = {"or": "committee.temporary_channel"}
    rules = {"committee.temporary_channel": rule(True, **{"from": later, "or": "committee.duty_to_stock"}),
             "committee.duty_to_stock": rule("as_needed"),
             "committee.duty": {"listing": duty("10 days", **relieved)}}  # fmt: skip
    keys = {"rules": rules, "cohort": {"days": [100, 300]}}
    r = ruled(**keys)  # the channel relieves although another rule would relieve of the channel itself
    assert r.passed[0].tolist() == [110, np.inf] and r.duty_meetings[0] == 1
    assert ruled(clocks={"either": "both"}, **keys).passed[0].tolist() == [110, 310]
    kept = rules | {"committee.duty": {"listing": [duty("10 days", **relieved), duty("25 days", scope="all/public")]}}
    assert ruled(**keys | {"rules": kept}).passed[0].tolist() == [110, 325]  # the rule without relief stays


def test_scopes_of_hospitals_joined_by_and_must_all_fit():
    base = {"level": 3, "type": "general", "place": "city", "count": 1, "beds": 100, "kind": "assumed", "source": "toy"}
    strata = [base | {"id": owner, "owner": owner, "designated": designated}
              for owner, designated in [("city", True), ("private", True), ("county", False)]]  # fmt: skip
    region = {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG"}
    r = ruled(
        rules={"committee.duty": {"listing": duty("10 days", scope="all/public&designated")}},
        region=region | {"strata": strata},
    )
    assert r.duty_meetings.tolist() == [1, 0, 0]


# ---- small pieces


def test_poisson_quantile_is_that_of_scipy():
    from scipy import stats

    for u in np.linspace(0.001, 0.999, 57):
        assert poisson_quantile(float(u), 15.0) == stats.poisson.ppf(u, 15.0)
    assert poisson_quantile(0.999, 0.0) == 0


def test_the_reason_is_the_most_negative_term():
    assert reason([-0.3, 1.0, 0.2, -0.1], {"drug_share": 0.5, "cost_per_visit": 0.5}) == "drug_share"
    assert reason([-0.5, 0.0, 0.0, 0.0], {"drug_share": 0.5}) is None  # a merit comes first of equals
    assert reason([0.3, 0.0, 0.0, 0.0], {}) is None


@pytest.mark.parametrize("policy", ["before-reform", "national", "sichuan", "chongqing", "beijing", "guangzhou"])
@pytest.mark.parametrize("calendar", ["china", "every_day"])
def test_whole_worlds_keep_the_order_of_things(policy: str, calendar: str):
    strata = [
        {"id": f"{level}{type_}{owner}", "level": level, "type": type_, "owner": owner, "place": "city", "count": 3,
         "beds": 300 * level, "areas": ["oncology"] if type_ == "specialty" else [], "kind": "assumed", "source": "toy"}
        for level, type_, owner in [(3, "general", "provincial"), (3, "specialty", "city"), (3, "tcm", "city"),
                                    (2, "general", "county"), (1, "general", "private")]
    ]  # fmt: skip
    region = {"name": "all", "title": {"en": "All", "zh": "全"}, "population_million": 5, "payment": "DRG"}
    w = world(
        *OFF, region=region | {"strata": strata}, policy=policy, calendar=calendar, rounds="catalogue_rounds",
        horizon_days=1800, policy_from=dt.date(2022, 1, 1), cohort={"yearly_counts": {2020: 5, 2021: 5, 2022: 5}},
        parameters={"asking": {"all_before_committee": False, "lambda0": 3},
                    "committee": {"unheard_leaves_after_months": 6}},
    )  # fmt: skip
    r = run(w)
    check_order(w, r)
    assert np.isfinite(r.stock).sum() > 20


def check_order(w: World, r: Result) -> None:
    """What must hold in any world."""
    approval, listed = (np.broadcast_to(a, r.aware.shape) for a in (w.drugs.approval, r.listed))
    chain = [approval, listed, r.aware, r.first_ask, r.passed, r.stock]
    for earlier, later in zip(chain, chain[1:], strict=False):
        assert (earlier <= later).all()
    assert (r.first_ask <= r.first_heard).all()
    outside = r.state == State.OUT_OF_TARGET
    assert not np.isfinite(r.aware[outside]).any()
    assert (np.isin(r.state, (State.STOCKED, State.REMOVED)) == np.isfinite(r.stock)).all()
    assert ((r.state == State.REMOVED) == np.isfinite(r.removed)).all() and (r.stock <= r.removed).all()
    assert ((r.asks > 0) == np.isfinite(r.first_ask)).all()
    assert (r.refusals <= r.hearings).all()
