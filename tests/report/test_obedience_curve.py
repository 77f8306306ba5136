"""The report on obedience: that none was ever measured stands where the number stands, with the shares that would be needed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from simlib.experiments.obedience_curve import drawn
from simlib.report.obedience_curve import needed, unmeasured
from simlib.report.report import Report, tidy_tables
from simlib.words import LANGUAGES, words
from tests.report.made_up import anew, made_up

MEANS = {"before-reform": 0.1, "national": 0.2, "beijing": 0.3}
SAID = {"en": "No obedience of hospitals to such notices was ever measured", "zh": "从未有人测量过"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_and_the_section_say_that_no_obedience_was_ever_measured_and_show_the_curve(language):
    report = Report(made_up(MEANS), language)
    answer, section = (report.section(name).data for name in ("answer", "obedience"))
    assert SAID[language] in answer and SAID[language] in section
    assert section.count("<img") == 2  # the curve, and the degrees side by side


def test_an_experiment_with_default_obedience_alone_says_so_too_and_draws_nothing():
    study = made_up(MEANS)
    cells = tuple(c for c in study.experiment.cells if c.obedience == "default")
    alone = replace(
        study, experiment=replace(study.experiment, cells=cells), results={c.name: study.results[c.name] for c in cells}
    )
    assert drawn(alone) == {} and "obedience-curve" not in Report(alone, "en").figures["en"]
    assert SAID["en"] in Report(alone, "en").section("obedience").data
    assert "drawn under" in unmeasured(study, words("en"), see=True) and "drawn under" not in unmeasured(
        alone, words("en"), see=True
    )


def test_the_share_for_half_of_the_largest_gain_is_told_of_places_with_more_than_the_three_degrees():
    study = made_up(MEANS, noise=0.0)
    between = drawn(study)["beijing"].by_run.loc[[0.6]].rename({0.6: 0.3}, level="share") / 2  # 40% of the gain at 30%
    text = needed(replace(study, obeyed={"beijing-beijing-default": between}), words("en"))
    assert re.search(r"about 3[78]% \(in Beijing\) of", text) and "China" not in text and "largest where" not in text


def test_where_a_gain_falls_towards_full_obedience_the_text_says_so():
    study = anew(MEANS, noise=0.0)
    full = study.results["beijing-beijing-full"]
    lower = replace(full, values=full.values - 0.1)
    turned = replace(study, results={**study.results, "beijing-beijing-full": lower})
    text = needed(turned, words("en"))
    assert "In Beijing the gain is largest where 60% obey (16.0 points) and smaller where all do (10.0)" in text


def test_the_points_of_the_curve_are_among_the_tables():
    table = tidy_tables(made_up(MEANS))["obedience"]
    assert set(table["region"]) == {"beijing", "nation"} and set(table["share"]) == {0.0, 0.6, 1.0}
    assert np.isfinite(table["difference"]).all()
