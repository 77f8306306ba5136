"""Lesson 2: queues and agendas. Theory: with places P a meeting and Poisson requests A, the queue left behind is L' = max(L + A - P, 0)."""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from scipy import stats

from simlib.teach.question import Mistake, Numeric
from simlib.teach.words import DAYS, Both
from simlib.teach.worlds import run

INTERVAL, PER_DAY, PLACES = 30.0, 0.15, 5
RATE = INTERVAL * PER_DAY  # requests an interval
REPLICATIONS = 5
NEAR = 3.0  # days of queueing that exercise 2.6 allows
RATIO, REQUESTS, PLACES_UNIT = (
    Both("a plain number such as 0.5", "比值（写成数，例如0.5）"),
    Both("requests", "申请件数"),
    Both("places", "名额"),
)


@functools.cache
def left_behind(places: int = PLACES, rate: float = RATE, size: int = 200) -> float:
    """Mean number of requests that a meeting leaves behind, from the stationary law of the queue."""
    arrivals = stats.poisson.pmf(np.arange(60), rate)
    step = np.zeros((size, size))
    for i in range(size):
        np.add.at(step[i], np.clip(i + np.arange(60) - places, 0, size - 1), arrivals)
    return float(np.arange(size) @ np.linalg.matrix_power(step, 4096)[0])


def drifting(heard: int) -> float:
    """What the loop of exercise 2.4 gives where every meeting hears so many, be there requests or not; on its own random numbers."""
    return float(np.cumsum(np.random.default_rng(5).poisson(RATE, 200_000) - heard).mean())


@functools.cache
def looped(step: Callable[[int, int], int]) -> float:
    """What the loop of exercise 2.4 gives if `left` is made by `step(queue, came)`; on its own random numbers."""
    left, total, n = 0, 0, 200_000
    for came in np.random.default_rng(5).poisson(RATE, n).tolist():
        left = step(left + came, came)
        total += left
    return total / n


def as_asked(queue: int, came: int) -> int:
    """What a meeting leaves behind of a queue."""
    return max(queue - PLACES, 0)


def forgetful(queue: int, came: int) -> int:
    """The same, but for those left behind before."""
    return max(came - PLACES, 0)


def unsigned(queue: int, came: int) -> int:
    """The same with empty places taken for requests."""
    return abs(queue - PLACES)


def worked_out() -> float:
    """Mean days from request to hearing, by Little's law from the loop of exercise 2.4."""
    return INTERVAL / 2 + looped(as_asked) / PER_DAY


def wait(places: int = PLACES) -> float:
    """Mean days from request to hearing: half an interval, and what the queue adds (Little's law)."""
    return INTERVAL * (0.5 + left_behind(places) / RATE)


def simulated(what: str = "mean") -> float:
    """The simulated wait as the notebook runs it."""
    return float(run("lesson-2", REPLICATIONS).value("wait_days")[what])


def fewest(within: float = NEAR, spare: float = INTERVAL / 2) -> int:
    """The fewest places with a mean wait of at most `spare` + `within` days."""
    return next(p for p in range(PLACES, 40) if wait(p) - spare <= within)


QUESTIONS = (
    Numeric(
        "2.1", lambda: RATE / PLACES, RATIO,
        Both("both numbers must be for the same time: requests in one gap between meetings over places at one meeting", "两个数要对应同一段时间：一个间隔内的申请数，除以一个间隔内的名额"),
        Both("below 1, so that the queue does not grow for ever; but is that enough to keep it short?", "小于1，队伍不会无限增长；但这就足以让它短吗？"),
        (
            Mistake(lambda: PLACES / RATE, Both("upside down: load is what comes over what can be heard", "上下颠倒：负荷是到来的除以能审议的")),
            Mistake(lambda: PER_DAY / PLACES, Both("requests are per day, places per meeting: bring both to one gap between meetings", "申请按天计，名额按次计：请统一到一个间隔")),
            Mistake(lambda: RATE, Both("this is the number of requests in a gap between meetings; divide it by what a meeting can hear", "这是每个间隔的申请数；还要除以一次会议能审议的数目")),
            Mistake(lambda: float(run("lesson-2", REPLICATIONS).value("agenda_load")["mean"]), Both("this indicator also counts requests left over from earlier meetings; the load asked for has new ones only", "这一指标还计入以前会议遗留的申请；这里问的负荷只算新申请")),
        ), 0.015,
    ),
    Numeric(
        "2.2", simulated, DAYS,
        Both("take the mean of the indicator wait_days from the result", "请取结果中指标 wait_days 的平均（mean）"),
        Both("far longer than the wait for the next meeting: about half of the requests do not get on its agenda", "远长于等下次会议的时间：约一半的申请排不上下次的议程"),
        (
            Mistake(lambda: simulated("low"), Both("this is the lower end of the interval, the question asks for the mean", "这是区间的下限，题目问的是平均")),
            Mistake(lambda: simulated("high"), Both("this is the upper end of the interval, the question asks for the mean", "这是区间的上限，题目问的是平均")),
            Mistake(lambda: simulated("sd"), Both("this is the spread between replications, the question asks for the mean", "这是各次重复之间的标准差，题目问的是平均")),
            Mistake(lambda: INTERVAL / 2, Both("this is the wait for the next meeting only; not every request is heard there", "这只是等下次会议的时间；并非每件申请都能在那次审议")),
            Mistake(lambda: INTERVAL, Both("this is the gap between meetings", "这是会议间隔")),
        ), 0.005,
    ),
    Numeric(
        "2.3", lambda: simulated() - INTERVAL / 2, DAYS,
        Both("lesson 1: how long is the wait for the next meeting, on average? The rest is the queue's", "第1课：等到下次会议平均要多久？其余就是排队造成的"),
        Both("so more than half of the wait comes from too few places, not from too few meetings", "可见一半以上的等待来自名额太少，而不是会议太少"),
        (
            Mistake(simulated, Both("this is the whole wait; take away what even an empty agenda costs", "这是全部等待；请减去即使议程空着也要等的部分")),
            Mistake(lambda: INTERVAL / 2, Both("this is the part that is not the queue's", "这恰是不由排队造成的部分")),
            Mistake(lambda: simulated() - INTERVAL, Both("a whole gap was taken away; nobody waits a whole gap for the next meeting on average", "减去了整个间隔；等下次会议平均用不了整个间隔")),
        ), 0.02,
    ),
    Numeric(
        "2.4", left_behind, REQUESTS,
        Both("follow one meeting with pencil and paper: those left behind before, plus those who came, less those heard; never below nothing", "用纸笔推一次会议：上次遗留的，加上新来的，减去审议的；不会小于零"),
        Both("on average more than two thirds of an agenda is left over after each meeting", "平均每次会议之后遗留的申请，超过一份议程的三分之二"),
        (
            Mistake(lambda: left_behind() + RATE, Both("this is the queue before a meeting; the question asks for what the meeting leaves behind", "这是会议之前的队伍；题目问的是会议之后遗留的")),
            Mistake(lambda: RATE, Both("these are the requests that come between two meetings; add those left behind before, take away those heard", "这是一个间隔内到来的件数；请加上以前遗留的，减去审议的")),
            Mistake(lambda: drifting(0), Both("nobody is ever heard here: take the places away", "这里没有人被审议：请减去名额")),
            Mistake(lambda: looped(forgetful), Both("those left behind before are forgotten here: they stand in `queue`", "这里漏掉了以前遗留的：它们已在 `queue` 中")),
            Mistake(lambda: looped(unsigned), Both("an empty place is no request: what is left when fewer than 5 wait?", "空着的名额不是申请：不到5件时还剩多少？")),
            Mistake(lambda: PLACES, Both("these are the requests that the meeting hears; the question asks for those that are left", "这是会议审议的件数；题目问的是遗留的件数")),
            Mistake(lambda: drifting(PLACES), Both("empty places are saved up here from meeting to meeting, and the queue falls below nothing: what must `left` be when fewer than 5 wait?", "这里空着的名额一次次积存下来，队伍竟短于零：不到5件时，`left` 应当是多少？")),
            Mistake(lambda: RATE - PLACES, Both("a queue cannot be shorter than nothing: what must `left` be when fewer than 5 wait?", "队伍不能短于零：不到5件时，`left` 应当是多少？")),
            Mistake(lambda: 0, Both("nothing is left over only if requests came evenly; here they come at random", "只有申请均匀到来才不会遗留；这里是随机到来的")),
        ), 0.05,
    ),
    Numeric(
        "2.5", worked_out, DAYS,
        Both("two parts: the wait for the next meeting, and the queue divided by the rate at which requests come, in days", "两部分：等下次会议的时间，加上队伍长度除以申请到来的速率，都化成天"),
        Both("theory and simulation agree: this is how one trusts a simulation", "理论与模拟一致：这就是信任模拟的理由"),
        (
            Mistake(simulated, Both("this is the simulated wait of 2.2; work it out from `behind`, so that the two can be compared", "这是2.2模拟的等待；请由 `behind` 算出，以便比较")),
            Mistake(lambda: INTERVAL / 2 + looped(as_asked) * PER_DAY, Both("multiplied by the requests a day; Little's law divides by them", "乘以了每天的申请数；利特尔法则是除以它")),
            Mistake(lambda: INTERVAL * left_behind() / RATE, Both("this is the queue's part alone; the wait for the next meeting comes on top", "这只是排队的部分；还要加上等下次会议的时间")),
            Mistake(lambda: INTERVAL * (1 + left_behind() / RATE), Both("the wait for the next meeting is not a whole gap on average", "等下次会议平均不是整个间隔")),
            Mistake(lambda: wait() / INTERVAL, Both("this is in gaps between meetings; the question asks for days", "这是以间隔为单位；题目要的是天")),
            Mistake(lambda: INTERVAL * (0.5 + left_behind() / PLACES), Both("divided by the places; Little's law divides by the requests that come", "除以了名额；利特尔法则除以的是到来的申请数")),
            Mistake(lambda: INTERVAL / 2 + left_behind(), Both("the queue is in requests, not days: divide by the requests a day", "队伍的单位是件而不是天：请除以每天的申请数")),
            Mistake(lambda: INTERVAL / 2 + left_behind() / RATE, Both("the queue's part is still in gaps between meetings: turn it into days", "排队部分还是以间隔为单位：请换算成天")),
        ), 0.02,
    ),
    Numeric(
        "2.6", fewest, PLACES_UNIT,
        Both("look at the picture: the wait less 15 days must be at most 3; answer with a number of places", "看图：等待减去15天须不超过3；答案是名额的个数"),
        Both("a place or two do nearly all of it; the next ones do almost nothing", "多一两个名额几乎就解决了问题；再多的几乎不起作用"),
        (
            Mistake(lambda: PLACES, Both("this is how it is now, and the queue costs more than 3 days", "这是现状，排队造成的等待超过3天")),
            Mistake(lambda: fewest() - 1, Both("close, but the queue still adds more than 3 days: take 15 away from the wait and compare", "很接近，但排队仍多于3天：把等待减去15再比较")),
            Mistake(lambda: fewest() + 1, Both("this is enough, but not the fewest", "够了，但不是最少的")),
            Mistake(lambda: fewest() + 2, Both("this is enough, but not the fewest", "够了，但不是最少的")),
        ), 0, 1e-6,
    ),
)  # fmt: skip
