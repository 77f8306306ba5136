"""The event log, on request: what happened to each pair, on which day, and which packed rule mattered.

`S.log` has length 0 when nobody wants a log; then a note is one comparison. Notes decide nothing and draw nothing, so that a
run with a log gives the same dates as one without. They are appended as the stages come to them, a pair's in the order of its
life; a note whose event lies in the future (a meeting laid out, a supply that has ended) is put in order by its time.
A new stage adds its events at the end of EVENTS and notes them with one line.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.workdays import INF, add_months, deadline, up
from simlib.model.obedience import barrier_removed, complies, in_force
from simlib.model.pair_records import OUTSIDE, Case, Note
from simlib.model.rules import (
    K_BARRIER,
    K_DUTY_CATALOGUE,
    K_DUTY_LIST,
    K_DUTY_LISTING,
    K_ENTER,
    K_TEMPORARY,
)  # fmt: skip
from simlib.model.stages.duties import Clock, clock_of, late_clock
from simlib.model.stages.recorded import recorded_supply
from simlib.model.state import State
from simlib.model.sums import FIRST_BARRIER, GROUNDS
from simlib.policy.levers import BARRIERS


class Event(NamedTuple):
    """One kind of event. details: what the number noted with it means; none: it is a count."""

    name: str
    stage: str
    details: tuple[str, ...] = ()


class Push(IntEnum):
    """What may push a pair or call a meeting."""

    LISTING = 0
    CATALOGUE = 1
    APPLICATION_LIST = 2
    ENTER_ON_APPROVAL = 3
    LATER_ROUND = 4
    DUTY_BEGINS = 5


class Limit(IntEnum):
    """What a limit on purchase did."""

    NO_LIMIT = 0
    LIMIT_SET_DATE = 1
    WITHIN_LIMIT = 2
    LIMIT_MISSED = 3


class Release(IntEnum):
    """Why a lock-out ends."""

    MONTHS_OVER = 0
    CATALOGUE_ENTRY = 1
    GROUND_GONE = 2


def _names(enum: type[IntEnum]) -> tuple[str, ...]:
    return tuple(member.name.lower() for member in enum)


PUSHES, LIMITS = _names(Push), _names(Limit)
DECIDERS = (*BARRIERS, "duty_to_stock", "provision_target", "local_guideline")

EVENTS = (
    Event("learned", "awareness"),
    Event("pushed", "asking", PUSHES),
    Event("duty_not_kept", "asking", PUSHES),
    Event("asked", "asking"),
    Event("not_heard", "committee"),
    Event("duty_meeting", "committee", PUSHES),
    Event("heard", "committee"),
    Event("rule_decided", "committee", DECIDERS),
    Event("rules_decided_together", "committee", DECIDERS),
    Event("passed", "committee"),
    Event("deferred", "committee"),
    Event("refused", "committee", GROUNDS),
    Event("lapsed", "committee"),
    Event("lock_out_ended", "committee", _names(Release)),
    Event("lock_out_lifted", "temporary"),
    Event("taken_in_directly", "committee", ("by_rule", "no_committee")),
    Event("need", "temporary"),
    Event("supply_began", "temporary"),
    Event("supply_ended", "temporary"),
    Event("room_found", "room", ("at_once", "waited")),
    Event("stocked", "purchase", LIMITS),
    Event("removed", "use"),
    Event("recorded_began", "temporary"),
    Event("recorded_ended", "temporary"),
    Event("taken_over", "committee"),
)
_PLACE = {event.name: place for place, event in enumerate(EVENTS)}
E_LEARNED = _PLACE["learned"]
E_PUSHED = _PLACE["pushed"]
E_NOT_KEPT = _PLACE["duty_not_kept"]
E_ASKED = _PLACE["asked"]
E_NOT_HEARD = _PLACE["not_heard"]
E_DUTY_MEETING = _PLACE["duty_meeting"]
E_HEARD = _PLACE["heard"]
E_DECIDED = _PLACE["rule_decided"]
E_DECIDED_TOGETHER = _PLACE["rules_decided_together"]
E_PASSED = _PLACE["passed"]
E_DEFERRED = _PLACE["deferred"]
E_REFUSED = _PLACE["refused"]
E_LAPSED = _PLACE["lapsed"]
E_LOCK_OUT_ENDED = _PLACE["lock_out_ended"]
E_LIFTED = _PLACE["lock_out_lifted"]
E_DIRECT = _PLACE["taken_in_directly"]
E_NEED = _PLACE["need"]
E_SUPPLY = _PLACE["supply_began"]
E_SUPPLY_ENDED = _PLACE["supply_ended"]
E_ROOM = _PLACE["room_found"]
E_STOCKED = _PLACE["stocked"]
E_REMOVED = _PLACE["removed"]
E_RECORDED = _PLACE["recorded_began"]
E_RECORDED_ENDED = _PLACE["recorded_ended"]
E_TAKEN_OVER = _PLACE["taken_over"]


def new_log(rows: int) -> np.ndarray:
    """Room for so many notes: Note, shape (rows,). How many there are, `State.count.notes`, may outgrow it."""
    return np.empty(rows, Note.dtype)


@compiled
def note(S: State, h, d, t, event, detail, rule):
    """Note an event of a pair at t, if there is a log and t is inside the run. rule: place in `S.rules`, -1 for none."""
    note_until(S, h, d, t, event, detail, rule, INF)


@compiled
def note_until(S: State, h, d, t, event, detail, rule, until):
    """As `note`, with the date that the event points to, such as the end of a limit or of a lock-out."""
    if S.log.size == 0 or t >= S.num.horizon:
        return
    i = S.count.notes
    S.count.notes = i + 1
    if i < S.log.size:
        row = S.log[i]
        row.h, row.d, row.t, row.until = h, d, t, until
        row.event, row.detail, row.rule = event, detail, rule


# ---- which rule


@compiled
def strongest_rule(S: State, key, h, d, t):
    """Place of the strongest rule of a key in force (the first of equals); -1 for none."""
    best = -1
    for i in range(S.first[key], S.first[key + 1]):
        if in_force(S, S.rules[i], h, d, t) and (best < 0 or S.rules[i].logit > S.rules[best].logit):
            best = i
    return best


@compiled
def shortest_rule(S: State, key, h, d, t, clock):
    """(place of the limit of a key in force at t that ends first when counted from `clock`, its end); (-1, inf) for none."""
    best, due = -1, INF
    for i in range(S.first[key], S.first[key + 1]):
        if in_force(S, S.rules[i], h, d, t):
            end = deadline(S.table, clock, S.rules[i].value, S.rules[i].unit)
            if best < 0 or end < due:
                best, due = i, end
    return best, due


@compiled
def removing_rule(S: State, k, h, d, t):
    """Place of the rule by which barrier k does not stand: a cap abolished for all, else the strongest; -1 for none."""
    if not barrier_removed(S, k, h, d, t):
        return -1
    key = K_BARRIER + k
    for i in range(S.first[key], S.first[key + 1]):
        if S.rules[i].universal and in_force(S, S.rules[i], h, d, t):
            return i
    return strongest_rule(S, key, h, d, t)


# ---- learning and pushes


@compiled
def push_of(key):
    """How the rules of a key may push, a `Push`."""
    if key == K_DUTY_LISTING:
        return Push.LISTING
    if key == K_DUTY_CATALOGUE:
        return Push.CATALOGUE
    return Push.APPLICATION_LIST if key == K_DUTY_LIST else Push.ENTER_ON_APPROVAL


@compiled
def note_learned(S: State, h, d, aware):
    """A hospital learns of the listing; each duty whose clock runs for the pair but which it will not keep is noted too."""
    if S.log.size == 0:
        return
    note(S, h, d, aware, E_LEARNED, 0, -1)
    for which in range(Clock.LATE):
        key, t = clock_of(S, which, h, d, aware)
        asks = key != K_ENTER or S.num.push > 0.0  # a rule that asks for a canvass alone asks for nothing without one
        if asks and t < S.num.horizon and not complies(S, key, h, d, t):
            rule = strongest_rule(S, key, h, d, t)
            if rule >= 0:
                due = INF if key == K_ENTER else shortest_rule(S, key, h, d, t, t)[1]
                note_until(S, h, d, t, E_NOT_KEPT, push_of(key), rule, due)


@compiled
def note_push(S: State, h, d, t, aware, fresh):
    """A canvass by duty pushes the pair on date t: by which duty (in the order in which `push_weight` looks)."""
    if S.log.size == 0:
        return
    drug = S.drug[d]
    key, detail = K_DUTY_CATALOGUE, Push.LATER_ROUND
    entered, commercial = max(drug.duty_entered, aware), max(drug.duty_commercial, aware)
    if fresh and complies(S, K_DUTY_LISTING, h, d, t):
        key, detail = K_DUTY_LISTING, push_of(K_DUTY_LISTING)
    elif fresh and complies(S, K_ENTER, h, d, t):
        key, detail = K_ENTER, push_of(K_ENTER)
    elif (t == entered or t == commercial) and complies(S, K_DUTY_CATALOGUE, h, d, t):
        key, detail = K_DUTY_CATALOGUE, push_of(K_DUTY_CATALOGUE)
    elif t == max(drug.duty_list, aware) and complies(S, K_DUTY_LIST, h, d, t):
        key, detail = K_DUTY_LIST, push_of(K_DUTY_LIST)
    else:
        for i in range(S.late.shape[1]):
            if S.late[1, i] == t and late_clock(S, i, h, d, aware) == t:
                key, detail = int(S.late[0, i]), Push.DUTY_BEGINS
                break
    due = INF if key == K_ENTER or detail == Push.LATER_ROUND else shortest_rule(S, key, h, d, t, t)[1]
    note_until(S, h, d, t, E_PUSHED, detail, strongest_rule(S, key, h, d, t), due)


@compiled
def note_duty_meeting(S: State, h, clock, due):
    """A duty adds a meeting on date `due`: for the first drug whose clock starts and ends then. `until` is the clock's start."""
    if S.log.size == 0:
        return
    for d in range(S.drug.size):
        if S.slot[h, d] == OUTSIDE or S.x[h, d] > clock:
            continue
        for which in range(Clock.LATE + S.late.shape[1]):
            key, t = clock_of(S, which, h, d, S.x[h, d])
            if key == K_ENTER or t != clock or not complies(S, key, h, d, t):
                continue
            rule, end = shortest_rule(S, key, h, d, t, t)
            if end == due:
                note_until(
                    S, h, d, due, E_DUTY_MEETING, push_of(key) if which < Clock.LATE else Push.DUTY_BEGINS, rule, clock
                )
                return


# ---- refusals and lock-outs


@compiled
def note_refusal(S: State, case: Case, m, reason):
    """A refusal at m with the end of its lock-out; where a rule forbids the ground and is not kept, that rule."""
    if S.log.size == 0:
        return
    h, d = case.h, case.d
    rule = strongest_rule(S, K_BARRIER + reason - FIRST_BARRIER, h, d, m) if reason >= FIRST_BARRIER else -1
    note_until(S, h, d, m, E_REFUSED, reason, rule, case.until)


@compiled
def note_lock_out_end(S: State, case: Case):
    """A lock-out ends: its months are over, the drug enters the catalogue, or the ground is gone (by which rule)."""
    if S.log.size == 0:
        return
    h, d, t = case.h, case.d, case.until
    why, rule = Release.MONTHS_OVER, -1
    if t != up(S.table, add_months(S.table, case.since, S.num.lock_out)):
        why = Release.CATALOGUE_ENTRY if t == S.drug[d].entered else Release.GROUND_GONE
    if why == Release.GROUND_GONE and case.reason >= FIRST_BARRIER:
        rule = removing_rule(S, case.reason - FIRST_BARRIER, h, d, t)
    note(S, h, d, t, E_LOCK_OUT_ENDED, why, rule)


# ---- temporary purchase


@compiled
def note_need(S: State, case: Case, event):
    """A patient's need comes true (or lifts a lock-out), by the rule of the temporary channel."""
    if S.log.size > 0:
        h, d, t = case.h, case.d, case.need
        note(S, h, d, t, event, 0, strongest_rule(S, K_TEMPORARY, h, d, t))


@compiled
def note_span(S: State, case: Case):
    """A temporary supply whose days are settled."""
    if case.supply_from < INF:
        note(S, case.h, case.d, case.supply_from, E_SUPPLY, 0, -1)
        note(S, case.h, case.d, case.supply_to, E_SUPPLY_ENDED, 0, -1)


@compiled
def note_spans(S: State):
    """At the end of a run: the supplies, temporary or on filing, that nothing can change any more."""
    if S.log.size > 0:
        for i in range(S.count.cases):
            note_span(S, S.cases[i])
        for d in range(S.drug.size):
            if S.drug[d].recorded < INF:
                for h in range(S.hospital.size):
                    note_recorded_span(S, h, d)


@compiled
def note_recorded_span(S: State, h, d):
    """A pair's supply by recorded purchasing, which may be over before the hospital learns of the listing."""
    if S.slot[h, d] == OUTSIDE:
        return
    stock = S.cases[S.slot[h, d]].stock if S.slot[h, d] >= 0 else INF
    start, end = recorded_supply(S, h, d, stock)
    if start < INF:
        note_until(S, h, d, start, E_RECORDED, 0, -1, end)
        note(S, h, d, end, E_RECORDED_ENDED, 0, -1)
