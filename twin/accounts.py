"""Accounts: what is added up on the first of each month, for all hospitals and drugs.

Follows `docs/semantics-use.md`, section 10.6, and `docs/semantics-payment.md`, section 11.9. The month that has ended is
told for every pair that had the drug by its end; its patients are charged to the hospital's budget
and put up for review; a drug that nobody uses is taken off the shelf, and its place in the
formulary is free.
"""

from __future__ import annotations

import math

from simlib.core import streams as q
from twin.asking import Interest
from twin.budgets import Budgets
from twin.case_payment import CasePayment
from twin.clock import Phase, Process
from twin.committee import Committee
from twin.dates import NEVER, YEAR
from twin.pair import State
from twin.setting import Setting
from twin.sittings import Sitting
from twin.use import Use, Uses

CHECK = 12  # months between looks at what nobody uses


class Accounts:
    """The monthly closing.

    interest: by index of the drug and level. committees: by index of the hospital.
    """

    def __init__(
        self,
        setting: Setting,
        uses: Uses,
        budgets: Budgets,
        case_payment: CasePayment,
        interest: dict[tuple[int, int], Interest],
        committees: list[Committee],
    ) -> None:
        self.setting, self.p, self.stages = setting, setting.p, setting.stages
        self.uses, self.months, self.payers = uses, uses.months, uses.payers
        self.budgets, self.case_payment, self.interest, self.committees = budgets, case_payment, interest, committees
        self.sitting = Sitting(setting, self.months, case_payment)

    def keep(self) -> Process:
        """Close each month inside the run on the first of the next one."""
        for j in range(1, self.months.count):
            yield self.setting.clock.at(self.months.edges[j], Phase.ACCOUNTS)
            told = self._tell(j - 1) if self.stages.use else []
            self.budgets.plan(j)
            self.sitting.close(j)
            for use in told:
                self._check(use, j)

    def _tell(self, j: int) -> list[Use]:
        """Tell month j for all pairs that had the drug by its end; their uses.

        SEMANTICS: a drug that was taken off still counts in budgets and reviews, as long as patients are on it.
        """
        end = self.months.edges[j + 1]
        stocked = [pair for demand in self.uses.demand for pair in demand.stocked if pair.stock < end]
        told = [self.uses.of(pair).through(j) for pair in stocked]
        if self.stages.payment:
            for use in told:
                self._charge(use, j)
        return told

    def _charge(self, use: Use, j: int) -> None:
        """Patients of month j in the hospital's budget, and their cases in the queue for review."""
        hospital, drug = use.hospital, use.drug
        if not use.practice.exempt(j):
            price = self.payers.price(hospital, drug, j)
            self.budgets.charge(hospital, fen=math.floor(price / YEAR * use.days * 100 + 0.5))
        put_up = self.case_payment.cases(hospital, drug, j).put_up
        # SEMANTICS: as in the budget, only pairs with stock count, from the month of stock on
        self.sitting.put_up(use.days / YEAR * self.p.payment.cases_per_year * put_up)

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
        if pair.uniform(q.Q_UNUSED, number - 1) < chance and not pair.obeys("committee.duty_to_stock", e):
            self._take_off(use, e)

    def _take_off(self, use: Use, first: float) -> None:
        """Nobody uses the drug: it leaves the shelf for good on the first of a month, and its place is free."""
        pair = use.pair
        pair.state, pair.removed = State.REMOVED, first
        self.interest[pair.drug.index, pair.hospital.level].stocking -= 1
        self.committees[pair.hospital.index].room.give_back(first)
