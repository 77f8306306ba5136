"""A batch that is killed again and again at seeded moments, and resumed: what it leaves is that of a batch left in peace.

``python -m tests.reliability.killed 100`` kills a hundred times and prints what was found; `make verify` does it a few times.
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
EXPERIMENT = """
format: 1
name: tiny
title: {en: Tiny, zh: 小型}
question: {en: Does it run?, zh: 能运行吗？}
baseline: before-reform
replications: 3
small_replications: 2
common: {cohort: synthetic-small, start: 2021-01-01, policy_from: 2021-07-01, end: 2022-12-31}
blocks:
  - {regions: [chongqing], policies: [POLICIES]}
"""


def project(folder: Path, policies: str = "before-reform, own") -> Path:
    """A project of its own with one tiny experiment, on one in fifty of Chongqing's hospitals."""
    for name in ("scenarios", "notebooks"):
        shutil.copytree(home() / name, folder / name)
    (folder / "outputs").mkdir()
    (folder / "scenarios/experiments/tiny.yaml").write_text(EXPERIMENT.replace("POLICIES", policies), encoding="utf-8")
    region = folder / "scenarios/regions/chongqing.yaml"
    fewer = re.sub(r"\bcount: (\d+)", lambda m: f"count: {-(-int(m[1]) // 50)}", region.read_text(encoding="utf-8"))
    region.write_text(fewer, encoding="utf-8")
    return folder


def start(folder: Path) -> subprocess.Popen:
    """A batch on its way, in a group of its own."""
    environment = {**os.environ, "SIMLIB_HOME": str(folder), "PYTHONPATH": str(home())}
    words = [sys.executable, "-m", "simlib", "batch", "tiny", "--small", "--workers", "2"]
    return subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
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


def made(folder: Path) -> dict[str, bytes]:
    """Tables and figures of a finished batch, by name."""
    out = folder / "outputs/small/tiny"
    files = [p for name in ("tables", "figures") for p in (out / name).iterdir()]
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in files}


def whole(folder: Path) -> float:
    """Run a batch to its end; the seconds that it took. RuntimeError if it does not end well."""
    begun = time.monotonic()
    process = start(folder)
    _, said = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the batch ended with {process.returncode}: {said.decode()[-500:]}")
    return time.monotonic() - begun


def kills(folder: Path, times: int, longest: float, seed: int) -> Iterator[tuple[signal.Signals, float, int, float]]:
    """Kill so many batches in a row, each resuming the last: (signal, after seconds, status, seconds until all are gone).

    When a batch has come to its end before its moment, its outputs are taken away and the next one begins anew.
    """
    drawn = random.Random(seed)
    done = 0
    while done < times:
        how, after = drawn.choice(SIGNALS), drawn.uniform(0.2, longest)
        process = start(folder)
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(how)
            process.communicate()
            if process.returncode == 0:  # it came to its end first
                continue
            done += 1
            yield how, after, process.returncode, lingering(folder)
        else:
            process.communicate()
            shutil.rmtree(folder / "outputs/small")


def main(times: int) -> int:
    """Kill and compare; 0 where everything held."""
    with tempfile.TemporaryDirectory() as place:
        peace, war = project(Path(place) / "peace"), project(Path(place) / "war")
        longest = whole(peace)
        wrong = 0
        for how, after, status, lingered in kills(war, times, longest, seed=20240101):
            well = lingered <= LINGER and status in STATUS[how]
            wrong += not well
            print(
                f"{how.name} after {after:.1f} s: status {status}, all gone after {lingered:.1f} s{'' if well else ' WRONG'}"
            )
        whole(war)
        same = made(peace) == made(war)
        print(f"{times} kills, {wrong} wrong; {len(made(war))} tables and figures {'equal' if same else 'DIFFER'}")
    return int(bool(wrong) or not same)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
