"""Sittings: the experts who review special cases, one sitting after another for the whole region.

Follows `docs/semantics-payment.md`, section 11. Hospitals put up dear cases; a sitting serves as many
as it has capacity for, and the rest waits for the next. How many of the cases were served, and how
long money takes, is what hospitals go by in the months that follow.
"""

from __future__ import annotations

import math

from simlib.core.streams import Q_OTHER_OBEY
from twin.case_payment import CasePayment
from twin.dates import MONTH, YEAR
from twin.months import Months
from twin.rule import Rule, most_favourable, strongest
from twin.rules import named
from twin.setting import Setting

MICRO = 1e6  # cases are counted in millionths, for exact sums
MONTHS_OF_UNIT = {"months": 1.0, "days": 1 / MONTH, "working_days": 1.4 / MONTH}
INTERVAL, LIGHT = "payment.special_case_review.interval", "payment.special_case_review.simplified"


class Sitting:
    """The queue of special cases, and the last sitting."""

    def __init__(self, setting: Setting, months: Months, case_payment: CasePayment) -> None:
        self.setting, self.months, self.case_payment = setting, months, case_payment
        self.rules, self.draws, self.p = setting.rules, setting.draws, setting.p.payment
        self.micro = 0  # millionths of cases of new drugs put up since the last sitting
        self.left = 0.0  # cases that were not served
        self.last = 0  # edge of the last sitting, or 0
        self.served, self.wait = 1.0, self.p.review_interval / 2
        beds = 0.0
        for h in setting.hospitals:
            beds += h.beds
        self.discharges = beds * self.p.discharges_per_bed
        self._tell(1.0, self.p.review_interval / 2)

    def put_up(self, cases: float) -> None:
        """Cases of patients on a new drug that a hospital puts up."""
        self.micro += math.floor(cases * MICRO + 0.5)

    def close(self, j: int) -> None:
        """The edge of month j: sit, if the interval is over, and tell hospitals by what to go in the month."""
        if self.setting.stages.payment:
            self.hold(j)
            self._tell(self.served, self.wait)
        else:
            self._tell(1.0, 0.0)

    def _tell(self, served: float, wait: float) -> None:
        self.case_payment.served.append(served)
        self.case_payment.wait.append(wait)

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

    def _about_no_drug(self, lever: str, j: int) -> list[Rule]:
        """Rules in force, whatever drugs and hospitals they name."""
        e = self.months.edges[j]
        return [r for r in self.rules.by_lever.get(lever, ()) if r.start <= e < r.stop]

    def _obeyed(self, lever: str, rules: list[Rule]) -> bool:
        if not rules:
            return False
        o, strength = self.setting.p.obedience, strongest(rules)
        base = o.other_must if strength == "must" else getattr(o, strength)
        return self.draws.uniform(Q_OTHER_OBEY, named(lever), 0, 0) < base
