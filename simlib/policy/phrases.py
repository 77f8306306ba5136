"""What is said of rules, in both languages (`simlib/words/policy`)."""

from __future__ import annotations

from simlib.core.numerals import filled
from simlib.core.phrases import LANGUAGES, Texts
from simlib.policy.vocabulary.lever import Bilingual

PHRASES = Texts("policy", Bilingual)


def say(key: str, language: str, **blanks: object) -> str:
    """A phrase in a language, its blanks filled; KeyError for an unknown phrase or blank."""
    return getattr(PHRASES[key], language).format(**filled(blanks))


def both(key: str, **blanks: object) -> Bilingual:
    """A phrase in both languages; a blank may be a text in both, or the same in either."""
    in_each = ({k: getattr(v, n, v) for k, v in blanks.items()} for n in LANGUAGES)
    return Bilingual(*(say(key, n, **own) for n, own in zip(LANGUAGES, in_each, strict=True)))
