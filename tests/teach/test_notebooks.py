"""The stored notebooks are those of their sources, alike in both languages, and give no answers away."""

import json
import re
from importlib import import_module

import pytest

from simlib.core.files import InputError
from simlib.teach import open_lesson
from simlib.teach.build import all_notebooks, folder, notebook
from simlib.teach.lesson import NUMBERS
from simlib.teach.source import parse, read_lesson

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_the_stored_notebooks_are_what_the_sources_make_and_there_are_no_others():
    made = all_notebooks()
    for place, text in made.items():
        assert (folder() / place).read_text(encoding="utf-8") == text, "run python -m simlib.teach.build"
    assert {p.relative_to(folder()) for p in folder().rglob("*.ipynb")} == set(made)


@pytest.mark.parametrize("number", NUMBERS)
def test_both_languages_have_the_same_cells_and_the_same_code_but_for_words(number):
    en, zh = (notebook(number, x)["cells"] for x in ("en", "zh"))
    assert [c["id"] for c in en] == [c["id"] for c in zh]
    for a, b in zip(en, zh, strict=True):
        if a["cell_type"] == "markdown":
            assert not CHINESE.search("".join(a["source"]))
            assert CHINESE.search("".join(b["source"]))
        else:
            assert "||" not in "".join(a["source"]) + "".join(b["source"])
            assert bare("".join(a["source"])) == bare("".join(b["source"]))


def bare(code: str) -> str:
    """Code without comments and texts."""
    return re.sub(r'"[^"]*"', '""', re.sub(r"#.*", "", code))


@pytest.mark.parametrize("number", NUMBERS)
def test_every_exercise_has_a_question_and_a_lesson_has_at_least_four(number):
    asked = [b.id for b in read_lesson(number) if b.kind == "exercise"]
    assert asked == [q.key for q in import_module(f"simlib.teach.lesson_{number}").QUESTIONS]
    assert len(asked) >= 4 and all(k.startswith(f"{number}.") for k in asked)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_students_notebook_holds_dots_where_the_solution_holds_an_answer(number):
    for block in (b for b in read_lesson(number) if b.kind == "exercise"):
        student, solution = block.code("en"), block.code("en", solved=True)
        assert "answer = ..." in student or "else ..." in student
        assert "answer = ..." not in solution and solution.endswith(f'check("{block.id}", answer)')
        assert student.endswith(f'check("{block.id}", answer)')


def test_prose_of_a_student_does_not_state_the_answers_of_theory():
    for number, answer in ((1, "145"), (1, "290"), (2, "38.3"), (3, "25 days")):
        text = json.dumps(notebook(number, "en"), ensure_ascii=False)
        assert answer not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (":::text a\nonly English\n", "a block text has 2 parts; there are 1"),
        (":::exercise 1.1\nen\n~~~\nzh\n~~~\ncode\n", "a block exercise has 4 parts; there are 3"),
        (":::text a\nen\n~~~\n\n", "or one is empty"),
        (":::prose a\nen\n~~~\nzh\n", "expected :::text, :::code or :::exercise"),
        (":::code a\nx\n:::code a\ny\n", "the id is used twice"),
    ],
)
def test_a_source_that_is_not_whole_is_an_error_with_its_line(text, said):
    with pytest.raises(InputError, match=re.escape(said)) as e:
        parse(text, "lesson.md")
    assert str(e.value).startswith("lesson.md:")


@pytest.mark.parametrize("number", NUMBERS)
def test_only_exercises_and_the_end_of_a_lesson_have_ids_of_their_kind(number):
    cells = {c["id"]: c["cell_type"] for c in notebook(number, "en")["cells"]}
    asked = {f"answer-{q.replace('.', '-')}" for q in open_lesson(number).questions}
    assert {i for i in cells if i.startswith(("answer", "progress"))} == asked | {"progress"}
