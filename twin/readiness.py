"""Readiness: when a firm files its application for listing.

Follows `docs/semantics-listing.md`, section 1. A firm needs time of its own; it may file in another
province first; it may be bound to the catalogue's pace or to a window of the platform. What it
expects of listing here (the platform's factors) makes this province more or less attractive to it.
"""

from __future__ import annotations

import math

from simlib.core import streams as q
from twin.dates import NEVER
from twin.draws import Lasting
from twin.setting import Setting
from twin.world import Drug


class Readiness:
    """Stage 1: when the firm files its listing application."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.p = setting, setting.p
        self.rules, self.dates, self.draws = setting.rules, setting.dates, setting.draws
        self.time = Lasting(self.p.readiness.time)
        self.lag = Lasting(self.p.readiness.later_province_lag)

    def filed(self, drug: Drug) -> float:
        """The date of filing."""
        rules, roll = self.rules, self.dates.roll
        if not self.setting.stages.readiness:
            return roll(drug.approval)
        prepared = self._prepared(drug)
        filed = roll(prepared)
        if not self.draws.uniform(q.Q_PROVINCE_TURN, 0, 0, drug.id) < self._chance_of_first(drug):
            filed = roll(self._after_other_provinces(drug, prepared))
        in_step = ("listing.in_step_with_catalogue", "listing.catalogue_limit")
        if drug.entered < NEVER and any(rules.others(lever, drug, drug.entered) for lever in in_step):
            filed = min(filed, roll(max(drug.entered, drug.approval)))
        w = self.p.listing.window_interval
        if w > 0 and filed < NEVER and rules.others("listing.application_window", drug, filed) != "any_time":
            filed = roll(math.ceil(filed / w) * w)
        return filed

    def _prepared(self, drug: Drug) -> float:
        p, has = self.p.readiness, lambda lever: self.rules.others(lever, drug, drug.approval)
        own_time = self.time.at(self.draws.uniform(q.Q_READINESS, 0, 0, drug.id))
        # SEMANTICS: the power as a product, times R: pow() need not give the same last bit.
        support = 1.0
        for _ in has("readiness.firm_support") or ():
            support *= p.support_factor
        lead = p.guidance_lead[has("readiness.guidance_from") or "approval"]
        quality = p.quality_evaluation if has("listing.quality_tier_evaluation") else 0.0
        ready = self.dates.add(drug.approval, own_time * support, self.time.unit)
        return max(drug.approval, ready + quality - lead)

    def _after_other_provinces(self, drug: Drug, prepared: float) -> float:
        lag = self.lag.at(self.draws.uniform(q.Q_PROVINCE_LAG, 0, 0, drug.id))
        coordination = self.rules.others("listing.cross_province_coordination", drug, prepared)
        if coordination:
            lag = lag * self.p.readiness.coordination_factor[coordination]
        return self.dates.add(prepared, lag, self.lag.unit)

    def _chance_of_first(self, drug: Drug) -> float:
        """The chance that the firm files here before any other province."""
        p = self.p.readiness
        if not self.rules.others("listing.first_province_choice", drug, drug.approval):
            return 1.0 / p.provinces
        s, here, elsewhere = p.choice_scale, self._expected_days_here(drug), p.national_listing
        if min(here, elsewhere) > 700 * s:  # only the difference counts, and neither part may vanish
            here, elsewhere = here - min(here, elsewhere), elsewhere - min(here, elsewhere)
        attraction = math.exp(-here / s)
        return attraction / (attraction + (p.provinces - 1) * math.exp(-elsewhere / s))

    def _expected_days_here(self, drug: Drug) -> float:
        # SEMANTICS: the limits that shorten the expectation are those in force and obeyed (`others`) at approval.
        p, t, share = self.p, drug.approval, self.p.listing.publication_share
        here = p.readiness.national_listing * standing_factor(self.setting, drug, t)
        review = here * (1 - share)
        publication = here * share * publication_factor(self.setting, drug, t)
        if limit := self.rules.others("listing.review_limit", drug, t):
            review = min(review, _expected(limit))
        here = review + publication
        if limit := self.rules.others("listing.whole_limit", drug, t):
            here = min(here, _expected(limit))
        return here


def _expected(limit: tuple[float, str]) -> float:
    """Calendar days that a firm expects of a limit."""
    return limit[0] * {"working_days": 1.4, "days": 1.0, "months": 30.4375}[limit[1]]


def standing_factor(setting: Setting, drug: Drug, t: float) -> float:
    """Factor on the time in which a dossier waits for nobody, by the rules at t.

    SEMANTICS: one product, which then multiplies S (not S times one factor after the other).
    """
    factors, rules, product = setting.p.listing.standing_factor, setting.rules, 1.0
    if rules.others("listing.green_channel", drug, t):
        product *= factors["green_channel"]
    if rules.others("listing.pricing", drug, t) == "autonomous":
        product *= factors["autonomous_pricing"]
    for name in ("direct", "price_guidance"):
        if rules.others(f"listing.{name}", drug, t):
            product *= factors[name]
    return product


def publication_factor(setting: Setting, drug: Drug, t: float) -> float:
    """Factor on the part of the standing time that follows the review."""
    one_stop = setting.rules.others("listing.one_stop", drug, t)
    return setting.p.listing.publication_factor["one_stop"] if one_stop else 1.0
