"""Tables as HTML, and what in a text must not be broken over two lines."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Sequence

from simlib.words import LANGUAGES, words
from simlib.words.values import DASH
from simlib.words.wrap import width

_NUMBER = re.compile(r"[+−-]?[0-9][0-9.,]*(%|$| |[(])")


class Raw(str):
    """Text that is HTML already."""


_MARKED_NUMBER = re.compile(r"[−+]?\d[\d.,]*%? ?(?:\(|<span|<br|$)")  # with its interval, and its difference below


def html_table(head: Sequence[str], rows: Iterable[Sequence[object]], caption: str = "", classes: str = "") -> Raw:
    """A table; cells are escaped unless they are `Raw`; columns of numbers stand right."""
    rows = [list(row) for row in rows]
    right = [numeric(column) for column in zip(*rows, strict=True)] or [False] * len(head)
    parts = [f'<div class="scroll"><table class="{classes}">']
    if caption:
        parts.append(f"<caption>{_cell(caption)}</caption>")
    heads = (f"<th{' class=right' * at}>{_cell(h)}</th>" for h, at in zip(head, right, strict=True))
    parts.append(f"<thead><tr>{''.join(heads)}</tr></thead><tbody>")
    for row in rows:
        cells = "".join(f"<td{_class(c, at)}>{together(_cell(c))}</td>" for c, at in zip(row, right, strict=True))
        parts.append(f"<tr>{cells}</tr>")
    parts.append("</tbody></table></div>")
    return Raw("".join(parts))


def numeric(column: Iterable[object]) -> bool:
    """Whether the cells of a column are numbers, with their intervals: three in four of those that say something are."""
    said = [c for c in column if str(c) not in ("", DASH)]
    return 4 * sum(map(_is_number, said)) >= 3 * max(len(said), 1)


def together(text: str) -> str:
    """A text whose intervals in brackets, dates and clauses stay on one line each."""
    return _whole().sub(r'<span class="one">\g<0></span>', text)


def unbroken(text: str) -> str:
    """The same for formats without markup: blanks inside an interval do not break."""
    return _whole().sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)


@functools.cache
def _whole() -> re.Pattern[str]:
    """What is not broken over two lines: an interval, a date, a clause."""
    to = "|".join(words(n).say("to", low="", high="").strip() for n in LANGUAGES)
    return re.compile(
        rf"[(（][+−]?[0-9.,]+ (?:{to}) [+−]?[0-9.,]+[)）]|\b\d{{4}}-\d\d-\d\d\b|\b(?:CN|SC|CQ|BJ|GZ)-\d\d[a-z]?\b"
    )


def _cell(value: object) -> str:
    return value if isinstance(value, Raw) else html.escape(str(value))


def _is_number(value: object) -> bool:
    if isinstance(value, Raw):
        return bool(_MARKED_NUMBER.match(value))
    return width(str(value)) < 44 and bool(_NUMBER.match(str(value)))


def _class(value: object, right: bool) -> str:
    if right:
        return " class=right" if isinstance(value, Raw) else " class=number"
    return " class=short" if not isinstance(value, Raw) and width(str(value)) < 18 else ""
