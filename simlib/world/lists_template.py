"""Templates of the lists: header, two example rows and, in a workbook, a sheet that explains every column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from simlib.core.files import InputError, one_of, saved, shown, write_whole
from simlib.core.phrases import LANGUAGES, texts
from simlib.world.lists_columns import COLUMNS, Column, Kind, Language
from simlib.world.lists_files import MAX_ROWS

HEADS = ("head_column", "head_needed", "head_says", "head_allowed", "head_names")  # of the sheet that explains columns


def write_template(kind: Kind, path: Path, language: Language = "en") -> None:
    """Write a template list to a new .xlsx or .csv; InputError where that cannot be done."""
    if kind not in COLUMNS:
        raise InputError(one_of(kind, COLUMNS, "kind of list"))
    if language not in LANGUAGES:
        raise InputError(one_of(language, LANGUAGES, "language"))
    check_name(path)
    write_whole(path, as_csv(_table(kind, language)) if path.suffix.lower() == ".csv" else _as_xlsx(kind, language))


def check_name(path: Path) -> None:
    """InputError where a template cannot be written to this path: another ending, taken already, no folder."""
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise InputError(f"{shown(path)}: the name of a template ends in .xlsx or .csv")
    if path.exists() or path.is_symlink():
        raise InputError(f"{shown(path)}: exists already; choose another name")
    if not path.parent.is_dir():
        raise InputError(f"{shown(path)}: there is no folder {shown(path.parent)}")


def _table(kind: Kind, language: Language) -> list[list[Any]]:
    columns = COLUMNS[kind]
    return [[c.name(language) for c in columns], *([c.examples[language][i] for c in columns] for i in range(2))]


def as_csv(table: Iterable[Iterable[Any]]) -> bytes:
    """A table as a CSV file, with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(table)
    return out.getvalue().encode("utf-8-sig")


def _as_xlsx(kind: Kind, language: Language) -> bytes:
    said = texts("lists", language)
    book = Workbook()
    sheet = book.active
    sheet.title = said[f"sheet_{kind}"]
    for cells in _table(kind, language):
        sheet.append(cells)
    for i, column in enumerate(COLUMNS[kind], 1):
        letter = get_column_letter(i)
        sheet.column_dimensions[letter].width = 28 if column.form == "text" else 18
        if column.form == "date":
            for row in range(2, 4):
                sheet[f"{letter}{row}"].number_format = "yyyy-mm-dd"
        if column.words:
            sheet.add_data_validation(_choices(column, letter, language))
    _head(sheet)
    _explain(book.create_sheet(said["sheet_columns"]), kind, language)
    return saved(book.save)


def _choices(column: Column, letter: str, language: Language) -> DataValidation:
    """The drop-down of a choice column; where several words may be given it proposes but does not refuse."""
    allowed = ",".join(column.allowed(language))
    rule = DataValidation(type="list", formula1=f'"{allowed}"', allow_blank=True)
    rule.showErrorMessage = column.form == "choice"
    rule.errorTitle = column.name(language)
    rule.error = (texts("lists", language)["choose"] + allowed)[:255]
    rule.add(f"{letter}2:{letter}{MAX_ROWS + 1}")
    return rule


def _head(sheet: Worksheet) -> None:
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE6F0")
    sheet.freeze_panes = "A2"


def _explain(sheet: Worksheet, kind: Kind, language: Language) -> None:
    said = texts("lists", language)
    sheet.append([said[head] for head in HEADS])
    for c in COLUMNS[kind]:
        own = c.name(language)
        others = ", ".join(n for n in c.names if n != own)
        sheet.append(
            [
                own,
                said["needed" if c.required else "not_needed"],
                getattr(c, language),
                ", ".join(c.allowed(language)) or None,
                others,
            ]
        )
    sheet.append([])
    sheet.append([said["advice"]])
    for letter, width in zip("ABCDE", (20, 10, 60, 60, 50), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2, max_row=len(COLUMNS[kind]) + 1):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    _head(sheet)
