"""The columns of a list of observed stocking, in its two shapes, and the templates to fill in."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from simlib.core.files import InputError, one_of, shown
from simlib.world.lists import bare
from simlib.world.lists_columns import HOSPITALS, Column, Language, folded
from simlib.world.lists_files import Rows
from simlib.world.lists_template import check_name

LEVEL = next(c for c in HOSPITALS if c.key == "level")
NUMBERS: dict[str, tuple[float, float, bool]] = {  # lowest, highest, whole
    "months": (0, 240, False), "stocked": (0, 1_000_000, True), "of": (1, 1_000_000, True),
}  # fmt: skip


def _column(
    key: str,
    names: tuple[str, ...],
    form: Any,
    en: str,
    zh: str,
    examples: tuple,
    required=True,
    examples_zh: tuple = (),
) -> Column:
    both: dict[Language, tuple[Any, Any]] = {"en": examples, "zh": examples_zh or examples}
    return Column(key, names, form, required, en, zh, both)


SHARES = (
    LEVEL,
    _column(
        "months", ("months", "月数", "批准后月数", "months since approval", "months after approval", "month"), "text",
        "Months since the drug's approval, 0 to 240.", "药品批准后的月数，0至240。", (12, 24),
    ),
    _column(
        "stocked", ("stocked", "已配备", "已配备数", "配备数"), "text",
        "How many of the pairs of drug and hospital looked at had the drug as regular stock by then.",
        "所查看的药品与医院组合中，届时已正式配备的数目。", (14, 9),
    ),
    _column(
        "of", ("of", "总数", "组合总数", "looked at", "total"), "text",
        "How many pairs of drug and hospital were looked at (drugs approved as long ago, at hospitals that treat the disease).",
        "所查看的药品与医院组合总数（批准已满该月数的药品，诊治该病的医院）。", (120, 60),
    ),
)  # fmt: skip

PAIRS = (
    _column(
        "drug", ("drug", "药品", "药品名称", "通用名"), "text", "The drug.", "药品。", ("Drug A", "Drug B"),
        examples_zh=("示例药品甲", "示例药品乙"),
    ),
    _column(
        "hospital", ("hospital", "医院", "医院名称"), "text", "The hospital.", "医院。", ("Hospital A", "Hospital B"),
        examples_zh=("示例医院甲", "示例医院乙"),
    ),
    LEVEL,
    _column(
        "approved", ("approved", "批准日期", "approval", "approval date"), "date",
        "Day of the drug's approval.", "药品批准日期。", (date(2023, 3, 10), date(2023, 6, 30)),
    ),
    _column(
        "stock", ("stock date", "配备日期", "stocked on", "stock"), "date",
        "First day of regular stock; empty if there was none up to the last look.", "首次正式配备日期；截至查看日未配备则留空。",
        (date(2024, 5, 20), None), required=False,
    ),
    _column(
        "observed", ("observed until", "查看日期", "observed", "last look"), "date",
        "The last day on which somebody looked.", "最后一次查看的日期。", (date(2025, 6, 30), date(2025, 6, 30)),
    ),
)  # fmt: skip

KINDS = {"observed": SHARES, "observed-pairs": PAIRS}
_ADVICE = {
    "en": "Replace the two example rows. Then: simlib check FILE, and simlib overlay SCENARIO FILE FIGURE.svg",
    "zh": "请将两行示例替换为实际数据，然后运行：simlib check 文件名，以及 simlib overlay 情景 文件名 图.svg",
}


def shape_of(rows: Rows) -> str | None:
    """ "observed" or "observed-pairs" by a table's columns; None if it is neither."""
    written = {folded(bare(h)) for h in rows.header if h}
    found = {k: sum(bool(written & c.headings) for c in columns if c is not LEVEL) for k, columns in KINDS.items()}
    best = max(found, key=lambda k: found[k])
    return best if found[best] >= 2 else None


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
    try:
        if path.suffix.lower() == ".csv":
            with path.open("x", encoding="utf-8-sig", newline="") as file:  # with the mark by which Excel knows UTF-8
                csv.writer(file).writerows(table)
        else:
            with path.open("xb") as file:
                _book(columns, table, language).save(file)
    except OSError as e:
        raise InputError(f"{shown(path)}: cannot be written: {e.strerror or e}") from None


def _book(columns: tuple[Column, ...], table: list[list[Any]], language: Language) -> Workbook:
    """The table below a frozen head, and a sheet that explains every column."""
    book = Workbook()
    first, second = book.active, book.create_sheet("columns" if language == "en" else "填写说明")
    first.title = "observed" if language == "en" else "实际配备"
    for row in table:
        first.append(row)
    for c in columns:
        second.append([c.name(language), getattr(c, language), ", ".join(c.allowed(language))])
    second.append([])
    second.append([_ADVICE[language]])
    for i in range(1, len(columns) + 1):
        first.column_dimensions[get_column_letter(i)].width = 18
        first.cell(1, i).font, first.cell(1, i).fill = Font(bold=True), PatternFill("solid", fgColor="DDE6F0")
    for row in second.iter_rows(max_row=len(columns)):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    second.column_dimensions["A"].width, second.column_dimensions["B"].width = 20, 80
    first.freeze_panes = "A2"
    return book
