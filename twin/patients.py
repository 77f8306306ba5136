"""Patients, one by one: what `use.py` expects, drawn.

Follows `docs/semantics-use.md`, section 10. Given the dates and monthly tables of a finished run,
every patient arrives, is tried, becomes able or unable, and is treated, travels, or is lost.
Patients come from one numpy generator, apart from the keyed draws of the run: on average over draws
they equal the expected numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from twin.pair import Pair
from twin.practice import Chances
from twin.use import Flows, Uses


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


def stretches(uses: Uses, pair: Pair) -> list[Stretch]:
    """What patients of a pair meet from the drug's approval to the horizon."""
    dates, begun, found = _cuts(uses, pair), False, []
    for begin, end in zip(dates[:-1], dates[1:], strict=True):
        begun = begun or _begins(uses, pair, begin)
        found.append(_stretch(uses, pair, begin, end, begun))
    return found


def _cuts(uses: Uses, pair: Pair) -> list[float]:
    """Dates between which nothing changes: edges of months, stock, and pharmacies' beginnings."""
    months, approval = uses.months, pair.drug.approval
    practice = uses.practices.of(pair.hospital, pair.drug)
    begun = [t for t in (practice.sold, practice.designated) if t < months.horizon]
    opened = [t for t in begun if t in practice.opened(months.of(t))]
    cuts = {approval, *months.edges, pair.stock, *opened}
    return sorted(t for t in cuts if approval <= t <= months.horizon)


def _at(uses: Uses, pair: Pair, t: float) -> tuple[float, Chances]:
    """(share of patients for whom a pharmacy is open, chances of a trial) at t."""
    j, practice = uses.months.of(t), uses.practices.of(pair.hospital, pair.drug)
    return practice.open_to(t, j), practice.chances(t, j, uses.shelf(pair), uses.budgets.used[pair.hospital.index][j])


def _begins(uses: Uses, pair: Pair, t: float) -> bool:
    """Is there something by which patients could be treated from t on?"""
    v, chances = _at(uses, pair, t)
    return t >= pair.stock or chances.hospital > 0 or v > 0


def _stretch(uses: Uses, pair: Pair, begin: float, end: float, begun: bool) -> Stretch:
    drug, hospital, j = pair.drug, pair.hospital, uses.months.of(begin)
    demand, payers = uses.demand[drug.index], uses.payers
    v, chances = _at(uses, pair, begin)
    # as `Use`: as long as nothing is there the able are those whom doctors would usually treat
    usual = min(1.0, uses.setting.p.use.prescribe) * payers.afford(hospital, drug, j)
    return Stretch(
        begin,
        end,
        rate=demand.daily * demand.share(hospital) * demand.rate(j),
        come=payers.come(hospital, drug, j),
        alpha=uses.practices.of(hospital, drug).able(j) if begun else usual,
        v=v,
        chances=chances,
        travel=demand.travel(hospital, j),
    )


class Patients:
    """Patients of one pair; `draw` plays all of them once."""

    def __init__(self, uses: Uses, pair: Pair) -> None:
        self.horizon, self.window = uses.setting.horizon, pair.drug.window
        self.therapy = uses.setting.p.use.therapy_days
        self.path = stretches(uses, pair)
        self.begins = [s.begin for s in self.path]
        demand = uses.demand[pair.drug.index]
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
