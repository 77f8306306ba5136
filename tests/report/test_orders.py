"""The answer says what becomes of it under the other reading, and in which order rulebooks stand at each degree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simlib.experiments.study import Study
from simlib.report.hypertext import hypertext
from simlib.report.orders import orders_sentence, readings_sentence, readings_table
from simlib.report.report import tidy_tables
from simlib.report.sections import answer
from simlib.report.tables import headline_table
from simlib.scenario.experiment_files import load_experiment
from simlib.words import words
from tests.report.made_up import fake, made_up

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}
DEFAULT = {"before-reform": 0.1, "national": 0.2, "sichuan": 0.5, "chongqing": 0.3, "beijing": 0.25, "guangzhou": 0.15}


def swapped(full: dict[str, float], noise: float = 0.001) -> Study:
    """A swap in Sichuan in which rulebooks stand otherwise at full obedience than by default."""
    cells = tuple(c for c in load_experiment("swap").cells if c.region == "sichuan")
    means = {"full": full, "default": DEFAULT}
    results = {c.name: fake(c, means[c.obedience][c.policy], 6, noise) for c in cells}
    return Study(replace(load_experiment("swap"), cells=cells), results)


def test_the_answer_gives_the_gain_under_the_other_reading_beside_that_of_the_default_one():
    said = readings_sentence(made_up(MEANS, regions=("beijing",)), words("en"))
    assert "(A11). Read as a meeting with a canvass of departments, the gain" in said
    assert "points is +26." in said and "in place of +23.5 under the Beijing rules in Beijing" in said
    assert "若读作开会并征询科室，比基线提高的百分点为：北京规则用于北京市为 26." in readings_sentence(
        made_up(MEANS, regions=("beijing",)), words("zh")
    )


def test_both_readings_stand_side_by_side_with_the_gain_over_a_baseline_that_is_read_alike():
    found = readings_table(made_up(MEANS, regions=("beijing",)), words("en"))
    assert len(found.head) == 7 and [r[1] for r in found.rows] == ["before reform", "Beijing"]
    assert "+23." in found.rows[1][3] and "+26." in found.rows[1][6] and found.rows[0][3] == ""


def test_a_scenario_that_is_read_otherwise_is_no_rulebook_among_the_others():
    study = made_up(MEANS, regions=("beijing",))
    assert {c.reading for c in study.cells} == {""} and {c.reading for c in study.read_otherwise} == {"canvass"}
    assert study.pick("stocked_24m").index.is_unique and len(study.pick("stocked_24m")) == 3
    results = tidy_tables(study)["results"]
    assert set(results["reading"]) == {"", "canvass"}


def test_without_runs_under_another_reading_nothing_is_said_of_one():
    study = made_up(MEANS, regions=("beijing",))
    bare = Study(study.experiment, {c.name: study.results[c.name] for c in study.cells})
    assert readings_sentence(bare, words("en")) == "" and readings_table(bare, words("en")) is None


def test_the_order_at_full_obedience_stands_beside_that_by_default_and_who_changes_places_is_named():
    said = orders_sentence(swapped(DEFAULT | {"chongqing": 0.6}), words("en"))
    assert "with default obedience Sichuan 49." in said and "with full obedience Chongqing 59." in said
    assert (
        "Sichuan is ahead of Chongqing beyond chance with default obedience and behind it with full obedience" in said
    )
    assert said.index("default obedience") < said.index("full obedience") < said.index("a meeting with a canvass")


def test_where_the_order_holds_that_is_said_and_rulebooks_that_are_not_told_apart_are_marked():
    assert "No two of them change places beyond chance" in (said := orders_sentence(swapped(DEFAULT), words("en")))
    assert "%*" not in said and "%*" in orders_sentence(swapped(DEFAULT, noise=0.02), words("en"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_of_the_page_holds_the_reading_the_order_and_what_is_provided(language):
    w, study = words(language), swapped(DEFAULT)
    from simlib.report.report import build_figures

    page = hypertext(answer(study, w, build_figures(study, w)))
    assert w["read_canvass"] in page and w["orders_full"] in page
    assert {"en": "pharmacies of the dual channel", "zh": "“双通道”药店"}[language] in page


def test_what_is_provided_stands_beside_what_is_stocked():
    found = headline_table(made_up(MEANS), words("en"))
    at = [i for i, head in enumerate(found.head) if "supplied otherwise" in head]
    assert at == [4] and all("%" in row[4] or row[4][0].isdigit() for row in found.rows)


def test_with_two_rulebooks_an_order_says_nothing():
    assert orders_sentence(made_up(MEANS), words("en")) == ""
