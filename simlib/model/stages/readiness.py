"""Stage 1: from approval to the day on which the firm files for listing in each province."""

from __future__ import annotations

import math

import numpy as np

from simlib.core.streams import Q_PROVINCE_LAG, Q_PROVINCE_TURN, Q_READINESS, uniforms
from simlib.core.workdays import MONTH
from simlib.model.rules import Others
from simlib.model.stages.catalogue import Catalogues
from simlib.model.stages.listing import limits_at, standing_factors
from simlib.model.vectors import add_each, roll_each, sample_each
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World

DAYS_OF_UNIT = {"working_days": 1.4, "days": 1.0, "months": MONTH}  # calendar days a firm expects


def filing_dates(world: World, others: Others, catalogues: Catalogues) -> np.ndarray:
    """Dates on which firms file for listing in each province (float64, (P, D)); inf for never."""
    p, d, table, places = world.p, world.drugs, world.table, world.provinces
    if not p.stages.readiness:
        return np.tile(roll_each(table, d.approval), (len(places), 1))
    platforms = others.in_provinces(places.ids)
    filed = roll_each(table, _turn(world, others, platforms, _prepared(world, others)))
    entered = catalogues.entered
    limited = platforms.limits("listing.catalogue_limit", entered)[
        1
    ]  # firms of drugs that must be listed are asked to file
    in_step = np.isfinite(entered) & (others.flag("listing.in_step_with_catalogue", entered) | limited)
    filed = np.where(in_step, np.minimum(filed, roll_each(table, np.maximum(entered, d.approval))), filed)
    w = np.array([x.window_interval for x in places.listing], float)[:, None]
    if (w > 0).any():
        any_time = LEVERS["listing.application_window"].allowed.index("any_time")
        waits = (w > 0) & (platforms.choice("listing.application_window", filed) != any_time)
        safe = np.where(w > 0, w, 1.0)
        filed = np.where(waits, roll_each(table, np.ceil(filed / safe) * safe), filed)
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


def _turn(world: World, others: Others, platforms: Others, prepared: np.ndarray) -> np.ndarray:
    """When each province gets a firm's papers: first among the provinces, or after a lag (P, D)."""
    p, d, places = world.p.readiness, world.drugs, world.provinces
    u, upper = uniforms(world.key, Q_PROVINCE_TURN, drugs=d.ids), np.cumsum(_first_here(world, others, platforms), 0)
    first = (np.concatenate([np.zeros((1, len(d))), upper[:-1]]) <= u) & (u < upper)
    lag = sample_each(world.key, Q_PROVINCE_LAG, d.ids, p.later_province_lag, places=places.ids)
    factor = np.array(
        [
            1.0,
            *(p.coordination_factor.get(n, 1.0) for n in LEVERS["listing.cross_province_coordination"].allowed[1:]),
        ]
    )
    lag = lag * factor[platforms.choice("listing.cross_province_coordination", prepared)]
    start = np.broadcast_to(prepared, lag.shape)
    return np.where(first, start, add_each(world.table, start, lag, p.later_province_lag.unit))


def _first_here(world: World, others: Others, platforms: Others) -> np.ndarray:
    """Probability that the firm lists first in each province (P, D): alike for all, or a softmax of expected listing days."""
    p, t, places = world.p.readiness, world.drugs.approval, world.provinces
    number = max(p.provinces, len(places))
    chooses = others.flag("listing.first_province_choice", t)
    if not chooses.any():
        return np.full((len(places), len(t)), 1.0 / number)
    here = _expected_days(world, platforms)
    soonest = np.minimum(here.min(axis=0), p.national_listing)
    less = np.where(
        soonest > 700 * p.choice_scale, soonest, 0.0
    )  # which changes no share, and lets neither part vanish
    rest = [(number - len(places)) * math.exp(-(p.national_listing - x) / p.choice_scale) for x in less]
    own = [[math.exp(-(h - x) / p.choice_scale) for h, x in zip(row, less, strict=True)] for row in here]
    each = np.array(own)
    whole = np.cumsum(each, 0)[-1] + np.array(rest)
    return np.where(chooses, each / whole, 1.0 / number)


def _expected_days(world: World, platforms: Others) -> np.ndarray:
    """Days of listing that a firm expects in each province (float64, (P, D))."""
    p, q, t = world.p.readiness, world.p.listing, world.drugs.approval
    standing, publication = standing_factors(world, platforms, t)
    here = p.national_listing * standing * np.array(world.provinces.standing)[:, None]
    review = here * (1 - q.publication_share)
    rest = here * q.publication_share * publication
    review = np.minimum(review, _expected_limit(world, platforms, "listing.review_limit"))
    return np.minimum(review + rest, _expected_limit(world, platforms, "listing.whole_limit"))


def _expected_limit(world: World, platforms: Others, lever: str) -> np.ndarray:
    """Calendar days of the limit in force and obeyed at approval, inf where there is none ((P, D), or what spreads to it)."""
    limits, obeyed = limits_at(world, platforms, lever, world.drugs.approval)
    least = np.full(len(world.drugs), np.inf)
    for number, unit, now in limits:
        least = np.where(now & obeyed, np.minimum(least, number * DAYS_OF_UNIT[unit]), least)
    return least
