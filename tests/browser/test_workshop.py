"""A student in a real browser: opens a lesson of the own folder, runs it, answers wrongly, then rightly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simlib.teach.workshop import copy_lessons

lab = pytest.importorskip("lab", reason="the browser tests' own lab.py is not there")
SHOTS = os.environ.get("SIMLIB_SHOTS")  # a folder for pictures of the screen, to be looked at

ANSWER = """([id, source]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const place = notebook.widgets.findIndex(c => c.model.sharedModel.getId() === id);
    notebook.widgets[place].model.sharedModel.setSource(source);
    notebook.activeCellIndex = place;
    return window.jupyterapp.commands.execute('notebook:run-cell');
}"""
SAID = """([id, words]) => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets;
    const cell = cells.find(c => c.model.sharedModel.getId() === id);
    return cell && cell.node.querySelector('.jp-Cell-outputArea')?.textContent.includes(words);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    mine = tmp_path_factory.mktemp("mine")
    copy_lessons(mine)
    with lab.lab(tmp_path_factory.mktemp("lab"), mine) as server, lab.page_of(server) as page:
        page.server = server
        yield page


def answer(page, key: str, text: str) -> None:
    page.evaluate(ANSWER, [f"answer-{key.replace('.', '-')}", f'answer = {text}\ncheck("{key}", answer)'])


def waits_for(page, key: str, words: str) -> None:
    page.wait_for_function(SAID, arg=[f"answer-{key.replace('.', '-')}", words])


@pytest.mark.parametrize(
    ("language", "open_", "wrong", "right"),
    [("en", "not answered yet", "the longest wait", "1.1 right"), ("zh", "尚未作答", "最长的等待", "1.1 正确")],
)
def test_a_student_runs_lesson_1_is_told_the_mistake_and_mends_it(page, language, open_, wrong, right):
    lab.open_notebook(page, page.server, f"{language}/lesson-1.ipynb")
    lab.run_all(page)
    waits_for(page, "1.1", open_)
    answer(page, "1.1", "90")
    waits_for(page, "1.1", wrong)
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"workshop-{language}.png"))
    answer(page, "1.1", "45")
    waits_for(page, "1.1", right)
