"""The plain twin's accounts at the first of a month: use so far, hospital budgets, sittings, drugs taken off the shelf.

Part of `twin`; follows `docs/semantics-use.md`, sections 10 (travel, unused) and 11 (sittings, budget). A
comment `SEMANTICS:` marks a place where that page leaves a choice.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simlib import streams as q
from twin.listing import Phase, Process
from twin.rules import MONTH, NEVER, YEAR, Bound, Drug, Hospital, most_favourable, named, strongest
from twin.use import Use

if TYPE_CHECKING:
    from twin.model import Model
    from twin.pair import Pair

TIGHT = 0.95  # part of the plan from which a committee refuses for the budget's sake
CHECK = 12  # months between looks at what nobody uses
MICRO = 1e6  # cases are counted in millionths
MONTHS_OF_UNIT = {"months": 1.0, "days": 1 / MONTH, "working_days": 1.4 / MONTH}
INTERVAL, LIGHT = "payment.special_case_review.interval", "payment.special_case_review.simplified"


class Accounts:
    """What is added up when a month has ended, for all hospitals and drugs."""

    def __init__(self, model: Model) -> None:
        self.model, self.months, self.payers = model, model.months, model.payers
        self.rules, self.draws, self.dates = model.rules, model.draws, model.dates
        self.p, self.stages = model.world.p, model.world.p.stages
        self.used: list[list[float]] = [[0.0] * self.months.count for _ in model.hospitals]  # X by hospital and month
        self._fen = [0] * len(model.hospitals)  # spent since the year's first edge
        self._stocked: list[Pair] = []  # in the order of their stock dates, removed ones too
        self._first_stock: dict[tuple[int, int], float] = {}  # by drug and city
        self._sitting = Sitting(model)
        self._plan(0)
        model.payers.served.append(1.0)
        model.payers.wait.append(self.p.payment.review_interval / 2)

    def note_stock(self, pair: Pair) -> None:
        """A hospital has the drug from now on."""
        key = pair.drug.index, pair.hospital.city
        self._first_stock[key] = min(pair.stock, self._first_stock.get(key, NEVER))
        self._stocked.append(pair)

    def travel(self, drug: Drug, hospital: Hospital, j: int) -> float:
        """Share of the able whose time has run out in month j that travel to where the drug has been stocked."""
        e, use = self.months.edges[j], self.p.use
        if self._first_stock.get((drug.index, hospital.city), NEVER) <= e:
            return use.city_travel
        return use.capital_travel if self._first_stock.get((drug.index, 0), NEVER) <= e else 0.0

    def tight(self, hospital: Hospital, m: float) -> bool:
        """Has the hospital used up its plan, as of the last edge by m?"""
        return self.used[hospital.index][self.months.of(m)] > TIGHT

    def keep(self) -> Process:
        """Close each month inside the run on the first of the next one."""
        for j in range(1, self.months.count):
            yield self.model.env.at(self.months.edges[j], Phase.ACCOUNTS)
            uses = self._close(j - 1) if self.stages.use else []
            if self.stages.payment:
                self._plan(j)
                self._sitting.hold(j)
                served, wait = self._sitting.served, self._sitting.wait  # of the last one by this date
            else:
                served, wait = 1.0, 0.0
            self.payers.served.append(served)
            self.payers.wait.append(wait)
            for use in uses:
                self._check(use, j)

    def _close(self, j: int) -> list[Use]:
        """Tell month j for all pairs that had the drug by its end; their uses.

        SEMANTICS: a drug that was taken off still counts in budgets and reviews, as long as patients are on it.
        """
        uses = []
        for pair in self._stocked:
            if not pair.stock < self.months.edges[j + 1]:
                continue
            if pair.use is None:
                pair.use = Use(self.model, pair)
            use = pair.use.through(j)
            uses.append(use)
            if self.stages.payment:
                self._charge(use, j)
        return uses

    def _charge(self, use: Use, j: int) -> None:
        hospital, drug = use.hospital, use.drug
        if not use.practice.exempt(j):
            price = self.payers.price(hospital, drug, j)
            self._fen[hospital.index] += math.floor(price / YEAR * use.days * 100 + 0.5)
        put_up = self.payers.cases(hospital, drug, j).put_up
        # SEMANTICS: as in the budget, only pairs with stock count, from the month of stock on
        cases = use.days / YEAR * self.p.payment.cases_per_year * put_up
        self._sitting.micro += math.floor(cases * MICRO + 0.5)

    # ---- budget

    def _plan(self, j: int) -> None:
        """X of the page at an edge: what part of each hospital's yearly plan is used."""
        if not self.stages.payment:
            return
        p, e = self.p.payment, self.months.edges[j]
        year, gone = self.dates.year(e), (self.dates.month(e) - 1) / 12
        new = j > 0 and year != self.dates.year(self.months.edges[j - 1])
        for h in self.model.hospitals:
            if new:
                self._fen[h.index] = 0
            f = max(0.0, p.budget_used_mean + p.budget_used_sd * self.draws.normal(q.Q_BUDGET, year, h.id, 0))
            self.used[h.index][j] = f * gone + self._fen[h.index] / (100 * (p.budget_per_bed * h.beds))

    # ---- drugs that nobody uses

    def _check(self, use: Use, j: int) -> None:
        """At the 12th, 24th, ... first of a month after stock: may the drug stay?

        SEMANTICS: the first edge on or after the stock date is number 0.
        """
        pair, e = use.pair, self.months.edges[j]
        if pair.removed < NEVER:
            return
        number, rest = divmod(j - self.months.from_(pair.stock), CHECK)
        if rest or number < 1:
            return
        chance = self.p.use.remove_share * math.exp(-use.begun)
        use.begun = 0.0
        u = self.draws.uniform(q.Q_UNUSED, number - 1, pair.hospital.id, pair.drug.id)
        if u < chance and not pair.obeys("committee.duty_to_stock", e):
            pair.take_off(e)


class Sitting:
    """The experts who review special cases: one sitting after another for the whole region."""

    def __init__(self, model: Model) -> None:
        self.model, self.months, self.rules, self.draws = model, model.months, model.rules, model.draws
        self.p = model.world.p.payment
        self.micro = 0  # millionths of cases of new drugs put up since the last sitting
        self.left = 0.0  # cases that were not served
        self.last = 0  # edge of the last sitting, or 0
        self.served, self.wait = 1.0, self.p.review_interval / 2
        beds = 0.0
        for h in model.hospitals:
            beds += h.beds
        self.discharges = beds * self.p.discharges_per_bed

    def hold(self, j: int) -> None:
        """Sit at an edge, if the interval is over."""
        interval = self._interval(j)
        if j - self.last < interval:
            return
        years = (self.months.edges[j] - self.months.edges[self.last]) / YEAR
        queue = self.left + self.micro / MICRO + self._background(j) * self.discharges * years
        capacity = self.p.review_cap * self.discharges * years
        self.served = min(1.0, capacity / queue) if queue > 0 else 1.0
        self.wait = interval / 2
        self.left, self.micro, self.last = max(0.0, queue - capacity), 0, j

    def _interval(self, j: int) -> float:
        """Months between sittings: what is usual, or a rule's longest time where that is shorter and obeyed.

        SEMANTICS: the least of the rules in force, obeyed or not as one lever.
        """
        rules = self._about_no_drug(INTERVAL, j)
        if not self._obeyed(INTERVAL, rules):
            return self.p.review_interval
        least = min(number * MONTHS_OF_UNIT[unit] for number, unit in (r.value for r in rules))
        return min(self.p.review_interval, least)

    def _background(self, j: int) -> float:
        """Share of discharges put up that have nothing to do with new drugs."""
        rules = [r for r in self._about_no_drug(LIGHT, j) if r.about_all]
        share = self.p.review_background
        if most_favourable(LIGHT, rules) if rules else None:
            if self._obeyed(LIGHT, rules) and self.p.review_apply > 0:
                share *= self.p.review_apply_simplified / self.p.review_apply
        return share

    def _about_no_drug(self, lever: str, j: int) -> list[Bound]:
        """Rules in force, whatever drugs and hospitals they name."""
        e = self.months.edges[j]
        return [r for r in self.rules.by_lever.get(lever, ()) if r.start <= e < r.stop]

    def _obeyed(self, lever: str, rules: list[Bound]) -> bool:
        if not rules:
            return False
        o, strength = self.model.world.p.obedience, strongest(rules)
        base = o.other_must if strength == "must" else getattr(o, strength)
        return self.draws.uniform(q.Q_OTHER_OBEY, named(lever), 0, 0) < base
