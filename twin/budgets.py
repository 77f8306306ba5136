"""Budgets: what part of its yearly plan each hospital has used up.

Follows `docs/semantics-payment.md`, section 11. The plan is money for patients of all kinds; most of it
goes evenly through the year, the rest for patients on the new drugs. A committee refuses when the
plan is nearly used up, and doctors prescribe less. Months look at what was used by their edge.
"""

from __future__ import annotations

from simlib.core import streams as q
from twin.months import Months
from twin.setting import Setting
from twin.world import Hospital

TIGHT = 0.95  # part of the plan from which a committee refuses for the budget's sake


class Budgets:
    """Every hospital's plan, and what is spent on new drugs since the year began."""

    def __init__(self, setting: Setting, months: Months) -> None:
        self.setting, self.months, self.p, self.dates = setting, months, setting.p.payment, setting.dates
        self.used: list[list[float]] = [[0.0] * months.count for _ in setting.hospitals]  # X by hospital and month
        self._fen = [0] * len(setting.hospitals)  # hundredths of yuan since the year's first edge, for exact sums
        self.plan(0)

    def tight(self, hospital: Hospital, m: float) -> bool:
        """Has the hospital used up its plan, as of the last edge by m?"""
        return self.used[hospital.index][self.months.of(m)] > TIGHT

    def charge(self, hospital: Hospital, fen: int) -> None:
        """Money for patients on a new drug, in hundredths of yuan."""
        self._fen[hospital.index] += fen

    def plan(self, j: int) -> None:
        """X of the page at an edge: what part of each hospital's yearly plan is used."""
        if not self.setting.stages.payment:
            return
        p, e = self.p, self.months.edges[j]
        year, gone = self.dates.year(e), (self.dates.month(e) - 1) / 12
        if j > 0 and year != self.dates.year(self.months.edges[j - 1]):
            self._fen = [0] * len(self._fen)
        for h in self.setting.hospitals:
            draw = self.setting.draws.normal(q.Q_BUDGET, year, h.id, 0)
            f = max(0.0, p.budget_used_mean + p.budget_used_sd * draw)
            self.used[h.index][j] = f * gone + self._fen[h.index] / (100 * (p.budget_per_bed * h.beds))
