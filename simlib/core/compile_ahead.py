"""Compiling in the background, so that the first result on a new machine does not have to wait for it.

If nothing is compiled yet, the first replication starts another process that compiles the model. Meanwhile small worlds
run as plain Python, which gives the same bits. When this process ends it ends the other one too. Everything is compiled
together, so a process that is ended too early leaves nothing, and the next one starts again.

With the environment variable ``SIMLIB_COMPILE=first`` everything is compiled in this process, before the first result.
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

SMALL = 30_000  # drug-hospital-years that plain Python simulates in about five seconds; larger worlds wait
POLL, SAY_EVERY = 0.2, 10.0
_FIRST, _MAKER = (
    "SIMLIB_COMPILE",
    "SIMLIB_COMPILING",
)  # the second holds the id of the process that compiles, for this process and all that it starts

_BEHIND = "from simlib.core.compile_ahead import compile_behind; compile_behind()"


class _Engine:
    """Decides whether the model's functions run compiled or as plain Python in this process."""

    def __init__(self) -> None:
        self.ready = False
        self.maker: subprocess.Popen | None = None
        self.told = False

    def choose(self, work: float) -> None:
        """Choose for the next replication: compiled code, or plain Python while there is none.

        Parameters
        ----------
        work : float
            Size of the replication in drug-hospital-years.
        """
        if not self.ready and not FILES.complete():
            if os.environ.get(_FIRST, "") != "first":
                self._start()
                if work <= SMALL and self._making():
                    self._tell("small worlds are answered by plain Python meanwhile, with the same numbers")
                    return run_plainly(True)
                self._wait()
            if not FILES.complete():
                self._tell(f"it takes about {compiling_takes()}")
                self.ready = True
                compile_all()
        self.ready = True
        return run_plainly(False)

    def _start(self) -> None:
        """Start a process that compiles, unless this process or the one that started it has done so before."""
        if os.environ.get(_MAKER):
            return
        root = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        FILES.make_sure()
        with suppress(OSError):  # if no process can be started, the model is compiled in this one
            self.maker = subprocess.Popen(
                [sys.executable, "-c", _BEHIND],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, _FIRST: "first"},
            )  # fmt: skip
            os.environ[_MAKER] = str(self.maker.pid)
            atexit.register(self._end)

    def _making(self) -> bool:
        """Whether the process that compiles is running."""
        if self.maker:
            return self.maker.poll() is None
        number = os.environ.get(_MAKER, "")
        if not number.isdigit():
            return False
        try:
            return psutil.Process(int(number)).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    def _wait(self) -> None:
        start = said = time.monotonic()
        self._tell(f"this world waits for it, for about {compiling_takes()}")
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
        """End the process that compiles."""
        self.maker.stdin.close()
        self.maker.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.maker.wait(timeout=3)


ENGINE = _Engine()
_FIRST_TELLS = not os.environ.get(_MAKER)  # worker processes print nothing


def compiling_takes() -> str:
    """How long compiling takes, in words: the one place that says so, for messages, lessons and the workbench."""
    from simlib.core.phrases import texts  # a text that is rarely wanted

    return texts("engine", "en")["compiling_takes"]


def run_plainly(plain: bool) -> None:
    """Call `simlib.core.compile_parts.run_plainly`, importing numba only now."""
    from simlib.core import compile_parts

    compile_parts.run_plainly(plain)


def compile_calls(world: Callable[[], object]) -> None:
    """As of `simlib.core.compile_parts`, which needs numba."""
    from simlib.core import compile_parts

    compile_parts.compile_calls(world)


def compile_all() -> None:
    """Compile in this process whatever is not compiled yet."""
    ENGINE.ready = True
    run_plainly(False)
    compile_calls(provided("every compiled function"))
    FILES.complete_now()


def _end_with_parent() -> None:
    """Exit when standard input is closed, which happens when the parent process ends for whatever reason."""
    with suppress(OSError):
        while sys.stdin.buffer.read(1):
            pass
    os._exit(1)


def compile_behind() -> None:
    """Compile the model on behalf of the parent process, and exit when the parent ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(5)  # the simulation in the parent process goes first
    compile_all()
    os._exit(0)  # without waiting for the thread that watches the parent
