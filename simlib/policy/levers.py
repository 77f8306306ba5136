"""The vocabulary of rules: every lever with its kind of value, its favourable direction, its stage and its addressee.

A policy file may use no other name. `levers.csv` of the conceptual work is the source of the names; the levers of
stages 9 to 13 follow with their stages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["flag", "limit", "count", "share", "choice", "set"]
Strength = Literal["must", "declared", "encouraged", "explore"]

STRENGTHS: tuple[str, ...] = ("explore", "encouraged", "declared", "must")  # weakest first
TRIGGERS = ("listing", "catalogue", "application_list")
BARRIERS = (
    "drug_share",
    "cost_per_visit",
    "self_pay_ratio",
    "nrdl_membership",
    "two_specifications",
    "performance_monitoring",
    "total_budget",
    "formulary_size",
)

# Which drugs a scope means. `world.scopes` turns each into a date from which a drug is inside.
DRUG_SCOPES: dict[str, str] = {
    "all": "every drug of the cohort",
    "class1": "registration classes chemical 1 (and old 1.1), therapeutic biologic 1, TCM 1",
    "innovative": "innovative drugs where the document defines none (reading A5: class1)",
    "class1_qualifying": "class1 (reading B5: every eligible drug)",
    "negotiated": "in the national basic catalogue after negotiation, from publication",
    "nrdl_innovative": "innovative drugs of the basic catalogue; the same as negotiated in this cohort",
    "negotiated_in_term": "negotiated, within the agreement's term",
    "commercial_list": "in the commercial innovative drug catalogue, from publication",
    "application_list": "on the local application list, from its entry",
    "innovation_list": "on a provincial innovation list; assumed membership",
    "hk_macau": "Hong Kong and Macau route products; none in this cohort",
    "local": "drugs of firms in the region",
    "local_key": "drugs of key firms in the region; as local",
}
HOSPITAL_SCOPES: dict[str, str] = {
    "all": "every hospital",
    "public": "owner not private",
    "designated": "designated for basic insurance",
    "tertiary_general": "level 3, general",
    "tertiary": "level 3",
}


@dataclass(frozen=True)
class Lever:
    """One kind of rule.

    kind: flag (true), limit (a duration), count, share, choice (ordered, best last), set (more is better).
    binds: who obeys: hospital, or another addressee; oversight binds nobody by itself but adds to obedience.
    """

    name: str
    kind: Kind
    stage: str
    binds: Literal["hospital", "platform", "insurer", "firm", "city", "oversight", "world"]
    smaller_is_better: bool = False
    allowed: tuple[str, ...] = ()
    note: str = ""

    @property
    def by_hospital(self) -> bool:
        """Whether a rule of this lever may name hospitals: those that a hospital obeys or meets in the committee."""
        return (
            self.binds in ("hospital", "oversight")
            or self.stage == "payment"
            or self.name == "committee.local_guideline"
        )


def _lever(
    name: str, kind: Kind, binds: str, *allowed: str, smaller: bool = False, stage: str = "", note: str = ""
) -> Lever:
    return Lever(name, kind, stage or name.split(".")[0], binds, smaller, allowed, note)


_ALL = [
    _lever(
        "readiness.guidance_from",
        "choice",
        "insurer",
        "none",
        "approval",
        "marketing_application_accepted",
        "marketing_application_submitted",
    ),
    _lever("readiness.guidance_scope", "set", "insurer", "catalogue_admission", "hospital_entry"),
    _lever(
        "readiness.firm_support",
        "set",
        "city",
        "coordination",
        "follow_up",
        "tutoring",
        "feedback",
        "open_days",
        "visits",
    ),
    _lever("listing.application_window", "choice", "platform", "windows", "any_time"),
    _lever("listing.pricing", "choice", "platform", "negotiated", "linked", "autonomous"),
    _lever("listing.price_guidance", "flag", "insurer"),
    _lever("listing.direct", "flag", "platform"),
    _lever("listing.green_channel", "flag", "platform"),
    _lever("listing.review_limit", "limit", "platform", smaller=True),
    _lever("listing.whole_limit", "limit", "platform", smaller=True),
    _lever("listing.joint_review", "flag", "platform"),
    _lever("listing.early_contact", "flag", "platform"),
    _lever("listing.simplified_dossier", "flag", "platform"),
    _lever("listing.one_stop", "flag", "platform"),
    _lever("listing.first_province_choice", "flag", "platform"),
    _lever("listing.quality_tier_evaluation", "flag", "firm", note="a step for the firm: not favourable"),
    _lever(
        "listing.cross_province_coordination",
        "choice",
        "platform",
        "none",
        "information_sharing",
        "fast_coordination",
    ),
    _lever("listing.in_step_with_catalogue", "flag", "firm"),
    _lever("listing.other_routes", "set", "platform", "volume_based", "price_linked", "recorded"),
    _lever("catalogue.nrdl.cycle", "choice", "world", "none", "regular"),
    _lever("catalogue.nrdl.value_based_price", "flag", "insurer"),
    _lever("catalogue.nrdl.renewal_cut_cap", "choice", "insurer", "none", "simple_renewal_rate"),
    _lever("catalogue.commercial.enabled", "flag", "world"),
    _lever("catalogue.commercial.nrdl_link", "choice", "insurer", "none", "coordinated", "transition"),
    _lever("catalogue.commercial.settlement_price", "choice", "insurer", "list", "agreed"),
    _lever("catalogue.commercial.price_confidentiality", "choice", "insurer", "none", "strict"),
    _lever("catalogue.real_world_evidence", "set", "insurer", "admission", "renewal", "payment_scope"),
    _lever("catalogue.admission_support", "flag", "insurer"),
    _lever("catalogue.application_list.update", "choice", "city", "none", "periodic", "continuous"),
    _lever(
        "awareness.information_sharing",
        "set",
        "city",
        "official_sites",
        "social_media",
        "forums",
        "tripartite_meetings",
    ),
    _lever("awareness.cloud_platform", "flag", "insurer"),
    _lever("committee.duty.listing", "limit", "hospital", smaller=True),
    _lever("committee.duty.catalogue", "limit", "hospital", smaller=True),
    _lever("committee.duty.application_list", "limit", "hospital", smaller=True),
    _lever("committee.min_meetings_per_year", "count", "hospital"),
    _lever("committee.standard_procedure", "flag", "hospital"),
    _lever("committee.local_guideline", "flag", "city"),
    _lever("committee.barriers_removed", "set", "hospital", *BARRIERS),
    _lever("committee.caps_lifted", "set", "hospital", "formulary_size", "two_specifications"),
    _lever("committee.duty_to_stock", "choice", "hospital", "none", "as_needed", "as_needed_all_due", "all_due"),
    _lever("committee.provision_target", "share", "hospital"),
    _lever("committee.temporary_channel", "flag", "hospital"),
    _lever("committee.direct_inclusion", "flag", "hospital"),
    _lever("committee.enter_on_approval", "flag", "hospital"),
    _lever("procurement.purchase_within", "limit", "hospital", smaller=True),
    _lever("procurement.purchase_clock_from", "choice", "hospital", "committee_pass", "listing_known"),
    _lever("use.barriers_removed", "set", "hospital", "total_budget", "payment_reform", "drug_share"),
    _lever("payment.total_budget_exempt", "flag", "insurer"),
    _lever(
        "payment.indicator_exclusions",
        "set",
        "insurer",
        "self_pay_ratio",
        "vbp_substitute_monitoring",
        "drug_cost_per_capita",
        "medical_cost_per_capita",
    ),
    _lever(
        "oversight.guided_hospitals",
        "set",
        "oversight",
        "provincial",
        "national",
        "city",
        "county",
        "private",
    ),
    _lever("oversight.in_provider_agreement", "flag", "oversight"),
    _lever("oversight.in_performance_assessment", "flag", "oversight"),
    _lever("oversight.in_insurer_assessment", "flag", "oversight"),
    _lever("oversight.money_at_stake", "choice", "oversight", "none", "dip_second_distribution", "global_budget"),
    _lever("oversight.monitoring", "choice", "oversight", "none", "ledger", "circulated"),
    _lever("oversight.internal_audit_support", "flag", "oversight"),
]
LEVERS: dict[str, Lever] = {lever.name: lever for lever in _ALL}
