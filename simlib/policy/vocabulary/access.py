"""Levers from the firm's preparation to the hospital's knowing: readiness, listing, catalogue, awareness."""

from simlib.policy.vocabulary.lever import Lever, lever

# fmt: off
READINESS: tuple[Lever, ...] = (
    lever("readiness.guidance_from", "choice", "readiness", "insurer",
          "none", "approval", "marketing_application_accepted", "marketing_application_submitted",
          lowers="listed_days"),
    lever("readiness.guidance_scope", "set", "catalogue", "insurer",
          "catalogue_admission", "hospital_entry", raises="entered_same_year"),
    lever("readiness.firm_support", "set", "readiness", "city",
          "coordination", "follow_up", "tutoring", "feedback", "open_days", "visits", lowers="listed_days"),
)

LISTING: tuple[Lever, ...] = (
    lever("listing.application_window", "choice", "readiness", "platform",
          "windows", "any_time", lowers="listed_days"),
    lever("listing.pricing", "choice", "listing", "platform",
          "negotiated", "linked", "autonomous", lowers="review_days"),
    lever("listing.price_guidance", "flag", "listing", "insurer", lowers="review_days"),
    lever("listing.direct", "flag", "listing", "platform", lowers="review_days"),
    lever("listing.green_channel", "flag", "listing", "platform", lowers="review_days"),
    lever("listing.review_limit", "limit", "listing", "platform",
          unit="working days", low=1, high=250, lowers="review_days"),
    lever("listing.whole_limit", "limit", "listing", "platform",
          unit="working days", low=1, high=250, lowers="listed_days"),
    lever("listing.joint_review", "flag", "listing", "platform", lowers="review_days"),
    lever("listing.early_contact", "flag", "listing", "platform",
          lowers="listed_days"),
    lever("listing.simplified_dossier", "flag", "listing", "platform", lowers="listed_days"),
    lever("listing.one_stop", "flag", "listing", "platform", lowers="review_days"),
    lever("listing.first_province_choice", "flag", "readiness", "platform", lowers="listed_days"),
    lever("listing.quality_tier_evaluation", "flag", "readiness", "firm", favourable="less", lowers="listed_days"),
    lever("listing.cross_province_coordination", "choice", "readiness", "platform",
          "none", "group_sharing", "information_sharing", "fast_coordination", lowers="listed_days"),
    lever("listing.in_step_with_catalogue", "flag", "readiness", "firm", lowers="listed_days"),
    lever("listing.other_routes", "set", "listing", "platform",
          "volume_based", "price_linked", "recorded", lowers="months_without_24m"),
)

CATALOGUE: tuple[Lever, ...] = (
    lever("catalogue.nrdl.cycle", "choice", "catalogue", "world",
          "none", "regular", raises="entered_same_year"),
    lever("catalogue.nrdl.value_based_price", "flag", "catalogue", "insurer", raises="entered_same_year"),
    lever("catalogue.nrdl.renewal_cut_cap", "choice", "catalogue", "insurer",
          "none", "simple_renewal_rate", raises="entered_same_year"),
    lever("catalogue.commercial.enabled", "flag", "catalogue", "world", raises="stocked_24m"),
    lever("catalogue.commercial.nrdl_link", "choice", "catalogue", "insurer",
          "none", "coordinated", "transition", raises="stocked_24m"),
    lever("catalogue.commercial.settlement_price", "choice", "catalogue", "insurer", "list", "agreed", raises="stocked_24m"),
    lever("catalogue.commercial.price_confidentiality", "choice", "catalogue", "insurer",
          "none", "strict", raises="stocked_24m"),
    lever("catalogue.real_world_evidence", "set", "catalogue", "insurer",
          "admission", "renewal", "payment_scope", raises="entered_same_year"),
    lever("catalogue.removal_if_not_supplied", "flag", "use", "firm", favourable="mixed", raises="treated_share"),
    lever("catalogue.admission_support", "flag", "catalogue", "insurer", raises="entered_same_year"),
    lever("catalogue.local_adoption_lag", "limit", "payment", "insurer", unit="days", low=0, high=365, lowers="patient_share"),
    lever("catalogue.application_list.update", "choice", "catalogue", "city",
          "none", "periodic", "continuous", lowers="hospital_days"),
)

AWARENESS: tuple[Lever, ...] = (
    lever("awareness.information_sharing", "set", "awareness", "city",
          "official_sites", "social_media", "forums", "tripartite_meetings", lowers="state_not_aware"),
    lever("awareness.public_information", "flag", "use", "city",
          raises="treated_share"),
    lever("awareness.cloud_platform", "flag", "awareness", "insurer", lowers="state_not_aware"),
)
# fmt: on
ACCESS: tuple[Lever, ...] = READINESS + LISTING + CATALOGUE + AWARENESS
