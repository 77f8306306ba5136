"""Stage 1: from approval to the day on which the firm files for listing in this province."""

from __future__ import annotations

import math

import numpy as np

from simlib.core.streams import Q_PROVINCE_LAG, Q_PROVINCE_TURN, Q_READINESS, uniforms
from simlib.core.workdays import MONTH
from simlib.model.rules import Others
from simlib.model.stages.catalogue import Catalogues
from simlib.model.stages.listing import standing_factors
from simlib.model.vectors import add_each, roll_each, sample_each
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World

DAYS_OF_UNIT = {"working_days": 1.4, "days": 1.0, "months": MONTH}  # calendar days a firm expects


def filing_dates(world: World, others: Others, catalogues: Catalogues) -> np.ndarray:
    """Dates on which firms file for listing (float64, D); inf for never."""
    p, d, table = world.p, world.drugs, world.table
    if not p.stages.readiness:
        return roll_each(table, d.approval)
    filed = roll_each(table, _turn(world, others, _prepared(world, others)))
    entered = catalogues.entered
    limited = others.limits("listing.catalogue_limit", entered)[
        1
    ]  # firms of drugs that a platform must list are asked to file
    in_step = np.isfinite(entered) & (others.flag("listing.in_step_with_catalogue", entered) | limited)
    filed = np.where(in_step, np.minimum(filed, roll_each(table, np.maximum(entered, d.approval))), filed)
    w = p.listing.window_interval
    if w > 0:
        any_time = LEVERS["listing.application_window"].allowed.index("any_time")
        waits = others.choice("listing.application_window", filed) != any_time
        filed = np.where(waits, roll_each(table, np.ceil(filed / w) * w), filed)
    return filed


def _prepared(world: World, others: Others) -> np.ndarray:
    """When the firm's papers are ready: preparation after approval, less what guidance let it do before."""
    p, d = world.p.readiness, world.drugs
    work = sample_each(world.key, Q_READINESS, d.ids, p.time)
    support = others.count_words("readiness.firm_support", d.approval)
    for n in range(1, int(support.max(initial=0)) + 1):
        work = np.where(support >= n, work * p.support_factor, work)
    names = LEVERS["readiness.guidance_from"].allowed
    lead = np.array([p.guidance_lead.get("approval" if n == "none" else n, 0.0) for n in names])
    lead = lead[others.choice("readiness.guidance_from", d.approval)]
    quality = p.quality_evaluation * others.flag("listing.quality_tier_evaluation", d.approval)
    return np.maximum(d.approval, add_each(world.table, d.approval, work, p.time.unit) + quality - lead)


def _turn(world: World, others: Others, prepared: np.ndarray) -> np.ndarray:
    """When this province gets its papers: first among the provinces, or after a lag."""
    p, d = world.p.readiness, world.drugs
    first = uniforms(world.key, Q_PROVINCE_TURN, drugs=d.ids) < _first_here(world, others)
    lag = sample_each(world.key, Q_PROVINCE_LAG, d.ids, p.later_province_lag)
    factor = np.array(
        [
            1.0,
            *(p.coordination_factor.get(n, 1.0) for n in LEVERS["listing.cross_province_coordination"].allowed[1:]),
        ]
    )
    lag = lag * factor[others.choice("listing.cross_province_coordination", prepared)]
    return np.where(first, prepared, add_each(world.table, prepared, lag, p.later_province_lag.unit))


def _first_here(world: World, others: Others) -> np.ndarray:
    """Probability that the firm lists here first: one in `provinces`, or a softmax of expected listing days."""
    p, q, t = world.p.readiness, world.p.listing, world.drugs.approval
    standing, publication = standing_factors(world, others, t)
    here = p.national_listing * standing
    review = here * (1 - q.publication_share)
    rest = here * q.publication_share * publication
    review = np.minimum(review, _expected_limit(others, "listing.review_limit", t))
    here = np.minimum(review + rest, _expected_limit(others, "listing.whole_limit", t))
    chooses = others.flag("listing.first_province_choice", t)
    soonest = np.minimum(here, p.national_listing)
    less = np.where(
        soonest > 700 * p.choice_scale, soonest, 0.0
    )  # which changes no share, and lets neither part vanish
    other = np.array([(p.provinces - 1) * math.exp(-(p.national_listing - x) / p.choice_scale) for x in less])
    own = np.array([math.exp(-(h - x) / p.choice_scale) for h, x in zip(here, less, strict=True)])
    return np.where(chooses, own / (own + other), 1.0 / p.provinces)


def _expected_limit(others: Others, lever: str, t: np.ndarray) -> np.ndarray:
    """Calendar days of the limit in force and obeyed, inf where there is none."""
    least = np.full(len(t), np.inf)
    rules, obeyed = others.limits(lever, t)
    for rule, now in rules:
        number, unit = rule.rule.value
        least = np.where(now & obeyed, np.minimum(least, number * DAYS_OF_UNIT[unit]), least)
    return least
