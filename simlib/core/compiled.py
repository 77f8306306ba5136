"""One switch for compiled code: numba where it is installed, plain Python where it is not.

The functions marked `@compiled` give the same bits either way (no fast-math, scalar `math` only).
Set the environment variable ``SIMLIB_PLAIN=1`` before the first import to run them as plain Python;
the tests use it to compare the two.

numba's disk cache looks only at the file of the function itself, not at what it calls, so an edit elsewhere would
leave stale machine code behind. The cache therefore lies in a folder named after the sources of the whole package.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

F = TypeVar("F", bound=Callable)

PLAIN = os.environ.get("SIMLIB_PLAIN", "") not in ("", "0")

if not PLAIN:
    try:
        import numba
    except ImportError:
        PLAIN = True


def _sources() -> str:
    """Hash of the package's files that hold compiled code."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        text = path.read_bytes()
        if b"@compiled" in text:
            digest.update(path.name.encode() + text)
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    given = os.environ.get("SIMLIB_CACHE")
    base = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "simlib"
    return base / f"numba-{_sources()}"


if not PLAIN and not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_cache_folder())


def cold() -> bool:
    """Whether the first replication must compile: numba is in use and nothing of these sources lies on the disk yet."""
    return not PLAIN and next(Path(numba.config.CACHE_DIR).rglob("*.nbc"), None) is None


def compiled(function: F) -> F:
    """Compile `function` on first call and keep the result on disk; identity where numba is absent."""
    if PLAIN:
        return function
    dispatcher = numba.njit(cache=True, nogil=True)(function)
    template = dispatcher.get_call_template
    dispatcher.get_call_template = lambda args, kws: template(
        [_plain(a) for a in args], {k: _plain(a) for k, a in kws.items()}
    )
    return dispatcher


def _plain(kind):
    """The type that a compiled callee takes for an argument: no constants, no short integers.

    numba compiles a function anew for each constant and each width of integer that it is called with: one note of the
    event log became forty-seven functions, and compiling took twice as long.
    """
    kind = numba.types.unliteral(kind)
    return numba.types.int64 if kind in (numba.types.int32, numba.types.int8) else kind
