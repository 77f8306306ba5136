"""What the checks say, in English and Chinese (`simlib/words/teach`)."""

from __future__ import annotations

from typing import NamedTuple

from simlib.core.numerals import filled
from simlib.core.phrases import LANGUAGES, Texts

__all__ = ["LANGUAGES", "SAID", "Bilingual"]


class Bilingual(NamedTuple):
    """One sentence in both languages."""

    en: str
    zh: str

    def of(self, language: str, **blanks: object) -> str:
        """The sentence in one language, its blanks filled."""
        return (self.zh if language == "zh" else self.en).format(**filled(blanks))


SAID = Texts("teach", Bilingual)
