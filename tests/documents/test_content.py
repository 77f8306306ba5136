"""A handout has what a committee needs, in its language, and says what the page says."""

import re

import pytest

from simlib.documents.content import APPENDICES, CHAPTERS
from simlib.documents.parts import parts_of
from simlib.report.answer import sentences
from simlib.report.limits import counts
from simlib.words import LANGUAGES, words
from simlib.words.nodes import Drawing, Folded, Heading, Items, Link, Picture, Small, Strong, Table, Text, plain

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def texts(part):
    match part:
        case Table():
            return [part.caption, *map(plain, part.head), *(plain(c) for row in part.rows for c in row)]
        case Items():
            return list(map(plain, part.items))
        case Picture():
            return [part.words, part.below]
    return [plain(part.text)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chapter_is_there_and_appendices_come_last(handouts, language):
    chapters = handouts[language].chapters
    assert [c.key for c in chapters] == [*CHAPTERS, *APPENDICES]
    assert [c.appendix for c in chapters] == [False] * len(CHAPTERS) + [True] * len(APPENDICES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_blank_is_left_in_a_text_or_in_the_words_of_a_picture(handouts, language):
    h = handouts[language]
    said = [h.title, *(line for p in h.about for line in texts(p))]
    said += [line for c in h.chapters for line in (c.title, *(line for p in c.parts for line in texts(p)))]
    assert len(said) > 100 and [line for line in said if re.search(r"\{\w+\}", line)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_question_and_answer_come_first_and_the_question_is_said_once(handouts, study, language):
    asked = getattr(study.experiment.file.question, language)
    assert [c.key for c in handouts[language].chapters[:3]] == ["question", "answer", "picture"]
    said = [
        t
        for c in handouts[language].chapters[:6]
        for p in c.parts
        for t in (texts(p) if not isinstance(p, Picture) else [])
    ]
    assert said.count(asked) == 1 and asked not in [p.text for p in handouts[language].about]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_the_pages_own_sentences(handouts, study, language):
    said = [p.text for p in handouts[language].chapter("answer").parts]
    assert said[:2] == list(sentences(study, words(language)))


def test_the_table_has_every_rulebook_with_its_interval(handouts):
    (table,) = [p for p in handouts["en"].chapter("table").parts if isinstance(p, Table)]
    assert [row[1] for row in table.rows] == ["before reform", "national", "Beijing"]
    assert all(re.search(r"[0-9.]+% \([0-9.]+ to [0-9.]+\)", row[2]) for row in table.rows)


def test_a_chinese_handout_has_no_paragraph_without_chinese(handouts):
    for chapter in handouts["zh"].chapters:
        for part in chapter.parts:
            if isinstance(part, (Text, Heading)) and chapter.key != "stress":
                assert CHINESE.search(part.text), part
    assert not CHINESE.search("".join(t for p in handouts["en"].chapter("cannot").parts for t in texts(p)))


def test_every_pair_of_rulebooks_is_compared_rule_by_rule(handouts):
    parts = handouts["en"].chapter("differences").parts
    heads = [p.text for p in parts if isinstance(p, Heading)]
    assert [h.split(":")[0] for h in heads] == ["before reform → national", "national → Beijing"]
    tables = [p for p in parts if isinstance(p, Table)]
    assert [f": {len(t.rows)} levers differ" in h for t, h in zip(tables, heads, strict=True)] == [True, True]
    assert any("BJ-" in cell for row in tables[1].rows for cell in row)


def test_the_manifest_and_all_numbers_stand_in_the_appendix(handouts, study):
    rows = dict(next(p for p in handouts["en"].chapter("manifest").parts if isinstance(p, Table)).rows)
    assert rows["seed"] == "8642" and rows["calendar"] == "provisional" and "7 cores" in rows["machine"]
    (table,) = handouts["zh"].chapter("numbers").parts
    assert len(table.rows) == len(study.scenario.assumptions) >= counts(study)["assumed"]


def test_a_section_becomes_parts_without_losing_its_words():
    section = [
        Heading("Title", 2, "title-en"),
        Text(("a ", Strong("b"), " & c"), "meta"),
        Items(("one", (Strong("two"), " more"))),
        Drawing("flow.svg", "a drawing"),
        Folded(
            "more",
            (Heading("inside", 4), Table(("x",), ((("1\n", Small("2")),), (Link("3", "y"),)), "C", look="small")),
        ),
    ]
    assert list(parts_of(section)) == [
        Text("a b & c", "quiet"),
        Items(("one", "two more")),
        Heading("inside"),
        Table(("x",), (("1\n2",), ("3",)), "C"),
    ]
