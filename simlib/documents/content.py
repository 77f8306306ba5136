"""The handout's chapters in one language, from a study: question and answer, which fit on the first page, then picture,
numbers, how it was asked, hinges, assumptions, rules, limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from matplotlib.figure import Figure

from simlib.documents.appendices import manifest_rows, numbers, stress
from simlib.documents.parts import Chapter, Handout, parts_of
from simlib.experiments.study import Study
from simlib.report import asked, comments, differences
from simlib.report import obedience as obeying
from simlib.report.answer import hinge, moving, sentences
from simlib.report.limits import cannot, counts
from simlib.report.obedience_curve import curve_nodes, unmeasured
from simlib.report.orders import orders_sentence, readings_sentence
from simlib.report.report import build_figures
from simlib.report.sections import heading, moved_text, unfit_tables
from simlib.report.tables import headline_table, sensitivity_table
from simlib.words import Words, words
from simlib.words.glossary import terms
from simlib.words.nodes import Heading, Items, Node, Picture, Table, Text
from simlib.words.values import DASH

Figures = Mapping[str, Figure]
TOP = 8  # assumed numbers shown in the main part


def handout(study: Study, language: str) -> Handout:
    """Everything that a committee is handed, in one language."""
    w = words(language, "documents")
    figures = build_figures(study, w)
    chapters = []
    for key, fill in {**CHAPTERS, **APPENDICES}.items():
        parts = tuple(fill(study, w, figures))
        if parts:
            chapters.append(Chapter(key, w[f"chapter_{key}"], parts, key in APPENDICES))
    file = study.experiment.file
    about = [p for p in parts_of(heading(study, w, figures)) if isinstance(p, Text) and p.kind != "question"]
    about.append(Text(w.say("made_on", name=file.name), "quiet"))
    return Handout(language, file.name, getattr(file.title, language), tuple(about), tuple(chapters), w)


def question(study: Study, w: Words, figures: Figures) -> list[Node]:
    """The question."""
    return [Text(getattr(study.experiment.file.question, w.language), "answer")]


def answer(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Two sentences, and one each on other readings, on obeying, and on the order that changes with either."""
    lines = (
        *sentences(study, w),
        readings_sentence(study, w),
        obeying.sentence(study, w),
        unmeasured(study, w),
        orders_sentence(study, w),
    )
    return [Text(t, "answer") for t in lines if t]


def picture(study: Study, w: Words, figures: Figures) -> list[Node]:
    """The one picture."""
    return [Picture(figures["headline"], w["fig_headline"], comments.below("headline", study, w))]


def table(study: Study, w: Words, figures: Figures) -> list[Node]:
    """The headline numbers with their intervals."""
    zh = w.language == "zh"  # where names are short and "percentage points" is long
    zh_widths, en_widths = (0.08, 0.08, 0.15, 0.2, 0.15, 0.15, 0.19), (0.1, 0.11, 0.15, 0.165, 0.16, 0.15, 0.165)
    widths = zh_widths if zh else en_widths
    return [
        replace(headline_table(study, w), widths=widths),
        Text(w["limit_interval" if study.world == "middle" else "limit_interval_drawn"], "quiet"),
    ]


def how(study: Study, w: Words, figures: Figures) -> list[Node]:
    """How the question was put to the model: what was compared, dates, drugs, hospitals."""
    return [asked.design(study, w), *parts_of(asked.samples(study, w))]


def hinges(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Obedience, and the assumed numbers that move the gain most."""
    parts: list[Node] = [Heading(w["hinges_obedience"]), *curve_nodes(study, w, figures), Text(w["obedience_text"])]
    if study.all_sides:
        parts[1:1] = [Text(t) for t in (obeying.conclusion(study, w),) if t]
        parts.append(Picture(figures["obedience"], w["fig_obedience"]))
    parts += [Heading(w["hinges_numbers"]), *(Text(line, "warn") for line in unfit_tables(study, w))]
    first = hinge(study)
    if first is None:
        return [*parts, Text(w["sensitivity_none"])]
    top = moving(study.sensitivity[first]).head(TOP)
    said = moved_text(study, first, w)
    shown = replace(sensitivity_table(top, w), caption=w.say("hinges_top", n=len(top)))
    return [*parts, Text(said), Picture(figures[f"tornado-{first}"], said), *parts_of([shown])]


def assumed(study: Study, w: Words, figures: Figures) -> list[Node]:
    """How much is assumed."""
    n = counts(study)
    return [
        Text(w.say("assumed_kinds", **n)),
        Text(w.say("assumed_text", count=n["assumed"])),
        Text(w["kind_note"], "quiet"),
    ]


def rulebooks(study: Study, w: Words, figures: Figures) -> list[Node]:
    """Every rulebook against the one below it."""
    parts: list[Node] = []
    for a, b in differences.pairs(study):
        found = differences.difference(study, a, b)
        if len(found):
            rows = tuple(differences.rows(found, w))
            full = any(below != DASH for _, below, _ in rows)  # else a rulebook only adds
            widths = (0.28, 0.3, 0.42) if full else (0.32, 0.14, 0.54)
            parts += [
                Heading(differences.title(study, a, b, w)),
                Table(differences.heads(study, a, b, w), rows, widths=widths),
            ]
    return [Text(w["differences_text"]), *parts] if parts else [Text(w["differences_none"])]


def limits(study: Study, w: Words, figures: Figures) -> list[Node]:
    """What it cannot say."""
    return [Items(tuple(f"{head}{w['between']}{text}" for head, text in cannot(study, w)))]


def glossary(study: Study, w: Words, figures: Figures) -> list[Node]:
    """The words, each with the word of the other language."""
    rows = tuple(
        (t.zh, t.en, t.meaning(w)) if w.language == "zh" else (t.en, t.zh, t.meaning(w))
        for t in (*terms("nouns"), *terms("glossary"))
    )
    head = (w["col_word"], w["col_other_language"], w["col_meaning"])
    return [Text(w["words_text"], "quiet"), Table(head, rows, widths=(0.2, 0.2, 0.6))]


def manifest(study: Study, w: Words, figures: Figures) -> list[Node]:
    """What ran."""
    rows = manifest_rows(study.manifest, w)
    if not rows:
        return [Text(w["manifest_none"])]
    return [Text(w["manifest_text"]), Table((w["col_key"], w["col_entry"]), rows, widths=(0.3, 0.7))]


Fill = Callable[[Study, Words, Figures], list[Node]]
CHAPTERS: dict[str, Fill] = {
    "question": question,
    "answer": answer,
    "picture": picture,
    "table": table,
    "asked": how,
    "hinges": hinges,
    "assumed": assumed,
    "differences": rulebooks,
    "cannot": limits,
    "glossary": glossary,
}
APPENDICES: dict[str, Fill] = {"stress": stress, "numbers": numbers, "manifest": manifest}
