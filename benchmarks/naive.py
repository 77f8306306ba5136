"""The plain twin: stages 1 to 8 of the model as a typical SimPy user would write them.

One process a drug (readiness, listing), one a drug and target hospital (awareness, asking, temporary purchase,
purchase), one a committee (meetings), one for the dates on which interest is read (first of the month,
publications). It follows `docs/semantics.md` and shares streams, dates and the built world with the compiled engine,
but no decision: with the same draws both must give the same dates, bit for bit.

    python -m benchmarks.naive SCENARIO [REPLICATION]

A comment `SEMANTICS:` marks a place where the page leaves a choice.
"""

from __future__ import annotations

import heapq
import itertools
import math
import sys
import time
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import simpy

from benchmarks.naive_committee import Committee, Request, Verdict
from benchmarks.naive_listing import Clock, Listing, Phase, Process, Readiness, application_list, catalogue_rounds
from benchmarks.naive_rules import NEVER, YEAR, Dates, Draws, Drug, Hospital, Lasting, Rules, drugs_of, hospitals_of
from simlib import streams as q
from simlib.policy.levers import BARRIERS
from simlib.scenario import load_scenario
from simlib.world.build import World, build_world
from simlib.world.cohort import CLASSES
from simlib.world.region import TYPES

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


# -------------------------------------------------------------------------------------------------------- interest


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


# ----------------------------------------------------------------------------------------------- drug and hospital


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
        self.supplies: list[list[float]] = []  # temporary supply: [from, until]
        self._needs = 0  # drawn so far
        self._lifted = False  # a temporary purchase has lifted a lock-out

    def _uniform(self, quantity: int, attempt: int = 0) -> float:
        return self.draws.uniform(quantity, attempt, self.hospital.id, self.drug.id)

    def _exponential(self, quantity: int, attempt: int = 0) -> float:
        return self.draws.exponential(quantity, attempt, self.hospital.id, self.drug.id)

    def _normal(self, quantity: int) -> float:
        return self.draws.normal(quantity, 0, self.hospital.id, self.drug.id)

    def _obeys(self, lever: str, t: float) -> bool:
        return self.rules.obeys(lever, self.hospital, self.drug, t)

    def run(self) -> Process:
        """The pair's life, from the listing on."""
        self.state = State.NOT_AWARE
        aware = self._learns()
        yield self.env.at(aware, Phase.LEARN)
        self.aware = aware
        duties = self._duties()
        if self.p.stages.committee:
            for lever, t in duties:
                due = self.rules.least_deadline(lever, self.hospital, self.drug, t, t, self.dates)
                self.committee.oblige(t, due)
        pushes = self._pushes(duties)

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
        t, factors, lag = self.drug.listed, self.p.awareness.channel_factor, self.model.lag[self.hospital.level]
        x = lag.at(self._uniform(q.Q_AWARE))
        words = self.rules.others("awareness.information_sharing", self.drug, t, self.hospital) or ()
        for word in ("official_sites", "social_media", "forums", "tripartite_meetings"):
            if word in words:
                x *= factors[word]
        if self.rules.others("awareness.cloud_platform", self.drug, t, self.hospital):
            x *= factors["cloud_platform"]
        return self.dates.up(self.dates.add(t, x, lag.unit))

    # ---- 5 Asking

    def _duties(self) -> list[tuple[str, float]]:
        """Duties that the hospital obeys, with their clocks."""
        drug, aware = self.drug, self.aware
        clocks = [("committee.duty.listing", aware)]
        clocks += [("committee.duty.catalogue", max(drug.entered, aware))]
        clocks += [("committee.duty.catalogue", max(drug.commercial, aware))]
        clocks += [("committee.duty.application_list", max(drug.list_entry, aware))]
        return [(lever, t) for lever, t in clocks if t < self.env.horizon and self._obeys(lever, t)]

    def _pushes(self, duties: list[tuple[str, float]]) -> list[tuple[float, float]]:
        """Dates on which the hospital canvasses its departments, in order, and the years of asking each is worth."""
        a = self.p.asking
        found = {t: a.push_exposure for _, t in duties}
        if self._obeys("committee.enter_on_approval", self.aware):
            found[self.aware] = a.push_exposure
        again = a.push_exposure * a.push_recheck
        first = min(self.drug.entered, self.drug.commercial)
        for round_ in self.model.world.scenario.rounds:
            t = round_.published
            if t > first and t >= self.aware and self._obeys("committee.duty.catalogue", t):
                found[t] = max(again, found.get(t, 0.0))
        return sorted(found.items())

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
        if direct_date < since or not (direct_date < NEVER and self._obeys("committee.direct_inclusion", direct_date)):
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
        if e == NEVER or not self._obeys("committee.temporary_channel", e):
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
        if self._obeys(lever, p):
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

    # ---- what is told at the end

    def temporary_from(self) -> float:
        """First date of temporary supply.

        SEMANTICS: a supply that would begin on or after its end (stock date, or months after a refusal) never was.
        """
        return min((begin for begin, end in self.supplies if begin < end), default=NEVER)

    def final_state(self) -> State:
        """The state at the horizon; temporary supply goes before all that is between asking and stock.

        SEMANTICS: supply runs from its first date to the day before its end; "not asked" after a lapse stays so.
        """
        horizon = self.env.horizon
        supplied = any(begin < horizon <= end for begin, end in self.supplies)
        return State.TEMPORARY if supplied and State.WAITING <= self.state <= State.BEING_BOUGHT else self.state


# ----------------------------------------------------------------------------------------------------------- model


@dataclass
class BarrierCount:
    """Hearings at which a barrier weighed, and at which it alone kept the drug from passing."""

    active: int = 0
    decisive: int = 0

    def note(self, decisive: bool) -> None:
        """Count one hearing."""
        self.active += 1
        self.decisive += decisive


class Model:
    """One replication of a world: builds the processes and runs them to the horizon."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.draws, self.dates = Draws(world.key), Dates(world)
        self.rules = Rules(world, self.draws)
        self.env = Clock(world.horizon)
        self.firsts, self.knots = world.firsts.tolist(), world.knots.tolist()
        self.drugs, self.hospitals = drugs_of(world), hospitals_of(world)
        p = world.p
        self.lag = dict(zip((1, 2, 3), map(Lasting, p.awareness.lag.all()), strict=True))
        self.temporary_time, self.purchase_time = Lasting(p.temporary.time), Lasting(p.purchase.time)
        self.barriers = {name: BarrierCount() for name in BARRIERS}
        self._before_the_clock()
        self.committees = [Committee(self, h) for h in self.hospitals]
        self.interest = {(d.index, level): Interest(self, d, level) for d in self.drugs for level in (1, 2, 3)}
        self.pairs: list[list[Pair]] = [self._pairs_of(d) for d in self.drugs]  # by drug
        self.listing = Listing(self.env, world, self.rules, self.dates, self.draws)
        for drug in self.drugs:
            self.env.process(self._drug(drug))
        self.env.process(self._read_interest())

    def _before_the_clock(self) -> None:
        """Catalogues come first, since some firms file by them."""
        catalogue_rounds(self.world, self.rules, self.draws, self.drugs)
        readiness = Readiness(self.world, self.rules, self.dates, self.draws)
        for drug in self.drugs:
            # SEMANTICS: the stage of catalogues switches the application list off as well.
            if self.world.p.stages.catalogue:
                drug.list_entry = application_list(self.world, self.rules, self.dates, self.draws, drug)
            drug.filed = readiness.filed(drug)

    def _pairs_of(self, drug: Drug) -> list[Pair]:
        pairs = []
        for hospital in self.hospitals:
            if is_target(self.world, self.draws, drug, hospital):
                pairs.append(Pair(self, drug, hospital))
                self.interest[drug.index, hospital.level].targets += 1
        return pairs

    def _drug(self, drug: Drug) -> Process:
        """A drug's way to its listing, from which on it is every target hospital's business."""
        yield from self.listing.pass_through(drug)
        for pair in self.pairs[drug.index]:
            self.env.process(pair.run())

    def _read_interest(self) -> Process:
        """On the first of a month, and when a catalogue is published, interest changes its pace."""
        firsts = {0.0, *self.firsts}
        followed = [i for i in self.interest.values() if i.targets]
        for knot, next_knot in itertools.pairwise([*self.knots, self.env.horizon]):
            first = knot in firsts
            yield self.env.at(knot, Phase.FIRST if first else Phase.PUBLISH)
            for interest in followed:
                interest.read(knot, next_knot, first)

    def run(self) -> Result:
        """Run to the horizon and collect what happened."""
        self.env.run(until=self.env.horizon)
        return Result.of(self)


DRUG_DATES = ("filed", "arrival", "listed", "entered", "effective", "commercial", "list_entry")
PAIR_DATES = ("aware", "first_ask", "first_heard", "passed", "stock")
PAIR_COUNTS = ("hearings", "asks", "refusals", "temporaries")


@dataclass(frozen=True)
class Result:
    """Dates (inf: never before the horizon), counts and final states; arrays of D drugs, H hospitals, or (H, D)."""

    filed: np.ndarray
    arrival: np.ndarray
    listed: np.ndarray
    entered: np.ndarray
    effective: np.ndarray
    commercial: np.ndarray
    list_entry: np.ndarray
    in_time: np.ndarray  # -1 no limit (or not known by the horizon), 0 late, 1 in time
    aware: np.ndarray
    first_ask: np.ndarray
    first_heard: np.ndarray
    passed: np.ndarray
    stock: np.ndarray
    temporary_first: np.ndarray
    hearings: np.ndarray
    asks: np.ndarray
    refusals: np.ndarray
    temporaries: np.ndarray
    meetings: np.ndarray
    duty_meetings: np.ndarray
    state: np.ndarray  # codes of State
    barriers: dict[str, tuple[int, int]]  # name: (active, decisive), over all hearings

    @classmethod
    def of(cls, model: Model) -> Result:
        """Collect a finished run."""
        horizon, drugs = model.env.horizon, model.drugs
        shape = len(model.hospitals), len(drugs)

        def dates(values: list[float]) -> np.ndarray:
            t = np.array(values, float)
            return np.where(t < horizon, t, NEVER)

        found: dict[str, np.ndarray] = {n: dates([getattr(d, n) for d in drugs]) for n in DRUG_DATES}
        found["in_time"] = np.array([d.in_time for d in drugs], np.int8)
        found |= {n: np.full(shape, NEVER) for n in (*PAIR_DATES, "temporary_first")}
        found |= {n: np.zeros(shape, np.int64) for n in PAIR_COUNTS}
        found["state"] = np.full(shape, State.OUT_OF_TARGET, np.int8)
        for pair in itertools.chain.from_iterable(model.pairs):
            at = pair.hospital.index, pair.drug.index
            for n in (*PAIR_DATES, *PAIR_COUNTS):
                found[n][at] = getattr(pair, n)
            first = pair.temporary_from()
            found["temporary_first"][at] = first if first < horizon else NEVER
            found["state"][at] = pair.final_state()
        found["meetings"] = np.array([c.held for c in model.committees], np.int64)
        found["duty_meetings"] = np.array([len(c.duty_dates) for c in model.committees], np.int64)
        return cls(**found, barriers={n: (b.active, b.decisive) for n, b in model.barriers.items()})


def run(world: World) -> Result:
    """Simulate one replication of a world."""
    return Model(world).run()


def main(arguments: list[str]) -> None:
    """Run one replication of a scenario and print what came of it."""
    if not 1 <= len(arguments) <= 2:
        sys.exit("usage: python -m benchmarks.naive SCENARIO [REPLICATION]")
    world = build_world(load_scenario(arguments[0]), int(arguments[1]) if len(arguments) == 2 else 0)
    begin = time.perf_counter()
    result = run(world)
    seconds = time.perf_counter() - begin
    drugs, hospitals = world.drugs, world.hospitals
    print(f"{world.scenario.name}: {len(drugs)} drugs, {len(hospitals)} hospitals, {seconds:.2f} s")
    print(f"listed {np.isfinite(result.listed).sum()}, in the catalogue {np.isfinite(result.entered).sum()}")
    states = np.bincount(result.state.ravel(), minlength=len(State))
    for state in State:
        if states[state]:
            print(f"{state.name.lower().replace('_', ' '):>17} {states[state]}")
    print(f"hearings {result.hearings.sum()}, refusals {result.refusals.sum()}, meetings {result.meetings.sum()}")
    wait = (result.stock - drugs.approval)[np.isfinite(result.stock)]
    if len(wait):
        print(f"approval to stock, of those stocked: mean {wait.mean():.1f} days, median {np.median(wait):.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
