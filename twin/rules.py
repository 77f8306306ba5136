"""The plain twin's givens: drugs, hospitals, draws, dates, and which rule is in force and obeyed.

Part of `twin`; follows `docs/semantics.md`, sections "Conventions" and "Obedience".
A comment `SEMANTICS:` marks a place where that page leaves a choice.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import Any

from simlib import streams, workdays
from simlib.distributions import Duration, sample
from simlib.policy.levers import LEVERS, STRENGTHS
from simlib.streams import Q_OBEY, Q_OTHER_OBEY, Q_OWN
from simlib.workdays import UNITS
from simlib.world.build import STATIC_SCOPES, TimedRule, World, logit, packed, rule_id
from simlib.world.region import OWNERS

NEVER = math.inf
YEAR = 365.25
MONTH = 30.4375
FAR = 1e9  # days; whatever lies further is never


named = functools.cache(rule_id)


def sigma(x: float) -> float:
    """The probability of log-odds x (math.exp overflows below -709)."""
    return 0.0 if x < -700.0 else 1.0 / (1.0 + math.exp(-x))


# ---------------------------------------------------------------------------------------------- drugs and hospitals


@dataclass(eq=False)
class Drug:
    """One drug: what it is, and the dates that happen to it before any hospital hears of it."""

    index: int
    id: int
    approval: float
    klass: int
    area: int
    foreign: bool
    local: bool
    value: float
    price: float
    dear: bool
    appeal: float
    breadth: float
    two_specifications: bool
    patients: float
    outpatient: bool
    window: float  # days, mean
    standard: float  # yuan a case
    yearly: float  # list price, yuan a year
    substitute: bool
    costly: bool
    entered: float = NEVER  # publication of the basic catalogue that took it in
    effective: float = NEVER
    commercial: float = NEVER  # publication of the commercial catalogue that took it in
    commercial_effective: float = NEVER
    list_entry: float = NEVER
    recorded: float = NEVER  # from when the platform lets it be bought on filing
    indications: tuple[float, ...] = ()  # dates of later ones
    on_first_list: bool = False  # the application list took it in on the list's own first date
    filed: float = NEVER
    arrival: float = NEVER
    listed: float = NEVER
    in_time: int = -1

    @property
    def costly_entered(self) -> float:
        """The date on which it becomes a costly drug of the basic catalogue."""
        return self.entered if self.costly else NEVER


@dataclass(eq=False)
class Hospital:
    """One hospital: what no rule changes."""

    index: int
    id: int
    level: int
    type: int
    owner: str
    area: int
    size: float
    catchment: float
    beds: float
    city: int
    designated: bool


def drugs_of(world: World) -> list[Drug]:
    """The world's drugs as objects of plain Python numbers."""
    d = world.drugs
    names = (
        "approval", "klass", "area", "foreign", "local", "value", "price", "dear", "appeal", "breadth",
        "two_specifications", "patients", "outpatient", "window", "standard", "yearly", "substitute",
    )  # fmt: skip
    columns = [getattr(d, n).tolist() for n in names] + [(d.price > world.p.payment.costly_above).tolist()]
    return [Drug(i, id_, *row) for i, (id_, *row) in enumerate(zip(d.ids.tolist(), *columns, strict=True))]


def hospitals_of(world: World) -> list[Hospital]:
    """The world's hospitals as objects of plain Python numbers."""
    h = world.hospitals
    columns = [getattr(h, n).tolist() for n in ("level", "type")]
    more = [getattr(h, n).tolist() for n in ("area", "size", "catchment", "beds", "city", "designated")]
    owners = [OWNERS[o] for o in h.owner.tolist()]
    rows = zip(h.ids.tolist(), *columns, owners, *more, strict=True)
    return [Hospital(i, *row) for i, row in enumerate(rows)]


# ------------------------------------------------------------------------------------------------- draws and dates


@dataclass(frozen=True)
class Draws:
    """The keyed random numbers of one replication: the same question always gets the same answer."""

    key: tuple[int, int]

    def uniform(self, quantity: int, attempt: int = 0, hospital: int = 0, drug: int = 0) -> float:
        """U of the page."""
        return streams.uniform(self.key, quantity, attempt, hospital, drug)

    def exponential(self, quantity: int, attempt: int = 0, hospital: int = 0, drug: int = 0) -> float:
        """E of the page: mean 1."""
        return streams.exponential(self.key, quantity, attempt, hospital, drug)

    def normal(self, quantity: int, attempt: int = 0, hospital: int = 0, drug: int = 0) -> float:
        """N of the page: standard normal."""
        return streams.normal(self.key, quantity, attempt, hospital, drug)


class Lasting:
    """A duration ready to be drawn: its distribution and its unit."""

    def __init__(self, duration: Duration) -> None:
        self.record, self.pool = packed(duration)
        self.unit = UNITS[duration.unit]

    def at(self, u: float) -> float:
        """The quantile at u, in the duration's own unit."""
        return float(sample(u, self.record, self.pool))


class Dates:
    """`simlib.workdays` for one calendar; what lies too far to be counted is never."""

    def __init__(self, world: World) -> None:
        self.calendar = world.calendar
        self.table = world.table
        self.every_day = world.calendar.kind == "every_day"

    def up(self, t: float) -> float:
        """The date for which a moment counts."""
        return float(workdays.up(self.table, t)) if t < FAR else NEVER

    def roll(self, t: float) -> float:
        """The first working day on or after t."""
        return float(workdays.roll(self.table, t)) if t < FAR else NEVER

    def add(self, t: float, x: float, unit: int) -> float:
        """A duration after t."""
        return float(workdays.add(self.table, t, x, unit)) if t + x < FAR else NEVER

    def months(self, t: float, n: float) -> float:
        """The date n months after t: lock-outs and the like."""
        return self.up(float(workdays.add_months(self.table, t, float(n)))) if t < FAR else NEVER

    def deadline(self, t: float, limit: tuple[float, str]) -> float:
        """The last admissible date of a limit whose clock starts at t."""
        return float(workdays.deadline(self.table, t, float(limit[0]), UNITS[limit[1]])) if t < FAR else NEVER

    def working_between(self, a: float, b: float) -> float:
        """Working days between two moments."""
        return float(workdays.working_between(self.table, a, b))

    def year(self, t: float) -> int:
        """The year of budgets and duty meetings."""
        return math.floor(t / YEAR) if self.every_day else self.calendar.date(t).year

    def month(self, t: float) -> int:
        """The month of the year, 1 to 12."""
        if self.every_day:
            return min(12, math.floor((t - YEAR * self.year(t)) / MONTH) + 1)
        return self.calendar.date(t).month


# ----------------------------------------------------------------------------------------------------------- rules


@dataclass(frozen=True, eq=False)
class Bound:
    """A rule made ready to ask: is it in force at t, for this drug, at this hospital?"""

    value: Any
    strength: str
    start: float
    stop: float
    hospitals: list[bool]
    since: list[float]  # per drug, scopes that no event changes
    events: tuple[str, ...]  # attributes of Drug that put it into scope: entered, commercial, list_entry
    about_all: bool
    drugs: tuple[str, ...]  # its drug scopes
    practice: bool  # done anyway, obeyed or not
    relief: str  # a lever whose keeping makes this rule kept too; empty: none
    later: list[Bound]  # rules of its place that stand in for it where they reach

    def drug_since(self, drug: Drug) -> float:
        """From when the drug is in the rule's scope (any of its scopes)."""
        return min([self.since[drug.index], *(getattr(drug, e) for e in self.events)])

    def from_(self, drug: Drug, t: float) -> float:
        """The first moment, t or later, at which the rule reaches the drug; never if it has ended by then."""
        e = max(t, self.start, self.drug_since(drug))
        return e if e < self.stop else NEVER

    def holds(self, drug: Drug, t: float, hospital: Hospital | None, deciding: bool = False) -> bool:
        """Is the rule in force at t for this drug (and hospital)?

        deciding: a catalogue is being decided, and the scopes of catalogues mean every drug.
        """
        if not (self.start <= t < self.stop):
            return False
        if hospital is not None and not self.hospitals[hospital.index]:
            return False
        if not self._reaches(drug, t, deciding):
            return False
        return not any(
            later.holds(drug, t, hospital, deciding)
            for later in self.later
            if hospital is not None or all(b or not a for a, b in zip(self.hospitals, later.hospitals, strict=True))
        )

    def _reaches(self, drug: Drug, t: float, deciding: bool) -> bool:
        if deciding and not {"entered", "costly_entered", "commercial"}.isdisjoint(self.events):
            return True
        return self.since[drug.index] <= t or any(getattr(drug, e) <= t for e in self.events)

    def binds_through(self, start: float, end: float, hospital: Hospital) -> bool:
        """Is the rule in force at the hospital from start to end, without another's standing in for it meanwhile?"""
        if not (self.start <= start and end <= self.stop and self.hospitals[hospital.index]):
            return False
        return not any(r.start < end and start < r.stop and r.hospitals[hospital.index] for r in self.later)

    def is_about_all(self, t: float, hospital: Hospital) -> bool:
        """Is the rule in force at the hospital, about whatever drug?"""
        if not (self.about_all and self.start <= t < self.stop and self.hospitals[hospital.index]):
            return False
        return not any(later.is_about_all(t, hospital) for later in self.later)


_SCOPE_EVENT = {
    "negotiated": "entered",
    "nrdl_innovative": "entered",
    "negotiated_in_term": "entered",
    "negotiated_costly": "costly_entered",
    "commercial_list": "commercial",
    "application_list": "list_entry",
}
_OVERSIGHT = (  # lever, parameter; in the order in which the page sums them
    ("oversight.guided_hospitals", "guided"),
    ("oversight.in_provider_agreement", "agreement"),
    ("oversight.in_performance_assessment", "performance_assessment"),
    ("oversight.in_insurer_assessment", "insurer_assessment"),
    ("oversight.money_at_stake", "money_at_stake"),
    ("oversight.monitoring", ""),  # ledger or circulated
    ("oversight.internal_audit_support", "internal_audit"),
)
_DAYS_OF_UNIT = {"days": 1.0, "working_days": 1.4, "months": MONTH}
_REMOVERS = ("committee.barriers_removed", "use.barriers_removed", "committee.caps_lifted")
_EXEMPTIONS = {  # barrier: words of payment.indicator_exclusions that switch it off
    "self_pay_ratio": {"self_pay_ratio"},
    "cost_per_visit": {"drug_cost_per_capita", "medical_cost_per_capita"},
}


@dataclass
class Rules:
    """All rules of the world: what is in force, and who does as told."""

    world: World
    draws: Draws
    by_lever: dict[str, list[Bound]] = field(default_factory=dict)
    _hospital_draw: dict[tuple[str, int], float] = field(default_factory=dict)
    _own: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        static = {s: self.world.static_since(s).tolist() for s in STATIC_SCOPES}
        for timed in self.world.rules:
            self.by_lever.setdefault(timed.rule.lever, []).append(_bind(timed, static, self.world))
        self.starts = sorted({r.start for r in self.world.rules if math.isfinite(r.start)})

    def in_force(
        self, lever: str, drug: Drug, t: float, hospital: Hospital | None = None, deciding: bool = False
    ) -> list[Bound]:
        """The rules of a lever that are in force; where a hospital is concerned, those that nothing relieves it of."""
        rules = [r for r in self.by_lever.get(lever, ()) if r.holds(drug, t, hospital, deciding)]
        if hospital is None:
            return rules
        return [r for r in rules if not (r.relief and self.keeps(r.relief, hospital, drug, t))]

    def kept(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> list[Bound]:
        """The rules of a lever that the hospital follows about the drug at t: all in force if it complies, else practice."""
        rules = self.in_force(lever, drug, t, hospital)
        if self._follows(lever, rules, hospital, drug, t):
            return rules
        return [r for r in rules if r.practice]

    def keeps(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Does the hospital comply with a lever by which another rule is kept too ("or" of a policy file)?

        SEMANTICS: what relieves counts as if nothing relieved of it. The draw is that of the lever's own name, for
        levers that remove barriers too; a rule that says no, none or 0 is nothing that one could keep.
        """
        rules = [r for r in self.by_lever.get(lever, ()) if r.holds(drug, t, hospital)]
        return self._follows(lever, rules, hospital, drug, t)

    def value(self, lever: str, drug: Drug, t: float, hospital: Hospital | None = None) -> Any:
        """The most favourable value in force, obeyed or not; None if there is none."""
        rules = self.in_force(lever, drug, t, hospital)
        return most_favourable(lever, rules) if rules else None

    # ---- platform, insurer, firm, city

    def others(
        self,
        lever: str,
        drug: Drug,
        t: float,
        hospital: Hospital | None = None,
        delay: float = 0.0,
        deciding: bool = False,
    ) -> Any:
        """The most favourable value in force, if the addressee obeys; else None ("none" and false are None too).

        SEMANTICS: where a hospital is concerned (awareness, hearings), its scope counts here as well.
        """
        rules = [r for r in self.in_force(lever, drug, t, hospital, deciding) if r.start + delay <= t]
        if not rules:
            return None
        obeyed = LEVERS[lever].binds == "world" or self.other_obeys(lever, drug, rules)
        return most_favourable(lever, rules) if obeyed else None

    def other_obeys(self, lever: str, drug: Drug, rules: list[Bound]) -> bool:
        """Does the addressee of these rules obey them about this drug?"""
        p, strength = self.world.p.obedience, strongest(rules)
        base = p.other_must if strength == "must" else getattr(p, strength)
        return self.draws.uniform(Q_OTHER_OBEY, named(lever), 0, drug.id) < base

    # ---- hospitals

    def complies(self, name: str, strength: str, hospital: Hospital, drug: Drug | None, t: float) -> bool:
        """Does the hospital do what the rule of this name says about the drug at t?"""
        if self.world.scenario.obedience != "default":
            return self.world.scenario.obedience == "full"
        p = self.world.p.obedience
        key = (name, hospital.index)
        if key not in self._hospital_draw:
            if hospital.index not in self._own:
                self._own[hospital.index] = p.own_sd * self.draws.normal(Q_OWN, 0, hospital.id, 0)
            u = self.draws.uniform(Q_OBEY, named(name), hospital.id, 0)
            self._hospital_draw[key] = logit(u) - self._own[hospital.index]
        return self._hospital_draw[key] < logit(getattr(p, strength)) + self._shifts(hospital, drug, t)

    def _shifts(self, hospital: Hospital, drug: Drug | None, t: float) -> float:
        """What oversight adds to the log-odds of obeying; for rules about no drug only what is about all drugs."""
        p = self.world.p.obedience
        total = 0.0
        for lever, parameter in _OVERSIGHT:
            if drug is not None:
                rules = self.in_force(lever, drug, t, hospital)
            else:
                rules = [r for r in self.by_lever.get(lever, ()) if r.is_about_all(t, hospital)]
            if not rules:
                continue
            value = most_favourable(lever, rules)
            if lever == "oversight.guided_hospitals":
                if value and hospital.owner in value:
                    total += p.guided
            elif lever == "oversight.monitoring":
                # SEMANTICS: "the better value" is the better word (circulated above ledger), not the larger number.
                total += getattr(p, value) if value else 0.0
            elif value:
                total += getattr(p, parameter)
        return total

    def obeys(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Is a rule of the lever in force at the hospital, and does the hospital obey?"""
        return self._follows(lever, self.in_force(lever, drug, t, hospital), hospital, drug, t)

    def _follows(self, lever: str, rules: list[Bound], hospital: Hospital, drug: Drug, t: float) -> bool:
        if not rules or not most_favourable(lever, rules):
            return False
        return self.complies(lever, strongest(rules), hospital, drug, t)

    def first_moment(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> float:
        """The first moment from t on at which a rule of the lever reaches the drug at the hospital.

        SEMANTICS: a rule that is not in force on its own first moment, because something relieves of it or a later rule
        stands in for it, is not tried again.
        """
        rules = [r for r in self.by_lever.get(lever, ()) if r.hospitals[hospital.index]]
        moments = ((r, r.from_(drug, t)) for r in rules)
        return min((e for r, e in moments if e < NEVER and r in self.in_force(lever, drug, e, hospital)), default=NEVER)

    def least_deadline(self, lever: str, hospital: Hospital, drug: Drug, t: float, clock: float, dates: Dates) -> float:
        """The earliest deadline, with this clock, of the limits of a lever in force at t."""
        return min(dates.deadline(clock, r.value) for r in self.in_force(lever, drug, t, hospital))

    # ---- barriers

    def removed(self, barrier: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Is the barrier no ground of refusal here any more?"""
        naming = []
        for lever in _REMOVERS:
            for rule in self.in_force(lever, drug, t, hospital):
                if barrier in rule.value:
                    if lever == "committee.caps_lifted" and rule.strength == "must":
                        return True  # abolished for all, obedient or not
                    naming.append(rule)
        return bool(naming) and self.complies(f"barrier.{barrier}", strongest(naming), hospital, drug, t)

    def exempt(self, barrier: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Is the barrier switched off by a payment rule?

        SEMANTICS: the words of `indicator_exclusions` are united over its rules in force, and obeyed or not as one
        lever with the strongest strength of all of them (not only of those that name the word).
        """
        if barrier == "total_budget":
            return bool(self.others("payment.total_budget_exempt", drug, t, hospital))
        if barrier in _EXEMPTIONS:
            words = self.others("payment.indicator_exclusions", drug, t, hospital)
            return bool(words and words & _EXEMPTIONS[barrier])
        return False


def _bind(timed: TimedRule, static: dict[str, list[float]], world: World) -> Bound:
    rule = timed.rule
    columns = [static[s] for s in rule.drugs if s in static] or [[NEVER] * len(world.drugs)]
    return Bound(
        value=rule.value,
        strength=rule.strength,
        start=timed.start,
        stop=timed.stop,
        hospitals=timed.hospitals.tolist(),
        since=[min(row) for row in zip(*columns, strict=True)],
        events=tuple(_SCOPE_EVENT[s] for s in rule.drugs if s in _SCOPE_EVENT),
        about_all="all" in rule.drugs,
        drugs=rule.drugs,
        practice=rule.document == "practice",
        relief=rule.relief if world.p.clocks.either == "either" else "",
        later=[_bind(later, static, world) for later in timed.replaced],
    )


def strongest(rules: list[Bound]) -> str:
    """The strongest strength of some rules."""
    return max((r.strength for r in rules), key=STRENGTHS.index)


def most_favourable(lever: str, rules: list[Bound]) -> Any:
    """The value most favourable to access of some rules of one lever; sets are united; "none" and false are None.

    Limits of different units have no order of their own: a clock that runs compares their deadlines instead.
    """
    values = [r.value for r in rules]
    match LEVERS[lever].kind:
        case "flag":
            return True if any(values) else None
        case "choice":
            best = max(values, key=LEVERS[lever].allowed.index)
            return None if best == "none" else best
        case "set":
            return frozenset().union(*values)
        case "limit":
            return min(values, key=lambda limit: limit[0] * _DAYS_OF_UNIT[limit[1]])
    return max(values)
