"""The words that a page uses, for a reader who meets them for the first time, and the nouns of files and commands."""

from __future__ import annotations

import functools
from typing import NamedTuple

from simlib.core.phrases import Texts, side_by_side
from simlib.words import Words


class Term(NamedTuple):
    """A word and what it means, in both languages."""

    en: str
    zh: str
    meaning_en: str
    meaning_zh: str

    def term(self, w: Words) -> str:
        """The word."""
        return self.zh if w.language == "zh" else self.en

    def meaning(self, w: Words) -> str:
        """What it means."""
        return self.meaning_zh if w.language == "zh" else self.meaning_en


@functools.cache
def terms(room: str) -> tuple[Term, ...]:
    """The words of "glossary" (those of the flow) or "nouns" (of model, files and commands), in the order of the file."""
    said = Texts(room, side_by_side)
    return tuple(Term(*said[key], *said[f"{key}_meaning"]) for key in said if not key.endswith("_meaning"))
