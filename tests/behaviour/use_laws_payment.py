"""Laws of payment: what prices, payers, cases, settlement and budgets may not do."""

from __future__ import annotations

from tests.behaviour.random_worlds import changed
from tests.behaviour.use_worlds import (
    AT_HOME,
    TREATED,
    Law,
    keys,
    loss,
    money,
    never_less,
    never_more,
    pay,
    rule,
    same,
    treated,
    use_world,
    with_rules,
)

WAIT = ((money("owed"), never_more), (money("hospital"), same))


# ---- payment


BEFORE = {"policy": "before-2021"}  # of what most documents have already
INSURED = {f"payment__plan_cover__{k}": 0.8 for k in ("fixed", "recommended", "widening", "dynamic_all_qualifying")}
FUND = ("basic_inpatient", "basic_outpatient", "special_outpatient")
FELT = {"payment__budget_used_mean": 0.95, "payment__budget_used_sd": 0.2}  # others' spending fills the plans
DEAR = {"drugs__outpatient_share": 0.2, "drugs__median_daily_cost_yuan": 400}  # cases that hospitals lose on
LOSS = ((loss, never_more), (treated, never_less))


PURSE = {
    "use__loss_weight": 0
}  # a dearer case can come over a threshold of carve-outs or review, and cost the hospital less


def dearer(number: int) -> tuple[dict, dict]:
    world = use_world(number, **PURSE, drugs__median_daily_cost_yuan=200)
    return world, changed(world, {"drugs.median_daily_cost_yuan": 300})


def higher_fund_share(number: int) -> tuple[dict, dict]:
    world = use_world(number)
    return world, changed(world, {f"payment.{k}": 0.85 for k in FUND})


PROMISES = (
    ("commercial.plan.drug_list", "dynamic_all_qualifying"), ("commercial.plan.benefit", "raised"), ("commercial.charity", True),
    ("commercial.enrolment_push", ["in_hospital_promotion", "more_insured"]), ("commercial.personal_account", True),
    ("commercial.employer_plan_tax", 0.05), ("commercial.product_support", True), ("commercial.data_sharing", True),
)  # fmt: skip
FUND_PROMISES = (
    {"payment.fixed_share": True}, {"payment.outpatient_special_scope": "negotiated"},
    {"payment.outpatient_special_scope": "negotiated", "payment.outpatient_special_rate": 10},
)  # fmt: skip


def commercial_promise(number: int) -> tuple[dict, dict]:
    """One promise after the other; drugs that plans cover and people who have one, so that each can be felt."""
    world = use_world(number, **BEFORE, payment__plan_cover__fixed=0.5, payment__insured=0.4)
    return world, with_rules(world, dict([PROMISES[number % len(PROMISES)]]))


def fund_promise(number: int) -> tuple[dict, dict]:
    world = use_world(number, **BEFORE)
    return world, with_rules(world, FUND_PROMISES[number % len(FUND_PROMISES)])


PAYMENT = {
    "a dearer drug never raises who can afford it, nor, by the purse alone, the treated": Law(
        dearer, ((pay("afford"), never_more), (treated, never_more))),
    "a deeper price cut never lowers who can afford, nor, by the purse alone, the treated": Law(
        keys(PURSE, {"payment.cut": 0.75}), ((pay("afford"), never_less), (treated, never_less))),
    "a higher share of the fund never lowers the treated": Law(
        higher_fund_share, ((treated, never_less), (pay("afford"), never_less))),
    "more people with a plan never lower the treated": Law(
        keys({**INSURED, "payment__insured": 0.1}, {"payment.insured": 0.6}), ((treated, never_less), (pay("afford"), never_less))),
    "more charity never lowers the treated": Law(
        keys({}, {"payment.charity": 0.4}), ((treated, never_less), (pay("afford"), never_less))),
    "a higher income never lowers the treated": Law(
        keys({"payment__income": 30000}, {"payment.income": 50000}), ((treated, never_less), (pay("afford"), never_less))),
    "no promise of commercial cover or charity lowers who can afford, nor the treated": Law(
        commercial_promise, ((pay("afford"), never_less), (treated, never_less))),
    "no promise of the fund lowers who can afford, nor the treated": Law(
        fund_promise, ((pay("afford"), never_less), (treated, never_less))),
    "a capped cut at renewal never lowers the price, nor raises who can afford": Law(
        rule("catalogue.nrdl.renewal_cut_cap", "simple_renewal_rate", payment__renewal_years=0.5, stages__catalogue=True,
             catalogue__renewal_weight=0, **BEFORE), ((pay("price"), never_less), (pay("afford"), never_more))),
    "settlement in one step never lowers who can afford, nor the treated": Law(
        rule("commercial.one_step_settlement", True, **BEFORE, **INSURED, payment__insured=0.5), ((pay("afford"), never_less), (treated, never_less))),
    "a catalogue that pays sooner never lowers the treated": Law(
        keys({"payment__adoption_lag": 90}, {"payment.adoption_lag": 10}), TREATED),
    "a carve-out of the drug never raises a hospital's loss on a case, nor lowers the treated": Law(
        rule("payment.case_payment_exclusion", "drug_cost", **DEAR), LOSS),
    "a carve-out of the case never raises a hospital's loss on a case, nor lowers the treated": Law(
        rule("payment.case_payment_exclusion", "case", **DEAR), LOSS),
    "special review never raises a hospital's loss on a case, nor lowers the treated": Law(
        keys({**DEAR, "payment__review_pass": 0}, {"payment.review_pass": 0.85}), LOSS),
    "more cases put up never raise a hospital's loss on a case, nor lower the treated": Law(
        rule("payment.special_case_review.simplified", True, **DEAR), LOSS),
    "experts who sit more often never raise a hospital's loss on a case, nor lower the treated": Law(
        rule("payment.special_case_review.interval", "3 months", **DEAR, **BEFORE), LOSS),
    "review that pays by item never raises a hospital's loss on a case, nor lowers the treated": Law(
        rule("payment.special_case_review.outcome", ["by_item"], **DEAR, **BEFORE), LOSS),
    "a standard that follows never raises a hospital's loss on a case, nor lowers the treated": Law(
        rule("payment.case_group_update", "dynamic", **DEAR), LOSS),
    "a group of its own never raises a hospital's loss on a case, nor lowers the treated": Law(
        rule("payment.new_technology_group", "on_application", **DEAR), LOSS),
    "a bonus never raises a hospital's loss on a case, nor lowers the treated": Law(
        rule("payment.dip_bonus", 1.2, **DEAR), LOSS),
    "payment reform that may not restrain use never lowers the treated": Law(
        rule("use.barriers_removed", ["payment_reform"], **DEAR, **BEFORE), AT_HOME),
    "hospitals that mind losses more never raise the treated": Law(
        keys(DEAR, {"use.loss_weight": 1.5}), ((treated, never_more),)),
    "direct settlement never lengthens the firm's wait": Law(rule("settlement.direct_by_fund", 0.6, **BEFORE), WAIT),
    "prepayment never lengthens the firm's wait": Law(rule("settlement.prepayment", True, **BEFORE), WAIT),
    "instant settlement never lengthens the firm's wait": Law(rule("settlement.instant", True, **BEFORE), WAIT),
    "payment on contract never lengthens the firm's wait": Law(rule("settlement.hospital_pays_on_contract", True, **BEFORE), WAIT),
    "a promise to pay faster never lengthens the firm's wait": Law(rule("settlement.faster", True, **BEFORE), WAIT),
    "an exemption from the total budget never lowers the treated": Law(
        rule("payment.total_budget_exempt", True, **FELT), AT_HOME),
    "a total budget that may not restrain use never lowers the treated": Law(
        rule("use.barriers_removed", ["total_budget"], **FELT, **BEFORE), AT_HOME),
    "a budget that new drugs cannot dent never lowers the treated": Law(
        keys({**FELT, "payment__budget_per_bed": 3000}, {"payment.budget_per_bed": 1e15}), AT_HOME),
    "less of the plan taken by others never lowers the treated": Law(
        keys(FELT, {"payment.budget_used_mean": 0.75}), AT_HOME),
}  # fmt: skip
