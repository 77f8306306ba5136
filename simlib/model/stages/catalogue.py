"""Stage 3: the national and the commercial catalogue round by round, and the local application list."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.core.streams import Q_CATALOGUE, Q_COMMERCIAL, Q_LIST_MEMBER, uniforms
from simlib.core.workdays import INF, YEAR
from simlib.model.rules import Others
from simlib.model.vectors import add_each, sigma_each, up_each
from simlib.scenario.world import World, logit
from simlib.world.region import CANCER


@dataclass(frozen=True)
class Catalogues:
    """When each drug entered which list, inf for never (float64, D).

    entered, commercial: publication of the catalogue. effective, commercial_effective: the day it came into force.
    duty_list: as list_entry, but inf for the drugs that by reading D3 have no duty of the list. tried, tried_commercial: bool
    (rounds, D), the drugs up for each round of either catalogue.
    """

    entered: np.ndarray
    effective: np.ndarray
    commercial: np.ndarray
    commercial_effective: np.ndarray
    list_entry: np.ndarray
    duty_list: np.ndarray
    tried: np.ndarray
    tried_commercial: np.ndarray


def decide(world: World, others: Others) -> Catalogues:
    """All rounds below the horizon; fills in the scopes of `others` that depend on them.

    Success is a draw against log-odds that start from `first_success` or `later_success` and add value, price,
    origin, in a first round what a cancer drug has against it, and the rules in force at the cut-off, when firms apply.
    """
    p, d = world.p.catalogue, world.drugs
    never = np.full(len(d), INF)
    entered, effective, commercial, commercial_effective = never.copy(), never.copy(), never.copy(), never.copy()
    attempts = np.zeros(len(d), int)
    tried, tried_commercial = np.zeros((2, len(world.scenario.rounds), len(d)), bool)
    others.candidates = True
    for i, r in enumerate(world.scenario.rounds):
        window = (d.approval <= r.cut_off) & (d.approval > r.cut_off - p.look_back_years * YEAR)
        eligible = window & np.isinf(entered) & (others.choice("catalogue.nrdl.cycle", r.cut_off) > 0)
        odds = _log_odds(world, others, r.cut_off, attempts, commercial < r.cut_off)
        success = eligible & (uniforms(world.key, Q_CATALOGUE, drugs=d.ids, attempt=r.year) < sigma_each(odds))
        attempts += eligible
        tried[i] = eligible
        entered = np.where(success, r.published, entered)
        effective = np.where(success, r.effective, effective)
        costly = window & np.isinf(entered) & np.isinf(commercial) & (d.price > p.commercial_price_above)
        open_ = costly & others.flag("catalogue.commercial.enabled", r.cut_off)
        tried_commercial[i] = open_
        odds = _commercial_log_odds(world, others, r.cut_off)
        success = open_ & (uniforms(world.key, Q_COMMERCIAL, drugs=d.ids, attempt=r.year) < sigma_each(odds))
        commercial = np.where(success, r.published, commercial)
        commercial_effective = np.where(success, r.effective, commercial_effective)
    others.candidates = False
    for scope in ("negotiated", "nrdl_innovative", "negotiated_in_term"):
        others.since[scope] = entered
    others.since["negotiated_costly"] = np.where(d.price > world.p.payment.costly_above, entered, INF)
    others.since["commercial_list"] = commercial
    list_entry, of_first = _application_list(world, others)
    others.since["application_list"] = list_entry
    duty_list = np.where(of_first, INF, list_entry) if world.p.clocks.first_list == "passes" else list_entry
    return Catalogues(
        entered, effective, commercial, commercial_effective, list_entry, duty_list, tried, tried_commercial
    )


def _log_odds(world: World, others: Others, t: float, attempts: np.ndarray, in_commercial: np.ndarray) -> np.ndarray:
    p, d = world.p.catalogue, world.drugs
    first = attempts == 0
    x = np.where(first, logit(p.first_success), logit(p.later_success))
    x = x + p.value_weight * d.value - p.price_weight * d.price + p.foreign_weight * d.foreign
    x = x + p.cancer_weight * (first & np.isin(d.area, CANCER))
    x = x + p.support_weight * others.flag("catalogue.admission_support", t)
    guided = (others.choice("readiness.guidance_from", t) > 0) & others.has(
        "readiness.guidance_scope", "catalogue_admission", t
    )
    x = x + p.support_weight * guided
    x = x + p.value_price_weight * (others.flag("catalogue.nrdl.value_based_price", t) - 1.0)
    x = x + p.evidence_weight * others.has("catalogue.real_world_evidence", "admission", t)
    x = x + p.renewal_weight * (others.choice("catalogue.nrdl.renewal_cut_cap", t) > 0)
    return x + p.transition_weight * (in_commercial & (others.choice("catalogue.commercial.nrdl_link", t) > 0))


def _commercial_log_odds(world: World, others: Others, t: float) -> np.ndarray:
    p = world.p.catalogue
    y = logit(p.commercial_success) + p.value_weight * world.drugs.value
    y = y + p.agreed_price_weight * (others.choice("catalogue.commercial.settlement_price", t) > 0)
    return y + p.confidentiality_weight * (others.choice("catalogue.commercial.price_confidentiality", t) > 0)


def _application_list(world: World, others: Others) -> tuple[np.ndarray, np.ndarray]:
    """(entry on the local application list, whether it is on the first date of the rule by which the drug enters).

    Entry is some days after the policy's start or approval, then at the list's rhythm.
    """
    p, d, table = world.p.catalogue, world.drugs, world.table
    entry, of_first = np.full(len(d), INF), np.zeros(len(d), bool)
    if not world.p.stages.catalogue:
        return entry, of_first
    member = d.local | (uniforms(world.key, Q_LIST_MEMBER, drugs=d.ids) < p.list_membership)
    for rule in world.of("catalogue.application_list.update"):
        if rule.rule.value == "none":
            continue
        t0 = max(rule.start, world.scenario.policy_from)
        first = np.maximum(t0, d.approval) + p.list_open
        when = up_each(table, first)
        if rule.rule.value == "periodic":
            when = _next_edition(world, t0 + p.list_open, first)
        taken = member & others.in_force(rule, when) & (others.choice(rule.rule.lever, when) > 0)
        on_first = when == up_each(table, np.array([t0 + p.list_open]))
        of_first = np.where(taken & (when < entry), on_first, of_first | (taken & (when == entry) & on_first))
        entry = np.where(taken & (when < entry), when, entry)
    return entry, of_first


def _next_edition(world: World, opened: float, first: np.ndarray) -> np.ndarray:
    """The first date of a list renewed every `list_interval_months` that is not before `first`."""
    start = up_each(world.table, np.array([opened]))
    editions = [float(start[0])]
    while editions[-1] < world.horizon:
        months = np.array([len(editions) * world.p.catalogue.list_interval_months])
        editions.append(float(up_each(world.table, add_each(world.table, start, months, "months"))[0]))
    return np.append(editions, INF)[np.searchsorted(editions, first)]
