"""Run a lesson's cells in this process, as a notebook would, and collect what its checks said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from simlib.teach.build import notebook
from simlib.teach.pictures import Picture
from simlib.teach.verdict import Verdict

QUIET = Config({"HistoryManager": {"enabled": False}})


@dataclass
class Ran:
    """What came of a lesson: verdicts by exercise, the last cell's verdict, pictures."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    progress: Verdict | None = None
    pictures: list[Picture] = field(default_factory=list)


def run_lesson(number: int, language: str, solved: bool = False, answers: dict[str, str] | None = None) -> Ran:
    """All code cells from top to bottom; `answers` puts an expression of a student's into cells of exercises."""
    shell, ran = InteractiveShell(config=QUIET), Ran()
    for cell in notebook(number, language, solved)["cells"]:
        if cell["cell_type"] != "code":
            continue
        source = "".join(cell["source"])
        key = cell["id"].removeprefix("answer-").replace("-", ".")
        if answers and key in answers:
            source = answered(source, answers[key])
        done = shell.run_cell(source, store_history=False)
        done.raise_error()
        _keep(ran, done.result)
    return ran


def answered(source: str, text: str) -> str:
    """An exercise's cell with a student's expression in place of its first three dots."""
    assert "= ..." in source
    return source.replace("= ...", f"= {text}", 1)


def _keep(ran: Ran, shown: Any) -> None:
    if isinstance(shown, Picture):
        ran.pictures.append(shown)
    elif isinstance(shown, Verdict) and "." in shown.key:
        ran.verdicts[shown.key] = shown
    elif isinstance(shown, Verdict):
        ran.progress = shown
