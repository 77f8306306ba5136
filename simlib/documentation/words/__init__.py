"""The words of the documentation, one file a language, laid over those of the report."""

from __future__ import annotations

from importlib import import_module

from simlib.words import LANGUAGES, Words
from simlib.words import words as report_words

__all__ = ["LANGUAGES", "Words", "own", "words"]


def own(language: str) -> dict[str, str]:
    """The phrases that the documentation adds."""
    return import_module(f"simlib.documentation.words.{language}").WORDS


def words(language: str) -> Words:
    """The words of a language; InputError for one that has no file."""
    return Words(language, report_words(language) | own(language))
