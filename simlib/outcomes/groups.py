"""How indicators group hospitals, and which drugs they count."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simlib.model.record import Record
from simlib.world.region import OWNERS, PLACES, TYPES

Key = tuple[str, str, str]


def hospital_groups(record: Record) -> Iterator[tuple[str, str, np.ndarray]]:
    """(grouping, group, hospital groups inside)."""
    g = record.groups
    yield "all", "all", np.ones(len(g), bool)
    for by, column, names in (
        ("level", 0, None),
        ("type", 1, TYPES),
        ("owner", 2, OWNERS),
        ("place", 3, PLACES),
    ):
        for value in np.unique(g[:, column]):
            yield by, names[value] if names else str(value), g[:, column] == value


def counted_drugs(record: Record) -> np.ndarray:
    """Which drugs indicators count: approved from policy_from on (bool, D)."""
    s = record.world.scenario
    d = record.world.drugs
    return (d.approval >= s.policy_from) & (d.approval < s.count_until)
