"""One switch for compiled code: numba where it is installed, plain Python where it is not.

The functions marked `@compiled` give the same bits either way (no fast-math, scalar `math` only).
Set the environment variable ``SIMLIB_PLAIN=1`` before the first import to run them as plain Python;
the tests use it to compare the two.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable)

PLAIN = os.environ.get("SIMLIB_PLAIN", "") not in ("", "0")

if not PLAIN:
    try:
        import numba
    except ImportError:
        PLAIN = True


def compiled(function: F) -> F:
    """Compile `function` on first call and keep the result on disk; identity where numba is absent."""
    if PLAIN:
        return function
    return numba.njit(cache=True, nogil=True)(function)


def inlined(function: F) -> F:
    """Like `compiled`, for small helpers that LLVM should inline into their callers."""
    if PLAIN:
        return function
    return numba.njit(cache=True, nogil=True, inline="never")(function)
