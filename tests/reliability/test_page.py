"""The page on reliability names tests that exist; and what needs no more than a look at the sources."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from simlib.batch.kernel import check_parameters
from simlib.core.files import InputError, home

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/reliability.md"
RUNS = {"eval", "exec", "compile", "__import__"}  # names of functions that run what they are given


def test_every_risk_has_its_row_and_every_test_that_the_page_names_exists():
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^\| R(\d+) \|", text, re.M) == [str(n) for n in range(1, 36)]
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", text)
    assert len(named) >= 35
    for file, test in named:
        tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
        assert test in {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}, f"{file}::{test}"


def test_nothing_in_the_package_runs_what_it_reads():
    for path in sorted((ROOT / "simlib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in RUNS or path.name.startswith("compile_"), f"{path}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("FullLoader", "UnsafeLoader", "unsafe_load"), f"{path}:{node.lineno}"
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [a.name for a in node.names] + [getattr(node, "module", "") or ""]
                assert not {"pickle", "marshal", "shelve"} & set(names), f"{path}:{node.lineno}"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"scenario": "x"}, "is not given"),
        (dict.fromkeys(("scenario", "experiment", "replications", "workers", "output", "__import__('os')"), "x"), "unknown"),
    ],
)  # fmt: skip
def test_a_template_gets_just_the_parameters_that_it_declares(parameters, words):
    with pytest.raises(InputError, match=words):
        check_parameters(home() / "notebooks/scenario.ipynb", parameters)
