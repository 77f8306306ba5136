"""Processes of a batch: so many at once, each with a deadline, none left behind when the batch ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

POLL = 0.1


@dataclass(frozen=True)
class Job:
    """A folder with a job.json (see `simlib.kernel`), under a name."""

    name: str
    folder: Path


@dataclass
class _Running:
    job: Job
    process: subprocess.Popen
    started: float


def run_jobs(
    jobs: Sequence[Job], workers: int, deadline: float, done: Callable[[Job, str | None, float], None]
) -> None:
    """Run all jobs; `done(job, reason, seconds)` follows each, with no reason where it ended well.

    Whatever interrupts this (Ctrl-C, SIGTERM, an error in `done`) ends the processes still running, and their kernels.
    """
    waiting, running = list(jobs), []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_start(waiting.pop(0)))
            time.sleep(POLL)
            for one in list(running):
                seconds = time.monotonic() - one.started
                if one.process.poll() is not None:
                    running.remove(one)
                    done(one.job, _reason(one), seconds)
                elif seconds > deadline:
                    running.remove(one)
                    end(one.process)
                    done(one.job, f"not finished after {deadline:.0f} seconds", seconds)
    finally:
        for one in running:
            end(one.process)


def _start(job: Job) -> _Running:
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    with (job.folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "simlib.kernel"],
            cwd=job.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
    return _Running(job, process, time.monotonic())


def _reason(one: _Running) -> str | None:
    """Why a process that has ended did not end well; None if it did."""
    code = one.process.returncode
    if code == 0:
        return None
    said = one.job.folder / "error.txt"
    if said.is_file():
        return said.read_text(encoding="utf-8").strip()
    if code < 0:
        return f"its process was killed (signal {-code})"
    lines = (one.job.folder / "log.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"its process ended with status {code}" + (f": {lines[-1][:300]}" if lines else "")


def end(process: subprocess.Popen) -> None:
    """End a process that we started, and all that it started (its kernel)."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.terminate()
    for child in family:
        _quietly(child.terminate)
    _, left = psutil.wait_procs(family, timeout=3)
    for child in left:
        _quietly(child.kill)
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _quietly(action: Callable[[], None]) -> None:
    with suppress(psutil.NoSuchProcess):
        action()


@contextmanager
def sigterm_ends() -> Iterator[None]:
    """Within: a SIGTERM unwinds like an exit (status 143), so that processes are ended and files left whole."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def leave(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
