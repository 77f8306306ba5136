"""Lesson 4: luck against effect. Student's t intervals over replications; common random numbers against independent seeds."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from simlib.teach.question import Mistake, Numeric, Word
from simlib.teach.words import DAYS, Both
from simlib.teach.worlds import half_width, run, values

WORLD, N, OTHER_SEED, WANTED = "lesson-4", 10, 7, 0.25
RUNS, TIMES = Both("replications", "次重复"), Both("times", "倍")


def rule() -> np.ndarray:
    """Mean wait (days) of each replication with the rule, (N,)."""
    return values(run(WORLD, N), "wait_days")


def without(seed: int | None = None) -> np.ndarray:
    """The same without the rule; on another seed if one is given."""
    return values(run(WORLD, N, obedience="none", **({} if seed is None else {"seed": seed})), "wait_days")


def paired() -> np.ndarray:
    """Differences on common random numbers, days (N,)."""
    return rule() - without()


def independent() -> np.ndarray:
    """Differences between runs on different seeds, days (N,)."""
    return rule() - without(OTHER_SEED)


def se(x: np.ndarray) -> float:
    """Standard error of a mean."""
    return float(x.std(ddof=1) / math.sqrt(len(x)))


def needed(sd: float, half: float = WANTED) -> int:
    """Fewest replications with an expected half width of at most `half`."""
    return next(n for n in range(2, 100_000) if stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n) <= half)


def _widths(x) -> tuple[Mistake, ...]:
    return (
        Mistake(lambda: 1.96 * se(x()), Both("this takes 1.96, as if the spread were known; with 10 replications take Student's t with 9 degrees of freedom", "这里用了1.96，好像离散程度是已知的；10次重复应使用自由度9的t分布")),
        Mistake(lambda: stats.t.ppf(0.95, N - 1) * se(x()), Both("this leaves out twice as much at each end as a 95% interval does: see the formula", "这在两端舍去的是95%区间的两倍：请看公式")),
        Mistake(lambda: stats.t.ppf(0.975, N) * se(x()), Both("this takes t with n degrees of freedom; the formula has n - 1", "这里t的自由度用了n；公式里是n-1")),
        Mistake(lambda: -half_width(x()), Both("a half width is never negative", "半宽不会是负数")),
        Mistake(lambda: se(x()), Both("this is the standard error; the half width is it times t", "这是标准误；半宽还要乘以t")),
        Mistake(lambda: x().std(ddof=1), Both("this is the spread of single replications; divide by the root of their number, then times t", "这是单次重复的离散程度；还要除以次数的平方根，再乘以t")),
        Mistake(lambda: half_width(x()) * math.sqrt(N), Both("divide by the root of the number of replications", "请除以重复次数的平方根")),
        Mistake(lambda: half_width(x()) * math.sqrt((N - 1) / N), Both("the spread was taken with n below the line; a sample has n - 1: std(ddof=1)", "标准差除以了n；样本应除以n-1：std(ddof=1)")),
        Mistake(lambda: 2 * half_width(x()), Both("this is the whole width, the question asks for half of it", "这是全宽，题目问的是一半")),
        Mistake(lambda: x().mean(), Both("this is the mean; the question asks for the half width of its interval", "这是平均；题目问的是其区间的半宽")),
        Mistake(lambda: half_width(x()) / math.sqrt(N), Both("divided by the number, or by its root once too often", "多除了一次次数的平方根")),
    )  # fmt: skip


QUESTIONS = (
    Numeric(
        "4.1", lambda: half_width(rule()), DAYS,
        Both("t times the spread of the replications, over the root of their number", "t乘以各次重复的标准差，再除以次数的平方根"),
        Both("luck alone moves a mean of 10 replications by about this much", "单凭运气，10次重复的平均就会有这么大的摆动"), _widths(rule), 0.01,
    ),
    Numeric(
        "4.2", lambda: half_width(independent()), DAYS,
        Both("the same formula, for the ten differences with_rule - other_luck", "同样的公式，用于十个差值 with_rule - other_luck"),
        Both("wider than either run alone: the luck of both adds up", "比任何一次运行都宽：两边的运气叠加了"),
        (
            *_widths(independent),
            Mistake(lambda: half_width(rule()), Both("this is the half width of one run; the question asks for that of the difference", "这是一次运行的半宽；题目问的是差值的半宽")),
            Mistake(lambda: half_width(paired()), Both("these are the differences on the same luck; the question asks for other luck", "这是运气相同时的差值；题目问的是运气不同时")),
            Mistake(lambda: half_width(rule()) + half_width(without(OTHER_SEED)), Both("half widths do not add up; take the differences first", "半宽不能直接相加；请先取差值")),
        ), 0.01,
    ),
    Numeric(
        "4.3", lambda: half_width(paired()), DAYS,
        Both("the same formula, for the ten differences with_rule - same_luck", "同样的公式，用于十个差值 with_rule - same_luck"),
        Both("the same hospitals met the same luck in both runs, and it cancels in the difference", "两次运行中同样的医院碰上同样的运气，在差值中抵消了"),
        (
            *_widths(paired),
            Mistake(lambda: half_width(independent()), Both("these are the differences on other luck; the question asks for the same luck", "这是运气不同时的差值；题目问的是运气相同时")),
            Mistake(lambda: math.hypot(half_width(rule()), half_width(without())), Both("this treats the two runs as independent; take the differences replication by replication", "这把两次运行当作独立的；请逐次取差值")),
        ), 0.01,
    ),
    Numeric(
        "4.4", lambda: (half_width(independent()) / half_width(paired())) ** 2, TIMES,
        Both("half widths shrink with the root of the number of replications", "半宽随重复次数的平方根缩小"),
        Both("common random numbers are the cheapest computer there is", "公共随机数是最便宜的算力"),
        (
            Mistake(lambda: half_width(independent()) / half_width(paired()), Both("this is the ratio of the half widths; to halve a width one needs more than twice as many replications", "这是半宽之比；要把半宽减半，需要的重复次数不止两倍")),
            Mistake(lambda: (half_width(paired()) / half_width(independent())) ** 2, Both("upside down", "上下颠倒")),
            Mistake(lambda: math.sqrt(half_width(independent()) / half_width(paired())), Both("the root was taken; it must be undone", "开了平方；应当反过来")),
        ), 0.03,
    ),
    Numeric(
        "4.5", lambda: float(needed(paired().std(ddof=1))), RUNS,
        Both("put t * sd / root(n) = 0.25 and solve for n; sd is the spread of the differences on the same luck", "令 t * sd / 根号n = 0.25，解出n；sd是运气相同时差值的标准差"),
        Both("so one plans a study before running it: a pilot for the spread, then the number", "研究就是这样事先设计的：先做预试验得到离散程度，再定次数"),
        (
            Mistake(lambda: 2 * paired().std(ddof=1) / WANTED, Both("the ratio must be squared", "这个比值还要平方")),
            Mistake(lambda: 1.96 * paired().std(ddof=1) / WANTED, Both("the ratio must be squared", "这个比值还要平方")),
            Mistake(lambda: float(needed(independent().std(ddof=1))), Both("this is the spread on other luck", "这用的是运气不同时的离散程度")),
            Mistake(lambda: (paired().std(ddof=1) / WANTED) ** 2, Both("the factor t (about 2) is missing", "漏了系数t（约为2）")),
            Mistake(lambda: N * (half_width(paired()) / WANTED) ** 2, Both("right in principle, but this keeps the t of ten replications (2.26), and with more of them t is smaller: take 2, as the question says", "思路正确，但这沿用了10次重复的t（2.26）；次数多了t会变小：请按题目取2")),
            Mistake(lambda: (2 * half_width(paired()) / WANTED) ** 2, Both("this starts from the half width; start from the spread (sd) of the differences", "这从半宽出发；应从差值的标准差（sd）出发")),
        ), 0.16,
    ),
    Word(
        "4.6", lambda: "c", lambda: ("a", "b", "c"),
        Both("look at the figure again", "请再看图"),
        Both("an interval with zero in it says: too few replications to tell; it does not say: no effect", "包含零的区间说的是：次数太少，看不出来；而不是：没有效果"),
        lambda: {
            "a": Both("absence of evidence is no evidence of absence: what did the same rule do on the same luck?", "没有证据不等于证明没有：同一规则在运气相同时效果如何？"),
            "b": Both("the rule is the same in both comparisons, and so is the world; what differs is how much luck is left in the difference", "两次比较中规则相同，世界也相同；不同的是差值中还剩多少运气"),
        },
    ),
)  # fmt: skip
