"""The plain twin's patients, as expectations: one drug at one target hospital, month by month.

Part of `twin`; follows `docs/semantics-use.md`, section 10. `twin.patients` draws the same
patients one by one. A comment `SEMANTICS:` marks a place where that page leaves a choice.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from twin.practice import Chances, Shelf
from twin.rules import NEVER, YEAR, Drug, Hospital

if TYPE_CHECKING:
    from twin.model import Model
    from twin.pair import Pair

FATES = ("unseen", "hospital", "pharmacy", "temporary", "study", "travelled", "lost", "waiting")


@dataclass
class Flows:
    """Expected patients of a drug at a hospital from approval to the horizon: all that came, and each fate; and days."""

    arrivals: float = 0.0
    unseen: float = 0.0
    hospital: float = 0.0
    pharmacy: float = 0.0
    temporary: float = 0.0
    study: float = 0.0
    travelled: float = 0.0
    lost: float = 0.0
    waiting: float = 0.0
    waiting_days: float = 0.0
    therapy_days: float = 0.0  # of patients of the hospital, whichever way they got the drug there
    pharmacy_days: float = 0.0

    @staticmethod
    def names() -> list[str]:
        """Names of all flows."""
        return [f.name for f in fields(Flows)]


def waits(n: float, rate: float, days: float, window: float) -> tuple[float, float]:
    """(how many wait at the end of a stretch, how many windows ended in it) if nobody is treated after its start."""
    if window == 0:
        return 0.0, n + rate * days
    q = math.exp(-days / window)
    end = n * q + rate * window * (1 - q)
    return end, n + rate * days - end


def on_therapy(n: float, rate: float, days: float, mean: float) -> tuple[float, float]:
    """(how many are on therapy at the end of a stretch, days on therapy in it); n at its start."""
    q = math.exp(-days / mean)
    end = n * q + rate * mean * (1 - q)
    return end, mean * (n + rate * days - end)


class Demand:
    """A drug's patients all over the region, as long as nothing can treat them.

    SEMANTICS: sums over hospitals from left to right, in the region's order.
    """

    def __init__(self, model: Model, drug: Drug) -> None:
        self.model, self.drug, self.months = model, drug, model.months
        self.first = self.months.of(drug.approval)
        catchment = 0.0
        for hospital in model.hospitals:
            catchment += hospital.catchment
        self.yearly = drug.patients / 100000 * catchment
        self.daily = self.yearly / YEAR
        self.targets = 0.0
        for pair in model.pairs[drug.index]:
            self.targets += pair.hospital.catchment
        self._waiting: dict[int, list[float]] = {}  # by class of hospitals: W at the edges from the one after approval
        self._passed: dict[tuple[int, float, float], tuple[float, float]] = {}

    def share(self, hospital: Hospital) -> float:
        """s of the page: a target hospital's part of the patients."""
        return hospital.catchment / self.targets if self.targets > 0 else 0.0

    def rate(self, j: int) -> float:
        """Arrivals a day in month j, per unit of `daily`, those who never come in time included."""
        later = sum(t <= self.months.edges[j] for t in self.drug.indications)
        return 1 + self.model.world.p.use.indication_patients * later

    def coming(self, hospital: Hospital, j: int) -> float:
        """Arrivals a day in month j of those who come in time, per unit of `daily`."""
        return self.rate(j) * self.model.payers.come(hospital, self.drug, j)

    def pool(self) -> float:
        """Patients who wait or came too late at approval, per unit of `daily`."""
        return self.model.world.p.use.pool_years * YEAR

    def waiting(self, hospital: Hospital, t: float) -> float:
        """W of the page: patients who wait at t, per unit of `daily`, at a hospital like this one."""
        class_ = self.months.class_of[hospital.index]
        if class_ not in self._waiting:
            self._waiting[class_] = []
        known, edges, start = self._waiting[class_], self.months.edges, self.drug.approval
        j = self.months.of(t)
        n = self.pool() * self.model.payers.come(hospital, self.drug, self.first)
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


class Use:
    """The patients of one drug at one target hospital."""

    def __init__(self, model: Model, pair: Pair) -> None:
        self.model, self.months, self.payers = model, model.months, model.payers
        self.pair, self.drug, self.hospital = pair, pair.drug, pair.hospital
        self.p = model.world.p.use
        self.practice = pair.practised()
        self.demand = model.demand[self.drug.index]
        self.scale = self.demand.daily * self.demand.share(self.hospital)
        self.flows = Flows()
        self.j = self.demand.first  # the next month to be told
        self.apart = False  # something could treat here: from then on the patients of this hospital are its own
        self.unable = self.able = self.of_pharmacy = 0.0  # who waits; `able` go to no pharmacy
        self.alpha = self.v = 0.0
        self.treated_here = self.treated_there = 0.0  # on therapy, of the hospital and of the pharmacy
        self.days = 0.0  # on therapy at the hospital in the month told last
        self.begun = 0.0  # at the hospital, since stock or the last check
        self.stock_month = -1  # set once the drug is there

    def through(self, j: int) -> Use:
        """Tell all months up to and with month j."""
        while self.j <= j:
            self._month(self.j)
            self.j += 1
        return self

    def _month(self, j: int) -> None:
        edges, approval = self.months.edges, self.drug.approval
        start, end = max(edges[j], approval), edges[j + 1]
        self.days = 0.0
        rate = self.scale * self.demand.rate(j)
        come = self.payers.come(self.hospital, self.drug, j)
        arrivals = rate * (end - start)
        if j == self.demand.first:
            arrivals += self.scale * self.demand.pool()
        self.flows.arrivals += arrivals
        self.flows.unseen += arrivals * (1 - come)
        # SEMANTICS: a date that is an edge, or both of stock and of designation, has one trial
        # SEMANTICS: a pharmacy that no hospital opened to moves nobody
        opened = self.practice.designated if self.practice.by_pharmacy(j) > 0 else NEVER
        inside = {t for t in (self.pair.stock, opened) if start < t < end}
        cuts = [start, *sorted(inside), end]
        for a, b in zip(cuts[:-1], cuts[1:], strict=True):
            self._stretch(j, a, b, rate * come)

    def _stretch(self, j: int, a: float, b: float, rate: float) -> None:
        alpha, v = self.practice.able(j), 0.0
        if a >= self.practice.designated:
            v = self.practice.by_pharmacy(j)
        shelf = Shelf(self.pair.stock, self.pair.removed, self.pair.without_stock())
        c = self.practice.chances(a, j, shelf, self.model.accounts.used[self.hospital.index][j])
        if not self.apart:
            # what could treat counts as there, even while nobody is (a hospital that has used up its plan)
            if a < self.pair.stock and c.hospital == 0 and v == 0:
                # SEMANTICS: as long as nothing is there the able are those whom doctors would usually treat
                usual = min(1.0, self.p.prescribe) * self.payers.afford(self.hospital, self.drug, j)
                self._wait_with_all(j, a, b, usual)
                return
            self._begin_apart(self.scale * self.demand.waiting(self.hospital, a), alpha, v)
        self._retrait(alpha, v)
        self._treat(j, b - a, rate, c, counted=a >= self.pair.stock)

    def _wait_with_all(self, j: int, a: float, b: float, alpha: float) -> None:
        end, exits = (self.scale * x for x in self.demand.passed(self.hospital, j, a, b))
        self._leave(j, exits, alpha * exits)
        self.flows.waiting = end

    def _begin_apart(self, n: float, alpha: float, v: float) -> None:
        self.apart, self.alpha, self.v = True, alpha, v
        self.unable = (1 - alpha) * n
        self.able = alpha * (1 - v) * n
        self.of_pharmacy = alpha * v * n

    def _retrait(self, alpha: float, v: float) -> None:
        """Waiting patients change as the shares of the able and of the pharmacy's do: the able first."""
        newly = 0.0
        if alpha > self.alpha:
            newly = self.unable * ((alpha - self.alpha) / (1 - self.alpha))
            self.unable -= newly
        elif alpha < self.alpha:
            part = (self.alpha - alpha) / self.alpha
            self.unable += (self.able + self.of_pharmacy) * part
            self.able -= self.able * part
            self.of_pharmacy -= self.of_pharmacy * part
        if v > self.v:
            move = self.able * ((v - self.v) / (1 - self.v))
        elif v < self.v:
            move = -(self.of_pharmacy * ((self.v - v) / self.v))
        else:
            move = 0.0
        self.able += newly * (1 - v) - move
        self.of_pharmacy += newly * v + move
        self.alpha, self.v = alpha, v

    def _treat(self, j: int, days: float, rate: float, c: Chances, counted: bool) -> None:
        """A trial for all who wait, and then a stretch of days with trials on arrival."""
        window, alpha, v = self.drug.window, self.alpha, self.v
        at_hospital = c.hospital >= c.pharmacy
        chance = max(c.hospital, c.pharmacy)
        here, there = [0.0, 0.0], [0.0, 0.0]  # treated by the trial; treated a day on arrival
        exits = [0.0, 0.0]  # of the unable, of the able

        def group(n: float, rate: float, p: float, ledger: list[float], able: bool) -> float:
            treated = p * n
            ledger[0] += treated
            ledger[1] += p * rate
            end, ended = waits(n - treated, (1 - p) * rate, days, window)
            exits[able] += ended
            return end

        self.unable = group(self.unable, rate * (1 - alpha), 0.0, here, False)
        self.able = group(self.able, rate * (alpha * (1 - v)), c.hospital, here, True)
        ledger = here if at_hospital else there
        self.of_pharmacy = group(self.of_pharmacy, rate * (alpha * v), chance, ledger, True)
        self._leave(j, exits[0] + exits[1], exits[1])
        self.flows.waiting = self.unable + self.able + self.of_pharmacy

        treated = here[0] + here[1] * days
        setattr(self.flows, c.hospital_way, getattr(self.flows, c.hospital_way) + treated)
        self.flows.pharmacy += there[0] + there[1] * days
        if counted:
            self.begun += treated
        mean = self.p.therapy_days
        self.treated_here, days_here = on_therapy(self.treated_here + here[0], here[1], days, mean)
        self.treated_there, days_there = on_therapy(self.treated_there + there[0], there[1], days, mean)
        self.days += days_here
        self.flows.therapy_days += days_here
        self.flows.pharmacy_days += days_there

    def _leave(self, j: int, exits: float, able: float) -> None:
        """Windows end: some of the able travel to where the drug is."""
        travelled = able * self.model.accounts.travel(self.drug, self.hospital, j)
        self.flows.travelled += travelled
        self.flows.lost += exits - travelled
        self.flows.waiting_days += self.drug.window * exits


def flows_of(model: Model) -> dict[str, np.ndarray]:
    """All flows of a finished run: float64 (H, D) each, 0 outside the targets."""
    shape = len(model.hospitals), len(model.drugs)
    found = {name: np.zeros(shape) for name in Flows.names()}
    if not model.world.p.stages.use:
        return found
    for pairs in model.pairs:
        for pair in pairs:
            use = (pair.use or Use(model, pair)).through(model.months.count - 1)
            for name, array in found.items():
                array[pair.hospital.index, pair.drug.index] = getattr(use.flows, name)
    return found
