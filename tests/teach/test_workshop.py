"""simlib workshop copies the lessons to a student's folder and puts one back without losing the student's work."""

import json

import pytest

from simlib.cli import main
from simlib.files import InputError
from simlib.teach.build import folder
from simlib.teach.workshop import copy_lessons, reset_lesson


def test_a_students_folder_holds_every_lesson_and_no_solution(tmp_path):
    done = copy_lessons(tmp_path / "mine")
    assert len(done.written) == 12
    assert {p.relative_to(tmp_path / "mine").parts[0] for p in done.written} == {"en", "zh"}
    assert not list(tmp_path.rglob("*solution*"))


def test_copying_again_leaves_a_students_work_alone(tmp_path):
    copy_lessons(tmp_path, ["en"])
    mine = tmp_path / "en" / "lesson-1.ipynb"
    mine.write_text("my work", encoding="utf-8")
    (tmp_path / "en" / "lesson-2.ipynb").unlink()
    done = copy_lessons(tmp_path, ["en"])
    assert mine.read_text(encoding="utf-8") == "my work" and mine in done.kept
    assert [p.name for p in done.written] == ["lesson-2.ipynb"]


def test_a_reset_lesson_is_as_it_was_and_old_work_is_kept_under_the_next_free_number(tmp_path):
    copy_lessons(tmp_path)
    mine = tmp_path / "zh" / "lesson-3.ipynb"
    for n in (1, 2):
        mine.write_text(f"work {n}", encoding="utf-8")
        done = reset_lesson(3, tmp_path)
        assert done.moved == [(mine, tmp_path / "zh" / f"lesson-3.old-{n}.ipynb")]
        assert done.kept == [tmp_path / "en" / "lesson-3.ipynb"]  # untouched, so nothing to reset
        assert mine.read_bytes() == (folder() / "zh" / "lesson-3.ipynb").read_bytes()
    assert (tmp_path / "zh" / "lesson-3.old-1.ipynb").read_text(encoding="utf-8") == "work 1"


def test_a_lesson_that_was_deleted_comes_back(tmp_path):
    copy_lessons(tmp_path, ["en"])
    (tmp_path / "en" / "lesson-4.ipynb").unlink()
    assert [p.name for p in reset_lesson(4, tmp_path).written] == ["lesson-4.ipynb"]
    assert not (tmp_path / "zh").exists()


def test_wrong_requests_are_one_line(tmp_path, capsys):
    with pytest.raises(InputError, match="no lessons here"):
        reset_lesson(1, tmp_path)
    copy_lessons(tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    for words in (["--reset", "7", str(tmp_path)], ["--reset", "one", str(tmp_path)], [str(tmp_path / "file")]):
        assert main(["workshop", *words]) == 2
        out, err = capsys.readouterr()
        assert out == "" and len(err.strip().splitlines()) == 1


def test_the_command_says_what_it_did_and_json_says_it_to_machines(tmp_path, capsys):
    assert main(["workshop", str(tmp_path), "--language", "en"]) == 0
    assert capsys.readouterr().out.count("written") == 6
    (tmp_path / "en" / "lesson-1.ipynb").write_text("x", encoding="utf-8")
    assert main(["workshop", str(tmp_path), "--reset", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert len(said["written"]) == 1 and said["moved"][0]["to"].endswith("lesson-1.old-1.ipynb")
