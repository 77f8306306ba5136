"""Stage 11, price and cover: what a year on the drug costs, who pays which share, how many patients can bear theirs.

Follows `docs/semantics-payment.md`, section 11: Price, Fund, Commercial, Charity, Affordability.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.core.streams import Q_PLAN, uniforms
from simlib.core.workdays import YEAR
from simlib.model.rules import Others
from simlib.model.stages.catalogue import Catalogues
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World


@dataclass(frozen=True)
class Cover:
    """Of one class, by month and drug (float64, (J, D)). price: yuan a year. fund, commercial, charity: shares of the bill.

    insured: people with a commercial plan. held: those who have one, of the patients who can pay. covered: whether such a
    plan covers the drug. afford: patients who can pay.
    """

    price: np.ndarray
    fund: np.ndarray
    commercial: np.ndarray
    charity: np.ndarray
    insured: np.ndarray
    held: np.ndarray
    covered: np.ndarray
    afford: np.ndarray


def cover_tables(
    world: World,
    others: Others,
    catalogues: Catalogues,
    t: np.ndarray,
    inside: np.ndarray,
    designated: bool,
    income: float,
) -> Cover:
    """Price and shares at the edges t (J, 1); `inside`: paid as in the basic catalogue (J, D); income: factor of the province."""
    p = world.p.payment
    price = _price(world, others, catalogues, t, inside, designated)
    none = np.zeros(inside.shape)
    if not world.p.stages.payment:
        return Cover(np.broadcast_to(world.drugs.yearly, inside.shape), none, none, none, none, none, none, none + 1.0)
    f = _fund(world, others, t, inside) if designated else none
    insured, covered, b = _plans(world, others, catalogues, t)
    g = np.minimum(1.0, p.charity + p.charity_added * others.flag("commercial.charity", t))
    left = 1.0 - f
    o1, o0 = left * (1.0 - b) * (1.0 - g), left * (1.0 - g)
    claimed_back = np.where(others.flag("commercial.one_step_settlement", t), 0.0, p.advance * left * b)
    able = insured * _bearable(world, price * (o1 + claimed_back), income)
    afford = able + (1.0 - insured) * _bearable(world, price * o0, income)
    # a plan lets more of its insured pay: of those who are treated more have one than of the people
    held = insured if p.always_afford else np.where(afford > 0.0, able / np.where(afford > 0.0, afford, 1.0), insured)
    commercial = held * left * b
    charity = held * left * (1.0 - b) * g + (1.0 - held) * left * g
    return Cover(price, f, commercial, charity, insured, held, covered, none + 1.0 if p.always_afford else afford)


def _bearable(world: World, burden: np.ndarray, income: float) -> np.ndarray:
    """Share of patients who can bear a yearly burden (yuan): log-logistic."""
    p = world.p.payment
    return 1.0 / (1.0 + (burden / (p.income * income)) ** p.income_slope)


def _price(world, others: Others, catalogues: Catalogues, t, inside: np.ndarray, designated: bool) -> np.ndarray:
    """Price of a year's use (yuan, (J, D)): the list price, in the catalogue cut on entry and at renewals."""
    p, yearly = world.p.payment, world.drugs.yearly
    since = np.where(inside, t - np.where(np.isfinite(catalogues.effective), catalogues.effective, 0.0), 0.0)
    renewals = np.floor(since / (p.renewal_years * YEAR))
    capped = others.choice("catalogue.nrdl.renewal_cut_cap", t) > 0
    cut = np.where(capped, p.renewal_cut_capped, p.renewal_cut)
    cut = np.where(others.has("catalogue.real_world_evidence", "renewal", t), cut * p.evidence_renewal_factor, cut)
    left = np.ones(cut.shape)
    for n in range(1, int(renewals.max(initial=0.0)) + 1):  # a repeated product, as one would do it by hand
        left = np.where(renewals >= n, left * (1.0 - cut), left)
    price = np.where(inside, yearly * (1.0 - p.cut) * left, yearly)
    if not designated:
        price = np.where(others.flag("payment.non_designated_free_price", t), yearly, price)
    return price


def _fund(world: World, others: Others, t: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Share that the basic fund pays (J, D)."""
    p = world.p.payment
    special = others.choice("payment.outpatient_special_scope", t) > 0
    raised = others.most("payment.outpatient_special_rate", t)
    rate = p.special_outpatient + np.where(np.isfinite(raised), raised, 0.0) / 100.0
    f = np.where(world.drugs.outpatient, np.where(special, rate, p.basic_outpatient), p.basic_inpatient)
    f = np.where(others.flag("payment.fixed_share", t), np.maximum(f, p.fixed_share_rate), f)
    f = f + np.where(others.has("catalogue.real_world_evidence", "payment_scope", t), p.evidence_scope_added, 0.0)
    return np.where(inside, np.minimum(1.0, f), 0.0)


def _plans(world: World, others: Others, catalogues: Catalogues, t: np.ndarray):
    """(people with a plan, whether it covers the drug, what it pays of the rest), (J, D) each."""
    p = world.p.payment
    insured = p.insured + p.enrolment_added * others.count_words("commercial.enrolment_push", t)
    insured = insured + p.personal_account_added * others.flag("commercial.personal_account", t)
    insured = insured + p.employer_added * np.isfinite(others.most("commercial.employer_plan_tax", t))
    insured = np.minimum(1.0, insured + p.product_added * others.flag("commercial.product_support", t))
    by_plan = np.array([p.plan_cover[w] for w in LEVERS["commercial.plan.drug_list"].allowed])
    by_catalogue = np.array([p.catalogue_cover[w] for w in LEVERS["commercial.catalogue_take_up"].allowed])
    chance = by_plan[others.choice("commercial.plan.drug_list", t)]
    listed = by_catalogue[others.choice("commercial.catalogue_take_up", t)]
    chance = np.where(catalogues.commercial_effective <= t, np.maximum(chance, listed), chance)
    covered = (uniforms(world.key, Q_PLAN, drugs=world.drugs.ids) < chance).astype(float)
    benefit = np.where(others.choice("commercial.plan.benefit", t) > 0, p.plan_benefit_raised, p.plan_benefit)
    benefit = benefit + p.data_sharing_added * others.flag("commercial.data_sharing", t)
    return insured, covered, covered * np.minimum(1.0, benefit)
