"""Stages 4 to 8: what happens next: pairs in order of the date, or of the interest, at which something happens to them.

Two kinds of queue, all in the same two arrays. Queue h, one a hospital: the drugs to which something will happen there, by
date. Queue `silent_queue(drug, level)`, one a drug and level: hospitals whose departments stay silent for now, by the
interest at which they will ask. Interest is one curve a drug and level, known up to the next knot; so at each knot
the few pairs that it reaches before the next one move to their hospital's queue, and no other pair is looked at.

A date in a queue is never too late; where it is too early the pair is looked at, nothing happens, and it is put back.
An entry that a push has overtaken is passed over when its turn comes.
"""

from __future__ import annotations

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.prefetch import AHEAD, prefetch
from simlib.core.workdays import INF
from simlib.model.account import count_learned
from simlib.model.log import note_learned, note_push
from simlib.model.obedience import complies
from simlib.model.pair_records import BY_CATALOGUE, BY_LIST, BY_LISTING, SILENT, UNAWARE
from simlib.model.rules import K_DUTY_LISTING, K_ENTER
from simlib.model.stages.asking import HAIR, knot_at, pushing_knot, threshold
from simlib.model.state import State

SPARE = 8  # the least that a queue has room for beside an entry a pair
STEP = 2.0**-20  # the grid of time


def queue_pages(by_hospital: np.ndarray, by_drug: np.ndarray, knots: int) -> dict[str, np.ndarray]:
    """Empty queues, given the number of target pairs by hospital (H) and by drug and level (D, 3); see `State`."""
    pairs = np.concatenate([by_hospital, by_drug.reshape(-1)]).astype(np.int64)
    room = pairs + pairs // 4 + SPARE  # the rest for entries that were overtaken
    start = np.concatenate([[0], np.cumsum(room)])
    return {
        "queue_key": np.empty(start[-1]), "queue_item": np.empty(start[-1], np.int32), "queue_start": start,
        "queue_size": np.zeros(len(room), np.int64), "learners": np.empty(int(by_drug.sum()), np.int32),
        "learners_from": np.zeros(knots + 1, np.int64), "seen": np.zeros(len(by_drug) + 1, np.int64),
        "called": np.empty(len(by_drug), np.int64), "agenda": np.empty(len(by_drug), np.int64),
    }  # fmt: skip


@compiled
def silent_queue(S: State, d, li):
    """The queue of pairs of drug d and level li + 1 that stay silent for now."""
    return S.hospital.size + 3 * d + li


@compiled
def put(S: State, q, key, item):
    """Put an item into queue q (a binary heap, the least key first)."""
    first = S.queue_start[q]
    if first + S.queue_size[q] == S.queue_start[q + 1]:
        tidy(S, q)
    keys, items = S.queue_key, S.queue_item
    i = S.queue_size[q]
    S.queue_size[q] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if keys[first + up] <= key:
            break
        keys[first + i], items[first + i] = keys[first + up], items[first + up]
        i = up
    keys[first + i], items[first + i] = key, item


@compiled
def take(S: State, q):
    """Take the item with the least key out of queue q, which is not empty."""
    first = S.queue_start[q]
    keys, items = S.queue_key, S.queue_item
    n = S.queue_size[q] - 1
    S.queue_size[q] = n
    found = items[first]
    key, item = keys[first + n], items[first + n]
    i = 0
    while True:
        below = 2 * i + 1
        if below >= n:
            break
        if below + 1 < n and keys[first + below + 1] < keys[first + below]:
            below += 1
        if key <= keys[first + below]:
            break
        keys[first + i], items[first + i] = keys[first + below], items[first + below]
        i = below
    keys[first + i], items[first + i] = key, item
    return found


@compiled
def tidy(S: State, q):
    """Make room in a full queue: of a hospital's entries the earliest of each drug stays, of a drug's those not overtaken."""
    first, n = S.queue_start[q], S.queue_size[q]
    keys, items = S.queue_key, S.queue_item
    d = (q - S.hospital.size) // 3
    kept_key, kept_item = np.empty(n), np.empty(n, np.int32)
    m = 0
    for i in range(n):
        key, item = keys[first + i], items[first + i]
        stays = d < 0 or S.x[item, d] == key
        for j in range(n if d < 0 else 0):
            if items[first + j] == item and (keys[first + j] < key or (keys[first + j] == key and j < i)):
                stays = False
        if stays:
            kept_key[m], kept_item[m] = key, item
            m += 1
    order = np.argsort(kept_key[:m], kind="mergesort")  # in order of the key it is a heap
    for j in range(m):
        keys[first + j], items[first + j] = kept_key[order[j]], kept_item[order[j]]
    S.queue_size[q] = m


@compiled
def reached(S: State, d, li, k, theta):
    """A date not after the one on which interest reaches theta, if it does so before knot k + 1; else inf."""
    c, rate, start = S.c[k, d, li], S.rate[k, d, li], S.knots[k]
    end = S.knots[k + 1] if k + 1 < S.knots.size else S.num.horizon
    if theta > c + rate * (end - start + HAIR):
        return INF
    return start + (theta - c) / rate - HAIR if rate > 0.0 else start


@compiled
def queue_silent(S: State, h, d, k, after):
    """Queue a silent pair: on its hospital's dates, later than `after`, if it asks before knot k + 1; else by its threshold.

    A pair that will not ask by the horizon even if every hospital stocks the drug tomorrow is in no queue.
    """
    li, theta = S.hospital[h].level - 1, S.x[h, d]
    t = reached(S, d, li, k, theta)
    if t < INF:
        put(S, h, max(t, after + STEP), d)
        return
    n = S.num
    fastest = (
        n.lambda0 / 365.25 * S.drug[d].appeal * S.effort[d, li] * max(1.0, n.before_catalogue) * max(1.0, 1.0 + n.beta)
    )
    if theta <= S.c[k, d, li] + fastest * 1.000001 * (n.horizon - S.knots[k]):
        put(S, silent_queue(S, d, li), theta, h)


@compiled
def lay_learning(S: State):
    """Sort the pairs that will learn of a listing by the last knot before they do: `learners`, h * D + d each."""
    x, slot, start, n = S.x, S.slot, S.learners_from, S.drug.size
    pair, knot = np.empty(S.learners.size, np.int32), np.empty(S.learners.size, np.int32)
    m = 0
    for h in range(S.hospital.size):
        for d in range(n):
            if slot[h, d] == UNAWARE and x[h, d] < S.num.horizon:
                pair[m], knot[m] = h * n + d, max(knot_at(S, x[h, d]), 0)
                start[knot[m] + 1] += 1
                m += 1
    for k in range(1, start.size):
        start[k] += start[k - 1]
    place = start.copy()
    for i in range(m):
        S.learners[place[knot[i]]] = pair[i]
        place[knot[i]] += 1


@compiled
def may_push(S: State, h, d, aware):
    """Whether a duty after a catalogue or a list may push the pair on the day of learning, or a late duty at any time."""
    may, drug = S.hospital[h].pushed, S.drug[d]
    if may and S.late.shape[1] > 0:
        return True
    if may & BY_CATALOGUE and min(drug.duty_entered, drug.duty_commercial) <= aware:
        return True
    return bool(may & BY_LIST and drug.duty_list <= aware)


@compiled
def learns_with_push(S: State, h, d, aware):
    """Whether hospital h obeys a duty that starts with a drug's listing, so that it asks its department on learning of it."""
    if not S.hospital[h].pushed & BY_LISTING:
        return False
    return complies(S, K_DUTY_LISTING, h, d, aware) or complies(S, K_ENTER, h, d, aware)


@compiled
def fetch_learner(S: State, h, d):
    """Fetch what is read of a pair that is about to learn of a listing."""
    prefetch(S.x, h, d)
    prefetch(S.slot, h, d)
    prefetch(S.hospital, h)
    prefetch(S.obey_u, h, K_DUTY_LISTING)


@compiled
def fetch_end(S: State, h, d):
    """Fetch the end of the queue of the silent that a pair probably joins, and what is above it there."""
    q = silent_queue(S, d, S.hospital[h].level - 1)
    first, n = S.queue_start[q], S.queue_size[q]
    prefetch(S.queue_key, first + n)
    prefetch(S.queue_item, first + n)
    while n > 16:
        n = n >> 1
        prefetch(S.queue_key, first + n)


@compiled
def look_ahead(S: State, k):
    """From knot k to the next: queue who learns of a listing, and who of the silent will ask.

    A department that learns and will not ask before the next knot is silent from here on; the others, and those that the
    duty after a catalogue or a list may push on that very day, are looked at when their hospital next meets.
    """
    n, at_once = S.drug.size, S.num.all_before
    for a in range(S.learners_from[k], S.learners_from[k + 1]):
        if a + 2 * AHEAD < S.learners_from[k + 1]:
            fetch_learner(S, S.learners[a + 2 * AHEAD] // n, S.learners[a + 2 * AHEAD] % n)
            fetch_end(S, S.learners[a + AHEAD] // n, S.learners[a + AHEAD] % n)
        h, d = S.learners[a] // n, S.learners[a] % n
        if S.slot[h, d] != UNAWARE:
            continue  # it has the drug already, as a member of a community
        aware = S.x[h, d]
        theta = INF
        if not at_once and not may_push(S, h, d, aware):
            theta = threshold(S, h, d, aware, 0)
            pushed = learns_with_push(S, h, d, aware)
            if pushed:
                theta -= S.num.push * 365.25 * S.rate[pushing_knot(S, aware), d, S.hospital[h].level - 1]
            if reached(S, d, S.hospital[h].level - 1, k, theta) == INF:
                note_learned(S, h, d, aware)
                count_learned(S, h, d, aware)
                if pushed:
                    note_push(S, h, d, aware, aware, True)
                S.slot[h, d], S.x[h, d] = SILENT, theta
                queue_silent(S, h, d, k, 0.0)
                continue
        put(S, h, aware, d)
    if at_once:
        return
    for d in range(n):
        for li in range(3):
            q = silent_queue(S, d, li)
            while S.queue_size[q] > 0:
                theta = S.queue_key[S.queue_start[q]]
                t = reached(S, d, li, k, theta)
                if t == INF:
                    break
                h = take(S, q)
                if S.x[h, d] == theta:
                    put(S, h, t, d)
