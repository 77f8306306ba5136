"""A lesson of a student's folder runs in a kernel of its own, as JupyterLab runs it."""

import nbformat
from nbclient import NotebookClient

from simlib.core.files import home
from simlib.teach.workshop import copy_lessons


def outputs(cell) -> str:
    """What a cell shows, as text and as HTML."""
    return "".join("".join(o.get("data", {}).get(k, "")) for o in cell["outputs"] for k in ("text/plain", "text/html"))


def test_lesson_1_runs_from_top_to_bottom_in_a_kernel_and_shows_pictures_and_checks(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(home()))
    copy_lessons(tmp_path, ["zh"])
    notebook = nbformat.read(tmp_path / "zh" / "lesson-1.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path / "zh")}}).execute()
    cells = {c["id"]: c for c in notebook["cells"]}
    assert "尚未作答" in outputs(cells["answer-1-6"])
    assert "<img alt=" in outputs(cells["run-irregular"])
    assert "def request" in outputs(cells["source"])
    assert "6题中0题正确" in outputs(cells["progress"])
