"""Stage 10: the chance that a waiting patient is treated at a pair in a month, and who travels when the wait is over."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.model.stages.use_rules import loss_of
from simlib.model.state import State
from simlib.model.use_records import BUDGET_FREE, REFORMED, SHARE_FREE, STUDIED, TRAINED, Use, Way


@compiled
def supplied_at(S: State, u: Use, t):
    """Whether temporary or recorded supply of a pair is there at t."""
    if u.recorded_from <= t and t < u.recorded_to:
        return True
    i = u.case
    if i < 0:
        return False
    case = S.cases[i]
    if case.supply_from <= t and t < case.supply_to:
        return True
    k = case.supplies
    while k >= 0:
        if S.supplies[k].start <= t and t < S.supplies[k].end:
            return True
        k = S.supplies[k].before
    return False


@compiled
def trial_without_stock(S: State, u: Use, k):
    """(chance of a trial by temporary supply or a study at the edge of month k, the way that it counts as)."""
    n, t = S.num, S.edges[k]
    p, way = 0.0, Way.TEMPORARY
    if supplied_at(S, u, t):
        p = n.temporary_share
    if u.flags & STUDIED and n.study_share > p:
        approval = S.drug[u.d].approval
        if approval <= t and t < approval + n.study_days:
            p, way = n.study_share, Way.STUDY
    return p, way


@compiled
def ramp(S: State, u: Use, since, t):
    """How far doctors have learned to use a drug that came at `since`, at the edge t."""
    n = S.num
    months = n.ramp_months
    if u.flags & TRAINED:
        months = months * n.training
    if months <= 0.0:
        return 1.0 if t > since else n.ramp_start
    return min(1.0, n.ramp_start + (1.0 - n.ramp_start) * max(0.0, t - since) / (30.4375 * months))


@compiled
def damping(S: State, u: Use, k):
    """What restrains prescribing from the hospital's own stock in month k."""
    n, h, d = S.num, u.h, u.d
    pay = S.pay[S.klass[h], k, d]
    damp = pay.damp
    if n.payment:
        if not pay.exempt and not u.flags & BUDGET_FREE and S.used[k, h] > 0.8:
            damp = damp * min(1.0, max(0.0, (1.0 - S.used[k, h]) / 0.2))
        if not u.flags & REFORMED:
            damp = damp * (1.0 / (1.0 + n.loss_weight * loss_of(S, S.klass[h], k, d)))
    if S.hospital[h].over_share and S.drug[d].dear and not u.flags & SHARE_FREE:
        damp = damp * n.share_factor
    return damp


@compiled
def travel_share(S: State, h, d, t):
    """Part of those whose window ends at a hospital's patients in a month begun at t who are treated elsewhere."""
    li = S.hospital[h].level - 1
    if S.first_city[S.city[h], d] <= t:
        return S.num.city_travel[li]
    return S.num.capital_travel[li] if S.first_city[S.capital[h], d] <= t else 0.0
