"""What made a drug pass, or be bought when it was: each decision compared with the same one without a rule."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.distributions import sample
from simlib.core.streams import Q_PURCHASE, uniform
from simlib.core.workdays import INF, add, up
from simlib.model.log import (
    DECIDERS,
    E_DECIDED,
    E_DECIDED_TOGETHER,
    E_PASSED,
    E_ROOM,
    E_STOCKED,
    Limit,
    note,
    note_until,
    removing_rule,
    shortest_rule,
    strongest_rule,
)  # fmt: skip
from simlib.model.obedience import barrier_exempt, best_value, complies, in_force
from simlib.model.pair_records import Case, Timing
from simlib.model.rules import (
    K_CLOCK,
    K_EX_BUDGET,
    K_EX_COST,
    K_EX_SELF_PAY,
    K_GUIDE,
    K_PURCHASE,
    K_STOCK,
    K_TARGET,
)  # fmt: skip
from simlib.model.stages.awareness import aware_date
from simlib.model.stages.decision import guideline_holds, present, target_urges
from simlib.model.state import State
from simlib.model.sums import Barrier

TO_STOCK, TARGET, GUIDELINE, NO_PLACE = (
    DECIDERS.index(name) for name in ("duty_to_stock", "provision_target", "local_guideline", "formulary_size")
)  # the barriers of a hearing come first
N_DECIDERS = len(DECIDERS)


@compiled
def pull(S: State, k, h, d, m):
    """(log-odds that rule k of DECIDERS adds to a hearing at m, its place in `S.rules`); (0, -1) where it adds nothing."""
    n = S.num
    if k < NO_PLACE:
        if not present(S, k, h, d, m):
            return 0.0, -1
        if barrier_exempt(S, k, h, d, m):
            key = K_EX_BUDGET
            if k == Barrier.COST_PER_VISIT:
                key = K_EX_COST
            elif k == Barrier.SELF_PAY_RATIO:
                key = K_EX_SELF_PAY
            return n.beta_barrier[k], naming_rule(S, key, h, d, m)
        rule = removing_rule(S, k, h, d, m)
        return (n.beta_barrier[k], rule) if rule >= 0 else (0.0, -1)
    if k == TO_STOCK and complies(S, K_STOCK, h, d, m):
        more = n.b_all_due if best_value(S, K_STOCK, h, d, m) > 1.0 else 0.0
        return n.b_duty + more, strongest_rule(S, K_STOCK, h, d, m)
    if k == TARGET and target_urges(S, h, d, m):
        return n.b_target, strongest_rule(S, K_TARGET, h, d, m)
    if k == GUIDELINE and guideline_holds(S, h, d, m):
        return n.guideline, strongest_rule(S, K_GUIDE, h, d, m)
    return 0.0, -1


@compiled
def naming_rule(S: State, key, h, d, t):
    """Place of the first payment rule of a key in force that names what the key stands for; -1 for none."""
    for i in range(S.first[key], S.first[key + 1]):
        if S.rules[i].value > 0.0 and in_force(S, S.rules[i], h, d, t):
            return i
    return -1


@compiled
def note_deciders(S: State, case: Case, m, y, delta):
    """Rules without which a hearing of score y would have ended worse: each alone, or, where none alone did, all together."""
    if S.log.size == 0 or y <= -delta:
        return
    h, d = case.h, case.d
    least = 0.0 if y > 0.0 else -delta
    total, alone = 0.0, 0
    for k in range(N_DECIDERS):
        weight, rule = pull(S, k, h, d, m)
        total += weight
        if rule >= 0 and y - weight <= least:
            note(S, h, d, m, E_DECIDED, k, rule)
            alone += 1
    if alone > 0 or y - total > least:
        return
    for k in range(N_DECIDERS):
        weight, rule = pull(S, k, h, d, m)
        if rule >= 0:
            note(S, h, d, m, E_DECIDED_TOGETHER, k, rule)


@compiled
def note_no_place(S: State, h, d, p):
    """A drug passed at p needs no place in a formulary that has none free, for its size is no ground."""
    if S.log.size > 0 and S.hospital[h].free < 1.0:
        note(S, h, d, p, E_DECIDED, NO_PLACE, removing_rule(S, NO_PLACE, h, d, p))


@compiled
def note_pass(S: State, h, d, p, room, stock, due):
    """A pass at p with all that follows: the place, the purchase, and whether a limit set the day of the stock."""
    if S.log.size == 0:
        return
    note(S, h, d, p, E_PASSED, 0, -1)
    note(S, h, d, room, E_ROOM, 1 if room > p else 0, -1)
    rule, how = -1, Limit.NO_LIMIT
    if due < INF:
        clock = aware_date(S, h, d) if best_value(S, K_CLOCK, h, d, p) > 0.0 else p
        rule = shortest_rule(S, K_PURCHASE, h, d, p, clock)[0]
        dist = S.dist[Timing.PURCHASE]
        x = sample(uniform(S.key, Q_PURCHASE, 0, S.hospital[h].id, S.drug[d].id), dist, S.pool)
        alone = up(S.table, add(S.table, room, x, dist.unit))
        how = Limit.WITHIN_LIMIT if stock <= due else Limit.LIMIT_MISSED
        if stock < alone:
            how = Limit.LIMIT_SET_DATE
    note_until(S, h, d, stock, E_STOCKED, how, rule, due)
