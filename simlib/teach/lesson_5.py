"""Lesson 5: two rulebooks on one small world. Everything is worked out from the runs that the notebook makes."""

from __future__ import annotations

import functools

import pandas as pd

from simlib.experiments.bottleneck import INSTANT, bottleneck
from simlib.outcomes.trace import Trace, trace
from simlib.scenario.scenario import load_scenario
from simlib.teach.question import Mistake, Numeric, Word
from simlib.teach.words import DAYS, Both
from simlib.teach.worlds import effect

WORLD, REPLICATIONS, FEW = "lesson-5", 20, 5
BEFORE = {"policy": "before-reform"}
DRUG, HOSPITAL = "synthetic-2021-15", "l3-general-provincial-1"
MAIN = "stocked_24m"
POINTS = Both("percentage points", "百分点")
MEETINGS = Both("meetings a hospital and year", "次/院·年")


def row(indicator: str, by: str = "all", group: str = "all") -> pd.Series:
    """Chongqing's rules minus practice before the reforms: difference, low, high, baseline, mean."""
    return effect(WORLD, REPLICATIONS, BEFORE).value(indicator, by, group)


def points(by: str, group: str, what: str = "difference") -> float:
    """`stocked_24m` of a group in percentage points."""
    return 100 * float(row(MAIN, by, group)[what])


@functools.cache
def slowest() -> str:
    """The stage whose absence gains most."""
    found = bottleneck(load_scenario(WORLD), FEW, workers=1, progress=False).table()
    return str(found["stage"].iloc[0])


@functools.cache
def story() -> Trace:
    """The drug at the hospital of exercises 5.4 and 5.5."""
    return trace(load_scenario(WORLD), DRUG, HOSPITAL)


def day(outcome: str) -> float:
    """Time of an event of the story, days from the start."""
    events = story().events
    return float(events.loc[events["outcome"] == outcome, "time"].iloc[0])


def day_before(outcome: str) -> float:
    """Time of the last event on an earlier day than this one."""
    times = story().events["time"]
    return float(times[times < day(outcome)].max())


def clause(outcome: str) -> str:
    """The clause that an event of the story names."""
    events = story().events
    return str(events.loc[events["outcome"] == outcome, "clause"].iloc[0])


def _clauses() -> dict[str, Both]:
    return {
        clause("pushed"): Both("by this clause the departments were asked, and a later limit was set; the meeting itself was called by another", "这一条使医院征询科室，所定的开会期限也较晚；审议该药的会议是依另一条召开的"),
        clause("need"): Both("this clause opened temporary purchase for a patient", "这一条开通了患者的临时采购"),
        clause("list_entered"): Both("by this clause the drug came onto the list; look at the line of the hearing", "依据这一条药品进入清单；请看审议的那一行"),
        clause("recorded_began"): Both("this is practice, not a clause of a document; look at the line of the hearing", "这是既有做法，不是文件条款；请看审议的那一行"),
    }  # fmt: skip


QUESTIONS = (
    Numeric(
        "5.1", lambda: points("level", "3"), POINTS,
        Both("take the difference of stocked_24m for by level, group 3", "请取 stocked_24m 在 by 为 level、group 为 3 时的差值"),
        Both("always say of what: of tertiary hospitals that treat the disease, at 24 months", "总要说清对象：治疗该病的三级医院，批准后24个月"),
        (
            Mistake(lambda: points("level", "3", "mean"), Both("this is the share under Chongqing's rules; the question asks for the difference", "这是重庆规则下的比例；题目问的是差值")),
            Mistake(lambda: points("level", "3", "baseline"), Both("this is the share before the reforms; the question asks for the difference", "这是改革前的比例；题目问的是差值")),
            Mistake(lambda: points("all", "all"), Both("this is the difference over all hospitals; the question asks for tertiary ones", "这是全部医院的差值；题目问的是三级医院")),
            Mistake(lambda: points("level", "2"), Both("this is level 2, secondary hospitals", "这是二级医院")),
            Mistake(lambda: points("level", "1"), Both("this is level 1, primary hospitals", "这是一级医院")),
            Mistake(lambda: points("level", "3", "low"), Both("this is the lower end of the interval", "这是区间的下限")),
            Mistake(lambda: points("level", "3", "high"), Both("this is the upper end of the interval", "这是区间的上限")),
            Mistake(lambda: 100 * float(row(MAIN, "level", "3")["difference"] / row(MAIN, "level", "3")["baseline"]), Both("this is the change in per cent of the baseline; the question asks for percentage points", "这是相对基线的百分比变化；题目要的是百分点")),
            Mistake(lambda: 100 * float(row("stocked_12m", "level", "3")["difference"]), Both("this is at 12 months; the question asks for 24", "这是12个月时；题目问的是24个月")),
            Mistake(lambda: 100 * float(row("provided_24m", "level", "3")["difference"]), Both("this counts temporary supply too; the question asks for regular stock", "这还计入了临时采购；题目问的是正式配备")),
        ), 0.01,
    ),
    Numeric(
        "5.2", lambda: float(row("gap_levels")["difference"]), POINTS,
        Both("the indicator gap_levels, its difference", "请看指标 gap_levels 的差值"),
        Both("all levels gain, and the gap between them widens: both are true, and a report should say both", "各级都有所得，差距却拉大了：两者都对，报告都应当写出"),
        (
            Mistake(lambda: points("level", "3") - points("all", "all"), Both("this compares tertiary hospitals with all; the gap is to secondary ones", "这是三级医院与全部医院相比；差距是与二级医院之间的")),
            Mistake(lambda: float(row("gap_levels")["mean"]), Both("this is the gap itself; the question asks how much it grows", "这是差距本身；题目问的是它增加了多少")),
            Mistake(lambda: float(row("gap_levels")["baseline"]), Both("this is the gap before the reforms", "这是改革前的差距")),
            Mistake(lambda: points("level", "3"), Both("this is the gain of tertiary hospitals; secondary ones gain too", "这是三级医院的提高；二级医院也有提高")),
            Mistake(lambda: float(row("gap_city_county")["difference"]), Both("this is the gap between cities and counties", "这是城区与县域的差距")),
        ), 0.01,
    ),
    Word(
        "5.3", slowest, lambda: INSTANT,
        Both("sort the rows of stocked_24m by gain: which is the greatest?", "按gain比较 stocked_24m 各行：哪个最大？"),
        Both("a bottleneck is where time saved reaches the patient, not where most time passes", "瓶颈是省下的时间能惠及患者的环节，而不一定是耗时最长的环节"),
        lambda: {
            "committee": Both("a committee that met every day would gain something, but another stage gains more: compare the column gain", "药事会即使天天开会，也只能改善一些，另有环节改善更多：请比较gain一列"),
            "room": Both("without this stage something is gained, but another gains more: compare the column gain", "去掉这一环节会有改善，但另有环节改善更多：请比较gain一列"),
            "purchase": Both("the last step before the patient, but is it the slowest? compare the column gain", "这是到患者之前的最后一步，但它最慢吗？请比较gain一列"),
            "listing": Both("many documents speed up listing; compare what it gains with the others", "许多文件都在加快挂网；请与其他环节比较gain一列"),
        },
    ),
    Word(
        "5.4", lambda: clause("duty_meeting"), lambda: [],
        Both("find the line in which the committee hears the drug; the clause stands in brackets at its end", "找到药事会审议该药的那一行；条款写在行末括号里"),
        Both("this is how a single history is checked: each step with its date and its clause", "单个历史就是这样核对的：每一步都有日期和条款"), _clauses,
    ),
    Numeric(
        "5.5", lambda: day("stocked") - day("learned"), DAYS,
        Both("count the days from the line in which the hospital learned of the drug to the last line", "从医院获悉的那一行数到最后一行"),
        Both("less than half of the whole way: in this history most of it lay before the hospital knew of the drug", "不到全程的一半：在这段历史中，大部分时间在医院获悉之前就过去了"),
        (
            Mistake(lambda: day("stocked") - day("approved"), Both("this is the whole way from approval; the question starts where the hospital learned of it", "这是从批准算起的全程；题目从医院获悉算起")),
            Mistake(lambda: day("heard") - day("learned"), Both("this is the wait for the hearing; the drug is not in stock by then", "这是等待审议的时间；那时药品还没有配备")),
            Mistake(lambda: day("learned") - day("approved"), Both("this is the part before the hospital learned of it", "这是医院获悉之前的部分")),
            Mistake(lambda: day("supply_began") - day("learned"), Both("this is temporary supply; the question asks for regular stock", "这是临时采购；题目问的是正式配备")),
            Mistake(lambda: day("stocked") - day_before("learned"), Both("the number on a line is the days since the line before: that of the first line does not belong to it", "每行的数是距上一行的天数：起点那一行的不应计入")),
            Mistake(lambda: day("stocked") - day("listed"), Both("this starts at listing on the platform; the hospital learned of it later", "这是从平台挂网算起；医院获悉在其后")),
        ), 0, 1.0,
    ),
    Numeric(
        "5.6", lambda: float(row("meetings_per_year", "level", "3")["difference"]), MEETINGS,
        Both("the indicator meetings_per_year, for by level, group 3", "请看指标 meetings_per_year，by 为 level、group 为 3"),
        Both("more meetings for every member of every committee: a cost that a table of shares stocked does not show", "每个药事会的每位成员都要多开会：只看配备率的表格显示不出这一代价"),
        (
            Mistake(lambda: float(row("meetings_per_year", "level", "3")["mean"]), Both("these are all meetings under the rules; the question asks for those added", "这是规则下的全部会议；题目问的是增加的")),
            Mistake(lambda: float(row("meetings_per_year", "level", "3")["baseline"]), Both("these are the meetings before the reforms", "这是改革前的会议")),
            Mistake(lambda: float(row("meetings_per_year")["difference"]), Both("this is over all hospitals; the question asks for tertiary ones", "这是全部医院；题目问的是三级医院")),
            Mistake(lambda: float(row("meetings_per_year", "level", "2")["difference"]), Both("this is level 2, secondary hospitals", "这是二级医院")),
        ), 0.01,
    ),
)  # fmt: skip
