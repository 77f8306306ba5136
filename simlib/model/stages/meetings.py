"""Stage 6: when committees meet. Regular meetings, a minimum a year, and meetings that a duty adds.

No decision changes these dates, so they are laid out before the clock starts.
"""

from __future__ import annotations

import math

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.distributions import Distribution, pack_one, sample
from simlib.core.errors import InputError
from simlib.core.streams import Q_INTERVAL, Q_JITTER, Q_PHASE, uniform
from simlib.core.workdays import INF, add, deadline, grid, roll
from simlib.model.log import note_duty_meeting
from simlib.model.obedience import complies, follows, in_force
from simlib.model.pair_records import OUTSIDE
from simlib.model.rules import K_DUTY_CATALOGUE, K_DUTY_LIST, K_DUTY_LISTING, K_MINIMUM, Rule
from simlib.model.stages.duties import Clock, clock_of, duty_bit
from simlib.model.state import State
from simlib.scenario.world import World

EVERY, INTERVALS, GRID = 0, 1, 2
FULL, STUCK = -1, -2  # in place of a number of meetings
AT_ONE_MOMENT = 10_000  # intervals of no length in a row


def lay_out(world: World, S) -> tuple[np.ndarray, np.ndarray]:
    """All meetings below the horizon: (dates, hospitals), sorted by date, then hospital (float64 and int32, M)."""
    if not world.p.stages.committee:
        return np.zeros(0), np.zeros(0, np.int32)
    m = world.p.committee.meetings
    kind = EVERY if m.every else (INTERVALS if m.intervals else GRID)
    step = np.array([m.every[f"level_{i}"] for i in (1, 2, 3)]) if m.every else np.full(3, m.grid or 1.0)
    row, pool = pack_one(m.intervals or world.p.purchase.time)
    phase = -1.0 if m.phase is None else m.phase
    years = _years(world)
    capacity = 64 * max(1, len(world.hospitals))
    while True:
        when, who = np.empty(capacity), np.empty(capacity, np.int32)
        n = _lay_out(S, kind, step, row, pool, phase, m.jitter, years, when, who)
        if n == STUCK:
            told = f"committee.meetings.intervals: {AT_ONE_MOMENT:,} meetings in a row at one moment"
            raise InputError(f"{world.scenario.name}: {told}; give intervals that are seldom 0 days")
        if n >= 0:
            break
        capacity *= 4
    when, who = when[:n], who[:n]
    order = np.argsort(when, kind="stable")  # each hospital's come together, hospitals in order
    return when[order], who[order]


def _years(world: World) -> np.ndarray:
    """Starts of years, the last one's end included: calendar years, or blocks of 365.25 days from policy_from."""
    if world.calendar.kind == "every_day":
        start = world.scenario.policy_from % 365.25
        return np.arange(start, world.horizon + 365.25, 365.25)
    first = world.calendar.start.year
    last = world.calendar.date(world.horizon).year + 1
    from datetime import date

    return np.array([world.calendar.index(date(y, 1, 1)) for y in range(first, last + 1)])


@compiled
def _lay_out(S: State, kind, step, dist: Distribution, pool, phase, jitter, years, when, who):
    """Lay out the meetings of all hospitals, hospital by hospital.

    Parameters
    ----------
    S : State
        The replication; its sums get the meetings that duties add.
    kind : int
        EVERY, INTERVALS or GRID.
    step : float64, (3,)
        Days between regular meetings, by level.
    dist, pool
        Intervals, as for `distributions.sample`.
    phase, jitter : float
        Day of the first meeting (negative: drawn), and how far one may lie from its place.
    years : float64, (years + 1,)
        Beginnings of years, in days.
    when : float64, (N,)
        Gets the dates, in days from the start.
    who : int32, (N,)
        Gets the hospitals' places.

    Returns
    -------
    int
        The number of meetings; FULL (or -1) if they do not fit, STUCK if there is no end of them.
    """
    n = 0
    horizon = S.num.horizon
    buffer = np.empty(when.size)
    for g in range(S.tally.size):
        S.tally[g].duty_meetings = 0.0  # an attempt that ran out of space has counted already
    S.count.notes = 0
    for h in range(S.hospital.size):
        count = _regular(S, h, kind, step, dist, pool, phase, jitter, max(horizon, years[-1]), buffer)
        if count < 0:
            return count
        count = _minimum(S, h, years, buffer, count)
        if count < 0:
            return -1
        count = _duties(S, h, years, buffer, count)
        if count < 0 or n + count > when.size:
            return -1
        for i in range(count):
            if buffer[i] < horizon:
                when[n] = buffer[i]
                who[n] = h
                n += 1
    return n


@compiled
def _regular(S: State, h, kind, step, dist: Distribution, pool, phase, jitter, limit, out):
    """Regular meetings of one hospital below `limit` into out (days; N), one a date, by step (days; 3); how many, or FULL or STUCK."""
    hospital = S.hospital[h]
    hid = hospital.id
    interval = step[hospital.level - 1]
    if phase < 0.0:
        phase = uniform(S.key, Q_PHASE, 0, hid, 0) * interval
    n = 0
    j = 0
    t = 0.0
    still = 0
    while True:
        before = t
        if kind == EVERY:
            t = phase + j * interval
        elif kind == INTERVALS:
            t = add(S.table, t, sample(uniform(S.key, Q_INTERVAL, j, hid, 0), dist, pool), dist.unit)
        else:
            t = phase + j * interval + (2.0 * uniform(S.key, Q_JITTER, j, hid, 0) - 1.0) * jitter
        if t - jitter >= limit:
            return n
        still = still + 1 if t == before else 0
        if still > AT_ONE_MOMENT:
            return STUCK
        j += 1
        date = roll(S.table, t) if t >= 0.0 else -1.0
        if date < 0.0 or date >= limit:
            continue
        if n == out.size:
            return FULL
        n = _insert(out, n, date)


@compiled
def _insert(dates, n, t):
    """Insert a date into dates (days; N), of which the first n are sorted, unless it is there; the new number."""
    i = n
    while i > 0 and dates[i - 1] > t:
        i -= 1
    if i > 0 and dates[i - 1] == t:
        return n
    for k in range(n, i, -1):
        dates[k] = dates[k - 1]
    dates[i] = t
    return n + 1


@compiled
def _minimum(S: State, h, years, dates, n):
    """Add to dates (days; N) the meetings of each of the years in which a minimum, or (reading E2) what is left of it, is obeyed.

    years: beginnings (days; years + 1). The new number; -1 for no room.
    """
    if S.first[K_MINIMUM] == S.first[K_MINIMUM + 1]:
        return n
    horizon = S.num.horizon
    for y in range(years.size - 1):
        start, end = years[y], years[y + 1]
        if start < 0.0 or start >= horizon:
            continue
        last = min(end, horizon)
        n = _fill(S, start, end, _wanted(S, h, start, last), dates, n)
        s = _next_start(S, h, start, last) if S.num.pro_rata else INF
        while n >= 0 and s < last:
            left = _wanted(S, h, s, last) * (end - s) / (end - start)
            n = _fill(S, s, end, int(math.floor(left + 0.5)), dates, n)
            s = _next_start(S, h, s, last)
        if n < 0:
            return -1
    return n


@compiled
def _fill(S: State, start, end, wanted, dates, n):
    """Add meetings in the longest gaps of dates (days; N) from start to end until so many are there; the new number, -1 for no room."""
    while True:
        lo = np.searchsorted(dates[:n], start)
        hi = np.searchsorted(dates[:n], end)
        if hi - lo >= wanted:
            return n
        a, b = start, end
        widest = -1.0
        left = start
        for i in range(lo, hi + 1):
            right = dates[i] if i < hi else end
            if right - left > widest:
                widest, a, b = right - left, left, right
            left = right
        middle = (a + b) / 2.0
        new = grid(middle) if S.num.every_day else roll(S.table, math.floor(middle))
        if not (a < new < b):
            return n
        if n == dates.size:
            return -1
        n = _insert(dates, n, new)


@compiled
def _next_start(S: State, h, after, last):
    """The first start in (after, last) of a minimum for hospital h that holds until `last`; else inf."""
    s = INF
    for i in range(S.first[K_MINIMUM], S.first[K_MINIMUM + 1]):
        rule = S.rules[i]
        if after < rule.start and rule.start < last and last <= rule.stop and S.where[rule.hospitals, S.kind[h]]:
            if not _replaced_within(S, rule, h, rule.start, last):
                s = min(s, rule.start)
    return s


@compiled
def _replaced_within(S: State, rule: Rule, h, a, b):
    """Whether a later rule of the same place stands in for a minimum at hospital h at some time in [a, b)."""
    for i in range(rule.later, rule.later_end):
        later = S.later[i]
        if later.start < b and a < later.stop and S.where[later.hospitals, S.kind[h]]:
            return True
    return False


@compiled
def _wanted(S: State, h, start, end):
    """Meetings that a minimum wants of hospital h in a year it obeys; 0 for none."""
    best, base = 0.0, -math.inf
    for i in range(S.first[K_MINIMUM], S.first[K_MINIMUM + 1]):
        rule = S.rules[i]
        if in_force(S, rule, h, -1, start) and rule.stop >= end and not _replaced_within(S, rule, h, start, end):
            best, base = max(best, rule.value), max(base, rule.logit)
    if best > 0.0 and follows(S, K_MINIMUM, base, h, -1, start):
        return int(best)
    return 0


@compiled
def _duties(S: State, h, years, dates, n):
    """Add the meetings that duties ask of hospital h, in the order of (clock, due date), to dates (days; N); the new number."""
    keys = 0
    for k in (K_DUTY_LISTING, K_DUTY_CATALOGUE, K_DUTY_LIST):
        keys += S.first[k + 1] - S.first[k]
    if keys == 0 or S.hospital[h].pushed == 0 or not S.num.committee:
        return n
    size = (Clock.LATE + S.late.shape[1]) * S.drug.size
    clocks, dues = np.empty(size), np.empty(size)
    m = _clocks(S, h, dates[:n], clocks, dues)
    order = np.argsort(dues[:m], kind="mergesort")
    order = order[np.argsort(clocks[:m][order], kind="mergesort")]
    added = np.empty(m)
    number = 0
    for i in order:
        if _meets(dates[:n], clocks[i], dues[i]):
            continue
        if _in_year(S, years, added, number, dues[i]) >= S.num.max_duty:
            continue
        if n == dates.size:
            return -1
        n = _insert(dates, n, dues[i])
        added[number] = dues[i]
        note_duty_meeting(S, h, clocks[i], dues[i])
        number += 1
        S.hospital[h].duty_meetings = number
        if dues[i] >= S.num.policy_from:
            S.tally[S.hospital[h].group].duty_meetings += 1.0
    return n


@compiled
def _meets(dates, clock, due):
    """Whether one of the sorted dates (days; N) lies in [clock, due]."""
    i = np.searchsorted(dates, clock)
    return i < dates.size and dates[i] <= due


@compiled
def _clocks(S: State, h, dates, clocks, dues):
    """Starts and ends of limits by which hospital h obeys a duty's clock, below the horizon and with none of `dates` in them.

    Into clocks and dues (days; N); how many.
    """
    horizon, pushed = S.num.horizon, S.hospital[h].pushed
    m = 0
    for d in range(S.drug.size):
        aware = S.x[h, d]
        if S.slot[h, d] == OUTSIDE or aware >= horizon:
            continue
        for which in range(Clock.LATE + S.late.shape[1]):
            if which == Clock.ENTRY:  # pushes, and calls no meeting
                continue
            key, t = clock_of(S, which, h, d, aware)
            if t < horizon and pushed & duty_bit(key) and complies(S, key, h, d, t):
                due = _due(S, key, h, d, t)
                if due < horizon and not _meets(dates, t, due):  # a date that is there stays there
                    clocks[m], dues[m] = t, due
                    m += 1
    return m


@compiled
def _due(S: State, key, h, d, t):
    """Last admissible date of the duty rules of a key in force at the clock's start t."""
    due = INF
    for i in range(S.first[key], S.first[key + 1]):
        if in_force(S, S.rules[i], h, d, t):
            due = min(due, deadline(S.table, t, S.rules[i].value, S.rules[i].unit))
    return due


@compiled
def _in_year(S: State, years, added, number, t):
    """How many of the first `number` dates in added (days; N) lie in the year of t."""
    found = 0
    if S.num.every_day:
        for i in range(number):
            if math.floor(added[i] / 365.25) == math.floor(t / 365.25):
                found += 1
        return found
    y = np.searchsorted(years, t, side="right")
    for i in range(number):
        if np.searchsorted(years, added[i], side="right") == y:
            found += 1
    return found
