"""Stage 6: what the committee hears at a meeting, how it decides, and what a refusal means."""

from __future__ import annotations

import math

import numpy as np

from simlib.compiled import compiled
from simlib.stages.account import close
from simlib.stages.asking import ask_date, threshold
from simlib.stages.awareness import level_factor, specialty
from simlib.stages.obey import barrier_exempt, barrier_removed, best_value, complies, first_complied, in_force
from simlib.stages.purchase import pass_drug
from simlib.stages.rulebook import K_DIRECT, K_GUIDE, K_STANDARD, K_STOCK, K_TARGET
from simlib.stages.state import (
    DEFERRED,
    NOT_ASKED,
    OUTSIDE,
    REFUSED,
    SILENT,
    STOCKED,
    T_ACTIVE,
    T_DECISIVE,
    T_DEFERRALS,
    T_DIRECT,
    T_HEARINGS,
    T_LAPSES,
    T_LOAD,
    T_MEETINGS,
    T_OVERLOADED,
    T_REASON,
    T_REFUSALS,
    UNAWARE,
    WAITING,
)  # fmt: skip
from simlib.stages.temporary import begin_supply, draw_need, end_supply
from simlib.streams import (
    Q_AGENDA,
    Q_EPSILON,
    Q_ETA,
    Q_FIXED_DECISION,
    Q_RETURN,
    Q_TIGHT_BUDGET,
    normal,
    uniform,
)
from simlib.workdays import INF, add_months, up


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
    case["passed"], case["room"], case["stock"] = INF, INF, INF
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
    S.x[h, d] = threshold(S, h, d, x, case["asks"])
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
            ask = ask_again(S, case, lapse, to)
            if not put_again(S, case, ask, to):
                return
        elif state == REFUSED:
            if case["need"] < case["until"] and case["need"] <= to:
                need = case["need"]
                begin_supply(S, case)
                case["lifted"] = 1
                wait(S, case, need)
                case["need"] = INF
            elif case["until"] <= to:
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
    directs = 0
    for a in range(hospital["alive"]):
        d = alive[h, a]
        s = slot[h, d]
        if s == UNAWARE and x[h, d] > to:
            continue
        canvassed = published and (drug[d]["entered"] <= to or drug[d]["commercial"] <= to)
        if s == SILENT and not canvassed and not all_before and x[h, d] > c[k, d, li] + rate[k, d, li] * since:
            entry = drug[d]["list_entry"]
            if not (pushed and last < entry and entry <= to):
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
    if p >= S.num[0]["policy_from"]:
        S.tally[S.hospital[h]["group"], T_DIRECT] += 1.0
    pass_drug(S, cases, best, p)


@compiled
def background(S, h, m):
    """Background items on the agenda: Poisson, by inversion of one draw keyed by hospital and date."""
    level = S.hospital[h]["level"]
    n = S.num[0]
    mean = n["background_3"] if level == 3 else (n["background_2"] if level == 2 else n["background_1"])
    if mean <= 0.0:
        return 0
    u = uniform(S.key, Q_AGENDA, int(math.floor(m)), S.hospital[h]["id"], 0)
    p = math.exp(-mean)
    total = p
    k = 0
    while u > total and k < 1000:
        k += 1
        p *= mean / k
        total += p
    return k


@compiled
def before(S, cases, i, j):
    """Whether request i is heard before request j: temporary users, then need (r x appeal), then date, then drug id."""
    a, b = cases[i], cases[j]
    if a["temporary"] != b["temporary"]:
        return a["temporary"] > b["temporary"]
    if S.num[0]["order"] == 1.0:
        if a["weight"] != b["weight"]:
            return a["weight"] > b["weight"]
    if a["request"] != b["request"]:
        return a["request"] < b["request"]
    return S.drug[a["d"]]["id"] < S.drug[b["d"]]["id"]


@compiled
def hold_meeting(S, cases, count, h, m, agenda):
    """One meeting of hospital h on date m: hear the best places, decide, let the rest wait."""
    gather(S, cases, count, h, m)
    hospital = S.hospital[h]
    slot, alive = S.slot, S.alive
    waiting = 0
    for a in range(hospital["alive"]):
        i = slot[h, alive[h, a]]
        if i >= 0 and (cases[i]["state"] == WAITING or cases[i]["state"] == DEFERRED):
            agenda[waiting] = i
            waiting += 1
    places = hospital["places"]
    load = 0.0
    free = waiting
    if places >= 0:
        other = background(S, h, m)
        load = (waiting + other) / places if places > 0 else 0.0
        free = max(0, places - other)
        ahead = min(free, hospital["backlog"])
        hospital["backlog"] -= ahead
        free -= ahead
    if m >= S.num[0]["policy_from"]:
        row = S.tally[hospital["group"]]
        row[T_MEETINGS] += 1.0
        row[T_LOAD] += load
        row[T_OVERLOADED] += 1.0 if load > 1.0 else 0.0
    if free < waiting:
        sort_agenda(S, cases, agenda, waiting)
    elif waiting > 1 and S.num[0]["room"] == 1.0:
        sort_agenda(S, cases, agenda, waiting)  # the order of passes is the order of the line for room
    for a in range(waiting):
        if a < free:
            hear(S, cases, agenda[a], m)
        else:
            cases[agenda[a]]["missed"] += 1


@compiled
def sort_agenda(S, cases, agenda, n):
    """Insertion sort by `before`: agendas are short."""
    for a in range(1, n):
        item = agenda[a]
        b = a - 1
        while b >= 0 and before(S, cases, item, agenda[b]):
            agenda[b + 1] = agenda[b]
            b -= 1
        agenda[b + 1] = item


@compiled
def hear(S, cases, i, m):
    """The committee hears case i on date m and passes, defers or refuses it."""
    case = cases[i]
    h, d = case["h"], case["d"]
    n = S.num[0]
    if case["first_heard"] == INF:
        case["first_heard"] = m
        case["first_missed"] = case["missed"]
    hid, did = S.hospital[h]["id"], S.drug[d]["id"]
    attempt = case["hearings"]
    case["hearings"] += 1
    reason = 4
    if n["fixed"] == 1.0:
        u = uniform(S.key, Q_FIXED_DECISION, attempt, hid, did)
        outcome = 0 if u < n["fixed_pass"] else (1 if u < n["fixed_pass"] + n["fixed_defer"] else 2)
    else:
        x, reason = odds(S, case, m)
        y = x + n["spread"] * n["rho_root"] * normal(S.key, Q_ETA, 0, hid, did)
        y = y + n["spread"] * n["rest_root"] * normal(S.key, Q_EPSILON, attempt, hid, did)
        delta = n["delta"]
        if complies(S, K_STANDARD, h, d, m):
            delta = delta * n["standard_factor"]
        outcome = 0 if y > 0.0 else (1 if y > -delta else 2)
        if m >= n["policy_from"] and y <= 0.0:
            count_decisive(S, case, m, y)
    if m >= n["policy_from"]:
        S.tally[S.hospital[h]["group"], T_HEARINGS] += 1.0
    if outcome == 0:
        pass_drug(S, cases, i, m)
    elif outcome == 1:
        close(S, case, m)
        case["state"] = DEFERRED
        case["waiting_from"] = m
        if m >= n["policy_from"]:
            S.tally[S.hospital[h]["group"], T_DEFERRALS] += 1.0
    else:
        refuse(S, case, m, reason, attempt)


@compiled
def beta(S, k):
    """Log-odds by which barrier k weighs."""
    n = S.num[0]
    if k == 0:
        return n["beta_drug_share"]
    if k == 1:
        return n["beta_cost_per_visit"]
    if k == 2:
        return n["beta_self_pay_ratio"]
    if k == 3:
        return n["beta_nrdl_membership"]
    if k == 4:
        return n["beta_two_specifications"]
    if k == 5:
        return n["beta_performance_monitoring"]
    return n["beta_total_budget"]


@compiled
def year_and_month(S, t):
    """(year, month 1 to 12) of a date; in every-day worlds years of 365.25 and months of 30.4375 days."""
    if S.num[0]["every_day"] == 1.0:
        year = int(math.floor(t / 365.25))
        return year, min(12, int(math.floor((t - 365.25 * year) / 30.4375)) + 1)
    m = S.table.day[int(t), 3] + S.years[1]
    return S.years[0] + m // 12, m % 12 + 1


@compiled
def active(S, k, h, d, t):
    """Whether barrier k stands between drug d and hospital h at t, before any rule removes it."""
    drug, hospital = S.drug[d], S.hospital[h]
    if barrier_exempt(S, k, h, d, t):
        return False
    if k == 0:
        return hospital["over_share"] == 1 and drug["dear"] == 1
    if k == 1:
        return hospital["over_cost"] == 1 and drug["dear"] == 1
    if k == 2:
        return drug["entered"] > t and drug["commercial"] > t
    if k == 3:
        return drug["entered"] > t
    if k == 4:
        return drug["two"] == 1
    if k == 5:
        return hospital["monitored"] == 1
    year, month = year_and_month(S, t)
    n = S.num[0]
    if month < n["tight_month"]:
        return False
    return uniform(S.key, Q_TIGHT_BUDGET, year, hospital["id"], 0) < n["tight"]


@compiled
def odds(S, case, m):
    """(x of the model page, the most negative term: 0 leaning, 1 value, 2 relevance, 3 price, 4 none, 5+k barrier k)."""
    n = S.num[0]
    h, d = case["h"], case["d"]
    drug, hospital = S.drug[d], S.hospital[h]
    level = hospital["level"]
    b0 = n["b0_3"] if level == 3 else (n["b0_2"] if level == 2 else n["b0_1"])
    value = n["b_value"] * drug["value"]
    relevance = n["b_relevance"] * relevance_of(S, h, case["specialty"])
    price = n["b_price"] * drug["price"]
    listed = drug["entered"] <= m
    x = b0 + value
    x = x + relevance
    if listed:
        x = x + n["b_catalogue"]
    x = x - price
    if complies(S, K_STOCK, h, d, m):
        x = x + n["b_duty"]
        if best_value(S, K_STOCK, h, d, m) > 1.0:
            x = x + n["b_all_due"]
    if listed and complies(S, K_TARGET, h, d, m):
        x = x + n["b_target"]
    if case["temporary"] == 1:
        x = x + n["b_temporary"]
    if guideline_holds(S, h, d, m):
        x = x + n["guideline"]
    reason, least = 4, 0.0
    for k, term in enumerate((b0, value, relevance, -price)):
        if term < least:
            reason, least = k, term
    counts = m >= n["policy_from"]
    for k in range(7):
        if active(S, k, h, d, m) and not barrier_removed(S, k, h, d, m):
            x = x - beta(S, k)
            if counts:
                S.tally[hospital["group"], T_ACTIVE + k] += 1.0
            if -beta(S, k) < least:
                reason, least = 5 + k, -beta(S, k)
    return x, reason


@compiled
def guideline_holds(S, h, d, m):
    """Whether the city's guide for the way into hospital has been written by m."""
    n = S.num[0]
    p = -1.0
    for i in range(S.first[K_GUIDE], S.first[K_GUIDE + 1]):
        rule = S.rules[i]
        if rule["start"] + n["guideline_delay"] <= m and in_force(S, rule, h, d, m):
            p = max(p, rule["p"])
    return S.other_u[d, K_GUIDE] < p


@compiled
def count_decisive(S, case, m, y):
    """Count the barriers without which the drug would have passed."""
    h, d = case["h"], case["d"]
    for k in range(7):
        if y + beta(S, k) > 0.0 and active(S, k, h, d, m) and not barrier_removed(S, k, h, d, m):
            S.tally[S.hospital[h]["group"], T_DECISIVE + k] += 1.0


@compiled
def relevance_of(S, h, own):
    """Standardised log of size x specialty."""
    n = S.num[0]
    spread = n["specialty_sd"] * n["specialty_sd"] + n["size_sd"] * n["size_sd"]
    if spread == 0.0:
        return 0.0
    return (math.log(S.hospital[h]["size"] * own) + spread / 2.0) / math.sqrt(spread)


@compiled
def refuse(S, case, m, reason, attempt):
    """Refuse a case at m: lock it out until the months are over or the reason falls away."""
    n = S.num[0]
    h, d = case["h"], case["d"]
    close(S, case, m)
    case["state"] = REFUSED
    case["refusals"] += 1
    if m >= n["policy_from"]:
        row = S.tally[S.hospital[h]["group"]]
        row[T_REFUSALS] += 1.0
        row[T_REASON + reason] += 1.0
    end_supply(S, case, m)
    case["until"] = lock_out_end(S, h, d, m, reason, attempt)
    case["need"] = INF
    if case["lifted"] == 0:
        draw_need(S, case, m)


@compiled
def lock_out_end(S, h, d, m, reason, attempt):
    """The date from which a drug refused at m may be asked for anew; inf if a fixed decision is final."""
    n = S.num[0]
    if n["fixed"] == 1.0:
        if uniform(S.key, Q_RETURN, attempt, S.hospital[h]["id"], S.drug[d]["id"]) >= n["fixed_return"]:
            return INF
    until = up(S.table, add_months(S.table, m, n["lock_out"]))
    if S.drug[d]["entered"] > m:
        until = min(until, S.drug[d]["entered"])
    if reason >= 5:
        until = min(until, reason_falls(S, reason - 5, h, d, m, until))
    return until


@compiled
def reason_falls(S, k, h, d, m, until):
    """The first moment after m and before `until` at which barrier k is removed, or not active by rule; else inf."""
    best = INF
    drug = S.drug[d]
    n, s = S.rules.size, S.shifts.size
    for i in range(n + s + 3):
        t = drug["list_entry"]
        if i < n:
            t = S.rules[i]["start"]
        elif i < n + s:
            t = S.shifts[i - n]["start"]
        elif i == n + s:
            t = drug["entered"]
        elif i == n + s + 1:
            t = drug["commercial"]
        if m < t and t < min(until, best) and (barrier_removed(S, k, h, d, t) or barrier_exempt(S, k, h, d, t)):
            best = t
    return best


@compiled
def hold_meetings(S, cases, count, hospitals, m, agenda):
    """All meetings of one date: the compiled step between two moments of SimPy's clock."""
    for k in range(hospitals.size):
        hold_meeting(S, cases, count, hospitals[k], m, agenda)


@compiled
def flush(S, cases, count, to, only_direct):
    """Bring hospitals up to date without a meeting: those that include directly, or all at the end."""
    for h in range(S.hospital.size):
        if not only_direct or S.hospital[h]["direct"] == 1:
            gather(S, cases, count, h, to)
