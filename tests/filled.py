"""A template as a user fills it in: other names, and other numbers, in place of the examples."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl

SHARES = {14: 15, 9: 8}  # of the template of observed shares


def fill_in(path: Path) -> None:
    """Put own data in place of the two examples of a .csv or .xlsx template."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = list(csv.reader(file))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *([_own(cell) for cell in row] for row in rows)])
        return
    book = openpyxl.load_workbook(path)
    for row in book.worksheets[0].iter_rows(min_row=2):
        for cell in row:
            cell.value = _own(cell.value)
    book.save(path)


def _own(cell: Any) -> Any:
    if isinstance(cell, str) and not cell.isdecimal():
        return cell.replace("Example", "My").replace("示例", "某")
    return SHARES.get(int(cell), cell) if isinstance(cell, int) or (isinstance(cell, str) and cell) else cell


def answer(path: Path, names: tuple[str, ...]) -> None:
    """Copies of a sheet for experts beside it, each filled in by one of these names."""
    for k, name in enumerate(names):
        book = openpyxl.load_workbook(path)
        book.worksheets[0]["B3"] = name
        for at, value in zip(("D2", "E2", "F2"), (10, 20, 30), strict=True):
            book.worksheets[1][at] = value + 5 * k
        book.save(path.with_name(f"{name}.xlsx"))
