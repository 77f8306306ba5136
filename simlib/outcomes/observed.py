"""A user's own observations of stocking, from CSV or XLSX, in either of two shapes, checked cell by cell.

Shares: how many of the looked-at pairs of drug and hospital stocked the drug so many months after approval. Pairs: a row a
drug and hospital, with the dates of approval and stock and the day until which somebody looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from simlib.core.files import InputError
from simlib.core.hints import for_number
from simlib.core.numerals import grouped
from simlib.outcomes.observed_columns import LEVEL, NUMBERS, PAIRS, SHARES, by_columns
from simlib.world.lists import NUMBER, TOTAL, ListError, examples_in, match, text_of, value_of
from simlib.world.lists_columns import Column, is_total
from simlib.world.lists_files import Rows, column_letter, read_table

AT = (3, 6, 12, 18, 24, 30, 36)  # months after approval at which pairs are counted


@dataclass(frozen=True)
class Share:
    """So many of so many pairs of drug and hospital stocked the drug by so many months after approval."""

    level: int
    months: float
    stocked: int
    of: int


@dataclass(frozen=True)
class Observed:
    """What was observed.

    Attributes
    ----------
    file : str
        Where it stands.
    shares : tuple of Share
        Stocked pairs of all pairs, by level and months after approval.
    pairs : bool
        Whether the shares were counted from single pairs of drug and hospital.
    """

    file: str
    shares: tuple[Share, ...]
    pairs: bool


def read_observed(path: Path) -> Observed:
    """Read a list of observed stocking dates or shares, to lay over the model's curve.

    Parameters
    ----------
    path : Path
        A .csv or .xlsx file: one row for each pair of drug and hospital, or one for each level and month after approval.

    Returns
    -------
    Observed
        Shares of pairs stocked, by level and months after approval.

    Raises
    ------
    ListError
        If rows cannot be read; it holds every complaint as a line that names row and column.
    InputError
        If no pair was watched for long enough after approval to be shown.
    """
    rows = read_table(Path(path))
    columns = by_columns(rows)
    records, lines = _records(rows, columns)
    lines += _sense_pairs(records) if columns is PAIRS else _sense_shares(records)
    lines += _examples(records, columns)
    if lines:
        raise ListError([f"{rows.file}: {line}" for line in lines])
    if columns is SHARES:
        found = [Share(r["level"], r["months"], int(r["stocked"]), int(r["of"])) for r in records]
    else:
        found = counted(records)
    if not found:
        raise InputError(f"{rows.file}: no pair was watched for {AT[0]} months after approval; nothing can be shown")
    return Observed(rows.file, tuple(sorted(found, key=lambda s: (-s.level, s.months))), columns is PAIRS)


def counted(records: Sequence[dict[str, Any]]) -> list[Share]:
    """Pairs as shares: at each month of AT those that were watched as long, and how many of them had the drug by then."""
    found = []
    for level in (3, 2, 1):
        here = [r for r in records if r["level"] == level]
        for months in AT:
            ends = [(r, later(r["approved"], months)) for r in here]
            watched = [(r, end) for r, end in ends if end <= r["observed"]]
            stocked = sum(r["stock"] is not None and r["stock"] <= end for r, end in watched)
            if watched:
                found.append(Share(level, float(months), stocked, len(watched)))
    return found


def later(day: date, months: int) -> date:
    """The same day so many months later, or the month's last."""
    return (pd.Timestamp(day) + pd.DateOffset(months=months)).date()


def _records(rows: Rows, columns: tuple[Column, ...]) -> tuple[list[dict[str, Any]], list[str]]:
    """Values by column key, and complaints."""
    places, lines = match(rows, columns)
    lines += rows.odd
    for c in columns if columns is PAIRS else ():  # without the column every pair would count as one without stock
        if not c.required and c.key not in {p.column.key for p in places} and not any(c.names[0] in w for w in lines):
            words = "is missing; leave a cell empty where there was none"
            lines.append(f"row {rows.header_row}: column {c.names[0]} ({c.names[1]}) {words}")
    if not rows.rows:
        lines.append(f"row {rows.header_row}: nothing stands below the header")
    records = []
    for number, cells in rows.rows:
        record: dict[str, Any] = {"row": number} | {c.key: None for c in columns}
        if is_total(next((text_of(c) for c in cells if c is not None), "")):
            lines.append(f"row {number}: {TOTAL}")
            continue
        lines += [
            f"row {number}, column {column_letter(i + 1)}: {text_of(c)!r} stands in a column without a name"
            for i, c in enumerate(cells)
            if c is not None and not rows.header[i]
        ]
        for place in places:
            try:
                value = value_of(place, cells[place.index])
                record[place.column.key] = _number(place.column, value) if place.column.key in NUMBERS else value
            except ValueError as e:
                lines.append(f"row {number}, column {place.written}: {e}")
                record["wrong"] = True
        records.append(record)
    return records, lines


def _number(column: Column, value: Any) -> float | None:
    if value is None:
        return None
    low, high, whole = NUMBERS[column.key]
    text = text_of(value)
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number{for_number(text, whole)}")
    x = float(text.replace(",", ""))
    if not low <= x <= high:
        raise ValueError(f"{text!r} is out of bounds; allowed: {low} to {grouped(high)}")
    if whole and not x.is_integer():
        raise ValueError(f"{text!r} is not a whole number")
    return x


def _examples(records: list[dict[str, Any]], columns: tuple[Column, ...]) -> list[str]:
    """Complaints about rows of the template that were left in: by their names, or as the very numbers in their place."""
    if columns is PAIRS:
        return [f"row {r['row']}: {w}" for r in records for w in examples_in(r, columns)]
    shown = [{c.key: c.examples["en"][i] for c in SHARES if c is not LEVEL} for i in (0, 1)]
    return [
        f"row {r['row']}: is an example of the template; put your own data in it, or delete it (true data that happen to "
        "say the same may stand in another row)"
        for r, example in zip(records, shown, strict=False)
        if example == {key: r[key] for key in example}
    ]


def _sense_shares(records: list[dict[str, Any]]) -> list[str]:
    """Complaints about rows whose cells are right one by one but not together."""
    lines, seen = [], {}
    for r in (r for r in records if not r.get("wrong")):
        if None not in (r["stocked"], r["of"]) and r["stocked"] > r["of"]:
            lines.append(
                f"row {r['row']}: {r['stocked']:g} stocked of {r['of']:g}; no more can stock than were looked at"
            )
        first = seen.setdefault((r["level"], r["months"]), r["row"])
        if first != r["row"]:
            lines.append(f"row {r['row']}: level and months stand in row {first} too; add the two rows up")
    return lines


def _said_otherwise(r: dict[str, Any], what: str, of: str, said: dict[tuple, tuple]) -> list[str]:
    """The complaint about a drug with another day of approval, or a hospital with another level, than in an earlier row."""
    value, row = said.setdefault((of, str(r[of]).casefold()), (r[what], r["row"]))
    if r[what] is None or value == r[what]:
        return []
    return [f"row {r['row']}: {what} of {r[of]!r} is {r[what]} here and {value} in row {row}; one of them is wrong"]


def _sense_pairs(records: list[dict[str, Any]]) -> list[str]:
    lines, seen, said = [], {}, {}
    for r in (r for r in records if not r.get("wrong")):
        row, approved, stock, until = r["row"], r["approved"], r["stock"], r["observed"]
        first = seen.setdefault((str(r["drug"]).casefold(), str(r["hospital"]).casefold()), row)
        if first != row:
            lines.append(f"row {row}: this drug and hospital stand in row {first} too; keep one")
        lines += _said_otherwise(r, "approved", "drug", said)
        lines += _said_otherwise(r, "level", "hospital", said)
        if None in (approved, until):
            continue
        if until < approved:
            lines.append(f"row {row}: observed until {until}, before the approval on {approved}")
        if stock and not approved <= stock <= until:
            lines.append(
                f"row {row}: stocked on {stock}, which is not between the approval on {approved} and the last look on {until}"
            )
    return lines
