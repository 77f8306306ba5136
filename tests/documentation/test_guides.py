"""README and the guides say the same in English and Chinese, lead somewhere, and quote the numbers that hold."""

from __future__ import annotations

import json
import re

import pytest

from simlib.cli import inventory
from simlib.core.files import home
from tests.documentation.shown import BY_HAND, GENERATED, bare, fenced, headings, path, prose, text

PAGES = [*BY_HAND, *GENERATED]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_have_the_same_headings_lists_tables_and_pictures(page):
    en, zh = text(page), text(page, "zh")
    assert headings(en) == headings(zh)
    for mark in (r"^ *\| ", r"^ *- ", r"^ *\d+\. ", r"^!\[", r"^<!-- "):
        assert len(re.findall(mark, prose(en), re.M)) == len(re.findall(mark, prose(zh), re.M)), mark


@pytest.mark.parametrize("page", BY_HAND)
def test_both_languages_show_the_same_code(page):
    def code(language):
        blocks = fenced(text(page, language))
        return [
            (b.kind, [re.sub(r"\s+#\s.*$", "", bare(re.sub(r"\s*[(（]Windows.*$", "", x))) for x in b.lines])
            for b in blocks
        ]

    assert code("en") == code("zh")


@pytest.mark.parametrize("page", PAGES)
def test_the_chinese_page_is_chinese_and_the_english_one_is_not(page):
    en, zh = prose(text(page)), prose(text(page, "zh"))
    assert len(CHINESE.findall(zh)) > 0.25 * len(zh)
    if page in BY_HAND:
        assert len(CHINESE.findall(en)) < 0.02 * len(en)
    else:
        assert len(CHINESE.findall(en)) < len(CHINESE.findall(zh))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("page", [*PAGES])
def test_links_and_pictures_lead_to_files_and_stay_in_the_language(page, language):
    file = path(page, language)
    targets = re.findall(r"\]\(([^)#\s]+)", text(page, language))
    assert targets or page in GENERATED
    for target in targets:
        if not target.startswith("https://"):
            assert (file.parent / target).is_file(), target
            other = (file.parent / target).with_suffix("").with_suffix("")
            if language == "zh" and other.with_name(other.name + ".zh" + file.suffix).is_file():
                assert ".zh." in target or target == "README.md", f"{target} has a Chinese page"


@pytest.mark.parametrize("page", BY_HAND)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_files_that_a_page_names_are_there(page, language):
    for name in re.findall(
        r"`((?:scenarios|simlib|docs|benchmarks|twin|tools|notebooks)/[\w./-]*)`", prose(text(page, language))
    ):
        assert (home() / name).exists(), name


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_numbers_of_the_model_page_are_those_of_the_register(language):
    register = {r["en"].split(" = ")[0]: r["en"].split(" = ")[1].split(" [")[0] for r in inventory.rows("assumptions")}
    page = text("docs/model", language)
    quoted = re.findall(r"`([a-z_0-9.]+)` = ([\d.]+\d|\d)", page)
    assert len(quoted) >= 20
    for key, number in quoted:
        numbers = re.findall(r"-?\d+(?:\.\d+)?", register[key].replace(",", ""))
        assert float(number) == float(numbers[0]), (key, register[key])
    (count,) = re.findall(r"\[(?:登记表)?(\d+) ?(?:entries of the register|条)\]", page)
    assert int(count) == len(register)


def test_no_page_names_a_machine_or_a_private_address():
    for page in PAGES:
        for language in ("en", "zh"):
            found = re.findall(r"/root\b|/work\b|127\.0\.0\.1:\d|https?://(?!simpy\.)\S+", text(page, language))
            assert not found, (page, found)


def test_no_chinese_sentence_is_broken_by_the_end_of_a_line_which_would_be_shown_as_a_blank():
    pages = [home() / "README.zh.md", *home().glob("docs/*.zh.md"), *home().glob("notebooks/workshop/*.zh.md")]
    texts = {p.name: p.read_text(encoding="utf-8") for p in pages}
    for lesson in home().glob("notebooks/workshop/**/zh/*.ipynb"):
        cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
        texts[f"{lesson.parent.parent.name} {lesson.name}"] = "\n\n".join(
            "".join(c["source"]) for c in cells if c["cell_type"] == "markdown"
        )
    broken = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff01-\uffee]\n[\u4e00-\u9fff（“]")
    found = {n: broken.findall(re.sub(r"^```.*?^```$", "", t, flags=re.M | re.S)) for n, t in texts.items()}
    assert len(texts) >= 15 and not any(found.values()), {n: f for n, f in found.items() if f}
