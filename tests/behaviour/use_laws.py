"""The laws on patients, pharmacies and payment: which two worlds each compares, and what may not happen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from random_worlds import changed, random_world
from use_worlds import (
    Law,
    Lived,
    at_home,
    differ,
    fate,
    flows,
    home,
    loss,
    money,
    never_less,
    never_more,
    pay,
    same,
    times,
    treated,
    use_world,
    with_rules,
)

from simlib.outcomes.money import PAYERS, bills
from simlib.outcomes.sampled import bills_in_fen, sample_counts
from simlib.stages.state_use import (
    F_ARRIVALS,
    F_HOSPITAL,
    F_LOST,
    F_PHARMACY_24,
    F_PHARMACY_DAYS,
    F_THERAPY,
    F_TRAVELLED,
    F_UNSEEN,
    F_WAIT_DAYS,
    F_WAITING,
    M_HOSPITAL,
    M_OWED,
    M_PHARMACY,
)

Worlds = Callable[[int], tuple[dict, dict]]
TREATED = ((treated, never_less),)
AT_HOME = ((home, never_less), (treated, never_less))
WAIT = ((money(M_OWED), never_more), (money(M_HOSPITAL), same))


def keys(before: dict[str, Any], after: dict[str, Any]) -> Worlds:
    """World `number` with some keys, and the same with others on top."""

    def worlds(number: int) -> tuple[dict, dict]:
        world = use_world(number, **before)
        return world, changed(world, after)

    return worlds


def rule(lever: str, value: Any, before: dict[str, Any] | None = None, **toy: Any) -> Worlds:
    """World `number` (with some keys and rules), and the same with one rule more."""

    def worlds(number: int) -> tuple[dict, dict]:
        world, had = use_world(number, **toy), before or {}
        return (with_rules(world, had) if had else world), with_rules(world, {**had, lever: value})

    return worlds


# ---- patients


def twice_the_patients(number: int) -> tuple[dict, dict]:
    """Temporary supply begins with the patients in need, so that half the share of them keeps its dates."""
    world = use_world(number, temporary__share_in_need=0.25, temporary__recorded_in_need=0.01)
    more = {"temporary.share_in_need": 0.125, "temporary.recorded_in_need": 0.005}
    return world, changed(world, {"drugs.patients_per_100k_median": 40, **more})


def numbers(x: Lived) -> np.ndarray:
    """Patients and their days by drug, group and fate (D, G, 12)."""
    return flows(x)[..., :F_PHARMACY_24]


def by_fate(x: Lived) -> np.ndarray:
    """Patients by fate, arrivals first (D, G, 9)."""
    return flows(x)[..., : F_WAITING + 1]


def payers_bills(x: Lived) -> np.ndarray:
    """Yuan by payer, month and drug (5, J, D)."""
    return np.stack([*bills(x.record).values()])


def counted(x: Lived) -> np.ndarray:
    """Sampled patients treated at home by place, drug and group (4, D, G)."""
    found = sample_counts(x.record)
    return np.stack([found[name] for name in ("hospital", "pharmacy", "temporary", "study")]).astype(float)


SMALL = {"drugs__patients_per_100k_median": 0.1, "stages__room": False}
PATIENTS = {
    "twice the patients are twice the treated, and twice every payer's bill": Law(
        twice_the_patients, ((numbers, times(2)), (payers_bills, times(2)))),
    "a larger pool never lowers the treated": Law(keys({"use__pool_years": 0.5}, {"use.pool_years": 2}), AT_HOME),
    "whole patients, sampled, are never fewer where more are expected": Law(
        keys({"use__pool_years": 0.5}, {"use.pool_years": 2}), ((counted, never_less),)),
    "a longer window never lowers who is treated at any place at home": Law(
        keys({}, {"use.window_median": 400}), ((at_home, never_less),)),
    "doctors who learn faster never lower the treated": Law(keys({}, {"use.ramp_months": 4}), AT_HOME),
    "a higher start of doctors never lowers the treated": Law(keys({}, {"use.ramp_start": 0.6}), AT_HOME),
    "a higher prescribing share never lowers the treated": Law(keys({}, {"use.prescribe": 0.8}), TREATED),
    "public information never raises those who never come, nor lowers the treated": Law(
        rule("awareness.public_information", True), ((fate(F_UNSEEN), never_more), (treated, never_less))),
    "more travel changes nobody who is treated at home, and never lowers the treated": Law(
        keys({}, {"use.city_travel": 0.4, "use.capital_travel": 0.2}),
        ((fate(F_TRAVELLED), never_less), (at_home, same), (lambda x: fate(F_TRAVELLED)(x) + fate(F_LOST)(x), same))),
    "training never lowers the treated": Law(rule("use.training", True), AT_HOME),
    "evidence work never lowers the treated": Law(
        rule("use.evidence_generation", ["clinical_research", "guidelines"], use__evidence_added=0.1), AT_HOME),
    "clinical evaluation never lowers the treated": Law(
        rule("use.clinical_evaluation", True, use__evaluation_added=0.1), AT_HOME),
    "studies never lower the treated": Law(rule("use.post_market_studies", "any_hospital"), AT_HOME),
    "temporary supply that reaches more never lowers the treated": Law(
        keys({"use__temporary_share": 0.1}, {"use.temporary_share": 0.4}), AT_HOME),
    "a failing supply never raises the treated": Law(
        keys({"use__supply_failure": 0, "use__failure_after": 200}, {"use.supply_failure": 0.6}), ((treated, never_more),)),
    "unused drugs that leave never raise who is treated at the hospital, where places are not short": Law(
        keys(SMALL, {"use.remove_share": 0.9}), ((fate(F_HOSPITAL), never_more),)),
    "a longer therapy changes nobody's fate and never lowers days on the drug": Law(
        keys({}, {"use.therapy_days": 700}),
        ((lambda x: flows(x)[..., [F_THERAPY, F_PHARMACY_DAYS]], never_less), (by_fate, same))),
}  # fmt: skip


# ---- pharmacies


OPEN = {"dual_channel.hospital_levels": "all"}
LINKED = {"dual_channel__linked": 0.8, "dual_channel__share": 0.4, "drugs__outpatient_share": 0.9}


def with_pharmacies(number: int) -> tuple[dict, dict]:
    world = with_rules(use_world(number, **LINKED), OPEN)
    return changed(world, {"stages.dual_channel": False}), world


def some_designated(a: Lived, b: Lived) -> bool:
    """Whether pharmacies came to hold a drug that hospitals used."""
    used = b.record.fates[:, :, F_HOSPITAL].sum(axis=1) > 1
    return bool((used & (b.record.payers.designated < b.record.world.horizon)).any())


def linked(after: dict[str, Any]) -> Worlds:
    """A world with the channel open at all levels, and the same with some keys on top."""

    def worlds(number: int) -> tuple[dict, dict]:
        world = with_rules(use_world(number, **LINKED), OPEN)
        return world, changed(world, after)

    return worlds


def from_2019(world: dict) -> dict:
    """The world a year later if it begins in 2018: every catalogue it meets then takes effect on a first of a month."""
    if not world["start"].startswith("2018"):
        return world
    later = {k: f"{int(world[k][:4]) + 1}{world[k][4:]}" for k in ("start", "policy_from", "end")}
    counts = {year + 1: n for year, n in world["cohort"]["yearly_counts"].items()}
    return changed(world, {**later, "cohort": {"yearly_counts": counts}})


def pharmacies_shut(number: int) -> tuple[dict, dict]:
    """Pharmacies hold the drugs, but no hospital has opened the channel to its patients."""
    world = with_rules(use_world(number, **{**LINKED, "dual_channel__linked": 0}, policy="before-reform"), OPEN)
    return changed(world, {"stages.dual_channel": False}), world


def a_month_earlier(number: int) -> tuple[dict, dict]:
    """From a first of a month to the one before: on the day of designation itself everybody has one more chance."""
    world = from_2019(use_world(number, **LINKED, calendar="china", dual_channel__supply_lag_factor=1))
    late = {"dual_channel.designation": "31 days"}
    return with_rules(changed(world, late), OPEN), with_rules(
        changed(world, {"dual_channel.designation": "0 days"}), OPEN
    )


PHARMACIES = {
    "a pharmacy never lowers the treated where it does not replace stocking": Law(with_pharmacies, AT_HOME),
    "a pharmacy that no hospital opened the channel to changes nobody's fate": Law(
        pharmacies_shut, ((by_fate, same),), some_designated),
    "a better filled pharmacy never lowers the treated": Law(
        linked({"dual_channel.fill": 0.95, "dual_channel.fill_assured": 0.98}), AT_HOME),
    "a designation a month earlier, both on firsts of months, never lowers the treated": Law(a_month_earlier, AT_HOME),
    "electronic prescriptions never lower the treated": Law(
        rule("dual_channel.e_prescription", True, OPEN, **LINKED), AT_HOME),
    "a duty to prescribe never lowers the treated": Law(
        rule("dual_channel.duty_to_prescribe", "all_due", OPEN, **LINKED), AT_HOME),
    "more levels of hospitals in the channel never lower the treated": Law(
        rule("dual_channel.hospital_levels", "all", **LINKED), AT_HOME),
    "more hospitals that open the channel never lower the treated": Law(
        rule("dual_channel.hospital_coverage", 0.9, OPEN, **{**LINKED, "dual_channel__linked": 0.2}), AT_HOME),
}  # fmt: skip


# ---- payment


BEFORE = {"policy": "before-reform"}  # of what most documents have already
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
        rule("use.barriers_removed", ["payment_reform"], **DEAR), AT_HOME),
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
        rule("use.barriers_removed", ["total_budget"], **FELT), AT_HOME),
    "a budget that new drugs cannot dent never lowers the treated": Law(
        keys({**FELT, "payment__budget_per_bed": 3000}, {"payment.budget_per_bed": 1e15}), AT_HOME),
    "less of the plan taken by others never lowers the treated": Law(
        keys(FELT, {"payment.budget_used_mean": 0.75}), AT_HOME),
}  # fmt: skip


# ---- sums that must hold in every world, feedback and all


def one_world(number: int) -> tuple[dict, dict]:
    world = random_world(number, "use-sums")
    return world, world


def unaccounted(x: Lived) -> np.ndarray:
    """By drug, group: arrivals less all who were treated, travelled, were lost, never came or wait, of the arrivals."""
    f = flows(x)
    return (f[..., F_ARRIVALS] - f[..., F_UNSEEN : F_WAITING + 1].sum(axis=-1)) / np.maximum(1.0, f[..., F_ARRIVALS])


def nought(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(a) > 1e-9


def negative(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a < -1e-9


def parts(x: Lived) -> np.ndarray:
    """Each payer's part of the bill, by payer, month and drug (4, J, D)."""
    spent = bills(x.record)
    return np.stack([spent[name] for name in PAYERS]) / np.maximum(1.0, spent["total"])


def fen_left(x: Lived) -> np.ndarray:
    """Whole fen of the total that no payer pays (J, D)."""
    fen = bills_in_fen(x.record)
    return fen["total"] - sum(fen[name] for name in PAYERS)


def charity_unlike_promised(x: Lived) -> np.ndarray:
    """How far charity's part of what fund and plans leave is from either of the shares that it may be (C, J, D)."""
    p, q = x.record.payers, x.record.world.p.payment
    rest = 1.0 - p.fund - p.commercial
    given = np.divide(p.charity, rest, out=np.full(rest.shape, q.charity), where=rest > 1e-9)
    return np.minimum(np.abs(given - q.charity), np.abs(given - q.charity - q.charity_added))


def ledgers_apart(x: Lived) -> np.ndarray:
    """Patient-days of the bills less those of the patients, by drug, of their size (2, D)."""
    r = x.record
    billed = r.money[..., [M_HOSPITAL, M_PHARMACY]].sum(axis=(0, 1)).T
    lived = r.fates[..., [F_THERAPY, F_PHARMACY_DAYS]].sum(axis=1).T
    return (billed - lived) / np.maximum(1.0, lived)


SUMS = {
    "nobody appears or vanishes, and no number of patients is negative": Law(
        one_world, ((unaccounted, nought), (flows, negative)), lambda a, b: bool(treated(a).sum() > 1)),
    "the payers' parts add up to the bill, and no part is negative": Law(
        one_world, ((parts, negative), (fen_left, nought), (charity_unlike_promised, nought), (ledgers_apart, nought)),
        lambda a, b: bool((parts(a).sum(axis=(1, 2)) > 0).all())),
}  # fmt: skip


# ---- time itself


TOY = json.loads("""{"stages": {"catalogue": false, "asking": false, "room": false, "temporary": false,
  "dual_channel": false, "payment": false},
  "asking": {"all_before_committee": true, "beta_peers": 0},
  "committee": {"background_items": {"level_3": 0, "level_2": 0, "level_1": 0}, "max_duty_meetings_a_year": 1000},
  "barriers": {"tight_budgets": 0}, "drugs": {"patients_per_100k_median": 20},
  "use": {"ramp_start": 1, "remove_share": 0, "city_travel": 0, "capital_travel": 0, "self_pay_factor": 1,
          "substitute_share": 0, "drug_share_factor": 1, "supply_failure": 0}}""")


def slow_motion(number: int) -> tuple[dict, dict]:
    """An every-day toy, and the same with every duration, limit, rhythm and rate of waiting stretched to twice its length.

    Nothing in it hangs on months or years (no room, catalogue, budget, travel, learning of doctors); rates a year halve.
    """
    base = random_world(number, "slow-motion")
    rng = np.random.default_rng([number, 7])
    days = rng.integers(0, 500, 12).tolist()
    n = {k: int(rng.integers(a, b)) for k, (a, b) in {
        "ready": (5, 60), "stand": (10, 80), "correct": (5, 20), "work": (2, 9), "known": (10, 90), "buy": (20, 120),
        "lock": (1, 7), "lag": (5, 40), "rhythm": (40, 200), "limit": (15, 60), "review": (20, 60), "window": (60, 300),
        "therapy": (100, 700), "other": (0, 80)}.items()}  # fmt: skip

    def at(pace: int) -> dict:
        given = lambda name: f"{pace * n[name]} days"  # noqa: E731
        lever = {"procurement.purchase_within": given("limit"), "listing.review_limit": given("review")}
        levels = ("level_3", "level_2", "level_1")
        world = {
            **base, "calendar": "every_day", "cohort": {"days": [pace * d for d in days]}, "policy": "before-reform",
            "policy_from": pace * 100, "horizon_days": pace * 900, "rounds": None,
        }  # fmt: skip
        del world["end"]
        p = {**TOY, "decision": base["parameters"]["decision"] | {"lock_out_months": pace * n["lock"]}}
        world = changed({**world, "parameters": p}, {
            "readiness.time": given("ready"), "readiness.later_province_lag": given("lag"),
            "readiness.quality_evaluation": pace * 5, "readiness.choice_scale": pace * 30,
            "readiness.national_listing": pace * 90, "listing.window_interval": pace * 30, "listing.standing": given("stand"), "listing.work": given("work"),
            "listing.correction": given("correct"), "listing.customary_limit": pace * 60,
            "listing.background_per_year": n["other"] / pace, "listing.reviewers": 1 + number % 3,
            "awareness.lag": dict.fromkeys(levels, given("known")), "purchase.time": given("buy"),
            "committee.meetings": {"every": dict.fromkeys(levels, pace * n["rhythm"])},
            "committee.unheard_leaves_after_months": pace * 6, "use.window_median": pace * n["window"],
            "use.therapy_days": pace * n["therapy"], "use.pool_years": pace * 0.5,
            "drugs.patients_per_100k_median": 20 / pace,
        })  # fmt: skip
        world = with_rules(world, lever)
        if number % 2:
            duty = {"within": given("rhythm"), "strength": "must", "clause": "toy", "kind": "stated"}
            world["policy"]["rules"]["committee.duty"] = {"listing": duty}
        return world

    return at(1), at(2)


def dates(x: Lived) -> np.ndarray:
    """Every date of every pair (5, H, D); 0 for never."""
    found = np.stack([getattr(x.record.pairs, n) for n in ("aware", "first_ask", "first_heard", "passed", "stock")])
    return np.where(np.isfinite(found), found, 0.0)


GRID = 1e-5  # times are kept on a grid of 2**-20 day: what is stretched is not rounded alike


def in_days(x: Lived) -> np.ndarray:
    """Days of waiting and on the drug (D, G, 2)."""
    return flows(x)[..., [F_WAIT_DAYS, F_THERAPY]]


TIME = {
    "twice as long in everything takes twice as long, and treats the same patients": Law(
        slow_motion, ((dates, times(2, GRID)), (in_days, times(2, GRID)), (by_fate, times(1, GRID))),
        lambda a, b: differ(dates, a, b) and home(a).sum() > 1, held=False),
}  # fmt: skip

LAWS: dict[str, Law] = {**PATIENTS, **PHARMACIES, **PAYMENT, **SUMS, **TIME}
__all__ = ["LAWS"]
