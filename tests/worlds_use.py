"""What random worlds draw of stages 9 to 11: dual channel, use, payment, each in ranges in which something happens."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from simlib.policy.levers import LEVERS

OWN_RULES: dict[str, list[Any]] = {  # levers of a policy of the world's own, with values
    "awareness.public_information": [True],
    "catalogue.local_adoption_lag": ["0 days", "20 days"],
    "catalogue.nrdl.renewal_cut_cap": ["simple_renewal_rate"],
    "catalogue.real_world_evidence": [["renewal"], ["payment_scope", "renewal", "admission"]],
    "catalogue.removal_if_not_supplied": [True],
    "dual_channel.supply_assurance": [True],
    "dual_channel.hospital_levels": ["3_only", "2_and_above", "all"],
    "dual_channel.hospital_coverage": [0.3, 0.8],
    "dual_channel.cross_city": [True],
    "dual_channel.e_prescription": [True],
    "dual_channel.online_settlement": [True],
    "dual_channel.separate_payment": [True],
    "dual_channel.duty_to_prescribe": ["all_due"],
    "use.barriers_removed": [["total_budget"], ["payment_reform", "drug_share"], ["payment_reform"]],
    "use.evidence_generation": [["guidelines"], ["academic_exchange", "clinical_research", "guidelines"]],
    "use.post_market_studies": ["leading_centres", "any_hospital"],
    "use.clinical_evaluation": [True],
    "use.training": [True],
    "payment.case_payment_exclusion": ["drug_cost", "case"],
    "payment.special_case_review.enabled": [True],
    "payment.special_case_review.interval": ["2 months", "90 days", "4 months"],
    "payment.special_case_review.simplified": [True],
    "payment.special_case_review.outcome": [["by_item"], ["adjusted_standard"]],
    "payment.case_group_update": ["fixed", "dynamic"],
    "payment.new_technology_group": ["on_application"],
    "payment.dip_bonus": [1.05, 1.3],
    "payment.total_budget_exempt": [True],
    "payment.indicator_exclusions": [["self_pay_ratio", "vbp_substitute_monitoring"], ["medical_cost_per_capita"]],
    "payment.outpatient_special_scope": ["negotiated", "provincial_catalogue"],
    "payment.outpatient_special_rate": [5, 20],
    "payment.fixed_share": [True],
    "payment.non_designated_free_price": [True],
    "commercial.plan.drug_list": ["recommended", "widening", "dynamic_all_qualifying"],
    "commercial.plan.benefit": ["raised"],
    "commercial.catalogue_take_up": ["voluntary", "prompt"],
    "commercial.enrolment_push": [["more_insured"], ["in_hospital_promotion", "lower_enrolment_threshold"]],
    "commercial.personal_account": [True],
    "commercial.employer_plan_tax": [0.05],
    "commercial.product_support": [True],
    "commercial.one_step_settlement": [True],
    "commercial.data_sharing": [True],
    "commercial.charity": [True],
    "settlement.direct_by_fund": [0.3, 1.0],
    "settlement.prepayment": [True],
    "settlement.instant": [True],
    "settlement.hospital_pays_on_contract": [True],
    "settlement.faster": [True],
    "oversight.fund_supervision": [["priority"], ["traceability_codes", "prescription_flow"]],
}
DRUG_SCOPES = ["all", "all", "innovative", "negotiated", "negotiated+commercial_list", "negotiated_costly"]
SPECIAL_SCOPES = {  # drugs that these levers are about in the documents
    "payment.case_payment_exclusion": ["new_drugs_reviewed", "commercial_cover", "negotiated", "all"],
    "payment.new_technology_group": ["new_technology", "all"],
}
HOSPITAL_SCOPES = ["", "", "", "/public", "/public&designated", "/tertiary"]
RELIEFS = ["committee.temporary_channel", "committee.duty_to_stock", "committee.standard_procedure"]


def add_later_stages(world: dict[str, Any], seed: int) -> None:
    """Draw stages 9 to 11 of a random world, with generators of their own."""
    g = np.random.default_rng([seed, 7])
    parameters = world["parameters"]
    for stage in ("dual_channel", "use", "payment"):
        parameters["stages"][stage] = bool(g.random() > 0.12)
    parameters |= {"dual_channel": dual_channel(g), "use": use(g), "payment": payment(g), "drugs": drugs(g)}
    own = np.random.default_rng([seed, 22])
    shares = {f"level_{i}": float(own.choice([0, 0.3, 0.8])) for i in (1, 2, 3)}
    parameters["dual_channel"] |= {"self_pay_share": shares, "self_pay_lag": f"{own.integers(1, 200)} days"}
    if world["region"] is not None:
        world["region"]["cities"] = int(g.integers(1, 5))
    policy = world["policy"]
    if isinstance(policy, str) and not policy.endswith("-alone") and g.random() < 0.6:
        first = world["start"] + datetime.timedelta(int(g.integers(0, int(world["horizon_days"]) // 4)))
        policy = world["policy"] = {
            "format": 1, "name": "own", "title": {"en": "Own", "zh": "自定"}, "document": "own", "place": "own",
            "on": policy, "rules": {}, "in_force": {"from": first, "to": "open", "clause": "own"},
        }  # fmt: skip
    if isinstance(policy, dict):
        for lever, values in OWN_RULES.items():
            if g.random() < 0.4:
                policy["rules"][lever] = own_rules(g, lever, values, policy["in_force"]["from"], world["horizon_days"])


def own_rules(
    g: np.random.Generator, lever: str, values: list[Any], first: datetime.date, days: float
) -> list[dict[str, Any]]:
    """One or two entries of a lever, for different drugs or hospitals, some with days of their own or an `or`."""
    day = lambda share: first + datetime.timedelta(int(share * days))
    hospitals = HOSPITAL_SCOPES if LEVERS[lever].by_hospital else [""]
    scopes = [f"{g.choice(SPECIAL_SCOPES.get(lever, DRUG_SCOPES))}{g.choice(hospitals)}" for _ in range(2)]
    entries = []
    for scope in dict.fromkeys(scopes[: int(g.integers(1, 3))]):
        entry: dict[str, Any] = {
            "value": values[int(g.integers(len(values)))], "scope": scope, "clause": "own", "kind": "stated",
            "strength": str(g.choice(["must", "declared", "encouraged"])),
        }  # fmt: skip
        if g.random() < 0.4:
            entry["from"] = day(g.uniform(0, 0.5))
        if g.random() < 0.3:
            entry["to"] = day(g.uniform(0.5, 0.9))
        if LEVERS[lever].binds == "hospital" and g.random() < 0.3:
            entry["or"] = str(g.choice([name for name in RELIEFS if name != lever]))
        entries.append(entry)
    return entries


def dual_channel(g: np.random.Generator) -> dict[str, Any]:
    """Pharmacies near and far."""
    added = ("e_prescription", "cross_city", "online_settlement", "separate_payment", "duty_to_prescribe")
    return {
        "designation": {"lognormal": {"median": float(g.choice([5, 60])), "sigma": 0.5}, "unit": "days"},
        "supply_lag_factor": float(g.uniform(0.4, 1)), "fill": float(g.uniform(0.5, 0.9)), "fill_assured": 0.95,
        "linked": float(g.uniform(0.4, 1)), "share": float(g.uniform(0.1, 0.6)), "replaces": float(g.uniform(0, 1.5)),
        "share_added": {name: float(g.uniform(0, 0.3)) for name in added}, "any_drug": bool(g.random() < 0.15),
    }  # fmt: skip


def use(g: np.random.Generator) -> dict[str, Any]:
    """Patients who wait or not, doctors quick or slow, firms that fail."""
    return {
        "pool_years": float(g.choice([0, 1])), "come": float(g.uniform(0.5, 1)), "come_informed": 1.0,
        "window_median": float(g.choice([0, 40, 180])), "ramp_start": float(g.uniform(0.1, 1)),
        "ramp_months": float(g.choice([1, 6, 12])), "training_factor": float(g.choice([0, 0.5, 1])),
        "prescribe": float(g.uniform(0.2, 1)), "evidence_added": float(g.uniform(0, 0.15)),
        "evidence_delay": float(g.integers(0, 300)), "evaluation_added": float(g.uniform(0, 0.2)),
        "study_share": float(g.choice([0.02, 0.3])), "study_months": float(g.integers(6, 36)),
        "temporary_share": float(g.uniform(0.05, 0.5)), "city_travel": float(g.uniform(0, 0.5)), "referral": {f"level_{k}": float(g.uniform(0, 0.5)) for k in (1, 2, 3)},
        "capital_travel": float(g.uniform(0, 0.2)), "therapy_days": float(g.choice([30, 365])),
        "remove_share": float(g.choice([0.5, 1])), "substitute_share": 0.5, "loss_weight": float(g.uniform(0, 2)),
        "supply_failure": float(g.choice([0, 0.9])), "failure_after": float(g.choice([10, 150])),
        "failure_deterred": float(g.uniform(0.4, 1)),
    }  # fmt: skip


def payment(g: np.random.Generator) -> dict[str, Any]:
    """Plans wide and tight, plans that cover much or little, reviews with long and short queues."""
    return {
        "renewal_years": float(g.choice([0.5, 2])), "adoption_lag": float(g.choice([0, 30, 45.5])),
        "costly_above": float(g.choice([-5, 0.2])), "insured": float(g.uniform(0.1, 0.6)),
        "plan_benefit": 0.4, "plan_benefit_raised": 0.6, "charity": float(g.choice([0, 0.1])),
        "income": float(g.choice([20000, 200000])), "always_afford": bool(g.random() < 0.2),
        "cases_per_year": float(g.choice([2, 6])), "standard_median": float(g.choice([3000, 9000])),
        "new_technology_share": 0.4, "follow": float(g.uniform(0, 0.5)), "review_trigger": float(g.choice([1.2, 3])),
        "review_cap": float(g.choice([0.001, 0.01, 0.05])), "review_interval": float(g.choice([1, 3, 5.5])),
        "review_background": float(g.choice([0, 0.04])), "budget_per_bed": float(g.choice([2000, 20000, 200000])),
        "budget_used_mean": float(g.choice([0.4, 0.95])), "budget_used_sd": float(g.choice([0, 0.2])),
        "b_loss": float(g.uniform(0, 1)), "b_slow": float(g.uniform(0, 1)), "loss_norm": float(g.uniform(0, 1)),
    }  # fmt: skip


def drugs(g: np.random.Generator) -> dict[str, Any]:
    """Rare and common diseases, treated at home or in hospital."""
    return {
        "patients_per_100k_median": float(g.choice([0.001, 0.01, 0.2, 5, 50])), "outpatient_share": float(g.uniform(0.3, 0.9)),
        "hk_macau_share": float(g.choice([0, 0.2])), "median_daily_cost_yuan": float(g.choice([30, 150, 600])),
    }  # fmt: skip
