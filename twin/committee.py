"""The committee: one hospital's drug committee, with its meetings, its agenda, and the places of its formulary.

Follows `docs/semantics-committee.md`, section 6. A meeting hears as many requests as it has places left, in
the agenda's order, and answers each: pass, defer (it stays on the agenda), refuse. A request waits
as a SimPy event, `heard`, that the meeting lets happen; what it says is the event's value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import simpy

from simlib.core import streams as q
from twin.decision import Decision, Verdict
from twin.meetings import Meetings
from twin.pair import Pair
from twin.room import Room
from twin.setting import Setting
from twin.world import Hospital


def poisson_quantile(u: float, mean: float) -> int:
    """The smallest count whose cumulative Poisson probability is at least u.

    SEMANTICS: terms by recurrence from exp(-mean), summed upwards.
    """
    k, term = 0, math.exp(-mean)
    total = term
    while total < u:
        k += 1
        term *= mean / k
        if term == 0.0:
            break  # u above every sum that floats can reach
        total += term
    return k


class Answer(NamedTuple):
    """What a request was told."""

    verdict: Verdict | None  # None: it left the agenda unheard
    date: float
    barrier: str | None = None  # the reason of a refusal, where it is a barrier


@dataclass(eq=False)
class Request:
    """A drug on a committee's agenda: a pair, and the event for which it waits."""

    pair: Pair
    date: float  # of this asking
    heard: simpy.Event  # the next hearing; its value is an `Answer`


class Committee:
    """One hospital's drug committee: its meetings, its agenda, its formulary."""

    def __init__(self, setting: Setting, hospital: Hospital, decision: Decision) -> None:
        self.setting, self.hospital, self.decision = setting, hospital, decision
        self.p, self.rules, self.draws = setting.p, setting.rules, setting.draws
        self.room = Room(setting, hospital)
        self.agenda: dict[int, Request] = {}  # by drug
        self.held = 0
        self.backlog = self.p.committee.backlog
        self.meetings = Meetings(setting, hospital, hold=self.meet)

    def meet(self, m: float) -> None:
        """Hear as many requests as there are places, in the agenda's order."""
        self.held += 1
        if not self.agenda and not self.backlog:
            return
        for request in self._order()[: self._free_places(m)]:
            self._hear(request, m)

    def _hear(self, request: Request, m: float) -> None:
        pair = request.pair
        pair.first_heard = min(pair.first_heard, m)
        verdict, barrier = self.decision.decide(pair, m)
        pair.hearings += 1
        if verdict is Verdict.PASS:
            self.admit(pair, m)  # at once: the next of this meeting finds one place less
        if verdict is not Verdict.DEFER:
            self.withdraw(pair)
        heard, request.heard = request.heard, self.setting.clock.event()
        heard.succeed(Answer(verdict, m, barrier))

    def admit(self, pair: Pair, p: float) -> None:
        """The drug has passed at p: take a place in the formulary, if it needs one."""
        pair.passed = p
        needs_place = self.p.stages.room and not self.rules.removed("formulary_size", self.hospital, pair.drug, p)
        pair.room = self.room.take(p) if needs_place else p

    def withdraw(self, pair: Pair) -> None:
        """Take a request from the agenda."""
        del self.agenda[pair.drug.index]

    def _order(self) -> list[Request]:
        by_need = self.p.committee.order == "need"

        def place(r: Request) -> tuple[bool, float, float, int]:
            need = r.pair.r * r.pair.drug.appeal if by_need else 0.0
            return not r.pair.in_use, -need, r.date, r.pair.drug.id

        return sorted(self.agenda.values(), key=place)

    def _free_places(self, m: float) -> int | None:
        """Places for requests; None: for all."""
        c, h = self.p.committee, self.hospital
        if c.places == "unlimited":
            self.backlog = 0
            return None
        others = poisson_quantile(
            self.draws.uniform(q.Q_AGENDA, math.floor(m), h.id, 0), c.background_items.of(h.level)
        )
        free = max(0, c.places[f"level_{h.level}"] - others)  # type: ignore[index]
        old = min(free, self.backlog)
        self.backlog -= old
        return free - old
