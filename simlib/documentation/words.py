"""The words of the documentation (`simlib/words/documentation`), laid over those of the report."""

from __future__ import annotations

from simlib.core.phrases import texts
from simlib.words import LANGUAGES, Words
from simlib.words import words as report_words

__all__ = ["LANGUAGES", "Words", "own", "words"]


def own(language: str) -> dict[str, str]:
    """The phrases that the documentation adds."""
    return dict(texts("documentation", language))


def words(language: str) -> Words:
    """The words of a language; InputError for one that has no file."""
    return report_words(language, "documentation")
