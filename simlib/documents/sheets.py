"""The numbers of a comparison as a workbook (XLSX): one sheet a table, numbers as numbers, units, and a data dictionary."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from simlib.core.files import saved, write_whole
from simlib.documents.columns import with_columns
from simlib.documents.parts import Handout
from simlib.experiments.study import HEADLINES, Study, bounds, gain
from simlib.report import differences
from simlib.report.limits import cannot
from simlib.report.report import main_tables
from simlib.see.places import place_of
from simlib.words import Words, words
from simlib.words.glossary import terms
from simlib.words.names import baseline_name, indicator_name, policy_name
from simlib.words.nodes import plain, text_lines
from simlib.words.values import unit_name
from simlib.words.wrap import width

FONT = "Microsoft YaHei"
WIDEST = 60
ABOUT = (24, 10, 110)  # widths of the first sheet's columns, in signs
LINE = 17  # points that a line is high
SHOWN = {"headline": "0.0"}  # how a sheet shows its numbers, which it holds with all their digits
_HEAD = PatternFill("solid", fgColor="DDE6F0")


def write_xlsx(study: Study, handout: Handout, target: Path) -> None:
    """Write the workbook, moved into place when whole."""
    w = words(handout.language, "documents")
    book = Workbook(write_only=True)
    tables = sheets(study, w)
    _about(book.create_sheet(w["sheet_about"]), handout, tables, w)
    for key, table in tables.items():
        _fill(book.create_sheet(w[f"sheet_{key}"]), table, SHOWN.get(key))
    write_whole(target, saved(book.save))


def sheets(study: Study, w: Words) -> dict[str, pd.DataFrame]:
    """Every table of the workbook by key, in its order."""
    tidy = main_tables(study)
    results = tidy["results"]
    found = {
        "headline": headline(study, w),
        "results": results[results["by"].isin(("all", "level"))],
        "curves": tidy["curves"],
        "sensitivity": tidy.get("sensitivity"),
        "differences": rule_differences(study, w),
        "rules": tidy["rules"],
        "assumptions": tidy["assumptions"],
        "cannot": pd.DataFrame(cannot(study, w), columns=[w["col_word"], w["col_meaning"]]),
        "glossary": pd.DataFrame(
            [(t.en, t.zh, t.meaning_en, t.meaning_zh) for t in (*terms("nouns"), *terms("glossary"))],
            columns=["en", "zh", "meaning_en", "meaning_zh"],
        ),
        "dictionary": with_columns(tidy["data_dictionary"]),
    }
    return {k: t for k, t in found.items() if t is not None and len(t)}


def headline(study: Study, w: Words) -> pd.DataFrame:
    """The two headline measures by place, rulebook and obedience: shares in per cent, gains in percentage points."""
    rows = []
    for indicator in HEADLINES:
        for degree in study.obediences:
            for (region, policy), r in study.pick(indicator, obedience=degree).iterrows():
                rows.append((
                    place_of(study, region, w), policy_name(policy, w, study.rulebooks.get(policy)), w[f"obedience_{degree}"],
                    indicator_name(indicator, w.language), unit_name(indicator, w), *(100 * x for x in bounds(r)),
                    w["points"], *(100 * x for x in gain(r)), int(r["replications"]),
                ))  # fmt: skip
    ends = [w["col_interval"] + mark for mark in (" ↓", " ↑")]
    head = ["region", "policy", "obedience", "indicator", "unit", "mean"]
    gains = [
        w["col_unit"] + " ",
        w.say("col_gain", baseline=baseline_name(study, w)),
        *(e + " " for e in ends),
    ]  # blanks tell columns of one name apart
    return pd.DataFrame(rows, columns=[*(w[f"col_{k}"] for k in head), *ends, *gains, w["col_replications"]])


def rule_differences(study: Study, w: Words) -> pd.DataFrame:
    """All compared pairs of rulebooks, a line a lever."""
    rows = []
    for a, b in differences.pairs(study):
        names = [policy_name(p, w, study.rulebooks.get(p)) for p in (a, b)]
        rows += [(*names, *row) for row in differences.rows(differences.difference(study, a, b), w)]
    only = [w.say("col_only", name=x) for x in "AB"]
    return pd.DataFrame(rows, columns=["A", "B", w["col_lever"], *only])


def _about(sheet: Worksheet, handout: Handout, tables: Mapping[str, pd.DataFrame], w: Words) -> None:
    """The first sheet: title, question, answer, and what each sheet holds."""
    for letter, wide in zip("ABC", ABOUT, strict=True):
        sheet.column_dimensions[letter].width = wide
    _on_paper(sheet)
    sheet.append([_cell(sheet, handout.title, bold=True, size=14)])
    lines, titles = [plain(t.text) for t in handout.about], set()
    for key in ("question", "answer"):
        chapter = handout.chapter(key)
        titles.add(len(lines) + 1)
        lines += [
            "",
            chapter.title,
            *(line for p in chapter.parts for line in text_lines(p)),
        ]
    for at, line in enumerate(lines, 2):
        cell = _cell(sheet, line, bold=at - 2 in titles)
        if width(line) > sum(ABOUT):  # a paragraph: across all columns, as high as it needs
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.merged_cells.add(f"A{at}:C{at}")
            sheet.row_dimensions[at].height = LINE * math.ceil(1.1 * width(line) / sum(ABOUT))
        sheet.append([cell])
    sheet.append([])
    sheet.append([_cell(sheet, w[k], bold=True, fill=True) for k in ("about_sheet", "about_rows", "about_holds")])
    for key, table in tables.items():
        cells = (w[f"sheet_{key}"], len(table), w[f"holds_{key}"])
        sheet.append([*(_cell(sheet, c) for c in cells[:2]), _beside(_cell(sheet, cells[2]))])


def _beside(cell: WriteOnlyCell) -> WriteOnlyCell:
    """A text that stands off from the number before it."""
    cell.alignment = Alignment(horizontal="left", indent=1)
    return cell


def _fill(sheet: Worksheet, table: pd.DataFrame, shown: str | None = None) -> None:
    """A table below a frozen, filtered header; shown: the format of its fractions."""
    for i, name in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(i)].width = _width(name, table[name].head(200))
    _on_paper(sheet)
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table) + 1}"
    sheet.append([_cell(sheet, str(name), bold=True, fill=True) for name in table.columns])
    for row in table.itertuples(index=False):
        sheet.append([_plain(sheet, value, shown) for value in row])


def _on_paper(sheet: Worksheet) -> None:
    """A4 lying, as many pages as it takes, none of half a row."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(name: str, values: Iterable[Any]) -> float:
    """A column's width by its longest line; Chinese signs take two places."""
    lines = (line for v in (name, *values) for line in str(round(v, 4) if isinstance(v, float) else v).split("\n"))
    return min(WIDEST, 3 + max(len(line) + sum(ord(c) > 0x2E7F for c in line) for line in lines))


def _plain(sheet: Worksheet, value: Any, shown: str | None = None) -> Any:
    """A value as a cell: numbers stay numbers, none stays empty, and no text is taken for a formula."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return _formatted(sheet, float(value), shown) if np.isfinite(value) else None
    text = "" if value is None else str(value)
    if text.startswith("=") or "\n" in text or ILLEGAL_CHARACTERS_RE.search(text):
        return _cell(sheet, text)
    if shown is not None:
        return _beside(_cell(sheet, text))
    return text  # a cell of its own with style costs ten times as much


def _formatted(sheet: Worksheet, value: float, shown: str | None) -> float | WriteOnlyCell:
    if shown is None:
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = shown
    return cell


def _cell(sheet: Worksheet, value: Any, bold: bool = False, size: float = 10, fill: bool = False) -> WriteOnlyCell:
    text = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, text)
    if isinstance(text, str):
        cell.data_type = "s"  # a text that begins with "=" is no formula
        if "\n" in text:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold or fill:
        cell.font = Font(name=FONT, bold=bold, size=size)
    if fill:
        cell.fill = _HEAD
    return cell
