"""The words of figures and pages, one file a language. `words("en")["key"]`; a missing key is an error."""

from __future__ import annotations

from importlib import import_module

from simlib.core.files import InputError, one_of

LANGUAGES = ("en", "zh")


class Words(dict[str, str]):
    """Phrases by key; `say` fills their blanks."""

    def __init__(self, language: str, phrases: dict[str, str]) -> None:
        super().__init__(phrases)
        self.language = language

    def say(self, key: str, **blanks: object) -> str:
        """The phrase with its blanks filled; KeyError for an unknown phrase or blank."""
        return self[key].format(**blanks)

    def both(self, names: list[str]) -> str:
        """Names in a row: "a, b and c"."""
        if len(names) < 2:
            return "".join(names)
        return self["comma"].join(names[:-1]) + self["and"] + names[-1]


def words(language: str) -> Words:
    """The words of a language; InputError for one that has no file."""
    if language not in LANGUAGES:
        raise InputError(one_of(language, LANGUAGES, "language"))
    return Words(language, import_module(f"simlib.words.{language}").WORDS)
