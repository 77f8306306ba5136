"""Obedience: a hospital follows a rule when its keyed draw lies under a probability that oversight shifts."""

from __future__ import annotations

import math

from simlib.core.compiled import compiled
from simlib.core.streams import Q_OBEY, Q_OWN, normal, uniform
from simlib.core.workdays import INF
from simlib.model.numbers import Obedience
from simlib.model.rules import K_BARRIER, K_EX_BUDGET, K_EX_COST, K_EX_SELF_PAY, Rule
from simlib.model.state import State
from simlib.model.sums import Barrier


@compiled
def logit(p):
    """Log-odds of a probability inside (0, 1)."""
    return math.log(p / (1.0 - p))


@compiled
def draw_obedience(S: State, ids, own_sd):
    """Draw how hard each hospital finds it to obey the rules of each key.

    Parameters
    ----------
    S : State
        Its `obey_u` gets logit(U) less the hospital's own propensity (log-odds), for keys that have rules.
    ids : int64, (keys,)
        What each key's draws are keyed by.
    own_sd : float
        Standard deviation of the propensities, in log-odds.
    """
    for h in range(S.hospital.size):
        hid = S.hospital[h].id
        own = own_sd * normal(S.key, Q_OWN, 0, hid, 0)
        for k in range(ids.size):
            if S.first[k + 1] > S.first[k]:
                S.obey_u[h, k] = logit(uniform(S.key, Q_OBEY, ids[k], hid, 0)) - own


@compiled
def replaced(S: State, rule: Rule, h, d, t):
    """Whether a later rule of the same place stands in for a packed rule (or shift) for hospital h and drug d at t."""
    for i in range(rule.later, rule.later_end):
        later = S.later[i]
        if later.start <= t and t < later.stop and S.where[later.hospitals, S.kind[h]]:
            if later.everything if d < 0 else S.since[later.drugs, d] <= t:
                return True
    return False


@compiled
def stands(S: State, rule: Rule, h, d, t):
    """Whether a packed rule is in force at time t for hospital h and drug d (d < 0: no drug), whatever may relieve it."""
    if t < rule.start or t >= rule.stop or not S.where[rule.hospitals, S.kind[h]]:
        return False
    if d >= 0 and S.since[rule.drugs, d] > t:
        return False
    return rule.later == rule.later_end or not replaced(S, rule, h, d, t)


@compiled
def in_force(S: State, rule: Rule, h, d, t):
    """Whether a packed rule holds at time t for hospital h and drug d (d < 0: for no drug in particular)."""
    if not stands(S, rule, h, d, t):
        return False
    return d < 0 or rule.relief < 0 or not relieved(S, rule.relief, h, d, t)


@compiled
def leaning(S: State, h, d, t):
    """Sum of the shifts of oversight in force for hospital h about drug d, each kind once.

    For a drug and a kind of hospital it is a step function of time: a step is added up when it is first asked for.
    """
    if d < 0:
        return add_shifts(S, h, d, t)
    kind, k = S.kind[h], 0
    while k < S.lean_at.shape[1] and S.lean_at[d, k] <= t:
        k += 1
    if math.isnan(S.lean[kind, d, k]):
        S.lean[kind, d, k] = add_shifts(S, h, d, t)
    return S.lean[kind, d, k]


@compiled
def add_shifts(S: State, h, d, t):
    """Add up the shifts of oversight in force at t for hospital h about drug d (d < 0: about no drug)."""
    total = 0.0
    best = 0.0
    kind = rank = -1
    for i in range(S.shifts.size):
        s = S.shifts[i]
        if s.kind != kind:
            total += best
            best = 0.0
            kind, rank = s.kind, -1
        if s.start <= t and t < s.stop and S.where[s.hospitals, S.kind[h]]:
            applies = s.everything if d < 0 else S.since[s.drugs, d] <= t
            if applies and s.rank > rank and not replaced(S, s, h, d, t):
                best, rank = s.shift, s.rank
    return total + best


@compiled
def follows(S: State, key, base, h, d, t):
    """Whether hospital h obeys a rule of base log-odds `base` about drug d at t; inf: what nobody fails to obey."""
    if S.num.obedience == Obedience.NONE:
        return False
    return base == INF or S.obey_u[h, key] < base + leaning(S, h, d, t)


@compiled
def relieved(S: State, key, h, d, t):
    """Whether hospital h obeys the lever that lets a rule rest; what relieves that lever in turn is not asked."""
    base = -math.inf
    for i in range(S.first[key], S.first[key + 1]):
        if stands(S, S.rules[i], h, d, t):
            base = max(base, S.rules[i].logit)
    return base > -math.inf and follows(S, key, base, h, d, t)


@compiled
def strongest(S: State, key, h, d, t):
    """Base log-odds of the strongest rule of a key in force; -inf where none is."""
    base = -math.inf
    for i in range(S.first[key], S.first[key + 1]):
        if in_force(S, S.rules[i], h, d, t):
            base = max(base, S.rules[i].logit)
    return base


@compiled
def complies(S: State, key, h, d, t):
    """Whether a rule of this key is in force and hospital h obeys it about drug d at t."""
    if S.first[key] == S.first[key + 1]:
        return False
    base = strongest(S, key, h, d, t)
    return base > -math.inf and follows(S, key, base, h, d, t)


@compiled
def best_value(S: State, key, h, d, t):
    """The greatest value of the rules of a key in force; -1 where none is."""
    best = -1.0
    for i in range(S.first[key], S.first[key + 1]):
        if in_force(S, S.rules[i], h, d, t):
            best = max(best, S.rules[i].value)
    return best


@compiled
def first_complied(S: State, key, h, d, w):
    """The first date from w on at which a rule of this key holds for the pair, if the hospital obeys it then; else inf."""
    e = INF
    for i in range(S.first[key], S.first[key + 1]):
        rule = S.rules[i]
        if S.where[rule.hospitals, S.kind[h]]:
            t = max(w, rule.start, S.since[rule.drugs, d])
            if t < e and in_force(S, rule, h, d, t):
                e = t
    if e < S.num.horizon and complies(S, key, h, d, e):
        return e
    return INF


@compiled
def others_obey(S: State, key, h, d, t):
    """Whether an addressee other than a hospital has this rule and obeys it about drug d (at hospital h) at t."""
    p = -1.0
    holds = False
    for i in range(S.first[key], S.first[key + 1]):
        rule = S.rules[i]
        if in_force(S, rule, h, d, t):
            p = max(p, rule.p)
            holds = holds or rule.value > 0.0
    return holds and S.other_u[d, key] < p


@compiled
def barrier_removed(S: State, k, h, d, t):
    """Whether barrier k (place in BARRIERS) may not keep drug d out of hospital h: cap abolished, or ground forbidden and obeyed."""
    key = K_BARRIER + k
    if S.first[key] == S.first[key + 1]:
        return False
    base = -math.inf
    for i in range(S.first[key], S.first[key + 1]):
        if in_force(S, S.rules[i], h, d, t):
            if S.rules[i].universal:
                return True
            base = max(base, S.rules[i].logit)
    return base > -math.inf and follows(S, key, base, h, d, t)


@compiled
def barrier_exempt(S: State, k, h, d, t):
    """Whether a payment rule takes drug d out of what makes barrier k active: cost a visit, self-pay ratio, total budget."""
    if k == Barrier.COST_PER_VISIT:
        return others_obey(S, K_EX_COST, h, d, t)
    if k == Barrier.SELF_PAY_RATIO:
        return others_obey(S, K_EX_SELF_PAY, h, d, t)
    if k == Barrier.TOTAL_BUDGET:
        return others_obey(S, K_EX_BUDGET, h, d, t)
    return False
