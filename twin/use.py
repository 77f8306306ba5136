"""Use: the patients of one drug at one hospital, as expected numbers, month by month.

Follows `docs/semantics-use.md`, section 10. All who wait are tried when a stretch of days begins,
those who come are tried on arrival; a trial treats the able with some chance, at the hospital or by
a pharmacy. `patients.py` draws the same patients one by one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from twin.budgets import Budgets
from twin.demand import Demand, waits
from twin.months import Months
from twin.pair import Pair
from twin.payers import Payers
from twin.practice import Chances, Practices, Shelf
from twin.recorded import Recorded
from twin.setting import Setting

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


def on_therapy(n: float, rate: float, days: float, mean: float) -> tuple[float, float]:
    """(how many are on therapy at the end of a stretch, days on therapy in it); n at its start."""
    q = math.exp(-days / mean)
    end = n * q + rate * mean * (1 - q)
    return end, mean * (n + rate * days - end)


@dataclass
class Uses:
    """The use of every pair, each made when it is first asked for, and what they all look at."""

    setting: Setting
    months: Months
    payers: Payers
    practices: Practices
    budgets: Budgets
    recorded: Recorded
    demand: list[Demand]  # by drug

    def __post_init__(self) -> None:
        self._made: dict[Pair, Use] = {}

    def of(self, pair: Pair) -> Use:
        """The use of a pair, as far as it has been told."""
        if pair not in self._made:
            self._made[pair] = Use(self, pair)
        return self._made[pair]

    def shelf(self, pair: Pair) -> Shelf:
        """From when to when the hospital had the drug, as far as is known by now."""
        return Shelf(pair.stock, pair.removed, self.recorded.without_stock(pair))

    def flows(self, pairs: list[Pair]) -> dict[str, np.ndarray]:
        """All flows of a finished run: float64 (H, D) each, 0 outside the targets."""
        shape = len(self.setting.hospitals), len(self.setting.drugs)
        found = {name: np.zeros(shape) for name in Flows.names()}
        for pair in pairs if self.setting.stages.use else ():
            use = self.of(pair).through(self.months.count - 1)
            for name, array in found.items():
                array[pair.hospital.index, pair.drug.index] = getattr(use.flows, name)
        return found


@dataclass
class Treated:
    """Patients whom one place treats in a stretch of days: by the trial at its start, and a day on arrival."""

    at_once: float = 0.0
    a_day: float = 0.0

    def all(self, days: float) -> float:
        """In the whole stretch."""
        return self.at_once + self.a_day * days


class Use:
    """The patients of one drug at one target hospital."""

    def __init__(self, uses: Uses, pair: Pair) -> None:
        self.uses, self.months, self.payers = uses, uses.months, uses.payers
        self.pair, self.drug, self.hospital = pair, pair.drug, pair.hospital
        self.p = uses.setting.p.use
        self.practice = uses.practices.of(self.hospital, self.drug)
        self.demand = uses.demand[self.drug.index]
        self.scale = self.demand.daily * self.demand.share(self.hospital)
        self.flows = Flows()
        self.j = self.demand.first  # the next month to be told
        self.apart = False  # something could treat here: from then on the patients of this hospital are its own
        self.unable = self.able = self.of_pharmacy = 0.0  # who waits; `able` go to no pharmacy
        self.alpha = self.v = 0.0
        self.treated_here = self.treated_there = 0.0  # on therapy, of the hospital and of the pharmacy
        self.days = 0.0  # on therapy at the hospital in the month told last
        self.begun = 0.0  # at the hospital, since stock or the last check

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
        # SEMANTICS: a date that is an edge, or both of stock and of a pharmacy, has one trial
        inside = {t for t in (self.pair.stock, *self.practice.opened(j)) if start < t < end}
        cuts = [start, *sorted(inside), end]
        for a, b in zip(cuts[:-1], cuts[1:], strict=True):
            self._stretch(j, a, b, rate * come)

    def _stretch(self, j: int, a: float, b: float, rate: float) -> None:
        alpha, v = self.practice.able(j), self.practice.open_to(a, j)
        used = self.uses.budgets.used[self.hospital.index][j]
        c = self.practice.chances(a, j, self.uses.shelf(self.pair), used)
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
        newly = self._change_ability(alpha)
        if v > self.v:
            move = self.able * ((v - self.v) / (1 - self.v))
        elif v < self.v:
            move = -(self.of_pharmacy * ((self.v - v) / self.v))
        else:
            move = 0.0
        self.able += newly * (1 - v) - move
        self.of_pharmacy += newly * v + move
        self.alpha, self.v = alpha, v

    def _change_ability(self, alpha: float) -> float:
        """Waiting patients who become able (handed back, to be shared out), or are no longer."""
        if alpha > self.alpha:
            newly = self.unable * ((alpha - self.alpha) / (1 - self.alpha))
            self.unable -= newly
            return newly
        if alpha < self.alpha:
            part = (self.alpha - alpha) / self.alpha
            self.unable += (self.able + self.of_pharmacy) * part
            self.able -= self.able * part
            self.of_pharmacy -= self.of_pharmacy * part
        return 0.0

    def _treat(self, j: int, days: float, rate: float, c: Chances, counted: bool) -> None:
        """A trial for all who wait, and then a stretch of days with trials on arrival.

        rate: arrivals a day. counted: the drug is in stock, and whoever is treated speaks for keeping it.
        """
        alpha, v = self.alpha, self.v
        here, there = Treated(), Treated()
        better = here if c.hospital >= c.pharmacy else there  # for those who may use a pharmacy
        self.unable, ended = self._try(self.unable, rate * (1 - alpha), 0.0, days, here)
        self.able, ended_able = self._try(self.able, rate * (alpha * (1 - v)), c.hospital, days, here)
        best = max(c.hospital, c.pharmacy)
        self.of_pharmacy, ended_pharmacy = self._try(self.of_pharmacy, rate * (alpha * v), best, days, better)
        self._leave(j, ended + (ended_able + ended_pharmacy), ended_able + ended_pharmacy)
        self.flows.waiting = self.unable + self.able + self.of_pharmacy
        self._begin_therapy(here, there, days, c.hospital_way)
        if counted:
            self.begun += here.all(days)

    def _try(self, n: float, rate: float, chance: float, days: float, place: Treated) -> tuple[float, float]:
        """(who of a group waits at the end of the stretch, windows that ended), n waiting at its start."""
        treated = chance * n
        place.at_once += treated
        place.a_day += chance * rate
        return waits(n - treated, (1 - chance) * rate, days, self.drug.window)

    def _begin_therapy(self, here: Treated, there: Treated, days: float, way: str) -> None:
        """Count the treated, and the days that they and those before them are on therapy."""
        mean, flows = self.p.therapy_days, self.flows
        setattr(flows, way, getattr(flows, way) + here.all(days))
        flows.pharmacy += there.all(days)
        self.treated_here, days_here = on_therapy(self.treated_here + here.at_once, here.a_day, days, mean)
        self.treated_there, days_there = on_therapy(self.treated_there + there.at_once, there.a_day, days, mean)
        self.days += days_here
        flows.therapy_days += days_here
        flows.pharmacy_days += days_there

    def _leave(self, j: int, exits: float, able: float) -> None:
        """Windows end: some of the able travel to where the drug is."""
        travelled = able * self.demand.travel(self.hospital, j)
        self.flows.travelled += travelled
        self.flows.lost += exits - travelled
        self.flows.waiting_days += self.drug.window * exits
