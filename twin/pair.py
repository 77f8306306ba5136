"""The plain twin's pairs: one drug at one target hospital, from the hospital's learning of it to the shelf.

Part of `twin`; follows `docs/semantics.md`, sections 4 to 8. A comment `SEMANTICS:` marks a place where
that page leaves a choice.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import TYPE_CHECKING

import simpy

from simlib import streams as q
from simlib.world.build import World
from simlib.world.cohort import CLASSES
from simlib.world.region import TYPES
from twin import duties as duty_clocks
from twin.committee import Request, Verdict
from twin.listing import Phase, Process
from twin.practice import Practice
from twin.rules import NEVER, YEAR, Draws, Drug, Hospital

if TYPE_CHECKING:
    from twin.model import Model
    from twin.use import Use

GENERAL, SPECIALTY, TCM = (TYPES.index(t) for t in ("general", "specialty", "tcm"))


class State(IntEnum):
    """Where a pair of drug and hospital stands."""

    NOT_LISTED = 0
    NOT_AWARE = 1
    NOT_ASKED = 2
    WAITING = 3
    DEFERRED = 4
    REFUSED = 5
    WAITING_FOR_ROOM = 6
    BEING_BOUGHT = 7
    STOCKED = 8
    TEMPORARY = 9
    REMOVED = 10
    OUT_OF_TARGET = 11


def is_target(world: World, draws: Draws, drug: Drug, hospital: Hospital) -> bool:
    """Does the hospital treat what the drug is for?"""
    a = world.p.asking
    if a.all_before_committee:
        return True
    if hospital.type == SPECIALTY:
        chance = a.specialty_match if hospital.area == drug.area else 0.0
    elif hospital.type == TCM:
        chance = a.tcm_match if drug.klass == CLASSES.index("tcm_1") else a.tcm_other * drug.breadth
    else:
        chance = drug.breadth
    return draws.uniform(q.Q_TARGET, 0, hospital.id, drug.id) < chance


class Pair:
    """One drug at one target hospital, from the hospital's learning of it to the shelf."""

    def __init__(self, model: Model, drug: Drug, hospital: Hospital) -> None:
        self.model, self.drug, self.hospital = model, drug, hospital
        self.env, self.rules, self.draws, self.dates = model.env, model.rules, model.draws, model.dates
        self.p = model.world.p
        self.committee, self.interest = model.committees[hospital.index], model.interest[drug.index, hospital.level]
        a = self.p.asking
        s = a.specialty_log_sd
        # SEMANTICS: squares as products (pow need not give the same last bit); r from left to right
        specialty = math.exp(s * self._normal(q.Q_SPECIALTY) - s * s / 2)
        spread = a.size_log_sd * a.size_log_sd + s * s
        need = hospital.size * specialty
        self.r = a.level_factor.of(hospital.level) * hospital.size * specialty
        self.relevance = (math.log(need) + spread / 2) / math.sqrt(spread) if spread > 0 else 0.0

        self.state = State.NOT_LISTED
        self.aware = self.first_ask = self.first_heard = self.passed = self.room = self.stock = NEVER
        self.hearings = self.asks = self.refusals = self.temporaries = 0
        self.removed = NEVER  # from the shelf
        self.supplies: list[list[float]] = []  # supply without stock: [from, until)
        self.use: Use | None = None  # its patients, once they are told
        self._practice: Practice | None = None
        self._needs = 0  # drawn so far
        self._lifted = False  # a temporary purchase has lifted a lock-out

    def _uniform(self, quantity: int, attempt: int = 0) -> float:
        return self.draws.uniform(quantity, attempt, self.hospital.id, self.drug.id)

    def _exponential(self, quantity: int, attempt: int = 0) -> float:
        return self.draws.exponential(quantity, attempt, self.hospital.id, self.drug.id)

    def _normal(self, quantity: int) -> float:
        return self.draws.normal(quantity, 0, self.hospital.id, self.drug.id)

    def obeys(self, lever: str, t: float) -> bool:
        """Does the hospital obey a lever about the drug at t?"""
        return self.rules.obeys(lever, self.hospital, self.drug, t)

    def practised(self) -> Practice:
        """What the hospital does about the drug from month to month."""
        if self._practice is None:
            self._practice = Practice(self.model, self.hospital, self.drug)
        return self._practice

    def run(self) -> Process:
        """The pair's life, from the listing on."""
        self.state = State.NOT_AWARE
        aware = self._learns()
        yield self.env.at(aware, Phase.LEARN)
        self.aware = aware
        duties = duty_clocks.clocks(self)
        if self.p.stages.committee:
            for lever, t in duties:
                due = self.rules.least_deadline(lever, self.hospital, self.drug, t, t, self.dates)
                self.committee.oblige(t, due)
        pushes = duty_clocks.pushes(self, duties)

        free = aware
        while True:
            attempt = self.asks + self.hearings - self.refusals  # a fresh draw for each hearing, whatever led to it
            self.state = State.NOT_ASKED
            w = yield from self._ask(free, attempt, pushes)
            self.asks += 1
            self.first_ask = min(self.first_ask, w)
            again = yield from self._see_through(w)
            if again is None:
                break
            free = again
        yield from self._buy()

    # ---- 4 Awareness

    def _learns(self) -> float:
        """The date on which the hospital learns of the listing."""
        if not self.p.stages.awareness:
            return self.drug.listed
        if self.p.clocks.listing == "listed" and self.obeys(duty_clocks.LISTING, self.drug.listed):
            return self.drug.listed
        t, factors, lag = self.drug.listed, self.p.awareness.channel_factor, self.model.lag[self.hospital.level]
        x = lag.at(self._uniform(q.Q_AWARE))
        words = self.rules.others("awareness.information_sharing", self.drug, t, self.hospital) or ()
        for word in ("official_sites", "social_media", "forums", "tripartite_meetings"):
            if word in words:
                x *= factors[word]
        if self.rules.others("awareness.cloud_platform", self.drug, t, self.hospital):
            x *= factors["cloud_platform"]
        if "hospital_entry" in (self.rules.others("readiness.guidance_scope", self.drug, t, self.hospital) or ()):
            x *= factors["hospital_entry"]
        return self.dates.up(self.dates.add(t, x, lag.unit))

    # ---- 5 Asking

    def _ask(self, x: float, attempt: int, pushes: list[tuple[float, float]]) -> Process:
        """Wait until a department asks, being free to ask from x on; the date."""
        if not self.p.stages.asking or self.p.asking.all_before_committee:
            return x
        if not self.r > 0:
            yield self.env.event()  # never
        interest = self.interest
        theta = interest.at(x) + self._exponential(q.Q_ASK, attempt) / self.r
        if theta <= interest.at(x):
            return x
        asks = interest.reaches(theta, x)
        for tp, years in pushes:
            if tp < x:
                continue  # lost in a lock-out
            yield asks | self.env.at(tp, Phase.PUSH)
            if asks.processed:
                return asks.value
            if theta > interest.at(tp):
                theta -= (years * YEAR) * interest.rate_at(tp)
                if theta <= interest.at(tp):
                    return tp
                asks = interest.reaches(theta, x)  # the old event passes unheard
        return (yield asks)

    # ---- 6 Committee, 7 Temporary purchase

    def _see_through(self, w: float) -> Process:
        """A request from its date w to the end: None if it passed, else the date from which one may ask anew."""
        if not self.p.stages.committee:
            # SEMANTICS: passes of one date take room in the order of drug ids, as in direct inclusion.
            yield self.env.at(w, Phase.DIRECT, self.drug.id / 2**32)
            self.pass_(w)
            return None
        request = Request(self, w, direct=self._reached_directly(w))
        since, need = w, self._draw_need(w)
        while True:
            outcome, m, barrier = yield from self._wait(request, since, need)
            if outcome is Verdict.PASS:
                return None
            self._end_supply(request, self.dates.months(m, self.p.temporary.ends_after_refusal_months))
            if outcome is None:  # unheard for too long
                return m
            self.refusals += 1
            self.state = State.REFUSED
            end = self.committee.lock_out_ends(self, m, barrier)
            again = (NEVER, 0) if self._lifted else self._draw_need(m)
            if not again[0] < end:
                yield self.env.at(end, Phase.RELEASE)
                return end
            # once a pair: a patient's need lifts the lock-out, and the request waits again as a temporary user's
            yield self.env.at(again[0], Phase.NEED)
            self._lifted = True
            self._begin_supply(request, again)
            since, need = again[0], (NEVER, 0)
            # SEMANTICS: the same request waits again, with its date of asking; direct inclusion is tried anew.
            request.direct = self._reached_directly(since)

    def _wait(self, request: Request, since: float, need: tuple[float, int]) -> Process:
        """Wait on the agenda, through deferrals, to (the verdict, its date, the barrier that is the reason).

        The verdict is None if the request went unheard for too long.
        """
        env, committee = self.env, self.committee
        committee.agenda[self.drug.index] = request
        self.state = State.WAITING
        direct_date = request.direct
        if direct_date < since or not (direct_date < NEVER and self.obeys("committee.direct_inclusion", direct_date)):
            direct_date = NEVER
        direct = env.at(direct_date, Phase.DIRECT, self.drug.id / 2**32)
        needed = env.at(need[0], Phase.NEED)
        lapse_date = self._lapses(since)
        lapse = env.at(lapse_date, Phase.RELEASE)
        last_chance = False  # the request leaves at the end of this date
        request.heard = env.event()
        while True:
            heard: simpy.Event = request.heard
            yield simpy.AnyOf(env, [heard, direct, lapse] if needed.processed else [heard, direct, lapse, needed])
            if heard.processed:
                verdict, m, barrier = heard.value  # type: ignore[misc]
                if verdict is not Verdict.DEFER:
                    return verdict, m, barrier
                self.state = State.DEFERRED
                lapse_date, last_chance = self._lapses(m), False
                lapse = env.at(lapse_date, Phase.RELEASE)
                request.heard = env.event()
            elif direct.processed:
                committee.withdraw(self)
                self.pass_(direct_date, request)
                return Verdict.PASS, direct_date, None
            elif lapse.processed:
                # SEMANTICS: a request leaves at x only if no step of x itself took it: it is still heard by a meeting
                # on x, or passes by direct inclusion on x. Otherwise it leaves before the pushes of x.
                if last_chance or not (lapse_date in committee.meetings or lapse_date == direct_date):
                    committee.withdraw(self)
                    return None, lapse_date, None
                lapse, last_chance = env.at(lapse_date, Phase.AFTER), True
            else:
                self._begin_supply(request, need)

    def _lapses(self, since: float) -> float:
        """The date on which a request that was last touched at `since` leaves the agenda unheard."""
        months = self.p.committee.unheard_leaves_after_months
        return NEVER if months is None else self.dates.months(since, months)

    def _reached_directly(self, t: float) -> float:
        return self.rules.first_moment("committee.direct_inclusion", self.hospital, self.drug, t)

    def _draw_need(self, w: float) -> tuple[float, int]:
        """The date on which a patient needs the drug before it is regular, and its number; never without a channel."""
        if not self.p.stages.temporary:
            return NEVER, 0
        e = self.rules.first_moment("committee.temporary_channel", self.hospital, self.drug, w)
        if e == NEVER or not self.obeys("committee.temporary_channel", e):
            return NEVER, 0
        j, self._needs = self._needs, self._needs + 1
        yearly = self.drug.patients * self.hospital.catchment / 100000 * self.p.temporary.share_in_need
        if not yearly > 0:
            return NEVER, j
        return self.dates.up(e + YEAR * self._exponential(q.Q_TEMPORARY, j) / yearly), j

    def _begin_supply(self, request: Request, need: tuple[float, int]) -> None:
        request.temporary = True
        self.temporaries += 1
        time_ = self.model.temporary_time
        bought = self.dates.add(need[0], time_.at(self._uniform(q.Q_TEMPORARY_TIME, need[1])), time_.unit)
        self.supplies.append([self.dates.up(bought), NEVER])  # SEMANTICS: `temporaries` counts needs, not deliveries

    def _end_supply(self, request: Request, t: float) -> None:
        if request.temporary:
            request.temporary = False
            self.supplies[-1][1] = t

    # ---- room, 8 Purchase

    def pass_(self, p: float, request: Request | None = None) -> None:
        """The committee has said yes (or was not asked): take a place, order the drug."""
        self.passed = p
        needs_place = self.p.stages.room and not self.rules.removed("formulary_size", self.hospital, self.drug, p)
        self.room = self.committee.room.take(p) if needs_place else p
        self._delivery = self._delivered(p)
        if request is not None:
            self._end_supply(request, self._delivery)

    def _delivered(self, p: float) -> float:
        """The date on which the drug is on the shelf."""
        if not self.p.stages.purchase:
            return self.room
        x = self.model.purchase_time.at(self._uniform(q.Q_PURCHASE))
        stock = self.dates.up(self.dates.add(self.room, x, self.model.purchase_time.unit))
        lever = "procurement.purchase_within"
        if self.obeys(lever, p):
            start = self.rules.value("procurement.purchase_clock_from", self.drug, p, self.hospital)
            clock = self.aware if start == "listing_known" else p
            due = self.rules.least_deadline(lever, self.hospital, self.drug, p, clock, self.dates)
            stock = max(self.room, min(stock, due))
        return stock

    def _buy(self) -> Process:
        self.state = State.WAITING_FOR_ROOM
        yield self.env.at(self.room, Phase.DELIVER)
        self.state = State.BEING_BOUGHT
        # what passed on a first of a month does not count in that month's share, even if it is there at once
        at_once = self._delivery == self.passed
        yield self.env.at(self._delivery, Phase.AFTER if at_once else Phase.DELIVER)
        self.state, self.stock = State.STOCKED, self._delivery
        self.interest.stocking += 1
        self.model.accounts.note_stock(self)

    def take_off(self, first: float) -> None:
        """Nobody uses the drug: it leaves the shelf for good on the first of a month, and its place is free."""
        self.state, self.removed = State.REMOVED, first
        self.interest.stocking -= 1
        self.committee.room.give_back(first)

    # ---- what is told at the end

    def temporary_from(self) -> float:
        """First date of temporary supply.

        SEMANTICS: a supply that would begin on or after its end (stock date, or months after a refusal) never was.
        """
        return min((begin for begin, end in [*self.supplies, self._recorded()] if begin < end), default=NEVER)

    def without_stock(self) -> list[list[float]]:
        """Supply without stock: temporary purchases, and recorded ones."""
        begin, end = self._recorded()
        return [*self.supplies, [begin, end]] if begin < end else self.supplies

    def _recorded(self) -> tuple[float, float]:
        """From when to when a patient's small purchase on filing supplies the pair, the drug being not yet listed."""
        drug, hospital, p = self.drug, self.hospital, self.p.temporary
        yearly = drug.patients * hospital.catchment / 100000 * p.recorded_in_need
        if not (self.p.stages.temporary and self.p.stages.committee and yearly > 0 and drug.recorded < NEVER):
            return NEVER, NEVER
        need = self.dates.up(drug.recorded + YEAR * self._exponential(q.Q_RECORDED) / yearly)
        if not need < drug.listed:
            return NEVER, NEVER
        time_ = self.model.temporary_time
        bought = self.dates.up(self.dates.add(need, time_.at(self._uniform(q.Q_RECORDED_TIME)), time_.unit))
        return bought, min(self.stock, self.dates.months(drug.listed, p.recorded_ends_months))

    def final_state(self) -> State:
        """The state at the horizon; temporary supply goes before all that is between asking and stock.

        SEMANTICS: supply runs from its first date to the day before its end; "not asked" after a lapse stays so, but
        not under recorded purchasing, which goes before all that is not stock.
        """
        horizon = self.env.horizon
        begin, end = self._recorded()
        if begin < horizon <= end:
            return State.TEMPORARY
        supplied = any(begin < horizon <= end for begin, end in self.supplies)
        return State.TEMPORARY if supplied and State.WAITING <= self.state <= State.BEING_BOUGHT else self.state
