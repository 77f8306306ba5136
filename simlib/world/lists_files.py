"""Reading a table from CSV (UTF-8 or GB18030) or XLSX as it is: cells and the row numbers that Excel shows.

openpyxl is imported where a workbook is read: it takes a quarter of a second, and most lists are CSV.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simlib.core.files import InputError, shown
from simlib.core.numerals import grouped

MAX_ROWS = 200_000
MAX_COLUMNS = 200
LAST_ROW = 1_048_576  # of an Excel sheet
MAX_FILE = 20_000_000
MAX_UNPACKED = 120_000_000  # a sheet of MAX_ROWS hospitals has half of it
MAX_TEXTS = 30_000_000  # of the texts that cells share, which are read as a whole
MAX_RATIO = 250  # of unpacked to packed; sheets have 10 to 40
_CHUNK, _KEEP = 1 << 20, 1 << 12
_TELLING = re.compile(
    rb'<c [^>]*?r="(?P<cell>[A-Z]+\d+)"[^>]*>\s*<f[ >/]'
    rb'|<row (?P<row>[^>]*?hidden="(?:1|true)"[^>]*)>'
    rb'|<mergeCell [^>]*?ref="(?P<merged>[^"]+)"'
)


class _NoValue:
    """Stands for a formula that was saved without its result."""

    def __repr__(self) -> str:
        return "a formula without stored value"


NO_VALUE = _NoValue()


@dataclass(frozen=True)
class Rows:
    """A table as it stands in a file: its header, the rows below it that are not empty, and what is odd about it.

    header: as the user wrote it, "" where a column has no name. rows: (row number as Excel shows it, cells), each as
    long as the longest. odd: complaints that belong to no column (merged cells, hidden rows, too many rows).
    """

    file: str
    header_row: int
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]
    odd: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Marks:
    """What a sheet's own text tells beyond values: cells with formulas, hidden rows, merged ranges."""

    formulas: frozenset[str]
    hidden: frozenset[int]
    merged: tuple[str, ...]


def read_table(path: Path, titles: tuple[str, ...] = ()) -> Rows:
    """Read a .csv, or the first visible sheet of an .xlsx; InputError where that is not possible.

    titles: names of which the sheet has one, if it is not the first.
    """
    name = shown(path)
    if not path.is_file():
        raise InputError(f"{name}: {'is a folder' if path.is_dir() else 'no such file'}")
    if path.stat().st_size > MAX_FILE:
        raise InputError(f"{name}: larger than {grouped(MAX_FILE)} bytes")
    match path.suffix.lower():
        case ".csv":
            return _rows(name, enumerate(_csv(path, name), 1), None)
        case ".xlsx":
            return _xlsx(path, name, titles)
    raise InputError(f"{name}: {path.suffix or 'a file without ending'} is not read; save it as .xlsx or .csv")


def _csv(path: Path, name: str) -> Iterator[list[Any]]:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError(f"{name}: neither UTF-8 nor GB18030; save it in Excel as 'CSV UTF-8' or as .xlsx")
    if "\0" in text:
        raise InputError(f"{name}: not text; save it in Excel as 'CSV UTF-8' or as .xlsx")
    first = text.lstrip().split("\n", 1)[0]
    comma = next((c for c in (",", "\t", ";") if c in first), ",")
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True):
            yield [cell if cell.strip() else None for cell in row]
    except csv.Error as e:
        raise InputError(f"{name}: not CSV: {e}; is a quotation mark left open?") from None


def column_letter(number: int) -> str:
    """The name of a column in Excel, counted from 1."""
    from openpyxl.utils import get_column_letter

    return get_column_letter(number)


def _xlsx(path: Path, name: str, titles: tuple[str, ...]) -> Rows:
    from openpyxl import load_workbook

    try:
        _check_members(path, name)
        book = load_workbook(path, read_only=True, data_only=True)
    except InputError:
        raise
    except Exception as e:  # whatever a damaged archive makes of openpyxl
        reason = "an old .xls, locked by a password, or damaged?"
        raise InputError(f"{name}: not an Excel workbook (.xlsx): {reason} ({type(e).__name__})") from None
    try:
        named = [s for s in book.worksheets if not titles or s.title in titles]
        sheet = next((s for s in named if s.sheet_state == "visible"), None)
        if sheet is None:
            raise InputError(f"{name}: the workbook has no visible sheet{_called(titles)}")
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        marks = _marks(path, sheet._worksheet_path)
        rows = _rows(name, _numbered(name, sheet.iter_rows(values_only=True)), marks)
        others = [s for s in book.worksheets if s is not sheet and s.sheet_state == "visible"]
        return replace(rows, odd=(*rows.odd, *(_more(s.title) for s in others if _is_like(s, rows.header))))
    except InputError:
        raise
    except Exception as e:
        raise InputError(f"{name}: the first sheet cannot be read: {' '.join(str(e).split())[:200]}") from None
    finally:
        book.close()


def _called(titles: tuple[str, ...]) -> str:
    return f" called {' or '.join(map(repr, titles))}" if titles else ""


def _more(title: str) -> str:
    return f"sheet {title!r} has the columns of the first sheet, which alone is read; put all rows in one sheet"


def _is_like(sheet: Any, header: tuple[str, ...]) -> bool:
    """Whether another sheet begins with the same headings."""
    sheet.reset_dimensions()
    first = next((r for r in sheet.iter_rows(max_row=10, values_only=True) if any(c is not None for c in r)), ())
    own = {h for h in header if h}
    return len(own) > 1 and len(own & {" ".join(str(c).split()) for c in first}) > len(own) / 2


def _check_members(path: Path, name: str) -> None:
    """InputError for an archive that unpacks to more than any list, before anything of it is unpacked."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    texts = sum(m.file_size for m in members if m.filename.endswith("sharedStrings.xml"))
    if sum(m.file_size for m in members) > MAX_UNPACKED or texts > MAX_TEXTS:
        raise InputError(
            f"{name}: unpacks to more than {grouped(MAX_UNPACKED)} bytes, {grouped(MAX_TEXTS)} of them texts; keep the list alone"
        )
    if any(m.file_size > max(_CHUNK, MAX_RATIO * m.compress_size) for m in members):
        raise InputError(f"{name}: is packed as no sheet is (more than {MAX_RATIO} to 1); save it in Excel anew")


def _numbered(name: str, rows: Iterable[tuple]) -> Iterator[tuple[int, list[Any]]]:
    """The rows that hold anything, with their numbers. A row may say any number of itself: those before it come empty."""
    for number, cells in enumerate(rows, 1):
        if number > LAST_ROW:
            raise InputError(
                f"{name}: a row says that it is beyond row {grouped(LAST_ROW)}, the last of a sheet; save it in Excel anew"
            )
        if cells:
            yield number, list(cells)


def _marks(path: Path, member: str) -> _Marks:
    """Formulas, hidden rows and merged cells from the sheet's XML, piece by piece: read-only sheets do not tell them."""
    formulas, hidden, merged = set(), set(), []
    with zipfile.ZipFile(path) as archive, archive.open(member.lstrip("/")) as stream:
        rest = b""
        while True:
            chunk = stream.read(_CHUNK)
            text = rest + chunk
            done = 0
            for m in _TELLING.finditer(text):
                done = m.end()
                if m["cell"]:
                    formulas.add(m["cell"].decode())
                elif m["merged"]:
                    merged.append(m["merged"].decode())
                elif number := re.search(rb'\br="(\d+)"', m["row"]):
                    hidden.add(int(number[1]))
            if not chunk:
                return _Marks(frozenset(formulas), frozenset(hidden), tuple(merged))
            rest = text[max(done, len(text) - _KEEP) :]


def _rows(name: str, numbered: Iterable[tuple[int, list[Any]]], marks: _Marks | None) -> Rows:
    header: list[Any] | None = None
    header_row = 0
    found: list[tuple[int, tuple[Any, ...]]] = []
    odd: list[str] = []
    for number, cells in numbered:
        if marks and marks.formulas:
            cells = [
                NO_VALUE if c is None and f"{column_letter(i)}{number}" in marks.formulas else c
                for i, c in enumerate(cells, 1)
            ]
        cells = [None if isinstance(c, str) and not c.strip() else c for c in cells]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise InputError(
                f"{name}: row {number}: {grouped(len(cells))} columns; a list has a few, and at most {MAX_COLUMNS} are read"
            )
        if header is None:
            header, header_row = cells, number
            continue
        if len(found) == MAX_ROWS:
            odd.append(f"row {number}: more than {grouped(MAX_ROWS)} rows; the rest was not looked at")
            break
        if marks and number in marks.hidden:
            odd.append(f"row {number}: the row is hidden but holds data; show it or delete it")
        found.append((number, tuple(cells)))
    if header is None:
        raise InputError(f"{name}: the table is empty{' (the first sheet that can be seen is read)' if marks else ''}")
    width = max(len(header), max((len(c) for _, c in found), default=0))
    names = tuple(" ".join(str(c).split()) if c is not None else "" for c in header) + ("",) * (width - len(header))
    last = found[-1][0] if found else header_row
    odd += [f"row {m[1]}: cells {m[0]} are merged; split them" for m in _merged(marks, header_row, last)]
    padded = tuple((n, c + (None,) * (width - len(c))) for n, c in found)
    return Rows(name, header_row, names, padded, tuple(odd))


def _merged(marks: _Marks | None, first: int, last: int) -> list[tuple[str, int]]:
    """Merged ranges that touch the table, with their first rows."""
    from openpyxl.utils import range_boundaries

    ranges = [(m, range_boundaries(m)) for m in marks.merged] if marks else []
    return [(m, b[1]) for m, b in ranges if b[3] >= first and b[1] <= last]
