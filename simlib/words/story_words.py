"""The words of a traced story (`simlib/words/story`). {names} are blanks; a blank may itself have two languages."""

from __future__ import annotations

from typing import Any, NamedTuple

from simlib.core.numerals import grouped
from simlib.core.phrases import Texts
from simlib.policy.levers import Bilingual

PHRASES = Texts("story", Bilingual)


class Phrase(NamedTuple):
    """One phrase with its blanks; `say` tells it in a language."""

    key: str
    blanks: dict[str, Any]

    def say(self, language: str) -> str:
        """The phrase in a language; KeyError for an unknown phrase or a blank left open."""
        return pick(PHRASES[self.key], language).format(**{k: filled(v, language) for k, v in self.blanks.items()})


def said(key: str, **blanks: Any) -> Phrase:
    """A phrase with its blanks."""
    return Phrase(key, blanks)


def pick(pair: Bilingual, language: str) -> str:
    """The text of a language."""
    return pair.zh if language == "zh" else pair.en


def filled(value: Any, language: str) -> str:
    """What stands in a blank: a text of two languages, a phrase, several of them in a row, or anything else as it is."""
    if isinstance(value, Bilingual):
        return pick(value, language)
    if isinstance(value, Phrase):
        return value.say(language)
    if isinstance(value, (list, tuple)):
        return pick(PHRASES["comma"], language).join(filled(v, language) for v in value)
    return grouped(value) if isinstance(value, int) else str(value)
