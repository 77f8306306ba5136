"""Stage 7: a patient in need brings a drug in before the committee does."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.distributions import sample
from simlib.core.streams import Q_TEMPORARY, Q_TEMPORARY_TIME, exponential, uniform
from simlib.core.workdays import INF, add, add_months, up
from simlib.model.account import close, drop_empty, note_supply
from simlib.model.log import E_NEED, note_need, note_span
from simlib.model.obedience import first_complied
from simlib.model.pair_records import Case, Timing
from simlib.model.rules import K_TEMPORARY
from simlib.model.stages.awareness import patients
from simlib.model.stages.use_open import keep_supply
from simlib.model.state import State


@compiled
def draw_need(S: State, case: Case, w):
    """Set the date on which a patient will need the drug, for a request made or refused at w; inf without a channel."""
    case.need = INF
    n = S.num
    if not n.temporary or not n.committee or S.first[K_TEMPORARY] == S.first[K_TEMPORARY + 1]:
        return
    h, d = case.h, case.d
    e = first_complied(S, K_TEMPORARY, h, d, w)
    if e == INF:
        return
    rate = patients(S, h, d) * n.in_need
    wait = exponential(S.key, Q_TEMPORARY, case.needs, S.hospital[h].id, S.drug[d].id)
    case.needs += 1
    if rate > 0.0:
        case.need = up(S.table, e + 365.25 * wait / rate)


@compiled
def begin_supply(S: State, case: Case):
    """The need of a case comes true: temporary supply starts after the purchase for one patient."""
    h, d, need = case.h, case.d, case.need
    dist = S.dist[Timing.TEMPORARY]
    x = sample(
        uniform(S.key, Q_TEMPORARY_TIME, case.needs - 1, S.hospital[h].id, S.drug[d].id),
        dist,
        S.pool,
    )
    start = up(S.table, add(S.table, need, x, dist.unit))
    close(S, case, need)
    note_need(S, case, E_NEED)
    if case.supply_to < start:  # what was there before has run out
        note_supply(S, case)
        keep_supply(S, case)
        note_span(S, case)
        case.supply_from = start
    else:  # a later need may be supplied before an earlier one
        case.supply_from = min(case.supply_from, start)
    case.supply_to = INF
    case.temporary = True
    case.temporaries += 1
    case.temporary_first = min(case.temporary_first, start)
    if need >= S.num.policy_from:
        S.tally[S.hospital[h].group].temporaries += 1.0


@compiled
def end_supply(S: State, case: Case, m):
    """A refusal or a lapse at m lets temporary use run out some months later."""
    if case.temporary:
        case.supply_to = up(S.table, add_months(S.table, m, S.num.temporary_ends))
        case.temporary = False
        drop_empty(case)
