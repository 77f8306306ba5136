"""The clock: SimPy's, told by dates, and with an order of what happens within one date.

A plain `simpy.Environment` waits for a span of time (`timeout(5)`). Here everything falls on a date
that is worked out beforehand, so that a process says `yield clock.at(date, Phase.LEARN)` and goes
on when that date has come. Of two things on the same date the one in the earlier phase comes first:
a drug that is listed on the day of a meeting can be heard there, a request that a department makes
on a day is made before the committee meets.
"""

from __future__ import annotations

from collections.abc import Generator
from enum import IntEnum
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, Any]


class Phase(IntEnum):
    """What comes before what within one date. SimPy itself uses the priorities 0 and 1 for what follows at once."""

    PUBLISH = 2  # publications
    FINISH = 3  # from here on completions: reviewers finish, ...
    JOIN = 4  # ... dossiers join the queue, ...
    ASSIGN = 5  # ... free reviewers take the best of them
    LIST = 6
    NEED = 7  # a patient needs a temporary purchase
    RELEASE = 8  # lock-outs end, unheard requests lapse: before a push of the same date
    LEARN = 9
    PUSH = 10
    ASK = 11
    DELIVER = 12
    DIRECT = 13  # direct inclusion, by drug id
    ACCOUNTS = 14  # first of the month: what the month before came to, budgets, sittings, removal
    FIRST = 15  # first of the month: shares of stocking hospitals
    TRIGGER = 16  # duties to meet, by due date
    MEET = 17
    AFTER = 18  # requests that lapse on the date of a meeting that did not hear them
    COMMUNITY = 19  # members take over what their lead hospital stocks, by drug id


class Clock(simpy.Environment):
    """A SimPy environment that schedules at absolute times, in the phases of a date.

    Times are days from the start on a grid of 2**-20 day, so that `t - now` and `now + (t - now)` are exact.
    """

    def __init__(self, horizon: float) -> None:
        super().__init__()
        self.horizon = horizon

    def at(self, t: float, phase: Phase, order: float = 0.0) -> simpy.Event:
        """An event at t with value t; at or past the horizon it never happens. `order` in [0, 1) sorts a phase."""
        return self.fire(self.event(), t, phase, order)

    def fire(self, event: simpy.Event, t: float, phase: Phase, order: float = 0.0) -> simpy.Event:
        """Let an event happen at t, with value t."""
        if t < self.now - 1e-6:
            raise ValueError(f"{phase.name} at {t}: it is already {self.now}")
        if t < self.horizon:
            event._ok, event._value = True, t
            self.schedule(event, phase + order, t - self.now)  # type: ignore[arg-type]
        return event
