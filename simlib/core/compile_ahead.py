"""The first answer on a new machine: another process compiles while small worlds run as plain Python (same bits).

The first replication on a cold cache starts that process, which ends at the latest when the first one does. Everything is
compiled together, so that a process that ends too early leaves nothing: the next one begins anew.
The environment variable ``SIMLIB_COMPILE=first`` has everything compiled here, before the first answer, instead.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from simlib.core.compile_cache import FILES
from simlib.core.registry import provided

SMALL = 30_000  # drug-hospital-years that plain Python does in some five seconds; larger worlds wait for compiled code
POLL, SAY_EVERY = 0.2, 10.0
_FIRST, _MAKER = (
    "SIMLIB_COMPILE",
    "SIMLIB_COMPILING",
)  # the second: number of the process that compiles for a family of them

_BEHIND = "from simlib.core.compile_ahead import compile_behind; compile_behind()"


class _Engine:
    """Which way the model's functions run in this process."""

    def __init__(self) -> None:
        self.ready = False
        self.maker: subprocess.Popen | None = None
        self.told = False

    def choose(self, work: float) -> None:
        """For the next replication: compiled code, or plain Python until there is some.

        work: drug-hospital-years of the replication.
        """
        if not self.ready and not FILES.complete():
            if os.environ.get(_FIRST, "") != "first":
                self._start()
                if work <= SMALL and self._making():
                    self._tell("small worlds are answered by plain Python meanwhile, with the same numbers")
                    return run_plainly(True)
                self._wait()
            if not FILES.complete():
                self._tell("it takes about half a minute")
                self.ready = True
                compile_all()
        self.ready = True
        return run_plainly(False)

    def _start(self) -> None:
        """Have another process compile, unless one of this family does or did."""
        if os.environ.get(_MAKER):
            return
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        FILES.make_sure()
        with suppress(OSError):  # no further process is to be had: it is compiled here
            self.maker = subprocess.Popen(
                [sys.executable, "-c", _BEHIND],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, _FIRST: "first"},
            )  # fmt: skip
            os.environ[_MAKER] = str(self.maker.pid)
            atexit.register(self._end)

    def _making(self) -> bool:
        """Whether somebody compiles."""
        if self.maker:
            return self.maker.poll() is None
        number = os.environ.get(_MAKER, "")
        return number.isdigit() and psutil.pid_exists(int(number))

    def _wait(self) -> None:
        start = said = time.monotonic()
        self._tell("this world waits for it, for about half a minute")
        while self._making() and not FILES.complete():
            time.sleep(POLL)
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                print(f"simlib: still compiling, {said - start:.0f} s", file=sys.stderr)

    def _tell(self, what: str) -> None:
        if not self.told and _FIRST_TELLS:
            print(f"simlib: compiling the model, once on this machine; {what}", file=sys.stderr)
        self.told = True

    def _end(self) -> None:
        """Leave no process behind."""
        self.maker.stdin.close()
        self.maker.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.maker.wait(timeout=3)


ENGINE = _Engine()
_FIRST_TELLS = not os.environ.get(_MAKER)  # processes that a simulation starts say nothing


def run_plainly(plain: bool) -> None:
    """As of `simlib.core.compile_parts`, which needs numba."""
    from simlib.core import compile_parts

    compile_parts.run_plainly(plain)


def compile_calls(world: Callable[[], object]) -> None:
    """As of `simlib.core.compile_parts`, which needs numba."""
    from simlib.core import compile_parts

    compile_parts.compile_calls(world)


def compile_all() -> None:
    """Compile everything that is not compiled yet, in this process."""
    ENGINE.ready = True
    run_plainly(False)
    compile_calls(provided("every compiled function"))
    FILES.complete_now()


def _end_with_parent() -> None:
    """The parent holds the other end of the input, and closes it when it ends, however it ends."""
    with suppress(OSError):
        while sys.stdin.buffer.read(1):
            pass
    os._exit(1)


def compile_behind() -> None:
    """Compile for another process, and end when it ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)  # the answer comes first
    compile_all()
    os._exit(0)  # whatever the thread waits for
