"""The stages of the model: the one list of their names, for switches, levers, results, reports and the drawn flow."""

from __future__ import annotations

from dataclasses import dataclass

APPROVAL = "approval"  # the date at which the flow begins; `Stage.after` may name it beside stages


@dataclass(frozen=True)
class Stage:
    """One stage. number: its place in the flow, 0 for what stands beside it. built: whether this version has it.

    after: the stages that it follows (or APPROVAL), the one that gives it its place in the drawing first. back: earlier
    stages on which it works back. lane: 0 for the main line, below 0 left of it, above 0 right of it. shared: what
    drugs or hospitals compete for there, names of `SHARED`. states: states of a pair of drug and hospital
    (`simlib.model.pair_records.STATES`) in which it waits there. reads, writes: what it takes from others and leaves to them,
    names of `THINGS`.
    """

    name: str
    number: int
    en: str
    zh: str
    built: bool = True
    after: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    lane: int = 0
    shared: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()


_IN_ORDER = (
    Stage("readiness", 1, "firm's preparation", "企业挂网准备",
          after=(APPROVAL, "catalogue"), states=("not_listed",),
          reads=("approval", "entered"), writes=("filed",)),
    Stage("listing", 2, "listing", "挂网",
          after=("readiness",), shared=("reviewers",), states=("not_listed",),
          reads=("filed",), writes=("listed", "in_time")),
    Stage("catalogue", 3, "insurance catalogues", "医保与商保创新药目录准入",
          after=(APPROVAL,), lane=-1,
          reads=("approval", "drug"), writes=("entered", "effective", "commercial", "list_entry")),
    Stage("awareness", 4, "awareness of hospitals", "医院获悉",
          after=("listing",), states=("not_aware",),
          reads=("listed",), writes=("aware",)),
    Stage("asking", 5, "request by a department", "科室提出申请",
          after=("awareness", "catalogue"), states=("not_asked",),
          reads=("aware", "listed", "entered", "commercial", "list_entry", "stock", "removed", "decision", "drug", "hospital"),
          writes=("ask",)),
    Stage("committee", 6, "drug committee", "药事会审议",
          after=("asking", "catalogue"), back=("asking",), shared=("agenda",), states=("waiting", "deferred", "refused"),
          reads=("ask", "aware", "entered", "commercial", "list_entry", "temporary", "designated", "indications", "spending",
                 "terms", "drug", "hospital"),
          writes=("meetings", "heard", "decision", "passed")),
    Stage("room", 6, "room in the formulary", "医院用药目录空位",
          after=("committee",), shared=("formulary",), states=("waiting_for_room",),
          reads=("passed", "removed", "hospital"), writes=("placed",)),
    Stage("temporary", 7, "temporary purchase", "临时采购",
          after=("committee",), back=("committee",), lane=1, states=("temporary",),
          reads=("approval", "listed", "ask", "decision", "stock", "drug", "hospital"), writes=("temporary",)),
    Stage("purchase", 8, "purchase and stock", "采购入院",
          after=("room",), back=("asking",), states=("being_bought", "stocked"),
          reads=("placed", "passed", "aware"), writes=("stock",)),
    Stage("dual_channel", 9, "dual channel", "双通道",
          after=("catalogue",), back=("committee",), lane=-1,
          reads=("effective", "drug", "hospital"), writes=("designated",)),
    Stage("use", 10, "use", "临床使用",
          after=("purchase", "temporary", "dual_channel"), back=("asking", "committee", "room"), states=("removed",),
          reads=("approval", "stock", "temporary", "designated", "indications", "terms", "budget", "drug", "hospital"),
          writes=("patients", "spending", "removed")),
    Stage("payment", 11, "payment", "支付与结算",
          after=("use",), back=("committee", "use"), shared=("budgets", "review_places"),
          reads=("spending", "listed", "effective", "commercial", "drug", "hospital"),
          writes=("terms", "budget", "bills")),
    Stage("routes", 12, "special routes", "特殊进口通道",
          after=(APPROVAL,), lane=1,
          reads=("hospital",), writes=("products",)),
    Stage("preapproval", 13, "before approval", "批准上市之前",
          shared=("service_places",),
          reads=("drug",), writes=("approval", "indications", "supplements")),
    Stage("obedience", 0, "oversight and obedience", "监督与执行",
          reads=("hospital",), writes=("obeys",)),
    Stage("validity", 0, "validity and eligibility (read on loading)", "效力与适用范围（读入时处理）"),
)  # fmt: skip
STAGES: dict[str, Stage] = {stage.name: stage for stage in _IN_ORDER}

# what stages take from one another, and what the world gives them
THINGS: dict[str, tuple[str, str]] = {
    "approval": ("date of approval", "批准日期"),
    "drug": ("the drug's attributes", "药品属性"),
    "hospital": ("the hospital's attributes", "医院属性"),
    "entered": ("publication of the basic catalogue that took the drug", "纳入该药的基本医保目录公布日期"),
    "effective": ("date from which the basic catalogue pays for it", "基本医保支付生效日期"),
    "commercial": ("publication of the commercial catalogue that took it", "纳入该药的商保创新药目录公布日期"),
    "list_entry": ("entry into the local application list", "列入本地应用清单日期"),
    "filed": ("date of the application for listing", "提交挂网申请日期"),
    "listed": ("date of listing", "挂网日期"),
    "in_time": ("whether limits of listing were kept", "挂网是否按时"),
    "aware": ("date on which the hospital knows", "医院获悉日期"),
    "ask": ("date of the request", "申请日期"),
    "meetings": ("dates of meetings", "会议日期"),
    "heard": ("date of the hearing", "审议日期"),
    "decision": ("the decision and its ground", "审议结果及理由"),
    "passed": ("date of passing", "通过日期"),
    "placed": ("date on which it has a place in the formulary", "取得目录空位日期"),
    "temporary": ("dates of temporary supply", "临时采购日期"),
    "stock": ("date of regular stock", "正式配备日期"),
    "designated": ("date from which dual-channel pharmacies hold it", "双通道药店开始供应日期"),
    "patients": ("patients treated, travelling, lost and waiting", "获治、异地就医、流失与等待的患者"),
    "spending": ("spending of each hospital on new drugs", "各医院新药支出"),
    "removed": ("date on which an unused drug leaves the hospital", "因无人使用而调出的日期"),
    "terms": (
        "payers' terms: price, cover, loss on a case, days to payment",
        "支付条件：价格、报销、病例亏损、回款天数",
    ),
    "budget": (
        "what a hospital's budget and special review leave to prescribing",
        "医院预算与特例单议给用药留出的余地",
    ),
    "bills": ("bills by payer", "各支付方账单"),
    "indications": ("dates of later indications", "新增适应症日期"),
    "supplements": ("reviews of supplementary applications", "补充申请审评日期"),
    "products": ("products of special routes and when they are supplied", "特殊通道品种及其供药日期"),
    "obeys": ("which hospital obeys which rule", "哪家医院执行哪条规则"),
}
GIVEN = ("approval", "drug", "hospital")  # by the world, before any stage acts

# what is shared, and so why there are queues
SHARED: dict[str, tuple[str, str]] = {
    "reviewers": ("reviewers of the platform", "平台审核人员"),
    "agenda": ("places on the agenda", "议程名额"),
    "formulary": ("room in the formulary", "用药目录空位"),
    "budgets": ("hospitals' budgets", "医院医保预算"),
    "review_places": ("special case review", "特例单议名额"),
    "service_places": ("places in early registration service", "注册提前服务名额"),
}
