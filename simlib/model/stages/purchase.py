"""Stages 6 (room) and 8: a passed drug takes a place in the formulary, or waits for one, and is bought."""

from __future__ import annotations

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.distributions import sample
from simlib.core.streams import Q_PURCHASE, uniform
from simlib.core.workdays import INF, add, deadline, up
from simlib.model.account import close, drop_empty
from simlib.model.log_reasons import note_no_place, note_pass
from simlib.model.obedience import barrier_removed, best_value, follows, in_force, strongest
from simlib.model.pair_records import PairState, Timing
from simlib.model.rules import FORMULARY_SIZE, K_CLOCK, K_PURCHASE
from simlib.model.stages.awareness import aware_date
from simlib.model.stages.use_open import open_use
from simlib.model.state import State


@compiled
def advance_room(S: State, h, t):
    """Let the formulary turn over up to the last first of a month at or before t.

    Places fall free at `turn` a year and background products take them, the more the more are free.
    """
    hospital = S.hospital[h]
    turn = hospital.turn
    relaxation = S.num.relaxation
    j = hospital.month
    while j < S.firsts.size and S.firsts[j] <= t:
        dt = (S.firsts[j] - (S.firsts[j - 1] if j > 0 else 0.0)) / 365.25
        x = hospital.free
        background = turn * max(0.0, 1.0 + (x - hospital.target) / (turn * relaxation))
        hospital.free = x + turn * dt - background * dt
        j += 1
    hospital.month = j


@compiled
def find_room(S: State, h, d, p):
    """The date on which a drug passed at p has its place."""
    if not S.num.room:
        return p
    advance_room(S, h, p)
    if barrier_removed(S, FORMULARY_SIZE, h, d, p):
        note_no_place(S, h, d, p)
        return p
    hospital = S.hospital[h]
    x = hospital.free
    hospital.free = x - 1.0
    if x >= 1.0:
        return p
    return up(S.table, p + (1.0 - x) / hospital.turn * 365.25)


@compiled
def purchase_limit(S: State, h, d, p):
    """The last date of the purchase limits that bind a pass at p; inf where none does."""
    due = INF
    if S.first[K_PURCHASE] == S.first[K_PURCHASE + 1]:
        return due
    clock = p
    if best_value(S, K_CLOCK, h, d, p) > 0.0:
        clock = aware_date(S, h, d)
    for i in range(S.first[K_PURCHASE], S.first[K_PURCHASE + 1]):
        rule = S.rules[i]
        if in_force(S, rule, h, d, p):
            due = min(due, deadline(S.table, clock, rule.value, rule.unit))
    return due


@compiled
def stock_date(S: State, h, d, p, room):
    """(date of regular stock, last date of a limit in force)."""
    if not S.num.purchase:
        return room, INF
    dist = S.dist[Timing.PURCHASE]
    x = sample(uniform(S.key, Q_PURCHASE, 0, S.hospital[h].id, S.drug[d].id), dist, S.pool)
    stock = up(S.table, add(S.table, room, x, dist.unit))
    due = purchase_limit(S, h, d, p)
    if due < INF and follows(S, K_PURCHASE, strongest(S, K_PURCHASE, h, d, p), h, d, p):
        stock = max(room, min(stock, due))
    return stock, due


@compiled
def pass_drug(S: State, i, p):
    """Case i passes at p: room, purchase, stock; all later dates of the pair are known now."""
    case = S.cases[i]
    h, d = case.h, case.d
    close(S, case, p)
    room = find_room(S, h, d, p)
    stock, due = stock_date(S, h, d, p, room)
    note_pass(S, h, d, p, room, stock, due)
    settle(S, i, p, room, stock)
    if p >= S.num.policy_from:
        row = S.tally[S.hospital[h].group]
        row.passes += 1.0
        if stock < S.num.horizon:
            row.purchases += 1.0
        if due < S.num.horizon:
            row.purchases_limited += 1.0
            row.purchases_in_time += 1.0 if stock <= due else 0.0


@compiled
def settle(S: State, i, p, room, stock):
    """Case i, counted up to p, has its place at `room` and is in stock from `stock` on."""
    case = S.cases[i]
    h, d = case.h, case.d
    case.passed, case.room, case.stock = p, room, stock
    case.state = PairState.WAITING_FOR_ROOM
    if case.supply_to > stock:
        case.supply_to = stock
        case.temporary = False
        drop_empty(case)
    close(S, case, room)
    case.state = PairState.BEING_BOUGHT
    close(S, case, stock)
    case.state = PairState.STOCKED
    open_use(S, i, h, d, stock)
    j = np.searchsorted(S.firsts, stock, side="left")
    if j < S.firsts.size and S.firsts[j] == p:
        j += 1  # the shares of that first are taken before its passes
    if j < S.bins.shape[0]:
        S.bins[j, d, S.hospital[h].level - 1] += 1
