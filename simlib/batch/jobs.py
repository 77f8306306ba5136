"""Processes of a batch: so many notebooks at once, each with a deadline, nothing left behind when the batch ends.

A worker process takes one notebook after another, each in a kernel of its own; its start costs as much as several small
runs, so that several batches in a row share their workers.
A worker that dies or runs late takes only its notebook with it: the next one gets a new worker.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

POLL = 0.1
WORKER = [sys.executable, "-m", "simlib.batch.worker"]
JOB, ERROR, STATUS = "job.json", "error.txt", "status"  # what a job's folder holds, and what a worker leaves there
SHORT = "SIMLIB_KERNEL_FOLDER"  # a socket's path may be about 100 characters long, so it lies in a short folder
BATCH = "SIMLIB_BATCH_PROCESS"  # number of the process that started a worker, which ends with it
KERNEL = "SIMLIB_KERNEL_PROCESS"  # number of a kernel that waits for its connection file (see `simlib.batch.worker`)


@dataclass(frozen=True)
class Job:
    """A folder with a job.json (see `simlib.batch.kernel`), under a name."""

    name: str
    folder: Path


@dataclass
class _Worker:
    process: subprocess.Popen
    log: Path
    job: Job | None = None
    started: float = 0.0

    def take(self, job: Job) -> None:
        """Hand a job to the process."""
        self.job, self.started = job, time.monotonic()
        with suppress(OSError):  # a process that is gone is noticed when it is looked at
            self.process.stdin.write(f"{job.folder}\n".encode())
            self.process.stdin.flush()


class Staff:
    """The workers of a batch, or of several one after the other; those that are idle wait for the next jobs."""

    def __init__(self) -> None:
        self.stops = Stops()
        self._workers: list[_Worker] = []
        self._logs = tempfile.TemporaryDirectory(prefix="simlib-", ignore_cleanup_errors=True)

    def close(self) -> None:
        """End all workers and what they have started."""
        self._end()
        self._logs.cleanup()

    def _end(self) -> None:
        while self._workers:
            end(self._workers.pop().process)

    def run(
        self, jobs: Sequence[Job], workers: int, deadline: float, done: Callable[[Job, str | None, float], None]
    ) -> None:
        """Run all jobs; `done(job, reason, seconds)` follows each, with no reason where it ended well.

        deadline: seconds that a job may take. Whatever interrupts this (Ctrl-C, SIGTERM, an error in `done`) ends all workers.
        """
        waiting = list(jobs)
        try:
            while waiting or any(w.job for w in self._workers):
                self._hand_out(waiting, workers)
                time.sleep(POLL)
                self.stops.again()
                for worker in [w for w in self._workers if w.job]:
                    _look(worker, self._workers, deadline, done)
        except BaseException:
            self._end()
            raise

    def _hand_out(self, waiting: list[Job], workers: int) -> None:
        """Give jobs to idle workers, then to new ones."""
        self._workers = [w for w in self._workers if w.job or w.process.poll() is None]
        for worker in [w for w in self._workers if not w.job]:
            if waiting and sum(bool(w.job) for w in self._workers) < workers:
                worker.take(waiting.pop(0))
        while waiting and len(self._workers) < workers:
            self._workers.append(_start(Path(self._logs.name)))
            self._workers[-1].take(waiting.pop(0))


def _look(worker: _Worker, staff: list[_Worker], deadline: float, done: Callable) -> None:
    """See whether a worker's job has ended, one way or another."""
    job, seconds = worker.job, time.monotonic() - worker.started
    status = job.folder / STATUS
    if status.is_file():
        worker.job = None
        reason = None
        if status.read_text(encoding="utf-8") != "well":
            reason = (job.folder / ERROR).read_text(encoding="utf-8").strip() or "failed without a word"
        done(job, reason, seconds)
    elif worker.process.poll() is not None:
        staff.remove(worker)
        worker.job = None
        done(job, _death(worker), seconds)
    elif seconds > deadline:
        staff.remove(worker)
        worker.job = None
        end(worker.process)
        done(job, f"not finished after {deadline:.0f} seconds", seconds)


def _start(folder: Path) -> _Worker:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    environment[BATCH] = str(os.getpid())
    log = folder / f"worker-{time.monotonic_ns()}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            WORKER,
            cwd=folder, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
    return _Worker(process, log)


def _death(worker: _Worker) -> str:
    """Why a process ended in the middle of a job."""
    code = worker.process.returncode
    if code < 0:
        return f"its process was killed (signal {-code})"
    lines = worker.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"its process ended with status {code}" + (f": {lines[-1][:300]}" if lines else "")


def end(process: subprocess.Popen) -> None:
    """End a process that we started, and all that it started (its kernel)."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    with suppress(OSError):
        process.stdin.close()
    process.terminate()
    for child in family:
        with suppress(psutil.NoSuchProcess):
            child.terminate()
    _, left = psutil.wait_procs(family, timeout=3)
    for child in left:
        with suppress(psutil.NoSuchProcess):
            child.kill()
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Stops:
    """Ctrl-C and SIGTERM while this context lasts: they unwind, so that processes are ended and files left whole.

    An exception that a signal raises is lost where it happens to arrive inside a callback whose errors are only printed.
    So it is kept, and `again` raises it at the next place where work stops to look.
    """

    def __init__(self) -> None:
        self._due: BaseException | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Stops:
        self._due = None
        if threading.current_thread() is threading.main_thread():
            self._before = {n: signal.signal(n, self._come) for n in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def again(self) -> None:
        """Raise what a signal has raised before and nobody has passed on."""
        if self._due is not None:
            raise self._due

    def _come(self, number: int, frame: object) -> None:
        if number == signal.SIGTERM:
            print("simlib: ended by SIGTERM; what is done is kept", file=sys.stderr)
            self._due = SystemExit(128 + number)
        else:
            self._due = KeyboardInterrupt()
        raise self._due
