"""Duties: when their clocks start for a pair, and when the hospital canvasses its departments because of them.

Follows `docs/semantics-asking.md`, section 5.5, and `docs/semantics-readings.md`, section 14. A duty says that the
committee must meet within some time of an event: the listing, the entry into a catalogue, the entry
into the application list. Each duty whose clock starts also makes the hospital ask its departments
what they need (a push).
"""

from __future__ import annotations

from simlib.policy.levers import TRIGGERS
from twin.dates import NEVER
from twin.pair import Pair
from twin.setting import Setting

LISTING, CATALOGUE, LIST = tuple(f"committee.duty.{t}" for t in TRIGGERS)


def clocks(setting: Setting, pair: Pair) -> list[tuple[str, float]]:
    """Duties that the hospital obeys about the drug, with the dates on which their clocks start."""
    events = _events(setting, pair)
    found = [(lever, t) for lever, dates in events.items() for t in dates]
    if setting.p.clocks.past == "catch_up":
        # SEMANTICS: one clock a start, whether one event lies before it or both of a drug in both catalogues.
        found += [
            (lever, t) for lever, dates in events.items() for t in _starts(setting, pair, lever) if min(dates) < t
        ]
    return [(lever, t) for lever, t in found if t < setting.horizon and pair.obeys(lever, t)]


def pushes(setting: Setting, pair: Pair, duties: list[tuple[str, float]]) -> list[tuple[float, float]]:
    """Dates on which the hospital canvasses its departments, in order, and the years of asking each is worth."""
    a = setting.p.asking
    found = {t: a.push_exposure for _, t in duties}
    if pair.obeys("committee.enter_on_approval", pair.aware):
        found[pair.aware] = a.push_exposure
    again = a.push_exposure * a.push_recheck
    first = min(_catalogue_dates(setting, pair))
    for round_ in setting.world.scenario.rounds:
        t = round_.published
        if t > first and t >= pair.aware and pair.obeys(CATALOGUE, t):
            found[t] = max(again, found.get(t, 0.0))
    return sorted(found.items())


def _events(setting: Setting, pair: Pair) -> dict[str, list[float]]:
    """What starts the clock of each duty: never before the hospital knows of the listing."""
    drug, aware = pair.drug, pair.aware
    passed_over = drug.on_first_list and setting.p.clocks.first_list == "passes"
    return {
        LISTING: [aware],
        CATALOGUE: [max(t, aware) for t in _catalogue_dates(setting, pair)],
        LIST: [NEVER if passed_over else max(drug.list_entry, aware)],
    }


def _catalogue_dates(setting: Setting, pair: Pair) -> tuple[float, float]:
    """The dates that count for the catalogue duty: of the basic and of the commercial catalogue."""
    drug, c, up = pair.drug, setting.p.clocks, setting.dates.up
    force = c.catalogue_day == "force"
    basic = drug.effective if force else drug.entered
    commercial = drug.commercial_effective if force else drug.commercial
    return up(basic + c.catalogue_lag), NEVER if c.catalogues == "basic" else up(commercial + c.catalogue_lag)


def _starts(setting: Setting, pair: Pair, lever: str) -> list[float]:
    """First days, within the run, of a duty's rules that reach the pair on that day.

    SEMANTICS: a rule of which the hospital is relieved on its first day does not hold then, and gives no clock.
    """
    rules = setting.rules
    within = [t for t in rules.starts if 0 < t < setting.horizon]
    return [t for t in within if any(r.start == t for r in rules.in_force(lever, pair.drug, t, pair.hospital))]
