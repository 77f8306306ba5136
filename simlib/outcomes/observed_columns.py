"""The columns of a list of observed stocking, in its two shapes, and the templates to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from simlib.core.files import InputError, one_of, saved, write_whole
from simlib.core.phrases import Texts, side_by_side, texts
from simlib.world.lists import bare
from simlib.world.lists_columns import HOSPITALS, Column, Language, folded
from simlib.world.lists_files import Rows
from simlib.world.lists_template import as_csv, check_name

LEVEL = next(c for c in HOSPITALS if c.key == "level")
NUMBERS: dict[str, tuple[float, float, bool]] = {  # lowest, highest, whole
    "months": (0, 240, False), "stocked": (0, 1_000_000, True), "of": (1, 1_000_000, True),
}  # fmt: skip


_TEXTS = Texts("observed", side_by_side)


def _column(key: str, form: Any, examples: tuple[Any, Any] | None = None, required: bool = True) -> Column:
    """A column with its headings and what it says in both languages; examples: where they are no words."""
    en, zh = (heads.split("; ") for heads in _TEXTS[f"{key}_heads"])
    said = zip(*(_TEXTS[f"{key}_example_{i}"] for i in (1, 2)), strict=True) if examples is None else (examples,) * 2
    shown: dict[Language, Any] = dict(zip(("en", "zh"), said, strict=True))
    return Column(key, (en[0], zh[0], *zh[1:], *en[1:]), form, required, *_TEXTS[f"{key}_says"], shown)


SHARES = (
    LEVEL,
    _column("months", "text", (12, 24)),
    _column("stocked", "text", (14, 9)),
    _column("of", "text", (120, 60)),
)
PAIRS = (
    _column("drug", "text"),
    _column("hospital", "text"),
    LEVEL,
    _column("approved", "date", (date(2023, 3, 10), date(2023, 6, 30))),
    _column("stock", "date", (date(2024, 5, 20), None), required=False),
    _column("observed", "date", (date(2025, 6, 30), date(2025, 6, 30))),
)
KINDS = {"observed": SHARES, "observed-pairs": PAIRS}


def shape_of(rows: Rows) -> str | None:
    """ "observed" or "observed-pairs" by a table's columns; None if it is neither."""
    written = {folded(bare(h)) for h in rows.header if h}
    found = {k: {c.key for c in columns if c is not LEVEL and written & c.headings} for k, columns in KINDS.items()}
    best = max(found, key=lambda k: len(found[k]))
    if found[best] == {"drug", "approved"}:  # as a list of drugs may call two of its columns
        return None
    return best if len(found[best]) >= 2 else None


def by_columns(rows: Rows) -> tuple[Column, ...]:
    """The shape that a table has by its columns; InputError for neither."""
    shape = shape_of(rows)
    if shape is None:
        listed = "; or ".join(", ".join(c.names[0] for c in columns if c.required) for columns in KINDS.values())
        raise InputError(f"{rows.file}: row {rows.header_row}: not observed stocking; the columns needed are {listed}")
    return KINDS[shape]


def write_template(kind: str, path: Path, language: Language = "en") -> None:
    """Write an example list to a new .xlsx or .csv; InputError where that cannot be done."""
    if kind not in KINDS:
        raise InputError(one_of(kind, KINDS, "kind of list"))
    check_name(path)
    columns = KINDS[kind]
    table = [[c.name(language) for c in columns], *([c.examples[language][i] for c in columns] for i in range(2))]
    write_whole(path, as_csv(table) if path.suffix.lower() == ".csv" else saved(_book(columns, table, language).save))


def _book(columns: tuple[Column, ...], table: list[list[Any]], language: Language) -> Workbook:
    """The table below a frozen head, and a sheet that explains every column."""
    book = Workbook()
    said = texts("observed", language)
    first, second = book.active, book.create_sheet(said["sheet_help"])
    first.title = said["sheet_list"]
    for row in table:
        first.append(row)
    for c in columns:
        second.append([c.name(language), getattr(c, language), ", ".join(c.allowed(language))])
    second.append([])
    second.append([said["advice"]])
    for i in range(1, len(columns) + 1):
        first.column_dimensions[get_column_letter(i)].width = 18
        first.cell(1, i).font, first.cell(1, i).fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
    for row in second.iter_rows(max_row=len(columns)):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    second.column_dimensions["A"].width, second.column_dimensions["B"].width = 20, 80
    first.freeze_panes = "A2"
    return book
