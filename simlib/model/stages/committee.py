"""Stage 6: what the committee hears at a meeting, in which order, and the outcome of each hearing."""

from __future__ import annotations

import math
from enum import IntEnum

from simlib.core.compiled import compiled
from simlib.core.prefetch import AHEAD, prefetch
from simlib.core.streams import Q_AGENDA, Q_EPSILON, Q_ETA, Q_FIXED_DECISION, normal, uniform
from simlib.core.workdays import INF
from simlib.model.account import close
from simlib.model.log import E_DEFERRED, E_HEARD, E_NOT_HEARD, note
from simlib.model.log_reasons import note_deciders
from simlib.model.obedience import complies
from simlib.model.pair_records import PairState
from simlib.model.places import listed_at
from simlib.model.rules import K_STANDARD
from simlib.model.stages.calls import fill_agenda, gather
from simlib.model.stages.community import before_meeting
from simlib.model.stages.decision import count_decisive, odds, refuse
from simlib.model.stages.pairs import put_off
from simlib.model.stages.purchase import pass_drug
from simlib.model.state import State
from simlib.model.sums import Ground


class Outcome(IntEnum):
    """How a hearing ends."""

    PASS = 0
    DEFER = 1
    REFUSE = 2


@compiled
def hold_meetings(S: State, hospitals, dates):
    """Meetings in order of date: the compiled step between two moments of SimPy's clock.

    Parameters
    ----------
    S : State
        The replication.
    hospitals : int32, (M,)
        Places of the hospitals that meet.
    dates : float64, (M,)
        Days from the start, never decreasing.
    """
    for k in range(hospitals.size):
        if k + AHEAD + 4 < hospitals.size:  # each step needs what the one before has fetched
            fetch_hospital(S, hospitals[k + AHEAD + 4])
            fetch_line(S, hospitals[k + AHEAD])
            fetch_pairs(S, hospitals[k + 4])
        hold_meeting(S, hospitals[k], dates[k])


@compiled
def fetch_hospital(S: State, h):
    """Fetch the record of a hospital that meets soon, and where its queue begins."""
    prefetch(S.hospital, h)
    prefetch(S.queue_size, h)
    prefetch(S.queue_start, h)


@compiled
def fetch_line(S: State, h):
    """Fetch the head of its queue and of its line of requests, found in what came before."""
    if S.queue_size[h] > 0:
        prefetch(S.queue_key, S.queue_start[h])
        prefetch(S.queue_item, S.queue_start[h])
    if S.hospital[h].line >= 0:
        prefetch(S.cases, S.hospital[h].line)


@compiled
def fetch_pairs(S: State, h):
    """Fetch the first pair of its queue, and the next case of its line."""
    if S.queue_size[h] > 0:
        prefetch(S.x, h, S.queue_item[S.queue_start[h]])
        prefetch(S.slot, h, S.queue_item[S.queue_start[h]])
    if S.hospital[h].line >= 0 and S.cases[S.hospital[h].line].behind >= 0:
        prefetch(S.cases, S.cases[S.hospital[h].line].behind)


@compiled
def hold_meeting(S: State, h, m):
    """One meeting of hospital h on date m: hear the best places, decide, let the rest wait."""
    if S.hospital[h].lead >= 0:
        before_meeting(S, h, m)
    gather(S, h, m)
    hospital, cases, agenda = S.hospital[h], S.cases, S.agenda
    waiting = fill_agenda(S, h)
    counts = m >= S.num.policy_from
    places = hospital.places
    load = 0.0
    free = waiting
    if places >= 0 and (counts or waiting > 0 or hospital.backlog > 0):
        other = background(S, h, m)
        load = (waiting + other) / places if places > 0 else 0.0
        free = max(0, places - other)
        ahead = min(free, hospital.backlog)
        hospital.backlog -= ahead
        free -= ahead
    if counts:
        row = S.tally[hospital.group]
        row.meetings += 1.0
        row.load += load
        row.overloaded += 1.0 if load > 1.0 else 0.0
    # the order of passes is the order of the line for room
    sort_agenda(S, waiting, free < waiting or S.num.room)
    for a in range(waiting):
        case = cases[agenda[a]]
        if a < free:
            hear(S, agenda[a], m)
            put_off(S, h, case.d, m)
        else:
            case.missed += 1
            note(S, h, case.d, m, E_NOT_HEARD, case.missed, -1)


@compiled
def background(S: State, h, m):
    """Background items on the agenda: Poisson, by inversion of one draw keyed by hospital and date."""
    mean = S.num.background[S.hospital[h].level - 1]
    if mean <= 0.0:
        return 0
    u = uniform(S.key, Q_AGENDA, int(math.floor(m)), S.hospital[h].id, 0)
    p = math.exp(-mean)
    total = p
    k = 0
    while u > total and k < 1000:
        k += 1
        p *= mean / k
        total += p
    return k


@compiled
def before(S: State, i, j, by_rank):
    """Whether request i is heard before request j: temporary users, then need (r x appeal), then date, then drug id.

    Where nothing hangs on rank (by_rank is false) drugs come in the order of their listing.
    """
    a, b = S.cases[i], S.cases[j]
    if by_rank:
        if a.temporary != b.temporary:
            return a.temporary
        if S.num.by_need and a.weight != b.weight:
            return a.weight > b.weight
        if a.request != b.request:
            return a.request < b.request
    first, second = listed_at(S, a.h, a.d), listed_at(S, b.h, b.d)
    if not by_rank and first != second:
        return first < second
    return S.drug[a.d].id < S.drug[b.d].id


@compiled
def sort_agenda(S: State, n, by_rank):
    """Insertion sort by `before`: agendas are short."""
    agenda = S.agenda
    for a in range(1, n):
        item = agenda[a]
        b = a - 1
        while b >= 0 and before(S, item, agenda[b], by_rank):
            agenda[b + 1] = agenda[b]
            b -= 1
        agenda[b + 1] = item


@compiled
def hear(S: State, i, m):
    """The committee hears case i on date m and passes, defers or refuses it."""
    case = S.cases[i]
    h, d = case.h, case.d
    n = S.num
    if case.first_heard == INF:
        case.first_heard = m
        case.first_missed = case.missed
    hid, did = S.hospital[h].id, S.drug[d].id
    attempt = case.hearings
    case.hearings += 1
    note(S, h, d, m, E_HEARD, attempt + 1, -1)
    reason = Ground.VIEW
    if n.fixed:
        u = uniform(S.key, Q_FIXED_DECISION, attempt, hid, did)
        outcome = Outcome.DEFER if u < n.fixed_pass + n.fixed_defer else Outcome.REFUSE
        if u < n.fixed_pass:
            outcome = Outcome.PASS
    else:
        x, reason, standing = odds(S, case, m)
        y = x + n.spread * n.rho_root * normal(S.key, Q_ETA, 0, hid, did)
        y = y + n.spread * n.rest_root * normal(S.key, Q_EPSILON, attempt, hid, did)
        delta = n.delta
        if complies(S, K_STANDARD, h, d, m):
            delta = delta * n.standard_factor
        outcome = Outcome.PASS if y > 0.0 else (Outcome.DEFER if y > -delta else Outcome.REFUSE)
        if m >= n.policy_from and y <= 0.0:
            count_decisive(S, h, standing, y)
        note_deciders(S, case, m, y, delta)
    if m >= n.policy_from:
        S.tally[S.hospital[h].group].hearings += 1.0
    if outcome == Outcome.PASS:
        pass_drug(S, i, m)
    elif outcome == Outcome.DEFER:
        close(S, case, m)
        case.state = PairState.DEFERRED
        case.waiting_from = m
        note(S, h, d, m, E_DEFERRED, 0, -1)
        if m >= n.policy_from:
            S.tally[S.hospital[h].group].deferrals += 1.0
    else:
        refuse(S, case, m, reason, attempt)
