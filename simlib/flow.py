"""The stages of the model: the one list of their names, for switches, levers, results and reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage. number: its place in the flow, 0 for what stands beside it. built: whether this version has it."""

    name: str
    number: int
    en: str
    zh: str
    built: bool = True


_IN_ORDER = (
    Stage("readiness", 1, "firm's preparation", "企业挂网准备"),
    Stage("listing", 2, "listing", "挂网"),
    Stage("catalogue", 3, "insurance catalogues", "医保与商保目录准入"),
    Stage("awareness", 4, "awareness of hospitals", "医院获悉"),
    Stage("asking", 5, "request by a department", "科室提出申请"),
    Stage("committee", 6, "drug committee", "药事会审议"),
    Stage("room", 6, "room in the formulary", "医院用药目录空位"),
    Stage("temporary", 7, "temporary purchase", "临时采购"),
    Stage("purchase", 8, "purchase and stock", "采购入院"),
    Stage("dual_channel", 9, "dual channel", "双通道", built=False),
    Stage("use", 10, "use", "临床使用", built=False),
    Stage("payment", 11, "payment", "支付与结算", built=False),
    Stage("routes", 12, "special routes", "特殊进口通道"),
    Stage("preapproval", 13, "before approval", "批准上市之前"),
    Stage("obedience", 0, "oversight and obedience", "监督与执行"),
    Stage("validity", 0, "validity and eligibility (read on loading)", "效力与适用范围（读入时处理）"),
)
STAGES: dict[str, Stage] = {stage.name: stage for stage in _IN_ORDER}
