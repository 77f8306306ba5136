"""The words of the pictures: both languages say the same, and the fonts show them."""

import re

import pytest

from simlib.core.files import InputError
from simlib.see import fonts
from simlib.see.base import signed
from simlib.see.passage import ENDS, LOOPS, SIDES, STEPS
from simlib.words import words
from simlib.words.see import _PHRASES, see_words


def test_both_languages_have_the_same_blanks():
    for key, (en, zh) in _PHRASES.items():
        assert sorted(re.findall(r"\{(\w+)\}", en)) == sorted(re.findall(r"\{(\w+)\}", zh)), key


def test_chinese_is_chinese_and_every_glyph_can_be_shown():
    assert fonts.missing("".join(en + zh for en, zh in _PHRASES.values())) == set()
    for key, (en, zh) in _PHRASES.items():
        assert en != zh or not re.search("[a-z]{2}", re.sub(r"\{\w+\}", "", en)), key


def test_no_word_of_the_report_is_said_in_another_way():
    both = set(words("en")) & set(_PHRASES)
    assert all(words("en")[k] == _PHRASES[k][0] and words("zh")[k] == _PHRASES[k][1] for k in both)


def test_every_step_end_and_loop_has_its_word():
    w = see_words("zh")
    keys = [f"step_{s}" for s in STEPS] + [f"end_{e}" for e in ENDS]
    keys += [f"loop_{x}" for x in LOOPS] + [f"side_{s}" for s in SIDES]
    assert all(k in w for k in keys)
    with pytest.raises(InputError, match="language"):
        see_words("fr")


def test_numbers_have_a_true_minus_and_no_negative_zero():
    assert signed(-1.25, 1) == "−1.2" and signed(-0.01, 1) == "0.0" and signed(1234.5, 0) == "1,234"
