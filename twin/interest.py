"""The plain twin's interest: how many departments have come to ask for a drug, at the hospitals of one level.

Part of `twin`; follows `docs/semantics.md`, section 5. A comment `SEMANTICS:` marks a place where that
page leaves a choice.
"""

from __future__ import annotations

import heapq
import itertools
import math
from typing import TYPE_CHECKING

import simpy

from twin.listing import Phase
from twin.rules import YEAR, Drug

if TYPE_CHECKING:
    from twin.model import Model


class Interest:
    """How many departments' interest in a drug has built up at hospitals of one level: c(t) of the page.

    Pairs wait for it to reach their threshold, as one waits for the level of a `simpy.Container`.
    """

    def __init__(self, model: Model, drug: Drug, level: int) -> None:
        self.model, self.drug, self.level = model, drug, level
        self.targets = 0  # target hospitals
        self.stocking = 0  # of them, those that stock the drug
        self.share, self.fading = 0.0, 1.0  # S and g of the page
        self.since, self.until, self.c, self.c_next, self.first = 0.0, 0.0, 0.0, 0.0, True
        # SEMANTICS: a push on day 0 finds the rate that holds while nothing is stocked.
        self.rate = self.rate_before = self._rate_now(0.0)
        self._waiting: list[tuple[float, int, float, simpy.Event]] = []
        self._count = itertools.count()

    def read(self, knot: float, next_knot: float, first: bool) -> None:
        """Read the rate at a knot, and wake whoever asks before the next one."""
        if first:
            a = self.model.world.p.asking
            self.share = self.stocking / self.targets if self.targets else 0.0
            age = (knot - self.drug.listed) / YEAR  # below 0, even -inf, before the listing
            self.fading = 1.0 if age <= a.plateau else math.exp(-math.log(2.0) * (age - a.plateau) / a.half_life)
        self.since, self.until, self.c, self.first, self.rate_before = knot, next_knot, self.c_next, first, self.rate
        self.rate = self._rate_now(knot)
        self.c_next = self.c + self.rate * (next_knot - knot)
        while self._waiting and self._waiting[0][0] <= self.c_next:
            theta, _, x, event = heapq.heappop(self._waiting)
            self._ask(theta, x, event)

    def _rate_now(self, knot: float) -> float:
        a, drug = self.model.world.p.asking, self.drug
        catalogue = 1.0 if drug.entered <= knot else a.before_catalogue
        return ((((a.lambda0 / YEAR) * drug.appeal) * catalogue) * self.fading) * (1 + a.beta_peers * self.share)

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
        event = self.model.env.event()
        if theta <= self.c_next:
            self._ask(theta, x, event)
        else:
            heapq.heappush(self._waiting, (theta, next(self._count), x, event))
        return event

    def _ask(self, theta: float, x: float, event: simpy.Event) -> None:
        crossing = min(self.since + (theta - self.c) / self.rate, self.until)
        self.model.env.fire(event, self.model.dates.up(max(crossing, x)), Phase.ASK)
