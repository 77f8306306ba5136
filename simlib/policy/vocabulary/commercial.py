"""Levers of commercial insurance and of settlement: who else pays, and how soon the money comes."""

from simlib.policy.vocabulary.lever import Lever, lever

# fmt: off
COMMERCIAL: tuple[Lever, ...] = (
    lever("commercial.plan.drug_list", "choice", "payment", "commercial_insurer",
          ("drug list of the city's plan", "惠民保特药清单"),
          ("How the drug list of the city's inclusive plan grows.", "城市普惠型商业健康保险药品清单如何扩展。"),
          "fixed", "recommended", "widening", "dynamic_all_qualifying", lowers="patient_share"),
    lever("commercial.plan.benefit", "choice", "payment", "commercial_insurer", ("benefit of the plan", "惠民保保障水平"),
          ("Benefit and reach of the city's inclusive plan.", "城市普惠型商业健康保险的待遇和保障范围。"),
          "unchanged", "raised", lowers="patient_share"),
    lever("commercial.catalogue_take_up", "choice", "payment", "commercial_insurer",
          ("plans adopt the catalogue", "商保产品衔接商保创新药目录"),
          ("Whether plans adopt the commercial catalogue, and how soon.", "商业健康保险产品是否及多快衔接商保创新药目录。"),
          "none", "voluntary", "prompt", lowers="patient_share"),
    lever("commercial.enrolment_push", "set", "payment", "commercial_insurer", ("push for enrolment", "参保推广"),
          ("What widens the share of people insured.", "扩大参保人群的各项措施。"),
          "in_hospital_promotion", "lower_enrolment_threshold", "more_insured", raises="insured_share"),
    lever("commercial.personal_account", "flag", "payment", "patient",
          ("plan bought from personal accounts", "个人账户购买商保"),
          ("Balances of personal accounts may buy the plan.", "医保个人账户余额可购买普惠型商业健康保险。"), raises="insured_share"),
    lever("commercial.employer_plan_tax", "share", "payment", "employer",
          ("deduction for employers' plans", "补充医疗保险税前扣除"),
          ("Share of payroll that is deductible for employers' supplementary insurance.",
           "企业补充医疗保险费可税前扣除的工资总额比例。"), raises="insured_share", unit="share of payroll"),
    lever("commercial.product_support", "flag", "payment", "commercial_insurer",
          ("further commercial products", "商保产品开发支持"),
          ("Further products that cover innovative drugs are supported.",
           "支持开发覆盖创新药的商业健康保险产品。"), raises="insured_share"),
    lever("commercial.one_step_settlement", "flag", "payment", "insurer", ("one-step settlement", "一站式结算"),
          ("Basic and commercial insurance settle together, so that the patient advances less.",
           "基本医保与商业健康保险同步结算，减少患者垫付。"), raises="treated_share"),
    lever("commercial.data_sharing", "flag", "payment", "insurer", ("data for commercial insurers", "医保商保数据共享"),
          ("Pricing and claims rest on shared data.", "以共享数据支持产品定价和理赔。"), lowers="patient_share"),
    lever("commercial.charity", "flag", "payment", "firm", ("charity", "慈善援助"),
          ("Help for poor patients by firms and individuals.", "引导企业和个人帮助困难患者使用创新药。"), lowers="patient_share"),
)

SETTLEMENT: tuple[Lever, ...] = (
    lever("settlement.direct_by_fund", "share", "payment", "insurer", ("direct settlement by the fund", "医保基金直接结算"),
          ("Share of hospitals in whose place the fund pays the firm.", "由医保基金代医院与医药企业直接结算药款的医院比例。"),
          lowers="days_to_payment"),
    lever("settlement.prepayment", "flag", "payment", "insurer", ("prepayment by the fund", "医保基金预付金"),
          ("The fund pays hospitals in advance.", "医保基金向医院拨付预付金。"), lowers="days_to_payment"),
    lever("settlement.instant", "flag", "payment", "insurer", ("instant settlement", "即时结算"),
          ("The fund settles with hospitals at once.", "医保基金与定点医疗机构即时结算。"), lowers="days_to_payment"),
    lever("settlement.hospital_pays_on_contract", "flag", "payment", "hospital",
          ("payment as the contract says", "医院按合同结算药款"),
          ("Hospitals pay firms on time, as the contract says.", "医院按合同约定及时与企业结算药款。"), lowers="days_to_payment"),
    lever("settlement.faster", "flag", "payment", "hospital", ("faster payment", "加快货款支付"),
          ("Firms are paid faster, without a number.", "加快药品货款支付，未规定具体时限。"), lowers="days_to_payment"),
)
# fmt: on
