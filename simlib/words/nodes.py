"""What a page, a handout and the model's documentation are made of: one small tree that every format renders.

A text is a string, or a row of runs: strings, and pieces that mean something (`Strong`, `Code`, `Link`). A line
break inside a string begins a new line. Nodes hold text as people read it; what a format must write in its place
(such as ``&lt;``) is the business of that format's renderer alone, and nothing has to be read back out of HTML.

Renderers: `simlib.report.hypertext` (HTML), `simlib.documentation.markdown`, and in `simlib.documents` those of
Word, slides, workbook and printed page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, assert_never

from simlib.words.values import DASH
from simlib.words.wrap import width

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Strong:
    """A text that stands out. tone: of a verdict."""

    text: str
    tone: Literal["", "good", "bad"] = ""


@dataclass(frozen=True)
class Small:
    """What stands below or beside the main text of a cell: a code, a difference."""

    text: str


@dataclass(frozen=True)
class Quiet:
    """A text that only informs."""

    text: str


@dataclass(frozen=True)
class Code:
    """What one types, or the name of a thing in files."""

    text: str


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere. target: relative to the page. hint: shown when pointed at."""

    text: str
    target: str
    hint: str = ""


@dataclass(frozen=True)
class Anchor:
    """A text that a link can name."""

    text: str


Run = str | Strong | Small | Quiet | Code | Link | Anchor
Said = Run | tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A title. level: 1 of the whole, 2 of a section, from 3 on inside one. key: by which links find it."""

    text: Said
    level: int = 3
    key: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph.

    kind: "" plain, "question" and "answer" set off, "meta" what was run, "quiet" small, "warn" a warning.
    """

    text: Said
    kind: Literal["", "question", "answer", "meta", "quiet", "warn"] = ""


@dataclass(frozen=True)
class Items:
    """A list of points."""

    items: tuple[Said, ...]


@dataclass(frozen=True)
class Table:
    """A table of texts.

    widths: shares of the page's width by column; () lets the format decide. look: how a page sets it, as classes
    of its style, such as "small wrap" (in small type, cells may be broken over lines).
    """

    head: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()
    look: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure, words for those who cannot see it, and what stands below."""

    figure: Figure
    words: str
    below: str = ""


@dataclass(frozen=True)
class Drawing:
    """A figure that lies in a file beside the page, and words for those who cannot see it."""

    file: str
    words: str


@dataclass(frozen=True)
class Folded:
    """Nodes that a screen shows when their title is clicked, and paper always."""

    title: str
    nodes: tuple[Node, ...]


Node = Heading | Text | Items | Table | Picture | Drawing | Folded


def table(head: Iterable[Said], rows: Iterable[Iterable[object]], caption: str = "", look: str = "") -> Table:
    """A table from any sequences; cells that are neither text nor runs, such as counts, are written as `str` does."""
    return Table(tuple(head), tuple(tuple(map(_cell, row)) for row in rows), caption, look=look)


def _cell(value: object) -> Said:
    return value if isinstance(value, Run | tuple) else str(value)


def runs(said: Said) -> tuple[Run, ...]:
    """A text as a row of runs."""
    return said if isinstance(said, tuple) else (said,)


def plain(said: Said) -> str:
    """The bare words of a text."""
    return "".join(run if isinstance(run, str) else run.text for run in runs(said))


def text_lines(node: Node) -> list[str]:
    """What a node says as lines of bare text, a row of a table on one."""
    match node:
        case Heading() | Text():
            return plain(node.text).split("\n")
        case Items():
            return list(map(plain, node.items))
        case Table():
            rows = ("  ".join(plain(cell).replace("\n", " ") for cell in row) for row in (node.head, *node.rows))
            return [*filter(None, [node.caption]), *rows]
        case Picture():
            return [*filter(None, [node.words, node.below])]
        case Drawing():
            return [node.words]
        case Folded():
            return [node.title, *(line for inner in node.nodes for line in text_lines(inner))]
        case _:
            assert_never(node)


def bare(node: Node) -> Node:
    """A node with bare words in place of runs: nothing in it leads elsewhere."""
    match node:
        case Heading():
            return Heading(plain(node.text), node.level, node.key)
        case Text():
            return Text(plain(node.text), node.kind)
        case Items():
            return Items(tuple(map(plain, node.items)))
        case Table():
            rows = tuple(tuple(map(plain, row)) for row in node.rows)
            return Table(tuple(map(plain, node.head)), rows, node.caption, node.widths, node.look)
        case Folded():
            return Folded(node.title, tuple(map(bare, node.nodes)))
        case Picture() | Drawing():
            return node
        case _:
            assert_never(node)


# ---- columns of numbers

_NUMBER = re.compile(r"[+−-]?[0-9][0-9.,]*(%|$| |[(])")
_ALONE = re.compile(r"[−+]?\d[\d.,]*%? ?(?:\(|$)")  # with its interval; what stands below it does not count
_NARROW = 44  # places; a longer text is a sentence that begins with a number


def numeric(column: Iterable[Said]) -> bool:
    """Whether the cells of a column are numbers, with intervals: three in four of those that say something are."""
    said = [cell for cell in column if plain(cell) not in ("", DASH)]
    return 4 * sum(map(_is_number, said)) >= 3 * max(len(said), 1)


def columns(t: Table) -> Iterator[tuple[Said, ...]]:
    """The cells of each column."""
    return zip(*t.rows, strict=True)


def right(t: Table) -> list[bool]:
    """Of each column, whether it holds numbers and so stands right."""
    return [numeric(column) for column in columns(t)] or [False] * len(t.head)


def is_line(cell: Said) -> bool:
    """Whether a cell is one line of bare text."""
    return isinstance(cell, str) and "\n" not in cell


def _is_number(cell: Said) -> bool:
    text = plain(cell)
    if is_line(cell):
        return width(text) < _NARROW and bool(_NUMBER.match(text))
    return bool(_ALONE.match(text.partition("\n")[0]))
