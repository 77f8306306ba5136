"""The handout as a Word document (A4) that an office can edit: real headings, tables and pictures, Chinese fonts named."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from matplotlib.figure import Figure

from simlib.core.files import saved, write_whole
from simlib.documents.parts import Handout
from simlib.documents.web import titled
from simlib.words.nodes import (
    Drawing,
    Folded,
    Heading,
    Items,
    Node,
    Picture,
    Said,
    Table,
    Text,
    columns,
    numeric,
    plain,
)
from simlib.words.wrap import unbroken

LATIN, CHINESE = "Arial", "Microsoft YaHei"  # on every office machine; others fall back by their own rules
WIDTH = 17.4  # cm between the margins
DPI = 200
SHORT, LONG = 12, 120  # signs of a cell between which its column grows
TALL = 21.0  # cm, the most that a picture may take of a page's height
INK, QUIET, BLUE = RGBColor(0x22, 0x22, 0x22), RGBColor(0x66, 0x66, 0x66), RGBColor(0x00, 0x5A, 0x9C)


def write_docx(handout: Handout, target: Path) -> None:
    """Write the document, moved into place when whole."""
    doc = _empty(handout)
    doc.add_heading(handout.title, 0)
    for text in handout.about:
        _add(doc, replace(text, kind=text.kind or "quiet"))
    for chapter, title in zip(handout.chapters, titled(handout), strict=True):
        if chapter.appendix:
            doc.add_page_break()
        doc.add_heading(title, 1)
        for part in chapter.parts:
            _add(doc, part)
    write_whole(target, saved(doc.save))


def _empty(handout: Handout) -> Doc:
    """An A4 document with its styles, language, footer and properties set."""
    doc = Document()
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - WIDTH) / 2)
    section.top_margin = section.bottom_margin = Cm(1.9)
    for name, size in (("Normal", 10), ("Title", 22), ("Heading 1", 15), ("Heading 2", 12), ("List Bullet", 10)):
        _style(doc, name, size, handout.language)
    doc.core_properties.title = handout.title
    doc.core_properties.author = "simlib"
    doc.core_properties.comments = ""
    doc.core_properties.language = "zh-CN" if handout.language == "zh" else "en-GB"
    _page_number(section.footer.paragraphs[0])
    return doc


def _style(doc: Doc, name: str, size: float, language: str) -> None:
    style = doc.styles[name]
    style.font.size, style.font.name, style.font.color.rgb = Pt(size), LATIN, INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme's font would win over a named one
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), CHINESE)
    said = OxmlElement("w:lang")
    said.set(qn("w:val"), "en-GB")
    said.set(qn("w:eastAsia"), "zh-CN")
    style.element.rPr.append(said)
    if name == "Normal":
        style.paragraph_format.space_after = Pt(5)


def _page_number(paragraph: Paragraph) -> None:
    """ "3 / 20", counted by Word."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for i, code in enumerate(("PAGE", "NUMPAGES")):
        if i:
            paragraph.add_run(" / ")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        paragraph._p.append(field)


def _add(doc: Doc, part: Node) -> None:
    match part:
        case Heading():
            doc.add_heading(plain(part.text), max(part.level - 1, 1))
        case Text():
            _text(doc, part)
        case Items():
            for item in part.items:
                doc.add_paragraph(plain(item), style="List Bullet")
        case Picture():
            _picture(doc, part)
        case Drawing():  # a file beside a page, which this document has not: what it shows, in words
            _text(doc, Text(part.words, "quiet"))
        case Table():
            _table(doc, part)
        case Folded():
            doc.add_heading(part.title, 2)
            for inner in part.nodes:
                _add(doc, inner)
        case _:
            assert_never(part)


def _text(doc: Doc, part: Text) -> None:
    paragraph = doc.add_paragraph()
    run = paragraph.add_run(plain(part.text))
    if part.kind == "answer":
        run.font.size, run.font.color.rgb = Pt(11.5), BLUE
        _shade(paragraph._p.get_or_add_pPr(), "EEF4FA")
    elif part.kind == "warn":
        _shade(paragraph._p.get_or_add_pPr(), "FFF4E0")
    elif part.kind in ("quiet", "meta"):
        run.font.size, run.font.color.rgb = Pt(8.5), QUIET


def _shade(properties, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    properties.append(shade)


def png(figure: Figure, dpi: int = DPI) -> io.BytesIO:
    """A figure as PNG."""
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    out.seek(0)
    return out


def _picture(doc: Doc, part: Picture) -> None:
    wide, high = part.figure.get_size_inches()
    width = min(WIDTH, TALL * wide / high)
    doc.add_picture(png(part.figure), width=Cm(width))
    doc.inline_shapes[-1]._inline.docPr.set("descr", part.words)
    doc.paragraphs[-1].paragraph_format.keep_with_next = bool(part.below)
    if part.below:
        _add(doc, Text(part.below, "quiet"))


def _table(doc: Doc, part: Table) -> None:
    if part.caption:
        caption = doc.add_paragraph()
        caption.add_run(part.caption).bold = True
        caption.paragraph_format.keep_with_next = True
    table = doc.add_table(rows=1 + len(part.rows), cols=len(part.head), style="Light Grid Accent 1")
    table.autofit = False  # programs differ in how they share out a width; some make all columns alike
    widths = part.widths or shares(part)
    for column, share in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = Cm(WIDTH * share)
    right = [numeric(map(plain, column)) for column in columns(part)]
    for i, (row, cells) in enumerate(zip(table.rows, (part.head, *part.rows), strict=True)):
        _row(row._tr, cells, widths, right, i == 0)
    _repeat_head(table)
    doc.add_paragraph()


def shares(part: Table) -> list[float]:
    """Shares of the page's width by column, summing to 1: more for longer texts, so that rows become about as high."""
    texts = ([plain(cell) for cell in column] for column in zip(part.head, *part.rows, strict=True))
    longest = (max(len(t) + sum(ord(c) > 0x2E7F for c in t) for t in column) for column in texts)
    wanted = [min(max(n, SHORT), LONG) ** 0.6 for n in longest]
    return [n / sum(wanted) for n in wanted]


def _row(tr, cells: Sequence[Said], widths: Sequence[float], right: Sequence[bool], head: bool) -> None:
    """Fill a row by its XML: asking python-docx for cells takes a time that grows with the square of the table."""
    for i, (tc, text) in enumerate(zip(tr.tc_lst, cells, strict=True)):
        paragraph = Paragraph(tc.p_lst[0], tr)
        paragraph.paragraph_format.space_after = Pt(0)
        if right[i]:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = paragraph.add_run(unbroken(plain(text)))
        run.font.size, run.bold = Pt(8), head
        tc.width = Cm(WIDTH * widths[i])
    split = OxmlElement("w:cantSplit")
    tr.get_or_add_trPr().append(split)


def _repeat_head(table: WordTable) -> None:
    """The head stands again on every page."""
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
