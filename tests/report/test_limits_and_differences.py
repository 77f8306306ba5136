"""What the page says it cannot say is counted from the data; rulebooks are compared with the one they stand on."""

import re
from dataclasses import replace

import pytest

from simlib.core.files import InputError
from simlib.experiments.scorecard import scorecard
from simlib.report import limits
from simlib.report.asked import dates
from simlib.report.differences import difference, differences_nodes, pairs, rows
from simlib.report.hypertext import hypertext
from simlib.report.limits import cannot, counts
from simlib.report.page import shell
from simlib.report.tables import scope_name
from simlib.words import LANGUAGES, words
from tests.report.made_up import made_up

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}


@pytest.fixture(scope="module")
def study():
    return made_up(MEANS, regions=("beijing", "nation"))


def test_the_number_of_assumed_numbers_is_counted_not_written_down(study):
    said = dict(cannot(study, words("en")))["Assumed numbers."]
    scenario = study.scenario
    assumed = [a for a in scenario.assumptions if a.kind == "assumed"]
    assert said.startswith(f"{len(assumed)} of the numbers") and counts(study)["assumed"] == len(assumed) > 100
    fewer = replace(scenario, assumptions=tuple(a for a in scenario.assumptions if a.kind != "assumed"))
    name = study.cells[0].name
    other = replace(study, results={**study.results, name: replace(study.results[name], scenario=fewer)})
    assert dict(cannot(other, words("en")))["Assumed numbers."].startswith("0 of the numbers")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_of_every_gap_in_its_language(study, language):
    said = cannot(study, words(language))
    assert len(said) >= 12 and len({head for head, _ in said}) == len(said)
    assert all(bool(re.search(r"[\u4e00-\u9fff]", text)) == (language == "zh") for _, text in said)


def test_a_provisional_calendar_is_named_only_where_it_is_used(study):
    assert not study.provisional and "The calendar." not in dict(cannot(study, words("en")))


def test_the_published_figures_that_the_fitted_model_misses_are_counted(study, monkeypatch):
    scores = [s for s in scorecard() if s.verdict != "none"]
    said = dict(cannot(study, words("en")))["Little to calibrate on."]
    assert f"Of {len(scores)} published figures" in said
    monkeypatch.setattr(limits, "scorecard", refuse)
    assert "not held against published figures" in dict(cannot(study, words("en")))["Little to calibrate on."]


def refuse():
    raise InputError("none is stored")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_later_edition_that_is_not_simulated_is_named_where_the_documents_are(study, language):
    w = words(language)
    told = hypertext(dates(study, w)), dict(cannot(study, w))[words(language, "documents")["cannot_texts_head"]]
    edition, guangdong = {
        "en": ("Jing Yibao Fa 2025 no. 5", "Yue Gongxin"),
        "zh": ("京医保发〔2025〕5号", "粤工信规字"),
    }[language]
    assert all(edition in text and guangdong not in text for text in told)  # Guangzhou is not compared here


def test_each_rulebook_is_compared_with_the_highest_below_it_that_was_compared(study):
    assert pairs(study) == [("before-reform", "national"), ("national", "beijing")]
    without = made_up({k: v for k, v in MEANS.items() if k != "national"}, regions=("beijing",))
    assert pairs(without) == [("before-reform", "beijing")]


def test_the_lines_are_those_of_simlib_diff_with_their_clauses(study):
    import simlib

    table = simlib.diff(simlib.load_rulebook("national"), simlib.load_rulebook("beijing"))
    shown = rows(difference(study, "national", "beijing"), words("en"))
    assert [r[0].split("\n")[1] for r in shown] == list(table["lever"])
    assert any("(BJ-14b)" in r[2] for r in shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_name_scopes_in_words_and_not_by_their_codes(study, language):
    shown = rows(difference(study, "national", "beijing"), words(language))
    for lever, *sides in shown:
        for line in "\n".join(sides).split("\n"):
            assert not re.search(r" · [^(]*[a-z]_[a-z]", line), (lever, line)
    every = "\n".join(side for _, *sides in shown for side in sides)
    assert {"en": " · negotiated drugs", "zh": " · 国谈药"}[language] in every
    both = {"en": "negotiated drugs or drugs of the commercial catalogue", "zh": "国谈药、商保创新药目录内药品"}[
        language
    ]
    where = {"en": ", public hospitals that are tertiary hospitals", "zh": "，公立医院且三级医院"}[language]
    assert scope_name("negotiated+commercial_list/public&tertiary", words(language)) == both + where


@pytest.mark.parametrize(("language", "until"), [("en", "holds until 2024-11-16"), ("zh", "效力至2024-11-16")])
def test_the_table_shows_what_a_later_notice_replaced_and_until_when_it_held(language, until):
    import simlib
    from simlib.core.files import Document
    from simlib.policy.load import load_policy
    from tests.policy.test_explain import LATER

    table = simlib.diff(simlib.load_rulebook("beijing"), load_policy(Document("later.yaml", LATER)))
    shown = {r[0].split("\n")[1]: r[1:] for r in rows(table, words(language))}
    was, now = shown["committee.duty.catalogue"]
    assert "(BJ-14b)" in was and "(L1)" in now.split("\n")[0] and until in now.split("\n")[1]


def test_the_page_folds_a_table_for_each_pair(study):
    body = hypertext(differences_nodes(study, words("en")))
    assert body.count("<details>") == 2 and "national → Beijing" in body


def test_a_page_in_chinese_alone_says_so_to_readers_aloud():
    assert '<html lang="zh-CN">' in shell("t", '<div lang="zh">中</div>')
    assert '<html lang="en">' in shell("t", '<div lang="en">a</div><div lang="zh">中</div>')
