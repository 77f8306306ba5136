"""Dates, working days and deadlines: China's calendar with its make-up workdays, or one where every day is alike.

Times are days from the start date, on a grid of 2**-20 day. A date is a whole number: its 00:00.
In the `china` calendar milestones fall on dates and deadlines count as the Civil Code does (art. 201-203):
the first day is not counted, a month ends on the same date or the month's last day, and a last day on a
holiday rolls to the next working day. In `every_day` worlds nothing is rounded to dates, every day works,
and a month is 30.4375 days.

Working days come from `chinesecalendar` for the years whose schedule is published; later years take the
statutory days of `holidays` and plain weekends, and are called provisional.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.streams import grid

DAYS, WORKING_DAYS, MONTHS = 0, 1, 2
UNITS = {"days": DAYS, "working_days": WORKING_DAYS, "months": MONTHS}
MONTH = 30.4375  # days of a month where no calendar is kept
YEAR = 365.25
INF = math.inf

# columns of Table.day
_WORK, _BEFORE, _NEXT, _MONTH, _DOM, _LAST = range(6)
ROLLING = ("civil_code", "back")  # a limit's last day that is no working day moves after it, or before it (reading A9)


class Table(NamedTuple):
    """The calendar as compiled code reads it.

    day: int32 (days, 6): is it a working day; working days before it; the first working day on or after it;
    its month's number; its day of the month; where a limit whose last day it is ends (the next working day, or by
    the other reading the one before, -1 where there is none). work: int32, the n-th working day. month: int32, first
    days of months. An empty `day` means that every day is alike.
    """

    day: np.ndarray
    work: np.ndarray
    month: np.ndarray


@compiled
def up(table, t):
    """The date a moment counts for: rounded up where dates are kept, on the grid elsewhere."""
    t = grid(t)
    if table.day.shape[0] == 0 or t >= 1e9:
        return t
    return math.ceil(t) * 1.0


@compiled
def roll(table, t):
    """The first working day on or after a date (the date itself where every day works)."""
    if table.day.shape[0] == 0:
        return grid(t)
    t = up(table, t)
    if t >= table.day.shape[0]:
        return INF
    return table.day[int(t), _NEXT] * 1.0


@compiled
def add_working(table, t, x):
    """The moment at which x working days of work, begun at t, are done; work passes evenly over a working day."""
    if table.day.shape[0] == 0:
        return grid(t + x)
    if t >= table.day.shape[0]:
        return INF
    i = int(math.floor(t))
    w = table.day[i, _BEFORE] + (t - i) * table.day[i, _WORK] + x
    if w >= table.work.shape[0]:  # before it is made a whole number, which could not hold it
        return INF
    k = int(math.floor(w))
    return grid(table.work[k] + (w - k))


@compiled
def add_months(table, t, x):
    """The same date x months later, or the month's last day; a part of a month counts 30.4375 days."""
    if t >= 1e9 or table.day.shape[0] == 0 or x != math.floor(x):
        return grid(t + x * 30.4375)
    i = int(math.floor(t))
    if i >= table.day.shape[0] or x >= table.month.shape[0]:
        return INF
    m = table.day[i, _MONTH] + int(x)
    if m + 1 >= table.month.shape[0]:
        return INF
    first, last = table.month[m], table.month[m + 1] - 1
    return min(first + table.day[i, _DOM] - 1, last) * 1.0


@compiled
def month_number(table, t):
    """Number of the month in which a moment lies; the month of the start is 0."""
    return table.day[int(t), _MONTH]


@compiled
def add(table, t, x, unit):
    """A duration of x units after t (no rounding to dates)."""
    if unit == WORKING_DAYS:
        return add_working(table, t, x)
    if unit == MONTHS:
        return add_months(table, t, x)
    return grid(t + x)


@compiled
def deadline(table, t, x, unit):
    """The last admissible date of a limit of x units whose clock starts at t: never before that day."""
    if x >= 1e9 or t >= 1e9:
        return INF
    if table.day.shape[0] == 0:
        return add(table, t, x, unit)
    i = int(math.floor(t))
    if i >= table.day.shape[0]:
        return INF
    if unit == WORKING_DAYS:
        k = table.day[i, _BEFORE] + table.day[i, _WORK] + int(math.ceil(x)) - 1
        if k < 0:  # no working day, and none known before the day itself
            return i * 1.0
        return table.work[k] * 1.0 if k < table.work.shape[0] else INF
    end = up(table, add_months(table, i * 1.0, x) if unit == MONTHS else i + math.ceil(x) * 1.0)
    if end >= table.day.shape[0]:
        return INF
    last = table.day[int(end), _LAST]
    return (last if last >= i else table.day[int(end), _NEXT]) * 1.0


@compiled
def working_between(table, a, b):
    """Working days between two moments (days where every day works)."""
    if table.day.shape[0] == 0:
        return b - a
    n = table.day.shape[0] - 1
    i, j = min(int(math.floor(a)), n), min(int(math.floor(b)), n)
    return (table.day[j, _BEFORE] + (b - j) * table.day[j, _WORK]) - (
        table.day[i, _BEFORE] + (a - i) * table.day[i, _WORK]
    )


@functools.cache
def _is_workday(day: date) -> tuple[bool, bool]:
    """(is it a working day, is that published)."""
    import chinese_calendar

    try:
        return chinese_calendar.is_workday(day), True
    except NotImplementedError:
        return day.weekday() < 5 and day not in _statutory(day.year), False


@functools.cache
def _statutory(year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))


@dataclass(frozen=True)
class Calendar:
    """A calendar from `start` on; `kind` is "china" or "every_day". Times are days from `start`."""

    kind: str
    start: date
    days: int
    table: Table
    provisional_from: float  # first time that rests on an unpublished schedule; inf if none

    def index(self, day: date) -> float:
        """Days from the start to a date."""
        return float((day - self.start).days)

    def date(self, t: float) -> date:
        """The date on which a time falls."""
        return self.start + timedelta(days=int(math.floor(t)))

    def firsts(self, until: float) -> np.ndarray:
        """Times of the first of each month in [0, until): float64."""
        if self.kind == "every_day":
            return np.arange(0.0, until, MONTH)
        firsts = self.table.month.astype(float)
        return firsts[(firsts >= 0) & (firsts < until)]

    def status(self, until: float) -> str:
        """ "published", "provisional" or "every_day", for results that reach `until`."""
        if self.kind == "every_day":
            return "every_day"
        return "published" if until <= self.provisional_from else "provisional"


@functools.lru_cache(maxsize=32)
def calendar(kind: str, start: date, days: int, rolling: str = ROLLING[0]) -> Calendar:
    """Build a calendar of `days` days from `start`; ValueError for an unknown kind, way of rolling or year."""
    if rolling not in ROLLING:
        raise ValueError(f"rolling {rolling!r}: allowed are {', '.join(ROLLING)}")
    if kind == "every_day":
        empty = Table(np.zeros((0, 6), np.int32), np.zeros(0, np.int32), np.zeros(0, np.int32))
        return Calendar(kind, start, days, empty, INF)
    if kind != "china":
        raise ValueError(f"calendar {kind!r}: allowed are china, every_day")
    if start.year < 2004:
        raise ValueError(f"start {start}: the published working days begin in 2004")
    dates = [start + timedelta(days=i) for i in range(days)]
    flags = [_is_workday(d) for d in dates]
    work = np.array([f[0] for f in flags])
    provisional = next((float(i) for i, f in enumerate(flags) if not f[1]), INF)
    day = np.zeros((days, 6), np.int32)
    day[:, _WORK] = work
    day[:, _BEFORE] = np.concatenate([[0], np.cumsum(work)[:-1]])
    index = np.flatnonzero(work)
    following = np.searchsorted(index, np.arange(days))
    day[:, _NEXT] = np.where(following < len(index), index[np.minimum(following, len(index) - 1)], days)
    day[:, _LAST] = day[:, _NEXT]
    if rolling == "back":
        known = np.concatenate([[-1], index])
        day[:, _LAST] = known[np.searchsorted(index, np.arange(days), side="right")]
    first_year = start.year * 12 + start.month - 1
    day[:, _MONTH] = [d.year * 12 + d.month - 1 - first_year for d in dates]
    day[:, _DOM] = [d.day for d in dates]
    months = [(date(m // 12, m % 12 + 1, 1) - start).days for m in range(first_year, first_year + day[-1, _MONTH] + 1)]
    table = Table(day, index.astype(np.int32), np.array(months, np.int32))
    return Calendar(kind, start, days, table, provisional)


def after_working_days(start: date, n: int) -> date:
    """The last day of a limit of n working days that starts on `start` (not counted)."""
    cal = calendar("china", date(start.year, 1, 1), 366 * 2 + 2 * n)
    return cal.date(deadline(cal.table, cal.index(start), float(n), WORKING_DAYS))


def after_months(start: date, n: int) -> date:
    """The last day of a limit of n months that starts on `start` (not counted)."""
    cal = calendar("china", date(start.year, 1, 1), 366 * 2 + 31 * n)
    return cal.date(deadline(cal.table, cal.index(start), float(n), MONTHS))
