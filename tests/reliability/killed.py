"""Work that is killed again and again at seeded moments, and begun again: what it leaves is that of work left in peace.

``python -m tests.reliability.killed 100`` kills a hundred batches and prints what was found; ``... 100 run`` kills
`simlib run`, ``... 100 sensitivity`` a batch while it moves assumptions; a third word is another seed. `make verify` does
a few.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from simlib.core.files import home

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
STATUS = {  # while Python starts or ends, nobody catches a signal, and the system reports it as a negative number
    signal.SIGKILL: {-signal.SIGKILL},
    signal.SIGTERM: {128 + signal.SIGTERM, -signal.SIGTERM},
    signal.SIGINT: {130, -signal.SIGINT},
}
LINGER = 10.0  # seconds after which nobody may live on
OLD = b"an older table\n"  # what stands where `simlib run` is to write
EXPERIMENT = """
format: 1
name: tiny
title: {en: Tiny, zh: 小型}
question: {en: Does it run?, zh: 能运行吗？}
baseline: before-reform
replications: 3
small_replications: 2
common: {cohort: synthetic-small, start: 2021-01-01, policy_from: 2021-07-01, end: END}
blocks:
  - {regions: [chongqing], policies: [POLICIES], obedience: [OBEDIENCE]}
"""


@dataclass(frozen=True)
class Work:
    """A command that is killed.

    words: of the command. kinds: patterns of the files that it makes. due: what is taken away so that it has to be done again.
    end: last day of the tiny experiment; assumptions are moved only where drugs are followed for two years.
    """

    words: str
    kinds: tuple[str, ...]
    due: str
    end: str = "2022-12-31"

    def again(self, folder: Path) -> None:
        """Take away what it has made, so that there is work to do."""
        shutil.rmtree(folder / self.due, ignore_errors=True)
        if self is RUN:
            (folder / self.due).mkdir()
            (folder / TABLE).write_bytes(OLD)


OUT, TABLE, SAID = "outputs/small/tiny", "outputs/run/table.csv", "said.txt"
BATCH = Work("batch tiny --small --workers 2", (f"{OUT}/tables/*", f"{OUT}/figures/*"), "outputs/small")
SENSITIVITY = Work(
    BATCH.words, (*BATCH.kinds, f"{OUT}/sensitivity/*.parquet"), f"{OUT}/sensitivity", end="2023-12-31"
)  # fmt: skip
RUN = Work(
    f"run chongqing-chongqing-default --replications 100 --workers 2 --out {TABLE} --force", (TABLE,), "outputs/run"
)  # fmt: skip
WORKS = {"batches": BATCH, "run": RUN, "sensitivity": SENSITIVITY}


@dataclass(frozen=True)
class Kill:
    """What one kill found: the signal, seconds of work before it, processes then, status, seconds until nobody was left.

    broken: files that are neither what they were nor what they become.
    """

    how: signal.Signals
    after: float
    processes: int
    status: int
    lingered: float
    broken: list[str]

    @property
    def well(self) -> bool:
        """Whether all that is promised held."""
        return self.lingered <= LINGER and self.status in STATUS[self.how] and not self.broken

    def __str__(self) -> str:
        told = f"{self.how.name} after {self.after:.1f} s with {self.processes} processes: status {self.status}"
        wrong = "" if self.well else f" WRONG {' '.join(self.broken)}"
        return f"{told}, all gone after {self.lingered:.1f} s{wrong}"


def project(
    folder: Path, policies: str = "before-reform, own", obedience: str = "default", end: str = BATCH.end
) -> Path:
    """A project of its own with one tiny experiment, on one in fifty of Chongqing's hospitals."""
    for name in ("scenarios", "notebooks"):
        shutil.copytree(home() / name, folder / name)
    (folder / "outputs").mkdir()
    text = EXPERIMENT.replace("POLICIES", policies).replace("OBEDIENCE", obedience).replace("END", end)
    (folder / "scenarios/experiments/tiny.yaml").write_text(text, encoding="utf-8")
    region = folder / "scenarios/regions/chongqing.yaml"
    fewer = re.sub(r"\bcount: (\d+)", lambda m: f"count: {-(-int(m[1]) // 50)}", region.read_text(encoding="utf-8"))
    region.write_text(fewer, encoding="utf-8")
    return folder


def start(folder: Path, work: Work) -> subprocess.Popen:
    """The command on its way, in a group of its own."""
    environment = {**os.environ, "SIMLIB_HOME": str(folder), "PYTHONPATH": str(home())}
    with (folder / SAID).open("wb") as said:  # no pipe: it would stay open as long as a worker does, and be waited for
        return subprocess.Popen(
            [sys.executable, "-m", "simlib", *work.words.split()],
            cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True,
        )  # fmt: skip


def alive(folder: Path) -> list[int]:
    """Processes of a project's batches, whoever started them."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("SIMLIB_HOME") == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except psutil.Error:  # another user's, or gone meanwhile
            continue
    return found


def lingering(folder: Path) -> float:
    """Seconds until nobody is left; more than LINGER if somebody stays."""
    begun = time.monotonic()
    while alive(folder) and time.monotonic() - begun <= LINGER:
        time.sleep(0.1)
    return time.monotonic() - begun


def made(folder: Path, work: Work) -> dict[str, bytes]:
    """Tables, figures and whatever else of the work's files are there, by name."""
    files = [p for kind in work.kinds for p in folder.glob(kind) if p.suffix != ".part"]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def whole(folder: Path, work: Work) -> float:
    """Run it to its end; the seconds that it took. RuntimeError if it does not end well."""
    begun = time.monotonic()
    if status := start(folder, work).wait():
        raise RuntimeError(f"{work.words} ended with {status}: {(folder / SAID).read_text(encoding='utf-8')[-500:]}")
    return time.monotonic() - begun


def kills(peace: Path, war: Path, work: Work, times: int, longest: float, seed: int) -> Iterator[Kill]:
    """Kill so many times in a row in the folder `war`, each time going on with what the last one left.

    When the work has come to its end before its moment, what it made is taken away, and the next one begins anew.
    """
    drawn = random.Random(seed)
    right = made(peace, work)
    done = 0
    while done < times:
        how, after = drawn.choice(SIGNALS), drawn.uniform(0.2, longest)
        process = start(war, work)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            processes = len(alive(war))
            process.send_signal(how)
            if process.wait() == 0:  # it came to its end first
                continue
            done += 1
            lingered = lingering(war)
            broken = [name for name, content in made(war, work).items() if content not in (right[name], OLD)]
            yield Kill(how, after, processes, process.returncode, lingered, broken)
        else:
            work.again(war)


def worlds(place: Path, work: Work) -> tuple[Path, Path, float]:
    """A project in which the work was left in peace, one in which it is ready to be killed, and the seconds that it takes."""
    peace, war = project(place / "peace", end=work.end), place / "war"
    work.again(peace)
    longest = whole(peace, work)
    if work is SENSITIVITY:  # its scenarios are done by now, and no kill's concern
        work.again(peace)
        longest = whole(peace, work)
    if not any((peace / work.due).rglob("*")):
        raise RuntimeError(f"{work.words} made nothing in {work.due}: there is nothing to be killed in making it")
    shutil.copytree(peace, war)
    work.again(war)
    return peace, war, longest


def main(times: int, name: str = "batches", seed: str = "20240101") -> int:
    """Kill and compare; 0 where everything held."""
    work = WORKS[name]
    with tempfile.TemporaryDirectory() as place:
        peace, war, longest = worlds(Path(place), work)
        wrong = 0
        for kill in kills(peace, war, work, times, longest, int(seed)):
            wrong += not kill.well
            print(kill, flush=True)
        whole(war, work)
        same = made(peace, work) == made(war, work)
        print(f"{times} kills, {wrong} wrong; {len(made(war, work))} files {'equal' if same else 'DIFFER'}")
    return int(bool(wrong) or not same)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
