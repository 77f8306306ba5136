"""Copies of the lessons in a student's own folder, and a lesson put back as it was. Nothing of a student's is ever lost.

What is copied is made anew from the lessons' sources: whoever worked in the project's own notebooks has changed those.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simlib.core.files import InputError
from simlib.teach.build import as_text, notebook, path_of
from simlib.teach.lesson import NUMBERS
from simlib.teach.words import LANGUAGES


@dataclass
class Copied:
    """What was done: files written, files that were there and stay as they are, and where a student's old ones went."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    moved: list[tuple[Path, Path]] = field(default_factory=list)


def copy_lessons(to: Path, languages: Sequence[str] = LANGUAGES) -> Copied:
    """Copy the lessons (without solutions) to folder `to`, made if need be; a file that is there is left alone.

    InputError where the folder cannot be written to.
    """
    done = Copied()
    for language in languages:
        for n in NUMBERS:
            target = to / path_of(n, language)
            if os.path.lexists(target):
                done.kept.append(target)
            else:
                _put(_pristine(n, language, target), target, done)
    return done


def reset_lesson(number: int, to: Path, languages: Sequence[str] = LANGUAGES) -> Copied:
    """Put a lesson back as it was, in each of `languages` that `to` holds; a student's own file becomes a numbered copy.

    InputError for a lesson that there is not, for a folder that holds none of the languages, and where the folder
    cannot be written to; no file of the student's is lost by that.
    """
    if number not in NUMBERS:
        raise InputError(f"--reset {number}: there are lessons {NUMBERS[0]} to {NUMBERS[-1]}")
    there = [x for x in languages if (to / x).is_dir()]
    if not there:
        raise InputError(f"{to}: no lessons here; copy them first: simlib workshop {to}")
    done = Copied()
    for language in there:
        _reset(number, language, to / path_of(number, language), done)
    return done


def _reset(number: int, language: str, target: Path, done: Copied) -> None:
    if _same(target, as_text(notebook(number, language))):
        done.kept.append(target)
        return
    fresh = _pristine(number, language, target)  # first, so that a full disk moves nothing away
    _put(fresh, target, done)


def _same(target: Path, text: str) -> bool:
    try:
        return target.is_file() and target.read_bytes() == text.encode()
    except OSError as e:
        raise InputError(f"{target}: cannot be read: {e.strerror}; nothing was changed") from None


def _pristine(number: int, language: str, target: Path) -> Path:
    """A lesson as it was, whole, in a file beside `target`."""
    beside = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(as_text(notebook(number, language)), encoding="utf-8", newline="\n")
    except OSError as e:
        _forget(beside)
        raise _unwritable(target, e) from None
    return beside


def _forget(beside: Path) -> None:
    with contextlib.suppress(OSError):  # where its folder is no folder, or not ours, it is not there
        beside.unlink(missing_ok=True)


def _put(fresh: Path, target: Path, done: Copied) -> None:
    """The fresh copy to its place; what is there becomes a numbered copy first."""
    try:
        if os.path.lexists(target):
            done.moved.append((target, _moved_away(target)))
        fresh.replace(target)
    except OSError as e:
        _forget(fresh)
        raise _unwritable(target, e) from None
    done.written.append(target)


def _unwritable(target: Path, e: OSError) -> InputError:
    return InputError(f"{target}: cannot be written: {e.strerror}; make room there, or choose another folder")


def _moved_away(target: Path) -> Path:
    """Rename a student's file to the first free of lesson-1.old-1.ipynb, lesson-1.old-2.ipynb, ...; where it went."""
    n = 1
    while os.path.lexists(old := target.with_name(f"{target.stem}.old-{n}{target.suffix}")):
        n += 1
    target.rename(old)
    return old
