"""What a user wrote and cannot be used: one line that says where it stands, what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class InputError(Exception):
    """Something a user wrote cannot be used; the message is the one line to show."""


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
        return f"{key}: {self.words}" if key else self.words


@contextmanager
def within(*path: str | int) -> Iterator[None]:
    """A `Fault` in the block is one at a key path below `path`."""
    try:
        yield
    except Fault as e:
        raise Fault((*path, *e.path), e.words) from None
