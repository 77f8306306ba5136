"""Tests on several cores: what is compiled is compiled once, before the workers start."""

from __future__ import annotations

import pytest


def pytest_sessionstart(session: pytest.Session) -> None:
    """Fill the cache of compiled code in the process that hands out the tests.

    Workers that all find it empty would each compile the same functions for about a minute. xdist starts them in a hook
    of its own that comes last. A single process compiles what its tests need as they need it.
    """
    controller = not hasattr(session.config, "workerinput")
    if controller and getattr(session.config.option, "numprocesses", None) and not session.config.option.collectonly:
        from benchmarks.scenarios import benchmark_scenario
        from simlib.core.compiled import PLAIN
        from simlib.model.model import replicate

        if not PLAIN:
            replicate(benchmark_scenario("small"), 0, pairs=True)  # in which every stage acts


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line that says so, in quiet mode too, where the browser tests were left out (tests/browser/conftest.py)."""
    left_out = [r for r in terminalreporter.stats.get("skipped", []) if "browser tests were not run" in str(r.longrepr)]
    if left_out:
        reason = str(left_out[0].longrepr[-1]).removeprefix("Skipped: ")
        terminalreporter.write_line(f"{reason}: {len(left_out)} left out")
