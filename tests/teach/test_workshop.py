"""simlib workshop copies the lessons to a student's folder and puts one back without losing the student's work."""

import errno
import json
from pathlib import Path

import pytest

from simlib.cli import main
from simlib.core.files import InputError
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


def test_a_stored_lesson_that_was_worked_in_is_put_back_and_never_handed_on(tmp_path, monkeypatch):
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    stored = folder() / "en" / "lesson-2.ipynb"
    copy_lessons(folder())
    pristine = stored.read_bytes()
    stored.write_text("work in the project's own folder", encoding="utf-8")
    copy_lessons(tmp_path / "mine")
    assert (tmp_path / "mine/en/lesson-2.ipynb").read_bytes() == pristine
    assert reset_lesson(2, folder(), ["en"]).moved == [(stored, stored.with_name("lesson-2.old-1.ipynb"))]
    assert stored.read_bytes() == pristine


def full_disk(path, text, **_):
    """As Path.write_text where there is room for ten bytes."""
    path.write_bytes(text.encode()[:10])
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_one_line_leaves_no_half_a_lesson_and_moves_no_work_away(tmp_path, monkeypatch):
    copy_lessons(tmp_path, ["en"])
    mine, gone = tmp_path / "en/lesson-1.ipynb", tmp_path / "en/lesson-2.ipynb"
    mine.write_text("my work", encoding="utf-8")
    gone.unlink()
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(Path, "write_text", full_disk)
    for attempt in (lambda: copy_lessons(tmp_path, ["en"]), lambda: reset_lesson(1, tmp_path)):
        with pytest.raises(InputError, match="cannot be written: No space left on device; make room there"):
            attempt()
    assert sorted(tmp_path.rglob("*")) == before and mine.read_bytes() == b"my work"
    monkeypatch.undo()
    assert copy_lessons(tmp_path, ["en"]).written == [gone]


def test_work_that_cannot_be_moved_or_read_is_one_line(tmp_path, monkeypatch):
    copy_lessons(tmp_path, ["en"])
    mine = tmp_path / "en/lesson-1.ipynb"
    mine.write_text("my work", encoding="utf-8")

    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    for name, said in (("rename", "cannot be written: Permission denied"), ("read_bytes", "cannot be read: Perm")):
        with monkeypatch.context() as m:
            m.setattr(Path, name, refuse)
            with pytest.raises(InputError, match=said):
                reset_lesson(1, tmp_path)
        assert not list(tmp_path.rglob("*.part"))
        assert mine.read_text(encoding="utf-8") == "my work"


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
