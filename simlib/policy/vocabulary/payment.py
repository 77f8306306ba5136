"""Levers of the dual channel, of use and of payment."""

from simlib.policy.vocabulary.lever import Lever, lever

# fmt: off
DUAL_CHANNEL: tuple[Lever, ...] = (
    lever("dual_channel.supply_assurance", "flag", "dual_channel", "pharmacy", raises="pharmacy_share"),
    lever("dual_channel.separate_payment", "flag", "dual_channel", "insurer", raises="pharmacy_share"),
    lever("dual_channel.hospital_levels", "choice", "dual_channel", "hospital",
          "3_only", "2_and_above", "all", raises="pharmacy_share"),
    lever("dual_channel.hospital_coverage", "share", "dual_channel", "hospital", raises="pharmacy_share"),
    lever("dual_channel.cross_city", "flag", "dual_channel", "insurer", raises="pharmacy_share"),
    lever("dual_channel.e_prescription", "flag", "dual_channel", "insurer", raises="pharmacy_share"),
    lever("dual_channel.online_settlement", "flag", "dual_channel", "insurer", raises="pharmacy_share"),
    lever("dual_channel.duty_to_prescribe", "choice", "dual_channel", "hospital",
          "none", "all_due", raises="pharmacy_share"),
)

USE: tuple[Lever, ...] = (
    lever("use.barriers_removed", "set", "committee", "hospital",
          "total_budget", "payment_reform", "drug_share", raises="pass_rate"),
    lever("use.evidence_generation", "set", "use", "hospital",
          "academic_exchange", "clinical_research", "expert_consensus", "guidelines", raises="treated_share"),
    lever("use.post_market_studies", "choice", "use", "hospital",
          "none", "leading_centres", "any_hospital", raises="treated_share"),
    lever("use.clinical_evaluation", "flag", "use", "hospital", raises="treated_share"),
    lever("use.training", "flag", "use", "hospital", raises="treated_share"),
)

PAYMENT: tuple[Lever, ...] = (
    lever("payment.case_payment_exclusion", "choice", "payment", "insurer",
          "none", "drug_cost", "case", raises="hospital_result_yuan"),
    lever("payment.special_case_review.enabled", "flag", "payment", "insurer", raises="hospital_result_yuan"),
    lever("payment.special_case_review.interval", "limit", "payment", "insurer",
          unit="months", low=0.25, high=24, raises="hospital_result_yuan"),
    lever("payment.special_case_review.simplified", "flag", "payment", "insurer", raises="hospital_result_yuan"),
    lever("payment.special_case_review.outcome", "set", "payment", "insurer",
          "by_item", "adjusted_standard", raises="hospital_result_yuan"),
    lever("payment.case_group_update", "choice", "payment", "insurer",
          "fixed", "dynamic", raises="hospital_result_yuan"),
    lever("payment.new_technology_group", "choice", "payment", "insurer",
          "none", "on_application", raises="hospital_result_yuan"),
    lever("payment.dip_bonus", "number", "payment", "insurer",
          unit="factor", low=1, high=3, raises="hospital_result_yuan"),
    lever("payment.total_budget_exempt", "flag", "committee", "insurer", lowers="decisive_total_budget", packed=True),
    lever("payment.indicator_exclusions", "set", "committee", "insurer",
          "self_pay_ratio", "vbp_substitute_monitoring", "drug_cost_per_capita", "medical_cost_per_capita",
          raises="pass_rate"),
    lever("payment.outpatient_special_scope", "choice", "payment", "insurer",
          "none", "negotiated", "provincial_catalogue", lowers="patient_share"),
    lever("payment.outpatient_special_rate", "number", "payment", "insurer",
          unit="percentage points", low=0, high=100, lowers="patient_share"),
    lever("payment.fixed_share", "flag", "payment", "insurer", lowers="patient_share"),
    lever("payment.non_designated_free_price", "flag", "payment", "firm", raises="firm_revenue_yuan"),
)
# fmt: on
