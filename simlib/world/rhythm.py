"""When the regular meetings of committees fall."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from simlib.core.distributions import AnyDuration
from simlib.world.group import Days, Group, Interval


class Rhythm(Group):
    """When regular meetings fall: exactly one of a fixed rhythm, a renewal process, a grid with jitter."""

    every: dict[Literal["level_3", "level_2", "level_1"], Interval] | None = None
    intervals: AnyDuration | None = None
    grid: Interval | None = None
    jitter: Days = 0.0
    phase: Days | None = None

    @model_validator(mode="after")
    def _one(self) -> Rhythm:
        given = [n for n in ("every", "intervals", "grid") if getattr(self, n) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of every, intervals, grid (given: {', '.join(given) or 'none'})")
        if self.grid is not None and self.jitter >= self.grid:
            raise ValueError(f"jitter {self.jitter} must be less than grid {self.grid}")
        if self.grid is None and self.jitter:
            raise ValueError(
                f"jitter moves the meetings of a grid alone, not of {given[0]}; give grid, or leave it out"
            )
        if self.intervals is not None and self.phase is not None:
            raise ValueError("phase: intervals begin on the first day; give every or grid, or leave it out")
        if self.intervals is not None and self.intervals.usual() < 1:
            given = f"{self.intervals.usual():g} {self.intervals.unit}"
            raise ValueError(f"intervals: two meetings cannot be {given} apart; at least 1 in the mean")
        return self
