"""Working days and deadlines, against dates worked out by hand and two independent sources of holidays."""

from __future__ import annotations

import statistics
from datetime import date, timedelta

import chinese_calendar
import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.core.workdays import (
    DAYS,
    INF,
    MONTHS,
    WORKING_DAYS,
    add,
    add_months,
    add_working,
    after_months,
    after_working_days,
    calendar,
    deadline,
    roll,
    up,
    working_between,
)

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
CHINA = calendar("china", FIRST, 1400)
EVERY = calendar("every_day", FIRST, 1400)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 9, 19), 15, date(2025, 10, 16)),  # National Day and Mid-Autumn; 28 September is a make-up workday
        (date(2026, 2, 6), 15, date(2026, 3, 5)),  # Spring Festival; 14 and 28 February are make-up workdays
        (date(2024, 3, 4), 5, date(2024, 3, 11)),  # an ordinary week
    ],
)
def test_a_limit_of_working_days_ends_on_the_known_date(start: date, days: int, end: date):
    assert after_working_days(start, days) == end


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2025, 11, 30), 3, date(2026, 2, 28)),  # no 30 February: the last day; a make-up workday
        (date(2024, 11, 30), 3, date(2025, 2, 28)),
        (date(2024, 4, 10), 1, date(2024, 5, 10)),
        (date(2024, 4, 1), 1, date(2024, 5, 6)),  # Labour Day holidays to 5 May: the next working day
    ],
)
def test_a_limit_of_months_ends_on_the_same_date_or_the_months_last_day(start: date, months: int, end: date):
    assert after_months(start, months) == end


def test_fifteen_working_days_take_18_to_28_calendar_days():
    lengths = []
    for i in range((LAST - FIRST).days + 1):
        start = FIRST + timedelta(days=i)
        if chinese_calendar.is_workday(start):
            end = after_working_days(start, 15)
            if end <= LAST:
                lengths.append((end - start).days)
    assert (min(lengths), max(lengths)) == (18, 28)
    assert round(statistics.mean(lengths), 2) == 22.03


def test_working_days_agree_with_a_count_day_by_day():
    for start in (date(2024, 1, 3), date(2024, 9, 14), date(2025, 1, 26), date(2026, 4, 30)):
        day, left = start, 23
        while left:
            day += timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        assert after_working_days(start, 23) == day


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_two_sources_of_holidays_agree(year: int):
    ours = calendar("china", date(year, 1, 1), 366)
    closed = holidays.country_holidays("CN", years=year)
    days = [date(year, 1, 1) + timedelta(days=i) for i in range(365 + (year % 4 == 0))]
    for i, day in enumerate(days):
        if day in closed:  # statutory days and bridge days; make-up workdays are not holidays there
            assert not ours.table.day[i, 0], day
        if day.weekday() < 5 and not ours.table.day[i, 0]:
            assert day in closed, day


def test_years_without_a_published_schedule_are_provisional():
    cal = calendar("china", date(2026, 1, 1), 800)
    assert cal.date(cal.provisional_from) == date(2027, 1, 1)
    assert cal.status(cal.index(date(2026, 12, 31))) == "published"
    assert cal.status(cal.index(date(2027, 2, 1))) == "provisional"
    assert EVERY.status(1e6) == "every_day"
    new_year, monday = cal.index(date(2027, 1, 1)), cal.index(date(2027, 1, 4))
    assert not cal.table.day[int(new_year), 0] and cal.table.day[int(monday), 0]


@pytest.mark.parametrize(("kind", "start", "words"), [("chinese", FIRST, "china, every_day"), ("china", date(1999, 1, 1), "2004")])  # fmt: skip
def test_an_unknown_calendar_or_year_is_refused(kind: str, start: date, words: str):
    with pytest.raises(ValueError, match=words):
        calendar(kind, start, 10)


def test_every_day_worlds_round_nothing_and_work_every_day():
    t = EVERY.table
    assert up(t, 3.25) == roll(t, 3.25) == 3.25
    assert add(t, 3.25, 2.5, WORKING_DAYS) == add(t, 3.25, 2.5, DAYS) == deadline(t, 3.25, 2.5, WORKING_DAYS) == 5.75
    assert add(t, 1.0, 2.0, MONTHS) == 1 + 2 * 30.4375
    assert working_between(t, 1.5, 9.0) == 7.5
    assert EVERY.firsts(100.0).tolist() == [0.0, 30.4375, 60.875, 91.3125]


def test_work_passes_evenly_over_working_days_only():
    friday = CHINA.index(date(2024, 3, 8))
    assert add_working(CHINA.table, friday, 1.0) == friday + 3  # done when Monday begins
    assert add_working(CHINA.table, friday + 0.5, 1.0) == friday + 3.5
    assert add_working(CHINA.table, friday + 1.25, 0.5) == friday + 3.5  # begun on a Saturday


def test_what_lies_past_the_calendar_never_comes():
    t = CHINA.table
    assert roll(t, 5000.0) == add_working(t, 5000.0, 1.0) == add_months(t, 5000.0, 1.0) == INF
    assert deadline(t, 0.0, 1e9, DAYS) == deadline(t, 1e9, 1.0, DAYS) == INF
    assert roll(t, INF) == up(t, INF) == INF
    for far in (1e6, 1e19, 1e300):  # the last two are larger than any whole number that compiled code has
        assert add_working(t, 3.0, far) == add_months(t, 3.0, far) == INF


def test_firsts_of_months_are_dates():
    firsts = CHINA.firsts(100.0)
    assert [CHINA.date(f) for f in firsts] == [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)]


@given(st.floats(0, 900), st.floats(1, 60), st.floats(0, 5), st.sampled_from([DAYS, WORKING_DAYS, MONTHS]))
def test_later_starts_and_longer_limits_never_end_sooner(t: float, x: float, more: float, unit: int):
    for cal in (CHINA, EVERY):
        x_, y_ = (np.floor(x), np.floor(x + more)) if unit == MONTHS else (x, x + more)
        assert deadline(cal.table, t, y_, unit) >= deadline(cal.table, t, x_, unit)
        assert deadline(cal.table, t + more, x_, unit) >= deadline(cal.table, t, x_, unit)
        assert add(cal.table, t + more, x_, unit) >= add(cal.table, t, x_, unit) - 1e-9


@given(st.floats(0, 900), st.floats(0, 60))
def test_working_days_added_are_the_working_days_between(t: float, x: float):
    t = np.floor(t * 2**20) / 2**20
    assert working_between(CHINA.table, t, add_working(CHINA.table, t, x)) == pytest.approx(x, abs=1e-5)


def test_after_the_last_working_day_of_a_calendar_none_is_known():
    table = calendar("china", date(2023, 3, 6), 6).table  # Monday to Saturday
    assert [roll(table, t) for t in (3.0, 4.0, 5.0, 6.0)] == [3, 4, 6, INF]


def test_time_after_a_calendar_passes_as_on_its_last_day():
    monday_to_friday, to_saturday = (calendar("china", date(2023, 3, 6), n).table for n in (5, 6))
    assert working_between(monday_to_friday, 0.0, 7.0) == 7
    assert working_between(to_saturday, 0.0, 8.0) == 5


def test_a_calendar_knows_the_first_of_every_month_that_it_reaches():
    to_march = calendar("china", date(2023, 1, 1), 60)  # its last day is 1 March
    assert to_march.firsts(60.0).tolist() == [0, 31, 59]
    assert add_months(to_march.table, 9.0, 1.0) == 40 and add_months(to_march.table, 9.0, 2.0) == INF


def test_a_limit_of_six_hundred_working_days_reaches_into_the_third_year():
    start = date(2020, 1, 2)
    end = after_working_days(start, 600)
    days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    assert end.year == 2022 and sum(map(chinese_calendar.is_workday, days)) == 600
