"""Stage 11, special case review: experts sit at intervals, with room for a share of discharges; the rest waits.

Cases of new drugs wait in one line with all others that hospitals put up (`docs/semantics-payment.md`, Sittings).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simlib.core.streams import Q_OTHER_OBEY, uniform
from simlib.core.sums import in_turn
from simlib.core.workdays import MONTH, YEAR
from simlib.model.rules import Others
from simlib.model.state import State
from simlib.scenario.world import World, rule_id

INTERVAL, SIMPLIFIED = "payment.special_case_review.interval", "payment.special_case_review.simplified"
STRENGTH_ORDER = ("explore", "encouraged", "declared", "must")


def _months(number: float, unit: str) -> float:
    """A duration in months."""
    return number / {"months": 1.0, "days": MONTH, "working_days": MONTH / 1.4}[unit]


@dataclass
class Reviews:
    """The experts' line. micro: millionths of cases of new drugs put up since the last sitting. left: cases that wait on.

    new: those of new drugs among all in the line. gain: what they are worth (yuan).
    """

    world: World
    others: Others
    arrays: State
    last: int = 0
    micro: int = 0
    left: float = 0.0
    new: float = 0.0
    gain: float = 0.0
    sittings: list[dict[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._yearly = (
            in_turn(self.world.hospitals.beds.tolist()) * self.world.p.payment.discharges_per_bed
        )  # discharges

    def edge(self, k: int) -> None:
        """What is put up in the month before edge k joins the line; at intervals the experts sit."""
        a = self.arrays
        if not self.world.p.stages.payment:
            return
        self.micro += int(a.queue[k - 1])
        self.gain += a.reviewed[k - 1]
        interval = self._interval(a.edges[k])
        if k - self.last >= interval:
            self._sit(k, (a.edges[k] - a.edges[self.last]) / YEAR, interval)

    def _sit(self, k: int, years: float, interval: float) -> None:
        a, p = self.arrays, self.world.p.payment
        self.new += self.micro / 1e6
        background = p.review_background * self._pressed(a.edges[k]) * self._yearly * years
        line = self.left + self.micro / 1e6 + background
        capacity = p.review_cap * self._yearly * years
        served = min(1.0, capacity / line) if line > 0.0 else 1.0
        t = float(a.edges[k])
        self.sittings.append({"t": t, "cases": served * self.new, "gain": served * self.gain, "served": served})
        a.served[k:] = served
        a.wait[k:] = interval / 2.0
        self.new, self.gain = (1.0 - served) * self.new, (1.0 - served) * self.gain
        self.left, self.micro, self.last = max(0.0, line - capacity), 0, k

    def _obeyed(self, lever: str, t: float, scope: tuple[str, ...] | None = None) -> list:
        """The rules of a lever in force at t, if its addressee obeys the strongest of them about no drug in particular."""
        rules = [r for r in self.world.of(lever) if r.start <= t < r.stop and (scope is None or r.rule.drugs == scope)]
        if not rules:
            return []
        strongest = max((r.rule.strength for r in rules), key=STRENGTH_ORDER.index)
        draw = uniform(self.world.key, Q_OTHER_OBEY, rule_id(lever), 0, 0)
        return rules if draw < self.others.base(strongest) else []

    def _interval(self, t: float) -> float:
        """Months between sittings at t."""
        rules = self._obeyed(INTERVAL, t)
        return min([self.world.p.payment.review_interval, *(_months(*r.rule.value) for r in rules)])

    def _pressed(self, t: float) -> float:
        """Factor on other cases where a light procedure is open to all of them."""
        p = self.world.p.payment
        if p.review_apply == 0.0:  # nobody applies, however light it is
            return 1.0
        return p.review_apply_simplified / p.review_apply if self._obeyed(SIMPLIFIED, t, ("all",)) else 1.0

    def table(self) -> np.ndarray:
        """Sittings as (time, cases of new drugs heard, yuan paid for them, share of the line heard): float64 (n, 4)."""
        return np.array([[s["t"], s["cases"], s["gain"], s["served"]] for s in self.sittings]).reshape(-1, 4)
