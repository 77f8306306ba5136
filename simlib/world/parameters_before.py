"""The assumed numbers of special routes (stage 12) and of the time before approval (stage 13); see `parameters`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from simlib.core.distributions import AnyDuration
from simlib.world.group import Count, Days, Elasticity, Factor, Group, Limit, Positive, Probability, Yearly


class Routes(Group):
    """Stage 12: products that come by a special import route. By channel: the lever's name without its group."""

    after_stated_year: Literal["assumed", "same", "closed"]
    assumed_number: dict[
        Literal["urgent_import", "rare_disease_whitelist", "import_products_added", "hk_macau"], Yearly
    ]
    review: AnyDuration
    order: AnyDuration
    customs: dict[Literal["office_hours", "24_hour_service", "within_24_hours"], Days]
    tracing: Days
    hospital_share: dict[
        Literal["urgent_import", "rare_disease_whitelist", "import_products_added", "hk_macau"], Probability
    ]
    patients_per_100k_median: Annotated[float, Field(ge=1e-6, le=100_000)]
    median_daily_cost_yuan: Positive


class Preapproval(Group):
    """Stage 13: from the trial application to approval, and what an approved drug still applies for."""

    trial_review: Limit
    project_review: AnyDuration
    ethics_review: AnyDuration
    contract_review: AnyDuration
    opening: AnyDuration
    ethics_factor: dict[Literal["members", "city_level_sites", "multi_centre_sites"], Factor]
    startup_counts: Literal["mean", "every"]
    phase_1: AnyDuration
    phase_2: AnyDuration
    phase_3: AnyDuration
    preparation: AnyDuration
    service_factor: dict[Literal["by_firm", "by_product"], Factor]
    service_places: Count
    marketing_review: Limit
    priority_review: Limit
    priority_share: Probability
    answers: AnyDuration
    go_on: dict[Literal["preclinical", "phase_1", "phase_2", "phase_3", "review"], Probability]
    cost: dict[Literal["preclinical", "phase_1", "phase_2", "phase_3"], Positive]
    money_elasticity: Elasticity
    supplement_review: Limit
    supplements_per_year: Annotated[float, Field(ge=0, le=100)]
    indications_per_year: Annotated[float, Field(ge=0, le=100)]
    indication_factor: Factor
