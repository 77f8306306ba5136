"""The journey: one drug's way into one hospital, from its listing to the shelf.

Follows `docs/semantics-asking.md` and `docs/semantics-committee.md`. Each target pair is a SimPy process, and this is its
life: the hospital learns of the drug, a department asks for it, the request waits for the committee
(and may lapse, be deferred, be locked out, be included directly, and meanwhile be bought for single
patients), the drug takes a place, is bought, and is there.
"""

from __future__ import annotations

from dataclasses import dataclass

import simpy

from twin import duties
from twin.asking import Interest, ask
from twin.awareness import Awareness
from twin.clock import Phase, Process
from twin.committee import Answer, Committee, Request
from twin.community import Communities
from twin.dates import NEVER
from twin.decision import Verdict
from twin.demand import Demand
from twin.pair import Pair, State
from twin.purchase import Purchase
from twin.setting import Setting
from twin.temporary import Need, Temporary

DIRECT = "committee.direct_inclusion"


@dataclass(frozen=True)
class Steps:
    """What is the same on every journey."""

    awareness: Awareness
    temporary: Temporary
    purchase: Purchase
    communities: Communities


class Journey:
    """One pair's process."""

    def __init__(
        self, setting: Setting, steps: Steps, pair: Pair, interest: Interest, committee: Committee, demand: Demand
    ) -> None:
        self.setting, self.steps, self.pair = setting, steps, pair
        self.interest, self.committee, self.demand = interest, committee, demand
        self.clock, self.rules, self.dates, self.p = setting.clock, setting.rules, setting.dates, setting.p
        self._lifted = False  # a temporary purchase has lifted a lock-out

    def run(self) -> Process:
        """The pair's life, from the listing on."""
        aware = self.steps.awareness.date(self.pair)
        try:
            yield from self._to_the_yes(aware)
            yield from self._buy(self.steps.purchase.delivered(self.pair))
        except simpy.Interrupt as told:  # its community has the drug
            self._take_over(told.cause)
            yield from self._buy(told.cause)
            if self.pair.aware == NEVER:  # it learns of the listing all the same, and must meet if a duty says so
                yield self.clock.at(aware, Phase.LEARN)
                self.pair.aware = aware
                self._duties()

    def _to_the_yes(self, aware: float) -> Process:
        """From the listing, of which the hospital learns at `aware`, until the drug passes."""
        pair = self.pair
        pair.state = State.NOT_AWARE
        yield self.clock.at(aware, Phase.LEARN)
        pair.aware = aware
        pushes = self._duties()
        free: float | None = aware
        while free is not None:
            attempt = pair.asks + pair.hearings - pair.refusals  # a fresh draw for each hearing, whatever led to it
            pair.state = State.NOT_ASKED
            asked = yield from ask(self.setting, pair, self.interest, free, attempt, pushes)
            pair.asks += 1
            pair.first_ask = min(pair.first_ask, asked)
            free = yield from self._see_through(asked)

    def _take_over(self, t: float) -> None:
        """The drug passes at t without the committee: it takes a place, and does not wait for one."""
        if self.pair.drug.index in self.committee.agenda:
            self.committee.withdraw(self.pair)
        self.committee.admit(self.pair, t)
        self.pair.room = t

    def _duties(self) -> list[tuple[float, float]]:
        """Tell the committee by when it must meet; pushes that duties give (date, years of asking)."""
        pair = self.pair
        begun = duties.clocks(self.setting, pair)
        if self.setting.stages.committee:
            for lever, t in begun:
                due = self.rules.least_deadline(lever, pair.hospital, pair.drug, t, t, self.dates)
                self.committee.meetings.oblige(t, due)
        return duties.pushes(self.setting, pair, begun)

    # ---- 6 Committee, 7 Temporary purchase

    def _see_through(self, asked: float) -> Process:
        """A request from its date to the end: None if it passed, else the date from which one may ask anew."""
        if not self.setting.stages.committee:
            # SEMANTICS: passes of one date take room in the order of drug ids, as in direct inclusion.
            yield self.clock.at(asked, Phase.DIRECT, self.pair.drug.id / 2**32)
            self.committee.admit(self.pair, asked)
            return None
        direct = self._reached_directly(asked)
        request = Request(self.pair, asked, heard=self.clock.event())
        since, need = asked, self.steps.temporary.need(self.pair, asked)
        while True:
            answer = yield from self._wait(request, since, direct, need)
            if answer.verdict is Verdict.PASS:
                return None
            after = self.p.temporary.ends_after_refusal_months
            self.steps.temporary.end(self.pair, self.dates.months(answer.date, after))
            if answer.verdict is None:  # unheard for too long
                return answer.date
            again, unlocked = self._refused(answer)
            if not again.date < unlocked:
                yield self.clock.at(unlocked, Phase.RELEASE)
                return unlocked
            # once a pair: a patient's need lifts the lock-out, and the request waits again as a temporary user's
            yield self.clock.at(again.date, Phase.NEED)
            self._lifted = True
            self.steps.temporary.begin(self.pair, again)
            # SEMANTICS: the same request waits again, with its date of asking; direct inclusion is tried anew.
            since, direct, need = again.date, self._reached_directly(again.date), Need(NEVER, 0)

    def _reached_directly(self, t: float) -> float:
        """The first date from t on at which direct inclusion reaches the pair."""
        return self.rules.first_moment(DIRECT, self.pair.hospital, self.pair.drug, t)

    def _refused(self, answer: Answer) -> tuple[Need, float]:
        """(the need that may lift the lock-out, the date on which it ends otherwise)."""
        self.pair.refusals += 1
        self.pair.state = State.REFUSED
        end = self.committee.decision.lock_out_ends(self.pair, answer.date, answer.barrier)
        return Need(NEVER, 0) if self._lifted else self.steps.temporary.need(self.pair, answer.date), end

    def _wait(self, request: Request, since: float, direct_date: float, need: Need) -> Process:
        """Wait on the agenda from `since` on, through deferrals, for an answer.

        direct_date: when direct inclusion reaches the pair; it counts if that is not before `since`, and obeyed.
        need: a patient's, who makes the hospital buy the drug meanwhile.
        """
        pair, clock = self.pair, self.clock
        self.committee.agenda[pair.drug.index] = request
        pair.state = State.WAITING
        if direct_date < since or not (direct_date < NEVER and pair.obeys(DIRECT, direct_date)):
            direct_date = NEVER
        direct = clock.at(direct_date, Phase.DIRECT, pair.drug.id / 2**32)
        needed = clock.at(need.date, Phase.NEED)
        lapse, last_chance = self._lapse(since), False
        while True:
            heard = request.heard
            yield simpy.AnyOf(clock, [heard, direct, lapse] if needed.processed else [heard, direct, lapse, needed])
            if heard.processed:
                answer: Answer = heard.value  # type: ignore[assignment]
                if answer.verdict is not Verdict.DEFER:
                    return answer
                pair.state = State.DEFERRED
                lapse, last_chance = self._lapse(answer.date), False
            elif direct.processed:
                return self._included(direct_date)
            elif lapse.processed:
                # SEMANTICS: a request leaves at x only if no step of x itself took it: it is still heard by a meeting
                # on x, or passes by direct inclusion on x. Otherwise it leaves before the pushes of x.
                x: float = lapse.value  # type: ignore[assignment]
                if last_chance or not (x in self.committee.meetings.days or x == direct_date):
                    self.committee.withdraw(pair)
                    return Answer(None, x)
                lapse, last_chance = clock.at(x, Phase.AFTER), True
            else:
                self.steps.temporary.begin(pair, need)

    def _included(self, t: float) -> Answer:
        """The committee is not asked: the drug passes at t."""
        self.committee.withdraw(self.pair)
        self.committee.admit(self.pair, t)
        return Answer(Verdict.PASS, t)

    def _lapse(self, since: float) -> simpy.Event:
        """When a request that was last touched at `since` leaves the agenda unheard."""
        months = self.p.committee.unheard_leaves_after_months
        date = NEVER if months is None else self.dates.months(since, months)
        return self.clock.at(date, Phase.RELEASE)

    # ---- 8 Purchase

    def _buy(self, delivery: float) -> Process:
        """From the committee's yes to the shelf, on which the drug is from `delivery` on."""
        pair = self.pair
        self.steps.temporary.end(pair, delivery)
        pair.state = State.WAITING_FOR_ROOM
        yield self.clock.at(pair.room, Phase.DELIVER)
        pair.state = State.BEING_BOUGHT
        # what passed on a first of a month does not count in that month's share, even if it is there at once
        at_once = delivery == pair.passed
        yield self.clock.at(delivery, Phase.AFTER if at_once else Phase.DELIVER)
        pair.state, pair.stock = State.STOCKED, delivery
        self.interest.stocking += 1
        self.demand.note_stock(pair)
        self.steps.communities.tell(pair)
