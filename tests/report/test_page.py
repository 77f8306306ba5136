import re
import warnings
from dataclasses import replace
from functools import partial

import nbformat
import pytest
from matplotlib.figure import Figure

from simlib.policy.levers import Bilingual
from simlib.report.page import (
    INSTRUCTION,
    addresses,
    languages,
    notebook_body,
    page_in_language,
    shell,
)
from simlib.report.report import LazyFigures, Report, tidy_tables, write_tidy
from simlib.report.sections import SECTIONS
from simlib.words import LANGUAGES, words
from simlib.world.assumptions import assumption
from tests.report.made_up import MOVED_PATHS, made_up, moved

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}


@pytest.fixture(scope="module")
def report():
    table = moved(0.24, {path: (0.2 - i / 100, 0.3 + i / 200) for i, path in enumerate(MOVED_PATHS)})
    study = replace(made_up(MEANS), sensitivity={"beijing-beijing-default": table}, failed={"beijing-x": "broke"})
    return Report(study)


@pytest.fixture(scope="module")
def page(report):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a glyph that no font has is a warning of matplotlib
        return shell("Title · 标题", "".join(report.section(name).data for name in SECTIONS))


def test_the_page_names_no_network_address(page):
    assert addresses(page) == []
    assert "<script" not in page


def test_the_page_carries_its_own_font_with_the_glyphs_it_needs(page):
    size = len(re.search(r"font/woff;base64,([A-Za-z0-9+/=]+)", page)[1])
    assert 20_000 < size < 400_000


def test_no_blank_is_left_in_a_text_of_the_page_or_in_the_words_of_a_picture(page):
    said = re.sub(r"<style>.*?</style>|data:[a-z/+]+;base64,[A-Za-z0-9+/=]+", "", page, flags=re.S)
    assert 'alt="Gain over before reform"' in said and re.findall(r"[^<>]*\{\w+\}[^<>]*", said) == []


def test_every_section_stands_in_both_languages(page):
    for name in (
        "asked",
        "answer",
        "pictures",
        "patients",
        "obedience",
        "worse",
        "clauses",
        "sensitivity",
        "gate",
        "assumed",
        "limits",
    ):
        assert f'id="{name}-en"' in page
        assert f'id="{name}-zh"' in page


def test_question_answer_one_picture_and_its_numbers_come_first(report):
    assert list(SECTIONS)[:2] == ["heading", "answer"]
    assert report.section("heading").data.count('<p class="question">') == 2
    for section in report.section("answer").data.split('<div lang="')[1:]:
        first, _, rest = section.partition("</figure>")
        assert first.count("<img") == 1 and first.index('<div class="answer">') < first.index("<img")
        assert rest.startswith('<div class="scroll"><table') and "%" in rest[: rest.index("</table>")]


def test_a_whole_page_in_one_language_says_which_and_hides_the_other(page):
    assert languages(page) == ["en", "zh"]
    for language, code in (("zh", "zh-CN"), ("en", "en")):
        alone = page_in_language(page, language)
        assert alone.count("<html lang=") == 1 and f'<html lang="{code}">' in alone
        head, _, body = alone.partition("</head>")
        assert f"body [lang]:not([lang|={language}]), .switch {{ display: none !important; }}" in head
        assert body == page.partition("</head>")[2] and languages(alone) == [language]
    assert "display: none !important" not in page  # tests/browser look at what is shown and printed


def test_cells_that_speak_to_who_edits_do_not_reach_the_page(tmp_path):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell(t) for t in ("copy this file", "read this")]
    notebook.cells[0].metadata["tags"] = [INSTRUCTION]
    nbformat.write(notebook, tmp_path / "a.ipynb")
    body = notebook_body(tmp_path / "a.ipynb")
    assert "read this" in body and "copy this file" not in body


def test_in_a_notebook_the_heading_brings_its_style_and_a_switch_between_two_languages(report, tmp_path):
    for of, switched in ((report, True), (Report(made_up(MEANS), "en"), False)):
        first = of.section("heading").data
        assert first.startswith("<style>\n.jp-") and ('id="show-zh"' in first) == switched
        assert "<style>" not in of.section("answer").data
    notebook = nbformat.v4.new_notebook()
    shown = nbformat.v4.new_output("display_data", {"text/html": first})
    notebook.cells = [nbformat.v4.new_code_cell("heading", outputs=[shown])]
    nbformat.write(notebook, tmp_path / "a.ipynb")
    assert ".jp-" not in notebook_body(tmp_path / "a.ipynb")  # a page has its own


def test_the_page_names_scenarios_that_failed(page):
    assert "beijing-x" in page
    assert "broke" in page


def test_the_page_warns_of_few_replications():
    body = Report(made_up(MEANS, n=3), "en").section("heading").data
    assert "quick look" in body


def test_text_from_files_is_escaped(report, monkeypatch):
    script = "<script>alert(1)</script>"
    named = replace(assumption("decision.rho"), name=Bilingual(script, script))
    monkeypatch.setattr("simlib.report.answer.assumption", lambda path: named)
    data = Report(report.study, "en").section("answer").data
    assert "&lt;script&gt;" in data and "<script>" not in data


def test_full_default_and_no_obedience_stand_side_by_side(report):
    body = report.section("obedience").data
    assert "<th class=right>full</th><th class=right>default</th><th class=right>none</th>" in body


def test_tables_open_in_excel_with_chinese_intact(report, tmp_path):
    tables = tidy_tables(report.study)
    write_tidy(tables["results"], tmp_path, "results")
    data = (tmp_path / "results.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "配备".encode() in data
    assert (tmp_path / "results.parquet").is_file()


def test_every_column_of_the_results_is_in_the_data_dictionary(report):
    tables = tidy_tables(report.study)
    known = set(tables["data_dictionary"]["name"])
    assert set(tables["results"].columns) <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_are_drawn_in_every_language_without_a_missing_glyph(report, language):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = dict(report.figures[language])
    assert all(isinstance(figure, Figure) for figure in drawn.values())
    assert {"headline", "gains", "curves", "states", "reasons", "obedience"} <= set(drawn)


def test_a_figure_is_drawn_when_it_is_asked_for_and_once():
    calls = []
    figures = LazyFigures({name: partial(lambda n: calls.append(n) or Figure(), name) for name in ("a", "b")})
    assert list(figures) == ["a", "b"] and len(figures) == 2 and not calls
    assert figures["b"] is figures["b"] and calls == ["b"]


def test_rules_and_reasons_why_they_cannot_act_stand_in_the_language_of_the_page(report):
    en, zh = report.section("assumed").data.split('<div lang="zh">')
    reason = ("innovative drugs come onto the platform by ordinary listing here", "本模型中创新药均经普通挂网进入平台")
    assert reason[0] in en and reason[1] not in en
    assert reason[1] in zh and reason[0] not in zh
    assert "10 products in 2024" in en and "2024年10个品种" in zh
    rules = tidy_tables(report.study)["rules"]
    row = rules[rules["clause"] == "BJ-08"].iloc[0]
    assert (row["value"], row["value_en"], row["value_zh"]) == ("2024 10", "10 products in 2024", "2024年10个品种")


def test_both_languages_have_the_same_phrases_with_the_same_blanks():
    en, zh = words("en"), words("zh")
    assert set(en) == set(zh)
    blanks = lambda text: set(re.findall(r"{(\w+)}", text))  # noqa: E731
    assert [k for k in en if blanks(en[k]) != blanks(zh[k])] == []
