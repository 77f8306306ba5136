"""Temporary purchase: how a hospital supplies a drug that it does not stock.

Follows `docs/semantics-committee.md`, section 7.1. A patient may need the drug while its request waits or is
locked out; where the policy has a channel for that, the hospital buys it for this patient, and a
committee that sees a drug in use is kinder to it. The supply ends when the drug is regular, or some
time after a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass

from simlib.core import streams as q
from twin.dates import NEVER, YEAR
from twin.draws import Lasting
from twin.pair import Pair
from twin.setting import Setting

CHANNEL = "committee.temporary_channel"


@dataclass(frozen=True)
class Need:
    """When a patient needs the drug before it is regular (never: none does), and its number among the pair's needs."""

    date: float
    number: int


class Temporary:
    """Stage 7; one for all pairs."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.p, self.dates, self.rules = setting, setting.p.temporary, setting.dates, setting.rules
        self.time = Lasting(self.p.time)

    def need(self, pair: Pair, since: float) -> Need:
        """The first need from `since` on; never without a channel."""
        if not self.setting.stages.temporary:
            return Need(NEVER, 0)
        opened = self.rules.first_moment(CHANNEL, pair.hospital, pair.drug, since)
        if opened == NEVER or not pair.obeys(CHANNEL, opened):
            return Need(NEVER, 0)
        number, pair.needs = pair.needs, pair.needs + 1
        yearly = pair.coming * self.p.share_in_need
        if not yearly > 0:
            return Need(NEVER, number)
        return Need(self.dates.up(opened + YEAR * pair.exponential(q.Q_TEMPORARY, number) / yearly), number)

    def begin(self, pair: Pair, need: Need) -> None:
        """The hospital buys the drug for a patient.

        SEMANTICS: `temporaries` counts needs, not deliveries.
        """
        pair.temporaries += 1
        time = self.time.at(pair.uniform(q.Q_TEMPORARY_TIME, need.number))
        pair.supplies.append([self.dates.up(self.dates.add(need.date, time, self.time.unit)), NEVER])

    def end(self, pair: Pair, t: float) -> None:
        """The drug is regular at t, or was refused some time before: the supply ends, if there is one."""
        if pair.in_use:
            pair.supplies[-1][1] = t
