from dataclasses import replace

import pytest

from simlib.report.answer import best_by_region, envelope, hinge, sentences
from simlib.report.gate import checks
from simlib.report.tables import headline_table
from simlib.words import words
from simlib.world.assumptions import assumption
from tests.report.made_up import anew, made_up, moved

CLEAR = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}


def study_with_sensitivity(means=CLEAR):
    study = made_up(means)
    table = moved(0.24, {"asking.lambda0": (0.15, 0.30), "obedience.must": (0.05, 0.28), "room.turnover": (0.23, 0.25)})
    return replace(study, sensitivity={"beijing-beijing-default": table})


def test_the_rulebook_with_the_highest_share_leads_where_it_is_clearly_ahead():
    best = {b.region: b for b in best_by_region(made_up(CLEAR))}
    assert best["beijing"].policy == "beijing"
    assert best["beijing"].ties == ()
    assert best["nation"].policy == "national"


def test_no_order_is_claimed_where_the_interval_of_the_difference_holds_zero():
    study = made_up({"before-reform": 0.10, "national": 0.30, "beijing": 0.301}, noise=0.02)
    best = next(b for b in best_by_region(study) if b.region == "beijing")
    assert len(best.ties) == 1
    assert "no order claimed" in sentences(study, words("en"))[0]
    assert "不分先后" in sentences(study, words("zh"))[0]


def test_no_gain_is_claimed_where_nothing_differs_from_before_the_reforms():
    study = made_up({"before-reform": 0.10, "national": 0.10, "beijing": 0.10}, noise=0.02)
    first = sentences(study, words("en"))[0]
    assert "told apart" in first
    assert "%" not in first


def test_the_answer_gives_value_interval_and_unit():
    first = sentences(made_up(CLEAR), words("en"))[0]
    assert "95% interval" in first
    assert "percentage points" in first
    assert "34.0%" in first or "33." in first or "34." in first  # 0.10 + 0.8 * 0.30, with luck


def test_the_answer_names_the_two_assumptions_that_move_the_gain_most():
    study = study_with_sensitivity()
    second = sentences(study, words("en"))[1]
    named = {path: assumption(path).title() for path in ("obedience.must", "asking.lambda0", "room.turnover")}
    assert second.index(named["obedience.must"]) < second.index(named["asking.lambda0"])
    assert named["room.turnover"] not in second
    assert "+5.0" in second
    assert "+30.0" in second


def test_assumptions_are_named_in_the_readers_language():
    study = study_with_sensitivity()
    for language in ("en", "zh"):
        assert assumption("obedience.must").title(language) in sentences(study, words(language))[1]


def test_the_answer_says_when_assumptions_were_not_moved():
    study = made_up(CLEAR)
    assert hinge(study) is None
    assert "not computed" in sentences(study, words("en"))[1]


def test_the_envelope_holds_the_assumed_values_too():
    assert envelope(moved(0.5, {"a.b": (0.1, 0.2)})) == (0.1, 0.5)


def test_a_report_names_the_rulebook_that_it_compares_with():
    study = made_up(CLEAR)
    file = study.experiment.file.model_copy(update={"baseline": "national"})
    other = replace(study, experiment=replace(study.experiment, file=file))
    for language, said, said_other in (("en", "before reform", "national"), ("zh", "改革前", "国家")):
        w = words(language)
        assert said in headline_table(study, w).head[3] and said_other in headline_table(other, w).head[3]
        assert said in sentences(study, w)[0]


def test_published_figures_are_held_against_what_was_law_when_they_were_counted():
    study = anew({"before-reform": 0.10, "national": 0.20})
    study.results["nation-national-default"].values.loc["snapshot_median", "date", "2023-09-30"] = 0.3
    file = study.experiment.file.model_copy(update={"baseline": "national"})
    other = replace(study, experiment=replace(study.experiment, file=file))
    (median,) = [c.value[0] for c in checks(other) if c.key == "snapshot_median"]
    assert median == pytest.approx(0.07)
