"""Stage 5: a department asks the committee when its accumulated interest passes a threshold drawn once.

c(t) of a drug and level is piecewise linear: its rate is read at knots (firsts of months, publications). A pair asks at
the first date with c(t) >= theta = c(aware) + E/r; a push lowers theta by what `push` years at the current rate add.
"""

from __future__ import annotations

import math

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.streams import Q_ASK, exponential
from simlib.core.workdays import INF, up
from simlib.model.log import note_push
from simlib.model.obedience import complies
from simlib.model.rules import K_DUTY_CATALOGUE, K_DUTY_LIST, K_DUTY_LISTING, K_ENTER
from simlib.model.stages.awareness import is_site, reach
from simlib.model.stages.duties import late_clock
from simlib.model.state import State

LN2 = math.log(2.0)
HAIR = 2.0**-19  # days by which a date is taken too early where it only tells whom to look at, for rounding


@compiled
def knot_at(S: State, t):
    """Place of the last knot at or before t."""
    knots = S.knots
    k = min(max(int(t / S.num.horizon * knots.size), 0), knots.size - 1)  # about right: most are firsts of months
    while k + 1 < knots.size and knots[k + 1] <= t:
        k += 1
    while k >= 0 and knots[k] > t:
        k -= 1
    return k


@compiled
def pushing_knot(S: State, t):
    """Knot whose rate a push at t finds: on the first of a month the one before, for shares are read after pushes."""
    k = knot_at(S, t)
    if k > 0 and S.knots[k] == t:
        j = np.searchsorted(S.firsts, t)
        if j < S.firsts.size and S.firsts[j] == t:
            return k - 1
    return k


@compiled
def interest(S: State, d, li, t):
    """c_dl(t), for t not later than the clock."""
    k = knot_at(S, t)
    return S.c[k, d, li] + S.rate[k, d, li] * (t - S.knots[k])


@compiled
def open_knot(S: State, k, first):
    """Read the rates that hold from knot k on: share of stocking hospitals and age on firsts, catalogue always.

    `first` is the last first of a month (or 0) at or before the knot: age and shares are as of then.
    """
    n = S.num
    t = S.knots[k]
    for d in range(S.drug.size):
        drug = S.drug[d]
        m = 1.0 if drug.entered <= t else n.before_catalogue
        age = (first - drug.first_listed) / 365.25
        g = 1.0 if age <= n.plateau else math.exp(-LN2 * (age - n.plateau) / n.half_life)
        for li in range(3):
            if k > 0:
                S.c[k, d, li] = S.c[k - 1, d, li] + S.rate[k - 1, d, li] * (t - S.knots[k - 1])
            share = S.stocked[d, li] / S.targets[d, li] if S.targets[d, li] > 0 else 0.0
            S.rate[k, d, li] = n.lambda0 / 365.25 * drug.appeal * S.effort[d, li] * m * g * (1.0 + n.beta * share)


@compiled
def count_stocked(S: State, j):
    """Add the pairs stocked since the first of the month before to the shares of the j-th first."""
    for d in range(S.drug.size):
        for li in range(3):
            S.stocked[d, li] += S.bins[j, d, li]


@compiled
def threshold(S: State, h, d, x, ask):
    """theta of asking number `ask`, begun at x; a site of the drug's trials has passed it already, the first time."""
    r = reach(S, h, d)
    if r <= 0.0:
        return INF
    li = S.hospital[h].level - 1
    if ask == 0 and is_site(S, h, d):
        return interest(S, d, li, x) - 1.0
    return interest(S, d, li, x) + exponential(S.key, Q_ASK, ask, S.hospital[h].id, S.drug[d].id) / r


@compiled
def crossing(S: State, d, li, theta, start, to):
    """The date on which c reaches theta, if that is from `start` to `to`; else inf."""
    last = knot_at(S, to)
    if theta == INF or theta > S.c[last, d, li] + S.rate[last, d, li] * (to - S.knots[last] + HAIR):
        return INF
    k = knot_at(S, start)
    while True:
        if k < last and theta > S.c[k + 1, d, li]:
            k += 1
            continue
        if S.rate[k, d, li] <= 0.0:
            if theta > S.c[k, d, li]:
                return INF
            return up(S.table, start)
        t = S.knots[k] + (theta - S.c[k, d, li]) / S.rate[k, d, li]
        if k < last:
            t = min(t, S.knots[k + 1])
        t = up(S.table, max(t, start))
        return t if t <= to else INF


@compiled
def push_weight(S: State, h, d, t, aware, fresh):
    """Greatest share of an exposure by which canvasses on date t push the pair; 0 for none.

    fresh: t is the day on which the hospital learns of the listing.
    """
    n = S.num
    drug = S.drug[d]
    entered = max(drug.duty_entered, aware)
    commercial = max(drug.duty_commercial, aware)
    if fresh and (complies(S, K_DUTY_LISTING, h, d, t) or complies(S, K_ENTER, h, d, t)):
        return n.push
    if (t == entered or t == commercial) and complies(S, K_DUTY_CATALOGUE, h, d, t):
        return n.push
    if t == max(drug.duty_list, aware) and complies(S, K_DUTY_LIST, h, d, t):
        return n.push
    for i in range(S.late.shape[1]):
        if S.late[1, i] == t and late_clock(S, i, h, d, aware) == t:
            return n.push
    since = min(drug.duty_entered, drug.duty_commercial)
    if t > since:
        for i in range(S.rounds.size):
            if S.rounds[i] == t and complies(S, K_DUTY_CATALOGUE, h, d, t):
                return n.push * n.recheck
    return 0.0


@compiled
def next_push(S: State, d, after, to, aware):
    """The next date in (after, to] on which a catalogue, a list, a late duty or a later round could push the pair; else inf."""
    drug = S.drug[d]
    t = INF
    for x in (max(drug.duty_entered, aware), max(drug.duty_commercial, aware), max(drug.duty_list, aware)):
        if after < x and x <= to:
            t = min(t, x)
    for i in range(S.late.shape[1]):
        if after < S.late[1, i] and S.late[1, i] <= to:
            t = min(t, S.late[1, i])
    since = min(drug.duty_entered, drug.duty_commercial)
    for i in range(S.rounds.size):
        x = S.rounds[i]
        if after < x and x <= to and x > since and x >= aware:
            t = min(t, x)
    return t


@compiled
def ask_date(S: State, h, d, start, inclusive, to, aware, fresh):
    """The date of asking from `start` to `to` (inf if none), with pushes on the way; `S.x` keeps the lowered threshold.

    inclusive: pushes on the start date count (it is the end of a lock-out, or the day of learning: `fresh`).
    """
    if S.num.all_before:
        return start
    li = S.hospital[h].level - 1
    if S.hospital[h].pushed == 0:
        return crossing(S, d, li, S.x[h, d], start, to)
    after = start
    first = inclusive
    while True:
        t = start if first else next_push(S, d, after, to, aware)
        if t > to:
            return crossing(S, d, li, S.x[h, d], after, to)
        asked = crossing(S, d, li, S.x[h, d], after, t)
        if asked <= t:
            return asked
        w = push_weight(S, h, d, t, aware, fresh and first)
        if w > 0.0:
            note_push(S, h, d, t, aware, fresh and first)
            S.x[h, d] -= w * 365.25 * S.rate[pushing_knot(S, t), d, li]
            if S.x[h, d] <= interest(S, d, li, t):
                return t
        after = t
        first = False
