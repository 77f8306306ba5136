"""Checks say what kind of mistake an answer is, and take what is near enough."""

import numpy as np
import pandas as pd
import pytest

from simlib.core.files import InputError
from simlib.teach import open_lesson
from simlib.teach.question import Mistake, Numeric, Word
from simlib.teach.words import SAID, Bilingual

THINK = Bilingual("think again", "再想想")
DAYS_ASKED = Numeric(
    "9.1",
    lambda: 60.0,
    SAID["days"],
    THINK,
    Bilingual("good", "好"),
    [Mistake(lambda: 30.0, Bilingual("half", "一半"))],
    0.02,
)
SHARE_ASKED = Numeric("9.2", lambda: 0.25, SAID["share"], THINK, Bilingual("good", "好"))
WORD_ASKED = Word("9.3", lambda: "Room", lambda: ("Room", "asking"), THINK, Bilingual("good", "好"))


@pytest.mark.parametrize("answer", [60, 60.9, np.float64(59.5), np.array([60.0]), np.array(60)])
def test_a_number_near_enough_is_right(answer):
    assert DAYS_ASKED.judge(answer, "en").status == "right"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (30, "half"),
        (-60, "the sign is not"),
        (60 / 30.4375, "month"),
        (60 * 365.25, "years"),
        ("60", "text"),
        ([60, 60], "2 numbers"),
        (pd.Series([1.0, 2.0, 3.0]), "3 numbers"),
        ([], "0 numbers"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (True, "True or False"),
        (60 + 1j, "finite"),
        (object(), "type object"),
        ({"a": 60}, "several values by name (dict)"),
        (pd.Series({"unit": "days", "mean": 60.0}), "several values by name (Series)"),
        (49, "think again"),
    ],
)
def test_a_wrong_answer_is_told_what_kind_of_mistake_it_is(answer, said):
    verdict = DAYS_ASKED.judge(answer, "en")
    assert verdict.status == "wrong" and said in verdict.said


def test_per_cent_and_share_are_told_apart():
    assert "100" in SHARE_ASKED.judge(25, "en").said
    assert "100" in SHARE_ASKED.judge(0.0025, "en").said
    assert "month" not in SHARE_ASKED.judge(0.25 * 30.4375, "en").said  # a share has no months


def test_an_answer_is_not_told_whether_it_is_too_high_or_too_low():
    assert DAYS_ASKED.judge(49, "en").said == DAYS_ASKED.judge(75, "en").said


def test_words_are_taken_in_any_case_and_unknown_ones_are_told_what_is_allowed():
    assert WORD_ASKED.judge(" room ", "en").status == "right"
    assert "asking" in WORD_ASKED.judge("rome", "en").said
    assert WORD_ASKED.judge("asking", "en").said == "think again"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_dots_are_not_answered_yet_and_stop_nothing(language):
    lesson = open_lesson(1, language)
    assert lesson.check("1.1", ...).status == "open" and lesson.check("1.1").status == "open"
    assert "0" in lesson.progress().said and lesson.progress().status == "open"


def test_what_was_right_once_stays_right_and_progress_names_what_is_left():
    lesson = open_lesson(1)
    lesson.check("1.1", 90)
    assert lesson.progress().said.startswith("0 of 6")
    lesson.check("1.1", 45)
    assert lesson.check("1.1", 90).status == "wrong"  # who tries out a mistake is still told what it is
    assert lesson.progress().said == "1 of 6 exercises right; still to do: 1.2, 1.3, 1.4, 1.5, 1.6"
    assert [open_lesson(1, x).progress().head for x in ("en", "zh")] == ["… lesson 1", "… 第1课"]


def test_a_verdict_is_shown_with_a_sign_in_colour_and_without_its_text_being_read_as_html():
    verdict = WORD_ASKED.judge("<b>", "en")
    assert repr(verdict).startswith("✗ 9.3")
    assert "<b>" not in Word("9", lambda: "a", list, Bilingual("<b>", "<b>"), THINK).judge("x", "en")._repr_html_()[
        60:
    ].replace('<b style="color:#D55E00">', "")


def test_in_a_notebook_a_check_is_seen_wherever_it_stands_in_a_cell(monkeypatch):
    seen = []
    monkeypatch.setattr("simlib.teach.lesson.get_ipython", lambda: object())
    monkeypatch.setattr("simlib.teach.lesson.display", seen.append)
    lesson = open_lesson(1)
    assert lesson.check("1.1", 45) is None and lesson.progress() is None
    assert [v.status for v in seen] == ["right", "open"]


def test_a_right_number_with_too_few_digits_is_told_so_and_a_far_one_is_not():
    asked = Numeric("9.5", lambda: 14.67, SAID["days"], THINK, Bilingual("good", "好"))
    assert "one digit more" in asked.judge(15, "en").said
    assert asked.judge(14.7, "en").status == "right"
    assert asked.judge(10, "en").said == "think again"
    assert "one digit more" not in Numeric("9.6", lambda: 0.6, SAID["share"], THINK, THINK).judge(1, "en").said


def test_a_verdict_says_how_the_answer_was_understood():
    assert DAYS_ASKED.judge(120 / 4, "en").head == "✗ 9.1 not right yet (your answer: 30)"
    assert repr(DAYS_ASKED.judge(60, "zh")) == "✓ 9.1 正确（你的答案：60）：好"


def test_a_lesson_or_exercise_or_language_that_there_is_not_is_one_line():
    for wrong in (lambda: open_lesson(7), lambda: open_lesson(1, "fr"), lambda: open_lesson(1).check("1.9", 3)):
        with pytest.raises(InputError) as e:
            wrong()
        assert "\n" not in str(e.value)
