"""Which indicators the workbench shows, and so which of a replication's are kept: its hundreds of others are not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import numpy as np

Key = tuple[str, str, str]
MAIN: Key = ("stocked_24m", "level", "3")
DOTS: tuple[tuple[Key, str], ...] = (
    (MAIN, "tertiary"),
    (("stocked_24m", "level", "2"), "secondary"),
    (("stocked_12m_catalogue", "level", "3"), "tertiary"),
    (("provided_24m", "level", "3"), "tertiary"),
    (("treated_share", "all", "all"), "all_hospitals"),
)
ROWS: tuple[Key, ...] = (
    MAIN,
    ("stocked_24m", "level", "2"),
    ("months_without_24m", "all", "all"),
    ("listed_days", "all", "all"),
    ("wait_days", "all", "all"),
    ("treated_share", "all", "all"),
    ("days_without_access", "all", "all"),
)
FUND = "fund_net_million"  # by calendar year: the last year of a run is shown, when most of the drugs are there
_SHOWN = frozenset((*ROWS, *(key for key, _ in DOTS)))


def kept(values: Mapping[Key, float]) -> dict[Key, float]:
    """The indicators that are shown."""
    return {k: v for k, v in values.items() if k in _SHOWN or k[0] == FUND}


def rows(keys: Iterable[Key]) -> tuple[Key, ...]:
    """The rows of the table of a run that has these indicators: ROWS, and what the fund pays in its last year."""
    return (*ROWS, *sorted(k for k in keys if k[0] == FUND)[-1:])


def fingerprint(values: Mapping[Key, float], curve: np.ndarray) -> str:
    """A short text that is the same for replications all of whose indicators and curves are the same."""
    said = repr(sorted(values.items())).encode()
    return hashlib.blake2b(said + np.ascontiguousarray(curve).tobytes(), digest_size=12).hexdigest()
