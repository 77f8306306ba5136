"""The tree as Markdown, as GitHub shows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from simlib.see.draw import data_uri
from simlib.words.nodes import (
    Anchor,
    Code,
    Drawing,
    Folded,
    Heading,
    Items,
    Link,
    Node,
    Picture,
    Quiet,
    Run,
    Said,
    Small,
    Strong,
    Table,
    Text,
    runs,
)

_MEANT = re.compile(r"([*_<~])")


def markdown(nodes: Iterable[Node]) -> str:
    """Nodes as Markdown, each followed by an empty line."""
    return "".join(_node(n) + "\n\n" for n in nodes)


def page(nodes: Iterable[Node]) -> str:
    """A whole page, which ends with one line break."""
    return markdown(nodes).rstrip() + "\n"


def _node(node: Node) -> str:
    match node:
        case Heading():
            key = f'<a id="{node.key}"></a>' if node.key else ""
            return f"{'#' * node.level} {key}{_said(node.text)}"
        case Text(kind="quiet" | "meta"):
            return f"*{_said(node.text)}*"
        case Text(kind="question" | "answer" | "warn"):
            return f"> {_said(node.text)}"
        case Text():
            return _said(node.text)
        case Items():
            return "\n".join(f"- {_said(item)}" for item in node.items)
        case Table():
            return _table(node)
        case Picture():
            below = f"\n\n{safe(node.below)}" if node.below else ""
            return f"![{safe(node.words)}]({data_uri(node.figure)}){below}"
        case Drawing():
            return f"![{safe(node.words)}]({node.file})"
        case Folded():
            return f"**{safe(node.title)}**\n\n{markdown(node.nodes)}".rstrip()
        case _:
            assert_never(node)


def _table(t: Table) -> str:
    caption = [f"**{safe(t.caption)}**", ""] if t.caption else []
    return "\n".join([*caption, _line(t.head), "|" + " --- |" * len(t.head), *map(_line, t.rows)])


def _line(cells: Iterable[Said]) -> str:
    return "| " + " | ".join(_said(c).replace("|", "\\|").replace("\n", " ") for c in cells) + " |"


def _said(said: Said) -> str:
    return "".join(map(_run, runs(said)))


def _run(run: Run) -> str:
    match run:
        case str() | Small() | Quiet():
            return safe(run if isinstance(run, str) else run.text)
        case Strong():
            return f"**{safe(run.text)}**"
        case Code():
            return f"`{run.text}`"
        case Link():
            hint = run.hint.replace('"', "'").replace("[", "(").replace("]", ")")
            said = f' "{hint}"' if hint else ""
            return f"[{safe(run.text)}]({run.target}{said})"
        case Anchor():
            return f'<a id="{run.text}"></a>{safe(run.text)}'
        case _:
            assert_never(run)


def safe(text: str) -> str:
    """A text without signs that Markdown would take for its own."""
    return _MEANT.sub(r"\\\1", text)
