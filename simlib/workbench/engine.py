"""The simulation's own process as a notebook sees it: ask, and look at what has come; nothing here ever waits."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from simlib.core.files import InputError
from simlib.experiments.samples import Sample
from simlib.workbench.measures import Key
from simlib.workbench.session import Spec

KEPT = 80  # scenarios whose replications are kept, so that a move back shows at once
WORKER = (sys.executable, "-m", "simlib.workbench.worker")


@dataclass
class Runs:
    """The replications of one scenario so far, 0, 1, 2, ...

    values: the indicators that are shown. curves: availability, (3 levels, MONTHS). reach: counted drugs that are seen for
    so many months, (MONTHS,). prints: a fingerprint of all that a replication gave.
    """

    values: list[dict[Key, float]] = field(default_factory=list)
    curves: list[np.ndarray] = field(default_factory=list)
    reach: list[np.ndarray] = field(default_factory=list)
    prints: list[str] = field(default_factory=list)
    error: str = ""

    def __len__(self) -> int:
        return len(self.values)

    def first(self, n: int) -> Runs:
        """The first n replications."""
        return Runs(self.values[:n], self.curves[:n], self.reach[:n], self.prints[:n], self.error)

    def sample(self, key: Key, n: int) -> np.ndarray:
        """One indicator of the first n replications; NaN where it has no value."""
        return np.array([v.get(key, np.nan) for v in self.values[:n]], float)

    @property
    def last_month(self) -> int:
        """The last month that enough counted drugs can reach: curves say nothing after it."""
        return Sample(0.0, 0.0, np.mean(self.reach, axis=0) if self.reach else np.zeros(0)).last_month


class Engine:
    """Asks a process for replications and keeps what it answers. `wake` is called, from a thread, when there is news."""

    def __init__(self, wake: Callable[[], None] = lambda: None, command: Sequence[str] = WORKER) -> None:
        self.wake, self.command = wake, command
        self.runs: dict[str, Runs] = {}
        self.news: queue.SimpleQueue[tuple[subprocess.Popen, dict]] = queue.SimpleQueue()
        self.generation = 0
        self.ready = self.done = self.closed = False
        self.trouble = ""
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the process, so that it is warm when it is asked."""
        if not self.closed and (self.process is None or self.process.poll() is not None):
            self.ready, self.trouble = False, ""
            self.errors = tempfile.TemporaryFile()  # noqa: SIM115, closed with the engine
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, env=_environment()
            )
            threading.Thread(target=self._read, args=(self.process,), daemon=True).start()

    def ask(self, specs: Sequence[Spec], most: int) -> int:
        """Bring each scenario to `most` replications, and drop whatever was asked for earlier; the request's number.

        An engine that was closed stays so: its workbench was replaced, and a process would belong to nobody.
        """
        if self.closed:
            return self.generation
        self.start()
        self.generation += 1
        self.done = False
        tracks = []
        for spec in dict.fromkeys(s.key for s in specs):
            runs = self.runs[spec] = self.runs.pop(spec, Runs())  # the latest asked for is dropped last
            runs.error = ""
            one = next(s for s in specs if s.key == spec)
            tracks.append({"key": spec, "name": one.name, "set": one.set, "have": len(runs)})
        for old in list(self.runs)[: max(0, len(self.runs) - KEPT)]:
            del self.runs[old]
        self._send({"generation": self.generation, "tracks": tracks, "most": most})
        return self.generation

    def _send(self, request: dict[str, Any]) -> None:
        assert self.process and self.process.stdin
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:  # it has just ended; `_read` says so
            pass

    def _read(self, process: subprocess.Popen) -> None:
        assert process.stdout
        for line in process.stdout:
            self.news.put((process, json.loads(line)))
            self.wake()
        self.news.put((process, {"ended": process.wait()}))
        self.wake()

    def collect(self) -> bool:
        """Take in what has come; whether anything had."""
        some = False
        while not self.news.empty():
            process, news = self.news.get()
            if process is self.process:
                some = True
                self._take(news)
        return some

    def _take(self, news: dict[str, Any]) -> None:
        if "ready" in news:
            self.ready = True
        elif "ended" in news:
            self.process, self.done = None, True
            self.trouble = self._last_words(news["ended"])
        elif "done" in news:
            self.done = self.done or news["generation"] == self.generation
        elif news["key"] in self.runs:
            runs = self.runs[news["key"]]
            if "error" in news:
                runs.error = news["error"]
            elif news["replication"] == len(runs):  # else it is one that was asked for twice
                runs.values.append({(a, b, c): v for a, b, c, v in news["values"]})
                runs.curves.append(np.array(news["curve"]))
                runs.reach.append(np.array(news["reach"]))
                runs.prints.append(news["print"])

    def _last_words(self, status: int) -> str:
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").strip().splitlines()
        self.errors.close()
        return f"status {status}" + (f": {lines[-1][:200]}" if lines else "")

    def of(self, spec: Spec) -> Runs:
        """What is there of a scenario."""
        return self.runs.get(spec.key, Runs())

    def wait(self, seconds: float = 60.0) -> None:
        """Until all that was asked for is there: for scripts and tests. InputError if it does not come."""
        end = time.monotonic() + seconds
        while not self.done:
            if time.monotonic() > end:
                raise InputError(f"no answer within {seconds:g} seconds")
            if not self.collect():
                time.sleep(0.01)

    def close(self) -> None:
        """End the process, for good."""
        self.closed = self.done = True
        process, self.process = self.process, None
        if process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
            self.errors.close()


def _environment() -> dict[str, str]:
    """This process's environment, in which the other finds this very package."""
    package = str(Path(__file__).resolve().parents[2])
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))}


__all__ = ["Engine", "Runs"]
