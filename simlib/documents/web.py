"""The handout as one self-contained HTML page on A4 sheets: what the PDF is printed from, and good on a screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from simlib.documents.parts import Chapter, Handout
from simlib.report.hypertext import escaped, hypertext
from simlib.report.page import shell
from simlib.words.nodes import Heading, Items, Link, Node, Strong, Table, Text

_CODE = re.compile(r"(?:A-[0-9a-f]+ )?[a-z0-9_]+(?:\.[a-z0-9_]+)+")  # of a lever or an assumption, with its id
MANY = 5  # columns; a table of more takes the whole sheet
_STYLE = """<style>
@page { size: A4; margin: 16mm 15mm 17mm; @bottom-center { content: counter(page) " / " counter(pages);
  font: 8pt Arial, sans-serif; color: #666; } }
body { max-width: 56rem; } h1 { font-size: 1.9rem; } p.quiet { margin: .3rem 0; }
table.wide { width: 100%; } table.small td, table.small th { padding: .18rem .5rem; }
td, th, [lang=zh] td { overflow-wrap: break-word; word-break: normal; } [lang=zh] th { min-width: 3em; }
table.fixed { table-layout: fixed; } [lang=en] { font-feature-settings: "palt", "pwid"; }
table td.short, table.wrap td.short { white-space: normal; }
nav ul { padding: 0; columns: 3; font-size: .88rem; margin: .3rem 0 0; } nav li { list-style: none; margin: 0 0 .15rem; }
nav { border-top: 1px solid #ddd; border-bottom: 1px solid #ddd; padding: .4rem 0; margin: .8rem 0; }
section li { margin: .35rem 0; }
@media print { body { font-size: 9.8pt; line-height: 1.45; } table { font-size: 8.6pt; } table.small { font-size: 7.8pt; }
  .answer { font-size: 10.6pt; } figcaption, p.quiet, p.meta { font-size: 8.6pt; } h2 { font-size: 13.5pt; } h3 { font-size: 11pt; } h2 { margin-top: 1.5rem; } thead { display: table-header-group; }
  section.appendix { break-before: page; } h3, h4, caption { break-after: avoid; } a { text-decoration: none; }
  figure img { max-height: 200mm; } }
</style>"""


def page(handout: Handout) -> str:
    """The whole page."""
    chapters = "".join(_chapter(c, t) for c, t in zip(handout.chapters, titled(handout), strict=True))
    above = hypertext([Heading(handout.title, 1), *handout.about])
    body = f'{_STYLE}<div lang="{handout.language}">{above}{_contents(handout)}{chapters}</div>'
    return shell(handout.title, body)


def titled(handout: Handout) -> Iterator[str]:
    """The chapters' titles as shown: chapters with numbers, appendices with letters."""
    appendices = [c.key for c in handout.chapters if c.appendix]
    for i, c in enumerate(handout.chapters, 1):
        if c.appendix:
            letter = "ABCDEFGH"[appendices.index(c.key)]
            yield handout.words["appendix"].format(letter=letter, title=c.title)
        else:
            yield f"{i} {c.title}"


def _contents(handout: Handout) -> str:
    links = tuple(Link(t, f"#{c.key}") for c, t in zip(handout.chapters, titled(handout), strict=True))
    return f"<nav>{hypertext([Text(Strong(handout.words['contents'])), Items(links)])}</nav>"


def _chapter(chapter: Chapter, title: str) -> str:
    kind = "appendix" if chapter.appendix else "main"
    body = hypertext([Heading(title, 2), *map(_set, chapter.parts)], _line)
    return f'<section class="{kind}" id="{chapter.key}">{body}</section>'


def _line(text: str) -> str:
    """A line of a cell; a code such as committee.duty.listing may be broken after its dots and its joints."""
    said = escaped(text)
    return re.sub(r"[._](?=[a-z])", r"\g<0><wbr>", said) if _CODE.fullmatch(text) else said


def _set(node: Node) -> Node:
    """A table as an A4 sheet takes it: small, and over the whole sheet where it is large or its columns are given."""
    if not isinstance(node, Table):
        return node
    wide = " wide fixed" if node.widths else " wide" if len(node.head) > MANY else ""
    return replace(node, look=f"small wrap{wide}")
