"""Whether the numbers of a run can be those of a run: each in its range, parts that add up, and no more at a later step than before.

A file that has the right labels may still hold nonsense: made by a broken version, edited by hand, or damaged in a place that
no checksum covers. What is said here holds in every replication, whatever is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simlib.model.pair_records import STATES
from simlib.model.sums import GROUNDS
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.money import PAYERS

HAIR = 1e-6  # of rounding, relative to the greater side from 1 on

WHOLES: dict[str, tuple[str, ...]] = {  # parts that make up 1 together
    "states": tuple(name for name in INDICATORS if name.startswith("state_")),
    "outcomes of hearings": ("pass_rate", "defer_rate", "refusal_rate"),
    "grounds of refusals": tuple(f"reason_{name}" for name in GROUNDS[:-1]),
    "payers": tuple(f"{name}_share" for name in PAYERS),
    "patients": ("treated_share", "lost_share", "waiting_share"),
}
SUMS: dict[str, tuple[str, ...]] = {"total_million": tuple(f"{name}_million" for name in PAYERS)}
AT_MOST: tuple[tuple[tuple[str, ...], str], ...] = (  # the first, added up, are never more than the second
    (("stocked_12m",), "provided_12m"),
    (("stocked_24m",), "provided_24m"),
    (("stocked_12m_catalogue",), "provided_12m_catalogue"),
    (("stocked_24m_all",), "stocked_24m"),
    (("passed",), "asked"),
    (("duty_meetings_per_year",), "meetings_per_year"),
    (("treated_hospital_share", "treated_pharmacy_share", "travelled_share"), "treated_share"),
    (tuple(f"waiting_{name}" for name in STATES[:8]), "patient_years_waiting"),
)
GAPS = (("gap_levels", "stocked_24m", ("level", "3"), ("level", "2")),
        ("gap_city_county", "stocked_24m", ("place", "city"), ("place", "county")),
        ("gap_treated_levels", "treated_share", ("level", "3"), ("level", "2")),
        ("gap_treated_city_county", "treated_share", ("place", "city"), ("place", "county")))  # fmt: skip


Rows = dict[tuple[str, str, str], np.ndarray]  # numbers by replication, by (indicator, by, group)


def complaint(values: pd.DataFrame, curves: np.ndarray) -> str | None:
    """The first thing that no run can have given, in words; None where there is none.

    values, curves: as of `simlib.experiments.run.Result`.
    """
    if values.index.has_duplicates:
        return f"{' '.join(values.index[values.index.duplicated()][0])} is given twice"
    rows = dict(zip(values.index, values.to_numpy(float), strict=True))
    checks = (_strange(rows), _of_curves(curves), _wholes(rows), _sums(rows), _orders(rows), _gaps(rows))
    return next((words for check in checks for words in check), None)


def _strange(rows: Rows) -> Iterator[str]:
    """Rows that are no indicator, or outside its range."""
    for (name, by, group), row in rows.items():
        if name not in INDICATORS:
            yield f"{name} is no indicator"
            return
        low, high = INDICATORS[name].bounds
        slack = HAIR * max(1.0, abs(high) if np.isfinite(high) else 1.0)
        known = row[~np.isnan(row)]
        wrong = known[~((known >= low - slack) & (known <= high + slack) & np.isfinite(known))]
        if wrong.size:
            yield f"{name} ({by} {group}) is {wrong[0]:g}; it goes {_range(name)}"


def _range(name: str) -> str:
    told = INDICATORS[name].range
    return "to no infinity" if told == "any" else told if told.startswith("from") else f"from {told}"


def _of_curves(curves: np.ndarray) -> Iterator[str]:
    """Curves that leave 0 to 1, or fall."""
    known = curves[~np.isnan(curves)]
    wrong = known[~((known >= -HAIR) & (known <= 1 + HAIR))]
    if wrong.size:
        yield f"the availability curve is {wrong[0]:g}; it goes from 0 to 1"
    steps = np.diff(curves, axis=-1)
    if (steps[~np.isnan(steps)] < -HAIR).any():
        yield "the availability curve falls"


def _totals(rows: Rows, names: tuple[str, ...]) -> Iterator[tuple[str, str, np.ndarray]]:
    """(by, group, sum) of some indicators, wherever all of them are there."""
    for name, by, group in list(rows):
        if name == names[0] and all((other, by, group) in rows for other in names):
            yield by, group, sum(rows[other, by, group] for other in names)


def _hair(x: np.ndarray) -> np.ndarray:
    return HAIR * np.maximum(1.0, np.abs(x))


def _wholes(rows: Rows) -> Iterator[str]:
    for what, names in WHOLES.items():
        for by, group, total in _totals(rows, names):
            if (np.abs(total - 1.0) > HAIR).any():
                yield f"{what} ({by} {group}) do not add up to 1: {', '.join(names)}"


def _sums(rows: Rows) -> Iterator[str]:
    for whole, names in SUMS.items():
        for by, group, total in _totals(rows, names):
            told = rows.get((whole, by, group), total)
            if (np.abs(total - told) > _hair(told)).any():
                yield f"{whole} ({by} {group}) is not the sum of {', '.join(names)}"


def _orders(rows: Rows) -> Iterator[str]:
    for names, most in AT_MOST:
        for by, group, less in _totals(rows, names):
            more = rows.get((most, by, group), less)
            if (less - more > _hair(more)).any():
                yield f"{' + '.join(names)} ({by} {group}) is more than {most}"


def _gaps(rows: Rows) -> Iterator[str]:
    for gap, of, a, b in GAPS:
        told, x, y = (rows.get(key) for key in ((gap, "all", "all"), (of, *a), (of, *b)))
        if told is not None and x is not None and y is not None and (np.abs(100.0 * (x - y) - told) > 100 * HAIR).any():
            yield f"{gap} is not the difference of {of} between {a[1]} and {b[1]}"
