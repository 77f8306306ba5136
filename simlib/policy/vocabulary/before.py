"""Levers of the head of a file (dates, stacking), of eligibility, of special routes and of the time before approval."""

from simlib.policy.vocabulary.lever import Lever, lever

# fmt: off
VALIDITY: tuple[Lever, ...] = (
    lever("validity.period", "header", "validity", "world", raises="stocked_24m"),
    lever("validity.stacking", "header", "validity", "world",
          "none_stated", "earlier_yields", "implements_national_and_provincial", "most_favourable_highest_no_double",
          favourable="mixed", raises="stocked_24m"),
    lever("eligibility.registration_classes", "set", "validity", "platform",
          "chem_1.1", "chem_1", "biologic_therapeutic_1", "tcm_1", "chem_2", raises="stocked_24m"),
)

ROUTES: tuple[Lever, ...] = (
    lever("routes.urgent_import", "schedule", "routes", "drug_authority",
          unit="products", low=0, high=1000, raises="route_products",
          read="before_approval"),
    lever("routes.rare_disease_whitelist", "schedule", "routes", "drug_authority",
          unit="products", low=0, high=1000, raises="route_products",
          read="before_approval"),
    lever("routes.import_products_added", "schedule", "routes", "drug_authority",
          unit="products", low=0, high=1000, raises="route_products",
          read="before_approval"),
    lever("routes.customs_clearance", "choice", "routes", "customs",
          "office_hours", "24_hour_service", "within_24_hours", lowers="route_days",
          needs=("products",), read="before_approval"),
    lever("routes.traceability", "flag", "routes", "firm", favourable="less", lowers="route_days",
          needs=("products",), read="before_approval"),
    lever("routes.hk_macau", "choice", "routes", "world", "none", "existing", raises="route_products",
          read="before_approval"),
)

PREAPPROVAL: tuple[Lever, ...] = (
    lever("preapproval.trial_startup_limit", "limit", "preapproval", "trial_site",
          unit="weeks", low=1, high=104, lowers="approval_days",
          needs=("pipeline",), read="before_approval"),
    lever("preapproval.parallel_review", "set", "preapproval", "trial_site",
          "project", "ethics", "contract", lowers="approval_days",
          needs=("pipeline",), read="before_approval"),
    lever("preapproval.ethics_mutual_recognition", "choice", "preapproval", "trial_site",
          "none", "members", "city_level_sites", "multi_centre_sites", lowers="approval_days",
          needs=("pipeline",), read="before_approval"),
    lever("preapproval.trial_approval_limit", "limit", "preapproval", "drug_authority",
          unit="working days", low=1, high=250, lowers="approval_days",
          needs=("pipeline",), read="before_approval"),
    lever("preapproval.supplement_review_limit", "limit", "preapproval", "drug_authority",
          unit="working days", low=1, high=400, lowers="supplement_days"),
    lever("preapproval.early_service", "choice", "preapproval", "drug_authority",
          "none", "by_firm", "by_product", lowers="approval_days",
          needs=("pipeline",), read="before_approval"),
    lever("preapproval.early_service_slots", "count", "preapproval", "drug_authority",
          unit="products", lowers="approval_days",
          needs=("pipeline", "preapproval.early_service"), read="before_approval"),
    lever("preapproval.grants", "schedule", "preapproval", "government",
          "share_of_cost", "preclinical", "phase_1", "phase_2", "phase_3",
          unit="share; million yuan", low=0, high=1000, raises="approvals_per_year",
          needs=("pipeline",), read="before_approval"),
    lever("preapproval.awards", "schedule", "preapproval", "government",
          "class_1", "improved", "biosimilar", "classic_formula",
          unit="million yuan", low=0, high=1000, raises="approvals_per_year",
          needs=("pipeline",), read="before_approval"),
    lever("preapproval.indication_expansion", "flag", "preapproval", "trial_site", raises="later_indications"),
)
# fmt: on
BEFORE: tuple[Lever, ...] = VALIDITY + ROUTES + PREAPPROVAL
