"""Hand checks of the plain twin's stages 9 to 11: small worlds whose patients and money can be worked out on paper."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from benchmarks.naive import Model, State
from benchmarks.naive_use import FATES
from simlib import streams as q
from simlib.scenario import load_scenario
from simlib.world.build import build_world
from tests.naive_toys import MONTH, rule, toy
from tests.worlds import random_world


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
    tight = [model.accounts.tight(model.hospitals[0], m) for m in (9 * MONTH, 10 * MONTH - 1, 10 * MONTH, 365, 366)]
    assert tight == [False, False, True, True, False]
    assert r.used[0, 10] == pytest.approx(1.0)


def test_price_falls_on_entry_and_at_each_renewal_and_outside_the_scheme_it_may_be_free():
    keys = {"rounds": "catalogue_rounds", "calendar": "china", "horizon_days": 2200}
    numbers = {"catalogue": {"first_success": 1.0},
               "payment": {"always_afford": False, "cut": 0.5, "renewal_cut": 0.1, "renewal_cut_capped": 0.04,
                           "evidence_renewal_factor": 0.5, "renewal_years": 2, "adoption_lag": 20},
               "drugs": {"outpatient_share": 0.0}}  # fmt: skip
    model = toy("catalogue", "payment", parameters=numbers, **keys)
    model.run()
    drug, hospital, payers, months = model.drugs[0], model.hospitals[0], model.payers, model.months
    in_force = months.from_(drug.effective)
    assert [payers.included(drug, j) for j in (in_force - 1, in_force, in_force + 1)] == [False, False, True]
    price = lambda j, m=model: m.payers.price(hospital, drug, j) / drug.yearly  # noqa: E731
    assert [price(j) for j in (in_force, in_force + 1, in_force + 25)] == pytest.approx([1, 0.5, 0.45])
    rules = {"catalogue.nrdl.renewal_cut_cap": rule("simple_renewal_rate"),
             "catalogue.real_world_evidence": rule(["renewal"]), "catalogue.local_adoption_lag": rule("0 days"),
             "payment.non_designated_free_price": rule(True)}  # fmt: skip
    capped = toy("catalogue", "payment", parameters=numbers, rules=rules, **keys)
    capped.run()
    assert price(in_force, capped) == pytest.approx(0.5)  # paid on the day of force
    assert price(in_force + 25, capped) == pytest.approx(0.5 * 0.98)
    outside = toy("catalogue", "payment", parameters=numbers, rules=rules, hospital={"designated": False}, **keys)
    outside.run()
    assert outside.payers.price(outside.hospitals[0], outside.drugs[0], in_force + 1) == drug.yearly


def test_the_bill_is_shared_and_what_is_left_decides_who_can_pay():
    plan = {"fixed": 1.0, "recommended": 1.0, "widening": 1.0, "dynamic_all_qualifying": 1.0}
    numbers = {"payment": {"always_afford": False, "insured": 0.2, "plan_benefit": 0.5, "charity": 0.1, "advance": 1.0,
                           "plan_cover": plan, "income": 1000, "income_slope": 2},
               "drugs": {"median_daily_cost_yuan": 1000 / 365.25, "price_log_sd": 0}}  # fmt: skip
    model = toy("payment", parameters=numbers)
    drug, hospital, payers = model.drugs[0], model.hospitals[0], model.payers
    s = payers.shares(hospital, drug, 0)
    assert (s.fund, s.commercial, s.charity, s.patient) == pytest.approx((0, 0.1, 0.2 * 0.05 + 0.8 * 0.1, 0.81))
    can = lambda y: 1 / (1 + (y / 1000) ** 2)  # noqa: E731
    assert payers.afford(hospital, drug, 0) == pytest.approx(0.2 * can(450 + 500) + 0.8 * can(900))
    one_step = toy("payment", parameters=numbers, rules={"commercial.one_step_settlement": rule(True)})
    assert one_step.payers.afford(hospital, drug, 0) == pytest.approx(0.2 * can(450) + 0.8 * can(900))


def test_the_fund_pays_by_setting_scope_and_rule_once_the_drug_is_in_the_catalogue():
    shares = {"basic_inpatient": 0.7, "basic_outpatient": 0.4, "special_outpatient": 0.5, "fixed_share_rate": 0.6,
              "evidence_scope_added": 0.05, "costly_above": -9, "adoption_lag": 0}  # fmt: skip

    def fund(rules: dict, outpatient: bool = True, **keys) -> float:
        model = toy(
            "catalogue", "payment", rules=rules, rounds="catalogue_rounds", calendar="china", horizon_days=900,
            parameters={"catalogue": {"first_success": 1}, "drugs": {"outpatient_share": float(outpatient)},
                        "payment": shares | keys.pop("payment", {})}, **keys,
        )  # fmt: skip
        drug = model.drugs[0]
        j = model.months.from_(drug.effective)
        assert model.payers.fund(model.hospitals[0], drug, j - 1) == 0
        return model.payers.fund(model.hospitals[0], drug, j)

    special = {"payment.outpatient_special_scope": rule("negotiated"), "payment.outpatient_special_rate": rule(8)}
    fixed = {"payment.fixed_share": rule(True, scope="negotiated_costly")}
    evidence = {"catalogue.real_world_evidence": rule(["payment_scope"])}
    for expected, rules, keys in [
        (0.4, {}, {}),
        (0.7, {}, {"outpatient": False}),
        (0.0, {}, {"hospital": {"designated": False}}),
        (0.58, special, {}),
        (0.7, special, {"outpatient": False}),
        (0.6, fixed, {}),
        (0.4, fixed, {"payment": {"costly_above": 9}}),
        (0.45, evidence, {}),
        (1.0, evidence, {"payment": {"basic_outpatient": 0.98}}),
    ]:
        assert fund(rules, **keys) == pytest.approx(expected)


def test_plans_cover_by_their_list_or_by_the_commercial_catalogue_and_more_people_are_insured():
    cover = {"fixed": 0.0, "recommended": 0.0, "widening": 0.0, "dynamic_all_qualifying": 1.0}
    numbers = {"catalogue": {"first_success": 0, "later_success": 0, "commercial_success": 1, "commercial_price_above": -9},
               "payment": {"plan_cover": cover, "catalogue_cover": {"none": 0.0, "voluntary": 0.0, "prompt": 1.0},
                           "plan_benefit": 0.3, "plan_benefit_raised": 0.5, "data_sharing_added": 0.1, "insured": 0.1,
                           "enrolment_added": 0.02, "personal_account_added": 0.3, "employer_added": 0.04,
                           "product_added": 0.05}}  # fmt: skip
    keys = {"rounds": "catalogue_rounds", "calendar": "china", "horizon_days": 900, "parameters": numbers}
    of_list = {"commercial.plan.drug_list": rule("dynamic_all_qualifying")}
    taken_up = {"catalogue.commercial.enabled": rule(True), "commercial.catalogue_take_up": rule("prompt")}
    better = of_list | {"commercial.plan.benefit": rule("raised"), "commercial.data_sharing": rule(True)}
    for rules, before, after in [({}, 0, 0), (of_list, 0.3, 0.3), (taken_up, 0, 0.3), (better, 0.6, 0.6)]:
        model = toy("catalogue", "payment", rules=rules, **keys)
        j = model.months.from_(model.drugs[0].commercial_effective) if rules is taken_up else 5
        found = [model.payers.benefit(model.hospitals[0], model.drugs[0], k) for k in (j - 1, j)]
        assert found == pytest.approx([before, after])
    pushed = {"commercial.enrolment_push": rule(["more_insured", "in_hospital_promotion"]),
              "commercial.personal_account": rule(True), "commercial.employer_plan_tax": rule(0.05),
              "commercial.product_support": rule(True)}  # fmt: skip
    model = toy("payment", rules=pushed, parameters=numbers)
    assert model.payers.insured(model.hospitals[0], model.drugs[0], 0) == pytest.approx(0.1 + 0.04 + 0.3 + 0.04 + 0.05)


CASE = {  # a case whose standard is 9000 yuan: 6000 besides the therapy replaced (3000), and the drug costs 5000
    "payment": {"standard_median": 9000, "standard_log_sd": 0, "other_share": 2 / 3, "cost_log_sd": 0,
                "cases_per_year": 1, "always_afford": True, "review_trigger": 1.1, "review_apply": 0.5,
                "review_apply_simplified": 0.75, "review_pass": 0.8, "review_adjusted": 0.5, "new_technology_share": 1,
                "review_interval": 6, "review_discount": 0.1, "review_background": 0.2, "review_cap": 0.05},
    "drugs": {"median_daily_cost_yuan": 5000 / 365.25, "price_log_sd": 0, "outpatient_share": 0},
}  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "effect"),
    [
        ({}, -2000),
        ({"payment.case_payment_exclusion": rule("drug_cost")}, 0),
        ({"payment.case_payment_exclusion": rule("case")}, 0),  # costs 11,000
        ({"payment.case_payment_exclusion": rule("drug_cost", scope="new_drugs_reviewed")}, -2000),  # no double cost
        ({"payment.new_technology_group": rule("on_application", scope="new_technology")}, 0),
        ({"payment.dip_bonus": rule(1.1)}, -1100),
        ({"payment.dip_bonus": rule(1.1), "payment.new_technology_group": rule("on_application")}, 900),
    ],
)
def test_the_effect_on_a_case_is_what_is_paid_beyond_less_what_the_drug_costs_more(rules, effect):
    model = toy("payment", parameters=CASE, rules=rules)
    assert model.payers.cases(model.hospitals[0], model.drugs[0], 0).effect == pytest.approx(effect, abs=1e-9)


def test_special_review_pays_a_part_and_its_sittings_have_a_capacity():
    """Cases of 11,000 yuan exceed the standard by 2000; half is put up, adjusted to half, and 80% pass: 400 yuan."""
    model = toy("payment", parameters=CASE, horizon_days=800)
    r = model.run()
    payers, drug, hospital = model.payers, model.drugs[0], model.hospitals[0]
    found = payers.cases(hospital, drug, 0)
    assert (found.put_up, found.gain) == pytest.approx((0.5, 400))
    loss = lambda j: payers.loss(hospital, drug, j) * 9000  # noqa: E731
    assert loss(0) == loss(6) == pytest.approx(2000 - 400 * (1 - 0.1 * 3))
    # a quarter of 0.2 of the discharges is served at the first sitting, at the edge 6; then what stayed comes on top
    assert r.served[:7] == pytest.approx(1) and r.served[7:13] == pytest.approx(0.25)
    assert r.served[13:19] == pytest.approx(0.05 / 0.35)
    assert loss(7) == pytest.approx(2000 - 400 * 0.25 * (1 - 0.1 * 3))
    follows = payers.cases(hospital, drug, 12).effect  # a year after the listing
    assert follows == pytest.approx(-2000 + model.world.p.payment.follow * 2000)


def test_rules_make_review_lighter_fuller_and_more_frequent():
    rules = {"payment.special_case_review.simplified": rule(True),
             "payment.special_case_review.outcome": rule(["by_item"]),
             "payment.special_case_review.interval": rule("2 months")}  # fmt: skip
    model = toy("payment", parameters=CASE, rules=rules)
    r = model.run()
    found = model.payers.cases(model.hospitals[0], model.drugs[0], 0)
    assert (found.put_up, found.gain) == pytest.approx((0.75, 0.75 * 2000 * 0.8))
    assert r.served[2:5] == pytest.approx([1, 0.05 / 0.3, 0.05 / 0.3]) and model.payers.wait[3] == 1
    # the queue of new drugs counts too: a hospital that stocks the drug puts up cases of its patients
    stocked = toy("purchase", "use", "payment", parameters=CASE | {"purchase": {"time": 0}}, rules=rules)
    assert (stocked.run().served[3:] < r.served[3:]).all()


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
    told = model.pairs[0][0].practised()
    loss = -0.3 * (model.payers.loss(model.hospitals[0], model.drugs[0], 0) - 0.1)
    assert told.weights(39.0) == pytest.approx([-0.3 * (model.payers.loss(told.hospital, told.drug, 1) - 0.1), 0.06])
    assert told.weights(40.0) == pytest.approx([-1.5 * 0.4, loss, 0.06])
    rules |= {"settlement.hospital_pays_on_contract": rule(True), "settlement.direct_by_fund": rule(0.5)}
    direct = toy("dual_channel", "payment", parameters=numbers, rules=rules, horizon_days=800)
    days = direct.pairs[0][0].practised().days(12)
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
    day = model.dates.calendar.date(months.edges[leaves])
    assert day == dt.date(model.dates.calendar.date(drug.effective).year + 1, 1, 1)
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
