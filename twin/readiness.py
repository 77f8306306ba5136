"""Readiness: when a firm files its application for listing.

Follows `docs/semantics-listing.md`, section 1, and `docs/semantics.md`, section 0.11. A firm needs
time of its own; it files in one province first and in the others later; it may be bound to the
catalogue's pace or to a window of the platform. What it expects of listing in a province (the
platform's factors, its limits) makes that province more or less attractive to it.
"""

from __future__ import annotations

import math

from simlib.core import streams as q
from twin.dates import NEVER
from twin.draws import Lasting
from twin.setting import Setting
from twin.world import Dossier, Drug, Province


class Readiness:
    """Stage 1: when the firm files its listing application."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.p = setting, setting.p
        self.rules, self.dates, self.draws = setting.rules, setting.dates, setting.draws
        self.time = Lasting(self.p.readiness.time)
        self.lag = Lasting(self.p.readiness.later_province_lag)

    def file(self, drug: Drug) -> None:
        """Give the drug its dossiers, one a province, each with the date of its filing."""
        drug.dossiers = [Dossier(drug, province) for province in self.setting.provinces]
        if not self.setting.stages.readiness:
            for dossier in drug.dossiers:
                dossier.filed = self.dates.roll(drug.approval)
            return
        prepared, first = self._prepared(drug), self._first_province(drug)
        for dossier in drug.dossiers:
            dossier.filed = self._filed(dossier, prepared, dossier.province is first)

    def _filed(self, dossier: Dossier, prepared: float, first: bool) -> float:
        """The date of filing in one province."""
        drug, province, rules, roll = dossier.drug, dossier.province, self.rules, self.dates.roll
        filed = roll(prepared if first else self._after_other_provinces(drug, province, prepared))
        in_step = drug.entered < NEVER and (
            rules.others("listing.in_step_with_catalogue", drug, drug.entered)
            or rules.others("listing.catalogue_limit", drug, drug.entered, province=province)
        )
        if in_step:
            filed = min(filed, roll(max(drug.entered, drug.approval)))
        w = province.platform.window_interval
        if w > 0 and filed < NEVER:
            if rules.others("listing.application_window", drug, filed, province=province) != "any_time":
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

    def _after_other_provinces(self, drug: Drug, province: Province, prepared: float) -> float:
        lag = self.lag.at(self.draws.uniform(q.Q_PROVINCE_LAG, 0, province.id, drug.id))
        coordination = self.rules.others("listing.cross_province_coordination", drug, prepared, province=province)
        if coordination:
            lag = lag * self.p.readiness.coordination_factor[coordination]
        return self.dates.add(prepared, lag, self.lag.unit)

    def _first_province(self, drug: Drug) -> Province | None:
        """The province in which the firm files first; None: one outside the region."""
        u, upper = self.draws.uniform(q.Q_PROVINCE_TURN, 0, 0, drug.id), 0.0
        for province, chance in zip(self.setting.provinces, self._chances_of_first(drug), strict=True):
            upper += chance
            if u < upper:
                return province
        return None

    def _chances_of_first(self, drug: Drug) -> list[float]:
        """The chance of each province that the firm files there before any other."""
        p, provinces = self.p.readiness, self.setting.provinces
        n, m = len(provinces), max(p.provinces, len(provinces))
        if not self.rules.others("listing.first_province_choice", drug, drug.approval):
            return [1.0 / m] * n
        s, elsewhere = p.choice_scale, p.national_listing
        here = [self._expected_days(drug, province) for province in provinces]
        least = min(elsewhere, *here)
        if least > 700 * s:  # only the difference counts, and no part may vanish
            here, elsewhere = [x - least for x in here], elsewhere - least
        attraction, whole = [math.exp(-x / s) for x in here], 0.0
        for x in attraction:
            whole += x
        whole += (m - n) * math.exp(-elsewhere / s)
        return [x / whole for x in attraction]

    def _expected_days(self, drug: Drug, province: Province) -> float:
        # SEMANTICS: the limits that shorten the expectation are those in force and obeyed (`others`) at approval.
        p, t, share = self.p, drug.approval, self.p.listing.publication_share
        here = p.readiness.national_listing * standing_factor(self.setting, drug, province, t) * province.standing
        review = here * (1 - share)
        publication = here * share * publication_factor(self.setting, drug, province, t)
        if limit := self.rules.others("listing.review_limit", drug, t, province=province):
            review = min(review, _expected(limit))
        here = review + publication
        for limit in obeyed_limits(self.setting, drug, province, t):
            here = min(here, _expected(limit))
        return here


def obeyed_limits(setting: Setting, drug: Drug, province: Province, t: float) -> list[tuple[float, str]]:
    """Limits on the whole procedure at t: the rules in force, and the province's own, if its platform obeys them.

    SEMANTICS: they are obeyed or not as one, with the strongest strength; the province's own is a "must".
    """
    lever, rules = "listing.whole_limit", setting.rules
    if province.limit is None:
        limit = rules.others(lever, drug, t, province=province)
        return [limit] if limit else []
    if not rules.would_obey(lever, drug, "must", province):
        return []
    return [province.limit, *(r.value for r in rules.in_force(lever, drug, t))]


def _expected(limit: tuple[float, str]) -> float:
    """Calendar days that a firm expects of a limit."""
    return limit[0] * {"working_days": 1.4, "days": 1.0, "months": 30.4375}[limit[1]]


def standing_factor(setting: Setting, drug: Drug, province: Province, t: float) -> float:
    """Factor on the time in which a dossier waits for nobody, by the rules at t.

    SEMANTICS: one product, which then multiplies S (not S times one factor after the other).
    """
    factors, rules, product = setting.p.listing.standing_factor, setting.rules, 1.0
    if rules.others("listing.green_channel", drug, t, province=province):
        product *= factors["green_channel"]
    if rules.others("listing.pricing", drug, t, province=province) == "autonomous":
        product *= factors["autonomous_pricing"]
    for name in ("direct", "price_guidance"):
        if rules.others(f"listing.{name}", drug, t, province=province):
            product *= factors[name]
    return product


def publication_factor(setting: Setting, drug: Drug, province: Province, t: float) -> float:
    """Factor on the part of the standing time that follows the review."""
    one_stop = setting.rules.others("listing.one_stop", drug, t, province=province)
    return setting.p.listing.publication_factor["one_stop"] if one_stop else 1.0
