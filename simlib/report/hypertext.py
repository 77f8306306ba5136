"""The tree as HTML. Text is escaped here, in `escaped`, and nowhere else."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import assert_never

from matplotlib.figure import Figure

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
    is_line,
    plain,
    right,
    runs,
)
from simlib.words.wrap import whole, width

Write = Callable[[str], str]  # a piece of text as HTML
SHORT = 18  # places; a cell up to here is not broken


def escaped(text: str) -> str:
    """A text as HTML shows it, in attributes too."""
    return html.escape(text, quote=True)


def hypertext(nodes: Iterable[Node], line: Write = escaped) -> str:
    """Nodes as HTML; paragraphs of the answer that follow one another share a box.

    Parameters
    ----------
    nodes : iterable of Node
    line : function
        How a line of a cell of several lines is written, where a page wants more than escaping.
    """
    parts = []
    for boxed, some in groupby(nodes, key=lambda n: isinstance(n, Text) and n.kind == "answer"):
        body = "".join(_node(n, line) for n in some)
        parts.append(f'<div class="answer">{body}</div>' if boxed else body)
    return "".join(parts)


def in_languages(blocks: Iterable[tuple[str, Iterable[Node]]]) -> str:
    """(language, nodes): each language in a block of its own, which a page can show alone."""
    return "".join(f'<div lang="{language}">{hypertext(nodes)}</div>' for language, nodes in blocks)


def picture(figure: Figure, words: str, below: str = "") -> str:
    """A figure as part of a page, with words for those who cannot see it, and an explanation below."""
    return hypertext([Picture(figure, words, below)])


def _node(node: Node, line: Write) -> str:
    match node:
        case Heading():
            key = f' id="{escaped(node.key)}"' if node.key else ""
            return f"<h{node.level}{key}>{_said(node.text)}</h{node.level}>"
        case Text(kind="" | "answer"):
            return f"<p>{_said(node.text)}</p>"
        case Text():
            return f'<p class="{node.kind}">{_said(node.text)}</p>'
        case Items():
            return f"<ul>{''.join(f'<li>{_said(item)}</li>' for item in node.items)}</ul>"
        case Table():
            return _table(node, line)
        case Picture():
            return _figure(data_uri(node.figure), node.words, node.below)
        case Drawing():
            return _figure(escaped(node.file), node.words)
        case Folded():
            title = f"<summary>{escaped(node.title)}</summary>"
            return f"<details>{title}{hypertext(node.nodes, line)}</details>"
        case _:
            assert_never(node)


def _figure(source: str, words: str, below: str = "") -> str:
    under = f"<figcaption>{escaped(below)}</figcaption>" if below else ""
    return f'<figure><img src="{source}" alt="{escaped(words)}">{under}</figure>'


def _said(said: Said, write: Write = escaped) -> str:
    return "".join(_run(run, write) for run in runs(said))


def _run(run: Run, write: Write) -> str:
    match run:
        case str():
            return "<br>".join(map(write, run.split("\n")))
        case Strong():
            tone = f' class="{run.tone}"' if run.tone else ""
            return f"<b{tone}>{write(run.text)}</b>"
        case Small():
            return f"<small>{write(run.text)}</small>"
        case Quiet():
            return f'<span class="quiet">{write(run.text)}</span>'
        case Code():
            return f"<code>{write(run.text)}</code>"
        case Link():
            hint = f' title="{escaped(run.hint)}"' if run.hint else ""
            return f'<a href="{escaped(run.target)}"{hint}>{write(run.text)}</a>'
        case Anchor():
            return f'<a id="{escaped(run.text)}"></a>{write(run.text)}'
        case _:
            assert_never(run)


# ---- tables


def _table(t: Table, line: Write) -> str:
    at_right = right(t)
    parts = [f'<div class="scroll"><table class="{escaped(t.look)}">']
    if t.caption:
        parts.append(f"<caption>{escaped(t.caption)}</caption>")
    if t.widths:
        shares = "".join(f'<col style="width:{100 * share:.0f}%">' for share in t.widths)
        parts.append(f"<colgroup>{shares}</colgroup>")
    heads = (f"<th{' class=right' * at}>{_said(h)}</th>" for h, at in zip(t.head, at_right, strict=True))
    parts.append(f"<thead><tr>{''.join(heads)}</tr></thead><tbody>")
    for row in t.rows:
        cells = (f"<td{_class(c, at)}>{_cell(c, line)}</td>" for c, at in zip(row, at_right, strict=True))
        parts.append(f"<tr>{''.join(cells)}</tr>")
    parts.append("</tbody></table></div>")
    return "".join(parts)


def _cell(cell: Said, line: Write) -> str:
    write = escaped if is_line(cell) else line
    return _said(cell, lambda text: together(write(text)))


def together(text: str) -> str:
    """HTML in which intervals in brackets, dates and clauses stay on one line each."""
    return whole().sub(r'<span class="one">\g<0></span>', text)


def _class(cell: Said, at_right: bool) -> str:
    if at_right:
        return " class=number" if is_line(cell) else " class=right"
    return " class=short" if is_line(cell) and width(plain(cell)) < SHORT else ""
