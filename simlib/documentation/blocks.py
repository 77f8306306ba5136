"""What a page of documentation is made of, and how it becomes Markdown or HTML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simlib.words.markup import html_table


@dataclass(frozen=True)
class Link:
    """A text that leads somewhere. target: relative to docs/. hint: shown when pointed at."""

    text: str
    target: str
    hint: str = ""


@dataclass(frozen=True)
class Phrase:
    """Texts and links in a row."""

    parts: tuple[str | Link, ...]


@dataclass(frozen=True)
class Anchor:
    """A text that a link can name."""

    text: str


Cell = str | Link | Anchor | Phrase


@dataclass(frozen=True)
class Text:
    """One paragraph."""

    text: str


@dataclass(frozen=True)
class Items:
    """A list of short texts; those with a head have it in bold."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """A table of texts."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A drawing: its file beside the page, and words for those who cannot see it."""

    file: str
    words: str


Block = Text | Items | Table | Picture


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    """A table from any sequences."""
    return Table(tuple(head), tuple(tuple(r) for r in rows))


def markdown(blocks: Iterable[Block]) -> str:
    """Blocks as Markdown, each followed by an empty line."""
    return "".join(_markdown(b) + "\n\n" for b in blocks)


def _markdown(block: Block) -> str:
    if isinstance(block, Text):
        return _safe(block.text)
    if isinstance(block, Items):
        return "\n".join(f"- {f'**{_safe(head)}** ' if head else ''}{_safe(text)}" for head, text in block.items)
    if isinstance(block, Picture):
        return f"![{_safe(block.words)}]({block.file})"
    lines = [_line(block.head), "|" + " --- |" * len(block.head)]
    return "\n".join([*lines, *(_line(r) for r in block.rows)])


def _line(cells: Iterable[Cell]) -> str:
    return "| " + " | ".join(_cell(c).replace("|", "\\|").replace("\n", " ") for c in cells) + " |"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Phrase):
        return "".join(map(_cell, cell.parts))
    if isinstance(cell, Anchor):
        return f'<a id="{cell.text}"></a>{_safe(cell.text)}'
    if isinstance(cell, Link):
        hint = cell.hint.replace('"', "'").replace("[", "(").replace("]", ")")
        return f"[{_safe(cell.text)}]({cell.target}{f' {chr(34)}{hint}{chr(34)}' if hint else ''})"
    return _safe(cell)


_CODE = re.compile(r"`[^`]*`")
_MEANT = re.compile(r"([*_<~])")


def _safe(text: str) -> str:
    """A text without signs that Markdown would take for its own; what stands in backticks stays as it is."""
    parts, at = [], 0
    for found in _CODE.finditer(text):
        parts += [_MEANT.sub(r"\\\1", text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*parts, _MEANT.sub(r"\\\1", text[at:])])


def page(blocks: Iterable[Block], pictures: dict[str, str]) -> str:
    """Blocks as HTML that leads nowhere else. pictures: HTML of each file."""
    return "".join(_html(b, pictures) for b in blocks)


def _html(block: Block, pictures: dict[str, str]) -> str:
    if isinstance(block, Text):
        return f"<p>{_marked(block.text)}</p>"
    if isinstance(block, Items):
        items = (f"<li>{f'<b>{_marked(head)}</b> ' if head else ''}{_marked(text)}</li>" for head, text in block.items)
        return f"<ul>{''.join(items)}</ul>"
    if isinstance(block, Picture):
        return pictures[block.file]
    return html_table(block.head, [[_text(c) for c in row] for row in block.rows], classes="small wrap")


def _text(cell: Cell) -> str:
    """A cell without its links and backticks."""
    if isinstance(cell, Phrase):
        return "".join(map(_text, cell.parts))
    return cell.text if isinstance(cell, (Link, Anchor)) else cell.replace("`", "")


def _marked(text: str) -> str:
    """A text as HTML; what stands in backticks is code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(text))
