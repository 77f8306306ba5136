"""What a file says is taken for what it is, and for nothing else: dates, numbers, counts, switches."""

from __future__ import annotations

import math
from datetime import date, datetime

import pytest

from simlib.core.files import Fault, checked
from simlib.core.strict import Day, Level, Many, Strict, Year


class Sample(Strict):
    day: Day | None = None
    days: Many[Day] = ()
    number: float | None = None
    count: int | None = None
    switch: bool | None = None
    text: str | None = None
    level: Level | None = None
    by_year: dict[Year, int] | None = None
    either: Day | float | None = None


REFUSED = {
    "day": [1609459200, 2021, True, 2021.5, "2021", datetime(2021, 1, 1), date(1899, 12, 31), date(9999, 12, 31)],
    "days": [[date(2021, 1, 1), 20210102], date(2021, 1, 1)],
    "number": [True, "3", math.nan, math.inf, -math.inf, 10**400, [3.0]],
    "count": [True, 3.0, 2.5, "3", math.nan],
    "switch": [1, 0, "yes", "true"],
    "text": [3, True, date(2021, 1, 1)],
    "level": [True, 4, "3"],
    "by_year": [{"2021": True}, {"12021": 3}, {"9999": 3}],
    "either": [True, "2021-13-01", math.nan],
}


@pytest.mark.parametrize(("key", "value"), [(k, v) for k, values in REFUSED.items() for v in values])
def test_what_is_no_such_value_is_refused_and_not_converted(key: str, value: object):
    with pytest.raises(Fault) as e:
        checked(Sample, {key: value})
    assert e.value.path[0] == key and "\n" not in e.value.words


def test_what_is_one_is_taken_as_it_stands():
    day = date(2021, 1, 31)
    found = checked(Sample, {"day": "2021-01-31", "days": [day], "number": 3, "count": 3, "switch": True, "level": 2,
                             "by_year": {"2021": 4}, "either": 3})  # fmt: skip
    assert (found.day, found.days, found.number, found.count, found.switch) == (day, (day,), 3.0, 3, True)
    assert (found.level, found.by_year, found.either) == (2, {2021: 4}, 3.0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"switch": "yes"}, "expected true or false (given: 'yes'); did you mean true?"),
        ({"count": True}, "expected a whole number (given: True)"),
        ({"number": math.inf}, "expected a finite number (given: inf)"),
        ({"day": 1609459200}, "1609459200 is no date; write YEAR-MONTH-DAY"),
    ],
)
def test_the_complaint_says_what_is_expected(data: dict, words: str):
    with pytest.raises(Fault) as e:
        checked(Sample, data)
    assert e.value.words == words
