"""Inputs of every kind by the thousand: each is refused in one line, or read, simulated and looked at.

``python -m tests.reliability.fuzz N [SEED] [PART OF]`` tries the inputs of the numbers SEED to SEED + N - 1 (of OF parts the
PART-th, counted from 1), in a process of its own with bounds on time and memory, and prints what was found, each fault with its
number and the smallest input that still shows it. ``python -m tests.reliability.fuzz 1 SEED`` shows one input.
"""

from __future__ import annotations

import os
import pickle
import resource
import select
import shutil
import signal
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from simlib.core.compiled import compile_all
from tests.reliability.fuzz_changes import paths, without
from tests.reliability.fuzz_files import Input, as_bytes, made
from tests.reliability.fuzz_trial import Outcome, project, sound_result, tried

LIMIT = 20.0  # seconds for one input, of which the slowest takes a tenth
MEMORY = 2 * 2**30  # bytes beyond what the process holds already
FIRST_SEED = 13_000_000
HANG, DIED = "does not end", "the process died"
STEPS = 400  # tries at making an input smaller

Job = tuple[int, Input | None]  # number, and the input if it is another than that number's


def attempts(jobs: Iterable[Job]) -> Iterator[tuple[int, Outcome, float]]:
    """(number, what came of it, seconds) of each job, in processes that are ended where one does not come back."""
    left = list(jobs)
    compile_all()
    project(), sound_result()  # what is compiled and read once is there before the first process starts
    while left:
        process, pipe = _forked(left)
        try:
            done, took = 0, time.monotonic()
            while done < len(left) and isinstance(outcome := _told(pipe), Outcome):
                now = time.monotonic()
                yield left[done][0], outcome, now - took
                done, took = done + 1, now
            if done < len(left):
                yield left[done][0], _gone(left[done], outcome), time.monotonic() - took
                done += 1
            left = left[done:]
        finally:
            _ended(process)
            os.close(pipe)


def _forked(jobs: list[Job]) -> tuple[int, int]:
    """A process that does the jobs, and the pipe by which it tells of each."""
    read, write = os.pipe()
    sys.stdout.flush()
    process = os.fork()
    if process:
        os.close(write)
        return process, read
    try:
        os.close(read)
        os.environ["SIMLIB_HOME"] = str(project())
        for number, given in jobs:
            data = pickle.dumps(_one(number, given))
            os.write(write, struct.pack("I", len(data)) + data)
    finally:
        os._exit(0)


def _one(number: int, given: Input | None) -> Outcome:
    """One job, within the bounds of memory."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    most = psutil.Process().memory_info().vms + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))
    try:
        return tried(number, given or made(number), folder)
    except BaseException as e:  # of the fuzzer itself, or one that nothing should raise
        return Outcome(given.kind if given else "?", wrong=f"{type(e).__name__}: {e}", at=type(e).__name__)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _told(pipe: int) -> Outcome | str:
    """What the process says next, or why it says nothing: HANG or DIED."""
    head = _bytes(pipe, 4)
    body = _bytes(pipe, struct.unpack("I", head)[0]) if isinstance(head, bytes) else head
    return pickle.loads(body) if isinstance(body, bytes) else body


def _bytes(pipe: int, size: int) -> bytes | str:
    data = b""
    while len(data) < size:
        if not select.select([pipe], [], [], LIMIT)[0]:
            return HANG
        if not (more := os.read(pipe, size - len(data))):
            return DIED
        data += more
    return data


def _gone(job: Job, why: Any) -> Outcome:
    """What to say of a job that told nothing."""
    kind = (job[1] or made(job[0])).kind
    return Outcome(kind, wrong=f"{why} (after {LIMIT:g} seconds)" if why == HANG else why, at=why)


def _ended(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(process, 0)


# ---- the smallest input that shows a fault


def smallest(number: int, fault: Outcome) -> Input:
    """The input with all left out that the fault does not need."""
    given, left = made(number), STEPS

    def shows(smaller: Input) -> bool:
        nonlocal left
        left -= 1
        return left > 0 and next(attempts([(number, smaller)]))[1].at == fault.at

    for name in list(given.files):
        given = _smaller(given, name, shows)
    return given


def _smaller(given: Input, name: str, shows: Callable[[Input], bool]) -> Input:
    content = given.files[name]
    if isinstance(content, bytes):
        return _shorter(given, name, shows)
    tried_ = 0
    known = sorted(paths(content), key=len)
    while tried_ < len(known):
        smaller = replace(given, files={**given.files, name: without(given.files[name], known[tried_])})
        if shows(smaller):
            given, known = smaller, sorted(paths(smaller.files[name]), key=len)
        else:
            tried_ += 1
    return given


def _shorter(given: Input, name: str, shows: Callable[[Input], bool]) -> Input:
    """The same for bytes: halves, quarters and so on are left out."""
    size = len(given.files[name])
    while size := size // 2:
        at = 0
        while at < len(given.files[name]):
            data = given.files[name]
            smaller = replace(given, files={**given.files, name: data[:at] + data[at + size :]})
            if shows(smaller):
                given = smaller
            else:
                at += size
    return given


# ---- figures


class Figures:
    """What was found over many inputs."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self.simulated: Counter[str] = Counter()
        self.wrong: dict[str, list[tuple[int, Outcome]]] = {}
        self.slowest: tuple[float, int] = (0.0, 0)
        self.seconds = 0.0

    def add(self, number: int, outcome: Outcome, took: float) -> None:
        """Count one."""
        self.tried[outcome.kind] += 1
        self.accepted[outcome.kind] += outcome.accepted
        self.simulated[outcome.kind] += outcome.simulated
        self.slowest = max(self.slowest, (took, number))
        self.seconds += took
        if outcome.wrong:
            self.wrong.setdefault(outcome.at, []).append((number, outcome))

    def lines(self) -> list[str]:
        """As a table, with what is wrong below."""
        rows = [*sorted(self.tried), "all"]
        count = lambda c, kind: sum(c.values()) if kind == "all" else c[kind]
        out = [f"{'kind':12} {'inputs':>8} {'accepted':>8} {'simulated':>9}"]
        out += [
            f"{k:12} {count(self.tried, k):8} {count(self.accepted, k):8} {count(self.simulated, k):9}" for k in rows
        ]
        hangs, nan = (sum(len(v) for at, v in self.wrong.items() if word in at) for word in (HANG, "NaN"))
        wrong = sum(map(len, self.wrong.values()))
        out.append(
            f"wrong {wrong} (hangs {hangs}, NaN {nan}); {self.seconds:.0f} seconds, the slowest {self.slowest[0]:.1f} (number {self.slowest[1]})"
        )
        return out


def found(numbers: Iterable[int], progress: bool = False) -> Figures:
    """The inputs of some numbers, tried."""
    figures = Figures()
    for n, (number, outcome, took) in enumerate(attempts((i, None) for i in numbers), 1):
        figures.add(number, outcome, took)
        if progress and n % 1000 == 0:
            print(f"{n}: wrong { {at: len(v) for at, v in figures.wrong.items()} }", flush=True)
    return figures


def told(number: int, given: Input, outcome: Outcome) -> str:
    """An input and what came of it, for reading."""
    files = "\n".join(f"  {name}: {_text(name, content)}" for name, content in given.files.items())
    return f"{number} ({given.kind}): {outcome.wrong or outcome.said or 'accepted'} [{outcome.at}]\n{files}\n  how: {given.how}"


def _text(name: str, content: Any) -> str:
    data = as_bytes(name, content)
    return repr(
        content
        if name.endswith(".xlsx") and not isinstance(content, bytes)
        else data.decode("utf-8", "backslashreplace")
    )[:3000]


def main(words: list[str]) -> int:
    """The command."""
    n, seed, part, of = (int(w) for w in [*words, *("1000", str(FIRST_SEED), "1", "1")[len(words) :]])
    if n == 1:
        number, outcome, _ = next(attempts([(seed, None)]))
        print(told(number, made(number), outcome))
        return bool(outcome.wrong)
    figures = found(range(seed + part - 1, seed + n, of), progress=True)
    print("\n".join(figures.lines()))
    for cases in figures.wrong.values():
        print(f"\n{len(cases)} times, such as {[number for number, _ in cases[:5]]}; the smallest:")
        print(told(cases[0][0], smallest(*cases[0]), cases[0][1]))
    return bool(figures.wrong)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
