"""Tests on several cores: what is compiled is compiled once, before the workers start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
MOST_MEMORY = 1.5  # GB
PEAKS = pytest.StashKey[list[float]]()

# the first example loads compiled code, and a busy machine is no fault: a property holds however long it takes
settings.register_profile("simlib", deadline=None)
settings.load_profile("simlib")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Fill the cache of compiled code before the process that hands out the tests starts its workers.

    Workers that all find it empty would each compile the same functions for about a minute. xdist starts them in a hook
    of its own that comes last. A single process compiles what its tests need as they need it.
    """
    controller = not hasattr(session.config, "workerinput")
    if controller and getattr(session.config.option, "numprocesses", None) and not session.config.option.collectonly:
        # in a process of its own, which gives its memory back at its end
        subprocess.run([sys.executable, "-m", "simlib.core.compiled"], cwd=ROOT, check=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells how large it grew."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["peak"] = peak_memory()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Keep what a worker told for the last lines."""
    peaks = node.config.stash.setdefault(PEAKS, [])
    peaks.append(getattr(node, "workeroutput", {}).get("peak", 0.0))


def peak_memory() -> float:
    """The most memory that this process has held, in gigabytes."""
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset / 1e9
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """In quiet mode too: how large the workers grew, and that browser tests were left out (tests/browser/conftest.py)."""
    if peaks := config.stash.get(PEAKS, []):
        much = f": more than the {MOST_MEMORY} GB that a process of the tests should take" * (max(peaks) > MOST_MEMORY)
        terminalreporter.write_line(f"largest test process: {max(peaks):.2f} GB{much}")
    left_out = [r for r in terminalreporter.stats.get("skipped", []) if "browser tests were not run" in str(r.longrepr)]
    if left_out:
        reason = str(left_out[0].longrepr[-1]).removeprefix("Skipped: ")
        terminalreporter.write_line(f"{reason}: {len(left_out)} left out")
