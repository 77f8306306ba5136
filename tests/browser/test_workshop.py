"""A student in a real browser: opens a lesson of the own folder, runs it, answers wrongly, then rightly; then the solutions."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from simlib.teach import open_lesson
from simlib.teach.build import folder, notebook
from simlib.teach.lesson import NUMBERS
from simlib.teach.verdict import SIGNS
from simlib.teach.workshop import copy_lessons
from tests.browser import lab
from tests.teach.cells import answered
from tests.teach.test_runs import STUDENT

SHOTS = os.environ.get("SIMLIB_SHOTS")  # a folder for pictures of the screen, to be looked at

ANSWER = """([id, source]) => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    const place = notebook.widgets.findIndex(c => c.model.sharedModel.getId() === id);
    notebook.widgets[place].model.sharedModel.setSource(source);
    notebook.activeCellIndex = place;
    return window.jupyterapp.commands.execute('notebook:run-cell');
}"""
HEADS = """() => window.jupyterapp.shell.currentWidget.content.widgets
    .filter(c => c.model.sharedModel.getId().match(/^(answer|progress)/))
    .map(c => [c.model.sharedModel.getId(), [...c.node.querySelectorAll('.jp-OutputArea-output')]
        .map(o => o.textContent.trim()[0]).filter(sign => '✓✗…'.includes(sign)).pop() ?? ''])"""
SAID = """([id, words]) => {
    const cells = window.jupyterapp.shell.currentWidget.content.widgets;
    const cell = cells.find(c => c.model.sharedModel.getId() === id);
    return cell && cell.node.querySelector('.jp-Cell-outputArea')?.textContent.includes(words);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    mine = tmp_path_factory.mktemp("mine")
    copy_lessons(mine)
    shutil.copytree(folder() / "solutions", mine / "solutions")
    with lab.lab(tmp_path_factory.mktemp("lab"), mine) as server, lab.page_of(server) as page:
        page.server = server
        yield page


def answer(page, language: str, key: str, text: str) -> None:
    cell = f"answer-{key.replace('.', '-')}"
    given = next(c for c in notebook(int(key[0]), language)["cells"] if c["id"] == cell)
    page.evaluate(ANSWER, [cell, answered("".join(given["source"]), text)])


def photograph(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def waits_for(page, key: str, words: str) -> None:
    page.wait_for_function(SAID, arg=[f"answer-{key.replace('.', '-')}", words])


@pytest.mark.parametrize(
    ("language", "open_", "wrong", "right"),
    [
        pytest.param("en", "not answered yet", "the longest wait", "1.1 right", marks=pytest.mark.slow),
        ("zh", "尚未作答", "最长的等待", "1.1 正确"),
    ],
)
def test_a_student_runs_lesson_1_is_told_the_mistake_and_mends_it(page, language, open_, wrong, right):
    lab.open_notebook(page, page.server, f"{language}/lesson-1.ipynb")
    lab.run_all(page)
    waits_for(page, "1.1", open_)
    answer(page, language, "1.1", "90")
    waits_for(page, "1.1", wrong)
    photograph(page, f"workshop-{language}")
    answer(page, language, "1.1", "45")
    waits_for(page, "1.1", right)


def signs(page) -> dict[str, str]:
    """The sign that each exercise's check, and the lesson's end, show."""
    page.wait_for_function(f"() => ({HEADS})().every(([, sign]) => sign)")
    return dict(page.evaluate(HEADS))


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_every_lesson_tells_mistakes_and_runs_through_with_its_solutions(page, number):
    language = "en" if number % 2 else "zh"  # both languages share their code; a test of the notebooks says so
    keys = list(open_lesson(number).questions)
    lab.open_notebook(page, page.server, f"{language}/lesson-{number}.ipynb")
    lab.run_all(page)
    assert set(signs(page).values()) == {SIGNS["open"]}
    for key in keys:
        answer(page, language, key, STUDENT[number][key])
    lab.wait_idle(page)
    said = signs(page)
    assert [said[f"answer-{key.replace('.', '-')}"] for key in keys] == [SIGNS["wrong"]] * len(keys)
    photograph(page, f"workshop-{number}-{language}-mistakes")
    lab.open_notebook(page, page.server, f"solutions/{language}/lesson-{number}.ipynb")
    lab.run_all(page)
    assert set(signs(page).values()) == {SIGNS["right"]}
    photograph(page, f"workshop-{number}-{language}-solved")
