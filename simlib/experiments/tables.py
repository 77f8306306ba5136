"""Tables of indicators by replication, whose rows stand in one order whatever came first."""

from __future__ import annotations

import pandas as pd

from simlib.outcomes.dictionary import INDICATORS


def one_table(values: dict[int, dict]) -> pd.DataFrame:
    """A row per indicator and group, a column per replication, in one order whichever replication had a group first."""
    return in_order(pd.DataFrame(values))


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """A table of indicators with its rows in the order of the data dictionary."""
    table = table.loc[sorted(table.index, key=_place)]
    table.index = pd.MultiIndex.from_tuples(table.index, names=["indicator", "by", "group"])
    return table


def _place(key: tuple[str, str, str]) -> tuple[int, str, str]:
    """Order of a row: indicators as in the data dictionary, then groupings and groups by name."""
    return list(INDICATORS).index(key[0]), key[1], key[2]
