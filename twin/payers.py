"""Payers: price, basic insurance, commercial plans, charity, and what is left for the patient.

Follows `docs/semantics-payment.md`, section 11, `docs/semantics.md`, section 0.10, and of what
concerns all hospitals of a class alike sections 9 and 10. All money in yuan. A method with `@by_class` takes any
hospital of a class, a drug and a month.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

from simlib.core import streams as q
from simlib.core.workdays import UNITS
from twin.dates import NEVER, YEAR
from twin.draws import Lasting
from twin.months import SUPERVISION, Months, by_class
from twin.setting import Setting
from twin.world import Drug, Hospital


@dataclass(frozen=True)
class Shares:
    """Who pays which part of the bill; they add up to 1."""

    fund: float
    commercial: float
    charity: float
    patient: float


class Payers:
    """What payers do about a drug in a month, at hospitals of one class (any hospital of it may be given)."""

    def __init__(self, setting: Setting, months: Months) -> None:
        self.setting, self.months = setting, months
        self.dates, self.draws = setting.dates, setting.draws
        self.p, self.on = setting.p.payment, setting.stages.payment
        self.memo: dict[tuple, Any] = {}
        self._designation = Lasting(setting.p.dual_channel.designation)
        self._self_pay = Lasting(setting.p.dual_channel.self_pay_lag)

    def has(self, lever: str, hospital: Hospital | None, drug: Drug, j: int) -> Any:
        """The best value in force and obeyed at the month's edge; None if there is none."""
        return self.months.others(lever, hospital, drug, j)

    # ---- the drug in the basic catalogue

    def failing(self, drug: Drug) -> tuple[int, int]:
        """(month from which the firm fails to supply, month from which the drug has left the catalogue).

        SEMANTICS: the hospital scope of this rule is not asked (it has none); the next 1 January is after the date.
        """
        if ("failing", drug.index) not in self.memo:
            self.memo["failing", drug.index] = self._failing(drug)
        return self.memo["failing", drug.index]

    def _failing(self, drug: Drug) -> tuple[int, int]:
        never = self.months.count, self.months.count
        use, u = self.setting.p.use, self.draws.uniform(q.Q_SUPPLY, 0, 0, drug.id)
        if not u < use.supply_failure or drug.effective == NEVER:
            return never
        t = drug.effective + use.failure_after * self.draws.exponential(q.Q_SUPPLY, 1, 0, drug.id)
        j = self.months.from_(t)
        if j >= self.months.count:
            return never
        if not self.has("catalogue.removal_if_not_supplied", None, drug, j):
            return j, self.months.count
        if not u < use.supply_failure * use.failure_deterred:
            return never
        calendar = self.dates.calendar
        leaves = t + YEAR if self.dates.every_day else calendar.index(date(calendar.date(t).year + 1, 1, 1))
        return j, self.months.from_(leaves)

    def included(self, drug: Drug, j: int) -> bool:
        """Is the drug paid from the basic catalogue here?

        SEMANTICS: of the two lags the one that ends first; a lag in other units than days by `add`.
        """
        if drug.effective == NEVER or j >= self.failing(drug)[1]:
            return False
        if ("paid_from", drug.index) not in self.memo:
            starts = [drug.effective + self.p.adoption_lag]
            first = self.months.from_(drug.effective)
            lag = first < self.months.count and self.has("catalogue.local_adoption_lag", None, drug, first)
            if lag:
                starts.append(self.dates.add(drug.effective, float(lag[0]), UNITS[lag[1]]))
            self.memo["paid_from", drug.index] = min(starts)
        return self.memo["paid_from", drug.index] <= self.months.edges[j]

    # ---- 9 Dual channel

    def designated(self, drug: Drug) -> float:
        """The date from which pharmacies hold the drug; never for inpatient drugs.

        SEMANTICS: whatever hospitals the rule of supply names (the drug has one date).
        """
        p = self.setting.p.dual_channel
        start = drug.approval if p.any_drug else drug.effective if drug.outpatient else NEVER
        if not self.setting.stages.dual_channel or start >= self.months.horizon:
            return NEVER
        if ("designated", drug.index) not in self.memo:
            x = self._designation.at(self.draws.uniform(q.Q_DESIGNATED, 0, 0, drug.id))
            if self.has("dual_channel.supply_assurance", None, drug, max(0, self.months.of(start))):
                x *= p.supply_lag_factor
            self.memo["designated", drug.index] = self.dates.up(self.dates.add(start, x, self._designation.unit))
        return self.memo["designated", drug.index]

    def sold(self, drug: Drug) -> float:
        """The date from which self-pay pharmacies sell the drug; never for inpatient drugs."""
        if not (self.setting.stages.dual_channel and drug.outpatient):
            return NEVER
        lag = self._self_pay.at(self.draws.uniform(q.Q_SELF_PAY, 0, 0, drug.id))
        return self.dates.up(self.dates.add(drug.approval, lag, self._self_pay.unit))

    # ---- 10 Use, as far as no hospital decides it

    @by_class
    def come(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of patients who come in time."""
        informed = self.has("awareness.public_information", hospital, drug, j)
        return self.setting.p.use.come_informed if informed else self.setting.p.use.come

    @by_class
    def damping(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """damp' of the page: what holds doctors back, at hospitals and at pharmacies."""
        use, factor = self.setting.p.use, 1.0
        excluded = self.has("payment.indicator_exclusions", hospital, drug, j) or ()
        if not self.included(drug, j) and "self_pay_ratio" not in excluded:
            factor *= use.self_pay_factor
        if drug.substitute and "vbp_substitute_monitoring" not in excluded:
            factor *= use.substitute_factor
        if self.has(SUPERVISION, hospital, drug, j):
            factor *= use.supervision_factor
        if j >= self.failing(drug)[0]:
            factor *= use.failure_factor
        return factor

    # ---- 11 Payment: price and who pays

    @by_class
    def price(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Price of a year's use, yuan."""
        p = self.p
        if not self.on or not self.included(drug, j):
            return drug.yearly
        if not hospital.designated and self.has("payment.non_designated_free_price", hospital, drug, j):
            return drug.yearly
        cap = self.has("catalogue.nrdl.renewal_cut_cap", hospital, drug, j)
        cut = p.renewal_cut_capped if cap else p.renewal_cut
        if "renewal" in (self.has("catalogue.real_world_evidence", hospital, drug, j) or ()):
            cut *= p.evidence_renewal_factor
        price = drug.yearly * (1 - p.cut)
        for _ in range(math.floor((self.months.edges[j] - drug.effective) / (p.renewal_years * YEAR))):
            price *= 1 - cut
        return price

    @by_class
    def fund(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of the bill that basic insurance pays."""
        p = self.p
        if not (self.included(drug, j) and hospital.designated):
            return 0.0
        share = p.basic_outpatient if drug.outpatient else p.basic_inpatient
        if drug.outpatient and self.has("payment.outpatient_special_scope", hospital, drug, j):
            raised = self.has("payment.outpatient_special_rate", hospital, drug, j) or 0.0
            share = p.special_outpatient + raised / 100
        if self.has("payment.fixed_share", hospital, drug, j):
            share = max(share, p.fixed_share_rate)
        if "payment_scope" in (self.has("catalogue.real_world_evidence", hospital, drug, j) or ()):
            share += p.evidence_scope_added
        return min(1.0, share)

    @by_class
    def insured(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of patients with a commercial plan."""
        p = self.p
        share = p.insured + p.enrolment_added * len(self.has("commercial.enrolment_push", hospital, drug, j) or ())
        for lever, added in (
            ("personal_account", p.personal_account_added),
            ("employer_plan_tax", p.employer_added),
            ("product_support", p.product_added),
        ):
            if self.has(f"commercial.{lever}", hospital, drug, j):
                share += added
        return min(1.0, share)

    @by_class
    def covered(self, hospital: Hospital, drug: Drug, j: int) -> bool:
        """Do commercial plans cover the drug?"""
        p = self.p
        cover = p.plan_cover[self.has("commercial.plan.drug_list", hospital, drug, j) or "fixed"]
        if drug.commercial_effective <= self.months.edges[j]:
            taken_up = self.has("commercial.catalogue_take_up", hospital, drug, j) or "none"
            cover = max(cover, p.catalogue_cover[taken_up])  # type: ignore[index]
        return self.draws.uniform(q.Q_PLAN, 0, 0, drug.id) < cover

    @by_class
    def benefit(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of what the fund leaves that plans pay for their insured; 0 where they do not cover the drug."""
        p = self.p
        if not self.covered(hospital, drug, j):
            return 0.0
        raised = self.has("commercial.plan.benefit", hospital, drug, j) == "raised"
        benefit = p.plan_benefit_raised if raised else p.plan_benefit
        if self.has("commercial.data_sharing", hospital, drug, j):
            benefit += p.data_sharing_added
        return min(1.0, benefit)

    @by_class
    def charity(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of what is left that charity pays."""
        helped = self.has("commercial.charity", hospital, drug, j)
        return min(1.0, self.p.charity + (self.p.charity_added if helped else 0.0))

    @by_class
    def shares(self, hospital: Hospital, drug: Drug, j: int) -> Shares:
        """Who pays which part of the bill."""
        f, b, g = (m(hospital, drug, j) for m in (self.fund, self.benefit, self.charity))
        held = self.with_plan(hospital, drug, j)
        commercial = held * (1 - f) * b
        charity = held * (1 - f) * (1 - b) * g + (1 - held) * (1 - f) * g
        return Shares(f, commercial, charity, 1 - f - commercial - charity)

    @by_class
    def afford(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of patients who can pay what is left to them."""
        if not self.on or self.p.always_afford:
            return 1.0
        with_plan, without = self._payers_by_plan(hospital, drug, j)
        return with_plan + without

    @by_class
    def with_plan(self, hospital: Hospital, drug: Drug, j: int) -> float:
        """Share of those with a commercial plan among patients who can pay what is left to them.

        SEMANTICS: the people's share where everybody can pay, and where nobody can.
        """
        insured = self.insured(hospital, drug, j)
        if self.p.always_afford:
            return insured
        with_plan, without = self._payers_by_plan(hospital, drug, j)
        return with_plan / (with_plan + without) if with_plan + without > 0 else insured

    def _payers_by_plan(self, hospital: Hospital, drug: Drug, j: int) -> tuple[float, float]:
        """Patients with a plan, and without, who can pay: shares of all patients."""
        p = self.p
        f, b, g = (m(hospital, drug, j) for m in (self.fund, self.benefit, self.charity))
        insured, price = self.insured(hospital, drug, j), self.price(hospital, drug, j)
        one_step = self.has("commercial.one_step_settlement", hospital, drug, j)
        advanced = 0.0 if one_step else p.advance * (1 - f) * b
        with_plan = price * ((1 - f) * (1 - b) * (1 - g) + advanced)
        without = price * ((1 - f) * (1 - g))
        income = self.p.income * hospital.province.income
        return insured * self._can_pay(with_plan, income), (1 - insured) * self._can_pay(without, income)

    def _can_pay(self, yearly: float, income: float) -> float:
        return 1 / (1 + (yearly / income) ** self.p.income_slope) if yearly > 0 else 1.0
