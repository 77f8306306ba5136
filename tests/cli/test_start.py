"""Help, version, lists and `import simlib` come at once: they load nothing that computes."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest

import simlib
from simlib.cli.commands import COMMANDS
from simlib.cli.inventory import KINDS
from simlib.core.files import home
from simlib.core.version import __version__

HEAVY = ("numba", "numpy", "pandas", "scipy", "matplotlib", "pyarrow", "openpyxl", "jupyterlab", "ipywidgets")
READING = ("pydantic", "ruamel.yaml")  # what files are checked with


def loaded(code: str) -> list[str]:
    """The libraries among HEAVY and READING that a fresh Python has loaded after some code."""
    asks = f"{code}\nimport json, sys\nprint(json.dumps(sorted(set(sys.modules) & {{*{HEAVY + READING}}})))"
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True, cwd=home())
    return json.loads(done.stdout.splitlines()[-1])


def after(*lines: list[str]) -> list[str]:
    """The same after some command lines, one after another."""
    return loaded(f"from simlib.cli import main\nfor words in {list(lines)}:\n    main(words)")


def test_import_simlib_loads_no_library():
    assert loaded("import simlib\nassert simlib.__version__ and 'simulate' in dir(simlib)") == []


def test_help_version_and_first_steps_load_no_library():
    assert after([], ["--help"], ["--version"], ["completion", "bash"]) == []


def test_the_help_of_every_command_loads_no_library():
    assert after(*([name, "--help"] for name in COMMANDS)) == []


def test_a_typing_error_is_answered_without_any_library():
    assert after(["lisst"], ["run"], ["run", "chain", "--replication", "2"], ["run", "chain", "--workers", "0"]) == []


@pytest.mark.parametrize("kind", [[], *([k] for k in KINDS)], ids=["all", *KINDS])
def test_a_list_loads_what_checks_files_and_nothing_that_computes(kind):
    found = after(["list", *kind])
    assert not set(found) & set(HEAVY)
    assert "ruamel.yaml" not in found  # every stored file is plain, so that the quick reader suffices


def test_every_public_name_is_found_and_none_else():
    for name in simlib.__all__:
        assert callable(getattr(simlib, name)), name
        assert name in dir(simlib)
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        simlib.simulat  # noqa: B018


def test_editors_are_told_the_same_names_and_homes_as_python():
    tree = ast.parse((home() / "simlib/__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    told = {alias.asname: line.module for line in block.body for alias in line.names}
    assert told == simlib._HOMES


def test_the_version_is_written_once_and_cited_so(capsys):
    assert simlib.__version__ == __version__
    assert f"\nversion: {__version__}\n" in (home() / "CITATION.cff").read_text(encoding="utf-8")
    assert __version__ not in (home() / "pyproject.toml").read_text(encoding="utf-8")
