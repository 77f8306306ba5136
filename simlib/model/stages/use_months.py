"""Stage 10 between two edges: all pairs in use live a month, hospitals' budgets are counted, unused drugs leave."""

from __future__ import annotations

import math

from simlib.core.compiled import compiled
from simlib.core.prefetch import AHEAD, prefetch
from simlib.core.streams import Q_UNUSED, uniform
from simlib.core.workdays import INF
from simlib.model.account import close, dates_supplied
from simlib.model.log import E_REMOVED, note
from simlib.model.obedience import complies
from simlib.model.pair_records import OUTSIDE, Mark, PairState
from simlib.model.rules import K_STOCK
from simlib.model.stages.purchase import advance_room
from simlib.model.stages.recorded import recorded_supply
from simlib.model.stages.use import begin_pair, live_month, travelled_by, wait_out
from simlib.model.stages.use_rules import month_at, pharmacy_supply
from simlib.model.state import State
from simlib.model.use_records import Use


@compiled
def lay_profiles(S: State):
    """Fill `S.profile`: what a drug's patients go through while nothing is there for them, at every edge, per patient a day."""
    n = S.num
    for c in range(S.profile.shape[0]):
        for d in range(S.drug.size):
            first = month_at(S, S.drug[d].approval)
            for k in range(first, S.edges.size - 1):
                now, then = S.profile[c, k, d], S.profile[c, k + 1, d]
                pay, window, a = S.pay[c, k, d], S.window[d], S.edges[k]
                waiting, came, unseen = now.waiting, now.arrivals, now.unseen
                decay = S.decay[k, d]
                if k == first:
                    a, came = S.drug[d].approval, n.pool_years * 365.25
                    waiting, unseen = came * pay.come, came * (1.0 - pay.come)
                    decay = math.exp(-(S.edges[k + 1] - a) / window) if window > 0.0 else 0.0
                days = S.edges[k + 1] - a
                rate = S.more[k, d] * pay.come
                _, then.waiting, exits = wait_out(waiting, 0.0, rate, days, window, decay)
                then.exits = now.exits + exits
                then.able_exits = now.able_exits + exits * pay.afford * min(1.0, n.prescribe)
                then.arrivals = came + S.more[k, d] * days
                then.unseen = unseen + (S.more[k, d] - rate) * days
                then.wait_days = now.wait_days + exits * window


@compiled
def lay_changes(S: State):
    """Fill `S.differs`: whether anything that a hospital's rules about a drug rest on has changed since the edge before."""
    for k in range(S.differs.shape[0]):
        for d in range(S.drug.size):
            drug, a, b = S.drug[d], S.edges[max(k - 1, 0)], S.edges[k]
            differs = k == 0 or S.change[k] == 1 or (a <= S.designated[d] and S.designated[d] < S.edges[k + 1])
            for t in (drug.entered, drug.commercial, drug.list_entry):
                differs = differs or (a < t and t <= b)
            S.differs[k, d] = 1 if differs else 0


@compiled
def close_month(S: State, j):
    """The accounts of month j, made at its end: every stocked pair lives it; budgets; drugs that nobody used leave."""
    edge = S.edges[j + 1]
    last = j + 2 == S.edges.size
    for i in range(S.count.uses):
        u = S.uses[i]
        if i + AHEAD < S.count.uses:
            prefetch(S.hospital, S.uses[i + AHEAD].h)
            prefetch(S.spent, S.uses[i + AHEAD].h)
        if u.since >= edge:
            continue
        S.month.days = S.month.begun = 0.0
        if u.next < 0:
            begin_pair(S, u, j)
            u.check = (j if u.since == S.edges[j] else j + 1) + 12  # from the first edge with stock on
        else:
            live_month(S, u, j, S.edges[j])
            u.next = j + 1
        u.begun += S.month.begun
        pay = S.pay[S.klass[u.h], j, u.d]
        if not pay.exempt:
            S.spent[u.h] += int(math.floor(pay.price / 365.25 * S.month.days * 100.0 + 0.5))
        put_up(S, u, j, S.month.days)
        if u.check == j + 1 and not last:
            check_use(S, u, j + 1)
    if not last:
        carry_budgets(S, j + 1)


@compiled
def put_up(S: State, u: Use, j, days):
    """Count the cases that a pair's hospital puts up for special review for month j, in millionths, and what they are worth."""
    pay = S.pay[S.klass[u.h], j, u.d]
    if pay.up > 0.0:
        cases = days / 365.25 * S.num.cases
        S.queue[j] += int(math.floor(cases * pay.up * 1e6 + 0.5))
        S.reviewed[j] += cases * pay.gain


@compiled
def carry_budgets(S: State, k):
    """Add what new drugs cost since the year began to the part of each hospital's plan that is used at edge k."""
    anew = S.year[k] != S.year[k - 1]
    for h in range(S.hospital.size):
        if anew:
            S.spent[h] = 0
        S.used[k, h] += S.spent[h] / (100.0 * S.plan[h])


@compiled
def check_use(S: State, u: Use, k):
    """At edge k, twelve months on: a drug of which hardly anybody was begun may leave the formulary for good."""
    n, h, d = S.num, u.h, u.d
    if u.removed == INF:
        chance = n.remove_share * math.exp(-u.begun)
        draw = uniform(S.key, Q_UNUSED, u.checks, S.hospital[h].id, S.drug[d].id)
        if draw < chance and not complies(S, K_STOCK, h, d, S.edges[k]):
            remove(S, u, S.edges[k])
    u.checks += 1
    u.begun = 0.0
    u.check = k + 12


@compiled
def remove(S: State, u: Use, t):
    """Take a drug off a hospital's formulary at t, the first of a month: its place is free, peers see it no more."""
    h, d = u.h, u.d
    u.removed = t
    case = S.cases[u.case]
    close(S, case, t)
    case.removed, case.state = t, PairState.REMOVED
    note(S, h, d, t, E_REMOVED, 0, -1)
    if S.num.room:
        advance_room(S, h, t)
        S.hospital[h].free += 1.0
    for j in range(S.firsts.size):
        if S.firsts[j] == t and j < S.bins.shape[0]:
            S.bins[j, d, S.hospital[h].level - 1] -= 1


@compiled
def finish_use(S: State):
    """At the horizon: pairs without stock are lived through at once; who still waits is counted."""
    if not S.num.use:
        return
    last = S.edges.size - 2
    for i in range(S.count.uses):
        if S.uses[i].since < S.num.horizon:
            count_waiting(S, S.uses[i])
    for h in range(S.hospital.size):
        for d in range(S.drug.size):
            if S.slot[h, d] == OUTSIDE:
                continue
            i = S.slot[h, d] if S.slot[h, d] >= 0 else -1
            if i >= 0 and S.cases[i].stock < S.num.horizon:
                continue
            u = S.unstocked
            u.h, u.d, u.case, u.next, u.flags = h, d, i, -1, 0
            u.since, u.removed, u.begun, u.therapy, u.pharmacy = INF, INF, 0.0, 0.0, 0.0
            if i >= 0:
                u.recorded_from, u.recorded_to = S.cases[i].recorded_from, S.cases[i].recorded_to
            else:
                u.recorded_from, u.recorded_to = recorded_supply(S, h, d, INF)
            if begin_pair(S, u, last):
                count_waiting(S, u)
            else:
                count_unserved(S, h, d)


@compiled
def count_waiting(S: State, u: Use):
    """Who still waits at the horizon; their days of waiting are counted already."""
    S.fates[u.d, S.hospital[u.h].group].waiting += u.able + u.both + u.unable


@compiled
def count_unserved(S: State, h, d):
    """A pair of which nobody could be treated to the end: its part of the drug's profile."""
    c, last = S.klass[h], S.edges.size - 1
    p = S.profile[c, last, d]
    part = S.hospital[h].catchment / S.weight[d] * S.arrive[d]
    row = S.fates[d, S.hospital[h].group]
    travelled = part * travelled_by(S, h, d, c, last - 1, p.able_exits)
    row.arrivals += part * p.arrivals
    row.unseen += part * p.unseen
    row.travelled += travelled
    row.lost += part * p.exits - travelled
    row.waiting += part * p.waiting
    row.wait_days += part * p.wait_days


@compiled
def count_pharmacies(S: State):
    """Add what pharmacies supply of each counted target pair at the drug's four dates (`Mark`).

    A pair that neither stock nor temporary supply provides for is provided for where its patients may go to a pharmacy;
    their share v, of all pairs, is added up 24 months after approval.
    """
    for h in range(S.hospital.size):
        for d in range(S.drug.size if S.hospital[h].linkable else 0):
            drug = S.drug[d]
            if S.slot[h, d] == OUTSIDE or not drug.counted or S.designated[d] >= S.num.horizon:
                continue
            provided, g = provided_at(S, h, d), S.hospital[h].group
            marks = (drug.approval_12, drug.approval_24, drug.entered_12, drug.entered_24)
            for k in range(4):
                there = provided >> k & 1 == 1
                if marks[k] >= S.num.horizon or (there and k != Mark.APPROVAL_24):
                    continue
                share = pharmacy_supply(S, h, d, marks[k])
                if share > 0.0 and not there:
                    S.cube[d, g].provided[k] += 1.0
                if k == Mark.APPROVAL_24:
                    S.fates[d, g].pharmacy_24 += share


@compiled
def provided_at(S: State, h, d):
    """At which of a drug's four dates a target pair has regular stock or temporary supply: the sum of 1 << k over each."""
    drug, slot = S.drug[d], S.slot[h, d]
    if slot < 0:
        start, stop = recorded_supply(S, h, d, INF)
        return dates_supplied(drug, start, stop)
    case = S.cases[slot]
    return case.supplied | dates_supplied(drug, case.stock, case.removed)
