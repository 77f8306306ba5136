"""The report in a browser: it opens without the network, shows one language at a time, prints to PDF, its Chinese as text."""

import re
import unicodedata
from functools import cache

import pytest

from simlib.documents.content import handout
from simlib.documents.pdf import print_pdf
from simlib.documents.web import page
from simlib.report.page import page_in_language, shell
from simlib.report.report import Report
from simlib.words import LANGUAGES, words
from tests.browser.lab import chromium, overheard
from tests.handed import MEANS
from tests.report.made_up import made_up

sync_api = pytest.importorskip("playwright.sync_api")
pypdf = pytest.importorskip("pypdf")
A4 = (595, 842)  # points


@pytest.fixture(scope="module")
def study():
    return made_up(MEANS, regions=("beijing",))


@pytest.fixture(scope="module")
def sections(study):
    """The comparison page in both languages, as far as these tests need it."""
    report = Report(study)
    names = ("heading", "asked", "answer", "pictures", "assumed", "differences", "limits", "stress")
    return shell("Report · 报告", "".join(report.section(n).data for n in names))


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as p:
        here = p.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield here
        here.close()


@pytest.fixture
def opened(browser, sections, tmp_path):
    """The page, opened from a file; what it asked for and complained of."""
    file = tmp_path / "index.html"
    file.write_text(sections, encoding="utf-8")
    tab = overheard(browser, file)
    yield tab
    tab.close()


@pytest.fixture(scope="module")
def printed(study, tmp_path_factory):
    """The handout as PDF, of a language that is asked for."""
    place = tmp_path_factory.mktemp("pdf")

    @cache
    def reader(language):
        print_pdf(page(handout(study, language)), place / f"{language}.pdf")
        return pypdf.PdfReader(place / f"{language}.pdf")

    yield reader
    assert {p.name for p in place.iterdir()} <= {"en.pdf", "zh.pdf"}  # nothing half done is left


def test_the_report_opens_without_network_or_complaint(opened):
    assert [u for u in opened.asked if not u.startswith(("file:", "data:"))] == []
    assert opened.said == []
    loaded = opened.evaluate("document.fonts.ready.then(() => [...document.fonts].map(f => f.status))")
    assert loaded and set(loaded) == {"loaded"}
    broken = opened.evaluate("[...document.images].filter(i => !i.complete || i.naturalWidth == 0).length")
    assert broken == 0 and opened.evaluate("document.images.length") >= 8


def test_one_language_is_shown_at_a_time_and_the_switch_changes_it(opened):
    english, chinese = opened.locator("#answer-en"), opened.locator("#answer-zh")
    assert english.is_visible() and not chinese.is_visible()
    opened.check("#show-zh")
    assert chinese.is_visible() and not english.is_visible()
    opened.check("#show-both")
    assert chinese.is_visible() and english.is_visible()


def test_folded_rules_open_and_no_text_runs_out_of_the_page(opened):
    part = opened.locator("details", has_text="national → Beijing").first
    assert not part.locator("table").is_visible()
    part.locator("summary").click()
    assert part.locator("table").is_visible()
    assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_of_wide_numbers_fit_a_page_of_1100_pixels(browser, tmp_path, language):
    report = Report(made_up(MEANS, regions=("beijing",), n=3, noise=0.1), language)
    file = tmp_path / "wide.html"
    file.write_text(shell("wide", "".join(report.section(n).data for n in ("answer", "assumed"))), encoding="utf-8")
    tab = overheard(browser, file)
    tab.set_viewport_size({"width": 1100, "height": 900})
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    said = tab.locator(".scroll").first.inner_text()
    assert re.search(r"\+\d\d\.\d \D+ \([+−]\d\d\.\d \D+ [+−]\d\d\.\d\)", said)
    widths = "[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth)"
    assert max(tab.evaluate(widths)) <= 0
    tab.close()


def test_the_page_itself_prints_and_shows_no_switch(opened, tmp_path):
    opened.check("#show-zh")
    opened.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    text = "".join(p.extract_text() for p in pypdf.PdfReader(tmp_path / "page.pdf").pages)
    assert "答案" in text and "The answer" not in text and "English + 中文" not in text


BY_HAND = '<p lang="zh-CN">安装自行</p><p lang="en">by hand</p><p>of none</p>'


@pytest.mark.parametrize(("language", "shown", "hidden"), [("en", "The answer", "答案"), ("zh", "答案", "The answer")])
def test_a_page_in_one_language_shows_and_prints_that_one_alone(browser, sections, tmp_path, language, shown, hidden):
    file = tmp_path / "mine.html"
    file.write_text(page_in_language(sections.replace("</body>", f"{BY_HAND}</body>"), language), encoding="utf-8")
    tab = overheard(browser, file)
    said = tab.evaluate("document.body.innerText")
    tab.close()
    print_pdf(file.read_text(encoding="utf-8"), tmp_path / "mine.pdf")
    reader = pypdf.PdfReader(tmp_path / "mine.pdf")
    for text in (said, "".join(p.extract_text() for p in reader.pages)):
        assert shown in text and hidden not in text and "English + 中文" not in text
        assert (
            "of none" in text
            and ("by hand" in text) == (language == "en")
            and ("安装自行" in text) == (language == "zh")
        )
    assert reader.trailer["/Root"]["/Lang"] == {"en": "en", "zh": "zh-CN"}[language]
    assert hidden not in str(reader.outline) and reader.outline


def test_what_is_folded_on_the_screen_stands_open_on_paper(opened, tmp_path):
    folded = opened.locator("div[lang=en] details").evaluate_all(
        "all => all.map(d => [d.querySelector('summary').innerText, (d.querySelector('td, dd, li, p') || d).textContent])"
    )
    assert len(folded) > 5 and any("national → Beijing" in title for title, _ in folded)
    assert not opened.locator("div[lang=en] details td, div[lang=en] details dd").first.is_visible()
    opened.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    text = "".join(p.extract_text() for p in pypdf.PdfReader(tmp_path / "page.pdf").pages)
    squeezed = re.sub(r"\s", "", text)
    for title, cell in folded:
        assert re.sub(r"\s", "", cell)[:20] in squeezed, title


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_the_handout_prints_on_a4_with_its_outline_and_page_numbers(printed, language):
    reader = printed(language)
    assert {tuple(round(float(x)) for x in p.mediabox[2:]) for p in reader.pages} == {A4}
    first = reader.pages[0].extract_text()
    assert re.search(rf"1 / {len(reader.pages)}\b", first)
    assert reader.outline


def test_the_chinese_of_the_pdf_is_text(printed, study):
    whole = "".join(p.extract_text() for p in printed("zh").pages)
    squeezed = re.sub(r"\s", "", whole)
    for said in ("按STRESS-DES清单说明模型", "各套规则逐条差异", "不能说明什么", words("zh")["limit_obey"]):
        assert re.sub(r"\s", "", said) in squeezed
    assert len(re.findall(r"[\u4e00-\u9fff]", whole)) > 5000
    radicals = {c for c in whole if "\u2e80" <= c <= "\u2fdf"}  # look like words and are found by no search
    assert not radicals and unicodedata.is_normalized("NFC", whole)
    assert "\ufffd" not in whole
