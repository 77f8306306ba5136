"""Stage 6: how the committee decides, and what a refusal means."""

from __future__ import annotations

import math

from simlib.core.compiled import compiled
from simlib.core.streams import Q_RETURN, Q_TIGHT_BUDGET, uniform
from simlib.core.workdays import INF, add_months, up
from simlib.model.account import close
from simlib.model.log import note_refusal
from simlib.model.obedience import barrier_exempt, barrier_removed, best_value, complies, in_force
from simlib.model.rules import K_GUIDE, K_STOCK, K_TARGET
from simlib.model.stages.temporary import draw_need, end_supply
from simlib.model.stages.use_rules import month_at, payment_terms
from simlib.model.state import (
    REFUSED,
    T_ACTIVE,
    T_DECISIVE,
    T_REASON,
    T_REFUSALS,
)  # fmt: skip


@compiled
def odds(S, case, m):
    """(x of the model page, the most negative term, the barriers that stand: the sum of 1 << k).

    Terms: 0 leaning, 1 value, 2 relevance, 3 price, 4 none, 5+k barrier k.
    """
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
    counts, standing = m >= n["policy_from"], 0
    for k in range(7):
        if active(S, k, h, d, m) and not barrier_removed(S, k, h, d, m):
            standing |= 1 << k
            x = x - beta(S, k)
            if counts:
                S.tally[hospital["group"], T_ACTIVE + k] += 1.0
            if -beta(S, k) < least:
                reason, least = 5 + k, -beta(S, k)
    return payment_terms(S, h, d, m, x), reason, standing


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
    return present(S, k, h, d, t) and not barrier_exempt(S, k, h, d, t)


@compiled
def present(S, k, h, d, t):
    """Whether what makes barrier k is there, whatever rule may take the drug out of it."""
    drug, hospital = S.drug[d], S.hospital[h]
    if k == 0:
        return hospital["over_share"] == 1 and drug["dear"] == 1
    if k == 1:
        return hospital["over_cost"] == 1 and drug["dear"] == 1
    if k == 2:
        return drug["entered"] > t  # commercial-catalogue drugs are outside the ratio only by a rule that says so
    if k == 3:
        return drug["entered"] > t
    if k == 4:
        return drug["two"] == 1
    if k == 5:
        return hospital["monitored"] == 1
    n = S.num[0]
    if n["payment"] == 1.0:
        return S.used[month_at(S, t), h] > 0.95
    year, month = year_and_month(S, t)
    if month < n["tight_month"]:
        return False
    return uniform(S.key, Q_TIGHT_BUDGET, year, hospital["id"], 0) < n["tight"]


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
def count_decisive(S, h, standing, y):
    """Count, of the barriers that stand, those without which the drug would have passed."""
    for k in range(7):
        if standing >> k & 1 and y + beta(S, k) > 0.0:
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
    case["reason"] = reason
    note_refusal(S, case, m, reason)
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
    for k in range(S.indications.shape[1]):
        if S.indications[d, k] > m:
            until = min(until, S.indications[d, k])
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
