"""The handout as slides (PPTX, 16:9): ten at most, pictures at 200 dpi, what to say in the notes, Chinese fonts named."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from simlib.core.files import saved, write_whole
from simlib.documents.parts import Handout
from simlib.documents.word import CHINESE, LATIN, png
from simlib.experiments.study import MAIN, Study
from simlib.report import differences
from simlib.report import obedience as obeying
from simlib.report.answer import hinge, moving
from simlib.report.limits import cannot
from simlib.report.sections import moved_text
from simlib.report.tables import obedience_table
from simlib.see.explaining_figures import tornado
from simlib.see.figures import headline
from simlib.see.places import place_of
from simlib.words import Words, words
from simlib.words.names import policy_name
from simlib.words.nodes import Picture, Table, Text, numeric, plain, text_lines
from simlib.words.wrap import unbroken

WIDE, HIGH, EDGE = 13.333, 7.5, 0.6  # inches
INK, QUIET, BLUE, PALE = (RGBColor.from_string(c) for c in ("222222", "666666", "005A9C", "EEF4FA"))
ROWS = 16  # of a table on a slide
SIZES = (28, 26, 24, 22, 20, 18, 16, 14, 12)  # points
TALLEST = 5.6  # inches: a higher figure would be made smaller, its words with it
TOP = 8  # assumed numbers on a slide
Lines = Sequence[str]


def write_pptx(study: Study, handout: Handout, target: Path) -> None:
    """Write the slides, moved into place when whole."""
    w = words(handout.language, "documents")
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    deck.core_properties.title, deck.core_properties.author = handout.title, "simlib"
    _cover(deck, handout, w)
    _said(deck, handout, "question", w, told="asked")
    _said(deck, handout, "answer", w, told="answer")
    for some in _by_places(study):
        drawn = Picture(headline(some, w), w["fig_headline"], _first(handout, "picture", Picture).below)
        _picture(deck, w["fig_headline"], drawn, w["slide_intervals"])
    shown = _first(handout, "table", Table)
    _table(deck, handout.chapter("table").title, shown, shown.caption, w)
    _hinges(deck, study, w)
    _points(deck, w["slide_differences"], _changes(study, w), w["differences_text"])
    said = cannot(study, w)
    _points(deck, w["slide_cannot"], [head for head, _ in said], "\n".join(f"{h} {t}" for h, t in said))
    _number(deck)
    write_whole(target, saved(deck.save))


def _cover(deck: Deck, handout: Handout, w: Words) -> None:
    slide = _slide(deck)
    _words(slide, [handout.title], (EDGE, 2.3, WIDE - 2 * EDGE, 1.4), 40, INK, bold=True)
    _words(slide, [plain(t.text) for t in handout.about], (EDGE, 3.9, WIDE - 2 * EDGE, 2.2), 16, QUIET)
    more = [w["slide_more"], *w["slide_more_text"].split("|")]
    _notes(slide, "\n".join([*(plain(t.text) for t in handout.about), "", *more]))


def _said(deck: Deck, handout: Handout, key: str, w: Words, told: str) -> None:
    """A slide of all that a chapter says; the texts of the chapter `told` go to the notes."""
    big = [line for p in handout.chapter(key).parts for line in text_lines(p)]
    notes = [plain(p.text) for p in handout.chapter(told).parts if isinstance(p, Text)]
    slide = _slide(deck, w[f"slide_{key}"])
    _words(slide, big, (EDGE, 1.4, WIDE - 2 * EDGE, 5.4), fitting(big, 5.4), INK, filled=True)
    _notes(slide, "\n\n".join(notes))


def _picture(deck: Deck, title: str, part: Picture, below: str) -> None:
    """A slide with one figure, as large as fits; what explains it goes to the notes."""
    slide = _slide(deck, title)
    room_wide, room_high = WIDE - 2 * EDGE, HIGH - 1.3 - 0.75
    wide, high = part.figure.get_size_inches()
    scale = min(room_wide / wide, room_high / high)
    left = (WIDE - wide * scale) / 2
    shape = slide.shapes.add_picture(
        png(part.figure), Inches(left), Inches(1.25), Inches(wide * scale), Inches(high * scale)
    )
    shape._element.nvPicPr.cNvPr.set("descr", part.words)
    _words(slide, [below], (EDGE, HIGH - 0.62, WIDE - 2 * EDGE - 1, 0.4), 12, QUIET)
    _notes(slide, f"{part.words}\n\n{part.below}".strip())


def _by_places(study: Study) -> list[Study]:
    """The study in parts of as many places as fit on a slide without making words small."""
    parts: list[list[str]] = [[]]
    for region in study.regions:
        if (
            parts[-1]
            and headline(_only(study, [*parts[-1], region]), words("en", "documents")).get_size_inches()[1] > TALLEST
        ):
            parts.append([])
        parts[-1].append(region)
    return [_only(study, p) for p in parts]


def _only(study: Study, regions: Lines) -> Study:
    results = {c.name: study.results[c.name] for c in study.cells if c.region in regions}
    return Study(study.experiment, results)


def _hinges(deck: Deck, study: Study, w: Words) -> None:
    """Obedience and assumed numbers, where they were examined."""
    if study.all_sides:
        told = obedience_table(study, w, MAIN)
        shown = replace(told, widths=(1 / len(told.head),) * len(told.head))
        _table(deck, w["slide_obedience"], shown, f"{obeying.conclusion(study, w)}\n\n{shown.caption}", w)
    name = hinge(study)
    if name:
        cell = study.experiment.cell(name)
        policy = policy_name(cell.policy, w, study.rulebooks.get(cell.policy))
        figure = tornado(moving(study.sensitivity[name]).head(TOP), policy, place_of(study, cell.region, w), w)
        _picture(deck, w["slide_hinges"], Picture(figure, moved_text(study, name, w)), w["slide_intervals"])


def unit_above(part: Table, unit: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows of a table with a unit in the heads of its columns instead of in their cells, which are narrow."""
    said = [[plain(cell) for cell in row] for row in part.rows]
    rows = [[cell.replace(f" {unit}", "") for cell in row] for row in said]
    pairs = zip(zip(*said, strict=True), zip(*rows, strict=True), strict=True)
    moved = [before != after for before, after in pairs]
    return [f"{plain(h)} ({unit})" if at else plain(h) for h, at in zip(part.head, moved, strict=True)], rows


def _table(deck: Deck, title: str, part: Table, notes: str, w: Words) -> None:
    """A table; rows beyond what a slide holds stand in the handout."""
    slide = _slide(deck, title)
    head, rows = unit_above(part, w["point_short"])
    shown = rows[:ROWS]
    size = 14 if len(shown) <= 10 else 11
    box = (Inches(EDGE), Inches(1.3), Inches(WIDE - 2 * EDGE), Inches(0.3 * (len(shown) + 1)))
    table = slide.shapes.add_table(len(shown) + 1, len(part.head), *box).table
    for i, share in enumerate(part.widths):
        table.columns[i].width = Emu(int(Inches(WIDE - 2 * EDGE) * share))
    right = [numeric(column) for column in zip(*rows, strict=True)]
    for row, cells in zip(table.rows, (head, *shown), strict=True):
        for cell, text, at in zip(row.cells, cells, right, strict=True):
            cell.margin_top = cell.margin_bottom = Inches(0.02)
            cell.text_frame.text = unbroken(text)
            _fonts(cell.text_frame, size, None)
            cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if at else None
    left = len(part.rows) - len(shown)
    more = w.say("slide_left", n=left) if left else ""
    below = 1.3 + 0.3 * (len(shown) + 1) * (2 if len(shown) <= 5 else 1)  # rows of two lines, where there is room
    if part.caption and below < HIGH - 1.8:
        _words(slide, [part.caption], (EDGE, below + 0.3, WIDE - 2 * EDGE, 0.6), 14, QUIET)
    _words(slide, [w["slide_intervals"] + more], (EDGE, HIGH - 0.62, WIDE - 2 * EDGE - 1, 0.4), 12, QUIET)
    _notes(slide, notes)


def _changes(study: Study, w: Words) -> list[str]:
    """A line a rulebook: how many levers it changes."""
    lines = []
    for a, b in differences.pairs(study):
        names = {k: policy_name(p, w, study.rulebooks.get(p)) for k, p in (("a", a), ("b", b))}
        table = differences.difference(study, a, b)
        first = w["comma"].join(table[f"title_{w.language}"].head(4))
        lines.append(f"{w.say('slide_levers', **names, n=len(table))}{w['brackets'].format(first)}")
    return lines


def _points(deck: Deck, title: str, lines: Lines, notes: str) -> None:
    slide = _slide(deck, title)
    said = [f"• {line}" for line in lines]
    _words(slide, said, (EDGE, 1.3, WIDE - 2 * EDGE, 5.5), fitting(said, 5.5), INK)
    _notes(slide, notes)


# ---- shapes


def _slide(deck: Deck, title: str = "") -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[5 if title else 6])
    if title:
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = (Inches(x) for x in (EDGE, 0.3, WIDE - 2 * EDGE, 0.8))
        shape.text_frame.text = title
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        _fonts(shape.text_frame, 28, BLUE, bold=True)
    return slide


def _words(
    slide: Slide, lines: Lines, box: tuple[float, float, float, float], size: float, colour, bold=False, filled=False
) -> None:
    shape = slide.shapes.add_textbox(*(Inches(x) for x in box))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.text = "\n".join(lines)
    if filled:
        shape.fill.solid()
        shape.fill.fore_color.rgb = PALE
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    _fonts(frame, size, colour, bold)
    for paragraph in frame.paragraphs:
        paragraph.space_after = Pt(size * 0.45)


def _fonts(frame, size: float, colour, bold: bool | None = None) -> None:
    """Size, colour and both fonts of every run: Chinese signs take the East Asian one."""
    for paragraph in frame.paragraphs:
        paragraph.alignment = None
        for run in paragraph.runs:
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, LATIN
            if colour is not None:
                run.font.color.rgb = colour
            etree.SubElement(run._r.get_or_add_rPr(), qn("a:ea")).set("typeface", CHINESE)


def _notes(slide: Slide, text: str) -> None:
    slide.notes_slide.notes_text_frame.text = text


def _number(deck: Deck) -> None:
    for i, slide in enumerate(deck.slides, 1):
        _words(slide, [f"{i} / {len(deck.slides)}"], (WIDE - EDGE - 0.8, HIGH - 0.62, 0.9, 0.4), 12, QUIET)


def fitting(lines: Lines, high: float, wide: float = WIDE - 2 * EDGE - 0.3) -> int:
    """The largest size in points at which lines fit into a box of so many inches, by the average width of a sign."""
    return next((size for size in SIZES if height(lines, size, wide) <= high - 0.2), SIZES[-1])


def height(lines: Lines, size: float, wide: float) -> float:
    """Inches that wrapped lines take: a Latin sign is half as wide as high, a Chinese one as wide as high."""
    places = (len(line) + sum(ord(c) > 0x2E7F for c in line) for line in lines)
    wrapped = sum(max(1, math.ceil(n * 0.5 * size / 72 / wide)) for n in places)
    return (wrapped * 1.2 + len(lines) * 0.45) * size / 72


def _first(handout: Handout, key: str, kind: type):
    found: Iterable = handout.chapter(key).parts
    return next(p for p in found if isinstance(p, kind))
