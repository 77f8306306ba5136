"""The twin can be read from top to bottom: each file imports only files above it, and of simlib only what is no engine."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import twin

FOLDER = Path(twin.__file__).parent
# rooms of simlib that know nothing of stages and outcomes; files of the first line move into `core`
ROOMS = {"core", "policy", "world", "scenario"}
OTHERS = {"numpy", "simpy"}
BY_ITSELF = {"first", "routes"}  # the first model; routes that no hospital or payer of the model takes part in


def reading_order(folder: Path = FOLDER) -> list[str]:
    """Names of files in the order of the folder's own table of contents."""
    doc = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return re.findall(r"^    (\w+)\.py ", doc, re.MULTILINE)


def imported(path: Path) -> Iterator[str]:
    """Modules (`a.b.c`, with what is taken from them) that a file imports anywhere, for typing too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{name.name}" for name in node.names)


def complaints(folder: Path = FOLDER) -> list[str]:
    """What is wrong with the imports of a twin."""
    order, found = reading_order(folder), []
    for place, name in enumerate(order):
        for module in imported(folder / f"{name}.py"):
            root, *rest = module.split(".")
            if root == "twin":
                if rest[0] not in order[:place]:
                    found.append(f"{name}.py imports {module}, which is not above it")
            elif root == "simlib":
                if rest[0] not in ROOMS:
                    found.append(f"{name}.py imports {module} of the engine")
            elif root not in OTHERS and root not in sys.stdlib_module_names:
                found.append(f"{name}.py imports {module}")
    return found


def test_the_table_of_contents_names_every_file_once_and_the_model_last():
    order = reading_order()
    assert sorted(order) == sorted(p.stem for p in FOLDER.glob("*.py") if not p.stem.startswith("__"))
    assert order[0] == "first" and order[-1] == "model"


def test_each_file_imports_only_files_above_it_and_of_simlib_no_stage_and_no_outcome():
    assert not complaints()


def unreached(folder: Path = FOLDER) -> list[str]:
    """Files of which the model uses nothing, but for those that stand by themselves."""
    reached, new = set(BY_ITSELF), {"model"}
    while new:
        reached |= new
        modules = {m for name in new for m in imported(folder / f"{name}.py") if m.startswith("twin.")}
        new = {m.split(".")[1] for m in modules} - reached
    return [name for name in reading_order(folder) if name not in reached]


def test_every_file_is_reached_from_the_model(tmp_path):
    assert unreached() == []
    shutil.copytree(FOLDER, tmp_path / "twin", ignore=shutil.ignore_patterns("__pycache__"))
    planted = tmp_path / "twin" / "__init__.py"
    planted.write_text(
        planted.read_text(encoding="utf-8").replace("    demand.py ", "    new.py      a new one\n    demand.py "),
        encoding="utf-8",
    )
    assert unreached(tmp_path / "twin") == ["new"]


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("clock", "if TYPE_CHECKING:\n    from twin.model import Model", "clock.py imports twin.model.Model"),
        ("rule", "def f():\n    from twin import rules", "rule.py imports twin.rules"),
        ("dates", "import twin.dates", "dates.py imports twin.dates"),
        ("pair", "from simlib.model.state import STATES", "pair.py imports simlib.model.state.STATES of the engine"),
        ("use", "from simlib import outcomes", "use.py imports simlib.outcomes of the engine"),
        ("draws", "from .clock import Clock", "draws.py imports .clock.Clock"),
        ("model", "from benchmarks.scenarios import SIZES", "model.py imports benchmarks.scenarios.SIZES"),
    ],
)
def test_an_import_that_does_not_belong_is_found(tmp_path, file, line, complaint):
    shutil.copytree(FOLDER, tmp_path / "twin", ignore=shutil.ignore_patterns("__pycache__"))
    planted = tmp_path / "twin" / f"{file}.py"
    planted.write_text(f"{planted.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    assert [c for c in complaints(tmp_path / "twin") if c.startswith(complaint)]


def test_the_engine_does_not_know_its_twin():
    for path in (FOLDER.parent / "simlib").rglob("*.py"):
        assert not [m for m in imported(path) if m.split(".")[0] == "twin"], path
