"""The project's own files: packages named alike, a lock without addresses, notebooks without outputs."""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from simlib.core.files import parse_yaml

ROOT = Path(__file__).parent.parent
CONDA_NAMES = {"matplotlib-base": "matplotlib", "nbconvert-core": "nbconvert"}
NOT_OURS = {"python", "pip"}


def bare(requirement: str) -> str:
    return re.split(r"[<>=!~ ;\[]", requirement, maxsplit=1)[0].lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {bare(r) for r in project["dependencies"] + project["optional-dependencies"]["dev"]}


def test_conda_and_pip_name_the_same_packages():
    parts = parse_yaml((ROOT / "environment.yml").read_text(encoding="utf-8"), "environment.yml").data["dependencies"]
    names = [p for p in parts if isinstance(p, str)] + [n for p in parts if isinstance(p, dict) for n in p["pip"]]
    assert {CONDA_NAMES.get(bare(n), bare(n)) for n in names} - NOT_OURS == declared()


def test_the_lock_holds_every_package_with_its_hash_and_no_address():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--index|--find-links|@ ", text)
    pinned = {bare(line) for line in text.splitlines() if "==" in line}
    assert {re.sub("[._]", "-", n) for n in declared()} <= {re.sub("[._]", "-", n) for n in pinned}
    assert text.count("--hash=sha256:") >= text.count("==")


def test_every_package_of_the_lock_stands_in_the_list_of_licences_with_one_that_is_known():
    tool = runpy.run_path(str(ROOT / "tools/licences.py"))
    listed = tool["rows"]()
    assert list(listed) == tool["locked"]()
    for name, text in listed.items():
        assert text not in ("", "unknown", tool["ELSEWHERE"]), f"{name}: run tools/licences.py where it is installed"


def test_notebooks_are_stored_without_outputs_and_hold_no_functions():
    for path in (ROOT / "notebooks").rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert cells and len({c["id"] for c in cells}) == len(cells), path
        for cell in cells:
            source = "".join(cell["source"])
            assert not cell.get("outputs") and cell.get("execution_count") is None, path
            assert cell["cell_type"] != "code" or not re.search(r"^\s*(def|class) ", source, re.M), path


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    wanted = {".py", ".md", ".toml", ".lock", ".yml", ".yaml", ".ipynb", ".cff", ""}
    skipped = {".git", ".venv", "outputs", "__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"}
    folders = "|".join(("wor" + "k", "roo" + "t"))
    seen = 0
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in skipped]  # an environment has tens of thousands of files
        for path in (Path(folder) / n for n in names if Path(n).suffix in wanted and n not in skipped):
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not re.search(rf"(?<![\w.])/({folders})/", text), path
            assert "--extra-index-" + "url" not in text, path
            seen += 1
    assert seen > 300


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("folder", ["two words", "新药 进院", "it's"])
def test_make_and_the_command_work_in_a_folder_with_blanks_and_chinese_characters(folder, tmp_path):
    place = tmp_path / folder
    for name in ("Makefile", "requirements.lock", "tools/setup_venv.py"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, place / name)
    would = subprocess.run(["make", "-n", "-C", str(place), "setup"], capture_output=True, text=True)
    assert would.returncode == 0 and "tools/setup_venv.py .venv requirements.lock" in would.stdout, would.stderr
    script, python = place / "simlib", place / "python"
    python.symlink_to(sys.executable)
    script.write_text(
        runpy.run_path(str(ROOT / "tools/setup_venv.py"))["SCRIPT"].format(python=shlex.quote(str(python)))
    )
    script.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    said = subprocess.run([str(script), "--version"], capture_output=True, text=True, env=environment)
    assert said.stdout.startswith("simlib "), said.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_says_where_it_must_be_run(tmp_path):
    said = subprocess.run(["make", "-f", str(ROOT / "Makefile"), "setup"], cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 2 and "run make in the project's folder" in said.stderr


@pytest.mark.skipif(os.name == "nt", reason="locales are named otherwise there")
def test_python_finds_a_checkout_in_a_folder_of_chinese_characters_whatever_the_locale(tmp_path):
    place = tmp_path / "新药 进院"
    (place / "tools").mkdir(parents=True)
    shutil.copyfile(ROOT / "tools/setup_venv.py", place / "tools/setup_venv.py")
    (place / "found_here.py").write_text("")
    venv.create(place / ".venv", symlinks=True)
    python = place / ".venv/bin/python"
    runpy.run_path(str(place / "tools/setup_venv.py"))["_link"](python)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    found = subprocess.run([str(python), "-c", "import found_here"], capture_output=True, cwd=tmp_path, env=environment)
    assert found.returncode == 0, found.stderr
