"""Sums that come out the same to the last bit on every Python: its own `sum` rounds floats differently from version 3.12 on."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from functools import reduce


def in_turn(numbers: Iterable[float]) -> float:
    """The sum of floats, added one after the other; 0.0 of none."""
    return reduce(operator.add, numbers, 0.0)
