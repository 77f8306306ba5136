"""Filled sheets of several experts, in either language, read and checked cell by cell."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simlib.core.complaints import nearest
from simlib.core.files import InputError
from simlib.core.hints import for_number, for_share
from simlib.core.numerals import grouped
from simlib.core.phrases import LANGUAGES
from simlib.experiments.elicitation_sheet import COLUMNS, titles
from simlib.experiments.elicited import Asked, asked, by_id
from simlib.experiments.pooling import Expert, Judgement
from simlib.world.lists import text_of
from simlib.world.lists_columns import folded
from simlib.world.lists_files import NO_VALUE, Rows, column_letter, read_table

THREE = ("low", "likely", "high")
NEEDED = ("id", *THREE)
LONGEST_NAME, LONGEST_BASIS = 60, 2000  # characters


@dataclass(frozen=True)
class Answers:
    """What was asked, and each expert with what this one said."""

    asked: tuple[Asked, ...]
    experts: tuple[Expert, ...]


def read(files: Sequence[Path]) -> Answers:
    """Read the filled sheets of several experts.

    Parameters
    ----------
    files : sequence of Path
        Filled sheets (.xlsx, or the sheet of answers as .csv), one an expert.

    Returns
    -------
    Answers
        What was asked in any of them, in the first sheet's order, and the experts in the order of the files.

    Raises
    ------
    InputError
        If a file or a cell cannot be used; the message names file, cell and remedy, and how many more cells are wrong.
    """
    experts: list[Expert] = []
    found: dict[str, None] = {}
    for path in files:
        expert, paths = _read(path)
        if same := next((e for e in experts if folded(e.name) == folded(expert.name)), None):
            words = f"the expert {expert.name!r} stands in {same.file} too"
            raise InputError(f"{expert.file}: {words}; name each file once, and give each expert another name or code")
        experts.append(expert)
        found |= dict.fromkeys(paths)
    if not any(e.judgements for e in experts):
        names = ", ".join(e.file for e in experts)
        raise InputError(f"{names}: no row is filled in; give low, likely and high of at least one number")
    return Answers(asked(tuple(found)), tuple(experts))


def _read(path: Path) -> tuple[Expert, list[str]]:
    """An expert with all judgements, and the paths of all numbers that this one was asked for."""
    rows = read_table(path, titles("sheet_answers"))
    places = _places(rows)
    judgements: dict[str, Judgement] = {}
    seen: dict[str, int] = {}
    lines = list(rows.odd)
    for number, cells in rows.rows:
        try:
            path_of = _path_of(number, cells[places["id"]], places["id"], seen)
            a = asked((path_of,))[0]
            _same_unit(a, number, cells, places)
            judgement = _judgement(a, number, cells, places)
        except ValueError as e:
            lines.append(str(e))
            continue
        if judgement:
            judgements[path_of] = judgement
    if lines:
        more = f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""
        raise InputError(f"{rows.file}: {lines[0]}{more}")
    return Expert(_name(path), rows.file, judgements), list(seen)


def _places(rows: Rows) -> dict[str, int]:
    """Where each column stands, by its heading in any language; InputError for one that is missing or there twice."""
    places: dict[str, int] = {}
    for key in COLUMNS:
        heads = titles(f"col_{key}")
        known = {folded(h) for h in heads}
        found = [i for i, h in enumerate(rows.header) if folded(h) in known]
        where = f"{rows.file}: row {rows.header_row}"
        if not found and key in NEEDED:
            words = f"column {' or '.join(map(repr, heads))} is missing"
            raise InputError(f"{where}: {words}; leave the headings as simlib elicit sheet writes them")
        if len(found) > 1:
            both = " and ".join(f"{column_letter(i + 1)}{rows.header_row}" for i in found[:2])
            raise InputError(f"{where}: {both} have the same heading; keep one of the two columns")
        places |= {key: found[0]} if found else {}
    return places


def _path_of(number: int, cell: Any, column: int, seen: dict[str, int]) -> str:
    """The path of the number that a row is about; ValueError for an unknown id, or one that an earlier row has."""
    where, text, known = f"cell {column_letter(column + 1)}{number}", "" if cell is None else text_of(cell), by_id()
    if not text:
        raise ValueError(f"{where}: the id is missing; write it as the sheet had it, or delete the row")
    path = {folded(i): p for i, p in known.items()}.get(folded(text))
    if path is None:
        words = f"{text!r} is the id of no assumed number{nearest(text, known)}"
        raise ValueError(f"{where}: {words}; write it as the sheet had it, or delete the row")
    if path in seen:
        raise ValueError(f"{where}: {text} stands in row {seen[path]} too; delete one of the two rows")
    seen[path] = number
    return path


def _same_unit(a: Asked, number: int, cells: Sequence[Any], places: dict[str, int]) -> None:
    """ValueError where a sheet of another version asked for the number in another unit."""
    if "unit" not in places or (cell := cells[places["unit"]]) is None:
        return
    units = [a.unit(n) for n in LANGUAGES]
    if folded(text_of(cell)) not in map(folded, units):
        where = f"cell {column_letter(places['unit'] + 1)}{number}"
        words = f"{a.assumption.id} is asked for in {units[0]}, not in {text_of(cell)!r}"
        raise ValueError(f"{where}: {words}; ask anew with a sheet of this version")


def _judgement(a: Asked, number: int, cells: Sequence[Any], places: dict[str, int]) -> Judgement | None:
    """The three numbers of a row, None where all are open; ValueError with cell and remedy."""
    at = {k: f"{column_letter(places[k] + 1)}{number}" for k in THREE}
    given = {k: cells[places[k]] for k in THREE}
    if all(cell is None for cell in given.values()):
        return None
    for k in THREE:
        if given[k] is None:
            raise ValueError(f"cell {at[k]}: {k} is missing; give low, likely and high, or leave all three empty")
    low, likely, high = (_number(a, given[k], at[k]) for k in THREE)
    for (k, x), (m, y) in ((("low", low), ("likely", likely)), (("likely", likely), ("high", high))):
        if x > y:
            both = f"{k} {x:g} is above {m} {y:g} in {at[m]}"
            raise ValueError(f"cell {at[k]}: {both}; write the three in rising order")
    basis = cells[places["basis"]] if "basis" in places else None
    return Judgement(low, likely, high, "" if basis is None else text_of(basis)[:LONGEST_BASIS])


def _number(a: Asked, cell: Any, at: str) -> float:
    """A cell as a number that the model can have; ValueError with cell and remedy."""
    if cell is NO_VALUE:
        raise ValueError(f"cell {at}: a formula without stored value; save the file in Excel, or write the value")
    text = text_of(cell)
    if isinstance(cell, (bool, datetime.date, datetime.time)) or not (
        isinstance(cell, (int, float)) or _is_plain(text)
    ):
        remedy = for_number(text) or "; write a number"
        raise ValueError(f"cell {at}: {text!r} is no number{remedy}")
    x = float(text if isinstance(cell, str) else cell)
    if a.whole and not x.is_integer():
        raise ValueError(f"cell {at}: {x:g} is no whole number; it counts {a.unit('en')}")
    if not a.low <= x <= a.high:
        ends = " to ".join(grouped(f"{end:.15g}") for end in (a.low, a.high))
        remedy = for_share(x) if a.is_share else ""
        raise ValueError(f"cell {at}: {x:g} is out of bounds; allowed: {ends}{remedy}")
    if wrong := a.complaint(x):
        raise ValueError(f"cell {at}: {x:g} is not allowed: {wrong}")
    return x


def _is_plain(text: str) -> bool:
    """Whether a text is a number as Excel would take it."""
    try:
        return abs(float(text)) < float("inf")
    except ValueError:
        return False


def _name(path: Path) -> str:
    """The expert's name or code of the sheet of instructions; the file's own name where that is empty or not there."""
    if path.suffix.lower() != ".xlsx":
        return path.stem
    try:
        rows = read_table(path, titles("sheet_about"))
    except InputError:  # somebody sent the sheet of answers alone
        return path.stem
    return next(_names(rows), path.stem)


def _names(rows: Rows) -> Iterator[str]:
    known = {folded(t) for t in titles("expert")}
    for _, (head, *cells) in rows.rows:
        if head is not None and folded(text_of(head)) in known:
            yield from (text_of(c)[:LONGEST_NAME] for c in cells[:1] if c is not None)
