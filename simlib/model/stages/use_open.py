"""Stage 10 begins: a drug that passed will be used from its stock date on; and what temporary supply there was is kept."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.workdays import INF
from simlib.model.account import recorded_until
from simlib.model.pair_records import Case
from simlib.model.state import State


@compiled
def open_use(S: State, i, h, d, stock):
    """A drug that passed will be used from `stock` on: the pair is looked after month by month from then."""
    if not S.num.use:
        return
    k = S.count.uses
    S.count.uses = k + 1
    u = S.uses[k]
    u.h, u.d, u.case, u.next, u.checks, u.flags = h, d, i, -1, 0, 0
    u.since, u.removed, u.begun, u.therapy, u.pharmacy = stock, INF, 0.0, 0.0, 0.0
    u.check = -1
    u.recorded_from, u.recorded_to = recorded_until(S.cases[i], stock)
    S.first_city[S.city[h], d] = min(S.first_city[S.city[h], d], stock)


@compiled
def keep_supply(S: State, case: Case):
    """Keep a temporary supply that has run out, for the patients that it reached."""
    if not S.num.use or case.supply_from >= case.supply_to:
        return
    k = S.count.supplies
    S.count.supplies = k + 1
    supply = S.supplies[k]
    supply.start, supply.end, supply.before = case.supply_from, case.supply_to, case.supplies
    case.supplies = k
