"""Meetings: when a hospital's committee meets.

Follows `docs/semantics-committee.md`, section 6. Regular meetings follow the hospital's own rhythm. A minimum
a year adds meetings where the gaps are longest. A duty whose clock starts adds one on its last day,
unless a meeting lies before it.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from datetime import date

from simlib.core import streams as q
from simlib.core.streams import grid
from twin.clock import Phase, Process
from twin.dates import NEVER, YEAR
from twin.draws import Lasting
from twin.rule import Rule, strongest
from twin.setting import Setting
from twin.world import Hospital


class Meetings:
    """The dates of one committee's meetings, and the processes that wait for them.

    hold: what the committee does at a meeting, called with its date.
    """

    def __init__(self, setting: Setting, hospital: Hospital, hold: Callable[[float], None]) -> None:
        self.setting, self.hospital, self.hold = setting, hospital, hold
        self.p, self.rules, self.dates, self.clock = setting.p, setting.rules, setting.dates, setting.clock
        self.days: set[float] = set()  # those to come as well
        self.duty_dates: list[float] = []
        self._triggers: dict[float, set[float]] = {}  # start of a duty's clock: due dates
        if setting.stages.committee:
            self.days = self._regular()
            self._add_minimum()
            self.clock.process(self._meet(sorted(self.days)))

    def _meet(self, days: list[float]) -> Process:
        for m in days:
            yield self.clock.at(m, Phase.MEET)
            self.hold(m)

    # ---- the hospital's own rhythm

    def _regular(self) -> set[float]:
        """The keyed series that nothing moves, to the end of the year that holds the horizon."""
        until = self.clock.horizon + 366
        days = self._by_intervals(until) if self.p.committee.meetings.intervals is not None else self._by_steps(until)
        return {self.dates.roll(m) for m in days if 0 <= m < until} - {NEVER}

    def _uniform(self, quantity: int, j: int = 0) -> float:
        return self.setting.draws.uniform(quantity, j, self.hospital.id, 0)

    def _by_intervals(self, until: float) -> list[float]:
        """Each meeting an interval after the one before it, whose length is drawn."""
        interval = Lasting(self.p.committee.meetings.intervals)  # type: ignore[arg-type]
        days, m, j = [], 0.0, 0
        while (m := self.dates.add(m, interval.at(self._uniform(q.Q_INTERVAL, j)), interval.unit)) < until:
            days.append(m)
            j += 1
        return days

    def _by_steps(self, until: float) -> list[float]:
        """Meetings on a grid of equal steps, each moved by its own jitter where the rhythm has one."""
        r = self.p.committee.meetings
        step: float = r.grid if r.every is None else r.every[f"level_{self.hospital.level}"]  # type: ignore
        phase = r.phase if r.phase is not None else self._uniform(q.Q_PHASE) * step
        days, j = [], 0
        while (m := phase + j * step) < until + step:  # a jitter is shorter than a step
            days.append(m if r.every is not None else m + (2 * self._uniform(q.Q_JITTER, j) - 1) * r.jitter)
            j += 1
        return days

    # ---- a minimum a year

    def _add_minimum(self) -> None:
        """Meetings in the longest gaps of the years that have fewer than a rule says."""
        for start, end in self._years():
            if whole := self._minimum_through(start, end):
                self._fill(start, end, max(r.value for r in whole))
            if self.p.clocks.minimum == "pro_rata":
                # SEMANTICS: after the whole year, if that has a minimum; stretches in the order of their starts, one a
                # start. What holds through a stretch: rules that began before it too.
                for t in (t for t in self.rules.starts if start < t < end):
                    rules = self._minimum_through(t, end)
                    if any(r.start == t for r in rules):
                        wanted = max(r.value for r in rules)
                        self._fill(t, end, math.floor(wanted * (end - t) / (end - start) + 0.5))

    def _minimum_through(self, start: float, end: float) -> list[Rule]:
        """Rules of the minimum that bind the hospital from start to end (or the horizon); none if it does not obey.

        SEMANTICS: the drug scope of this rule is not asked for; the largest number and the strongest strength of the
        rules that are in force all that time; meetings past the horizon count for a year cut by it.
        """
        lever, last = "committee.min_meetings_per_year", min(end, self.clock.horizon)
        found = [r for r in self.rules.by_lever.get(lever, ()) if r.binds_through(start, last, self.hospital)]
        obeyed = found and self.rules.complies(lever, strongest(found), self.hospital, None, start)
        return found if obeyed else []

    def _years(self) -> list[tuple[float, float]]:
        """Years for the minimum, (first moment, first moment of the next), that start before the horizon."""
        horizon, calendar = self.clock.horizon, self.dates.calendar
        if self.dates.every_day:
            origin = self.setting.world.scenario.policy_from
            k0 = -math.floor(origin / YEAR)  # blocks before policy_from too, as far as they start at 0 or later
            starts = (origin + k * YEAR for k in itertools.count(k0))
            return [(a, a + YEAR) for a in itertools.takewhile(lambda a: a < horizon, starts) if a >= 0]
        first, last = calendar.start.year, calendar.date(horizon).year
        years = [(calendar.index(date(y, 1, 1)), calendar.index(date(y + 1, 1, 1))) for y in range(first, last + 1)]
        return [(a, b) for a, b in years if 0 <= a < horizon]

    def _fill(self, start: float, end: float, wanted: int) -> None:
        while True:
            held = sorted(m for m in self.days if start <= m < end)
            if len(held) >= wanted:
                return
            gaps = list(itertools.pairwise([start, *held, end]))
            a, b = max(gaps, key=lambda gap: gap[1] - gap[0])  # the first of equals
            new = grid((a + b) / 2) if self.dates.every_day else self.dates.roll(math.floor((a + b) / 2))
            if not a < new < b:
                return
            self.days.add(new)

    # ---- duties

    def oblige(self, start: float, due: float) -> None:
        """A duty: from `start` of its clock on, to meet by `due`."""
        if due >= self.clock.horizon:
            return  # SEMANTICS: a duty meeting past the horizon is not added, and not counted in its year
        if start not in self._triggers:
            self._triggers[start] = set()
            self.clock.at(start, Phase.TRIGGER).callbacks.append(lambda _: self._fix_duty_meetings(start))
        self._triggers[start].add(due)

    def _fix_duty_meetings(self, start: float) -> None:
        for due in sorted(self._triggers.pop(start)):
            if any(start <= m <= due for m in self.days):
                continue
            year = self.dates.year(due)
            already = sum(self.dates.year(m) == year for m in self.duty_dates)
            if already < self.p.committee.max_duty_meetings_a_year:
                self.days.add(due)
                self.duty_dates.append(due)
                self.clock.process(self._meet([due]))
