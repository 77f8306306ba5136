"""Case payment: what treating a case with the drug brings or costs the hospital.

Follows `docs/semantics-payment.md`, section 11. Insurance pays a hospital a standard for each inpatient
case, whatever was used. A dear drug is a loss, unless a rule takes it out of the standard, pays a
bonus, or lets the hospital put the case up for special review. All money in yuan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from simlib.core import streams as q
from twin.dates import YEAR
from twin.months import Months, by_class
from twin.payers import Payers
from twin.rule import Rule
from twin.setting import Setting
from twin.world import Drug, Hospital

CASES = 8  # costs of cases: the middles of as many equal parts of their distribution


@dataclass(frozen=True)
class Cases:
    """What case payment does to the hospital.

    effect: result with the drug less result with the therapy that it replaces, yuan a case. put_up: share of cases put
    up for special review. gain: what review would pay, yuan a case.
    """

    effect: float = 0.0
    put_up: float = 0.0
    gain: float = 0.0


@dataclass(frozen=True)
class Cost:
    """One case: its whole cost, that of the drug in it, and what the drug costs beyond the therapy it replaces."""

    whole: float
    of_drug: float
    excess: float


class CasePayment:
    """What case payment does about a drug in a month, at hospitals of one class, and what special review pays."""

    def __init__(self, setting: Setting, months: Months, payers: Payers) -> None:
        self.months, self.payers, self.has = months, payers, payers.has
        self.p, self.on = setting.p.payment, setting.stages.payment
        self.memo: dict[tuple, Any] = {}
        # of special review, by month: part of the cases that the last sitting served, and months until money comes
        self.served: list[float] = []
        self.wait: list[float] = []
        sd = self.p.cost_log_sd
        quantiles = [q.normal_quantile((i - 0.5) / CASES) for i in range(1, CASES + 1)]
        self._z = [math.exp(sd * z - sd * sd / 2) for z in quantiles]

    @by_class
    def cases(self, hospital: Hospital, drug: Drug, j: int) -> Cases:
        """What case payment does to the hospital; nothing for outpatient drugs."""
        p, standard = self.p, drug.standard
        if not self.on or drug.outpatient:
            return Cases()
        of_drug = self.payers.price(hospital, drug, j) / p.cases_per_year
        replaced = (1 - p.other_share) * standard
        extra = put_up = gain = 0.0
        paid, applied = self._paid_by_review(hospital, drug, j), self._put_up(hospital, drug, j)
        for z in self._z:
            cost = Cost(p.other_share * standard * z + of_drug, of_drug, max(0.0, of_drug - replaced))
            x = self._extra(hospital, drug, j, cost)
            extra += x / CASES
            if cost.whole > p.review_trigger * standard:
                put_up += applied / CASES
                gain += applied * max(0.0, cost.whole - standard - x) * paid / CASES
        return Cases(extra - (of_drug - replaced), put_up, gain * p.review_pass)

    def _paid_by_review(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Part of what a case lacks that review pays."""
        outcome = self.has("payment.special_case_review.outcome", hospital, drug, j) or ()
        return 1.0 if "by_item" in outcome else self.p.review_adjusted

    def _put_up(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of the dear cases that hospitals put up for review."""
        if not self.has("payment.special_case_review.enabled", hospital, drug, j):
            return 0.0
        light = self.has("payment.special_case_review.simplified", hospital, drug, j)
        return self.p.review_apply_simplified if light else self.p.review_apply

    def _extra(self, hospital: Hospital, drug: Drug, j: int, cost: Cost) -> float:
        """What case payment pays beyond the standard for a case of this cost."""
        p = self.p
        found = [0.0]
        if self.has("payment.case_payment_exclusion", hospital, drug, j):
            # SEMANTICS: obeyed or not as one lever, by the strongest rule in force; then each rule gives its own x.
            for rule in self.months.in_force("payment.case_payment_exclusion", hospital, drug, j):
                found.append(self._carved_out(rule, hospital, drug, j, cost))
        if self.months.edges[j] >= drug.first_listed + YEAR:
            dynamic = self.has("payment.case_group_update", hospital, drug, j) == "dynamic"
            found.append((p.follow_dynamic if dynamic else p.follow) * cost.excess)
        if self.has("payment.new_technology_group", hospital, drug, j):
            found.append(cost.excess)
        bonus = self.has("payment.dip_bonus", hospital, drug, j)
        return max(found) + ((bonus - 1) * drug.standard if bonus else 0.0)

    def _carved_out(self, rule: Rule, hospital: Hospital, drug: Drug, j: int, cost: Cost) -> float:
        """What one rule pays for apart from the standard."""
        p, t = self.p, self.months.edges[j]
        x = cost.excess if rule.value == "drug_cost" else max(0.0, cost.whole - drug.standard)
        if "new_drugs_reviewed" in rule.drugs:
            since = max(drug.approval, drug.entered) if drug.entered <= t else drug.approval
            young = t < since + p.carve_years * YEAR
            dear = cost.whole > p.carve_over_group * drug.standard and cost.of_drug > p.carve_over_case * cost.whole
            if not (young and dear):
                return 0.0
        if "commercial_cover" in rule.drugs:
            x *= self.payers.with_plan(hospital, drug, j) * self.payers.covered(hospital, drug, j)
        return x

    def loss(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """The hospital's loss on a case, in payment standards, at most 3; months up to the one in progress."""
        if not self.on:
            return 0.0
        cases = self.cases(hospital, drug, j)
        reviewed = cases.gain * self.served[j] * (1 - self.p.review_discount * self.wait[j])
        return min(3.0, max(0.0, -(cases.effect + reviewed)) / drug.standard)
