"""Numbers of stages 9 to 11: dual channel, use, payment. Rules: `docs/semantics-use.md`, `-payment.md`, `-dual-channel.md`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simlib.core.distributions import AnyDuration
from simlib.world.group import (
    MOST,
    Amount,
    Days,
    Factor,
    Group,
    Positive,
    Probability,
    Ratio,
    SharesByLevel,
    Spread,
    Weight,
    Years,
    Yuan,
)  # fmt: skip


class DualChannel(Group):
    """Stage 9: pharmacies that dispense on a hospital's prescription."""

    designation: AnyDuration
    supply_lag_factor: Factor
    fill: Probability
    fill_assured: Probability
    linked: Probability
    share: Probability
    share_added: dict[
        Literal["e_prescription", "cross_city", "online_settlement", "separate_payment", "duty_to_prescribe"],
        Probability,
    ]
    replaces: Weight
    pharmacies_per_million: Amount
    self_pay_lag: AnyDuration
    self_pay_share: SharesByLevel
    any_drug: bool


class Use(Group):
    """Stage 10: patients, and what doctors do with a drug that is there."""

    pool_years: Ratio
    come: Probability
    come_informed: Probability
    window_median: Days
    window_log_sd: Spread
    ramp_start: Probability
    ramp_months: Years
    training_factor: Factor
    prescribe: Probability
    evidence_added: Probability
    evidence_delay: Days
    evaluation_added: Probability
    study_share: Probability
    study_months: Years
    temporary_share: Probability
    city_travel: Probability
    capital_travel: Probability
    referral: SharesByLevel
    therapy_days: Positive
    remove_share: Probability
    drug_share_factor: Probability
    self_pay_factor: Probability
    substitute_share: Probability
    substitute_factor: Probability
    supervision_factor: Probability
    loss_weight: Ratio
    supply_failure: Probability
    failure_after: Positive
    failure_factor: Probability
    failure_deterred: Probability
    indication_patients: Ratio


class Payment(Group):
    """Stage 11: price, who pays, what a case costs the hospital, and when the firm has its money."""

    cut: Probability
    renewal_years: Years
    renewal_cut: Probability
    renewal_cut_capped: Probability
    evidence_renewal_factor: Probability
    evidence_scope_added: Probability
    adoption_lag: Days
    basic_inpatient: Probability
    basic_outpatient: Probability
    special_outpatient: Probability
    fixed_share_rate: Probability
    costly_above: Amount
    insured: Probability
    enrolment_added: Probability
    personal_account_added: Probability
    employer_added: Probability
    product_added: Probability
    plan_cover: dict[Literal["fixed", "recommended", "widening", "dynamic_all_qualifying"], Probability]
    catalogue_cover: dict[Literal["none", "voluntary", "prompt"], Probability]
    plan_benefit: Probability
    plan_benefit_raised: Probability
    data_sharing_added: Probability
    advance: Probability
    charity: Probability
    charity_added: Probability
    income: Annotated[float, Field(ge=1, le=MOST)]
    income_slope: Annotated[float, Field(ge=0.01, le=20)]
    always_afford: bool
    cases_per_year: Annotated[float, Field(ge=1e-6, le=1000)]
    standard_median: Positive
    standard_log_sd: Spread
    other_share: Probability
    cost_log_sd: Spread
    carve_over_group: Ratio
    carve_over_case: Probability
    carve_years: Ratio
    new_technology_share: Probability
    follow: Probability
    follow_dynamic: Probability
    review_trigger: Positive
    review_cap: Probability
    review_pass: Probability
    review_apply: Probability
    review_apply_simplified: Probability
    review_interval: Years
    review_adjusted: Probability
    review_discount: Ratio
    review_background: Probability
    discharges_per_bed: Positive
    budget_per_bed: Yuan
    budget_used_mean: Ratio
    budget_used_sd: Ratio
    days: Days
    prepayment_factor: Factor
    instant_factor: Factor
    faster_factor: Factor
    contract_days: Days
    direct_days: Days
    b_loss: Weight
    loss_norm: Amount
    b_slow: Weight
