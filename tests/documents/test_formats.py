"""Word, workbook and slides open, hold the content, name Chinese fonts, and are whole or absent."""

import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation

from simlib.documents.sheets import ABOUT, LINE, sheets, write_xlsx
from simlib.documents.slides import fitting, height, unit_above, write_pptx
from simlib.documents.web import titled
from simlib.documents.word import CHINESE, WIDTH, shares, write_docx
from simlib.words import LANGUAGES, words
from simlib.words.nodes import Table
from simlib.words.wrap import width


@pytest.fixture(scope="module")
def docs(handouts, tmp_path_factory):
    place = tmp_path_factory.mktemp("word")
    for n in LANGUAGES:
        write_docx(handouts[n], place / f"{n}.docx")
    assert sorted(p.name for p in place.iterdir()) == ["en.docx", "zh.docx"]  # nothing half done is left
    return {n: Document(str(place / f"{n}.docx")) for n in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_document_is_a4_with_real_headings_tables_and_pictures(docs, handouts, language):
    doc = docs[language]
    section = doc.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    heads = [p.text for p in doc.paragraphs if p.style.name == "Heading 1"]
    assert heads == list(titled(handouts[language]))
    assert len(doc.inline_shapes) >= 4
    assert all(s._inline.docPr.get("descr") for s in doc.inline_shapes)
    assert max(s.width.cm for s in doc.inline_shapes) <= 17.41
    answer = handouts[language].chapter("answer").parts[0].text
    assert answer in [p.text for p in doc.paragraphs]


def test_word_names_a_chinese_font_for_chinese_signs(docs):
    fonts = docs["zh"].styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == CHINESE
    assert not [k for k in fonts.attrib if k.endswith("Theme")]  # which would win over the named ones


def test_a_column_of_long_texts_is_wide_and_one_of_numbers_narrow():
    table = Table(("no.", "says", "levers"), (("1", "a sentence of a clause " * 6, "12"), ("2", "药" * 70, "3")))
    found = shares(table)
    assert sum(found) == pytest.approx(1) and found[1] > 0.6 and min(found) > 0.05


def test_no_column_of_a_word_table_is_left_to_the_program_that_opens_it(docs):
    for table in docs["en"].tables:
        widths = [c.w for c in table._tbl.tblGrid.gridCol_lst]
        assert not table.autofit and sum(widths) / 360_000 == pytest.approx(WIDTH, abs=0.1)


def test_the_head_of_a_table_stands_again_on_every_page(docs):
    for table in docs["en"].tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


@pytest.fixture(scope="module")
def books(study, handouts, tmp_path_factory):
    place = tmp_path_factory.mktemp("sheets")
    for n in LANGUAGES:
        write_xlsx(study, handouts[n], place / f"{n}.xlsx")
    return {n: openpyxl.load_workbook(place / f"{n}.xlsx") for n in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_has_a_sheet_a_table_with_a_frozen_filtered_head(books, study, language):
    w = words(language, "documents")
    tables = sheets(study, w)
    assert books[language].sheetnames == [w["sheet_about"], *(w[f"sheet_{k}"] for k in tables)]
    for sheet in books[language].worksheets[1:]:
        assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref
    assert {k: books[language][w[f"sheet_{k}"]].max_row - 1 for k in tables} == {k: len(t) for k, t in tables.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_sheet_shows_question_and_answer_whole(books, language):
    first = books[language].worksheets[0]
    across = {r.min_row for r in first.merged_cells.ranges}
    long = [c for (c,) in first.iter_rows(max_col=1) if width(str(c.value or "")) > sum(ABOUT)]
    assert long and {c.row for c in long} == across
    for c in long:
        lines = first.row_dimensions[c.row].height / LINE
        assert c.alignment.wrap_text and lines * sum(ABOUT) >= width(c.value)


def test_a_workbook_prints_whole_rows_under_their_head(books):
    first, *tables = books["zh"].worksheets
    for sheet in (first, *tables):
        assert sheet.page_setup.fitToWidth == 1 and sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert {sheet.print_title_rows for sheet in tables} == {"$1:$1"}


def test_numbers_of_a_workbook_are_numbers_in_the_unit_beside_them(books, study):
    head, *rows = books["en"]["headline"].iter_rows(values_only=True)
    found = {(r[1], r[2], r[3]): r for r in rows}
    row = found["Beijing", "default", "stocked 24 months after approval"]
    expected = study.pick("stocked_24m").loc[("beijing", "beijing")]
    assert row[head.index("unit")] == "%"
    assert row[head.index("mean")] == pytest.approx(100 * expected["mean"])
    assert row[head.index("gain over before reform")] == pytest.approx(100 * expected["difference"])


def test_the_headline_shows_one_decimal_and_holds_them_all(books):
    head, *rows = books["en"]["headline"].iter_rows()
    means = [row[[c.value for c in head].index("mean")] for row in rows]
    assert {c.number_format for c in means} == {"0.0"}
    assert any(c.value != round(c.value, 1) for c in means)
    assert {c.number_format for c in books["en"]["results"][2]} == {"General"}


def test_every_column_of_the_results_is_explained_in_the_workbooks_dictionary(books):
    names = {r[1] for r in books["en"]["data_dictionary"].iter_rows(values_only=True)}
    for sheet in ("results", "curves", "sensitivity", "rules", "assumptions"):
        assert {c.value for c in books["en"][sheet][1]} <= names


def test_no_text_of_a_workbook_is_a_formula(study, handouts, tmp_path, monkeypatch):
    from simlib.documents import sheets as module

    monkeypatch.setattr(
        module, "sheets", lambda study, w: {"cannot": pd.DataFrame([("=1+1", "+cmd")], columns=["a", "b"])}
    )
    write_xlsx(study, handouts["en"], tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["cannot_say"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


@pytest.fixture(scope="module")
def decks(study, handouts, tmp_path_factory):
    place = tmp_path_factory.mktemp("slides")
    for n in LANGUAGES:
        write_pptx(study, handouts[n], place / f"{n}.pptx")
    return place


@pytest.mark.parametrize("language", LANGUAGES)
def test_slides_are_few_hold_pictures_and_notes_and_keep_inside_the_page(decks, handouts, language):
    deck = Presentation(str(decks / f"{language}.pptx"))
    assert 6 <= len(deck.slides) <= 10
    assert sum(s.shape_type == 13 for slide in deck.slides for s in slide.shapes) >= 2
    for slide in deck.slides:
        assert slide.notes_slide.notes_text_frame.text.strip()
        for s in slide.shapes:
            assert s.left >= 0 and s.top >= 0 and s.left + s.width <= deck.slide_width
            assert s.top + s.height <= deck.slide_height
    said = " ".join(s.text_frame.text for slide in deck.slides for s in slide.shapes if s.has_text_frame)
    assert handouts[language].chapter("answer").parts[0].text in said


def test_on_a_slide_a_unit_stands_once_above_its_column():
    table = Table(("place", "gain"), (("a", "+1.0 pp (0.5 to 1.5)"), ("b pp", "–")))
    assert unit_above(table, "pp") == (["place (pp)", "gain (pp)"], [["a", "+1.0 (0.5 to 1.5)"], ["b", "–"]])
    assert unit_above(table, "days") == (["place", "gain"], [list(row) for row in table.rows])


def test_every_run_of_the_slides_names_its_chinese_font(decks):
    with zipfile.ZipFile(decks / "zh.pptx") as archive:
        for name in archive.namelist():
            if re.fullmatch(r"ppt/slides/slide\d+\.xml", name):
                text = archive.read(name).decode()
                runs = re.findall(r"<a:r>.*?</a:r>", text, re.S)
                assert runs and all(f'<a:ea typeface="{CHINESE}"/>' in r for r in runs), name


def test_words_on_slides_shrink_until_they_fit():
    few, many = ["short"], ["a rather long line of the kind that answers have " * 4] * 6
    assert fitting(few, 5.4) == 28
    size = fitting(many, 5.4)
    assert size < 20 and height(many, size, 11.8) <= 5.2 < height(many, size + 2, 11.8)
    chinese = ["配备" * 60] * 4
    assert fitting(chinese, 5.4) < fitting(["ab" * 60] * 4, 5.4)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_slides_fits_into_its_box(decks, language):
    for slide in Presentation(str(decks / f"{language}.pptx")).slides:
        for s in slide.shapes:
            if s.has_text_frame and s.text_frame.text:
                runs = [r for p in s.text_frame.paragraphs for r in p.runs]
                lines = [p.text for p in s.text_frame.paragraphs]
                assert height(lines, runs[0].font.size.pt, s.width.inches - 0.3) <= s.height.inches + 0.15, lines
