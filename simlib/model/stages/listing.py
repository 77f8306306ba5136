"""Stage 2: the provinces' platforms. One pass over all dossiers of each in the order of their places, before the clock starts.

Nothing later feeds back to listing, so reviewers need no event of their own: `_review` moves from one moment at
which a reviewer is free and a dossier waits to the next.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.distributions import pack_one, sample
from simlib.core.streams import (
    Q_BACKGROUND_GAP,
    Q_BACKGROUND_WORK,
    Q_COMPLETE,
    Q_CORRECTION,
    Q_STANDING,
    Q_WORK,
    exponential,
    grid,
    uniform,
)  # fmt: skip
from simlib.core.workdays import INF, YEAR, add, roll
from simlib.model.rules import Others
from simlib.model.vectors import add_each, deadline_each, roll_each, sample_each, sigma_each, uniforms_in, working_each
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World, logit
from simlib.world.parameters import Listing as Parameters


@dataclass(frozen=True)
class Listing:
    """What each province's platform did with each drug (arrays (P, D)).

    arrival: complete dossier. start, done: a reviewer's work. signed: sign-off. review_due, whole_due: last dates of the limits,
    inf for none. in_time: -1 no limit, 0 late, 1 in time. busy: reviewer
    days below the horizon, background included (P). reviewers: how many, 0 for unlimited (P).
    """

    filed: np.ndarray
    arrival: np.ndarray
    returns: np.ndarray
    start: np.ndarray
    done: np.ndarray
    listed: np.ndarray
    in_time: np.ndarray
    busy: np.ndarray
    reviewers: np.ndarray
    signed: np.ndarray
    review_due: np.ndarray
    whole_due: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """The day on which any province lists each drug (float64, D)."""
        return self.listed.min(axis=0)


def standing_factors(world: World, others: Others, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(factor on standing time, further factor on its part after the review) of the rules at t (of its shape, or (P, D))."""
    p = world.p.listing
    autonomous = LEVERS["listing.pricing"].allowed.index("autonomous")
    holds = {
        "green_channel": others.flag("listing.green_channel", t),
        "autonomous_pricing": others.choice("listing.pricing", t) == autonomous,
        "direct": others.flag("listing.direct", t),
        "price_guidance": others.flag("listing.price_guidance", t),
    }
    factor = np.ones(len(world.drugs))
    for name, now in holds.items():
        factor = np.where(now, factor * p.standing_factor[name], factor)
    publication = np.where(others.flag("listing.one_stop", t), p.publication_factor["one_stop"], 1.0)
    return factor, publication


def list_drugs(world: World, others: Others, filed: np.ndarray, entered: np.ndarray) -> Listing:
    """Pass all dossiers through completeness check, review, sign-off and publication.

    filed: days of filing (float64, (P, D)). entered: of publication of the basic catalogue that takes a drug, inf for never (D).
    """
    n, places = filed.shape, world.provinces
    entered = np.broadcast_to(entered, n)
    if not world.p.stages.listing:
        none, never, zero = np.full(n, -1), np.full(n, INF), np.zeros(len(places))
        counts = np.zeros(n, int), zero, zero.astype(int)
        return Listing(filed, filed, counts[0], filed, filed, filed, none, *counts[1:], filed, never, never)
    p, table, others = world.p.listing, world.table, others.in_provinces(places.ids)
    arrival, away, returns = _completeness(world, others, filed)
    review, review_obeyed = _due(world, others, "listing.review_limit", filed, arrival, np.zeros(n))
    stopped = np.zeros(n) if p.corrections_count else away  # reading D7: the firm's days count too
    whole, whole_obeyed = _due(world, others, "listing.whole_limit", filed, filed, stopped)
    due = np.minimum(review, whole)
    due = np.where(
        np.isinf(due),
        deadline_each(table, arrival, np.full(n, float(p.customary_limit)), "working_days"),
        due,
    )
    start, done, busy, reviewers = _queue(world, others, filed, arrival, due)
    standing, publication = standing_factors(world, others, filed)
    s = sample_each(world.key, Q_STANDING, world.drugs.ids, p.standing, places=places.ids) * standing
    s = s * np.array(places.standing)[:, None]
    r1 = add_each(table, done, s * (1 - p.publication_share), p.standing.unit)
    r1 = np.where(review_obeyed, np.maximum(done, np.minimum(r1, review)), r1)
    r2 = add_each(table, r1, s * p.publication_share * publication, p.standing.unit)
    r2 = np.where(whole_obeyed, np.maximum(done, np.minimum(r2, whole)), r2)
    after, after_obeyed = _due(world, others, "listing.catalogue_limit", entered, entered, np.zeros(n))
    r2 = np.where(after_obeyed, np.maximum(done, np.minimum(r2, after)), r2)
    listed = roll_each(table, r2)
    limited = np.isfinite(review) | np.isfinite(whole)
    kept = (roll_each(table, r1) <= review) & (listed <= whole)
    in_time = np.where(limited, kept, -1).astype(int)
    return Listing(filed, arrival, returns, start, done, listed, in_time, busy, reviewers, r1, review, whole)


def _completeness(world: World, others: Others, filed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(arrival of the complete dossier, working days it was away, how often it was returned)."""
    p, d, table = world.p.listing, world.drugs, world.table
    ids, odds = world.provinces.ids, np.full(filed.shape, logit(p.complete))
    for name in ("early_contact", "simplified_dossier"):
        odds = np.where(others.flag(f"listing.{name}", filed), odds + p.complete_log_odds[name], odds)
    complete = sigma_each(odds)
    t, away, returns = filed.copy(), np.zeros(filed.shape), np.zeros(filed.shape, int)
    open_ = np.isfinite(filed)
    for k in range(p.max_returns):
        open_ &= uniforms_in(world.key, Q_COMPLETE, ids, d.ids, attempt=k) >= complete
        if not open_.any():
            break
        mend = sample_each(world.key, Q_CORRECTION, d.ids, p.correction, attempt=k, places=ids)
        back = roll_each(table, add_each(table, t, mend, p.correction.unit))
        safe = np.where(open_ & np.isfinite(back), back, t)
        away = np.where(open_, away + working_each(table, np.where(open_, t, 0), np.where(open_, safe, 0)), away)
        t = np.where(open_, back, t)
        returns += open_
        open_ = open_ & np.isfinite(t)
    return t, away, returns


def limits_at(
    world: World, platforms: Others, lever: str, t: np.ndarray
) -> tuple[list[tuple[float, str, np.ndarray]], np.ndarray]:
    """(number, unit and whereabouts of each limit, where it is obeyed): rules, and what a province has of its own, which is a "must"."""
    rules, obeyed = platforms.limits(lever, t)
    found = [(*r.rule.value, now) for r, now in rules]
    own = world.provinces.limits
    for limit in dict.fromkeys(x for x in own if x is not None and lever == "listing.whole_limit"):
        here = np.array([x == limit for x in own])[:, None]
        obeyed = np.where(here, platforms.draw(lever) < platforms.base("must"), obeyed)
        found.append((*limit, here))
    return found, obeyed


def _due(
    world: World, others: Others, lever: str, read: np.ndarray, clock: np.ndarray, away: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """(due dates of a limit read at some dates, inf where there is none; drugs about which the platform obeys it)."""
    limits, obeyed = limits_at(world, others, lever, read)
    due = np.full(read.shape, INF)
    for number, unit, now in limits:
        one = deadline_each(world.table, clock, np.full(read.shape, number), unit)
        one = np.where(away > 0, deadline_each(world.table, one, away, "working_days"), one)
        due = np.where(now, np.minimum(due, one), due)
    return due, obeyed & np.isfinite(due)


def _queue(world: World, others: Others, filed: np.ndarray, arrival: np.ndarray, due: np.ndarray):
    """(start, done, busy reviewer days, reviewers) by province: first come among equal due dates, nobody interrupted."""
    p, places = world.p.listing, world.provinces
    work = sample_each(world.key, Q_WORK, world.drugs.ids, p.work, places=places.ids)
    for name in ("joint_review", "simplified_dossier"):
        work = np.where(others.flag(f"listing.{name}", filed), work * p.work_factor[name], work)
    rows = zip(places.ids, places.listing, arrival, due, work, strict=True)
    found = [_desk(world, *row) for row in rows]
    start, done, busy, reviewers = (np.array(column) for column in zip(*found, strict=True))
    return start.reshape(filed.shape), done.reshape(filed.shape), busy, reviewers


def _desk(world: World, place: int, p: Parameters, arrival: np.ndarray, due: np.ndarray, work: np.ndarray):
    """(start, done, busy reviewer days, reviewers) of one platform, given its drugs' dossiers (D each)."""
    d, table = world.drugs, world.table
    if p.reviewers == "unlimited":
        return arrival, add_each(table, arrival, work, p.work.unit), 0.0, 0
    b_arrival, b_work = _background(world, place, p)
    b_due = deadline_each(table, b_arrival, np.full(len(b_arrival), float(p.customary_limit)), "working_days")
    all_arrival = np.concatenate([arrival, b_arrival])
    all_due = np.concatenate([due, b_due])
    ids = np.concatenate([d.ids, 2**32 + np.arange(len(b_arrival))])
    order = np.lexsort((ids, all_due, all_arrival))
    order = order[all_arrival[order] < world.horizon]
    start = np.full(len(all_arrival), INF)
    done = np.full(len(all_arrival), INF)
    busy = _review(
        table,
        order,
        all_arrival,
        all_due,
        ids,
        np.concatenate([work, b_work]),
        _unit(p.work.unit),
        p.reviewers,
        world.horizon,
        start,
        done,
    )
    return start[: len(d)], done[: len(d)], busy, p.reviewers


def _unit(name: str) -> int:
    return {"days": 0, "working_days": 1, "months": 2}[name]


def _background(world: World, place: int, p: Parameters) -> tuple[np.ndarray, np.ndarray]:
    """(arrivals, work) of the other applications that share a platform's reviewers. place: the province's id."""
    if p.background_per_year == 0:
        return np.zeros(0), np.zeros(0)
    size = int(world.horizon * p.background_per_year / YEAR * 1.2 + 100)
    row, pool = pack_one(p.work)
    arrival, work = np.empty(size), np.empty(size)
    while (
        n := _draw_background(
            world.key, place, world.table, p.background_per_year, world.horizon, row, pool, arrival, work
        )
    ) < 0:
        arrival, work = np.empty(2 * len(arrival)), np.empty(2 * len(arrival))
    return arrival[:n], work[:n]


@compiled
def _draw_background(key, place, table, rate, horizon, dist, pool, arrival, work):
    """Fill arrival (day) and work (own unit; both float64, N) of other dossiers up to the horizon; how many, -1 for no room."""
    t = 0.0
    i = 0
    while True:
        t += exponential(key, Q_BACKGROUND_GAP, i, place, 0) * 365.25 / rate
        if t >= horizon:
            return i
        if i == arrival.size:
            return -1
        arrival[i] = roll(table, grid(t))
        work[i] = sample(uniform(key, Q_BACKGROUND_WORK, i, place, 0), dist, pool)
        i += 1


@compiled
def _before(due, arrival, ids, a, b):
    """Whether dossier a has a better place than b: by due and arrival (days; float64, N), then by ids (int64, N)."""
    if due[a] != due[b]:
        return due[a] < due[b]
    if arrival[a] != arrival[b]:
        return arrival[a] < arrival[b]
    return ids[a] < ids[b]


@compiled
def _push(heap, n, item, due, arrival, ids):
    """Put an item into a heap (int64, N) of n dossiers; how many there are then."""
    heap[n] = item
    i = n
    while i > 0:
        up_ = (i - 1) // 2
        if not _before(due, arrival, ids, heap[i], heap[up_]):
            break
        heap[i], heap[up_] = heap[up_], heap[i]
        i = up_
    return n + 1


@compiled
def _pop(heap, n, due, arrival, ids):
    """Take the best place out of a heap (int64, N) of n dossiers, leaving it at heap[n-1]; how many stay."""
    n -= 1
    heap[0], heap[n] = heap[n], heap[0]
    i = 0
    while True:
        c = 2 * i + 1
        if c >= n:
            break
        if c + 1 < n and _before(due, arrival, ids, heap[c + 1], heap[c]):
            c += 1
        if not _before(due, arrival, ids, heap[c], heap[i]):
            break
        heap[i], heap[c] = heap[c], heap[i]
        i = c
    return n


@compiled
def _review(table, order, arrival, due, ids, work, unit, reviewers, horizon, start, done):
    """Serve the queue; at one moment reviewers become free, then dossiers join, then the best places are taken.

    Parameters
    ----------
    table : Table
        The calendar.
    order : int64, (N,)
        Dossiers by arrival.
    arrival, due : float64, (N,)
        Days from the start.
    ids : int64, (N,)
        What decides among dossiers that are alike.
    work : float64, (N,)
        Work that each takes, in `unit`.
    unit : int
        A number of `workdays.UNITS`.
    reviewers : int
        How many work at once.
    horizon : float
        End of the run, in days.
    start, done : float64, (N,)
        Get the days on which work begins and ends, inf for not before the horizon.

    Returns
    -------
    float
        Days that reviewers were busy for before the horizon.
    """
    free = np.zeros(reviewers)
    heap = np.empty(order.size, np.int64)
    n = 0
    i = 0
    busy = 0.0
    clock = 0.0
    while i < order.size or n > 0:
        r = 0
        for k in range(1, reviewers):
            if free[k] < free[r]:
                r = k
        now = max(free[r], clock)
        if n == 0 and arrival[order[i]] > now:
            now = arrival[order[i]]
        while i < order.size and arrival[order[i]] <= now:
            n = _push(heap, n, order[i], due, arrival, ids)
            i += 1
        clock = now
        n = _pop(heap, n, due, arrival, ids)
        j = heap[n]
        start[j] = now
        if now >= horizon:
            start[j] = math.inf
            free[r] = now
            continue
        done[j] = add(table, now, work[j], unit)
        free[r] = done[j]
        busy += min(done[j], horizon) - now
    return busy
