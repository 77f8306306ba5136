"""One rule for the digits of large numbers, for all readers and in both languages."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from simlib.core.files import home
from simlib.core.numerals import filled, grouped
from simlib.words import LANGUAGES, Words
from simlib.words.values import number

OWN = {  # the rule; and what a run says of its size beforehand
    "core/numerals.py", "model/effort.py", "model/stages/meetings.py",
}  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9999", "9999"), ("10000", "10,000"), ("-1234567.50", "-1,234,567.50"), ("−40000", "−40,000"), ("+20000", "+20,000"),
        ("1234.56789", "1234.56789"), ("1e+06", "1e+06"), ("–", "–"), ("20 000", "20 000"), ("12345%", "12345%"),
    ],
)  # fmt: skip
def test_digits_are_grouped_by_commas_from_ten_thousand_on(written, read):
    assert grouped(written) == read


def test_a_number_that_is_rounded_to_ten_thousand_is_grouped_too():
    assert number(9999.6, 0) == "10,000" and number(-9999.4, 0) == "−9999"


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_in_a_text_are_grouped_alike_in_every_language_and_what_is_given_as_text_stays(language):
    w = Words(language, {"a": "{n} {seed} {x} {yes}"})
    assert w.say("a", n=np.int64(19954), seed="20240101", x=0.5, yes=True) == "19,954 20240101 0.5 True"
    assert filled({"n": 9999, "year": 2024}) == {"n": "9999", "year": "2024"}


def test_no_other_part_of_the_package_groups_digits_by_itself():
    for path in sorted((home() / "simlib").rglob("*.py")):
        name = path.relative_to(home() / "simlib").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FormattedValue) and node.format_spec and name not in OWN:
                spec = "".join(v.value for v in node.format_spec.values if isinstance(v, ast.Constant))
                assert not set(",_") & set(spec), f"{name}:{node.lineno}"
