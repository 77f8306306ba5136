"""A report over fitted worlds: what luck and what numbers carry, in how many worlds a gain and a lead hold, in both languages."""

from __future__ import annotations

import re

import pytest

from simlib.report.answer import ahead_in, best_by_region, sentences, worlds_of
from simlib.report.hypertext import hypertext
from simlib.report.sections import answer
from simlib.words import words
from tests.report.made_up import in_fitted_worlds, made_up

CLEAR = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}
STUDY = in_fitted_worlds(made_up(CLEAR))


def best(region="beijing"):
    return next(b for b in best_by_region(STUDY) if b.region == region)


def test_the_gain_is_told_over_worlds_with_luck_taken_out_and_the_worlds_in_which_there_is_one():
    row = worlds_of(STUDY, best())
    assert row["worlds_low"] <= row["mean"] <= row["worlds_high"] and row["mean"] == pytest.approx(0.24, abs=0.02)
    assert (row["positive"], row["replications"]) == (1.0, 6)
    assert row["luck_sd"] > 0


def test_a_lead_over_the_next_best_has_its_own_count_of_worlds():
    assert ahead_in(STUDY, best()) == (6, 6)
    assert ahead_in(made_up(CLEAR), best()) is None  # in the middle there is one world


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", r"Beijing \+2[2-5]\.\d to \+2[2-5]\.\d, above zero in 6 of 6 worlds"), ("zh", r"北京市2[2-5]\.\d至2[2-5]\.\d，6个世界中有6个高于零")],
)  # fmt: skip
def test_the_answer_says_so_in_its_second_sentence_and_how_much_is_luck(language, said):
    second = sentences(STUDY, words(language))[1]
    assert re.search(said, second), second
    assert ("is luck" if language == "en" else "来自随机波动") in second
    assert "{" not in second


def test_the_table_of_leaders_has_a_column_of_worlds_in_place_of_numbers_moved_alone():
    html = hypertext(answer(STUDY, words("en"), NoFigures()))
    assert "90% of fitted worlds" in html and "(in 6 of 6)" in html and "; in 6 of 6 worlds" in html
    assert "moved one at a time" not in html and "luck only" not in html


def test_where_luck_explains_all_of_the_spread_no_range_and_no_count_of_worlds_is_told():
    lucky = in_fitted_worlds(made_up(CLEAR), shift=0.2)
    second = sentences(lucky, words("en"))[1]
    assert re.search(r"Beijing \+2\d\.\d, with no spread beyond luck", second), second
    assert "no spread beyond luck" in hypertext(answer(lucky, words("en"), NoFigures()))


def test_the_parts_of_the_spread_stand_in_the_answer_with_their_intervals():
    for language, said in (
        ("en", r"An estimated \d+% \(\d+ to \d+\) of the spread"),
        ("zh", r"估计有\d+%（\d+%至\d+%）来自随机波动"),
    ):
        second = sentences(STUDY, words(language))[1]
        assert re.search(said, second), second


class NoFigures(dict):
    """Figures that are not looked at."""

    def __missing__(self, name):
        from matplotlib.figure import Figure

        return Figure()
