"""County medical communities: what the lead hospital stocks, its members have too.

Follows `docs/semantics-committee.md`, section 6.10. Members are told some days after the drug is on their lead's shelf;
whatever a member's own department and committee are about to do about it is broken off.
"""

from __future__ import annotations

import simpy

from twin.clock import Phase
from twin.dates import NEVER
from twin.pair import Pair
from twin.setting import Setting


class Communities:
    """Who takes over whose drugs; one for all hospitals."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.lag = setting, setting.p.committee.community_lag
        self._journeys: dict[tuple[int, int], tuple[Pair, simpy.Process]] = {}  # by drug and hospital

    def follow(self, pair: Pair, journey: simpy.Process) -> None:
        """Know a pair's journey, which ends by itself or when the hospital takes the drug over."""
        self._journeys[pair.drug.index, pair.hospital.index] = pair, journey

    def tell(self, lead: Pair) -> None:
        """A drug is on a hospital's shelf: its members, if it has any, and the drug concerns them, take it over."""
        t = self.setting.dates.up(lead.stock + self.lag)
        for member in lead.hospital.members:
            if known := self._journeys.get((lead.drug.index, member.index)):
                told = self.setting.clock.at(t, Phase.COMMUNITY, lead.drug.id / 2**32)
                told.callbacks.append(lambda _, pair=known[0], journey=known[1]: _break_off(pair, journey, t))


def _break_off(pair: Pair, journey: simpy.Process, t: float) -> None:
    """The member has the drug at t, unless its own committee has passed it by then."""
    if pair.passed == NEVER:
        journey.interrupt(t)
