"""Show the source of a function or class in a notebook: what a student runs, a student can read."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Source text; coloured in a notebook, plain elsewhere."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.text}\n```"


def show(*things: Callable) -> Source:
    """The source of functions and classes, one after the other."""
    return Source("\n\n".join(inspect.getsource(t).rstrip() for t in things))
