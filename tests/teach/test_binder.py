"""What Binder is told to do can be done: its script is sound, and all that it names is there."""

import re
import shlex
import shutil
import subprocess

import pytest

from simlib.cli.application import parse
from simlib.core.files import home
from simlib.scenario.scenario import load_scenario

BINDER = home() / "binder"
SCRIPT = (BINDER / "postBuild").read_text(encoding="utf-8")
LINES = [shlex.split(line, comments=True) for line in SCRIPT.splitlines()]
SIMLIB = [words[3:] for words in LINES if words[:3] == ["python", "-m", "simlib"]]


def test_the_script_can_be_run_and_stops_at_its_first_mistake():
    assert (BINDER / "postBuild").stat().st_mode & 0o100
    assert SCRIPT.startswith("#!/bin/bash\n") and "set -euo pipefail" in SCRIPT


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_its_form_is_what_bash_reads():
    subprocess.run(["bash", "-n", BINDER / "postBuild"], check=True)


def test_what_it_installs_is_there_and_its_python_is_one_that_the_project_takes():
    installs = [words for words in LINES if words[:4] == ["python", "-m", "pip", "install"]]
    assert [w[w.index(x) + 1] for w in installs for x in ("-r", "--editable") if x in w] == ["requirements.lock", "."]
    assert (home() / "requirements.lock").is_file() and (home() / "pyproject.toml").is_file()
    version = re.fullmatch(r"python-(\d+\.\d+)\n?", (BINDER / "runtime.txt").read_text(encoding="utf-8"))
    least = re.search(r'requires-python = ">=(\d+\.\d+)', (home() / "pyproject.toml").read_text(encoding="utf-8"))
    assert version and least
    assert [int(x) for x in version[1].split(".")] >= [int(x) for x in least[1].split(".")]


def test_its_commands_are_commands_of_simlib_on_a_scenario_that_there_is():
    assert {words[0] for words in SIMLIB} == {"run", "trace"}
    for words in SIMLIB:
        parse(words)  # InputError for an option or a command that there is not
        assert load_scenario(next(w for w in words if w.startswith("lesson-")))
