"""Browser tests run where there is Chromium, and say so where they did not run."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.browser.lab import chromium

HERE = Path(__file__).resolve().parent
NOT_RUN = "browser tests were not run: no Chromium found (install Debian's chromium, or set SIMLIB_CHROMIUM)"


def why_not() -> str:
    """Why browser tests cannot run here; "" if they can."""
    if importlib.util.find_spec("playwright") is None:
        return "browser tests were not run: playwright is not installed"
    return "" if chromium() else NOT_RUN


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what is in this folder, with the reason."""
    why = why_not()
    for item in items:
        if why and HERE in Path(item.fspath).parents:
            item.add_marker(pytest.mark.skip(reason=why))
