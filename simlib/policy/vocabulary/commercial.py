"""Levers of commercial insurance and of settlement: who else pays, and how soon the money comes."""

from simlib.policy.vocabulary.lever import Lever, lever

# fmt: off
COMMERCIAL: tuple[Lever, ...] = (
    lever("commercial.plan.drug_list", "choice", "payment", "commercial_insurer",
          "fixed", "recommended", "widening", "dynamic_all_qualifying", lowers="patient_share"),
    lever("commercial.plan.benefit", "choice", "payment", "commercial_insurer",
          "unchanged", "raised", lowers="patient_share"),
    lever("commercial.catalogue_take_up", "choice", "payment", "commercial_insurer",
          "none", "voluntary", "prompt", lowers="patient_share",
          needs=("commercial",)),
    lever("commercial.enrolment_push", "set", "payment", "commercial_insurer",
          "in_hospital_promotion", "lower_enrolment_threshold", "more_insured", raises="insured_share"),
    lever("commercial.personal_account", "flag", "payment", "patient", raises="insured_share"),
    lever("commercial.employer_plan_tax", "share", "payment", "employer", raises="insured_share", unit="share of payroll"),
    lever("commercial.product_support", "flag", "payment", "commercial_insurer", raises="insured_share"),
    lever("commercial.one_step_settlement", "flag", "payment", "insurer", raises="treated_share"),
    lever("commercial.data_sharing", "flag", "payment", "insurer", lowers="patient_share"),
    lever("commercial.charity", "flag", "payment", "firm", lowers="patient_share"),
)

SETTLEMENT: tuple[Lever, ...] = (
    lever("settlement.direct_by_fund", "share", "payment", "insurer",
          lowers="days_to_payment"),
    lever("settlement.prepayment", "flag", "payment", "insurer", lowers="days_to_payment"),
    lever("settlement.instant", "flag", "payment", "insurer", lowers="days_to_payment"),
    lever("settlement.hospital_pays_on_contract", "flag", "payment", "hospital", lowers="days_to_payment"),
    lever("settlement.faster", "flag", "payment", "hospital", lowers="days_to_payment"),
)
# fmt: on
