"""The data dictionary: every indicator and every column of a results table, in English and Chinese, with its unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simlib.outcomes.dictionary_use import ROWS as USE_ROWS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Indicator:
    """What one indicator measures. better: which direction helps a patient ("" where neither does by itself)."""

    name: str
    unit: str
    en: str
    zh: str
    meaning: str
    better: Literal["more", "less", ""] = ""

    @property
    def is_share(self) -> bool:
        """Whether the value is a share, to be shown in per cent."""
        return self.unit == "share"


_ROWS = [
    ("stocked_12m", "share", "stocked 12 months after approval", "批准后12个月配备率", "mean over drugs of the share of target hospitals with regular stock 12 months after approval; drugs whose 12 months lie within the horizon", "more"),
    ("stocked_24m", "share", "stocked 24 months after approval", "批准后24个月配备率", "the same at 24 months", "more"),
    ("provided_12m", "share", "stocked or temporary, 12 months after approval", "批准后12个月配备或临采率", "regular or temporary supply at 12 months", "more"),
    ("provided_24m", "share", "stocked or temporary, 24 months after approval", "批准后24个月配备或临采率", "regular or temporary supply at 24 months", "more"),
    ("stocked_12m_catalogue", "share", "stocked 12 months after catalogue publication", "目录公布后12个月配备率", "share of target hospitals with regular stock 12 months after publication of the catalogue that the drug entered", "more"),
    ("stocked_24m_catalogue", "share", "stocked 24 months after catalogue publication", "目录公布后24个月配备率", "the same at 24 months", "more"),
    ("provided_12m_catalogue", "share", "stocked or temporary, 12 months after catalogue publication", "目录公布后12个月配备或临采率", "regular or temporary supply 12 months after catalogue publication", "more"),
    ("stocked_24m_all", "share", "stocked 24 months after approval, of all hospitals", "批准后24个月配备率（占全部医院）", "the same over all hospitals, to compare with published figures", "more"),
    ("months_without_24m", "months", "months without access in the first 24", "前24个月无药可用月数", "restricted mean over target pairs of the time without regular or temporary supply in the 24 months after approval", "less"),
    ("months_unstocked_24m", "months", "months without regular stock in the first 24", "前24个月未正式配备月数", "restricted mean over target pairs of the time without regular stock in the 24 months after approval", "less"),
    ("listed_days", "days", "approval to listing, restricted mean", "批准至挂网天数（限制均值）", "Kaplan-Meier restricted mean up to 730 days; unlisted drugs are censored, not dropped", "less"),
    ("listed_days_median", "days", "approval to listing, median", "批准至挂网天数（中位数）", "Kaplan-Meier median; missing where not reached", "less"),
    ("first_hospital_days", "days", "approval to the first hospital, restricted mean", "批准至首家医院配备天数（限制均值）", "Kaplan-Meier restricted mean up to 730 days", "less"),
    ("hospital_days", "days", "approval to stock at a target hospital, restricted mean", "批准至目标医院配备天数（限制均值）", "Kaplan-Meier restricted mean over target pairs, up to 730 days", "less"),
    ("hospital_days_median", "days", "approval to stock at a target hospital, median", "批准至目标医院配备天数（中位数）", "Kaplan-Meier median over target pairs; missing where not reached", "less"),
    ("stock_days_survivors", "days", "approval to stock, where it happened", "已配备者批准至配备天数", "plain mean over pairs that came to stock, as W.A.I.T. counts: survivor-biased", ""),
    ("entered_same_year", "share", "in the catalogue published in the approval year", "当年批准当年进入目录比例", "share of drugs of a year that the catalogue round of that year took; over all years, of counted drugs", "more"),
    ("entered", "share", "in the basic catalogue by the end", "期末已进入基本医保目录比例", "share of counted drugs", "more"),
    ("entered_commercial", "share", "in the commercial catalogue by the end", "期末已进入商保创新药目录比例", "share of counted drugs", ""),
    ("entered_days_median", "days", "approval to catalogue publication, median of those that entered", "批准至目录公布天数（进入者中位数）", "conditional on entry", ""),
    ("asked", "share", "asked for by the end", "期末已申请比例", "target pairs asked for at least once", "more"),
    ("passed", "share", "passed by the end", "期末已通过比例", "target pairs passed", "more"),
    ("ever_temporary", "share", "ever supplied by temporary purchase", "曾临时采购比例", "target pairs with a temporary purchase", ""),
    ("wait_days", "days", "request to first hearing", "申请至首次审议天数", "mean over pairs heard", "less"),
    ("heard_at_first", "share", "heard at the first meeting after the request", "首次会议即审议比例", "of pairs heard", "more"),
    ("review_wait_days", "days", "complete dossier to start of review", "完整申报至开始审核天数", "mean over counted drugs reviewed", "less"),
    ("review_days", "days", "complete dossier to listing", "完整申报至挂网天数", "mean over counted drugs listed", "less"),
    ("listing_in_time", "share", "listings within their limit", "按时挂网比例", "of drugs with a limit", "more"),
    ("purchases_in_time", "share", "purchases within their limit", "按时采购比例", "of passes with a limit", "more"),
    ("meetings_per_year", "meetings a year", "committee meetings per hospital and year", "每院每年药事会次数", "from policy_from on", ""),
    ("duty_meetings_per_year", "meetings a year", "meetings added by a duty, per hospital and year", "每院每年因时限加开会议次数", "from policy_from on", ""),
    ("agenda_load", "ratio", "requests and background over places", "议程负荷", "mean over meetings; above 1 is overload", "less"),
    ("overloaded", "share", "meetings with more requests than places", "超负荷会议比例", "share of meetings", "less"),
    ("reviewer_use", "share", "reviewers' time in use", "审核人员占用率", "of reviewers' time below the horizon", ""),
    ("pass_rate", "share", "hearings that pass", "审议通过率", "of hearings", "more"),
    ("defer_rate", "share", "hearings that defer", "审议缓议率", "of hearings", ""),
    ("refusal_rate", "share", "hearings that refuse", "审议不通过率", "of hearings", "less"),
    ("direct_share", "share", "passes without a hearing", "直接纳入占比", "of passes", ""),
    ("back_book_stocked", "share", "earlier drugs stocked at the end", "既往药品期末配备率", "drugs approved before policy_from: share of target hospitals with regular stock at the end", "more"),
    ("approval_days", "days", "trial application to approval, restricted mean", "临床试验申请至批准天数（限制均值）", "Kaplan-Meier restricted mean up to 15 years, for cohorts made by a pipeline: projects that come through and are not approved before policy_from, each followed from there on; those still under way at the end are censored", "less"),
    ("approvals_per_year", "drugs a year", "approvals a year", "每年批准药品数", "approvals from policy_from on, for cohorts made by a pipeline", "more"),
    ("supplement_days", "days", "review of a supplementary application, restricted mean", "补充申请审评天数（限制均值）", "Kaplan-Meier restricted mean up to 730 days of applications that need inspection, filed from policy_from on", "less"),
    ("later_indications", "a drug and year", "indications gained after approval", "批准后新增适应症", "indications gained from policy_from on, over the years of drugs followed (three indications a drug at most)", "more"),
    ("route_products", "products a year", "products by special routes", "经特殊通道引入的品种", "products requested from policy_from on by urgent import, rare-disease white list, further imports, or the Hong Kong and Macau route", "more"),
    ("route_days", "days", "request to supply by a special route, restricted mean", "特殊通道申请至供药天数（限制均值）", "Kaplan-Meier restricted mean up to 730 days, products requested from policy_from on", "less"),
    ("gap_levels", "percentage points", "gap tertiary minus secondary, 24 months", "三级与二级差距（24个月）", "stocked_24m of level 3 minus level 2", "less"),
    ("gap_city_county", "percentage points", "gap city minus county, 24 months", "城区与县域差距（24个月）", "stocked_24m in cities minus county seats", "less"),
    ("snapshot_median", "share", "catalogue drugs on a date: median share of all tertiary hospitals", "截至某日谈判药品三级医院配备率中位数", "over catalogue drugs, of all tertiary hospitals", ""),
    ("snapshot_under_10", "share", "catalogue drugs on a date: drugs under 10% of tertiary hospitals", "截至某日三级医院配备率低于10%的药品占比", "of catalogue drugs", ""),
    ("snapshot_ratio", "ratio", "catalogue drugs on a date: tertiary to secondary", "截至某日三级与二级配备率之比", "mean share of tertiary over mean share of secondary hospitals", ""),
]  # fmt: skip
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

INDICATORS: dict[str, Indicator] = {r[0]: Indicator(*r) for r in (*_ROWS, *USE_ROWS)}
for _k, (_en, _zh) in _REASONS.items():
    INDICATORS[f"reason_{_k}"] = Indicator(
        f"reason_{_k}",
        "share",
        f"refusals for: {_en}",
        f"未通过主因：{_zh}",
        "largest negative term, share of refusals",
    )
for _k, (_en, _zh) in list(_REASONS.items())[5:]:
    INDICATORS[f"decisive_{_k}"] = Indicator(
        f"decisive_{_k}",
        "share",
        f"decisive ground: {_en}",
        f"决定性理由：{_zh}",
        "hearings that would have passed without it, share of hearings",
        "less",
    )
for _k, (_en, _zh) in _STATES.items():
    INDICATORS[f"state_{_k}"] = Indicator(
        f"state_{_k}",
        "share",
        f"time {_en}",
        f"时间占比：{_zh}",
        "share of the first 24 months after approval, over target pairs",
    )

for _k, (_en, _zh) in list(_STATES.items())[:8]:
    INDICATORS[f"waiting_{_k}"] = Indicator(
        f"waiting_{_k}",
        "patient-years",
        f"patient-years of waiting, hospital: {_en}",
        f"等待治疗的患者年数（医院状态：{_zh}）",
        "split in proportion to the days that pairs of the same drug and hospital group spent in the state in the first 24 months",
        "less",
    )

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
    """Every indicator and column: kind, name, unit, en, zh, meaning, better."""
    import pandas as pd  # here, so that whoever needs the names alone need not load it

    rows = [("indicator", i.name, i.unit, i.en, i.zh, i.meaning, i.better) for i in INDICATORS.values()]
    rows += [("column", name, "", en, zh, en, "") for name, (en, zh) in COLUMNS.items()]
    rows += [("grouping", name, "", en, zh, en, "") for name, (en, zh) in GROUPINGS.items()]
    return pd.DataFrame(rows, columns=["kind", "name", "unit", "en", "zh", "meaning", "better"])
