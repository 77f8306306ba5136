"""A user's own lists of hospitals and drugs, from CSV or XLSX: read, and checked cell by cell.

Every complaint is one line that names file, row and column as the sheet shows them, what is allowed, and the nearest
right spelling. `check_table` gives all of them; `read_list` gives the rows, or raises a `ListError` that holds them.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from simlib.core.errors import cut
from simlib.core.files import InputError, shown
from simlib.core.hints import for_number
from simlib.world.lists_columns import (
    COLUMNS,
    COUNTS,
    FIRST_DATE,
    LAST_DATE,
    MAX_BEDS,
    OTHER_UNITS,
    Column,
    Kind,
    folded,
    is_total,
    plain,
)
from simlib.world.lists_files import MAX_ROWS, NO_VALUE, Rows, column_letter, read_table

SUFFIXES = (".csv", ".xlsx", ".xls", ".xlsm", ".ods")  # the last three are refused with a hint
MAX_TEXT = 200
Record = dict[str, Any]
_SHARED = ("name", "area", "areas")  # columns that do not tell hospitals from drugs
_AMOUNTS = ("beds", "months", "stocked", "of")  # columns of numbers, of lists and of observations
_ERRORS = ("#N/A", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
_DATE = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?|年(\d{1,2})月(\d{1,2})[日号]?)"
)
NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")


TOTAL = "a row of totals; delete it"
_NOTHING = ("-", "--", "—", "/", "无", "none", "no", "否", "n/a", "N/A", "NA", "null", "not stocked", "未配备")


class ListError(InputError):
    """A list that cannot be used: `lines` are all complaints, the message is the first and how many follow."""

    def __init__(self, lines: list[str]) -> None:
        more = len(lines) - 1
        super().__init__(lines[0] + (f" (and {more} more: simlib check shows all)" if more else ""))
        self.lines = [cut(line) for line in lines]

    def __reduce__(self) -> tuple:
        return type(self), (self.lines,)


@dataclass(frozen=True)
class _Place:
    """Where a column of the list stands in the sheet: its position and the name the user gave it."""

    column: Column
    index: int
    written: str

    @property
    def language(self) -> Any:
        """The language of the user's heading, in which the allowed words are named."""
        return "en" if self.written.isascii() else "zh"


def check_table(path: Path, kind: Kind) -> list[str]:
    """All complaints about a list, one line each; none if it can be used. InputError if it cannot be read at all."""
    return list(_checked(path, kind)[1])


def read_list(path: Path, kind: Kind) -> tuple[Record, ...]:
    """The rows of a list: value by column key (None where the cell is empty or the column missing), and `row`."""
    records, complaints = _checked(path, kind)
    if complaints:
        raise ListError(list(complaints))
    return records


def kind_of_table(path: Path, others: str = "") -> Kind:
    """Whether a table lists hospitals or drugs, by its columns; InputError if neither. others: what else it could be."""
    rows = read_table(path)
    written = {folded(bare(h)) for h in rows.header if h}
    found: dict[Kind, int] = {
        kind: sum(bool(written & c.headings) for c in columns if c.key not in _SHARED)
        for kind, columns in COLUMNS.items()
    }
    best = max(found, key=lambda k: found[k])
    if found[best] < (2 if best == "hospitals" else 1):
        listed = "; ".join(f"{k}: {', '.join(c.names[0] for c in COLUMNS[k] if c.required)}" for k in COLUMNS)
        words = f"neither a list of hospitals nor of drugs ({listed}{others}){_no_header(rows)}"
        raise InputError(f"{rows.file}: row {rows.header_row}: {words}")
    return best


def _no_header(rows: Rows) -> str:
    """Why the first row of a table is no header, where that can be told."""
    known = frozenset().union(*(c.headings for columns in COLUMNS.values() for c in columns))
    alone = sum(bool(h) for h in rows.header) == 1  # a title
    for number, cells in rows.rows[:10]:
        texts = [str(c) for c in cells if c is not None]
        if sum(folded(bare(t)) in known for t in texts) >= 3 or (alone and len(texts) >= 3):
            return f"; row {number} looks like the header: delete what stands above it"
    for mark in ("，", "|", "、"):
        if len(rows.header) == 1 and mark in rows.header[0]:
            return f"; the columns are parted by {mark!r}: write commas"
    if sum(folded(bare(str(cells[0]))) in known for _, cells in rows.rows[:10]) >= 3:
        return "; the headings stand one below the other: put them in the first row"
    return ""


def _checked(path: Path, kind: Kind) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    if not path.is_file():
        raise InputError(f"{shown(path)}: {'is a folder' if path.is_dir() else 'no such file'}")
    state = path.stat()
    return _examined(path.resolve(), shown(path), kind, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=8)
def _examined(path: Path, name: str, kind: Kind, _modified: int, _size: int):
    """Rows and complaints of one state of a file: an experiment reads the same list dozens of times."""
    rows = read_table(path)
    records, lines = _examine(rows, kind)
    return tuple(records), tuple(f"{name}: {line}" for line in lines)


def _examine(rows: Rows, kind: Kind) -> tuple[list[Record], list[str]]:
    places, lines = match(rows, COLUMNS[kind])
    lines += rows.odd
    if not rows.rows:
        lines.append(f"row {rows.header_row}: nothing stands below the header")
    if kind == "hospitals":
        words = "a list has a row for each hospital; groups with counts stand under strata: in a region's file"
        groups = [h for h in rows.header if folded(bare(h)) in COUNTS]
        lines += [f"row {rows.header_row}, column {h}: {words}" for h in groups]
    records: list[Record] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in rows.rows:
        record, wrong = _row(rows, places, number, cells)
        if kind == "hospitals":
            wrong += _specialty(record, places)
        for p in places:
            if p.column.unique and (value := record.get(p.column.key)):
                first = seen.setdefault((p.column.key, value.casefold()), number)
                if first != number:
                    wrong.append(f"column {p.written}: {value!r} stands in row {first} too")
        wrong += examples_in(record, COLUMNS[kind])
        lines += [f"row {number}{', ' if w.startswith('column ') else ': '}{w}" for w in wrong]
        records.append(record)
    return records, lines


def examples_in(record: Record, columns: Iterable[Column]) -> list[str]:
    """A complaint about a row that names an example of the template: nobody's data, though nothing in it is wrong."""
    shown = {e for c in columns if c.form == "text" for both in c.examples.values() for e in both if isinstance(e, str)}
    found = [v for v in record.values() if isinstance(v, str) and v in shown]
    return [f"{v!r} is an example of the template; put your own data in its row, or delete the row" for v in found[:1]]


def _row(rows: Rows, places: list[_Place], number: int, cells: tuple) -> tuple[Record, list[str]]:
    """One row's values and complaints."""
    record: Record = {"row": number} | {p.column.key: None for p in places}
    filled = [i for i, c in enumerate(cells) if c is not None]
    if len(filled) == 1 and sum(p.column.required for p in places) > 1:
        only = f"only {text_of(cells[filled[0]])!r} stands in this row"
        return record, [f"{only}; fill the row, or delete it if it is a note below the table"]
    if filled and is_total(text_of(cells[filled[0]])):
        return record, [TOTAL]
    wrong = [
        f"column {column_letter(i + 1)}: {text_of(cells[i])!r} stands in a column without a name"
        for i in filled
        if not rows.header[i]
    ]
    for p in places:
        try:
            record[p.column.key] = value_of(p, cells[p.index])
        except ValueError as e:
            del record[p.column.key]
            wrong.append(f"column {p.written}: {e}")
    return record, wrong


def _specialty(record: Record, places: list[_Place]) -> list[str]:
    """The complaint about a specialty hospital without areas, or another one with areas, which nothing would read."""
    place = next((p for p in places if p.column.key == "areas"), None)
    if place and record.get("areas") and record.get("type") in ("general", "tcm"):
        return [
            f"column {place.written}: for specialty hospitals alone; leave it empty, since others are not bound to areas"
        ]
    if record.get("type") != "specialty" or (place and record.get("areas", "wrong")):
        return []
    english, chinese, *_ = next(c.names for c in COLUMNS["hospitals"] if c.key == "areas")
    said = f"column {place.written}: empty" if place else f"column {english} ({chinese}): missing"
    return [f"{said}; a specialty hospital needs it"]


# ---- columns


def bare(heading: str) -> str:
    """A heading without its unit in brackets, such as "beds (number)"."""
    return re.sub(r"\(.*?\)|\*", "", plain(heading))


def match(rows: Rows, columns: tuple[Column, ...]) -> tuple[list[_Place], list[str]]:
    """Which column stands where, and complaints about the header."""
    places: dict[str, _Place] = {}
    lines, unknown = [], []
    where = f"row {rows.header_row}"
    for i, heading in enumerate(rows.header):
        column = next((c for c in columns if folded(bare(heading)) in c.headings), None)
        if column is None:
            unknown += [(i, heading)] if heading else []
        elif column.key in places:
            both = f"columns {places[column.key].written!r} and {heading!r}"
            lines.append(f"{where}: {both} both give {column.names[0]}; keep one")
        else:
            places[column.key] = _Place(column, i, heading)
            lines += [f"{where}, column {heading}: {w}" for w in _other_unit(column, heading)]
    absent = [c for c in columns if c.key not in places]
    for i, heading in unknown:  # other columns are left alone, unless they look like a slip of the pen
        if near := _meant(heading, [cells[i] for _, cells in rows.rows], absent):
            lines.append(f"{where}, column {heading}: unknown column; did you mean {near!r}?")
            absent = [c for c in absent if near not in c.names]
            unknown = [(at, h) for at, h in unknown if h != heading]
    others = f" (columns not known: {', '.join(h for _, h in unknown[:6])})" if unknown else ""
    lines += [f"{where}: column {c.names[0]} ({c.names[1]}) is missing{others}" for c in absent if c.required]
    return list(places.values()), lines


def _other_unit(column: Column, heading: str) -> list[str]:
    """The complaint about a heading that says a unit of its own, which its cells then have."""
    unit = re.search(r"\((.*?)\)|(%)", plain(heading))
    if unit is None or column.key not in _AMOUNTS or (unit[1] or unit[2]).strip().casefold() not in OTHER_UNITS:
        return []
    return [f"this column counts {column.names[0]}; write its cells so, and take {unit[0]} out of the heading"]


def _meant(heading: str, cells: list[Any], absent: list[Column]) -> str:
    """The name of the absent column that an unknown heading, or all that stands below it, seems to mean; "" if none."""
    names = [n for c in absent for n in c.names]
    if near := difflib.get_close_matches(bare(heading).casefold(), names, 1, 0.75):
        return near[0]
    longer = [n for n in names if not n.isascii() and len(n) > 1 and bare(heading).endswith(n)]  # 编制床位
    if longer:
        return max(longer, key=len)
    texts = [text_of(c) for c in cells if c is not None]
    told = [c for c in absent if c.words and True not in c.words and texts and not all(t.isdecimal() for t in texts)]
    return next((c.names[not heading.isascii()] for c in told if all(folded(t) in c.values for t in texts)), "")


# ---- cells


def text_of(cell: Any) -> str:
    """A cell as words."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return plain(str(cell))


def value_of(place: _Place, cell: Any) -> Any:
    """What a cell says; ValueError with the words of the complaint."""
    column = place.column
    if cell is NO_VALUE:
        raise ValueError("a formula without stored value; open the file in Excel and save it, or write the value")
    text = "" if cell is None else text_of(cell)
    if not text:
        if column.required:
            raise ValueError("empty")
        return None
    if not column.required and column.form != "text" and text in _NOTHING and folded(text) not in column.values:
        raise ValueError(f"{text!r} is nothing; leave the cell empty")
    if text in _ERRORS:
        raise ValueError(f"{text} is an error of the sheet's formula")
    match column.form:
        case "beds":
            return _beds(text)
        case "date":
            return _date(cell, text)
        case "choice":
            return _choice(place, text)
        case "choices":
            return tuple(dict.fromkeys(_choice(place, t) for t in _parts(text)))
    if len(text) > MAX_TEXT:
        raise ValueError(f"longer than {MAX_TEXT} characters")
    return text


def _parts(text: str) -> Iterable[str]:
    return (t.strip() for t in re.split(r"[,;、/|]", text) if t.strip())


def _choice(place: _Place, text: str) -> Any:
    column = place.column
    if folded(text) in column.values:
        return column.values[folded(text)]
    words = [w for group in (column.words or {}).values() for w in group]
    near = difflib.get_close_matches(text.casefold(), words, 1, 0.6 if text.isascii() else 0.5)
    tail = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{text!r} is not allowed; allowed: {', '.join(column.allowed(place.language))}{tail}")


def _beds(text: str) -> int:
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number above 0{for_number(text, whole=True)}")
    if float(text.replace(",", "")) <= 0:
        raise ValueError(f"{text!r} is not a number above 0")
    beds = float(text.replace(",", ""))
    if beds > MAX_BEDS:
        raise ValueError(f"{text!r} is out of bounds; allowed: 1 to {MAX_BEDS}")
    if not beds.is_integer():
        raise ValueError(f"{text!r} is not a whole number")
    return int(beds)


def _date(cell: Any, text: str) -> date:
    if isinstance(cell, (datetime, date)):
        day = cell.date() if isinstance(cell, datetime) else cell
    else:
        found = _DATE.fullmatch(text)
        try:
            year, _, month, day_, month_zh, day_zh = found.groups() if found else (0, "", 0, 0, 0, 0)
            day = date(int(year), int(month or month_zh), int(day_ or day_zh))
        except ValueError:
            raise ValueError(f"{text!r} is not a date; write it like 2024-03-05") from None
    if not FIRST_DATE <= day <= LAST_DATE:
        raise ValueError(f"{day} is out of bounds; allowed: {FIRST_DATE} to {LAST_DATE}")
    return day


__all__ = ["MAX_ROWS", "SUFFIXES", "ListError", "Rows", "check_table", "kind_of_table", "read_list", "read_table"]
