"""What the workbench itself refuses, in the reader's language; what the library refuses is said in English."""

from __future__ import annotations

from typing import Any

from simlib.core.files import InputError
from simlib.words import Words, words


class Refusal(InputError):
    """A refusal that has words in both languages: `word` is a key of the words of `explore` that begins with ``refuse_``."""

    def __init__(self, word: str, **blanks: Any) -> None:
        self.word, self.blanks = word, blanks
        super().__init__(self.told(words("en", "workbench")))

    def told(self, w: Words) -> str:
        """Why, in a language."""
        return w.say(f"refuse_{self.word}", **self.blanks)


def refused(error: Exception, w: Words) -> str:
    """One line that tells of an error: in the reader's language where there are such words, else as it is."""
    if isinstance(error, Refusal):
        return w.say("refused", why=error.told(w))
    if isinstance(error, InputError):
        return w.say("refused_english", why=error)
    return w.say("refused_english", why=f"{type(error).__name__}: {error}")
