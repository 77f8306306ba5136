"""The plan of the house: rooms import only downwards, no files import each other in a circle, private names stay home."""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import pytest
from grimp import build_graph
from importlinter import cli

import simlib

ROOT = Path(simlib.__file__).resolve().parent
ROOMS = 16  # as many as one can keep in mind


def test_a_room_imports_only_from_rooms_below_it(monkeypatch, capsys):
    """The order stands in pyproject.toml; imports for type checkers alone count too."""
    monkeypatch.chdir(ROOT.parent)
    assert cli.lint_imports(cache_dir=None) == cli.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_every_room_has_its_place_in_the_order(monkeypatch):
    rooms = {p.parent.name for p in ROOT.glob("*/__init__.py")}
    assert rooms == set(layers())
    assert len(rooms) <= ROOMS


def test_no_files_import_each_other_in_a_circle():
    assert circle(imports()) == []


def test_a_planted_circle_is_found():
    planted = imports() | {"simlib.core.streams": {"simlib.core.workdays"}}
    assert set(circle(planted)) == {"simlib.core.streams", "simlib.core.workdays"}


@pytest.mark.parametrize("room", sorted(p.parent.name for p in ROOT.glob("*/__init__.py")))
def test_private_names_do_not_leave_their_room(room):
    found = []
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simlib."):
                other = node.module.split(".")[1]
                private = [a.name for a in node.names if a.name.startswith("_") and not a.name.startswith("__")]
                found += [f"{path.name}: {name} of {node.module}" for name in private if other != room]
    assert not found


def layers() -> list[str]:
    """Rooms in the order of pyproject.toml, the uppermost first."""
    import tomllib

    settings = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"][0]["layers"]


def imports() -> dict[str, set[str]]:
    """What each file imports, of the files of the package; those under TYPE_CHECKING too, packages' own lists of names not."""
    graph = build_graph("simlib")
    return {m: set(graph.find_modules_directly_imported_by(m)) for m in graph.modules if m != "simlib"}


def circle(imported: dict[str, set[str]]) -> list[str]:
    """Files of one circle; empty where there is none."""
    try:
        graphlib.TopologicalSorter(imported).prepare()
    except graphlib.CycleError as e:
        return e.args[1][:-1]
    return []
