"""Levers from the drug committee to the purchase, and oversight: who sees to it that hospitals obey."""

from simlib.policy.vocabulary.lever import BARRIERS, Lever, lever

# fmt: off
COMMITTEE: tuple[Lever, ...] = (
    lever("committee.duty.listing", "limit", "committee", "hospital", unit="months", low=0.25, high=24, lowers="wait_days"),
    lever("committee.duty.catalogue", "limit", "committee", "hospital", unit="months", low=0.25, high=24, lowers="wait_days"),
    lever("committee.duty.application_list", "limit", "committee", "hospital", unit="months", low=0.25, high=24, lowers="wait_days"),
    lever("committee.min_meetings_per_year", "count", "committee", "hospital",
          unit="meetings a year", lowers="wait_days"),
    lever("committee.standard_procedure", "flag", "committee", "hospital", lowers="defer_rate"),
    lever("committee.local_guideline", "flag", "committee", "city", raises="pass_rate", packed=True),
    lever("committee.barriers_removed", "set", "committee", "hospital",
          *BARRIERS, raises="pass_rate"),
    lever("committee.caps_lifted", "set", "committee", "hospital",
          "formulary_size", "two_specifications", raises="stocked_24m"),
    lever("committee.duty_to_stock", "choice", "committee", "hospital",
          "none", "as_needed", "as_needed_all_due", "all_due", raises="pass_rate"),
    lever("committee.provision_target", "share", "committee", "hospital", raises="pass_rate"),
    lever("committee.temporary_channel", "flag", "temporary", "hospital",
          raises="ever_temporary"),
    lever("committee.direct_inclusion", "flag", "committee", "hospital", raises="direct_share"),
    lever("committee.enter_on_approval", "flag", "committee", "hospital", raises="asked"),
    lever("procurement.purchase_within", "limit", "purchase", "hospital",
          unit="months", low=0.25, high=24, lowers="state_being_bought"),
    lever("procurement.purchase_clock_from", "choice", "purchase", "hospital",
          "committee_pass", "listing_known", lowers="state_being_bought"),
)

OVERSIGHT: tuple[Lever, ...] = (
    lever("oversight.guided_hospitals", "set", "obedience", "oversight",
          "provincial", "national", "city", "county", "private", raises="stocked_24m"),
    lever("oversight.in_provider_agreement", "flag", "obedience", "oversight", raises="stocked_24m"),
    lever("oversight.in_performance_assessment", "flag", "obedience", "oversight", raises="stocked_24m"),
    lever("oversight.in_insurer_assessment", "flag", "obedience", "oversight", raises="stocked_24m"),
    lever("oversight.money_at_stake", "choice", "obedience", "oversight",
          "none", "dip_second_distribution", "global_budget", raises="stocked_24m"),
    lever("oversight.monitoring", "choice", "obedience", "oversight",
          "none", "ledger", "circulated", raises="stocked_24m"),
    lever("oversight.internal_audit_support", "flag", "obedience", "oversight", raises="stocked_24m"),
    lever("oversight.fund_supervision", "set", "use", "insurer",
          "traceability_codes", "prescription_flow", "priority", favourable="mixed", lowers="treated_share"),
)
# fmt: on
