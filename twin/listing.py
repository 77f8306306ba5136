"""The plain twin before any hospital: catalogues, the firm's readiness, and listing with its reviewers.

Part of `twin`; follows `docs/semantics.md`, sections 1 to 3.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Generator, Iterator
from enum import IntEnum
from typing import Any

import simpy

from simlib import streams as q
from simlib.scenario import Round
from simlib.streams import grid
from simlib.world.build import World, logit
from twin.rules import NEVER, YEAR, Bound, Dates, Draws, Drug, Lasting, Rules, sigma

Process = Generator[simpy.Event, Any, Any]


class Phase(IntEnum):
    """What comes before what within one date. SimPy itself uses the priorities 0 and 1 for what follows at once."""

    PUBLISH = 2  # publications
    FINISH = 3  # from here on completions: reviewers finish, ...
    JOIN = 4  # ... dossiers join the queue, ...
    ASSIGN = 5  # ... free reviewers take the best of them
    LIST = 6
    NEED = 7  # a patient needs a temporary purchase
    RELEASE = 8  # lock-outs end, unheard requests lapse: before a push of the same date
    LEARN = 9
    PUSH = 10
    ASK = 11
    DELIVER = 12
    DIRECT = 13  # direct inclusion, by drug id
    ACCOUNTS = 14  # first of the month: what the month before came to, budgets, sittings, removal
    FIRST = 15  # first of the month: shares of stocking hospitals
    TRIGGER = 16  # duties to meet, by due date
    MEET = 17
    AFTER = 18  # requests that lapse on the date of a meeting that did not hear them


class Clock(simpy.Environment):
    """A SimPy environment that schedules at absolute times, in the phases of a date.

    Times are on a grid of 2**-20 day, so that `t - now` and `now + (t - now)` are exact.
    """

    def __init__(self, horizon: float) -> None:
        super().__init__()
        self.horizon = horizon

    def at(self, t: float, phase: Phase, order: float = 0.0) -> simpy.Event:
        """An event at t with value t; at or past the horizon it never happens. `order` in [0, 1) sorts a phase."""
        return self.fire(self.event(), t, phase, order)

    def fire(self, event: simpy.Event, t: float, phase: Phase, order: float = 0.0) -> simpy.Event:
        """Let an event happen at t, with value t."""
        if t < self.now - 1e-6:
            raise ValueError(f"{phase.name} at {t}: it is already {self.now}")
        if t < self.horizon:
            event._ok, event._value = True, t
            self.schedule(event, phase + order, t - self.now)  # type: ignore[arg-type]
        return event


# ------------------------------------------------------------------------------------------------------ catalogues


def catalogue_rounds(world: World, rules: Rules, draws: Draws, drugs: list[Drug]) -> None:
    """Play the yearly rounds of the basic and the commercial catalogue; sets entered, effective, commercial."""
    eligible_rounds = dict.fromkeys((d.id for d in drugs), 0)
    for round_ in world.scenario.rounds:
        for drug in drugs:
            if not _in_window(world, round_, drug):
                continue
            t = round_.cut_off
            if rules.others("catalogue.nrdl.cycle", drug, t, deciding=True) == "regular" and drug.entered == NEVER:
                x = _basic_log_odds(world, rules, drug, t, attempt=eligible_rounds[drug.id])
                eligible_rounds[drug.id] += 1
                if draws.uniform(q.Q_CATALOGUE, round_.year, 0, drug.id) < sigma(x):
                    drug.entered, drug.effective = round_.published, round_.effective
            c = world.p.catalogue
            wanted = drug.entered == NEVER and drug.commercial == NEVER and drug.price > c.commercial_price_above
            if wanted and rules.others("catalogue.commercial.enabled", drug, t, deciding=True):
                y = _commercial_log_odds(world, rules, drug, t)
                if draws.uniform(q.Q_COMMERCIAL, round_.year, 0, drug.id) < sigma(y):
                    drug.commercial, drug.commercial_effective = round_.published, round_.effective


def _in_window(world: World, round_: Round, drug: Drug) -> bool:
    return round_.cut_off - world.p.catalogue.look_back_years * YEAR < drug.approval <= round_.cut_off


def _basic_log_odds(world: World, rules: Rules, drug: Drug, t: float, attempt: int) -> float:
    c = world.p.catalogue
    has = lambda lever: rules.others(lever, drug, t, deciding=True)  # noqa: E731
    x = logit(c.first_success if attempt == 0 else c.later_success)
    x = x + c.value_weight * drug.value - c.price_weight * drug.price + c.foreign_weight * drug.foreign
    x += c.support_weight * bool(has("catalogue.admission_support"))
    guided = has("readiness.guidance_from") and "catalogue_admission" in (has("readiness.guidance_scope") or ())
    x += c.support_weight * bool(guided)
    x += c.value_price_weight * (bool(has("catalogue.nrdl.value_based_price")) - 1)
    x += c.evidence_weight * ("admission" in (has("catalogue.real_world_evidence") or ()))
    x += c.renewal_weight * (has("catalogue.nrdl.renewal_cut_cap") == "simple_renewal_rate")
    x += c.transition_weight * bool(drug.commercial <= t and has("catalogue.commercial.nrdl_link"))
    return x


def _commercial_log_odds(world: World, rules: Rules, drug: Drug, t: float) -> float:
    c = world.p.catalogue
    has = lambda lever: rules.others(lever, drug, t, deciding=True)  # noqa: E731
    y = logit(c.commercial_success) + c.value_weight * drug.value
    y += c.agreed_price_weight * (has("catalogue.commercial.settlement_price") == "agreed")
    y += c.confidentiality_weight * (has("catalogue.commercial.price_confidentiality") == "strict")
    return y


def recorded_from(rules: Rules, drug: Drug) -> float:
    """The first date, approved, on which the platform lets the drug be bought on filing before it is listed."""
    lever = "listing.other_routes"
    for t in sorted(r.from_(drug, drug.approval) for r in rules.by_lever.get(lever, ())):
        if t < NEVER and "recorded" in (rules.others(lever, drug, t) or ()):
            return t
    return NEVER


def application_list(world: World, rules: Rules, dates: Dates, draws: Draws, drug: Drug) -> tuple[float, bool]:
    """(the date on which the local application list takes the drug in, is that the first date of the list).

    SEMANTICS: each rule gives an entry of its own, if it is in force then, not "none", and obeyed then (with the
    strongest of the rules in force); the earliest counts. The first date is that of the rule by which the drug enters
    (of any of them, if several do that day).
    SEMANTICS: "periodic" dates are up(add_months(...)), the up for intervals that are no whole number of months.
    """
    lever, c = "catalogue.application_list.update", world.p.catalogue
    if not (drug.local or draws.uniform(q.Q_LIST_MEMBER, 0, 0, drug.id) < c.list_membership):
        return NEVER, False
    entries = []
    for rule in rules.by_lever.get(lever, ()):
        if rule.value != "none":
            entry, opening = _list_entry(world, dates, drug, rule)
            if entry < NEVER and rule.holds(drug, entry, None):
                if rules.other_obeys(lever, drug, rules.in_force(lever, drug, entry)):
                    entries.append((entry, entry == opening))
    entry = min((e for e, _ in entries), default=NEVER)
    return entry, (entry, True) in entries


def _list_entry(world: World, dates: Dates, drug: Drug, rule: Bound) -> tuple[float, float]:
    """(the date on which a rule's list takes the drug in, the first date of that list)."""
    c = world.p.catalogue
    opened = max(rule.start, world.scenario.policy_from)
    opening = dates.up(opened + c.list_open)
    first = max(opened, drug.approval) + c.list_open
    if rule.value == "continuous":
        return dates.up(first), opening
    k, entry = 0, opening
    while entry < first:
        k += 1
        entry = dates.months(opening, k * c.list_interval_months)
    return entry, opening


# ------------------------------------------------------------------------------------------------------- readiness


class Readiness:
    """Stage 1: when the firm files its listing application."""

    def __init__(self, world: World, rules: Rules, dates: Dates, draws: Draws) -> None:
        self.world, self.rules, self.dates, self.draws = world, rules, dates, draws
        self.time = Lasting(world.p.readiness.time)
        self.lag = Lasting(world.p.readiness.later_province_lag)

    def filed(self, drug: Drug) -> float:
        """The date of filing."""
        rules, roll = self.rules, self.dates.roll
        if not self.world.p.stages.readiness:
            return roll(drug.approval)
        prepared = self._prepared(drug)
        filed = roll(prepared)
        if not self.draws.uniform(q.Q_PROVINCE_TURN, 0, 0, drug.id) < self._chance_of_first(drug):
            filed = roll(self._after_other_provinces(drug, prepared))
        if drug.entered < NEVER and rules.others("listing.in_step_with_catalogue", drug, drug.entered):
            filed = min(filed, roll(max(drug.entered, drug.approval)))
        w = self.world.p.listing.window_interval
        if w > 0 and filed < NEVER and rules.others("listing.application_window", drug, filed) != "any_time":
            filed = roll(math.ceil(filed / w) * w)
        return filed

    def _prepared(self, drug: Drug) -> float:
        p, has = self.world.p.readiness, lambda lever: self.rules.others(lever, drug, drug.approval)
        own_time = self.time.at(self.draws.uniform(q.Q_READINESS, 0, 0, drug.id))
        # SEMANTICS: the power as a product, times R: pow() need not give the same last bit.
        support = 1.0
        for _ in has("readiness.firm_support") or ():
            support *= p.support_factor
        lead = p.guidance_lead[has("readiness.guidance_from") or "approval"]
        quality = p.quality_evaluation if has("listing.quality_tier_evaluation") else 0.0
        ready = self.dates.add(drug.approval, own_time * support, self.time.unit)
        return max(drug.approval, ready + quality - lead)

    def _after_other_provinces(self, drug: Drug, prepared: float) -> float:
        lag = self.lag.at(self.draws.uniform(q.Q_PROVINCE_LAG, 0, 0, drug.id))
        coordination = self.rules.others("listing.cross_province_coordination", drug, prepared)
        if coordination:
            lag = lag * self.world.p.readiness.coordination_factor[coordination]
        return self.dates.add(prepared, lag, self.lag.unit)

    def _chance_of_first(self, drug: Drug) -> float:
        """The chance that the firm files here before any other province."""
        p = self.world.p.readiness
        if not self.rules.others("listing.first_province_choice", drug, drug.approval):
            return 1.0 / p.provinces
        s = p.choice_scale
        attraction = math.exp(-self._expected_days_here(drug) / s)
        return attraction / (attraction + (p.provinces - 1) * math.exp(-p.national_listing / s))

    def _expected_days_here(self, drug: Drug) -> float:
        # SEMANTICS: the limits that shorten the expectation are those in force and obeyed (`others`) at approval.
        p, t, share = self.world.p, drug.approval, self.world.p.listing.publication_share
        here = p.readiness.national_listing * standing_factor(self.world, self.rules, drug, t)
        review = here * (1 - share)
        publication = here * share * publication_factor(self.world, self.rules, drug, t)
        if limit := self.rules.others("listing.review_limit", drug, t):
            review = min(review, _expected(limit))
        here = review + publication
        if limit := self.rules.others("listing.whole_limit", drug, t):
            here = min(here, _expected(limit))
        return here


def _expected(limit: tuple[float, str]) -> float:
    """Calendar days that a firm expects of a limit."""
    return limit[0] * {"working_days": 1.4, "days": 1.0, "months": 30.4375}[limit[1]]


def standing_factor(world: World, rules: Rules, drug: Drug, t: float) -> float:
    """Factor on the time in which a dossier waits for nobody, by the rules at t.

    SEMANTICS: one product, which then multiplies S (not S times one factor after the other).
    """
    factors, product = world.p.listing.standing_factor, 1.0
    if rules.others("listing.green_channel", drug, t):
        product *= factors["green_channel"]
    if rules.others("listing.pricing", drug, t) == "autonomous":
        product *= factors["autonomous_pricing"]
    for name in ("direct", "price_guidance"):
        if rules.others(f"listing.{name}", drug, t):
            product *= factors[name]
    return product


def publication_factor(world: World, rules: Rules, drug: Drug, t: float) -> float:
    """Factor on the part of the standing time that follows the review."""
    return world.p.listing.publication_factor["one_stop"] if rules.others("listing.one_stop", drug, t) else 1.0


# --------------------------------------------------------------------------------------------------------- listing


class ReviewDesk:
    """The platform's reviewers and their queue.

    Why not `simpy.PriorityResource`: that gives a free reviewer to whoever asks first within a moment. Here all who
    finish and all who arrive at a moment come first; then the free reviewers take the best of all who wait.
    """

    def __init__(self, env: Clock, dates: Dates, reviewers: int | str) -> None:
        self.env, self.dates = env, dates
        self.free = math.inf if reviewers == "unlimited" else int(reviewers)
        self.queue: list[tuple[tuple[float, float, int], simpy.Event]] = []
        self._called = False

    def review(self, place: tuple[float, float, int], work: float, unit: int) -> Process:
        """Wait for a reviewer in the order of `place` (due, arrival, id), then be worked on; returns the end."""
        turn = self.env.event()
        heapq.heappush(self.queue, (place, turn))
        self._call()
        yield turn
        done = self.dates.add(self.env.now, work, unit)
        yield self.env.at(done, Phase.FINISH)
        self.free += 1
        self._call()
        return done

    def _call(self) -> None:
        """Assign reviewers once this moment's finishers and arrivals are all known."""
        if not self._called:
            self._called = True
            self.env.at(self.env.now, Phase.ASSIGN).callbacks.append(self._assign)

    def _assign(self, _: simpy.Event) -> None:
        self._called = False
        while self.queue and self.free > 0:
            self.free -= 1
            heapq.heappop(self.queue)[1].succeed()


class Listing:
    """Stage 2: a dossier's way through the platform."""

    def __init__(self, env: Clock, world: World, rules: Rules, dates: Dates, draws: Draws) -> None:
        self.env, self.world, self.rules, self.dates, self.draws = env, world, rules, dates, draws
        p = world.p.listing
        self.work, self.standing, self.correction = Lasting(p.work), Lasting(p.standing), Lasting(p.correction)
        self.desk = ReviewDesk(env, dates, p.reviewers)
        if world.p.stages.listing and p.background_per_year > 0 and p.reviewers != "unlimited":
            env.process(self._background(p.background_per_year))

    def pass_through(self, drug: Drug) -> Process:
        """From filing to listing; sets arrival, in_time and listed as they happen."""
        yield self.env.at(drug.filed, Phase.JOIN)
        listed = drug.filed
        if self.world.p.stages.listing:
            listed = yield from self._procedure(drug)
        else:
            drug.arrival = drug.filed  # SEMANTICS: the page names no arrival where the stage is off
        yield self.env.at(listed, Phase.LIST)
        drug.listed = listed

    def _procedure(self, drug: Drug) -> Process:
        dates, rules, filed, p = self.dates, self.rules, drug.filed, self.world.p.listing
        arrival, away = yield from self._completed(drug)
        drug.arrival = arrival
        due_review = self._due("listing.review_limit", drug, arrival)
        due_whole = self._due("listing.whole_limit", drug, filed)
        if away > 0 and due_whole is not None and not p.corrections_count:
            due_whole = dates.deadline(due_whole, (away, "working_days"))
        dues = [due for due in (due_review, due_whole) if due is not None]
        place = (min(dues) if dues else self._customary(arrival), arrival, drug.id)
        if dues and min(dues) < self.env.horizon:
            # SEMANTICS: late until it turns out otherwise; a dossier still in work at the horizon, with no due date
            # before it, is not known (-1).
            drug.in_time = 0

        work = self.work.at(self.draws.uniform(q.Q_WORK, 0, 0, drug.id))
        for name in ("joint_review", "simplified_dossier"):
            if rules.others(f"listing.{name}", drug, filed):
                work *= p.work_factor[name]
        done = yield from self.desk.review(place, work, self.work.unit)

        standing = self.standing.at(self.draws.uniform(q.Q_STANDING, 0, 0, drug.id))
        standing *= standing_factor(self.world, rules, drug, filed)
        share, unit = p.publication_share, self.standing.unit
        reviewed = dates.add(done, standing * (1 - share), unit)
        if due_review is not None and rules.others("listing.review_limit", drug, filed):
            reviewed = max(done, min(reviewed, due_review))
        publishing = standing * share * publication_factor(self.world, rules, drug, filed)
        released = dates.add(reviewed, publishing, unit)
        if due_whole is not None and rules.others("listing.whole_limit", drug, filed):
            released = max(done, min(released, due_whole))
        listed = dates.roll(released)
        if dues:
            review_in_time = due_review is None or dates.roll(reviewed) <= due_review
            drug.in_time = int(review_in_time and (due_whole is None or listed <= due_whole))
        return listed

    def _completed(self, drug: Drug) -> Process:
        """Returns of a dossier that is not complete: (date of the accepted one, working days it was away)."""
        p, t, away = self.world.p.listing, drug.filed, 0.0
        log_odds = logit(p.complete)
        # SEMANTICS: added one after the other, not their sum at once.
        for name in ("early_contact", "simplified_dossier"):
            if self.rules.others(f"listing.{name}", drug, drug.filed):
                log_odds += p.complete_log_odds[name]
        for k in range(p.max_returns):
            if self.draws.uniform(q.Q_COMPLETE, k, 0, drug.id) < sigma(log_odds):
                break
            x = self.correction.at(self.draws.uniform(q.Q_CORRECTION, k, 0, drug.id))
            back = self.dates.roll(self.dates.add(t, x, self.correction.unit))
            yield self.env.at(back, Phase.JOIN)
            away += self.dates.working_between(t, back)
            t = back
        return t, away

    def _due(self, lever: str, drug: Drug, clock: float) -> float | None:
        """The last day of a limit, whether or not it is obeyed.

        SEMANTICS: of several limits in force the one with the earliest deadline (units may differ).
        """
        limits = [r.value for r in self.rules.in_force(lever, drug, drug.filed)]
        return min((self.dates.deadline(clock, limit) for limit in limits), default=None)

    def _customary(self, arrival: float) -> float:
        return self.dates.deadline(arrival, (self.world.p.listing.customary_limit, "working_days"))

    def _background(self, per_year: float) -> Process:
        """Other applications, which share the reviewers."""
        for i, arrival in self._background_arrivals(per_year):
            yield self.env.at(arrival, Phase.JOIN)
            work = self.work.at(self.draws.uniform(q.Q_BACKGROUND_WORK, i))
            place = (self._customary(arrival), arrival, 2**32 + i)
            self.env.process(self.desk.review(place, work, self.work.unit))

    def _background_arrivals(self, per_year: float) -> Iterator[tuple[int, float]]:
        i, total = 0, 0.0
        while (total := total + self.draws.exponential(q.Q_BACKGROUND_GAP, i) * YEAR / per_year) < self.env.horizon:
            yield i, self.dates.roll(grid(total))
            i += 1
