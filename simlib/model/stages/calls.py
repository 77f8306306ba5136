"""Stages 4 to 7 at one hospital: which pairs are called up since its last meeting, and what direct inclusion makes of them.

Nothing is done for a pair on a date on which nothing happens to it: `simlib.model.stages.queues` tells whose turn it is.
"""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.model.log import E_DIRECT, note, strongest_rule
from simlib.model.pair_records import BY_CATALOGUE, Case
from simlib.model.rules import K_DIRECT
from simlib.model.stages.canvass import PUBLICATION, is_asked_about, push_silent
from simlib.model.stages.pairs import bring_up, is_silent, is_waiting, put_off
from simlib.model.stages.purchase import pass_drug
from simlib.model.stages.queues import take
from simlib.model.state import State


@compiled
def call(S: State, n, d, woken):
    """Call drug d up as the n-th, once; how many there are now. woken: by a date that may push it, not by its queue."""
    if S.seen[d] == S.seen[S.drug.size]:
        return n
    S.seen[d] = S.seen[S.drug.size]
    S.called[n] = -1 - d if woken else d
    return n + 1


@compiled
def canvass(S: State, h, k, to, alone, n):
    """Ask the departments of hospital h about all drugs in the catalogue, at the publication `wake_at[k]`.

    alone: no other date of a duty falls between the hospital's last call and `to`. Then most pairs stay silent with a lower
    threshold, which is all that happens to them; the others are called up.
    """
    for d in range(S.drug.size):
        if is_asked_about(S, k, h, d) and is_silent(S, h, d):
            if not (alone and S.seen[d] != S.seen[S.drug.size] and push_silent(S, h, d, S.wake_at[k], to)):
                n = call(S, n, d, True)
    return n


@compiled
def call_up(S: State, h, to):
    """Fill `S.called` with the drugs to which something may happen at hospital h by `to`; how many."""
    hospital = S.hospital[h]
    S.seen[S.drug.size] += 1
    n = 0
    i = hospital.line
    while i >= 0:
        case = S.cases[i]
        if case.due <= to and is_waiting(case):
            n = call(S, n, case.d, False)
        i = case.behind
    while S.queue_size[h] > 0 and S.queue_key[S.queue_start[h]] <= to:
        n = call(S, n, take(S, h), False)
    if hospital.pushed != 0:
        n = wake(S, h, to, n)
    return n


@compiled
def wake(S: State, h, to, n):
    """Call up silent pairs whose department may be pushed by a duty's date since the last call; how many are called then."""
    hospital = S.hospital[h]
    k = hospital.woken
    alone = k + 1 >= S.wake_at.size or S.wake_at[k + 1] > to
    while k < S.wake_at.size and S.wake_at[k] <= to:
        which = S.wake_drug[k]
        if which != PUBLICATION:
            for d in range(max(which, 0), S.drug.size if which < 0 else which + 1):
                if is_silent(S, h, d):
                    n = call(S, n, d, True)
        elif hospital.pushed & BY_CATALOGUE:
            n = canvass(S, h, k, to, alone, n)
        k += 1
    hospital.woken = k
    return n


@compiled
def gather(S: State, h, to):
    """Live everything that happens at hospital h by `to`, short of hearings; direct inclusions in order of their dates."""
    directs, n = 0, call_up(S, h, to)
    S.count.visits += n
    for a in range(n):
        d = S.called[a]
        woken = d < 0
        if woken:
            d = -1 - d
        x = S.x[h, d]
        bring_up(S, h, d, to)
        if not (woken and S.x[h, d] == x and is_silent(S, h, d)):  # else what was queued still stands
            put_off(S, h, d, to)
        if S.slot[h, d] >= 0 and is_direct(S.cases[S.slot[h, d]], to):
            directs += 1
    if directs > 0:
        include(S, h, to)
    S.hospital[h].last = to


@compiled
def is_direct(case: Case, to):
    """Whether a case passes unheard by `to`."""
    return is_waiting(case) and case.direct <= to


@compiled
def fill_agenda(S: State, h):
    """Fill `S.agenda` with the cases that wait at hospital h, and let go of those that do no more; how many wait."""
    n, before = 0, -1
    i = S.hospital[h].line
    while i >= 0:
        case = S.cases[i]
        if is_waiting(case):
            S.agenda[n] = i
            n, before = n + 1, i
        else:
            case.in_line = False
            if before < 0:
                S.hospital[h].line = case.behind
            else:
                S.cases[before].behind = case.behind
        i = case.behind
    return n


@compiled
def include(S: State, h, to):
    """Let the direct inclusions at hospital h pass, the earliest first (ties: smaller drug id)."""
    n = 0
    for a in range(fill_agenda(S, h)):
        i = S.agenda[a]
        if not is_direct(S.cases[i], to):
            continue
        b = n
        while b > 0 and is_before(S, i, S.agenda[b - 1]):
            S.agenda[b] = S.agenda[b - 1]
            b -= 1
        S.agenda[b] = i
        n += 1
    for a in range(n):
        i = S.agenda[a]
        d, p = S.cases[i].d, S.cases[i].direct
        rule = strongest_rule(S, K_DIRECT, h, d, p) if S.log.size > 0 else -1
        note(S, h, d, p, E_DIRECT, 1 if not S.num.committee else 0, rule)
        if p >= S.num.policy_from:
            S.tally[S.hospital[h].group].direct += 1.0
        pass_drug(S, i, p)


@compiled
def is_before(S: State, i, j):
    """Whether the direct inclusion of case i comes before that of case j."""
    a, b = S.cases[i], S.cases[j]
    if a.direct != b.direct:
        return a.direct < b.direct
    return S.drug[a.d].id < S.drug[b.d].id
