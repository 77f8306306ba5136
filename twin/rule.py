"""One rule of a policy: when it is in force, for which drugs, at which hospitals.

A rule speaks of a lever ("committee.duty.listing"), has a value ("30 days"), a strength ("must"),
dates, and scopes. Some scopes of drugs are fixed (class 1), others begin with an event: a drug is
"negotiated" once the basic catalogue has taken it in. Where several rules of a lever are in force,
the value most favourable to access counts, and the strongest of their strengths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simlib.policy.levers import LEVERS, STRENGTHS
from simlib.scenario.world import TimedRule, World
from twin.dates import MONTH, NEVER
from twin.world import Drug, Hospital

SCOPE_EVENT = {  # scopes that begin with an event, and the date of it (an attribute of `Drug`)
    "negotiated": "entered",
    "nrdl_innovative": "entered",
    "negotiated_in_term": "entered",
    "negotiated_costly": "costly_entered",
    "commercial_list": "commercial",
    "application_list": "list_entry",
}
DAYS_OF_UNIT = {"days": 1.0, "working_days": 1.4, "months": MONTH}


@dataclass(frozen=True, eq=False)
class Rule:
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
    later: list[Rule]  # rules of its place that stand in for it where they reach

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


def bind(timed: TimedRule, static: dict[str, list[float]], world: World) -> Rule:
    rule = timed.rule
    columns = [static[s] for s in rule.drugs if s in static] or [[NEVER] * len(world.drugs)]
    return Rule(
        value=rule.value,
        strength=rule.strength,
        start=timed.start,
        stop=timed.stop,
        hospitals=timed.hospitals.tolist(),
        since=[min(row) for row in zip(*columns, strict=True)],
        events=tuple(SCOPE_EVENT[s] for s in rule.drugs if s in SCOPE_EVENT),
        about_all="all" in rule.drugs,
        drugs=rule.drugs,
        practice=rule.document == "practice",
        relief=rule.relief if world.p.clocks.either == "either" else "",
        later=[bind(later, static, world) for later in timed.replaced],
    )


def strongest(rules: list[Rule]) -> str:
    """The strongest strength of some rules."""
    return max((r.strength for r in rules), key=STRENGTHS.index)


def most_favourable(lever: str, rules: list[Rule]) -> Any:
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
            return min(values, key=lambda limit: limit[0] * DAYS_OF_UNIT[limit[1]])
    return max(values)
