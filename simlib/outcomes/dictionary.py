"""The data dictionary: every indicator and every column of a results table, in English and Chinese, with its unit.

An indicator is one row of `indicators.csv` beside this file: its texts, its unit, which direction is better, and the
function that yields it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from simlib.policy.levers import Both

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Indicator:
    """What one indicator measures.

    part: the function that yields it, a key of `simlib.outcomes.indicators.PARTS`. better: which direction helps a
    patient ("" where neither does by itself).
    """

    name: str
    part: str
    unit: str
    better: Literal["more", "less", ""]
    en: str
    zh: str
    meaning: str
    meaning_zh: str

    @property
    def is_share(self) -> bool:
        """Whether the value is a share, to be shown in per cent."""
        return self.unit == "share"


class _Family(NamedTuple):
    beginning: str
    part: str
    unit: str
    title: Both
    meaning: Both
    better: Literal["more", "less", ""]
    things: tuple[tuple[str, tuple[str, str]], ...]


_REASONS = {
    "leaning": ("leaning of the committee", "药事会倾向"), "value": ("clinical value", "临床价值"),
    "relevance": ("relevance to the hospital", "与本院相关性低"), "price": ("price", "价格"), "view": ("committee's own view", "药事会看法"),
    "drug_share": ("drug share", "药占比"), "cost_per_visit": ("cost per visit", "次均费用"),
    "self_pay_ratio": ("self-pay ratio", "自费率"), "nrdl_membership": ("not in the catalogue", "未进目录"),
    "two_specifications": ("one drug two specifications", "一品两规"),
    "performance_monitoring": ("performance monitoring", "绩效监测"), "total_budget": ("total budget", "总额预算"),
}  # fmt: skip
_STATES = {
    "not_listed": ("not listed", "未挂网"), "not_aware": ("hospital not aware", "医院未获悉"), "not_asked": ("nobody asked", "无人申请"),
    "waiting": ("waiting to be heard", "待审议"), "deferred": ("deferred", "缓议"), "refused": ("refused, locked out", "未通过（锁定期）"),
    "waiting_for_room": ("waiting for room", "待空位"), "being_bought": ("being bought", "采购中"), "stocked": ("stocked", "已配备"),
    "temporary": ("temporary supply", "临时采购"),
}  # fmt: skip

# Measures that are one for many things: the name's beginning, the texts with {} for the thing, and the things.
_FAMILIES = (
    _Family("reason_", "rules", "share", Both("refusals for: {}", "未通过主因：{}"),
            Both("largest negative term, share of refusals", "影响最大的负向因素，占未通过审议的比例"), "", tuple(_REASONS.items())),
    _Family("decisive_", "rules", "share", Both("decisive ground: {}", "决定性理由：{}"),
            Both("hearings that would have passed without it, share of hearings", "若无此理由即可通过的审议，占全部审议的比例"), "less", tuple(_REASONS.items())[5:]),
    _Family("state_", "states", "share", Both("time {}", "时间占比：{}"),
            Both("share of the first 24 months after approval, over target pairs", "占批准后前24个月的比例，按目标组合计算"), "", tuple(_STATES.items())),
    _Family("waiting_", "patients", "patient-years",
            Both("patient-years of waiting, hospital: {}", "等待治疗的患者年数（医院状态：{}）"),
            Both("split in proportion to the days that pairs of the same drug and hospital group spent in the state in the first 24 months",
                 "按同一药品和医院组别在前24个月处于该状态的天数比例分摊"), "less", tuple(_STATES.items())[:8]),
)  # fmt: skip


def _declared() -> Iterator[Indicator]:
    """The rows of `indicators.csv`, then the families."""
    with Path(__file__).with_name("indicators.csv").open(encoding="utf-8", newline="") as f:
        yield from (Indicator(**row) for row in csv.DictReader(f))
    for family in _FAMILIES:
        for code, (en, zh) in family.things:
            yield Indicator(
                name=family.beginning + code,
                part=family.part,
                unit=family.unit,
                better=family.better,
                en=family.title.en.format(en),
                zh=family.title.zh.format(zh),
                meaning=family.meaning.en,
                meaning_zh=family.meaning.zh,
            )


INDICATORS: dict[str, Indicator] = {i.name: i for i in _declared()}

HEADLINES = ("stocked_12m", "stocked_24m", "provided_24m", "stocked_12m_catalogue", "months_without_24m")

GROUPINGS = {
    "all": ("all", "全部"), "level": ("hospital level", "医院级别"), "owner": ("owner", "隶属"), "place": ("city or county seat", "城区或县域"),
    "type": ("hospital type", "医院类型"), "area": ("disease area", "疾病领域"), "class": ("registration class", "注册分类"),
    "date": ("date", "日期"), "year": ("calendar year", "年份"),
}  # fmt: skip

COLUMNS = {
    "indicator": ("name of the indicator (see this dictionary)", "指标名（见本数据字典）"),
    "by": ("how drugs or hospitals are grouped", "分组方式"),
    "group": ("the group", "组别"),
    "unit": ("unit of the value", "单位"),
    "mean": ("mean over replications", "各次重复的均值"),
    "low": ("lower end of the 95% interval of the mean (Student's t over replications)", "均值95%区间下限"),
    "high": ("upper end of the 95% interval of the mean", "均值95%区间上限"),
    "sd": ("standard deviation over replications", "各次重复的标准差"),
    "replications": ("replications in which the indicator is defined", "有定义的重复次数"),
    "difference": (
        "mean paired difference to the baseline, same random numbers",
        "与基线的配对均差（相同随机数）",
    ),
    "difference_low": (
        "lower end of the 95% interval of the difference (Student's t over replications)",
        "差值95%区间下限",
    ),
    "difference_high": ("upper end of the 95% interval of the difference", "差值95%区间上限"),
    "difference_sd": ("standard deviation of the difference over replications", "差值在各次重复间的标准差"),
    "baseline": ("mean of the baseline over the same replications", "基线均值（相同重复）"),
    "scenario": ("name of the scenario", "情景名"),
    "region": ("name of the region", "地区名"),
    "policy": ("name of the policy whose rules hold", "所用政策名"),
    "obedience": ("degree of obedience: full, default or none", "执行程度：full 完全、default 默认、none 不执行"),
    "own_rules": ("whether the policy is the region's own", "是否为该地区自己的政策"),
    "drug": ("name of the drug (events)", "药品名（事件表）"),
    "hospital": (
        "name of the hospital; missing where an event is the drug's alone (events)",
        "医院名；仅涉及药品的事件为空（事件表）",
    ),
    "stage": ("stage of the flow to which the event belongs", "事件所属环节"),
    "outcome": ("what happened, such as listed, asked, refused (events)", "发生了什么，如挂网、申请、未通过（事件表）"),
    "day": ("the date", "日期"),
    "reason": (
        "why, or by what: ground of a refusal, duty, barrier that a rule removed, what a limit did",
        "原因：未通过理由、所依时限、规则所去除的理由、时限的作用",
    ),
    "number": (
        "which one it is, of askings, hearings, meetings without a place; how often a dossier was returned",
        "次序：第几次申请、审议、未排上议程；申报被退回次数",
    ),
    "until": (
        "date to which the event points: last day of a limit, end of a lock-out; of a duty's meeting the day its clock began",
        "事件所指日期：时限截止日、锁定期结束日；因时限召开的会议则为起算日",
    ),
    "lever": ("the lever of the rule that mattered", "起作用的规则项"),
    "clause": ("the clause of the rule that mattered", "起作用的规则的条款"),
    "document": ("the document of that clause", "该条款所属文件"),
    "strength": (
        "how strongly the clause binds: must, declared, encouraged, explore",
        "条款力度：must 必须、declared 明确推进、encouraged 鼓励、explore 探索",
    ),
    "obeyed": ("whether its addressee obeyed the rule then", "当时是否执行该规则"),
    "time": ("days from the start of the run", "自模拟起始日起的天数"),
    "en": ("title in English", "英文名称"),
    "zh": ("title in Chinese", "中文名称"),
}


def data_dictionary() -> pd.DataFrame:
    """What every indicator, column and grouping means.

    Returns
    -------
    DataFrame
        One row for each name: kind (indicator, column or grouping), name, unit, title in English and Chinese (en, zh),
        meaning, and for indicators which direction is better.
    """
    import pandas as pd  # here, so that whoever needs the names alone need not load it

    rows = [("indicator", i.name, i.unit, i.en, i.zh, i.meaning, i.better) for i in INDICATORS.values()]
    rows += [("column", name, "", en, zh, en, "") for name, (en, zh) in COLUMNS.items()]
    rows += [("grouping", name, "", en, zh, en, "") for name, (en, zh) in GROUPINGS.items()]
    return pd.DataFrame(rows, columns=["kind", "name", "unit", "en", "zh", "meaning", "better"])
