"""The plain twin's room: free places of a hospital's formulary, and the line for them.

Part of `twin`; follows `docs/semantics.md`, section 6 "Room", and `docs/semantics-use.md`, "Unused".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simlib import streams as q
from twin.rules import NEVER, YEAR, Hospital

if TYPE_CHECKING:
    from twin.model import Model


class Room:
    """Free places of a hospital's formulary; below 0 the length of the line for them."""

    def __init__(self, model: Model, hospital: Hospital) -> None:
        p = model.world.p.room
        self.dates, self.relaxation = model.dates, p.relaxation
        self.turn = p.turnover * p.formulary.of(hospital.level)
        self.target = p.target_mean + p.target_sd * model.draws.normal(q.Q_ROOM, 0, hospital.id, 0)
        self.x, self.advanced = self.target, 0.0
        self._firsts = iter(model.firsts)
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
        dt = (first - self.advanced) / YEAR
        turn = self.turn
        self.x += turn * dt - (turn * max(0.0, 1 + (self.x - self.target) / (turn * self.relaxation))) * dt
        self.advanced = first
