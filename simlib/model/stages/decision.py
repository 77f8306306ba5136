"""Stage 6: how the committee decides, and what a refusal means."""

from __future__ import annotations

import math

from simlib.core.compiled import compiled
from simlib.core.streams import Q_RETURN, Q_TIGHT_BUDGET, uniform
from simlib.core.workdays import INF, add_months, month_number, up
from simlib.model.account import close
from simlib.model.log import note_refusal
from simlib.model.numbers import BARRIERS_HEARD
from simlib.model.obedience import barrier_exempt, barrier_removed, best_value, complies, in_force
from simlib.model.pair_records import Case, PairState
from simlib.model.rules import K_GUIDE, K_STOCK, K_TARGET
from simlib.model.stages.awareness import patients
from simlib.model.stages.temporary import draw_need, end_supply
from simlib.model.stages.use_rules import month_at, payment_terms, pharmacy_supply
from simlib.model.state import State
from simlib.model.sums import FIRST_BARRIER, Barrier, Ground

N_BARRIERS = len(BARRIERS_HEARD)
FEWEST = 1e-12  # patients a year: of no patients there is no logarithm


@compiled
def odds(S: State, case: Case, m):
    """What speaks for a case in a hearing on date m.

    Returns
    -------
    x : float
        Log-odds of passing, before what committees see differently (`docs/semantics.md`).
    reason : int
        The `Ground` of the most negative term; VIEW where none is negative.
    standing : int
        The barriers that stand, the sum of 1 << k over each `Barrier` k.
    """
    n = S.num
    h, d = case.h, case.d
    drug, hospital = S.drug[d], S.hospital[h]
    b0 = n.b0[hospital.level - 1]
    value = n.b_value * drug.value
    relevance = n.b_relevance * relevance_of(S, h, d, case.specialty)
    price = n.b_price * drug.price
    listed = drug.entered <= m
    x = b0 + value
    x = x + relevance
    if listed:
        x = x + n.b_catalogue
    x = x - price
    if complies(S, K_STOCK, h, d, m):
        x = x + n.b_duty
        if best_value(S, K_STOCK, h, d, m) > 1.0:
            x = x + n.b_all_due
    if target_urges(S, h, d, m):
        x = x + n.b_target
    if case.temporary:
        x = x + n.b_temporary
    if guideline_holds(S, h, d, m):
        x = x + n.guideline
    reason, least = Ground.VIEW, 0.0
    for k, term in enumerate((b0, value, relevance, -price)):
        if term < least:
            reason, least = k, term
    counts, standing = m >= n.policy_from, 0
    for k in range(N_BARRIERS):
        if active(S, k, h, d, m) and not barrier_removed(S, k, h, d, m):
            standing |= 1 << k
            x = x - n.beta_barrier[k]
            if counts:
                S.tally[hospital.group].active[k] += 1.0
            if -n.beta_barrier[k] < least:
                reason, least = FIRST_BARRIER + k, -n.beta_barrier[k]
    return payment_terms(S, h, d, m, x), reason, standing


@compiled
def target_urges(S: State, h, d, m):
    """Whether a target of provision that hospital h obeys still asks for the drug: a pharmacy that supplies it fulfils it."""
    if S.drug[d].entered > m or not complies(S, K_TARGET, h, d, m):
        return False
    return not S.num.dual or pharmacy_supply(S, h, d, m) == 0.0


@compiled
def year_and_month(S: State, t):
    """(year, month 1 to 12) of a date; in every-day worlds years of 365.25 and months of 30.4375 days."""
    if S.num.every_day:
        year = int(math.floor(t / 365.25))
        return year, min(12, int(math.floor((t - 365.25 * year) / 30.4375)) + 1)
    m = month_number(S.table, t) + S.years[1]
    return S.years[0] + m // 12, m % 12 + 1


@compiled
def active(S: State, k, h, d, t):
    """Whether barrier k stands between drug d and hospital h at t, before any rule removes it."""
    return present(S, k, h, d, t) and not barrier_exempt(S, k, h, d, t)


@compiled
def present(S: State, k, h, d, t):
    """Whether what makes barrier k is there, whatever rule may take the drug out of it."""
    drug, hospital = S.drug[d], S.hospital[h]
    if k == Barrier.DRUG_SHARE:
        return hospital.over_share and drug.dear
    if k == Barrier.COST_PER_VISIT:
        return hospital.over_cost and drug.dear
    if k == Barrier.SELF_PAY_RATIO or k == Barrier.NRDL_MEMBERSHIP:
        return drug.entered > t  # commercial-catalogue drugs are outside the ratio only by a rule that says so
    if k == Barrier.TWO_SPECIFICATIONS:
        return drug.two
    if k == Barrier.PERFORMANCE_MONITORING:
        return hospital.monitored
    n = S.num
    if n.payment:
        return S.used[month_at(S, t), h] > 0.95
    year, month = year_and_month(S, t)
    if month < n.tight_month:
        return False
    return uniform(S.key, Q_TIGHT_BUDGET, year, hospital.id, 0) < n.tight


@compiled
def guideline_holds(S: State, h, d, m):
    """Whether the city's guide for the way into hospital has been written by m."""
    n = S.num
    p = -1.0
    for i in range(S.first[K_GUIDE], S.first[K_GUIDE + 1]):
        rule = S.rules[i]
        if rule.start + n.guideline_delay <= m and in_force(S, rule, h, d, m):
            p = max(p, rule.p)
    return S.other_u[d, K_GUIDE] < p


@compiled
def count_decisive(S: State, h, standing, y):
    """Count, of the barriers that stand, those without which the drug would have passed."""
    for k in range(N_BARRIERS):
        if standing >> k & 1 and y + S.num.beta_barrier[k] > 0.0:
            S.tally[S.hospital[h].group].decisive[k] += 1.0


@compiled
def relevance_of(S: State, h, d, own):
    """Log of patients x specialty, on a scale on which an ordinary drug at a hospital of the level is 0."""
    n = S.num
    if n.relevance_sd == 0.0:
        return 0.0
    usual = n.relevance_patients[S.hospital[h].level - 1]
    return math.log(max(patients(S, h, d), FEWEST) * own / usual) / n.relevance_sd


@compiled
def refuse(S: State, case: Case, m, reason, attempt):
    """Refuse a case at m: lock it out until the months are over or the reason falls away."""
    n = S.num
    h, d = case.h, case.d
    close(S, case, m)
    case.state = PairState.REFUSED
    case.refusals += 1
    if m >= n.policy_from:
        row = S.tally[S.hospital[h].group]
        row.refusals += 1.0
        row.reasons[reason] += 1.0
    end_supply(S, case, m)
    case.until = lock_out_end(S, h, d, m, reason, attempt)
    case.reason = reason
    note_refusal(S, case, m, reason)
    case.need = INF
    if not case.lifted:
        draw_need(S, case, m)


@compiled
def lock_out_end(S: State, h, d, m, reason, attempt):
    """The date from which a drug refused at m may be asked for anew; inf if a fixed decision is final."""
    n = S.num
    if n.fixed:
        if uniform(S.key, Q_RETURN, attempt, S.hospital[h].id, S.drug[d].id) >= n.fixed_return:
            return INF
    until = up(S.table, add_months(S.table, m, n.lock_out))
    if S.drug[d].entered > m:
        until = min(until, S.drug[d].entered)
    for k in range(S.indications.shape[1]):
        if S.indications[d, k] > m:
            until = min(until, S.indications[d, k])
    if reason >= FIRST_BARRIER:
        until = min(until, reason_falls(S, reason - FIRST_BARRIER, h, d, m, until))
    return until


@compiled
def reason_falls(S: State, k, h, d, m, until):
    """The first moment after m and before `until` at which barrier k is removed, or not active by rule; else inf."""
    best = INF
    drug = S.drug[d]
    n, s = S.rules.size, S.shifts.size
    for i in range(n + s + 3):
        t = drug.list_entry
        if i < n:
            t = S.rules[i].start
        elif i < n + s:
            t = S.shifts[i - n].start
        elif i == n + s:
            t = drug.entered
        elif i == n + s + 1:
            t = drug.commercial
        if m < t and t < min(until, best) and (barrier_removed(S, k, h, d, t) or barrier_exempt(S, k, h, d, t)):
            best = t
    return best
