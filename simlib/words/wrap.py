"""Lines that fit a terminal, where a Chinese character takes two columns and may be followed by a new line, and what is
not broken over two lines in any format.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from simlib.words import LANGUAGES, words

COLUMNS = 118
_PIECE = re.compile(r"[!-~]+|\s+|.")  # Latin words and numbers stay whole
_NOT_FIRST = "，。；：、）！？”%,.;:)!?"


def width(text: str) -> int:
    """Columns that a text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, language: str, first: str = "", later: str = "", columns: int = COLUMNS) -> list[str]:
    """The text in lines of at most `columns` columns; `first` stands before the first line, `later` before the others."""
    pieces = _PIECE.findall(text) if language == "zh" else re.findall(r"\s+|\S+", text)
    lines, line, used = [], first, width(first)
    for piece in pieces:
        if used + width(piece) > columns and line.strip() and piece[0] not in _NOT_FIRST:
            lines.append(line.rstrip())
            line, used = later, width(later)
            piece = piece.lstrip()
        line += piece
        used += width(piece)
    return [*lines, line.rstrip()]


def unbroken(text: str) -> str:
    """The text with blanks that do not break inside intervals, for formats without markup."""
    return whole().sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), text)


@functools.cache
def whole() -> re.Pattern[str]:
    """What is not broken over two lines: an interval, a date, a clause."""
    to = "|".join(words(n).say("to", low="", high="").strip() for n in LANGUAGES)
    return re.compile(
        rf"[(（][+−-]?[0-9.,]+ (?:{to}) [+−-]?[0-9.,]+[)）]|\b\d{{4}}-\d\d-\d\d\b|\b(?:CN|SC|CQ|BJ|GZ)(?:\d\d)?-\d\d[a-z]?\b"
    )
