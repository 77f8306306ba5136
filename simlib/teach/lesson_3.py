"""Lesson 3: rules and compliance. Theory: a duty to convene within w days turns a wait uniform on 0 to G into min(U, w)."""

from __future__ import annotations

from collections.abc import Sequence

from simlib.policy.explain import explain
from simlib.scenario.rulebook import load_rulebook
from simlib.teach.question import Mistake, Numeric, Word
from simlib.teach.words import DAYS, SHARE, Both
from simlib.teach.worlds import effect, run

WORLD, REPLICATIONS = "lesson-3", 5
GAP, WITHIN = 90.0, 30.0
STRENGTHS = ("must", "declared", "encouraged", "explore")
STRENGTH = "committee__duty__listing__strength"
MEETINGS = Both("meetings a hospital and year", "次/院·年")


def waits(obedience: str = "default", strength: str = "must") -> float:
    """Simulated mean wait in days."""
    return float(run(WORLD, REPLICATIONS, obedience=obedience, **{STRENGTH: strength}).value("wait_days")["mean"])


def saved(strength: str = "must", obedience: str = "default", what: str = "difference") -> float:
    """Days that the duty saves on average against nobody obeying, on the same random numbers, or an end of their interval."""
    found = effect(WORLD, REPLICATIONS, {"obedience": "none"}, obedience=obedience, **{STRENGTH: strength})
    return -float(found.value("wait_days")[what])


def extra(obedience: str) -> float:
    """Meetings that the duty adds, a hospital and year."""
    return float(run(WORLD, REPLICATIONS, obedience=obedience).value("duty_meetings_per_year")["mean"])


def theory(within: float = WITHIN) -> float:
    """Mean wait in days when all obey: the mean of the lesser of a uniform wait and the limit."""
    return within * (1 - within / GAP) + (within / GAP) * within / 2


def obeying() -> float:
    """Share of hospitals that obey, seen from the mean waits."""
    return (waits("none") - waits()) / (waits("none") - waits("full"))


def duties() -> Sequence[dict]:
    """Chongqing's rules on when a committee must meet, the national layer below its own."""
    return explain(load_rulebook("chongqing@chongqing"), "committee.duty").to_dict("records")


def _clause_words() -> dict[str, Both]:
    own, lower = duties()[-1], duties()[0]
    return {
        lower["clause"]: Both("this clause is the national notice's, on the catalogue; look for the one on the application list", "这一条出自国家文件，针对医保目录；请找针对应用清单的那一条"),
        own["lever"]: Both("this is the lever that the rule moves; the clause is in the column clause", "这是该规则设定的规则项；条款在clause一列"),
        lower["lever"]: Both("this is a lever; the clause is in the column clause", "这是规则项；条款在clause一列"),
        own["document"]: Both("this is the document; the question asks for the clause in it", "这是文件；题目问的是其中的条款"),
        own["strength"]: Both("this is how strongly it binds; the question asks for the clause", "这是约束力度；题目问的是条款"),
        lower["strength"]: Both("this is how strongly a rule binds; the question asks for the clause", "这是约束力度；题目问的是条款"),
        str(own["value"]): Both("this is the value of the rule; the question asks for the clause", "这是规则的取值；题目问的是条款"),
        str(lower["value"]): Both("this is the value of a rule; the question asks for the clause", "这是规则的取值；题目问的是条款"),
    }  # fmt: skip


QUESTIONS = (
    Word(
        "3.1", lambda: str(duties()[-1]["clause"]), lambda: [],
        Both("write the clause as the table does, in quotes, such as \"XX-00\"", "请照表中的写法写出条款，加引号，例如 \"XX-00\""),
        Both("every rule in simlib names the clause that it comes from", "simlib中每条规则都注明出自哪一条款"), _clause_words,
    ),
    Numeric(
        "3.2", theory, DAYS,
        Both("whose next meeting is near waits as before; whose is far waits 30 days: how many are there of each?", "下次会议已近的，等待如旧；尚远的，等30天：两类各占多少？"),
        Both("the duty does not make all waits 30 days: it cuts the long ones down to 30", "这一义务并不是让大家都等30天，而是把长的等待截短到30天"),
        (
            Mistake(lambda: WITHIN, Both("this is the longest wait now; a third of the hospitals meet sooner anyway", "这是现在最长的等待；三分之一的医院本来就更早开会")),
            Mistake(lambda: WITHIN / 2, Both("this is the mean of those that meet within 30 days anyway; the others wait the full 30", "这是本来就在30天内开会的医院的平均；其余的要等满30天")),
            Mistake(lambda: GAP / 2, Both("this is the wait without the duty", "这是没有这一义务时的等待")),
            Mistake(lambda: WITHIN * WITHIN / GAP + WITHIN / 2 * (1 - WITHIN / GAP), Both("the two shares are swapped: only 30 days in 90 are near a meeting", "两个比例弄反了：90天中只有30天离会议近")),
            Mistake(lambda: waits(), Both("this is the run with default obedience; the question asks for all obeying", "这是默认执行程度的结果；题目问的是全部执行")),
        ), 0.015,
    ),
    Numeric(
        "3.3", obeying, SHARE,
        Both("the mean wait lies between that of nobody and that of everybody; how far along the way is it?", "平均等待介于无人执行与全部执行之间；它走了这段路程的多少？"),
        Both("an assumed number stands behind this (0.6 for a hospital of average will): no study of it was found, and lesson 6 asks what hangs on it", "背后是一个假设的数（执行意愿一般的医院为0.6）：没有找到相关研究；第6课将考察结论对它的依赖"),
        (
            Mistake(lambda: 1 - obeying(), Both("this is the share that does not obey", "这是不执行的比例")),
            Mistake(lambda: waits() / waits("none"), Both("this is the wait as a share of the wait without a duty; a hospital that obeys waits too", "这是等待占无义务时等待的比例；执行的医院也要等待")),
            Mistake(lambda: 1 - waits() / waits("none"), Both("this is the wait saved as a share of the whole wait; compare with what could be saved at most", "这是节省的等待占全部等待的比例；请与最多能节省的相比")),
            Mistake(lambda: waits("full") / waits(), Both("a ratio of two waits is not a share of hospitals: take differences to the wait of nobody", "两个等待之比不是医院的比例：请取与无人执行时之差")),
            Mistake(lambda: 1 / obeying(), Both("upside down: saved now over saved at most", "上下颠倒：应是现在节省的除以最多能节省的")),
        ), 0.02,
    ),
    Numeric(
        "3.4", lambda: saved("declared"), DAYS,
        Both("subtract the wait under declared from the wait of nobody obeying", "用无人执行时的等待，减去力度为declared时的等待"),
        Both("the same words, the same number of days, a weaker verb: less than half of what full obedience would bring", "同样的内容、同样的天数，只是用词弱了：效果不到全部执行时的一半"),
        (
            Mistake(lambda: waits(strength="declared"), Both("this is the wait itself; the question asks how much shorter it is", "这是等待本身；题目问的是缩短了多少")),
            *(Mistake(lambda s=sign, e=end: s * saved("declared", what=e), Both("this is an end of the interval, the question asks for the mean", "这是区间的一端，题目问的是平均")) for end in ("low", "high") for sign in (1, -1)),
            Mistake(lambda: saved("must"), Both("this is what must saves", "这是must节省的天数")),
            Mistake(lambda: saved("encouraged"), Both("this is what encouraged saves", "这是encouraged节省的天数")),
            Mistake(lambda: saved(obedience="full"), Both("this is what full obedience saves; the question asks for declared", "这是全部执行节省的天数；题目问的是declared")),
            Mistake(lambda: saved("must") - saved("declared"), Both("this is the step from must to declared; compare with nobody obeying", "这是must与declared之差；请与无人执行相比")),
        ), 0.02,
    ),
    Numeric(
        "3.5", lambda: 0.0, DAYS,
        Both("who would have to call an extra meeting within 120 days, when the next one is at most 90 days off?", "下次会议最多90天之后就召开，谁还需要在120天内加开会议？"),
        Both("a rule that asks for less than what happens anyway binds nobody", "要求低于现状的规则约束不了任何人"),
        (
            Mistake(lambda: saved(obedience="full"), Both("this is what the limit of 30 days saves; does one of 120 days cut any wait?", "这是30天时限节省的；120天的时限会截短谁的等待？")),
            Mistake(lambda: GAP / 2, Both("this is the wait, not the time saved", "这是等待，不是节省的时间")),
            Mistake(lambda: waits("none"), Both("this is the wait, not the time saved", "这是等待，不是节省的时间")),
        ), 0.02, 0.05,
    ),
    Numeric(
        "3.6", lambda: extra("full"), MEETINGS,
        Both("look for the indicator of meetings added by a duty, in the run with full obedience", "请在全部执行的结果中，查找因时限加开会议的指标"),
        Both("one drug in a thousand days: with many new drugs a year the meetings add up", "这只是一千天里的一个药品；新药多的年份，会议会不断累加"),
        (
            Mistake(lambda: extra("default"), Both("this is the run with default obedience; the question asks for full", "这是默认执行程度的结果；题目问的是全部执行")),
            Mistake(lambda: 1 - WITHIN / GAP, Both("this is the number of extra meetings a hospital over the whole run; divide by its years", "这是整个模拟期内每院加开的会议；还要除以年数")),
            Mistake(lambda: float(run(WORLD, REPLICATIONS, obedience="full").value("meetings_per_year")["mean"]), Both("these are all meetings; the question asks for those that the duty adds", "这是全部会议；题目问的是因义务加开的")),
            Mistake(lambda: extra("none"), Both("this is what happens where nobody obeys; the question asks for all obeying", "这是无人执行时的情形；题目问的是全部执行")),
        ), 0.02,
    ),
)  # fmt: skip
