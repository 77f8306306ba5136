"""Make the notebooks of the workshop from the sources: python -m simlib.teach.build

For every lesson and language one notebook for students (no solutions, no outputs) and one with solutions. A test keeps
the stored ones equal to what the sources make.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from simlib.core.files import home
from simlib.teach.lesson import NUMBERS
from simlib.teach.source import Block, read_lesson
from simlib.teach.words import LANGUAGES, SAID

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def folder() -> Path:
    """Where the notebooks are stored."""
    return home() / "notebooks" / "workshop"


def path_of(number: int, language: str, solved: bool = False) -> Path:
    """Where a lesson is stored, below `folder()`."""
    return Path(*(["solutions"] if solved else []), language, f"lesson-{number}.ipynb")


def notebook(number: int, language: str, solved: bool = False) -> dict[str, Any]:
    """A lesson as a notebook (nbformat 4.5)."""
    cells = [c for block in read_lesson(number) for c in _cells(block, language, solved)]
    if solved:
        cells.insert(1, _cell("markdown", "solved", SAID["with_solutions"].of(language, name=language)))
    return {"cells": cells, "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}  # fmt: skip


def _cells(block: Block, language: str, solved: bool) -> list[dict[str, Any]]:
    name = block.id.replace(".", "-")
    if block.kind == "text":
        return [_cell("markdown", name, block.text(language))]
    if block.kind == "code":
        return [_cell("code", name, block.code(language))]
    return [
        _cell("markdown", f"task-{name}", block.text(language)),
        _cell("code", f"answer-{name}", block.code(language, solved)),
    ]


def _cell(kind: str, name: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": text.splitlines(keepends=True)}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def as_text(made: dict[str, Any]) -> str:
    """A notebook as it is stored."""
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def all_notebooks() -> dict[Path, str]:
    """Every stored notebook: its place below `folder()` and its text."""
    return {
        path_of(n, language, solved): as_text(notebook(n, language, solved))
        for n in NUMBERS
        for language in LANGUAGES
        for solved in (False, True)
    }


def main() -> None:
    """Write all notebooks."""
    for place, text in all_notebooks().items():
        path = folder() / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
