"""Stage 11, a case under DRG or DIP: what the drug does to the hospital's result, carve-outs, and special case review.

Follows `docs/semantics-payment.md`, section 11: Case, Special review. A case has eight kinds of other cost, equally likely.
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
    drug = cover.price / p.cases_per_year
    excess = np.maximum(0.0, drug - (1.0 - p.other_share) * world.drugs.standard)
    bonus = others.most("payment.dip_bonus", t)
    bonus = np.where(np.isfinite(bonus), np.where(np.isfinite(bonus), bonus, 1.0) - 1.0, 0.0) * world.drugs.standard
    open_ = others.flag("payment.special_case_review.enabled", t)
    simplified = others.flag("payment.special_case_review.simplified", t)
    by_item = others.has("payment.special_case_review.outcome", "by_item", t)
    rules, holds = _carvings(world, others, catalogues, t)
    cells = _Cells.of(
        inpatient,
        drug, world.drugs.standard, excess, _follow(world, others, listing, t, excess), bonus, open_,
        np.where(simplified, p.review_apply_simplified, p.review_apply), np.where(by_item, 1.0, p.review_adjusted),
        cover.held, cover.covered, *holds,
    )  # fmt: skip
    return Case(*(cells.spread(x) for x in _mean_case(p, rules, *cells.values)))


def _mean_case(
    p: Payment,
    rules: list[TimedRule],
    drug,
    standard,
    excess,
    follow,
    bonus,
    open_,
    part,
    paid,
    held,
    covered,
    *holds,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(effect, up, gain) of `Case` for cells of any one shape; holds: for each rule whether its carve-out is there."""
    extra_sum, up, gain = np.zeros(drug.shape), np.zeros(drug.shape), np.zeros(drug.shape)
    for z in kinds_of_cost(p):
        cost = p.other_share * standard * z + drug
        carved = np.zeros(drug.shape)
        for r, now in zip(rules, holds, strict=True):
            extra = carve_out(r.rule.value, _reviewed(r), standard, cost, drug, excess, p)
            if "commercial_cover" in r.rule.drugs:
                extra = extra * held * covered
            carved = np.where(now, np.maximum(carved, extra), carved)
        extra = np.maximum(carved, follow) + bonus
        extra_sum += extra
        applies = np.where(open_ & (cost > p.review_trigger * standard), part, 0.0)
        up += applies
        gain += applies * np.maximum(0.0, cost - standard - extra) * paid
    effect = extra_sum / KINDS - (drug - (1.0 - p.other_share) * standard)
    return effect, up / KINDS, gain / KINDS * p.review_pass


@dataclass(frozen=True)
class _Cells:
    """Cells (month, drug) of tables in which something differs from the month before; the others repeat it.

    first: bool (D, J), for the wanted drugs. values: each table's values there (1-D), drug by drug.
    """

    wanted: np.ndarray
    first: np.ndarray
    values: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, wanted: np.ndarray, *tables: np.ndarray) -> _Cells:
        """Find the cells of tables of shape (J, D), or anything that can be spread to it, for the wanted drugs (bool, D)."""
        shape = np.broadcast_shapes(*(x.shape for x in tables))
        columns = [np.broadcast_to(x, shape)[:, wanted].T for x in tables]
        first = np.ones(columns[0].shape, bool)
        first[:, 1:] = np.logical_or.reduce([x[:, 1:] != x[:, :-1] for x in columns])
        return cls(wanted, first, tuple(x[first] for x in columns))

    def spread(self, values: np.ndarray) -> np.ndarray:
        """The table (J, D) that these values stand for; 0 for other drugs."""
        out = np.zeros((self.first.shape[1], len(self.wanted)))
        out[:, self.wanted] = values[np.cumsum(self.first) - 1].reshape(self.first.shape).T
        return out


def _follow(world: World, others: Others, listing: Listing, t: np.ndarray, excess: np.ndarray) -> np.ndarray:
    """What the group's standard takes up of the drug's excess (yuan, (J, D)); all of it in a group of the drug's own."""
    p = world.p.payment
    dynamic = others.choice("payment.case_group_update", t) > 0
    follow = np.where(listing.first + YEAR <= t, np.where(dynamic, p.follow_dynamic, p.follow) * excess, 0.0)
    return np.where(others.choice("payment.new_technology_group", t) > 0, np.maximum(follow, excess), follow)


def _reviewed(rule: TimedRule) -> bool:
    """Whether a carve-out holds for reviewed new drugs alone."""
    return "new_drugs_reviewed" in rule.rule.drugs


def _carvings(
    world: World, others: Others, catalogues: Catalogues, t: np.ndarray
) -> tuple[list[TimedRule], list[np.ndarray]]:
    """(rules of carve-outs, where each of them holds and is obeyed: bool, (J, D))."""
    lever = "payment.case_payment_exclusion"
    obeyed = others.choice(lever, t) > 0
    entered = np.where(catalogues.entered <= t, catalogues.entered, -INF)
    young = t < np.maximum(world.drugs.approval, entered) + world.p.payment.carve_years * YEAR
    rules = world.of(lever)
    holds = [obeyed & others.in_force(r, t) & (young | (not _reviewed(r))) for r in rules]
    return rules, holds


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
