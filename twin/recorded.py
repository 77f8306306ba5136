"""Recorded purchase: how a patient gets a drug on filing, before it is listed.

Follows `docs/semantics-committee.md`, section 7.2. Where the platform lets a drug that is not listed yet be
bought by a record, a hospital may buy a little of it for a patient. That ends with the hospital's
own stock, or some months after the listing. It has nothing to do with the committee, unlike
temporary purchase (`temporary.py`).
"""

from __future__ import annotations

from simlib.core import streams as q
from twin.dates import NEVER, YEAR
from twin.draws import Lasting
from twin.pair import Pair
from twin.setting import Setting


class Recorded:
    """Small purchases on filing; one for all pairs."""

    def __init__(self, setting: Setting) -> None:
        self.stages, self.p, self.dates = setting.stages, setting.p.temporary, setting.dates
        self.time = Lasting(self.p.time)

    def supply(self, pair: Pair) -> tuple[float, float]:
        """From when to when such a purchase supplies the pair; (never, never) if there is none."""
        drug = pair.drug
        yearly = pair.coming * self.p.recorded_in_need
        if not (self.stages.temporary and self.stages.committee and yearly > 0 and drug.recorded < NEVER):
            return NEVER, NEVER
        need = self.dates.up(drug.recorded + YEAR * pair.exponential(q.Q_RECORDED) / yearly)
        if not need < pair.listed:
            return NEVER, NEVER
        time = self.time.at(pair.uniform(q.Q_RECORDED_TIME))
        bought = self.dates.up(self.dates.add(need, time, self.time.unit))
        return bought, min(pair.stock, self.dates.months(pair.listed, self.p.recorded_ends_months))

    def without_stock(self, pair: Pair) -> list[list[float]]:
        """All supply without stock, as [from, until): temporary purchases, and this one if it comes about.

        SEMANTICS: a supply that would begin on or after its end (stock date, or months after a refusal) never was.
        """
        begin, end = self.supply(pair)
        return [*pair.supplies, [begin, end]] if begin < end else pair.supplies
