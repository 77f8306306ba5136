"""Lesson 1: one drug, one committee. Theory: who comes at a random time waits E[G^2] / (2 E[G]) for the next of gaps G."""

from __future__ import annotations

import numpy as np

from simlib.teach.question import Mistake, Numeric
from simlib.teach.words import DAYS, SHARE, Both

REGULAR = 90.0
PAUSE = np.array([30.0] * 5 + [390.0])  # days between meetings; 90 on average


def wait(gaps: np.ndarray) -> float:
    """Mean wait in days of who comes at a random time (the inspection paradox)."""
    return float(np.mean(gaps**2) / (2 * np.mean(gaps)))


def simulated() -> float:
    """The mean wait in days of exercise 1.2, on the notebook's own random days."""
    held = np.cumsum(np.tile(PAUSE, 70))
    days = np.random.default_rng(2).uniform(0, held[-1], 3000)
    return float((held[np.searchsorted(held, days)] - days).mean())


def _median(gaps: np.ndarray) -> float:
    """Median wait: half of all days lie within this many days before a meeting."""
    t = np.linspace(0, gaps.max(), 100_001)
    within = np.minimum(gaps[:, None], t[None, :]).sum(axis=0) / gaps.sum()
    return float(np.interp(0.5, within, t))


QUESTIONS = (
    Numeric(
        "1.1",
        lambda: REGULAR / 2,
        DAYS,
        Both("think of all days on which a request may come, from the day after a meeting to the day of the next: how long does each wait?", "想想申请可能到来的每一天，从上次会议次日到下次会议当天：各等多久？"),
        Both("every day between two meetings is as likely as any other, so that waits run evenly from nothing to a whole gap", "两次会议之间每一天同样可能，因此等待从零到整个间隔均匀分布"),
        (
            Mistake(lambda: REGULAR, Both("this is the longest wait (just after a meeting), the question asks for the mean", "这是最长的等待（刚错过会议），题目问的是平均")),
            Mistake(lambda: 0, Both("this is the shortest wait, the question asks for the mean", "这是最短的等待，题目问的是平均")),
            Mistake(lambda: REGULAR / 4, Both("halved once too often", "多除了一次2")),
        ),
        0.02,
    ),
    Numeric(
        "1.2",
        lambda: wait(PAUSE),
        DAYS,
        Both("take the plain mean over all drugs in `waits` of this second committee", "请对第二个药事会的 `waits` 中所有药品求算术平均"),
        Both("as many meetings a year as before, and yet a far longer wait", "每年开会次数与之前一样，等待却长得多"),
        (
            Mistake(lambda: _median(PAUSE), Both("this is the median, the question asks for the mean", "这是中位数，题目问的是平均数")),
            Mistake(lambda: REGULAR / 2, Both("this is the wait at the regular committee; `waits` of the irregular one differ", "这是定期开会时的等待；不定期开会的 `waits` 与此不同")),
            Mistake(lambda: REGULAR, Both("this is the mean gap between meetings, not the mean wait of drugs", "这是会议的平均间隔，不是药品的平均等待")),
            Mistake(lambda: PAUSE.max(), Both("this is the longest wait, the question asks for the mean", "这是最长的等待，题目问的是平均")),
        ),
        0.06,
    ),
    Numeric(
        "1.3",
        lambda: PAUSE.max() / PAUSE.sum(),
        SHARE,
        Both("count days, not gaps: of all days of one cycle, how many lie in the long gap?", "数天数，而不是数间隔：一个周期的所有天中，有多少天在长间隔里？"),
        Both("one gap in six, and yet most drugs fall into it: a long gap is a large target", "六个间隔中只有一个，多数药品却落入其中：间隔越长，越容易碰上"),
        (
            Mistake(lambda: 1 / len(PAUSE), Both("this is the share of gaps that are long; the question asks for the share of drugs that come in one", "这是长间隔占间隔数的比例；题目问的是落入长间隔的药品比例")),
            Mistake(lambda: 1 - PAUSE.max() / PAUSE.sum(), Both("this is the share that come in a short gap", "这是落入短间隔的比例")),
            Mistake(lambda: (PAUSE.max() - PAUSE.min()) / PAUSE.sum(), Both("this is the share that waits longer than a short gap; some drugs in the long gap wait less than that too", "这是等待超过短间隔的比例；落入长间隔的药品也有等得不到那么久的")),
            Mistake(lambda: PAUSE.max() / PAUSE.sum() * len(PAUSE), Both("divided by the mean gap; divide by the days of a whole cycle", "除以了平均间隔；应除以整个周期的天数")),
        ),
        0.03,
    ),
    Numeric(
        "1.4",
        lambda: wait(PAUSE),
        DAYS,
        Both("put the numbers into the formula one at a time: the mean of the squares above, twice the mean below", "逐项代入公式：分子是平方的平均，分母是平均的两倍"),
        Both("the formula and your simulation (1.2) agree, up to chance", "公式与模拟（1.2）一致，只差偶然误差"),
        (
            Mistake(lambda: PAUSE.mean() / 2, Both("this is half the mean gap: what the square of the mean would give; the formula has the mean of the squares", "这是平均间隔的一半，即用平均的平方所得；公式里是平方的平均")),
            Mistake(lambda: 2 * wait(PAUSE), Both("the 2 below the line is missing", "分母漏了2")),
            Mistake(lambda: PAUSE.var() / (2 * PAUSE.mean()), Both("this has the variance above the line; the formula has the mean of the squares", "分子用了方差；公式里是平方的平均")),
            Mistake(lambda: np.sum(PAUSE**2) / (2 * PAUSE.mean()), Both("the sum of the squares stands above the line; the formula has their mean", "分子用了平方之和；公式里是平方的平均")),
            Mistake(simulated, Both("this is the simulated wait; the formula gives it without luck", "这是模拟的等待；请用公式算出不含偶然误差的值")),
            Mistake(lambda: np.mean(PAUSE**2) / 2 * PAUSE.mean(), Both("what stands below the line needs brackets", "整个分母要放进括号")),
            Mistake(lambda: wait(PAUSE) * 4, Both("multiplied by 2 where the formula divides: put 2 * mean in brackets", "公式中是除以2，这里却乘了2：请把2*平均放进括号")),
        ),
        0.005,
    ),
    Numeric(
        "1.5",
        lambda: 2 * wait(PAUSE),
        DAYS,
        Both("at a regular committee the mean wait is a fixed fraction of the gap (1.1); which gap gives the wait of 1.4?", "定期开会时，平均等待是间隔的固定比例（1.1）；间隔多长，平均等待才会与1.4相同？"),
        Both("for a drug this committee is as slow as one that meets every so many days: the long pause costs more than it seems", "对药品来说，这个药事会与按此间隔开会的药事会一样慢：长间歇的代价比看上去大"),
        (
            Mistake(lambda: wait(PAUSE), Both("this is the wait itself; the question asks for the gap that leads to it", "这是等待本身；题目问的是带来这一等待的间隔")),
            Mistake(lambda: wait(PAUSE) / 2, Both("from a gap to its wait one halves; here the way is back", "由间隔求等待是减半；这里要反过来")),
            Mistake(lambda: REGULAR, Both("this is the mean gap, and a regular committee with it makes drugs wait far less", "这是平均间隔，按它定期开会，药品等待要短得多")),
            Mistake(lambda: PAUSE.max(), Both("this is the longest gap; some drugs come in short ones", "这是最长的间隔；也有药品落入短间隔")),
        ),
        0.035,
    ),
    Numeric(
        "1.6",
        lambda: REGULAR,
        DAYS,
        Both("simulate it, or use the formula: for exponential gaps the mean of the squares is twice the square of the mean", "可以模拟，也可用公式：指数分布的间隔，平方的平均是平均的平方的两倍"),
        Both("one waits a whole mean gap, not half of one: when meetings come wholly at random, having waited long says nothing about the next", "要等整整一个平均间隔，而不是一半：会议完全随机时，已经等了多久与下次会议何时召开毫无关系"),
        (
            Mistake(lambda: REGULAR / 2, Both("this would hold for regular gaps; random gaps are of very unequal length", "间隔固定时才是这样；随机间隔长短悬殊")),
            Mistake(lambda: 2 * REGULAR, Both("this is the mean length of the gap in which a drug falls; it waits through a part of it only", "这是药品所落入间隔的平均长度；它只等其中一部分")),
            Mistake(lambda: wait(PAUSE), Both("this is the wait at the second committee: `waits` still holds it until the lines from `env = ...` to `env.run()` have run again in this cell", "这是第二个药事会的等待：在本单元格中重新运行从 `env = ...` 到 `env.run()` 的几行之前，`waits` 还是旧的")),
            Mistake(lambda: REGULAR * np.log(2), Both("this is the median, the question asks for the mean", "这是中位数，题目问的是平均数")),
        ),
        0.08,
    ),
)  # fmt: skip
