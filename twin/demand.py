"""Demand: a drug's patients all over the region, and where the drug can be had.

Follows `docs/semantics-use.md`, section 10. Patients are expected numbers, not persons. They come
at a steady rate, wait for a time that is exponential (their window), and are lost to the drug when
it ends. As long as nothing can treat them anywhere, those of all hospitals of a class wait alike,
and are told once for all.
"""

from __future__ import annotations

import math

from twin.dates import NEVER, YEAR
from twin.months import Months
from twin.pair import Pair, people
from twin.payers import Payers
from twin.setting import Setting
from twin.world import Drug, Hospital


def waits(n: float, rate: float, days: float, window: float) -> tuple[float, float]:
    """(how many wait at the end of a stretch, how many windows ended in it) if nobody is treated after its start."""
    if window == 0:
        return 0.0, n + rate * days
    q = math.exp(-days / window)
    end = n * q + rate * window * (1 - q)
    return end, n + rate * days - end


class Demand:
    """A drug's patients all over the region, as long as nothing can treat them, and the hospitals that have it.

    pairs: the drug at all its target hospitals.
    """

    def __init__(self, setting: Setting, months: Months, payers: Payers, drug: Drug, pairs: list[Pair]) -> None:
        self.p, self.months, self.payers, self.drug = setting.p.use, months, payers, drug
        self.first = self.months.of(drug.approval)
        self.yearly = drug.patients / 100000 * people(h.catchment for h in setting.hospitals)
        self.daily = self.yearly / YEAR
        self.targets = people(pair.hospital.catchment for pair in pairs)
        self.stocked: list[Pair] = []  # in the order of their stock dates, those removed since too
        self._first_stock: dict[int, float] = {}  # by city
        self._waiting: dict[int, list[float]] = {}  # by class of hospitals: W at the edges from the one after approval
        self._passed: dict[tuple[int, float, float], tuple[float, float]] = {}

    def share(self, hospital: Hospital) -> float:
        """s of the page: a target hospital's part of the patients."""
        return hospital.catchment / self.targets if self.targets > 0 else 0.0

    def rate(self, j: int) -> float:
        """Arrivals a day in month j, per unit of `daily`, those who never come in time included."""
        later = sum(t <= self.months.edges[j] for t in self.drug.indications)
        return 1 + self.p.indication_patients * later

    def coming(self, hospital: Hospital, j: int) -> float:
        """Arrivals a day in month j of those who come in time, per unit of `daily`."""
        return self.rate(j) * self.payers.come(hospital, self.drug, j)

    def pool(self) -> float:
        """Patients who wait or came too late at approval, per unit of `daily`."""
        return self.p.pool_years * YEAR

    def waiting(self, hospital: Hospital, t: float) -> float:
        """W of the page: patients who wait at t, per unit of `daily`, at a hospital like this one."""
        known = self._waiting.setdefault(self.months.class_of[hospital.index], [])
        edges, start = self.months.edges, self.drug.approval
        j = self.months.of(t)
        n = self.pool() * self.payers.come(hospital, self.drug, self.first)
        for k in range(len(known), j - self.first):
            before = known[-1] if known else n
            begin = max(edges[self.first + k], start)
            rate = self.coming(hospital, self.first + k)
            known.append(waits(before, rate, edges[self.first + k + 1] - begin, self.drug.window)[0])
        begin, before = (start, n) if j == self.first else (edges[j], known[j - self.first - 1])
        if t == begin:
            return before
        return waits(before, self.coming(hospital, j), t - begin, self.drug.window)[0]

    def passed(self, hospital: Hospital, j: int, a: float, b: float) -> tuple[float, float]:
        """(W at b, windows that ended in [a, b)), inside month j and per unit of `daily`."""
        key = self.months.class_of[hospital.index], a, b
        if key not in self._passed:
            n, rate = self.waiting(hospital, a), self.coming(hospital, j)
            self._passed[key] = waits(n, rate, b - a, self.drug.window)
        return self._passed[key]

    # ---- where the drug can be had

    def note_stock(self, pair: Pair) -> None:
        """A hospital has the drug from now on."""
        city = pair.hospital.city
        self._first_stock[city] = min(pair.stock, self._first_stock.get(city, NEVER))
        self.stocked.append(pair)

    def travel(self, hospital: Hospital, j: int) -> float:
        """Share of the able whose time has run out in month j that go where the drug is stocked, by themselves or sent."""
        e, sent = self.months.edges[j], self.p.referral.of(hospital.level)
        if self._first_stock.get(hospital.city, NEVER) <= e:
            return self.p.city_travel + (1 - self.p.city_travel) * sent
        if self._first_stock.get(hospital.capital, NEVER) <= e:
            return self.p.capital_travel + (1 - self.p.capital_travel) * sent
        return 0.0
