"""Stage 6 in a county medical community: what the lead hospital stocks its members have too, without a hearing of their own.

A member's lead is brought up to date before the member, and all else that happens at the member before what it takes over.
"""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.workdays import INF, up
from simlib.model.account import close, count_learned, count_shared
from simlib.model.log import E_STOCKED, E_TAKEN_OVER, Limit, note, note_learned, note_until
from simlib.model.obedience import barrier_removed
from simlib.model.pair_records import OUTSIDE, UNAWARE
from simlib.model.rules import FORMULARY_SIZE
from simlib.model.stages.awareness import aware_date
from simlib.model.stages.calls import gather
from simlib.model.stages.pairs import open_case
from simlib.model.stages.purchase import advance_room, settle
from simlib.model.stages.queues import STEP
from simlib.model.state import State


@compiled
def flush(S: State, to, only_direct):
    """Bring hospitals up to date without a meeting: those where drugs pass unheard, or all at the end; leads before members."""
    for h in range(S.hospital.size):
        if S.hospital[h].lead < 0 and (S.hospital[h].direct or not only_direct):
            gather(S, h, to)
    for h in range(S.hospital.size):
        if S.hospital[h].lead >= 0:
            take_over(S, h, to)
            gather(S, h, to)


@compiled
def before_meeting(S: State, h, m):
    """Give member h what its lead has stocked before the day of a meeting, m; what falls on the day itself comes after it."""
    lead = S.hospital[h].lead
    if S.hospital[lead].direct and S.hospital[lead].last < m - STEP:
        gather(S, lead, m - STEP)
    take_over(S, h, m - STEP)


@compiled
def take_over(S: State, h, to):
    """Give member h what its lead has stocked, by `to`, each drug on its day and after all else of that day."""
    while True:
        d, t = next_drug(S, h, to)
        if d < 0:
            return
        if S.hospital[h].last < t + STEP:
            gather(S, h, t + STEP)
        if S.slot[h, d] < 0 or S.cases[S.slot[h, d]].passed == INF:
            share(S, h, d, t)


@compiled
def next_drug(S: State, h, to):
    """(the drug that member h takes over next, when), of equals the smaller id; (-1, inf) if none comes by `to`."""
    best, when, lead = -1, INF, S.hospital[h].lead
    for d in range(S.drug.size):
        i, own = S.slot[lead, d], S.slot[h, d]
        if i < 0 or own == OUTSIDE or (own >= 0 and S.cases[own].passed < INF):
            continue
        t = up(S.table, S.cases[i].stock + S.num.community_lag)
        if t <= to and (t < when or (t == when and S.drug[d].id < S.drug[best].id)):
            best, when = d, t
    return best, when


@compiled
def share(S: State, h, d, t):
    """Member h stocks drug d at t: it takes a place of the formulary, and waits neither for that nor for a purchase."""
    i = S.slot[h, d]
    if i >= 0:
        close(S, S.cases[i], t)
    else:
        i = open_unasked(S, h, d, t)
    if S.num.room:
        advance_room(S, h, t)
        if not barrier_removed(S, FORMULARY_SIZE, h, d, t):
            S.hospital[h].free -= 1.0
    note(S, h, d, t, E_TAKEN_OVER, 0, -1)
    note_until(S, h, d, t, E_STOCKED, Limit.NO_LIMIT, -1, INF)
    settle(S, i, t, t, t)


@compiled
def open_unasked(S: State, h, d, t):
    """Number of the case of a pair whose department has not asked by t, when the member has the drug all the same."""
    aware = S.x[h, d] if S.slot[h, d] == UNAWARE else aware_date(S, h, d)
    if S.slot[h, d] == UNAWARE:
        note_learned(S, h, d, aware)
        count_learned(S, h, d, aware)
    i = open_case(S, h, d, INF)
    count_shared(S, S.cases[i], aware, t)
    return i
