"""Stage 10: patients as exact expectations, month by month, for every pair that may treat somebody.

Patients are Poisson, their windows exponential: given the dates, expected flows follow a linear recursion
(`docs/semantics-use.md`). Pairs of which nobody can yet be treated need none: they all follow their drug's profile.
So a pair is touched once a month from its first possible trial on, and never before.
"""

from __future__ import annotations

import math

from simlib.core.compiled import compiled
from simlib.core.workdays import INF
from simlib.model.stages.use_rules import (
    days_to_payment,
    edge_after,
    month_at,
    open_share,
    pharmacy_share,
    read_rules,
)
from simlib.model.stages.use_trials import damping, ramp, travel_share, trial_without_stock
from simlib.model.state import State
from simlib.model.use_records import HURRIED, LINKED, ON_CONTRACT, PRESCRIBING, Profile, Use, Way


@compiled
def set_able(u: Use, alpha):
    """Move waiting patients between able and unable as the able share changes to alpha; the newly able by the share v."""
    was = u.alpha
    if alpha > was:
        moved = u.unable * (alpha - was) / (1.0 - was)
        u.unable -= moved
        u.both += moved * u.v
        u.able += moved * (1.0 - u.v)
    elif alpha < was:
        part = (was - alpha) / was
        u.unable += (u.able + u.both) * part
        u.able -= u.able * part
        u.both -= u.both * part
    u.alpha = alpha


@compiled
def set_pharmacy(u: Use, v):
    """Move able patients to or from those who may use a pharmacy as that share changes to v."""
    was = u.v
    if v > was:
        moved = u.able * (v - was) / (1.0 - was)
        u.able -= moved
        u.both += moved
    elif v < was:
        moved = u.both * (was - v) / was
        u.both -= moved
        u.able += moved
    u.v = v


@compiled
def wait_out(n, p, rate, days, window, decay):
    """(treated, waiting at the end, exits) of n waiting and `rate` arrivals a day over a stretch, trials of chance p."""
    lump = p * n
    rest = n - lump
    came = (1.0 - p) * rate
    if window == 0.0:
        return lump + p * rate * days, 0.0, rest + came * days
    left = rest * decay + came * window * (1.0 - decay)
    return lump + p * rate * days, left, rest + came * days - left


@compiled
def stay_on(n, lump, rate, days, decay, delta):
    """(patients on the drug at the end, patient-days) with a lump at the start and `rate` a day."""
    end = (n + lump) * decay + rate * delta * (1.0 - decay)
    return end, delta * (n + lump + rate * days - end)


@compiled
def stretch(S: State, u: Use, k, a, b, p_h, p_p, way):
    """One stretch [a, b) of month k: trials of chance p_h at the hospital (counted as `way`), p_p at a pharmacy.

    S.month.days gets the hospital's patient-days, S.month.begun the patients begun on its own stock.
    """
    h, d = u.h, u.d
    c, row = S.klass[h], S.fates[d, S.hospital[h].group]
    pay, days, window = S.pay[c, k, d], b - a, S.window[d]
    whole = a == S.edges[k] and b == S.edges[k + 1]
    decay = S.decay[k, d] if whole else (math.exp(-days / window) if window > 0.0 else 0.0)
    delta = S.num.therapy
    all_ = u.part * S.more[k, d]
    rate = all_ * pay.come
    row.arrivals += all_ * days
    row.unseen += (all_ - rate) * days
    at_pharmacy = p_p > p_h
    p_both = p_p if at_pharmacy else p_h
    r_able, r_both = rate * u.alpha * (1.0 - u.v), rate * u.alpha * u.v
    r_unable = rate * (1.0 - u.alpha)
    lump_h, lump_p = p_h * u.able, 0.0
    flow_h, flow_p = p_h * r_able, 0.0
    if at_pharmacy:
        lump_p, flow_p = p_both * u.both, p_both * r_both
    else:
        lump_h, flow_h = lump_h + p_both * u.both, flow_h + p_both * r_both
    t1, u.able, x1 = wait_out(u.able, p_h, r_able, days, window, decay)
    t2, u.both, x2 = wait_out(u.both, p_both, r_both, days, window, decay)
    _, u.unable, x3 = wait_out(u.unable, 0.0, r_unable, days, window, decay)
    row.treated[way] += t1 if at_pharmacy else t1 + t2
    row.treated[Way.PHARMACY] += t2 if at_pharmacy else 0.0
    travel = travel_share(S, h, d, S.edges[k])
    row.travelled += (x1 + x2) * travel
    row.lost += (x1 + x2) * (1.0 - travel) + x3
    row.wait_days += (x1 + x2 + x3) * window
    fade = S.fade[k] if whole else math.exp(-days / delta)
    u.therapy, used = stay_on(u.therapy, lump_h, flow_h, days, fade, delta)
    u.pharmacy, outside = stay_on(u.pharmacy, lump_p, flow_p, days, fade, delta)
    row.therapy_days += used
    row.pharmacy_days += outside
    owed = days_to_payment(S, h, d, k, u.flags & HURRIED != 0, u.flags & ON_CONTRACT != 0)
    S.money[c, k, d].hospital += used
    S.money[c, k, d].pharmacy += outside
    S.money[c, k, d].owed += used * owed
    S.month.days += used
    if way == Way.HOSPITAL:
        S.month.begun += t1 if at_pharmacy else t1 + t2


@compiled
def live_month(S: State, u: Use, k, start):
    """A pair's month k from `start` on: traits, then one stretch after the other, cut at the stock date and at those of pharmacies."""
    h, d = u.h, u.d
    edge, end = S.edges[k], S.edges[k + 1]
    if start == edge and S.differs[k, d] == 1:
        read_rules(S, u, k)
    v = pharmacy_share(S, h, d, k, u.flags & LINKED != 0, u.flags & PRESCRIBING != 0)
    stock = u.since
    dispensed = S.designated[d] if v > 0.0 else INF  # a pharmacy not open to them moves nobody
    sold = S.sold[d] if S.hospital[h].self_pay > 0.0 else INF
    first = min(dispensed, sold)
    alpha = S.pay[S.klass[h], k, d].afford * u.prescribe
    if start == edge:
        set_able(u, alpha)
        set_pharmacy(u, open_share(S, h, d, edge, v))
    p_t, way_t = 0.0, Way.TEMPORARY
    if start < stock or u.removed <= edge:  # else the stock is there all month
        p_t, way_t = trial_without_stock(S, u, k)
    p_s = ramp(S, u, stock, edge) * damping(S, u, k) if stock < end and edge < u.removed else 0.0
    p_p = ramp(S, u, first, edge) * S.pay[S.klass[h], k, d].damp if first < end else 0.0
    a = start
    while a < end:
        b = end
        if a < stock and stock < b:
            b = stock
        if a < dispensed and dispensed < b:
            b = dispensed
        if a < sold and sold < b:
            b = sold
        if a > edge and (a == dispensed or a == sold):
            set_pharmacy(u, open_share(S, h, d, a, v))
        stocked = stock <= a and a < u.removed
        here = p_s if stocked else p_t
        there = p_p if first <= a else 0.0
        stretch(S, u, k, a, b, here, there, Way.HOSPITAL if stocked else way_t)
        a = b


@compiled
def first_month(S: State, u: Use):
    """The first month in which somebody could be treated at the pair, as far as dates alone tell; the horizon's for none."""
    d, hospital = u.d, S.hospital[u.h]
    t = min(u.since, S.designated[d] if hospital.linkable else INF)
    if hospital.self_pay > 0.0:
        t = min(t, S.sold[d])
    if hospital.studies:
        t = min(t, S.drug[d].approval)
    t = min(t, u.recorded_from)
    if u.case >= 0:
        case = S.cases[u.case]
        t = min(t, case.supply_from)
        k = case.supplies
        while k >= 0:
            t = min(t, S.supplies[k].start)
            k = S.supplies[k].before
    return month_at(S, t) if t < S.num.horizon else S.edges.size - 1


@compiled
def first_trial(S: State, u: Use, k, fresh):
    """The first moment of month k at which somebody could be treated at the pair; inf for none."""
    edge, end, d = S.edges[k], S.edges[k + 1], u.d
    if fresh or S.differs[k, d] == 1:
        read_rules(S, u, k)
    t = u.since if u.since < end else INF
    if S.designated[d] < end and u.flags & LINKED:
        if pharmacy_share(S, u.h, d, k, True, u.flags & PRESCRIBING != 0) > 0.0:
            t = min(t, max(S.designated[d], edge))
    if S.hospital[u.h].self_pay > 0.0 and S.sold[d] < end:
        t = min(t, max(S.sold[d], edge))
    p, _ = trial_without_stock(S, u, k)
    if p > 0.0:
        t = min(t, edge)
    return t


@compiled
def part_profile(S: State, c, k, d, t, out: Profile):
    """A drug's profile at t in month k, per patient a day, into `out`."""
    p = S.profile[c, k, d]
    n, approval, edge = S.num, S.drug[d].approval, S.edges[k]
    waiting, came, unseen = p.waiting, p.arrivals, p.unseen
    pay, window = S.pay[c, k, d], S.window[d]
    start = edge
    if approval >= edge:  # the drug was approved in this month
        start = approval
        pool = n.pool_years * 365.25
        waiting, came, unseen = pool * pay.come, pool, pool * (1.0 - pay.come)
    days = t - start
    rate = S.more[k, d] * pay.come
    exits = 0.0
    if days > 0.0:
        decay = math.exp(-days / window) if window > 0.0 else 0.0
        _, waiting, exits = wait_out(waiting, 0.0, rate, days, window, decay)
        came += S.more[k, d] * days
        unseen += (S.more[k, d] - rate) * days
    out.waiting, out.arrivals, out.unseen = waiting, came, unseen
    out.exits = p.exits + exits
    out.able_exits = p.able_exits + exits * pay.afford * min(1.0, n.prescribe)
    out.wait_days = p.wait_days + exits * window


@compiled
def leave_profile(S: State, u: Use, k, t):
    """Count what a pair's patients went through up to t in month k, while nothing was there; the number who wait at t."""
    h, d, part = u.h, u.d, u.part
    c, row = S.klass[h], S.fates[d, S.hospital[h].group]
    now = S.so_far
    part_profile(S, c, k, d, t, now)
    row.arrivals += part * now.arrivals
    row.unseen += part * now.unseen
    row.wait_days += part * now.wait_days
    travelled = part * travelled_by(S, h, d, c, k, now.able_exits)
    row.travelled += travelled
    row.lost += part * now.exits - travelled
    return part * now.waiting


@compiled
def travelled_by(S: State, h, d, c, k, able_exits):
    """Of able exits (per patient a day) up to a moment of month k, those who travelled: by the months' beginnings."""
    n, li = S.num, S.hospital[h].level - 1
    city, capital = S.first_city[S.city[h], d], S.first_city[S.capital[h], d]
    a = edge_after(S, city, False) if city < INF else S.edges.size
    b = edge_after(S, min(city, capital), False) if min(city, capital) < INF else S.edges.size
    at_a = S.profile[c, a, d].able_exits if a <= k else able_exits
    at_b = S.profile[c, b, d].able_exits if b <= k else able_exits
    return n.city_travel[li] * (able_exits - at_a) + n.capital_travel[li] * (at_a - at_b)


@compiled
def begin_pair(S: State, u: Use, last):
    """Live a pair from its first trial to the end of month `last`, if there is a trial by then; whether there was.

    Until then its patients follow the drug's profile. `S.spend` is left with what month `last` itself brought.
    """
    h, d = u.h, u.d
    k = first_month(S, u)
    t, fresh = INF, True
    while k <= last and t == INF:
        t = first_trial(S, u, k, fresh)
        fresh = False
        k += 1
    if t == INF:
        return False
    k -= 1
    t = max(t, S.drug[d].approval)
    u.part = S.hospital[h].catchment / S.weight[d] * S.arrive[d]
    waiting = leave_profile(S, u, k, t)
    v = pharmacy_share(S, h, d, k, u.flags & LINKED != 0, u.flags & PRESCRIBING != 0)
    u.start, u.v = t, open_share(S, h, d, t, v)
    u.alpha = S.pay[S.klass[h], k, d].afford * u.prescribe
    u.unable = waiting * (1.0 - u.alpha)
    u.both = waiting * u.alpha * u.v
    u.able = waiting * u.alpha * (1.0 - u.v)
    while k < last:
        live_month(S, u, k, t)
        k += 1
        t = S.edges[k]
    S.month.days = S.month.begun = 0.0
    live_month(S, u, last, t)
    u.next = last + 1
    return True
