"""Stages 9 to 11: what a hospital's own rules mean for a pair in a month, and what payment adds to a hearing."""

from __future__ import annotations

import math

from simlib.core.compiled import compiled
from simlib.core.streams import Q_LINKED, uniform
from simlib.model.obedience import barrier_removed, follows, in_force
from simlib.model.rules import (
    K_CONTRACT,
    K_COVERAGE,
    K_EVALUATION,
    K_EVIDENCE,
    K_FASTER,
    K_LATE,
    K_LEVELS,
    K_PRESCRIBE,
    K_REFORM,
    K_STUDY,
    K_TRAINING,
    N_KEYS,
)
from simlib.model.state import State
from simlib.model.use_records import (
    BUDGET_FREE,
    HURRIED,
    LINKED,
    ON_CONTRACT,
    PRESCRIBING,
    REFORMED,
    SHARE_FREE,
    STUDIED,
    TRAINED,
    Use,
)
from simlib.policy.levers import BARRIERS

DRUG_SHARE, TOTAL_BUDGET = BARRIERS.index("drug_share"), BARRIERS.index("total_budget")
_FLAGS = (
    (K_TRAINING, TRAINED),
    (K_REFORM, REFORMED),
    (K_PRESCRIBE, PRESCRIBING),
    (K_FASTER, HURRIED),
    (K_CONTRACT, ON_CONTRACT),
)


@compiled
def month_at(S: State, t):
    """Number of the month in which t lies."""
    return min(edge_after(S, t, True), S.edges.size - 1) - 1


@compiled
def edge_after(S: State, t, later):
    """Place of the first edge at or after t, or later than t; the number of edges where there is none."""
    edges = S.edges
    k = min(max(int(t / edges[edges.size - 1] * edges.size), 0), edges.size - 1)  # about right: months are alike
    while k > 0 and (edges[k - 1] > t if later else edges[k - 1] >= t):
        k -= 1
    while k < edges.size and (edges[k] <= t if later else edges[k] < t):
        k += 1
    return k


@compiled
def held(S: State, key, h, d, t, delay):
    """Greatest value of the rules of a key that hold for the pair at t, -1 for none; practice holds without obeying.

    Only rules that began at least `delay` days ago give their value; all in force count for obeying.
    """
    if S.first[key] == S.first[key + 1]:
        return -1.0
    best = practice = -1.0
    base = -math.inf
    for i in range(S.first[key], S.first[key + 1]):
        rule = S.rules[i]
        if in_force(S, rule, h, d, t):
            base = max(base, rule.logit)
            if rule.start + delay <= t:
                best = max(best, rule.value)
                if rule.universal:
                    practice = max(practice, rule.value)
    if base > -math.inf and follows(S, key, base, h, d, t):
        return best
    return practice


@compiled
def read_held(S: State, h, d, t, first, last):
    """Fill `S.held` with what the keys of stages 9 to 11 from `first` to `last` give the pair at t.

    One call for all keys: written out one by one, compiling took twice as long.
    """
    n = S.num
    for i in range(first - K_LATE, last - K_LATE + 1):
        late = K_LATE + i == K_EVIDENCE or K_LATE + i == K_EVALUATION
        S.held[i] = held(S, K_LATE + i, h, d, t, n.evidence_delay if late else 0.0)


@compiled
def is_linked(S: State, h):
    """Whether hospital h has opened the dual channel, by what `read_held` found."""
    widest = S.held[K_LEVELS - K_LATE]
    level = S.hospital[h].level
    if S.num.any_drug:
        widest = 2.0
    if widest < 0.0 or (level == 2 and widest < 1.0) or (level == 1 and widest < 2.0):
        return False
    share = max(S.num.linked, S.held[K_COVERAGE - K_LATE])
    return uniform(S.key, Q_LINKED, 0, S.hospital[h].id, 0) < share


@compiled
def pharmacy_share(S: State, h, d, k, linked, prescribing):
    """v of the page in month k: the part of home patients who may get the drug at a pharmacy, once it is there."""
    if not linked:
        return 0.0
    pay = S.pay[S.klass[h], k, d]
    share = pay.share
    if prescribing:
        share = share + S.num.duty_share
    return pay.fill * min(1.0, share)


@compiled
def open_share(S: State, h, d, t, v):
    """The part of home patients for whom a pharmacy is open at t: a self-pay one, or by the share v a dual-channel one."""
    share = S.hospital[h].self_pay if S.sold[d] <= t else 0.0
    return max(share, v) if S.designated[d] <= t else share


@compiled
def pharmacy_supply(S: State, h, d, t):
    """v of the page at t: the part of hospital h's patients who may get the drug at a pharmacy; 0 where none has it yet."""
    if S.designated[d] > t or not S.hospital[h].linkable:
        return 0.0
    k = month_at(S, t)
    read_held(S, h, d, S.edges[k], K_LEVELS, K_PRESCRIBE)
    if not is_linked(S, h):
        return 0.0
    return pharmacy_share(S, h, d, k, True, S.held[K_PRESCRIBE - K_LATE] > 0.0)


@compiled
def study_opens(S: State, h):
    """Whether hospital h takes patients of the drug into a study, by what `read_held` found."""
    kind = S.held[K_STUDY - K_LATE]
    return kind > 1.0 or (kind == 1.0 and S.hospital[h].leading)


@compiled
def days_to_payment(S: State, h, d, k, hurried, on_contract):
    """Days from the sale to the firm's money for what hospital h buys in month k."""
    n = S.num
    pay = S.pay[S.klass[h], k, d]
    days = pay.days
    if not n.payment:
        return days
    if hurried:
        days = days * n.faster
    if on_contract:
        days = min(days, n.contract)
    share = pay.direct
    return share * min(n.direct_days, days) + (1.0 - share) * days


@compiled
def loss_of(S: State, c, k, d):
    """Expected loss of a hospital on a case, in payment standards, special review counted as the last sitting served it."""
    pay = S.pay[c, k, d]
    result = pay.effect + pay.gain * S.served[k] * (1.0 - S.num.discount * S.wait[k])
    return min(3.0, max(0.0, -result) / S.standard[d])


@compiled
def read_rules(S: State, u: Use, k):
    """Read hospital h's rules about drug d at the edge of month k into a pair's record."""
    n, h, d, t = S.num, u.h, u.d, S.edges[k]
    read_held(S, h, d, t, K_LATE, N_KEYS - 1)
    flags = 0
    for key, flag in _FLAGS:
        if S.held[key - K_LATE] > 0.0:
            flags |= flag
    if study_opens(S, h):
        flags |= STUDIED
    if is_linked(S, h):
        flags |= LINKED
    if barrier_removed(S, DRUG_SHARE, h, d, t):
        flags |= SHARE_FREE
    if barrier_removed(S, TOTAL_BUDGET, h, d, t):
        flags |= BUDGET_FREE
    share = n.prescribe
    if S.held[K_EVIDENCE - K_LATE] > 0.0:
        share = share + n.evidence * S.held[K_EVIDENCE - K_LATE]
    if S.held[K_EVALUATION - K_LATE] > 0.0:
        share = share + n.evaluation
    u.flags, u.prescribe = flags, min(1.0, share)


@compiled
def payment_terms(S: State, h, d, m, x):
    """Log-odds x of a hearing at m, less what pharmacy supply, the loss on a case and slow payment take."""
    n = S.num
    if not n.dual and not n.payment:
        return x
    x = x - n.replaces * open_share(S, h, d, m, pharmacy_supply(S, h, d, m))
    if n.payment:
        k = month_at(S, m)
        read_held(S, h, d, S.edges[k], K_CONTRACT, K_FASTER)
        hurried, on_contract = S.held[K_FASTER - K_LATE] > 0.0, S.held[K_CONTRACT - K_LATE] > 0.0
        x = x - n.b_loss * (loss_of(S, S.klass[h], k, d) - n.loss_norm)
        x = x - n.b_slow * (days_to_payment(S, h, d, k, hurried, on_contract) - n.days_norm) / 100.0
    return x
