"""The plain twin's patients, one by one: what `twin.use` expects, drawn.

Part of `twin`; follows `docs/semantics-use.md`, section 10. Given the dates and monthly tables of a finished
run, every patient arrives, is tried, becomes able or unable, and is treated, travels, or is lost. Patients come from one
numpy generator, apart from the keyed draws of the run: on average over draws they equal the recursion.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.practice import Chances, Shelf
from twin.use import Flows

if TYPE_CHECKING:
    from twin.model import Model
    from twin.pair import Pair


@dataclass(frozen=True)
class Stretch:
    """Days [begin, end) in which nothing changes for patients of a pair; a trial for all who wait at its begin."""

    begin: float
    end: float
    rate: float  # arrivals a day
    come: float  # share of them that comes in time
    alpha: float  # share of the able
    v: float  # share, of the able, of those who may use a pharmacy
    chances: Chances
    travel: float  # share of the able that travels when time runs out


def stretches(model: Model, pair: Pair) -> list[Stretch]:
    """What patients of a pair meet from the drug's approval to the horizon."""
    months, drug, hospital = model.months, pair.drug, pair.hospital
    designated, demand = model.payers.designated(drug), model.demand[drug.index]
    shelf, practice = Shelf(pair.stock, pair.removed, pair.without_stock()), pair.practised()
    inside = designated < months.horizon and practice.by_pharmacy(months.of(designated)) > 0
    cuts = {drug.approval, *months.edges, pair.stock, *([designated] if inside else [])}
    dates = sorted(t for t in cuts if drug.approval <= t <= months.horizon)
    found, begun = [], False
    for begin, end in zip(dates[:-1], dates[1:], strict=True):
        j = months.of(begin)
        v = practice.by_pharmacy(j) if begin >= designated else 0.0
        chances = practice.chances(begin, j, shelf, model.accounts.used[hospital.index][j])
        # as `Use`: as long as nothing is there the able are those whom doctors would usually treat
        begun = begun or begin >= pair.stock or chances.hospital > 0 or v > 0
        usual = min(1.0, model.world.p.use.prescribe) * model.payers.afford(hospital, drug, j)
        found.append(
            Stretch(
                begin,
                end,
                rate=demand.daily * demand.share(hospital) * demand.rate(j),
                come=model.payers.come(hospital, drug, j),
                alpha=practice.able(j) if begun else usual,
                v=v,
                chances=chances,
                travel=model.accounts.travel(drug, hospital, j),
            )
        )
    return found


class Patients:
    """Patients of one pair; `draw` plays all of them once."""

    def __init__(self, model: Model, pair: Pair) -> None:
        self.horizon, self.window = model.world.horizon, pair.drug.window
        self.therapy = model.world.p.use.therapy_days
        self.path = stretches(model, pair)
        self.begins = [s.begin for s in self.path]
        demand = model.demand[pair.drug.index]
        self.pool = demand.daily * demand.share(pair.hospital) * demand.pool()

    def draw(self, g: np.random.Generator) -> Flows:
        """Numbers of patients by fate, and days, in one random history."""
        flows = Flows()
        if not self.path:
            return flows
        for _ in range(g.poisson(self.pool)):
            self._arrive(g, flows, self.path[0].begin, 0)
        for k, s in enumerate(self.path):
            for t in g.uniform(s.begin, s.end, g.poisson(s.rate * (s.end - s.begin))).tolist():
                self._arrive(g, flows, t, k)
        return flows

    def _arrive(self, g: np.random.Generator, flows: Flows, t: float, k: int) -> None:
        flows.arrivals += 1
        if g.random() >= self.path[k].come:
            flows.unseen += 1
            return
        gives_up = t + g.exponential(self.window) if self.window > 0 else t
        able = g.random() < self.path[k].alpha
        pharmacy = able and g.random() < self.path[k].v
        moment = t
        while True:
            if self._treated(g, flows, moment, able, pharmacy, self.path[k].chances):
                break
            if k + 1 == len(self.path) or gives_up < self.path[k + 1].begin:
                self._untreated(g, flows, gives_up, able)
                moment = min(gives_up, self.horizon)
                break
            k += 1
            able, pharmacy = self._changed(g, able, pharmacy, self.path[k - 1], self.path[k])
            moment = self.path[k].begin
        flows.waiting_days += moment - t

    def _treated(self, g: np.random.Generator, flows: Flows, t: float, able: bool, pharmacy: bool, c: Chances) -> bool:
        """One trial; if it treats, where, and for how long."""
        if not able:
            return False
        there = pharmacy and c.pharmacy > c.hospital
        if g.random() >= (c.pharmacy if there else c.hospital):
            return False
        days = min(g.exponential(self.therapy), self.horizon - t)
        fate = "pharmacy" if there else c.hospital_way
        setattr(flows, fate, getattr(flows, fate) + 1)
        if there:
            flows.pharmacy_days += days
        else:
            flows.therapy_days += days
        return True

    def _untreated(self, g: np.random.Generator, flows: Flows, gives_up: float, able: bool) -> None:
        if gives_up >= self.horizon:
            flows.waiting += 1
            return
        s = self.path[bisect_right(self.begins, gives_up) - 1]
        if able and g.random() < s.travel:
            flows.travelled += 1
        else:
            flows.lost += 1

    @staticmethod
    def _changed(
        g: np.random.Generator, able: bool, pharmacy: bool, before: Stretch, now: Stretch
    ) -> tuple[bool, bool]:
        """A waiting patient's traits as the shares change."""
        if not able:
            rises = now.alpha > before.alpha
            able = rises and g.random() < (now.alpha - before.alpha) / (1 - before.alpha)
            return able, able and g.random() < now.v
        if now.alpha < before.alpha and g.random() < (before.alpha - now.alpha) / before.alpha:
            return False, False
        if now.v > before.v and not pharmacy:
            pharmacy = g.random() < (now.v - before.v) / (1 - before.v)
        elif now.v < before.v and pharmacy:
            pharmacy = g.random() >= (before.v - now.v) / before.v
        return able, bool(pharmacy)


def patients_of(model: Model) -> list[list[Patients]]:
    """Patients of every target pair of a finished run, as `model.pairs`."""
    return [[Patients(model, pair) for pair in pairs] for pairs in model.pairs]
