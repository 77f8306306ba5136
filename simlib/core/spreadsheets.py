"""Tables that people open in Excel: what a file writes as text must not be run as a formula there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

LIVE = ("=", "+", "-", "@", "\t", "\r")  # a cell of CSV that begins so is a formula, or turns into one


def inert(cell: Any) -> Any:
    """A cell of a CSV file: a text that Excel would run as a formula gets an apostrophe in front; numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \n").startswith(LIVE) and not _number(cell) else cell


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose texts, names of columns included, cannot be run as formulas."""
    texts = [i for i, kind in enumerate(table.dtypes) if getattr(kind, "kind", "O") not in "biufcmM"]
    safe = table.copy()
    for i in texts:
        safe.isetitem(i, table.iloc[:, i].map(inert))
    return safe.set_axis([inert(c) for c in table.columns], axis=1)
