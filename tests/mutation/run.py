"""Which mutants the tests find: ``python -m tests.mutation.run mutants.json found.jsonl [PART OF]``.

Each mutant runs in a forked process, as plain Python, its source changed in memory alone; tests that have found others
come first, and the first that fails ends it. Who survives the fast tests meets the slower ones. A test may take LIMIT
seconds of the processor, so that a loop without end counts as found. Mutants that stand in found.jsonl are not run again,
and several parts may run side by side.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import resource
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

os.environ["SIMLIB_PLAIN"] = "1"

import _pytest.runner
import hypothesis  # noqa: F401
import pandas  # noqa: F401
import pytest
import scipy.stats  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 10.0
FAST, SLOW = 0.5, 3.0  # seconds that a test takes at most without a mutant, to be among the fast or the slower ones
MOST_MEMORY = 6 << 30
TESTS = (
    "twin", "core/test_streams.py", "core/test_workdays.py", "core/test_distributions.py", "model", "outcomes",
    "experiments/test_run.py", "experiments/test_intervals.py", "known_answers/test_patients.py",
    "documentation/test_semantics_examples.py", "policy/test_dates.py", "mutation/worlds.py",
)  # fmt: skip
OPTIONS = [
    "-q",
    "-x",
    "-p",
    "no:cacheprovider",
    "-o",
    "addopts=",
    "--import-mode=importlib",
    "--tb=no",
    "--assert=plain",
]


class TooLong(BaseException):
    """A test has used up its time."""


def _ring(*_: object) -> None:
    raise TooLong


class Watch:
    """A pytest plugin: the order of tests, their limit, and the first that fails."""

    def __init__(self, selected: dict[str, float], found: Counter[str], near: str) -> None:
        self.selected, self.found, self.near = selected, found, near
        self.failed: str | None = None
        self.took: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Those first that find much for their time, and those of the same stage."""
        if self.selected:
            items[:] = [i for i in items if i.nodeid in self.selected]
            worth = lambda i: self.found[i.nodeid] + 0.5 + 3 * (self.near in i.nodeid)  # noqa: E731
            items.sort(key=lambda i: -worth(i) / (self.selected[i.nodeid] + 0.05))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: Any, nextitem: Any) -> Any:
        """Ring when its time is up."""
        signal.signal(signal.SIGVTALRM, _ring)
        signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
        start = time.process_time()
        try:
            return (yield)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            self.took.setdefault(item.nodeid, time.process_time() - start)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the first failure."""
        if report.failed:
            self.took[report.nodeid] = float("inf")
            self.failed = self.failed or report.nodeid


def _counts_as_failure() -> None:
    """A test that is too long fails, instead of ending pytest."""
    original = _pytest.runner.CallInfo.from_call.__func__

    def from_call(cls: Any, func: Any, when: Any, reraise: Any = None) -> Any:
        def guarded() -> Any:
            try:
                return func()
            except TooLong:
                raise RuntimeError("too long") from None

        return original(cls, guarded, when, reraise)

    _pytest.runner.CallInfo.from_call = classmethod(from_call)


def forked(work: Any) -> tuple[Any, float]:
    """(answer, seconds of the processor) of something done in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        answer = None
        try:
            answer = work()
        finally:
            os.write(writing, json.dumps(answer).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    use = os.wait4(pid, 0)[2]
    return (json.loads(said) if said else None), use.ru_utime + use.ru_stime


def selection() -> list[dict[str, float]]:
    """The fast tests and the slower ones that pass on the sources as they are, with the seconds that they take."""

    def work() -> dict[str, float]:
        watch = Watch({}, Counter(), "")
        words = [w for w in OPTIONS if w != "-x"]
        pytest.main([*words, "-m", "not slow", *(str(ROOT / "tests" / t) for t in TESTS)], plugins=[watch])
        return watch.took

    took = forked(work)[0]
    return [{name: t for name, t in took.items() if a <= t < b} for a, b in ((0.0, FAST), (FAST, SLOW))]


def tried(mutant: dict[str, Any], selected: dict[str, float], found: Counter[str]) -> tuple[str | None, float]:
    """The test that finds a mutant, None if none does; and the seconds that it took."""
    path = str(ROOT / "simlib" / mutant["file"])
    original = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: Any, name: str) -> Any:
        return (
            compile(mutant["source"], path, "exec", dont_inherit=True)
            if loader.path == path
            else original(loader, name)
        )

    def work() -> str | None:
        importlib.machinery.SourceFileLoader.get_code = get_code
        watch = Watch(selected, found, Path(path).stem)
        ended = pytest.main([*OPTIONS, *sorted({str(ROOT / n.split("::")[0]) for n in selected})], plugins=[watch])
        return watch.failed or ("the tests could not be collected" if ended not in (0, 1) else None)

    answer, seconds = forked(work)
    return answer, seconds


def main(words: list[str]) -> int:
    """Run the mutants of a part."""
    mutants = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    log, (part, of) = Path(words[1]), map(int, words[2:4] or ("0", "1"))
    _counts_as_failure()
    os.chdir(ROOT)
    selected = selection()
    for some in selected:
        print(f"{len(some)} tests, {sum(some.values()):.0f} s", flush=True)
    for i in range(part, len(mutants), of):
        rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.is_file() else []
        if i in {r["mutant"] for r in rows}:
            continue
        m, by, seconds = mutants[i], None, 0.0
        for some in selected:
            if by is None:
                by, more = tried(m, some, Counter(r["by"] for r in rows if r["by"]))
                seconds += more
        row = {
            "mutant": i,
            **{k: m[k] for k in ("file", "line", "before", "after")},
            "by": by,
            "seconds": round(seconds, 1),
        }
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    left = [r for r in rows if not r["by"]]
    for r in left:
        print(f"{r['file']}:{r['line']}: {r['before']}  ->  {r['after']}")
    print(f"{len(rows)} mutants, {len(rows) - len(left)} found: {1 - len(left) / len(rows):.0%}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
