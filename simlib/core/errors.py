"""What a user wrote and cannot be used: one line that says where it stands, what is wrong and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from simlib.core.numerals import grouped

LONGEST_WORD, LONGEST_LINE = 300, 2000  # characters without a blank, and of a whole message
_LONG = re.compile(rf"\S{{{LONGEST_WORD},}}")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def cut(text: str) -> str:
    """A message in one line, in which whatever it repeats at length, such as a cell of 40,000 characters, is cut, and its length said.

    What would move the cursor, colour a terminal or turn the direction of writing is shown by its code.
    """
    text = _UNSEEN.sub(lambda m: " " if m[0].isspace() else repr(m[0])[1:-1], text)
    text = _LONG.sub(lambda m: f"{m[0][:60]}… ({grouped(len(m[0]))} characters)", text)
    half = LONGEST_LINE // 2
    return text if len(text) <= LONGEST_LINE else f"{text[:half]} … {text[-half:]}"


class InputError(Exception):
    """Something a user wrote cannot be used; the message is the one line to show."""

    def __init__(self, *args: object) -> None:
        super().__init__(*(cut(a) if isinstance(a, str) else a for a in args))


class Fault(InputError):
    """Fault(key path, words): what is wrong with a value, where nobody knows in which file it stands.

    Whoever handed the value over does know: `Document.placed` makes the one line with file and line of it.
    """

    @property
    def path(self) -> tuple:
        """The key path of the value, below what was handed over."""
        return tuple(self.args[0])

    @property
    def words(self) -> str:
        """What is wrong, and the remedy."""
        return self.args[1]

    def __str__(self) -> str:
        key = ".".join(str(p) for p in self.path)
        return cut(f"{key}: {self.words}" if key else self.words)


@contextmanager
def within(*path: str | int) -> Iterator[None]:
    """A `Fault` in the block is one at a key path below `path`."""
    try:
        yield
    except Fault as e:
        raise Fault((*path, *e.path), e.words) from None
