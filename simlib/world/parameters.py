"""Every number of the model that no document states, as a typed tree: one class a stage.

The default values stand in ``scenarios/assumptions.yaml`` with range and reason; a scenario may override any of
them. Times that are distributions are `AnyDuration`; probabilities are bounded; nothing here has a default value,
so that no number hides in code.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from simlib.core.distributions import AnyDuration
from simlib.world.areas import Area
from simlib.world.group import (
    Amount,
    Count,
    Days,
    DurationByLevel,
    Factor,
    FactorByLevel,
    Group,
    ItemsByLevel,
    Limit,
    LogOddsByLevel,
    LowerLevels,
    Months,
    PatientsByLevel,
    Penalty,
    Period,
    Positive,
    Probability,
    Rate,
    Ratio,
    Shape,
    SharesByLevel,
    SizeByLevel,
    Spread,
    Weight,
    Window,
    Yearly,
    Years,
)  # fmt: skip
from simlib.world.parameters_before import Preapproval, Routes
from simlib.world.parameters_use import DualChannel, Payment, Use
from simlib.world.rhythm import Rhythm


class Readiness(Group):
    """Stage 1: approval to the listing application."""

    time: AnyDuration
    guidance_lead: dict[Literal["approval", "marketing_application_accepted", "marketing_application_submitted"], Days]
    support_factor: Factor
    provinces: Annotated[int, Field(ge=1, le=1000)]
    choice_scale: Positive
    national_listing: Days
    later_province_lag: AnyDuration
    coordination_factor: dict[Literal["group_sharing", "information_sharing", "fast_coordination"], Factor]
    quality_evaluation: Days


class Listing(Group):
    """Stage 2: the province's platform."""

    reviewers: Annotated[int, Field(ge=1, le=10_000)] | Literal["unlimited"]
    work: AnyDuration
    standing: AnyDuration
    publication_share: Probability
    background_per_year: Yearly
    window_interval: Window
    complete: Probability
    correction: AnyDuration
    max_returns: Annotated[int, Field(ge=0, le=9)]
    customary_limit: Limit
    corrections_count: bool
    work_factor: dict[Literal["joint_review", "simplified_dossier"], Factor]
    standing_factor: dict[Literal["green_channel", "autonomous_pricing", "direct", "price_guidance"], Factor]
    publication_factor: dict[Literal["one_stop"], Factor]
    complete_log_odds: dict[Literal["early_contact", "simplified_dossier"], Weight]


class Catalogue(Group):
    """Stage 3: the national and the commercial catalogue, and the local application list."""

    first_success: Probability
    later_success: Probability
    look_back_years: Years
    value_weight: Weight
    price_weight: Weight
    foreign_weight: Weight
    cancer_weight: Weight
    support_weight: Weight
    value_price_weight: Weight
    evidence_weight: Weight
    renewal_weight: Weight
    transition_weight: Weight
    agreed_price_weight: Weight
    confidentiality_weight: Weight
    commercial_success: Probability
    commercial_price_above: Amount
    list_open: Days
    list_membership: Probability
    list_interval_months: Period


class Awareness(Group):
    """Stage 4: a hospital learns of a listing."""

    lag: DurationByLevel
    channel_factor: dict[
        Literal["official_sites", "social_media", "forums", "tripartite_meetings", "cloud_platform", "hospital_entry"],
        Factor,
    ]


class Asking(Group):
    """Stage 5: a department asks the committee for a drug."""

    all_before_committee: bool
    lambda0: Rate
    level_factor: FactorByLevel
    size_log_sd: Spread
    specialty_log_sd: Spread
    patients_half: Rate
    appeal_log_sd: Spread
    visits: SharesByLevel
    site_share: Probability
    breadth_a: Shape
    breadth_b: Shape
    specialty_match: Probability
    tcm_match: Probability
    tcm_other: Probability
    treats: dict[Area, LowerLevels]
    orphan_network_per_million: Rate
    orphan_match: Probability
    orphan_breadth: Probability
    before_catalogue: Factor
    plateau: Years
    half_life: Years
    beta_peers: Ratio
    push_exposure: Rate
    push_recheck: Rate


class Fixed(Group):
    """A decision by fixed probabilities; what is left after pass and defer is refused."""

    pass_: Probability = Field(alias="pass")
    defer: Probability
    return_: Probability = Field(alias="return")

    @model_validator(mode="after")
    def _sum(self) -> Fixed:
        if self.pass_ + self.defer > 1 + 1e-12:
            raise ValueError(f"pass {self.pass_} and defer {self.defer} add up to more than 1")
        return self


class Committee(Group):
    """Stage 6: meetings and agenda."""

    meetings: Rhythm
    places: dict[Literal["level_3", "level_2", "level_1"], Count] | Literal["unlimited"]
    background_items: ItemsByLevel
    order: Literal["need", "first_come"]
    unheard_leaves_after_months: Period | None
    max_duty_meetings_a_year: Count
    backlog: Count
    standard_procedure_defer_factor: Factor
    guideline_weight: Weight
    guideline_delay: Days
    community_share: Probability
    community_lag: Days


class Decision(Group):
    """Stage 6: the committee's odds."""

    fixed: Fixed | None
    b0: LogOddsByLevel
    b_value: Weight
    b_relevance: Weight
    relevance_patients: PatientsByLevel
    relevance_log_sd: Spread
    b_catalogue: Weight
    b_price: Weight
    b_duty: Weight
    b_duty_all_due: Weight
    b_target: Weight
    b_temporary: Weight
    delta: Penalty
    spread: Annotated[float, Field(gt=0, le=1000)]
    rho: Probability
    lock_out_months: Months


class Clocks(Group):
    """Readings of when a limit starts and ends (docs/semantics-readings.md, section 14)."""

    listing: Literal["learned", "listed"]
    catalogue_day: Literal["publication", "force"]
    catalogues: Literal["both", "basic"]
    catalogue_lag: Days
    past: Literal["none", "catch_up"]
    rolling: Literal["civil_code", "back"]
    first_list: Literal["counts", "passes"]
    minimum: Literal["whole_years", "pro_rata"]
    either: Literal["either", "both"]


class Barriers(Group):
    """Stage 6: grounds of refusal, in log-odds where active, and where they are active."""

    drug_share: Penalty
    cost_per_visit: Penalty
    self_pay_ratio: Penalty
    nrdl_membership: Penalty
    two_specifications: Penalty
    performance_monitoring: Penalty
    total_budget: Penalty
    over_target: Probability
    two_specification_drugs: Probability
    monitored_hospitals: Probability
    tight_budgets: Probability
    tight_from_month: Annotated[int, Field(ge=1, le=12)]


class Room(Group):
    """Stage 6: room in the formulary."""

    formulary: SizeByLevel
    turnover: Annotated[float, Field(ge=1e-6, le=1)]
    target_mean: Amount
    target_sd: Ratio
    relaxation: Years


class Temporary(Group):
    """Stage 7: temporary purchase."""

    share_in_need: Probability
    time: AnyDuration
    ends_after_refusal_months: Period
    recorded_in_need: Probability
    recorded_ends_months: Period


class Purchase(Group):
    """Stage 8: contract and delivery."""

    time: AnyDuration


class Obedience(Group):
    """Who does as told: base probabilities by strength, and what shifts them (log-odds)."""

    must: Probability
    declared: Probability
    encouraged: Probability
    explore: Probability
    other_must: Probability
    own_sd: Annotated[float, Field(ge=0, le=20)]
    guided: Weight
    agreement: Weight
    performance_assessment: Weight
    insurer_assessment: Weight
    money_at_stake: Weight
    ledger: Weight
    circulated: Weight
    internal_audit: Weight


class DrugAttributes(Group):
    """What the list of approvals lacks about a drug: drawn, keyed by drug and replication."""

    price_log_sd: Spread
    median_daily_cost_yuan: Positive
    patients_per_100k_median: Annotated[float, Field(ge=0, le=100_000)]
    patients_log_sd: Spread
    effort_log_sd: Spread
    orphan_patients_factor: Factor
    local_share: Probability
    innovation_list_share: Probability
    outpatient_share: Probability
    hk_macau_share: Probability


class Stages(Group):
    """Which stages act; one that is off lets everything through at once."""

    readiness: bool
    listing: bool
    catalogue: bool
    awareness: bool
    asking: bool
    committee: bool
    room: bool
    temporary: bool
    purchase: bool
    dual_channel: bool
    use: bool
    payment: bool
    routes: bool
    preapproval: bool


class Parameters(Group):
    """All assumed numbers of one scenario."""

    stages: Stages
    readiness: Readiness
    listing: Listing
    catalogue: Catalogue
    awareness: Awareness
    asking: Asking
    committee: Committee
    decision: Decision
    clocks: Clocks
    barriers: Barriers
    room: Room
    temporary: Temporary
    purchase: Purchase
    dual_channel: DualChannel
    use: Use
    payment: Payment
    routes: Routes
    preapproval: Preapproval
    obedience: Obedience
    drugs: DrugAttributes
