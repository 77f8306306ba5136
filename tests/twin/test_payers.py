"""Hand checks of the plain twin's payers: price, fund, plans, what patients can pay, and what a case costs a hospital."""

from __future__ import annotations

import pytest

from tests.twin.toys import CASE, rule, toy


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
    can = lambda y: 1 / (1 + (y / 1000) ** 2)  # noqa: E731
    held = 0.2 * can(450 + 500) / (0.2 * can(450 + 500) + 0.8 * can(900))
    commercial, charity = held * 0.5, held * 0.05 + (1 - held) * 0.1
    assert (s.fund, s.commercial, s.charity, s.patient) == pytest.approx(
        (0, commercial, charity, 1 - commercial - charity)
    )
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
    assert model.case_payment.cases(model.hospitals[0], model.drugs[0], 0).effect == pytest.approx(effect, abs=1e-9)


def test_special_review_pays_a_part_and_its_sittings_have_a_capacity():
    """Cases of 11,000 yuan exceed the standard by 2000; half is put up, adjusted to half, and 80% pass: 400 yuan."""
    model = toy("payment", parameters=CASE, horizon_days=800)
    r = model.run()
    case_payment, drug, hospital = model.case_payment, model.drugs[0], model.hospitals[0]
    found = case_payment.cases(hospital, drug, 0)
    assert (found.put_up, found.gain) == pytest.approx((0.5, 400))
    loss = lambda j: case_payment.loss(hospital, drug, j) * 9000  # noqa: E731
    assert loss(0) == loss(5) == pytest.approx(2000 - 400 * (1 - 0.1 * 3))
    # a quarter of 0.2 of the discharges is served at the first sitting, at the edge 6; then what stayed comes on top
    assert r.served[:6] == pytest.approx(1) and r.served[6:12] == pytest.approx(0.25)
    assert r.served[12:18] == pytest.approx(0.05 / 0.35)
    assert loss(6) == pytest.approx(2000 - 400 * 0.25 * (1 - 0.1 * 3))
    follows = case_payment.cases(hospital, drug, 12).effect  # a year after the listing
    assert follows == pytest.approx(-2000 + model.world.p.payment.follow * 2000)


def test_rules_make_review_lighter_fuller_and_more_frequent():
    rules = {"payment.special_case_review.simplified": rule(True),
             "payment.special_case_review.outcome": rule(["by_item"]),
             "payment.special_case_review.interval": rule("2 months")}  # fmt: skip
    model = toy("payment", parameters=CASE, rules=rules)
    r = model.run()
    found = model.case_payment.cases(model.hospitals[0], model.drugs[0], 0)
    assert (found.put_up, found.gain) == pytest.approx((0.75, 0.75 * 2000 * 0.8))
    assert r.served[1:4] == pytest.approx([1, 0.05 / 0.3, 0.05 / 0.3]) and model.case_payment.wait[3] == 1
    # the queue of new drugs counts too: a hospital that stocks the drug puts up cases of its patients
    stocked = toy("purchase", "use", "payment", parameters=CASE | {"purchase": {"time": 0}}, rules=rules)
    assert (stocked.run().served[2:] < r.served[2:]).all()
