"""Purchase: from the place in the formulary to the shelf.

Follows `docs/semantics-committee.md`, section 8. Ordering and delivery take a time that is drawn for each
pair. A policy may limit it: then a hospital that obeys has the drug by the limit's last day, but
never before there is a place for it.
"""

from __future__ import annotations

from simlib.core import streams as q
from twin.draws import Lasting
from twin.pair import Pair
from twin.setting import Setting

WITHIN = "procurement.purchase_within"


class Purchase:
    """Stage 8; one for all pairs."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.rules, self.dates = setting, setting.rules, setting.dates
        self.time = Lasting(setting.p.purchase.time)

    def delivered(self, pair: Pair) -> float:
        """The date on which a drug that has passed is on the shelf."""
        if not self.setting.stages.purchase:
            return pair.room
        time = self.time.at(pair.uniform(q.Q_PURCHASE))
        stock = self.dates.up(self.dates.add(pair.room, time, self.time.unit))
        if pair.obeys(WITHIN, pair.passed):
            stock = max(pair.room, min(stock, self._due(pair)))
        return stock

    def _due(self, pair: Pair) -> float:
        """The last day of the limit, whose clock starts at the committee's yes or when the listing became known."""
        drug, hospital, passed = pair.drug, pair.hospital, pair.passed
        start = self.rules.value("procurement.purchase_clock_from", drug, passed, hospital)
        clock = pair.aware if start == "listing_known" else passed
        return self.rules.least_deadline(WITHIN, hospital, drug, passed, clock, self.dates)
