"""The words of the pictures: both languages say the same, and the fonts show them."""

import re

import pytest

from simlib.core.files import InputError
from simlib.core.phrases import LANGUAGES, Texts, side_by_side, texts
from simlib.see import fonts
from simlib.see.passage import ENDS, LOOPS, SIDES, STEPS
from simlib.words import words
from simlib.words.values import number


def test_chinese_is_chinese_and_every_glyph_can_be_shown():
    phrases = Texts("see", side_by_side)
    assert fonts.missing("".join(en + zh for en, zh in phrases.values())) == set()
    for key, (en, zh) in phrases.items():
        assert en != zh or not re.search("[a-z]{2}", re.sub(r"\{\w+\}", "", en)), key


def test_no_word_of_the_report_is_said_in_another_way():
    for language in LANGUAGES:
        own, report = texts("see", language), words(language)
        assert all(report[k] == own[k] for k in set(own) & set(report))


def test_every_step_end_and_loop_has_its_word():
    w = words("zh", "see")
    keys = [f"step_{s}" for s in STEPS] + [f"end_{e}" for e in ENDS]
    keys += [f"loop_{x}" for x in LOOPS] + [f"side_{s}" for s in SIDES]
    assert all(k in w for k in keys)
    with pytest.raises(InputError, match="language"):
        words("fr", "see")


def test_numbers_have_a_true_minus_and_no_negative_zero():
    assert number(-1.25, 1) == "−1.2" and number(-0.01, 1) == "0.0" and number(float("nan"), 0) == "–"
