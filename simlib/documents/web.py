"""The handout as one self-contained HTML page on A4 sheets: what the PDF is printed from, and good on a screen."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from simlib.documents.parts import Chapter, Handout, Heading, Items, Part, Picture, Table, Text
from simlib.report.page import shell
from simlib.see.inline import picture
from simlib.words.markup import Raw, html_table

_CODE = re.compile(r"(?:A-[0-9a-f]+ )?[a-z0-9_]+(?:\.[a-z0-9_]+)+")  # of a lever or an assumption, with its id
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
ul.points li { margin: .35rem 0; }
@media print { body { font-size: 9.8pt; line-height: 1.45; } table { font-size: 8.6pt; } table.small { font-size: 7.8pt; }
  .answer { font-size: 10.6pt; } figcaption, p.quiet, p.meta { font-size: 8.6pt; } h2 { font-size: 13.5pt; } h3 { font-size: 11pt; } h2 { margin-top: 1.5rem; } thead { display: table-header-group; }
  section.appendix { break-before: page; } h3, h4, caption { break-after: avoid; } a { text-decoration: none; }
  figure img { max-height: 200mm; } }
</style>"""


def page(handout: Handout) -> str:
    """The whole page."""
    body = "".join(
        [
            _STYLE,
            f'<div lang="{handout.language}">',
            f"<h1>{html.escape(handout.title)}</h1>",
            *map(part, handout.about),
        ]
    )
    body += _contents(handout) + "".join(
        _chapter(c, titles) for c, titles in zip(handout.chapters, titled(handout), strict=True)
    )
    return shell(handout.title, body + "</div>")


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
    items = "".join(
        f'<li><a href="#{c.key}">{html.escape(t)}</a></li>'
        for c, t in zip(handout.chapters, titled(handout), strict=True)
    )
    return f"<nav><p><b>{html.escape(handout.words['contents'])}</b></p><ul>{items}</ul></nav>"


def _chapter(chapter: Chapter, title: str) -> str:
    kind = "appendix" if chapter.appendix else "main"
    return f'<section class="{kind}" id="{chapter.key}"><h2>{html.escape(title)}</h2>{parts(chapter.parts)}</section>'


def parts(found: Iterable[Part]) -> str:
    """Parts as HTML; paragraphs of the answer that follow one another share a box."""
    text = "".join(map(part, found))
    return text.replace('</p></div><div class="answer"><p>', "</p><p>")


def part(p: Part) -> str:
    """One part as HTML."""
    match p:
        case Heading():
            return f"<h3>{html.escape(p.text)}</h3>"
        case Text(kind="answer"):
            return f'<div class="answer"><p>{html.escape(p.text)}</p></div>'
        case Text():
            return f'<p class="{p.kind}">{html.escape(p.text)}</p>'
        case Items():
            return f'<ul class="points">{"".join(f"<li>{html.escape(i)}</li>" for i in p.items)}</ul>'
        case Picture():
            return picture(p.figure, p.words, p.below)
        case Table():
            return _table(p)


def _line(text: str) -> str:
    """A line of a cell; a code such as committee.duty.listing may be broken after its dots and its joints."""
    said = html.escape(text)
    return re.sub(r"[._](?=[a-z])", r"\g<0><wbr>", said) if _CODE.fullmatch(text) else said


def _table(t: Table) -> str:
    rows = [[Raw("<br>".join(map(_line, c.split("\n")))) if "\n" in c else c for c in row] for row in t.rows]
    classes = "small wrap wide fixed" if t.widths else "small wrap wide" if len(t.head) > 5 else "small wrap"
    text = html_table(t.head, rows, t.caption, classes)
    if not t.widths:
        return text
    columns = "".join(f'<col style="width:{100 * share:.0f}%">' for share in t.widths)
    at = text.index("<thead>")
    return text[:at] + f"<colgroup>{columns}</colgroup>" + text[at:]
