"""Stages 4 to 7: a pair between meetings: learning, pushes, asking, needs, direct inclusion, lapses, lock-outs."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.workdays import INF, add_months, up
from simlib.model.account import close, count_asked, count_learned
from simlib.model.log import (
    E_ASKED,
    E_LAPSED,
    E_LIFTED,
    note,
    note_learned,
    note_lock_out_end,
    note_need,
)  # fmt: skip
from simlib.model.obedience import first_complied
from simlib.model.pair_records import SILENT, UNAWARE, Case, PairState
from simlib.model.rules import K_DIRECT
from simlib.model.stages.asking import ask_date, knot_at, threshold
from simlib.model.stages.awareness import level_factor, specialty
from simlib.model.stages.queues import STEP, put, queue_silent
from simlib.model.stages.recorded import recorded_supply
from simlib.model.stages.temporary import begin_supply, draw_need, end_supply
from simlib.model.state import State

AT_ONE_MOMENT = 100  # steps of a pair: sound numbers give three or four
LONG_AWARE = -1.0  # a pair that learned of the listing earlier: no push waits for the day of learning any more


@compiled
def open_case(S: State, h, d, ask):
    """Number of the pair's case, made on its first asking."""
    i = S.slot[h, d]
    if i >= 0:
        return i
    i = S.count.cases
    S.count.cases = i + 1
    case = S.cases[i]
    case.h, case.d = h, d
    case.asks, case.hearings, case.needs, case.refusals = 0, 0, 0, 0
    case.temporaries, case.missed, case.first_missed = 0, 0, 0
    case.temporary, case.lifted, case.in_line, case.supplied = False, False, False, 0
    case.since, case.until = ask, INF
    case.supply_from, case.supply_to = INF, INF
    case.passed, case.room, case.stock, case.removed = INF, INF, INF, INF
    case.supplies = -1
    case.first_ask, case.first_heard, case.temporary_first = ask, INF, INF
    case.specialty = specialty(S, h, d)
    case.weight = level_factor(S, S.hospital[h].level) * S.hospital[h].size * case.specialty * S.drug[d].appeal
    case.recorded_from, case.recorded_to = recorded_supply(S, h, d, INF)
    count_asked(S, case)
    S.slot[h, d] = i
    return i


@compiled
def request(S: State, case: Case, w):
    """The request of a case is put at w."""
    note(S, case.h, case.d, w, E_ASKED, case.asks, -1)
    case.request = w
    case.missed = 0
    wait(S, case, w)


@compiled
def wait(S: State, case: Case, w):
    """The request of a case stands on the agenda from w on, unless the drug is taken in directly."""
    case.state = PairState.WAITING
    case.since, case.waiting_from = w, w
    if not S.num.committee:
        case.direct = w  # there is nobody to hear it
    else:
        case.direct = first_complied(S, K_DIRECT, case.h, case.d, w)


@compiled
def bring_up(S: State, h, d, to):
    """Live one pair's history up to date `to`: learning, pushes, asking, needs, direct inclusion, lapses, lock-outs.

    Direct inclusions are left to `include_directly`, which takes them in the order of their dates.
    """
    slot = S.slot[h, d]
    if slot == UNAWARE:
        aware = S.x[h, d]
        if aware > to:
            return
        note_learned(S, h, d, aware)
        count_learned(S, h, d, aware)
        S.slot[h, d] = SILENT
        S.x[h, d] = threshold(S, h, d, aware, 0)
        ask = ask_date(S, h, d, aware, True, to, aware, True)
    elif slot == SILENT:
        ask = ask_date(S, h, d, max(S.hospital[h].last, 0.0), False, to, LONG_AWARE, False)
    else:
        live_case(S, slot, to)
        return
    if ask > to:
        return
    case = S.cases[open_case(S, h, d, ask)]
    case.asks = 1
    request(S, case, ask)
    draw_need(S, case, ask)
    live_case(S, S.slot[h, d], to)


@compiled
def ask_again(S: State, case: Case, x, to):
    """The pair is silent again from x; the date of its next asking, if that is by `to`."""
    h, d = case.h, case.d
    case.state = PairState.NOT_ASKED
    case.since = x
    deferrals = case.hearings - case.refusals
    S.x[h, d] = threshold(S, h, d, x, case.asks + deferrals)  # a fresh draw for each hearing, whatever led to it
    return ask_date(S, h, d, x, True, to, LONG_AWARE, False)


@compiled
def live_case(S: State, i, to):
    """Live a case up to `to`, short of a hearing; notes it as stuck where one moment's steps do not end."""
    case = S.cases[i]
    h, d = case.h, case.d
    steps, moment = 0, -INF
    while True:
        if case.since > moment:
            steps, moment = 0, case.since
        steps += 1
        if steps > AT_ONE_MOMENT:
            S.count.stuck = h * S.drug.size + d + 1
            return
        state = case.state
        if state == PairState.NOT_ASKED:
            ask = ask_date(S, h, d, max(S.hospital[h].last, case.since), False, to, LONG_AWARE, False)
            if not put_again(S, case, ask, to):
                return
        elif state == PairState.WAITING or state == PairState.DEFERRED:
            step = min(case.direct, to)
            lapse = INF
            if S.num.unheard > 0.0:
                lapse = up(S.table, add_months(S.table, case.waiting_from, S.num.unheard))
            step = min(step, lapse)
            if not case.temporary and case.need <= step:
                begin_supply(S, case)
            if case.direct <= min(lapse, to) or lapse >= to:
                return
            close(S, case, lapse)
            end_supply(S, case, lapse)
            if lapse >= S.num.policy_from:
                S.tally[S.hospital[h].group].lapses += 1.0
            note(S, h, d, lapse, E_LAPSED, 0, -1)
            ask = ask_again(S, case, lapse, to)
            if not put_again(S, case, ask, to):
                return
        elif state == PairState.REFUSED:
            if case.need < case.until and case.need <= to:
                need = case.need
                begin_supply(S, case)
                case.lifted = True
                note_need(S, case, E_LIFTED)
                wait(S, case, need)
                case.need = INF
            elif case.until <= to:
                note_lock_out_end(S, case)
                close(S, case, case.until)
                ask = ask_again(S, case, case.until, to)
                if not put_again(S, case, ask, to):
                    return
            else:
                return
        else:
            return


@compiled
def put_again(S: State, case: Case, ask, to):
    """Put a silent case's next request if it falls by `to`; whether it did."""
    if ask > to:
        return False
    close(S, case, ask)
    case.asks += 1
    request(S, case, ask)
    draw_need(S, case, ask)
    return True


@compiled
def put_off(S: State, h, d, to):
    """Queue a pair for the next date, after `to`, on which something can happen to it; a request joins its hospital's line."""
    i = S.slot[h, d]
    if i < 0 or S.cases[i].state == PairState.NOT_ASKED:
        queue_silent(S, h, d, knot_at(S, to), to)
        return
    case = S.cases[i]
    if is_waiting(case):
        due = case.direct if case.temporary else min(case.direct, case.need)
        if S.num.unheard > 0.0:
            due = min(due, up(S.table, add_months(S.table, case.waiting_from, S.num.unheard)))
        case.due = due
        if not case.in_line:
            case.in_line, case.behind = True, S.hospital[h].line
            S.hospital[h].line = i
    elif case.state == PairState.REFUSED:
        t = min(case.until, case.need)
        if t < S.num.horizon:
            put(S, h, max(t, to + STEP), d)


@compiled
def is_waiting(case: Case):
    """Whether a case's request stands on the agenda."""
    return case.state == PairState.WAITING or case.state == PairState.DEFERRED


@compiled
def is_silent(S: State, h, d):
    """Whether a pair has learned of the listing and does not ask, for the first time or again."""
    i = S.slot[h, d]
    return S.cases[i].state == PairState.NOT_ASKED if i >= 0 else i == SILENT
