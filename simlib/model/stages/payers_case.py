"""Stage 11, a case under DRG or DIP: what the drug does to the hospital's result, carve-outs, and special case review.

Follows `docs/semantics-use.md`, section 11: Case, Special review. A case has eight kinds of other cost, equally likely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.core.streams import normal_quantile
from simlib.core.workdays import INF, YEAR
from simlib.model.rules import Others
from simlib.model.stages.catalogue import Catalogues
from simlib.model.stages.listing import Listing
from simlib.model.stages.payers_cover import Cover
from simlib.scenario.world import TimedRule, World
from simlib.world.parameters_use import Payment

KINDS = 8


@dataclass(frozen=True)
class Case:
    """Of one class, by month and drug (float64, (J, D)).

    effect: result of a case with the drug less result with the therapy it replaces, before special review (yuan).
    up: share of cases put up for special review. gain: what a case gets by it in the mean, if heard at once (yuan).
    """

    effect: np.ndarray
    up: np.ndarray
    gain: np.ndarray


def kinds_of_cost(p: Payment) -> np.ndarray:
    """Other cost of the eight kinds of a case, as a multiple of its mean (float64, 8): lognormal, middle quantiles."""
    z = np.array([normal_quantile((i - 0.5) / KINDS) for i in range(1, KINDS + 1)])
    return np.exp(p.cost_log_sd * z - p.cost_log_sd**2 / 2)


def carve_out(word: str, reviewed: bool, standard, cost, drug, excess, p: Payment):
    """Extra pay of a case by a carve-out (yuan): the drug's excess, or the whole case's; reviewed drugs only over thresholds.

    A case exactly at a threshold is not over it (evidence G1: over 2 times the group's mean, over 64% of the case).
    """
    extra = excess if word == "drug_cost" else np.maximum(0.0, cost - standard)
    if not reviewed:
        return extra
    return np.where((cost > p.carve_over_group * standard) & (drug > p.carve_over_case * cost), extra, 0.0)


def case_tables(
    world: World, others: Others, catalogues: Catalogues, listing: Listing, t: np.ndarray, cover: Cover
) -> Case:
    """Effect and special review of a case at the edges t (J, 1)."""
    p, inpatient = world.p.payment, ~world.drugs.outpatient
    none = np.zeros(cover.price.shape)
    if not world.p.stages.payment:
        return Case(none, none, none)
    standard = world.drugs.standard
    drug = cover.price / p.cases_per_year
    replaced = (1.0 - p.other_share) * standard
    excess = np.maximum(0.0, drug - replaced)
    follow = _follow(world, others, listing, t, excess)
    bonus = others.most("payment.dip_bonus", t)
    bonus = np.where(np.isfinite(bonus), np.where(np.isfinite(bonus), bonus, 1.0) - 1.0, 0.0) * standard
    carved = _carvings(world, others, catalogues, t, cover)
    extra_sum, up, gain = none.copy(), none.copy(), none.copy()
    open_ = others.flag("payment.special_case_review.enabled", t)
    part = np.where(others.flag("payment.special_case_review.simplified", t), p.review_apply_simplified, p.review_apply)
    paid = np.where(others.has("payment.special_case_review.outcome", "by_item", t), 1.0, p.review_adjusted)
    for z in kinds_of_cost(p):
        cost = p.other_share * standard * z + drug
        extra = np.maximum(carved(cost, drug, excess), follow) + bonus
        extra_sum += extra
        applies = np.where(open_ & (cost > p.review_trigger * standard), part, 0.0)
        up += applies
        gain += applies * np.maximum(0.0, cost - standard - extra) * paid
    effect = extra_sum / KINDS - (drug - replaced)
    only = lambda x: np.where(inpatient, x, 0.0)  # noqa: E731
    return Case(only(effect), only(up / KINDS), only(gain / KINDS * p.review_pass))


def _follow(world: World, others: Others, listing: Listing, t: np.ndarray, excess: np.ndarray) -> np.ndarray:
    """What the group's standard takes up of the drug's excess (yuan, (J, D)); all of it in a group of the drug's own."""
    p = world.p.payment
    dynamic = others.choice("payment.case_group_update", t) > 0
    follow = np.where(listing.listed + YEAR <= t, np.where(dynamic, p.follow_dynamic, p.follow) * excess, 0.0)
    return np.where(others.choice("payment.new_technology_group", t) > 0, np.maximum(follow, excess), follow)


def _carvings(world: World, others: Others, catalogues: Catalogues, t: np.ndarray, cover: Cover):
    """A function of (cost, drug, excess) that gives the largest carve-out of the rules in force (yuan, (J, D))."""
    p = world.p.payment
    lever = "payment.case_payment_exclusion"
    obeyed = others.choice(lever, t) > 0
    entered = np.where(catalogues.entered <= t, catalogues.entered, -INF)
    young = t < np.maximum(world.drugs.approval, entered) + p.carve_years * YEAR
    rules: list[tuple[TimedRule, np.ndarray]] = [(r, obeyed & others.in_force(r, t)) for r in world.of(lever)]

    def largest(cost: np.ndarray, drug: np.ndarray, excess: np.ndarray) -> np.ndarray:
        """Extra pay of a case of this cost by the most generous rule (yuan, (J, D))."""
        best = np.zeros(cost.shape)
        for r, now in rules:
            reviewed = "new_drugs_reviewed" in r.rule.drugs
            extra = carve_out(r.rule.value, reviewed, world.drugs.standard, cost, drug, excess, p)
            if "commercial_cover" in r.rule.drugs:
                extra = extra * cover.insured * cover.covered
            best = np.where(now & (young | (not reviewed)), np.maximum(best, extra), best)
        return best

    return largest


def case_bill(
    p: Payment, standard: float, other: float, drug: float, carve: str = "none", reviewed: bool = False
) -> dict[str, int]:
    """One case's bill in whole fen: cost, case payment, extra pay by a carve-out, and the hospital's result.

    standard, other, drug: yuan. carve: "none", "drug_cost" or "case"; reviewed: it holds only over Beijing's thresholds
    (evidence G1). review: 1 if the case may be put up for special review (evidence G3). payment + extra - cost = result.
    """
    cost = other + drug
    replaced = (1.0 - p.other_share) * standard
    extra = 0.0
    if carve != "none":
        extra = float(carve_out(carve, reviewed, standard, cost, drug, max(0.0, drug - replaced), p))
    fen = {
        "cost": round(100 * other) + round(100 * drug),
        "payment": round(100 * standard),
        "extra": round(100 * extra),
    }
    return fen | {
        "result": fen["payment"] + fen["extra"] - fen["cost"],
        "review": int(cost > p.review_trigger * standard),
    }
