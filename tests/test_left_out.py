"""Where there is no browser, the tests' last lines say that browser tests were not run, and how many."""

import os
import subprocess
import sys

from simlib.core.files import home
from tests.browser.conftest import NOT_RUN


def test_a_run_without_chromium_says_so_in_quiet_mode(tmp_path):
    without = {**os.environ, "PATH": str(tmp_path), "PYTEST_ADDOPTS": ""}
    without.pop("SIMLIB_CHROMIUM", None)
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/browser/test_workshop.py",
        "-k",
        "test_a_student_runs",
    ]
    ran = subprocess.run(words, cwd=home(), env=without, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0
    assert f"{NOT_RUN}: 1 left out" in ran.stdout.splitlines()
