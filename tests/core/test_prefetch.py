"""Asking ahead for memory changes nothing but time."""

import numpy as np
import pytest

from simlib.core.compiled import PLAIN, compiled
from simlib.core.prefetch import prefetch
from simlib.core.records import Record, f8


class Wide(Record):
    """A record of more than one cache line."""

    first: float = f8("1", "first")
    rest: float = f8("1", "rest", tuple("abcdefghij"))


@compiled
def total(values, records, ahead):
    """Add up a table and the first fields of records, asking for places far ahead, also beyond the end."""
    found = 0.0
    for i in range(values.shape[0]):
        prefetch(values, i + ahead, 0)
        prefetch(records, i - ahead)
        found += values[i, 0] + records[i].first
    return found


@pytest.mark.skipif(PLAIN, reason="nothing is compiled")
def test_places_far_outside_an_array_may_be_asked_for_and_nothing_changes(monkeypatch):
    monkeypatch.setattr("simlib.core.compile_parts._plain_now", False)
    values, records = np.arange(20.0).reshape(10, 2), Wide.zeros(10)
    records["first"] = 0.5
    assert total(values, records, 0) == total(values, records, 10**9) == 95.0
    assert values.tolist() == np.arange(20.0).reshape(10, 2).tolist() and set(records["first"]) == {0.5}


def test_plain_python_does_nothing_instead():
    assert prefetch(np.zeros(3), 7) is None
