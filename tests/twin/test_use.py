"""Hand checks of the plain twin's stages 9 to 11: small worlds whose patients and money can be worked out on paper."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from simlib.core import streams as q
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from tests.twin.toys import CASE, MONTH, rule, toy
from tests.worlds import random_world
from twin.model import Model, State
from twin.use import FATES, Use


def test_two_ways_to_a_drug_give_the_patients_worked_out_by_hand():
    """60% may use either: 0.5 * sum over the two kinds of patients of the days on which they can be treated."""
    model = toy(
        "purchase", "dual_channel", "use", cohort={"days": [0] * 3000},
        rules={"dual_channel.hospital_levels": rule("all")},
        parameters={"purchase": {"time": {"exponential": {"mean": 180}}},
                    "dual_channel": {"any_drug": True, "linked": 1, "share": 0.6, "fill": 1,
                                     "designation": {"exponential": {"mean": 60}}}},
    )  # fmt: skip
    r = model.run()
    treated = r.flows["hospital"][0] + r.flows["pharmacy"][0]
    stock = np.minimum(r.stock[0], 365)
    first = np.minimum(stock, [model.payers.designated(d) for d in model.drugs])
    assert treated == pytest.approx(0.5 * (0.4 * (365 - stock) + 0.6 * (365 - first)), abs=1e-9)
    by_hand = 0.5 * sum(w * (365 - m * (1 - math.exp(-365 / m))) for w, m in [(0.4, 180), (0.6, 45)])
    assert by_hand == pytest.approx(137.743, abs=5e-4)
    error = treated.std() / math.sqrt(len(treated))
    assert error < 1.2 and abs(treated.mean() - by_hand) < 4 * error


def test_patients_who_wait_are_treated_on_the_dates_of_trials_and_leave_in_between():
    """Stock on 45, a pool of ten days, half of whoever is tried treated: a month, the stretch to stock, the next."""
    model = toy(
        "purchase", "use", horizon_days=60,
        parameters={"purchase": {"time": 45},
                    "use": {"window_median": 50, "window_log_sd": 0, "pool_years": 10 / 365.25, "ramp_start": 0.5,
                            "ramp_months": 1000}},
    )  # fmt: skip
    flows = {name: array[0, 0] for name, array in model.run().flows.items()}

    def waits(n: float, rate: float, days: float) -> float:
        fading = math.exp(-days / 50)
        return n * fading + rate * 50 * (1 - fading)

    n = waits(10 * 0.5, 0.5, 45)
    treated = n / 2 + 0.25 * 15
    left = waits(n / 2, 0.25, 15)
    assert flows["arrivals"] == pytest.approx(35) and flows["hospital"] == pytest.approx(treated)
    assert flows["waiting"] == pytest.approx(left) and flows["lost"] == pytest.approx(35 - treated - left)
    assert flows["waiting_days"] == pytest.approx(50 * flows["lost"])


def test_a_drug_that_nobody_uses_is_taken_off_after_twelve_months():
    unused = {"purchase": {"time": 100}, "drugs": {"patients_per_100k_median": 1e-12}, "use": {"remove_share": 1}}
    for rules, obedience, removed in [
        ({}, "full", 16 * MONTH),  # the first first of a month after day 100 is the fourth
        ({"committee.duty_to_stock": rule("as_needed")}, "full", np.inf),
        ({"committee.duty_to_stock": rule("as_needed")}, "none", 16 * MONTH),
    ]:
        model = toy("purchase", "room", "use", parameters=unused | {"room": {"target_mean": 5, "target_sd": 0, "relaxation": 1000}},
                    rules=rules, obedience=obedience, horizon_days=800)  # fmt: skip
        r = model.run()
        assert (r.stock[0, 0], r.removed[0, 0]) == (100, removed)
        gone = removed < np.inf
        assert r.state[0, 0] == (State.REMOVED if gone else State.STOCKED)
        assert model.interest[0, 3].stocking == (not gone)
        assert model.committees[0].room.x == pytest.approx(5 if gone else 4, abs=0.01)
    used = toy("purchase", "use", parameters={"purchase": {"time": 100}, "use": {"remove_share": 1}}, horizon_days=800)
    assert used.run().removed[0, 0] == np.inf


def test_a_check_looks_at_the_patients_begun_since_the_last_one():
    """Chances of removal: exp(-n) with n the patients of about a year, so that draws decide check by check."""
    model = toy(
        "purchase", "use", cohort={"days": [0] * 400}, horizon_days=1200,
        parameters={"purchase": {"time": 0}, "use": {"remove_share": 1}, "drugs": {"patients_per_100k_median": 0.1}},
    )  # fmt: skip
    r = model.run()
    w = model.world
    for i, id_ in enumerate(w.drugs.ids.tolist()):
        u = [q.uniform(w.key, q.Q_UNUSED, k, int(w.hospitals.ids[0]), id_) for k in range(3)]
        first = next((k for k in range(3) if u[k] < math.exp(-1)), None)  # one patient a year
        assert r.removed[0, i] == (np.inf if first is None else 12 * (first + 1) * MONTH)
    assert 0.2 < np.isfinite(r.removed).mean() < 0.95


def test_the_plan_is_used_by_the_calendar_and_by_the_drug():
    """100 beds of 20,000 yuan; half of the plan goes by the month; the rest is patient-days at the drug's price."""
    money = {"budget_per_bed": 20000, "budget_used_mean": 0.5, "budget_used_sd": 0}
    keys = {"horizon_days": 400, "parameters": {"purchase": {"time": 40}, "payment": money,
                                               "drugs": {"median_daily_cost_yuan": 60, "price_log_sd": 0}}}  # fmt: skip
    model = toy("purchase", "use", "payment", **keys)
    r = model.run()
    assert r.used.shape == (1, 14) and r.used[0, 12] == 0  # a new year
    days, n = 0.0, 0.0
    full = True
    for j in range(1, 12):
        begin, end = (j - 1) * MONTH, j * MONTH
        free = max(0.0, 1 - r.used[0, j - 1]) / 0.2
        p = 1.0 if r.used[0, j - 1] <= 0.8 else min(1.0, free)
        full &= p == 1.0
        treated = p * 0.5
        span = max(0.0, end - max(begin, 40))
        q_ = math.exp(-span / 365)
        after = n * q_ + treated * 365 * (1 - q_)
        days += 365 * (n + treated * span - after)
        n = after
        assert r.used[0, j] == pytest.approx(0.5 * j / 12 + days * 60 / 2e6, abs=1e-6)
    assert not full and r.used.max() > 0.8
    exempt = toy("purchase", "use", "payment", rules={"payment.total_budget_exempt": rule(True)}, **keys).run()
    assert (
        exempt.used[0, 11] == pytest.approx(0.5 * 11 / 12) and (exempt.flows["hospital"] >= r.flows["hospital"]).all()
    )


def test_a_tight_plan_is_a_ground_of_refusal_from_the_month_in_which_it_is():
    model = toy("committee", "payment", horizon_days=400,
                parameters={"payment": {"budget_used_mean": 1.2, "budget_used_sd": 0}})  # fmt: skip
    r = model.run()
    tight = [model.budgets.tight(model.hospitals[0], m) for m in (9 * MONTH, 10 * MONTH - 1, 10 * MONTH, 365, 366)]
    assert tight == [False, False, True, True, False]
    assert r.used[0, 10] == pytest.approx(1.0)


def test_pharmacies_losses_and_slow_payment_weigh_in_the_committee():
    numbers = {
        "dual_channel": {"any_drug": True, "linked": 1, "share": 0.5, "fill": 0.8, "replaces": 1.5, "designation": 40},
        "payment": CASE["payment"] | {"b_loss": 0.3, "loss_norm": 0.1, "b_slow": 0.2, "days": 150, "faster_factor": 0.8,
                                      "contract_days": 100, "direct_days": 20},
        "drugs": CASE["drugs"],
    }  # fmt: skip
    rules = {"dual_channel.hospital_levels": rule("all"), "settlement.faster": rule(True)}
    model = toy("dual_channel", "payment", parameters=numbers, rules=rules, horizon_days=800)
    model.run()
    told = model.practices.of(model.hospitals[0], model.drugs[0])
    loss = -0.3 * (model.case_payment.loss(model.hospitals[0], model.drugs[0], 0) - 0.1)
    assert told.weights(39.0) == pytest.approx(
        [-0.3 * (model.case_payment.loss(told.hospital, told.drug, 1) - 0.1), 0.06]
    )
    assert told.weights(40.0) == pytest.approx([-1.5 * 0.4, loss, 0.06])
    rules |= {"settlement.hospital_pays_on_contract": rule(True), "settlement.direct_by_fund": rule(0.5)}
    direct = toy("dual_channel", "payment", parameters=numbers, rules=rules, horizon_days=800)
    days = direct.practices.of(direct.hospitals[0], direct.drugs[0]).days(12)
    share = 0.5 * 12 * MONTH / 730
    assert days == pytest.approx(share * 20 + (1 - share) * 100)


@pytest.mark.parametrize(
    ("group", "name"), [("payment", "b_loss"), ("payment", "b_slow"), ("dual_channel", "replaces")]
)
def test_each_of_these_weights_alone_can_keep_a_drug_out(group, name):
    channel = {"any_drug": True, "linked": 1, "share": 1, "fill": 1, "replaces": 0, "designation": 0}
    money = CASE["payment"] | {"b_loss": 0, "loss_norm": 0, "b_slow": 0}
    numbers = {"dual_channel": channel, "payment": money, "drugs": CASE["drugs"],
               "decision": {"b0": {"level_3": 3, "level_2": 3, "level_1": 3}, "spread": 1e-6, "b_value": 0, "b_relevance": 0,
                            "b_price": 0, "b_catalogue": 0},
               "barriers": {"self_pay_ratio": 0, "nrdl_membership": 0, "cost_per_visit": 0, "drug_share": 0,
                            "two_specifications": 0, "performance_monitoring": 0}}  # fmt: skip
    rules = {"dual_channel.hospital_levels": rule("all")}
    keys = {"rules": rules, "horizon_days": 400}
    free = toy("committee", "dual_channel", "payment", parameters=numbers, **keys).run()
    numbers[group] = numbers[group] | {name: 20}
    if name == "b_slow":  # slower than usual
        rules["settlement.prepayment"] = rule(True)
        numbers["payment"]["prepayment_factor"] = 3
    weighed = toy("committee", "dual_channel", "payment", parameters=numbers, **keys).run()
    assert free.state[0, 0] == State.STOCKED and weighed.hearings[0, 0] > 0 and weighed.state[0, 0] != State.STOCKED


def test_a_firm_that_fails_halves_use_and_may_lose_the_catalogue():
    keys = {"rounds": "catalogue_rounds", "calendar": "china", "horizon_days": 1500}
    numbers = {"catalogue": {"first_success": 1}, "use": {"supply_failure": 1, "failure_after": 1e-6, "failure_deterred": 1,
                                                        "failure_factor": 0.5}}  # fmt: skip
    model = toy("catalogue", "use", parameters=numbers, **keys)
    model.run()
    drug, months = model.drugs[0], model.months
    fails, leaves = model.payers.failing(drug)
    assert (fails, leaves) == (months.from_(drug.effective) + 1, months.count)
    damping = [model.payers.damping(model.hospitals[0], drug, j) for j in (fails - 1, fails)]
    assert damping[1] == pytest.approx(damping[0] / 2)
    strict = toy(
        "catalogue", "use", parameters=numbers, rules={"catalogue.removal_if_not_supplied": rule(True)}, **keys
    )
    _, leaves = strict.payers.failing(strict.drugs[0])
    day = model.setting.dates.calendar.date(months.edges[leaves])
    assert day == dt.date(model.setting.dates.calendar.date(drug.effective).year + 1, 1, 1)
    assert [strict.payers.included(strict.drugs[0], j) for j in (leaves - 1, leaves)] == [True, False]


def test_every_patient_has_one_fate_in_random_worlds_with_every_switch_drawn():
    strict = 1e-9
    for seed in range(12):
        model = Model(build_world(load_scenario(random_world(seed)), 0))
        r = model.run()
        arrivals, fates = r.flows["arrivals"], sum(r.flows[name] for name in FATES)
        assert np.allclose(arrivals, fates, rtol=strict, atol=strict)
        assert all((flow > -strict).all() for flow in r.flows.values())
        assert r.used.shape == (len(model.hospitals), model.months.count) and r.served.shape == (model.months.count,)
        removed = np.isfinite(r.removed)
        assert (removed == (r.state == State.REMOVED)).all() and np.isin(r.removed[removed], model.months.edges).all()
        outside = r.state == State.OUT_OF_TARGET
        assert not arrivals[outside].any() and (not model.world.p.stages.use or (arrivals[~outside] >= 0).all())


def test_patients_told_apart_from_approval_on_are_those_who_wait_with_all_until_something_can_treat():
    for seed in range(6):
        model = Model(build_world(load_scenario(random_world(seed)), 0))
        r = model.run()
        for pair in (pair for pairs in model.pairs for pair in pairs if model.world.p.stages.use):
            apart = Use(model.uses, pair)
            told, approval = apart.practice, pair.drug.approval
            v = told.open_to(approval, apart.j)
            pool = apart.scale * apart.demand.waiting(pair.hospital, approval)
            apart._begin_apart(pool, told.able(apart.j), v)
            apart.through(model.months.count - 1)
            at = pair.hospital.index, pair.drug.index
            gone = apart.flows.travelled + apart.flows.lost  # who travels is told by the usual share of the able
            assert gone == pytest.approx(r.flows["travelled"][at] + r.flows["lost"][at], rel=1e-9, abs=1e-9)
            for name in r.flows.keys() - {"travelled", "lost"}:
                assert getattr(apart.flows, name) == pytest.approx(r.flows[name][at], rel=1e-9, abs=1e-9)
