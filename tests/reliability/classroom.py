"""A class on one machine: so many notebooks at once on a small world, and the memory that they take together.

``python -m tests.reliability.classroom 30`` prints gigabytes (the proportional set size, in which a page that several
processes share counts once), by kernel and in all. Linux only.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

from jupyter_client.manager import KernelManager, start_new_kernel

LESSON = """
import simlib
result = simlib.simulate(simlib.load_scenario("small-world"), 5)
picture = result.plot()
table = simlib.compare(result, simlib.simulate(simlib.load_scenario("small-world", {"obedience": "none"}), 5)).table()
"""
LOOK = 1.0  # seconds between two looks


def memory(process: int) -> float:
    """Gigabytes of one process, its share of what it shares; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e9


def numbers(kernels: list[KernelManager]) -> list[int]:
    """Process numbers of kernels."""
    return [k.provisioner.process.pid for k in kernels if k.provisioner and k.provisioner.process]


def peak(kernels: list[KernelManager], busy: list[threading.Thread]) -> tuple[float, float, float]:
    """The most that all took together while somebody was busy, and of one at the end: the least and the most."""
    most = 0.0
    while any(t.is_alive() for t in busy):
        most = max(most, sum(map(memory, numbers(kernels))))
        time.sleep(LOOK)
    each = list(map(memory, numbers(kernels)))
    return max(most, sum(each)), min(each), max(each)


def main(students: int) -> None:
    """Start the kernels, let each do its lesson, say what they took."""
    pairs = [start_new_kernel(kernel_name="python3") for _ in range(students)]
    replies: list[str] = []
    try:
        kernels = [k for k, _ in pairs]
        idle = sum(map(memory, numbers(kernels)))
        work = [
            threading.Thread(
                target=lambda c=client: replies.append(c.execute_interactive(LESSON, output_hook=lambda m: None)["content"]["status"])
            )
            for _, client in pairs
        ]  # fmt: skip
        for t in work:
            t.start()
        most, least, largest = peak(kernels, work)
    finally:
        for kernel, client in pairs:
            client.stop_channels()
            kernel.shutdown_kernel(now=True)
    well = replies.count("ok")
    print(
        f"{students} kernels, {well} lessons done: {idle:.1f} GB at rest, {most:.1f} GB at most ({least:.2f} to {largest:.2f} each)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
