"""How the documentation makes nodes of its texts, in which backticks mark code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from simlib.words import nodes
from simlib.words.nodes import Code, Items, Run, Said, Strong, Table, Text, runs

_CODE = re.compile(r"`([^`]*)`")


def marked(said: Said) -> Said:
    """A text with what stands in backticks as code."""
    found = [piece for run in runs(said) for piece in (_pieces(run) if isinstance(run, str) else [run])]
    return found[0] if len(found) == 1 else tuple(found)


def _pieces(text: str) -> list[Run]:
    """The texts between backticks, and what stands in them; a text without any as it is."""
    pieces = _CODE.split(text)  # every other one stood in backticks
    return [Code(p) if i % 2 else p for i, p in enumerate(pieces) if p or i % 2] or [text]


def paragraph(said: str) -> Text:
    """One paragraph."""
    return Text(marked(said))


def points(said: Iterable[tuple[str, str]]) -> Items:
    """A list of short texts; those with a head have it stand out."""
    return Items(tuple(_item(head, text) for head, text in said))


def _item(head: str, text: str) -> Said:
    return (Strong(head), " ", *runs(marked(text))) if head else marked(text)


def table(head: Sequence[str], rows: Iterable[Sequence[Said]]) -> Table:
    """A table whose cells may be broken over lines."""
    return nodes.table(head, (map(marked, row) for row in rows), look="small wrap")
