"""Awareness: when a hospital learns that a drug has been listed.

Follows `docs/semantics-asking.md`, section 4. News takes a time that is drawn for each pair, by the
hospital's level. Channels that a policy opens (an official site, a cloud platform) shorten it, each
by a factor.
"""

from __future__ import annotations

from simlib.core import streams as q
from twin.draws import Lasting
from twin.duties import LISTING
from twin.pair import Pair
from twin.setting import Setting

WORDS = (
    "official_sites",
    "social_media",
    "forums",
    "tripartite_meetings",
)  # channels that are multiplied in this order


class Awareness:
    """Stage 4: from listing to the hospital's knowing of it."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.factors = setting, setting.p.awareness.channel_factor
        self.lag = dict(zip((1, 2, 3), map(Lasting, setting.p.awareness.lag.all()), strict=True))  # by level

    def date(self, pair: Pair) -> float:
        """The date on which the hospital learns of the listing, its province having just listed the drug."""
        listed = pair.listed
        if not self.setting.stages.awareness or pair.is_site:
            return listed
        if self.setting.p.clocks.listing == "listed" and pair.obeys(LISTING, listed):
            return listed
        lag = self.lag[pair.hospital.level]
        x = lag.at(pair.uniform(q.Q_AWARE))
        for channel in self._channels(pair, listed):
            x *= self.factors[channel]  # type: ignore[index]
        return self.setting.dates.up(self.setting.dates.add(listed, x, lag.unit))

    def _channels(self, pair: Pair, t: float) -> list[str]:
        """Channels that are open to the hospital on the day of listing."""
        others, drug, hospital = self.setting.rules.others, pair.drug, pair.hospital
        shared = others("awareness.information_sharing", drug, t, hospital) or ()
        found = [word for word in WORDS if word in shared]
        if others("awareness.cloud_platform", drug, t, hospital):
            found.append("cloud_platform")
        if "hospital_entry" in (others("readiness.guidance_scope", drug, t, hospital) or ()):
            found.append("hospital_entry")
        return found
