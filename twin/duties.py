"""The plain twin's duties: when their clocks start for a pair, and the pushes that they give.

Part of `twin`; follows `docs/semantics.md`, section 5 and "Readings that change a clock". A comment
`SEMANTICS:` marks a place where that page leaves a choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib.policy.levers import TRIGGERS
from twin.rules import NEVER

if TYPE_CHECKING:
    from twin.pair import Pair

LISTING, CATALOGUE, LIST = DUTIES = tuple(f"committee.duty.{t}" for t in TRIGGERS)


def clocks(pair: Pair) -> list[tuple[str, float]]:
    """Duties that the hospital obeys about the drug, with the dates on which their clocks start."""
    events = _events(pair)
    found = [(lever, t) for lever, dates in events.items() for t in dates]
    if pair.p.clocks.past == "catch_up":
        # SEMANTICS: one clock a start, whether one event lies before it or both of a drug in both catalogues.
        found += [(lever, t) for lever, dates in events.items() for t in _starts(pair, lever) if min(dates) < t]
    return [(lever, t) for lever, t in found if t < pair.env.horizon and pair.obeys(lever, t)]


def pushes(pair: Pair, duties: list[tuple[str, float]]) -> list[tuple[float, float]]:
    """Dates on which the hospital canvasses its departments, in order, and the years of asking each is worth."""
    a = pair.p.asking
    found = {t: a.push_exposure for _, t in duties}
    if pair.obeys("committee.enter_on_approval", pair.aware):
        found[pair.aware] = a.push_exposure
    again = a.push_exposure * a.push_recheck
    first = min(_catalogue_dates(pair))
    for round_ in pair.model.world.scenario.rounds:
        t = round_.published
        if t > first and t >= pair.aware and pair.obeys(CATALOGUE, t):
            found[t] = max(again, found.get(t, 0.0))
    return sorted(found.items())


def _events(pair: Pair) -> dict[str, list[float]]:
    """What starts the clock of each duty: never before the hospital knows of the listing."""
    drug, aware = pair.drug, pair.aware
    passed_over = drug.on_first_list and pair.p.clocks.first_list == "passes"
    return {
        LISTING: [aware],
        CATALOGUE: [max(t, aware) for t in _catalogue_dates(pair)],
        LIST: [NEVER if passed_over else max(drug.list_entry, aware)],
    }


def _catalogue_dates(pair: Pair) -> tuple[float, float]:
    """The dates that count for the catalogue duty: of the basic and of the commercial catalogue."""
    drug, c, up = pair.drug, pair.p.clocks, pair.dates.up
    force = c.catalogue_day == "force"
    basic = drug.effective if force else drug.entered
    commercial = drug.commercial_effective if force else drug.commercial
    return up(basic + c.catalogue_lag), NEVER if c.catalogues == "basic" else up(commercial + c.catalogue_lag)


def _starts(pair: Pair, lever: str) -> list[float]:
    """First days, within the run, of a duty's rules that reach the pair on that day.

    SEMANTICS: a rule of which the hospital is relieved on its first day does not hold then, and gives no clock.
    """
    rules, drug, hospital = pair.rules, pair.drug, pair.hospital
    within = [t for t in rules.starts if 0 < t < pair.env.horizon]
    return [t for t in within if any(r.start == t for r in rules.in_force(lever, drug, t, hospital))]
