"""The process that simulates for `explore`: ``python -m simlib.workbench.worker`` reads requests and writes replications.

One JSON object a line. A request names scenarios (`tracks`) and how many replications each already has; the replications
come back one by one, 0, 1, 2, ... of every scenario in turn, so that differences are paired from the first on. A newer
request ends an older one at once, in the midst of a replication: what a replication leaves is only what is written at
its end. The process ends with its input, and so with whoever started it.
"""

from __future__ import annotations

import _thread
import gc
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from simlib.core.files import InputError
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.model.vectors import add_each
from simlib.outcomes.groups import counted_drugs
from simlib.outcomes.indicators import MONTHS, curve, indicators
from simlib.scenario.scenario import Scenario
from simlib.workbench.measures import fingerprint, kept
from simlib.workbench.session import Spec

KEPT = 24  # scenarios kept loaded


class Superseded(BaseException):
    """A newer request is there. No `Exception`, so that nobody on the way takes it for an error of the model."""


class Worker:
    """Does the newest request and no other."""

    def __init__(self, lines: BinaryIO, out: BinaryIO) -> None:
        self.lines, self.out = lines, out
        self.inbox: queue.SimpleQueue[dict | None] = queue.SimpleQueue()
        self.may_stop = False  # whether a replication is under way that can be dropped
        self.warm = False  # the first replication compiles, or loads what is compiled, which is not to be cut short
        self.loaded: dict[str, Scenario] = {}

    def serve(self) -> None:
        """Until the input ends."""
        signal.signal(signal.SIGINT, self._interrupted)
        threading.Thread(target=self._read, daemon=True).start()
        self.say(ready=True)
        request = self.inbox.get()
        while request is not None:
            request = self._newest(request)
            try:
                for task in tasks(request):
                    self._do(request, *task)
                    if not self.inbox.empty():
                        break
                else:
                    self.say(generation=request["generation"], done=True)
                    request = self.inbox.get()
                    continue
            except Superseded:
                self.may_stop = False
                gc.collect()  # an unfinished model is a cycle of large arrays

    def _newest(self, request: dict | None) -> dict:
        while not self.inbox.empty():
            request = self.inbox.get()
        return request or {"generation": -1, "tracks": [], "most": 0}

    def _read(self) -> None:
        for line in self.lines:
            self.inbox.put(json.loads(line))
            _thread.interrupt_main(signal.SIGINT)
        os._exit(0)

    def _interrupted(self, number: int, frame: object) -> None:
        if self.may_stop:
            raise Superseded

    def _do(self, request: dict, track: dict, replication: int) -> None:
        """One replication of one scenario, or why there is none."""
        key, generation = track["key"], request["generation"]
        try:
            scenario = self._scenario(track)
            try:
                self.may_stop = self.warm
                if not self.inbox.empty():  # it came while the scenario loaded, when nothing listened to it
                    raise Superseded
                found = replicated(scenario, replication)
            finally:
                self.may_stop = False
        except InputError as e:
            return self._failed(request, track, str(e))
        except Exception as e:  # a fault of the model must reach whoever looks, not end the process silently
            return self._failed(request, track, f"{type(e).__name__}: {e}")
        self.warm = True
        track["have"] = replication + 1  # a request that goes on after an interruption does not begin again
        self.say(generation=generation, key=key, replication=replication, **found)

    def _failed(self, request: dict, track: dict, why: str) -> None:
        track["have"] = request["most"]
        self.say(generation=request["generation"], key=track["key"], error=why)

    def _scenario(self, track: dict) -> Scenario:
        found = self.loaded.pop(track["key"], None) or Spec(track["name"], track["set"]).load()
        self.loaded[track["key"]] = found
        while len(self.loaded) > KEPT:
            del self.loaded[next(iter(self.loaded))]
        return found

    def say(self, **what: Any) -> None:
        """One line to whoever started this."""
        self.out.write(json.dumps(what).encode() + b"\n")
        self.out.flush()


def replicated(scenario: Scenario, replication: int) -> dict[str, Any]:
    """One replication as it is sent: the indicators that are shown, curve, follow-up, and a fingerprint of all of it."""
    record = replicate(scenario, replication)
    values, curves = indicators(record), curve(record)
    rows = [[*k, v] for k, v in kept(values).items()]
    return {
        "values": rows, "curve": curves.tolist(), "reach": reach(record).tolist(), "print": fingerprint(values, curves),
    }  # fmt: skip


def reach(record: Record) -> np.ndarray:
    """How many counted drugs are seen for so many months: int64 (MONTHS,)."""
    w, approval = record.world, record.world.drugs.approval[counted_drugs(record)]
    ends = (add_each(w.table, approval, np.full(len(approval), float(m)), "months") for m in range(MONTHS))
    return np.array([int((end < w.horizon).sum()) for end in ends])


def tasks(request: dict) -> Iterator[tuple[dict, int]]:
    """(scenario, number of the replication) of all that a request still lacks, in the order in which it is wanted."""
    for i in range(request["most"]):
        for track in request["tracks"]:
            if i >= track["have"]:  # looked at only now: a track that failed has all it will get
                yield track, i


def main() -> int:
    """Serve standard input and output; what anything else prints goes to the standard error."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Worker(sys.stdin.buffer, out).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
