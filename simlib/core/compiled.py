"""One switch for compiled code: numba where it is installed, plain Python where it is not.

The functions marked `@compiled` give the same bits either way (no fast-math, scalar `math` only).
Set the environment variable ``SIMLIB_PLAIN=1`` before the first import to run them as plain Python;
the tests use it to compare the two.

``python -m simlib.core.compiled`` compiles everything, once on a machine; otherwise the first run does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from typing import TypeVar

F = TypeVar("F", bound=Callable)

PLAIN = os.environ.get("SIMLIB_PLAIN", "") not in ("", "0") or find_spec("numba") is None


def compiled(function: F) -> F:
    """Compile `function` on first call and keep the result on disk; identity where numba is absent."""
    if PLAIN:
        return function
    from simlib.core.compile_parts import Compiled

    return Compiled(function)


def cold() -> bool:
    """Whether the model must be compiled first: numba is in use and has not compiled all of these sources yet."""
    if PLAIN:
        return False
    from simlib.core.compile_cache import FILES

    return not FILES.complete()


def choose_engine(work: float) -> None:
    """Before a replication of so many drug-hospital-years: whether it runs compiled (see `simlib.core.compile_ahead`)."""
    if not PLAIN:
        from simlib.core.compile_ahead import ENGINE

        ENGINE.choose(work)


def compile_all() -> None:
    """Compile the whole model now, if it is not, and say so; nothing where plain Python runs."""
    if cold():
        from simlib.core import compile_ahead

        takes = compile_ahead.compiling_takes()
        print(f"simlib: compiling the model, once on this machine, for about {takes}", file=sys.stderr)
        compile_ahead.compile_all()


def is_plain() -> bool:
    """Whether compiled functions run as plain Python at this moment."""
    if PLAIN:
        return True
    from simlib.core.compile_parts import is_plain as now

    return now()


if __name__ == "__main__":
    compile_all()
