"""A pair: one drug at one hospital that treats what the drug is for.

All that the model is about happens to pairs: the hospital learns of the drug, a department asks for
it, the committee decides, the drug is bought. This file has the record of a pair, with no
decisions; `journey.py` brings it to life.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import IntEnum

from simlib.core import streams as q
from simlib.world.cohort import CLASSES
from simlib.world.region import AREAS, TYPES
from twin.dates import NEVER
from twin.setting import Setting
from twin.world import Drug, Hospital

SPECIALTY, TCM = TYPES.index("specialty"), TYPES.index("tcm")


class State(IntEnum):
    """Where a pair of drug and hospital stands."""

    NOT_LISTED = 0
    NOT_AWARE = 1
    NOT_ASKED = 2
    WAITING = 3
    DEFERRED = 4
    REFUSED = 5
    WAITING_FOR_ROOM = 6
    BEING_BOUGHT = 7
    STOCKED = 8
    TEMPORARY = 9
    REMOVED = 10
    OUT_OF_TARGET = 11


def is_target(setting: Setting, drug: Drug, hospital: Hospital) -> bool:
    """Does the hospital treat what the drug is for?"""
    a = setting.p.asking
    if a.all_before_committee:
        return True
    area = AREAS[drug.area]
    treats = a.treats[area].of(hospital.level)
    if area == "rare":
        treats = treats * a.orphan_breadth
    general = drug.breadth * treats  # SEMANTICS: products in this order
    if area == "rare" and hospital.network:
        chance = a.orphan_match
    elif hospital.type == SPECIALTY:
        chance = a.specialty_match if hospital.area == drug.area else 0.0
    elif hospital.type == TCM:
        chance = a.tcm_match if drug.klass == CLASSES.index("tcm_1") else a.tcm_other * general
    else:
        chance = general
    return setting.draws.uniform(q.Q_TARGET, 0, hospital.id, drug.id) < chance


def people(catchments: Iterable[float]) -> float:
    """Sum of catchments.

    SEMANTICS: from left to right, in the region's order.
    """
    total = 0.0
    for catchment in catchments:
        total += catchment
    return total


class Pair:
    """The record of one drug at one target hospital: its need, its dates (never: not yet), its counts."""

    def __init__(self, setting: Setting, drug: Drug, hospital: Hospital, coming: float) -> None:
        self.drug, self.hospital = drug, hospital
        self.coming = coming  # patients a year who come here for the drug: n of the page
        self.rules, self.draws = setting.rules, setting.draws
        self.r, self.relevance = self._need(setting)
        self.is_site = self._took_part(setting)
        self.state = State.NOT_LISTED
        self.aware = self.first_ask = self.first_heard = NEVER
        self.passed = self.room = self.stock = NEVER  # the committee's yes, the place for it, the drug on the shelf
        self.removed = NEVER  # from the shelf
        self.hearings = self.asks = self.refusals = 0
        self.needs = self.temporaries = 0  # patients' needs drawn so far, and those that began a temporary purchase
        self.supplies: list[list[float]] = []  # supply without stock: [from, until)

    def _took_part(self, setting: Setting) -> bool:
        """Did the hospital take part in the drug's trials? Then it knows the drug, and asks for it at once."""
        leading = self.hospital.level == 3 and self.hospital.owner in ("provincial", "national")
        return leading and self.uniform(q.Q_SITE) < setting.p.asking.site_share

    def _need(self, setting: Setting) -> tuple[float, float]:
        """(r of the page: how fast departments come to ask; relevance: the need on a standard scale).

        SEMANTICS: squares as products (pow need not give the same last bit); r from left to right. Without patients r
        is 0, also where no patients are needed for eagerness (patients_half 0).
        """
        a, d, level = setting.p.asking, setting.p.decision, self.hospital.level
        s = a.specialty_log_sd
        specialty = math.exp(s * self.normal(q.Q_SPECIALTY) - s * s / 2)
        eager = self.coming / (self.coming + a.patients_half) if self.coming > 0 else 0.0
        r = a.level_factor.of(level) * self.hospital.size * specialty * eager
        if d.relevance_log_sd == 0:
            return r, 0.0
        patients = max(self.coming, 1e-12)
        return r, math.log(patients * specialty / d.relevance_patients.of(level)) / d.relevance_log_sd

    @property
    def listed(self) -> float:
        """The date on which the platform of the hospital's province lists the drug; never until it does."""
        return self.drug.dossiers[self.hospital.province.index].listed

    @property
    def in_use(self) -> bool:
        """Does the hospital buy the drug for single patients, without stocking it?"""
        return bool(self.supplies) and self.supplies[-1][1] == NEVER

    def uniform(self, quantity: int, attempt: int = 0) -> float:
        """U of the page, about this drug at this hospital."""
        return self.draws.uniform(quantity, attempt, self.hospital.id, self.drug.id)

    def exponential(self, quantity: int, attempt: int = 0) -> float:
        """E of the page, about this drug at this hospital."""
        return self.draws.exponential(quantity, attempt, self.hospital.id, self.drug.id)

    def normal(self, quantity: int, attempt: int = 0) -> float:
        """N of the page, about this drug at this hospital."""
        return self.draws.normal(quantity, attempt, self.hospital.id, self.drug.id)

    def obeys(self, lever: str, t: float) -> bool:
        """Does the hospital obey a lever about the drug at t?"""
        return self.rules.obeys(lever, self.hospital, self.drug, t)
