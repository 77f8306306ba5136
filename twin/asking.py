"""Asking: how long it takes until a department asks for a drug.

Follows `docs/semantics-asking.md`, section 5. Interest in a drug builds up at all hospitals of a level
alike, at a rate that the catalogue, the age of the drug and the share of hospitals that already
stock it make faster or slower. Each pair draws a threshold, and asks when interest has grown by so
much since it was free to ask. A push (a hospital canvasses its departments) is worth some years of
interest at once.
"""

from __future__ import annotations

import heapq
import itertools
import math

import simpy

from simlib.core import streams as q
from twin.clock import Phase, Process
from twin.dates import YEAR
from twin.pair import Pair
from twin.setting import Setting
from twin.world import Drug


class Interest:
    """How many departments' interest in a drug has built up at hospitals of one level: c(t) of the page.

    Pairs wait for it to reach their threshold, as one waits for the level of a `simpy.Container`.
    """

    def __init__(self, setting: Setting, drug: Drug, level: int) -> None:
        self.setting, self.drug, self.level = setting, drug, level
        self.targets = 0  # target hospitals
        self.stocking = 0  # of them, those that stock the drug
        self.share, self.fading = 0.0, 1.0  # S and g of the page
        self.visited = 1 + setting.p.asking.visits.of(level) * (drug.effort - 1)
        self.since, self.until, self.c, self.c_next, self.first = 0.0, 0.0, 0.0, 0.0, True
        # SEMANTICS: a push on day 0 finds the rate that holds while nothing is stocked.
        self.rate = self.rate_before = self._rate_now(0.0)
        self._waiting: list[tuple[float, int, float, simpy.Event]] = []
        self._count = itertools.count()

    def read(self, knot: float, next_knot: float, first: bool) -> None:
        """Read the rate at a knot, and wake whoever asks before the next one."""
        if first:
            a = self.setting.p.asking
            self.share = self.stocking / self.targets if self.targets else 0.0
            age = (knot - self.drug.first_listed) / YEAR  # below 0, even -inf, before any listing
            self.fading = 1.0 if age <= a.plateau else math.exp(-math.log(2.0) * (age - a.plateau) / a.half_life)
        self.since, self.until, self.c, self.first, self.rate_before = knot, next_knot, self.c_next, first, self.rate
        self.rate = self._rate_now(knot)
        self.c_next = self.c + self.rate * (next_knot - knot)
        while self._waiting and self._waiting[0][0] <= self.c_next:
            theta, _, x, event = heapq.heappop(self._waiting)
            self._ask(theta, x, event)

    def _rate_now(self, knot: float) -> float:
        a, drug = self.setting.p.asking, self.drug
        catalogue = 1.0 if drug.entered <= knot else a.before_catalogue
        own = ((a.lambda0 / YEAR) * drug.appeal) * self.visited
        return ((own * catalogue) * self.fading) * (1 + a.beta_peers * self.share)

    def at(self, t: float) -> float:
        """c(t), for a t since the last knot."""
        return self.c + self.rate * (t - self.since)

    def rate_at(self, t: float) -> float:
        """The rate that a push at t finds.

        SEMANTICS: on the first of a month pushes (completions) come before the shares are read, so that a push on
        that date finds the rate of the month before; on a publication it finds the new rate.
        """
        return self.rate_before if self.first and t == self.since else self.rate

    def reaches(self, theta: float, x: float) -> simpy.Event:
        """An event on the date (its value) on which a pair asks that is free to ask from x on."""
        event = self.setting.clock.event()
        if theta <= self.c_next:
            self._ask(theta, x, event)
        else:
            heapq.heappush(self._waiting, (theta, next(self._count), x, event))
        return event

    def _ask(self, theta: float, x: float, event: simpy.Event) -> None:
        crossing = min(self.since + (theta - self.c) / self.rate, self.until)
        self.setting.clock.fire(event, self.setting.dates.up(max(crossing, x)), Phase.ASK)


def ask(
    setting: Setting, pair: Pair, interest: Interest, free: float, attempt: int, pushes: list[tuple[float, float]]
) -> Process:
    """Wait until a department asks, being free to ask from `free` on; the date.

    attempt: numbers the thresholds of a pair, which are drawn anew for each hearing. pushes: (date, years of asking).
    """
    if not setting.stages.asking or setting.p.asking.all_before_committee:
        return free
    if not pair.r > 0:
        yield setting.clock.event()  # never
    if pair.is_site and attempt == 0:
        return free
    theta = interest.at(free) + pair.exponential(q.Q_ASK, attempt) / pair.r
    if theta <= interest.at(free):
        return free
    asks = interest.reaches(theta, free)
    for date, years in pushes:
        if date < free:
            continue  # lost in a lock-out
        yield asks | setting.clock.at(date, Phase.PUSH)
        if asks.processed:
            return asks.value
        if theta > interest.at(date):
            theta -= (years * YEAR) * interest.rate_at(date)
            if theta <= interest.at(date):
                return date
            asks = interest.reaches(theta, free)  # the old event passes unheard
    return (yield asks)
