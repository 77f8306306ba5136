"""The workbook that experts fill in: instructions, a sheet of questions with empty cells, and what the model assumes now.

What is assumed now stands on the last sheet, to be opened when all is answered: a number that one has seen draws one's own
judgement towards it (A. Tversky and D. Kahneman, Judgment under uncertainty, Science 185, 1974, 1124-1131).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from simlib.core.files import InputError, saved, shown, write_whole
from simlib.core.phrases import LANGUAGES, texts
from simlib.experiments.elicited import Asked, asked

COLUMNS = ("id", "question", "unit", "low", "likely", "high", "basis")  # of the sheet of questions
WIDTHS = (10, 62, 16, 12, 12, 12, 44)
PRESENT = ("id", "name", "unit", "low_now", "value_now", "high_now", "reason")  # of what is assumed now
ABOUT = (26, 96)
ANSWERS = slice(3, 6)  # low, likely, high
LINE = 16  # points that a line is high
INSTRUCTIONS = ("what", "three", "likely_says", "surprise", "open", "basis_says", "alone", "present_says", "back")
_HEAD, _GREY, _INPUT = (PatternFill("solid", fgColor=c) for c in ("DDE6F0", "F2F2F2", "FFF8DC"))
_TOP = Alignment(wrap_text=True, vertical="top")
_UNLOCKED = Protection(locked=False)


def sheet(path: Path, paths: Sequence[str] = (), language: str = "en") -> tuple[Asked, ...]:
    """Write a sheet for experts to a new .xlsx file.

    Parameters
    ----------
    path : Path
        The file; one that is there already is not overwritten.
    paths : sequence of str, optional
        The assumed numbers to ask for, in their order; those of `scenarios/elicitation.yaml` if left out.
    language : {"en", "zh"}
        Language of the sheet.

    Returns
    -------
    tuple of Asked
        What is asked.

    Raises
    ------
    InputError
        If a path is no assumed number with a range, or the file cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise InputError(f"{shown(path)}: the name of a sheet for experts ends in .xlsx")
    if path.exists() or path.is_symlink():
        raise InputError(f"{shown(path)}: exists already; choose another name")
    if not path.parent.is_dir():
        raise InputError(f"{shown(path)}: there is no folder {shown(path.parent)}")
    found = asked(paths)
    write_whole(path, saved(_book(found, language).save))
    return found


def titles(key: str) -> tuple[str, ...]:
    """A sheet's name or a column's heading in every language."""
    return tuple(texts("elicitation", n)[key] for n in LANGUAGES)


def _book(found: Sequence[Asked], language: str) -> Workbook:
    w, book = texts("elicitation", language), Workbook()
    first = book.active
    first.title = w["sheet_about"]
    _about(first, w)
    _questions(book.create_sheet(w["sheet_answers"]), found, language)
    _present(book.create_sheet(w["sheet_present"]), found, language)
    for page in book.worksheets:
        _protect(page)
    return book


def _about(page: Worksheet, w: Any) -> None:
    """Title, name or code, and the instructions, a row a paragraph."""
    _put(page, 1, (w["title"], None))
    page["A1"].font = Font(bold=True, size=14)
    page["A1"].alignment = Alignment(wrap_text=False)
    for row, key in ((3, "expert"), (4, "date")):
        _put(page, row, (w[key], None))
        _open(page.cell(row, 2))
        _high(page, row, ABOUT)
    for row, key in enumerate(INSTRUCTIONS, 6):
        _put(page, row, (w[f"{key}_head"], w[f"{key}_text"]))
        _high(page, row, ABOUT)
    for letter, wide in zip("AB", ABOUT, strict=True):
        page.column_dimensions[letter].width = wide
    for row in page.iter_rows(min_row=3, max_col=1):
        row[0].font = Font(bold=True)


def _questions(page: Worksheet, found: Sequence[Asked], language: str) -> None:
    """A row a number: what is asked in grey, what is to be filled in beside it."""
    w = texts("elicitation", language)
    _head(page, [w[f"col_{c}"] for c in COLUMNS], WIDTHS)
    for row, a in enumerate(found, 2):
        _put(page, row, (a.assumption.id, getattr(a.question, language), a.unit(language), *[None] * 4))
        _high(page, row, WIDTHS)
        for cell in page[row][:3]:
            cell.fill = _GREY
        for cell in page[row][3:]:
            _open(cell)
        for cell in page[row][ANSWERS]:
            cell.number_format = "0.0%" if a.is_share else "0" if a.whole else "General"
        page.add_data_validation(_allowed(a, row, w))


def _allowed(a: Asked, row: int, w: Any) -> DataValidation:
    """What the three cells of a row take, said when one of them is chosen or filled in otherwise."""
    low, high = (f"{x:.15g}" for x in (a.low, a.high))
    rule = DataValidation(type="whole" if a.whole else "decimal", operator="between", formula1=low, formula2=high)
    rule.allow_blank, rule.showErrorMessage, rule.showInputMessage = True, True, True
    rule.errorTitle, rule.promptTitle = w["not_allowed"], w["col_answers"]
    kind = "share" if a.is_share else "whole" if a.whole else "number"
    rule.prompt = w["prompt"]
    rule.error = w[f"allowed_{kind}"].format(low=low, high=high)
    rule.add(f"D{row}:F{row}")
    return rule


def _present(page: Worksheet, found: Sequence[Asked], language: str) -> None:
    """What the model assumes now, with range and reason."""
    w = texts("elicitation", language)
    _head(page, [w[f"col_{c}"] for c in PRESENT], WIDTHS)
    for row, a in enumerate(found, 2):
        low, value, high = (round(x, 4) for x in a.present())
        name = getattr(a.assumption.name, language)
        _put(page, row, (a.assumption.id, name, a.unit(language), low, value, high, a.assumption.why(language)))
        _high(page, row, WIDTHS)
        for cell in page[row][ANSWERS]:
            cell.number_format = "0.0%" if a.is_share else "General"
    page.sheet_properties.tabColor = "999999"


def _head(page: Worksheet, names: Sequence[str], widths: Sequence[float]) -> None:
    """A frozen first row, columns as wide as they need be, and what a printed page takes."""
    _put(page, 1, names)
    for i, (cell, wide) in enumerate(zip(page[1], widths, strict=True), 1):
        cell.font, cell.fill = Font(bold=True), _HEAD
        page.column_dimensions[get_column_letter(i)].width = wide
    _high(page, 1, widths)
    page.freeze_panes, page.print_title_rows = "A2", "1:1"


def _put(page: Worksheet, row: int, values: Iterable[Any]) -> None:
    """Values as cells; a text stays a text, whatever sign it begins with."""
    for column, value in enumerate(values, 1):
        cell = page.cell(row, column, value)
        cell.alignment = _TOP
        if isinstance(value, str):
            cell.data_type = "s"


def _open(cell: Cell) -> None:
    """A cell to be filled in."""
    cell.fill, cell.protection, cell.alignment = _INPUT, _UNLOCKED, _TOP


def _high(page: Worksheet, row: int, widths: Sequence[float]) -> None:
    """A row as high as its longest text needs, since programs other than Excel do not find out by themselves."""
    lines = [math.ceil(1.1 * _places(str(c.value or "")) / wide) for c, wide in zip(page[row], widths, strict=True)]
    page.row_dimensions[row].height = LINE * max(1, *lines)


def _places(text: str) -> int:
    """How many places a text takes; a Chinese sign takes two."""
    return sum(1 + (ord(c) > 0x2E7F) for c in text)


def _protect(page: Worksheet) -> None:
    """Only what is to be filled in can be changed (no password); widths and heights can. A4 lying, as wide as a page."""
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
