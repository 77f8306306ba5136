"""The reporting checklist is whole, bilingual, and says what code, data and manifest say."""

from __future__ import annotations

import re

import pytest

from simlib.documentation.blocks import paragraph, table
from simlib.documentation.facts import Facts, locked, quantities, stored
from simlib.documentation.markdown import markdown
from simlib.documentation.stress import ROWS, answers, stress_markdown
from simlib.documentation.words import LANGUAGES, own, words
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.clauses import clause_rows
from simlib.policy.flow import STAGES
from simlib.policy.levers import LEVERS
from simlib.report.hypertext import hypertext
from simlib.scenario.experiment_files import load_experiment
from simlib.words import words as report_words
from simlib.words.nodes import Anchor, Link, bare

# the numbers of the checklist's 24 rows, Monks et al. 2019
THE_ROWS = [
    "1.1",
    "1.2",
    "1.3",
    "2.1",
    "2.2",
    "2.3",
    "2.4",
    "2.5.1",
    "2.5.2",
    "2.5.3",
    "2.5.4",
    "2.5.5",
    "3.1",
    "3.2",
    "3.3",
    "3.4",
    "4.1",
    "4.2",
    "4.3",
    "5.1",
    "5.2",
    "5.3",
    "5.4",
    "6.1",
]
MANIFEST = {
    "seed": 4711,
    "packages": {"python": "3.99.1", "numpy": "9.9.9", "system": "linux"},
    "machine": {"system": "Linux x86_64", "cores": 7, "memory": 15},
    "code": {"simlib": "0.1.0", "commit": "0123456789abcdef", "changed_since_commit": True, "sources": "feedbeef"},
    "scenarios": {
        "a": {"replications": 13, "seconds": 91.0, "simulation_seconds": 40.0},
        "b": {"replications": 13, "seconds": 12.0, "simulation_seconds": 2.0},
        "c": {"failed": "on purpose"},
    },
}


@pytest.fixture(scope="module")
def pages():
    return {n: stress_markdown(stored(), words(n)) for n in LANGUAGES}


def test_the_checklist_has_its_24_rows_in_order(pages):
    assert list(ROWS) == THE_ROWS
    for text in pages.values():
        assert re.findall(r"^### ([0-9.]+) ", text, re.M) == THE_ROWS
        assert len(re.findall(r"^## [1-6] ", text, re.M)) == 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_says_something_and_leaves_no_blank(language):
    for number, blocks in answers(stored(), words(language)).items():
        text = markdown(blocks)
        assert len(text) > 40, number
        assert not re.search(r"{\w+}|\bnan\b|None", text), number


def test_stages_levers_and_clauses_are_counted_from_code_and_data(pages):
    assert f"{len(clause_rows())} clauses" in pages["en"] and f"{len(LEVERS)} levers" in pages["en"]
    for language, text in pages.items():
        for stage in STAGES.values():
            assert getattr(stage, language) in text
    row = next(line for line in pages["en"].splitlines() if line.startswith("| 2 | listing |"))
    assert "date of the application for listing | date of listing" in row
    assert f"| {sum(x.stage == 'listing' for x in LEVERS.values())} |" in row


def test_every_measure_stands_with_its_definition_in_both_languages(pages):
    families = ("reason_", "decisive_", "state_")
    single = {i for i in INDICATORS if not i.startswith(families)}
    assert [i for i in single if not INDICATORS[i].meaning_zh] == []
    for text in pages.values():
        assert single <= set(re.findall(r"^\| `(\w+)` \|", text, re.M))


def test_what_takes_time_has_a_distribution_with_a_unit(pages):
    for text in pages.values():
        rows = re.findall(r"^\| A-\w+ \|.*\|$", text.split("### 2.5.3")[0], re.M)
        assert len(rows) > 20 and not [r for r in rows if "()" in r or "（）" in r]


def test_every_stream_of_random_numbers_is_listed(pages):
    from simlib.core import streams

    assert set(quantities()) == {n for n in vars(streams) if n.startswith("Q_")}
    assert list(quantities().values()) == list(range(1, len(quantities()) + 1))
    for text in pages.values():
        assert f"`{list(quantities())[-1]}`" in text


def test_the_stored_page_takes_versions_from_the_lock_and_knows_no_machine(pages):
    assert locked()["simpy"][0].isdigit() and "pytest" not in locked()
    for text in pages.values():
        assert f"| simpy | {locked()['simpy']} |" in text
        assert "manifest.json" in text.split("### 5.4 ")[1].split("### ")[0].split("## ")[0]
        assert not re.search(r"\b[0-9a-f]{40}\b", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_appendix_of_a_run_takes_versions_times_seed_and_code_from_its_manifest(language):
    facts = Facts((load_experiment("own-rules"),), MANIFEST)
    found = {n: markdown(b) for n, b in answers(facts, words(language)).items()}
    assert "9.9.9" in found["5.1"] and "3.99.1" in found["5.1"]
    assert "4711" in found["5.2"]
    assert "42" in found["5.4"] and "91" in found["5.4"] and "7" in found["5.4"]
    assert "13" in found["4.3"]
    assert "0123456789ab" in found["6.1"] and own(language)["access_changed"] in found["6.1"]


def test_both_languages_have_the_same_phrases_with_the_same_blanks_and_take_none_from_the_report():
    en, zh = own("en"), own("zh")
    assert set(en) == set(zh)
    blanks = lambda text: set(re.findall(r"{(\w+)}", text))  # noqa: E731
    assert [k for k in en if blanks(en[k]) != blanks(zh[k])] == []
    assert not set(en) & set(report_words("en"))


def test_signs_of_markdown_and_html_in_texts_are_shown_as_they_are():
    cells = (("see ", Link("A_1", "x.md", 'a "hint"')), Anchor("A-0"), "a|b")
    blocks = [paragraph("a_b *c* `d_e` <f>"), table(["h", "i", "j"], [cells])]
    text = markdown(blocks)
    assert r"a\_b \*c\* `d_e` \<f>" in text
    assert r"""| see [A\_1](x.md "a 'hint'") | <a id="A-0"></a>A-0 | a\|b |""" in text
    body = hypertext([blocks[0], bare(blocks[1])])
    assert "<p>a_b *c* <code>d_e</code> &lt;f&gt;</p>" in body and "A_1" in body and "x.md" not in body
