"""Room: free places of a hospital's formulary, and the line for them.

Follows `docs/semantics-committee.md`, section 6.9, and `docs/semantics-use.md`, section 10.6. Places fall
free all the time, and other products take them; a drug that has passed takes the next one, and
waits for it where there is none.
"""

from __future__ import annotations

from simlib.core import streams as q
from twin.dates import NEVER, YEAR
from twin.setting import Setting
from twin.world import Hospital


class Room:
    """Free places of a hospital's formulary; below 0 the length of the line for them."""

    def __init__(self, setting: Setting, hospital: Hospital) -> None:
        p = setting.p.room
        self.dates, self.relaxation = setting.dates, p.relaxation
        self.turn = p.turnover * p.formulary.of(hospital.level)
        self.target = p.target_mean + p.target_sd * setting.draws.normal(q.Q_ROOM, 0, hospital.id, 0)
        self.x, self.advanced = self.target, 0.0
        self._firsts = iter(setting.world.firsts.tolist())
        self._next = next(self._firsts, NEVER)

    def take(self, p: float) -> float:
        """Take the place that a pass at p needs; the date from which it is there."""
        self._advance_to(p)
        room = p if self.x >= 1 else self.dates.up(p + ((1 - self.x) / self.turn) * YEAR)
        self.x -= 1
        return room

    def give_back(self, first: float) -> None:
        """A drug is taken off on the first of a month: its place is free."""
        self._advance_to(first)
        self.x += 1

    def _advance_to(self, t: float) -> None:
        while self._next <= t:
            self._advance(self._next)
            self._next = next(self._firsts, NEVER)

    def _advance(self, first: float) -> None:
        """Places that fall free, and what other products take of them, up to the first of a month."""
        dt, turn = (first - self.advanced) / YEAR, self.turn
        self.x += turn * dt - (turn * max(0.0, 1 + (self.x - self.target) / (turn * self.relaxation))) * dt
        self.advanced = first
