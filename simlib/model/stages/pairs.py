"""Stages 4 to 7: a pair between meetings: learning, pushes, asking, needs, direct inclusion, lapses, lock-outs."""

from __future__ import annotations

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.workdays import INF, add_months, up
from simlib.model.account import close
from simlib.model.log import (
    E_ASKED,
    E_DIRECT,
    E_LAPSED,
    E_LIFTED,
    note,
    note_learned,
    note_lock_out_end,
    note_need,
    strongest_rule,
)  # fmt: skip
from simlib.model.obedience import first_complied
from simlib.model.rules import K_DIRECT
from simlib.model.stages.asking import ask_date, threshold
from simlib.model.stages.awareness import level_factor, specialty
from simlib.model.stages.duties import canvass_between
from simlib.model.stages.purchase import pass_drug
from simlib.model.stages.temporary import begin_supply, draw_need, end_supply
from simlib.model.state import (
    DEFERRED,
    NOT_ASKED,
    OUTSIDE,
    REFUSED,
    SILENT,
    STOCKED,
    T_DIRECT,
    T_LAPSES,
    UNAWARE,
    WAITING,
)  # fmt: skip

LONG_AWARE = -1.0  # a pair that learned of the listing earlier: no push waits for the day of learning any more


@compiled
def open_case(S, cases, count, h, d, ask):
    """Number of the pair's case, made on its first asking."""
    i = S.slot[h, d]
    if i >= 0:
        return i
    i = count[0]
    count[0] = i + 1
    case = cases[i]
    case["h"], case["d"] = h, d
    case["asks"], case["hearings"], case["needs"], case["refusals"] = 0, 0, 0, 0
    case["temporaries"], case["missed"], case["first_missed"] = 0, 0, 0
    case["temporary"], case["lifted"], case["returns"], case["flags"] = 0, 0, 0, 0
    case["since"], case["until"] = ask, INF
    case["supply_from"], case["supply_to"] = INF, INF
    case["passed"], case["room"], case["stock"], case["removed"] = INF, INF, INF, INF
    case["supplies"] = -1
    case["first_ask"], case["first_heard"], case["temporary_first"] = ask, INF, INF
    case["specialty"] = specialty(S, h, d)
    case["weight"] = (
        level_factor(S, S.hospital[h]["level"]) * S.hospital[h]["size"] * case["specialty"] * S.drug[d]["appeal"]
    )
    S.slot[h, d] = i
    return i


@compiled
def request(S, case, w):
    """The request of a case is put at w."""
    note(S, case["h"], case["d"], w, E_ASKED, case["asks"], -1)
    case["request"] = w
    case["missed"] = 0
    wait(S, case, w)


@compiled
def wait(S, case, w):
    """The request of a case stands on the agenda from w on, unless the drug is taken in directly."""
    case["state"] = WAITING
    case["since"], case["waiting_from"] = w, w
    if S.num[0]["committee"] == 0.0:
        case["direct"] = w  # there is nobody to hear it
    else:
        case["direct"] = first_complied(S, K_DIRECT, case["h"], case["d"], w)


@compiled
def bring_up(S, cases, count, h, d, to):
    """Live one pair's history up to date `to`: learning, pushes, asking, needs, direct inclusion, lapses, lock-outs.

    Direct inclusions are left to `include_directly`, which takes them in the order of their dates.
    """
    slot = S.slot[h, d]
    if slot == UNAWARE:
        aware = S.x[h, d]
        if aware > to:
            return
        note_learned(S, h, d, aware)
        S.slot[h, d] = SILENT
        S.x[h, d] = threshold(S, h, d, aware, 0)
        ask = ask_date(S, h, d, aware, True, to, aware, True)
    elif slot == SILENT:
        ask = ask_date(S, h, d, S.hospital[h]["last"], False, to, LONG_AWARE, False)
    else:
        live_case(S, cases, slot, to)
        return
    if ask > to:
        return
    case = cases[open_case(S, cases, count, h, d, ask)]
    case["asks"] = 1
    request(S, case, ask)
    draw_need(S, case, ask)
    live_case(S, cases, S.slot[h, d], to)


@compiled
def ask_again(S, case, x, to):
    """The pair is silent again from x; the date of its next asking, if that is by `to`."""
    h, d = case["h"], case["d"]
    case["state"] = NOT_ASKED
    case["since"] = x
    deferrals = case["hearings"] - case["refusals"]
    S.x[h, d] = threshold(S, h, d, x, case["asks"] + deferrals)  # a fresh draw for each hearing, whatever led to it
    return ask_date(S, h, d, x, True, to, LONG_AWARE, False)


@compiled
def live_case(S, cases, i, to):
    """Live a case up to `to`, short of a hearing."""
    case = cases[i]
    h, d = case["h"], case["d"]
    while True:
        state = case["state"]
        if state == NOT_ASKED:
            ask = ask_date(S, h, d, max(S.hospital[h]["last"], case["since"]), False, to, LONG_AWARE, False)
            if not put_again(S, case, ask, to):
                return
        elif state == WAITING or state == DEFERRED:
            step = min(case["direct"], to)
            lapse = INF
            if S.num[0]["unheard"] > 0.0:
                lapse = up(S.table, add_months(S.table, case["waiting_from"], S.num[0]["unheard"]))
            step = min(step, lapse)
            if case["temporary"] == 0 and case["need"] <= step:
                begin_supply(S, case)
            if case["direct"] <= min(lapse, to) or lapse >= to:
                return
            close(S, case, lapse)
            end_supply(S, case, lapse)
            S.tally[S.hospital[h]["group"], T_LAPSES] += 1.0
            note(S, h, d, lapse, E_LAPSED, 0, -1)
            ask = ask_again(S, case, lapse, to)
            if not put_again(S, case, ask, to):
                return
        elif state == REFUSED:
            if case["need"] < case["until"] and case["need"] <= to:
                need = case["need"]
                begin_supply(S, case)
                case["lifted"] = 1
                note_need(S, case, E_LIFTED)
                wait(S, case, need)
                case["need"] = INF
            elif case["until"] <= to:
                note_lock_out_end(S, case)
                close(S, case, case["until"])
                ask = ask_again(S, case, case["until"], to)
                if not put_again(S, case, ask, to):
                    return
            else:
                return
        else:
            return


@compiled
def put_again(S, case, ask, to):
    """Put a silent case's next request if it falls by `to`; whether it did."""
    if ask > to:
        return False
    close(S, case, ask)
    case["asks"] += 1
    request(S, case, ask)
    draw_need(S, case, ask)
    return True


@compiled
def gather(S, cases, count, h, to):
    """Bring all pairs in play at hospital h up to `to`, with their direct inclusions in order of date.

    Most visits find a silent pair that stays silent: those are told by one comparison each, with the arrays at hand
    (half of a run's time went into asking each pair at length).
    """
    hospital = S.hospital[h]
    meet_new_listings(S, h, to)
    x, slot, alive, c, rate, drug = S.x, S.slot, S.alive, S.c, S.rate, S.drug
    all_before = S.num[0]["all_before"] == 1.0
    last, li = hospital["last"], hospital["level"] - 1
    k = np.searchsorted(S.knots, to, side="right") - 1
    since = to - S.knots[k] + 1e-6  # a hair too generous, for rounding on the grid of time
    pushed = hospital["pushed"] == 1
    published = pushed and any_between(S.rounds, last, to)
    begun = pushed and S.late.shape[1] > 0 and any_between(S.late[1], last, to)
    moved = S.num[0]["moved"] == 1.0
    directs = 0
    for a in range(hospital["alive"]):
        d = alive[h, a]
        s = slot[h, d]
        if s == UNAWARE and x[h, d] > to:
            continue
        canvassed = begun or (published and (drug[d]["duty_entered"] <= to or drug[d]["duty_commercial"] <= to))
        if s == SILENT and not canvassed and not all_before and x[h, d] > c[k, d, li] + rate[k, d, li] * since:
            entry = drug[d]["duty_list"]
            if not (pushed and ((last < entry and entry <= to) or (moved and canvass_between(drug[d], last, to)))):
                continue
        bring_up(S, cases, count, h, d, to)
        if slot[h, d] >= 0 and is_direct(S, cases[slot[h, d]], to):
            directs += 1
    while directs > 0:
        include_next(S, cases, h, to)
        directs -= 1
    hospital["last"] = to
    kept = 0
    for a in range(hospital["alive"]):
        d = alive[h, a]
        s = slot[h, d]
        if s < 0 or not (cases[s]["state"] == STOCKED or is_over(cases[s])):
            alive[h, kept] = d
            kept += 1
    hospital["alive"] = kept


@compiled
def any_between(times, a, b):
    """Whether one of the times lies in (a, b]."""
    for i in range(times.size):
        if a < times[i] and times[i] <= b:
            return True
    return False


@compiled
def meet_new_listings(S, h, to):
    """Put target drugs listed by `to` into play at hospital h."""
    hospital = S.hospital[h]
    order, drug = S.listed_order, S.drug
    i = hospital["next"]
    n = hospital["alive"]
    while i < order.size and drug[order[i]]["listed"] <= to:
        if S.slot[h, order[i]] != OUTSIDE:
            S.alive[h, n] = order[i]
            n += 1
        i += 1
    hospital["next"], hospital["alive"] = i, n


@compiled
def is_over(case):
    """Whether a refused case never comes back."""
    return case["state"] == REFUSED and case["until"] == INF and case["need"] == INF


@compiled
def is_direct(S, case, to):
    """Whether a case passes unheard by `to`."""
    if case["state"] != WAITING and case["state"] != DEFERRED:
        return False
    return case["direct"] <= to


@compiled
def include_next(S, cases, h, to):
    """Let the earliest direct inclusion at hospital h pass (ties: smaller drug id)."""
    best = -1
    for a in range(S.hospital[h]["alive"]):
        i = S.slot[h, S.alive[h, a]]
        if i >= 0 and is_direct(S, cases[i], to):
            if (
                best < 0
                or cases[i]["direct"] < cases[best]["direct"]
                or (
                    cases[i]["direct"] == cases[best]["direct"]
                    and S.drug[cases[i]["d"]]["id"] < S.drug[cases[best]["d"]]["id"]
                )
            ):
                best = i
    p = cases[best]["direct"]
    rule = strongest_rule(S, K_DIRECT, h, cases[best]["d"], p) if S.log.size > 0 else -1
    note(S, h, cases[best]["d"], p, E_DIRECT, 1 if S.num[0]["committee"] == 0.0 else 0, rule)
    if p >= S.num[0]["policy_from"]:
        S.tally[S.hospital[h]["group"], T_DIRECT] += 1.0
    pass_drug(S, cases, best, p)


@compiled
def flush(S, cases, count, to, only_direct):
    """Bring hospitals up to date without a meeting: those that include directly, or all at the end."""
    for h in range(S.hospital.size):
        if not only_direct or S.hospital[h]["direct"] == 1:
            gather(S, cases, count, h, to)
