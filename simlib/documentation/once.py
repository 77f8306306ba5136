"""Reading the project's files once as long as none of them changes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from simlib.core.files import home

F = TypeVar("F", bound=Callable[..., Any])


def once(function: F) -> F:
    """Keep what a function of the project's files returned until one of them changes, or another project is looked at."""
    kept = functools.lru_cache(maxsize=8)(lambda _state, *given: function(*given))

    @functools.wraps(function)
    def fresh(*given: Any) -> Any:
        return kept(_state(), *given)

    return fresh  # type: ignore[return-value]


def _state() -> tuple:
    """Where the project is, and the number and the last change of the files that documentation reads."""
    root = home()
    files = [p for p in (root / "scenarios").rglob("*") if p.is_file()]
    files += [p for p in (root / "requirements.lock", root / "pyproject.toml") if p.is_file()]
    return root, len(files), hash(tuple(p.stat().st_mtime_ns for p in files))
