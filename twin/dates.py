"""Dates: days from the start, working days, months, deadlines.

A time is a number of days from the first day of the run (0.0). A date for which something counts is
found with `up`, a working day with `roll`; durations are added with `add`, because "20 working
days" depends on where they begin. What never happens has the date `NEVER`, which is later than all
others, so that no comparison needs a special case.
"""

from __future__ import annotations

import math

from simlib.core import workdays
from simlib.core.workdays import UNITS, Calendar

NEVER = math.inf
YEAR = 365.25
MONTH = 30.4375
FAR = 1e9  # days; whatever lies further is never


class Dates:
    """`simlib.core.workdays` for one calendar; what lies too far to be counted is never."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.table = calendar.table
        self.every_day = calendar.kind == "every_day"

    def up(self, t: float) -> float:
        """The date for which a moment counts."""
        return float(workdays.up(self.table, t)) if t < FAR else NEVER

    def roll(self, t: float) -> float:
        """The first working day on or after t."""
        return float(workdays.roll(self.table, t)) if t < FAR else NEVER

    def add(self, t: float, x: float, unit: int) -> float:
        """A duration after t: x units, where unit is one of `simlib.core.workdays.UNITS`."""
        return float(workdays.add(self.table, t, x, unit)) if t + x < FAR else NEVER

    def months(self, t: float, n: float) -> float:
        """The date n months after t: lock-outs and the like."""
        return self.up(float(workdays.add_months(self.table, t, float(n)))) if t < FAR else NEVER

    def deadline(self, t: float, limit: tuple[float, str]) -> float:
        """The last admissible date of a limit (number, unit's name) whose clock starts at t."""
        return float(workdays.deadline(self.table, t, float(limit[0]), UNITS[limit[1]])) if t < FAR else NEVER

    def working_between(self, a: float, b: float) -> float:
        """Working days between two moments."""
        return float(workdays.working_between(self.table, a, b))

    def year(self, t: float) -> int:
        """The year of budgets and duty meetings."""
        return math.floor(t / YEAR) if self.every_day else self.calendar.date(t).year

    def month(self, t: float) -> int:
        """The month of the year, 1 to 12."""
        if self.every_day:
            return min(12, math.floor((t - YEAR * self.year(t)) / MONTH) + 1)
        return self.calendar.date(t).month
