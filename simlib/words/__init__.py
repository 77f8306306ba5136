"""What readers are told, and how: texts of pages, pictures and stories, names, numbers, tables.

The texts themselves are data, `simlib/words/ROOM/{en,zh}.yaml`; `simlib.core.phrases` reads them. `words("en")["key"]`;
a missing key is an error.
"""

from __future__ import annotations

from simlib.core.numerals import filled
from simlib.core.phrases import LANGUAGES, texts

__all__ = ["LANGUAGES", "Words", "words"]


class Words(dict[str, str]):
    """Phrases by key; `say` fills their blanks."""

    def __init__(self, language: str, phrases: dict[str, str]) -> None:
        super().__init__(phrases)
        self.language = language

    def __missing__(self, key: str) -> str:
        raise KeyError(f"no text {key!r} in the files {self.language}.yaml of simlib/words")

    def say(self, key: str, **blanks: object) -> str:
        """The phrase with its blanks filled; KeyError for an unknown phrase or blank."""
        return self[key].format(**filled(blanks))

    def both(self, names: list[str]) -> str:
        """Names in a row: "a, b and c"."""
        if len(names) < 2:
            return "".join(names)
        return self["comma"].join(names[:-1]) + self["and"] + names[-1]


def words(language: str, *rooms: str) -> Words:
    """The words of the report in a language, with those of other rooms laid over them.

    Parameters
    ----------
    language : str
        One of LANGUAGES; InputError for another.
    *rooms : str
        Folders of texts below `simlib/words`, such as "see"; where two have the same key the later one holds.
    """
    phrases: dict[str, str] = {}
    for room in ("report", *rooms):
        phrases.update(texts(room, language))
    return Words(language, phrases)
