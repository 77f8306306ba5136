"""The plain twin's committees: meetings, agenda, decisions.

Part of `twin`; follows `docs/semantics.md`, section 6. A comment `SEMANTICS:` marks a place where that
page leaves a choice.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

import simpy

from simlib import streams as q
from simlib.policy.levers import BARRIERS
from simlib.streams import grid
from simlib.world.parameters import Fixed
from twin.listing import Phase, Process
from twin.room import Room
from twin.rules import NEVER, YEAR, Bound, Hospital, Lasting, strongest

if TYPE_CHECKING:
    from twin.model import Model
    from twin.pair import Pair


class Verdict(Enum):
    """What a committee says about a request."""

    PASS = "pass"
    DEFER = "defer"
    REFUSE = "refuse"


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


# ------------------------------------------------------------------------------------------------------- committee


@dataclass(eq=False)
class Request:
    """A drug on a committee's agenda."""

    pair: Pair
    date: float  # of this asking
    direct: float  # when direct inclusion first reaches it
    temporary: bool = False  # the drug is used already
    heard: simpy.Event | None = None


class Committee:
    """One hospital's drug committee: its meetings, its agenda, its decisions."""

    def __init__(self, model: Model, hospital: Hospital) -> None:
        self.model, self.hospital = model, hospital
        self.p, self.rules, self.draws, self.dates = model.world.p, model.rules, model.draws, model.dates
        self.room = Room(model, hospital)
        self.agenda: dict[int, Request] = {}  # by drug
        self.meetings: set[float] = set()  # dates, those to come as well
        self.duty_dates: list[float] = []
        self.held = 0
        self.backlog = self.p.committee.backlog
        self._triggers: dict[float, set[float]] = {}  # clock: due dates
        self._view_of: dict[int, float] = {}
        if self.p.stages.committee:
            self.meetings = self._regular_meetings()
            self._add_minimum()
            model.env.process(self._meet_regularly(sorted(self.meetings)))

    # ---- when it meets

    def _meet_regularly(self, days: list[float]) -> Process:
        for m in days:
            yield self.model.env.at(m, Phase.MEET)
            self.meet(m)

    def _regular_meetings(self) -> set[float]:
        """The keyed series that nothing moves, to the end of the year that holds the horizon."""
        r, roll, h = self.p.committee.meetings, self.dates.roll, self.hospital
        until = self.model.env.horizon + 366

        def u(quantity: int, j: int = 0) -> float:
            return self.draws.uniform(quantity, j, h.id, 0)

        days: list[float] = []
        if r.intervals is not None:
            interval, m = Lasting(r.intervals), 0.0
            for j in itertools.count():
                m = self.dates.add(m, interval.at(u(q.Q_INTERVAL, j)), interval.unit)
                if m >= until:
                    break
                days.append(m)
        else:
            step: float = r.grid if r.every is None else r.every[f"level_{h.level}"]  # type: ignore
            phase = r.phase if r.phase is not None else u(q.Q_PHASE) * step
            for j in itertools.count():
                m = phase + j * step
                if m >= until + step:  # a jitter is shorter than a step
                    break
                if r.every is None:
                    m += (2 * u(q.Q_JITTER, j) - 1) * r.jitter
                days.append(m)
        return {roll(m) for m in days if 0 <= m < until} - {NEVER}

    def _add_minimum(self) -> None:
        """Meetings in the longest gaps of the years that have fewer than a rule says."""
        for start, end in self._years():
            if whole := self._minimum_through(start, end):
                self._fill(start, end, max(r.value for r in whole))
            if self.p.clocks.minimum == "pro_rata":
                # SEMANTICS: after the whole year, if that has a minimum; stretches in the order of their starts, one a
                # start. What holds through a stretch: rules that began before it too.
                for t in (t for t in self.rules.starts if start < t < end):
                    rules = self._minimum_through(t, end)
                    if any(r.start == t for r in rules):
                        wanted = max(r.value for r in rules)
                        self._fill(t, end, math.floor(wanted * (end - t) / (end - start) + 0.5))

    def _minimum_through(self, start: float, end: float) -> list[Bound]:
        """Rules of the minimum that bind the hospital from start to end (or the horizon); none if it does not obey.

        SEMANTICS: the drug scope of this rule is not asked for; the largest number and the strongest strength of the
        rules that are in force all that time; meetings past the horizon count for a year cut by it.
        """
        lever, last = "committee.min_meetings_per_year", min(end, self.model.env.horizon)
        found = [r for r in self.rules.by_lever.get(lever, ()) if r.binds_through(start, last, self.hospital)]
        obeyed = found and self.rules.complies(lever, strongest(found), self.hospital, None, start)
        return found if obeyed else []

    def _years(self) -> list[tuple[float, float]]:
        """Years for the minimum, (first moment, first moment of the next), that start before the horizon."""
        horizon, calendar = self.model.env.horizon, self.dates.calendar
        if self.dates.every_day:
            origin = self.model.world.scenario.policy_from
            k0 = -math.floor(origin / YEAR)  # blocks before policy_from too, as far as they start at 0 or later
            starts = (origin + k * YEAR for k in itertools.count(k0))
            return [(a, a + YEAR) for a in itertools.takewhile(lambda a: a < horizon, starts) if a >= 0]
        first, last = calendar.start.year, calendar.date(horizon).year
        years = [(calendar.index(date(y, 1, 1)), calendar.index(date(y + 1, 1, 1))) for y in range(first, last + 1)]
        return [(a, b) for a, b in years if 0 <= a < horizon]

    def _fill(self, start: float, end: float, wanted: int) -> None:
        while True:
            held = sorted(m for m in self.meetings if start <= m < end)
            if len(held) >= wanted:
                return
            gaps = list(itertools.pairwise([start, *held, end]))
            a, b = max(gaps, key=lambda gap: gap[1] - gap[0])  # the first of equals
            new = grid((a + b) / 2) if self.dates.every_day else self.dates.roll(math.floor((a + b) / 2))
            if not a < new < b:
                return
            self.meetings.add(new)

    def oblige(self, clock: float, due: float) -> None:
        """A duty: from `clock` on, to meet by `due`."""
        if due >= self.model.env.horizon:
            return  # SEMANTICS: a duty meeting past the horizon is not added, and not counted in its year
        if clock not in self._triggers:
            self._triggers[clock] = set()
            self.model.env.at(clock, Phase.TRIGGER).callbacks.append(lambda _: self._fix_duty_meetings(clock))
        self._triggers[clock].add(due)

    def _fix_duty_meetings(self, clock: float) -> None:
        for due in sorted(self._triggers.pop(clock)):
            if any(clock <= m <= due for m in self.meetings):
                continue
            year = self.dates.year(due)
            already = sum(self.dates.year(m) == year for m in self.duty_dates)
            if already < self.p.committee.max_duty_meetings_a_year:
                self.meetings.add(due)
                self.duty_dates.append(due)
                self.model.env.process(self._meet_regularly([due]))

    # ---- what it hears

    def meet(self, m: float) -> None:
        """Hear as many requests as there are places, in the agenda's order."""
        self.held += 1
        if not self.agenda and not self.backlog:
            return
        for request in self._order()[: self._free_places(m)]:
            pair = request.pair
            if pair.hearings == 0:
                pair.first_heard = m
            verdict, barrier = self.decide(request, m)
            pair.hearings += 1
            if verdict is Verdict.PASS:
                pair.pass_(m, request)  # at once: the next of this meeting finds one place less
            if verdict is not Verdict.DEFER:
                self.withdraw(pair)
            heard, request.heard = request.heard, None
            heard.succeed((verdict, m, barrier))  # type: ignore[union-attr]

    def withdraw(self, pair: Pair) -> None:
        """Take a request from the agenda."""
        del self.agenda[pair.drug.index]

    def _order(self) -> list[Request]:
        by_need = self.p.committee.order == "need"

        def place(r: Request) -> tuple[bool, float, float, int]:
            need = r.pair.r * r.pair.drug.appeal if by_need else 0.0
            return not r.temporary, -need, r.date, r.pair.drug.id

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

    # ---- how it decides

    def decide(self, request: Request, m: float) -> tuple[Verdict, str | None]:
        """The verdict on a request, and the barrier that is the reason of a refusal (None: another reason)."""
        if self.p.decision.fixed is not None:
            return self._by_fixed_odds(request.pair, self.p.decision.fixed), None
        pair, h, d = request.pair, self.hospital, self.p.decision
        n, drug = pair.hearings, pair.drug

        merits = [d.b0.of(h.level), d.b_value * drug.value, d.b_relevance * pair.relevance, -(d.b_price * drug.price)]
        x = merits[0] + merits[1] + merits[2] + d.b_catalogue * (drug.entered <= m) + merits[3]
        for weight in self._duties(request, m):
            x += weight
        barriers = self._barriers(pair, m)
        for beta in barriers.values():
            x -= beta
        for weight in pair.practised().weights(m):
            x += weight

        y = (
            x
            + d.spread * math.sqrt(d.rho) * self.draws.normal(q.Q_ETA, 0, h.id, drug.id)
            + d.spread * math.sqrt(1 - d.rho) * self.draws.normal(q.Q_EPSILON, n, h.id, drug.id)
        )
        for name, beta in barriers.items():
            self.model.barriers[name].note(decisive=y <= 0 < y + beta)
        if y > 0:
            return Verdict.PASS, None
        if y > -self._width_of_deferral(pair, m):
            return Verdict.DEFER, None
        return Verdict.REFUSE, reason(merits, barriers)

    def _by_fixed_odds(self, pair: Pair, fixed: Fixed) -> Verdict:
        u = self.draws.uniform(q.Q_FIXED_DECISION, pair.hearings, self.hospital.id, pair.drug.id)
        if u < fixed.pass_:
            return Verdict.PASS
        return Verdict.DEFER if u < fixed.pass_ + fixed.defer else Verdict.REFUSE

    def _duties(self, request: Request, m: float) -> list[float]:
        """What duties, targets and use so far add to the log-odds, in the page's order.

        SEMANTICS: each is added by itself, b_duty and b_duty_all_due too.
        """
        d, rules, h, drug = self.p.decision, self.rules, self.hospital, request.pair.drug
        weights = []
        if rules.obeys("committee.duty_to_stock", h, drug, m):
            weights.append(d.b_duty)
            if rules.value("committee.duty_to_stock", drug, m, h) != "as_needed":
                weights.append(d.b_duty_all_due)
        if drug.entered <= m and rules.obeys("committee.provision_target", h, drug, m):
            weights.append(d.b_target)
        if request.temporary:
            weights.append(d.b_temporary)
        # SEMANTICS: only the guideline rules that are in force at m and started guideline_delay days ago count.
        if rules.others("committee.local_guideline", drug, m, h, delay=self.p.committee.guideline_delay):
            weights.append(self.p.committee.guideline_weight)
        return weights

    def _width_of_deferral(self, pair: Pair, m: float) -> float:
        delta = self.p.decision.delta
        if self.rules.obeys("committee.standard_procedure", self.hospital, pair.drug, m):
            delta *= self.p.committee.standard_procedure_defer_factor
        return delta

    def _barriers(self, pair: Pair, m: float) -> dict[str, float]:
        """The barriers that weigh on this hearing, with their weights, in the order of BARRIERS.

        SEMANTICS: "active" in the counts means that: active, not exempt, and not removed here.
        """
        weights, h, drug = {}, self.hospital, pair.drug
        for name in BARRIERS:
            if name == "formulary_size" or not self._active(name, pair, m):  # that one is room, not log-odds
                continue
            if not self.rules.exempt(name, h, drug, m) and not self.rules.removed(name, h, drug, m):
                weights[name] = getattr(self.p.barriers, name)
        return weights

    def _active(self, name: str, pair: Pair, m: float) -> bool:
        b, drug = self.p.barriers, pair.drug
        u = lambda quantity, attempt=0: self.draws.uniform(quantity, attempt, self.hospital.id, 0)  # noqa: E731
        match name:
            case "drug_share":
                return drug.dear and u(q.Q_OVER_DRUG_SHARE) < b.over_target
            case "cost_per_visit":
                return drug.dear and u(q.Q_OVER_COST) < b.over_target
            case "self_pay_ratio":
                return not drug.entered <= m  # a drug of the commercial catalogue is outside only by a rule
            case "nrdl_membership":
                return not drug.entered <= m
            case "two_specifications":
                return drug.two_specifications
            case "performance_monitoring":
                return u(q.Q_MONITORED) < b.monitored_hospitals
        if self.p.stages.payment:
            return self.model.accounts.tight(self.hospital, m)
        late = self.dates.month(m) >= b.tight_from_month
        return late and u(q.Q_TIGHT_BUDGET, self.dates.year(m)) < b.tight_budgets

    def lock_out_ends(self, pair: Pair, m: float, barrier: str | None) -> float:
        """When a pair refused at m may ask again: after some months, or when the reason is gone."""
        d, drug, h = self.p.decision, pair.drug, self.hospital
        if d.fixed is not None and self.draws.uniform(q.Q_RETURN, pair.hearings - 1, h.id, drug.id) >= d.fixed.return_:
            return NEVER
        ends = [self.dates.months(m, d.lock_out_months)]
        if drug.entered > m:
            ends.append(drug.entered)
        ends += [t for t in drug.indications if t > m]
        if barrier is not None:
            # SEMANTICS: "starts of rules" are those of any rule, oversight too; "by rule" leaves out what the barrier's
            # own activity says (a self-pay ratio is not lifted by the commercial catalogue alone).
            moments = {*self.rules.starts, drug.entered, drug.commercial, drug.list_entry}
            for t in sorted(t for t in moments if m < t < NEVER):
                if self.rules.exempt(barrier, h, drug, t) or self.rules.removed(barrier, h, drug, t):
                    ends.append(t)
                    break
        return min(ends)


def reason(merits: list[float], barriers: dict[str, float]) -> str | None:
    """The barrier with the most negative term, if none of the merits is as negative: merits come first of equals."""
    worst, name = min(0.0, *merits), None
    for barrier, beta in barriers.items():
        if -beta < worst:
            worst, name = -beta, barrier
    return name
