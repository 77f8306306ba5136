"""Copies of the lessons in a student's own folder, and a lesson put back as it was. Nothing of a student's is ever lost."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simlib.files import InputError
from simlib.teach.build import folder, path_of
from simlib.teach.lesson import NUMBERS
from simlib.teach.words import LANGUAGES


@dataclass
class Copied:
    """What was done: files written, files that were there and stay as they are, and where a student's old ones went."""

    written: list[Path] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)
    moved: list[tuple[Path, Path]] = field(default_factory=list)


def copy_lessons(to: Path, languages: Sequence[str] = LANGUAGES) -> Copied:
    """Copy the lessons (without solutions) to folder `to`, made if need be; a file that is there is left alone."""
    done = Copied()
    for language in languages:
        for n in NUMBERS:
            source, target = _places(to, n, language)
            if target.exists():
                done.kept.append(target)
            else:
                _copy(source, target)
                done.written.append(target)
    return done


def reset_lesson(number: int, to: Path, languages: Sequence[str] = LANGUAGES) -> Copied:
    """Put a lesson back as it was, in each of `languages` that `to` holds; a student's own file becomes a numbered copy.

    InputError for a lesson that there is not, and for a folder that holds none of the languages.
    """
    if number not in NUMBERS:
        raise InputError(f"--reset {number}: there are lessons {NUMBERS[0]} to {NUMBERS[-1]}")
    there = [x for x in languages if (to / x).is_dir()]
    if not there:
        raise InputError(f"{to}: no lessons here; copy them first: simlib workshop {to}")
    done = Copied()
    for language in there:
        source, target = _places(to, number, language)
        if target.exists() and target.read_bytes() != source.read_bytes():
            done.moved.append((target, _moved_away(target)))
        if not target.exists():
            _copy(source, target)
            done.written.append(target)
        else:
            done.kept.append(target)
    return done


def _places(to: Path, number: int, language: str) -> tuple[Path, Path]:
    place = path_of(number, language)
    if not (folder() / place).is_file():
        raise InputError(f"{folder() / place}: no such lesson; make it with python -m simlib.teach.build")
    return folder() / place, to / place


def _copy(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as e:
        raise InputError(f"{target}: cannot be written: {e.strerror}; choose another folder") from None


def _moved_away(target: Path) -> Path:
    """Rename a student's file to the first free of lesson-1.old-1.ipynb, lesson-1.old-2.ipynb, ...; where it went."""
    n = 1
    while (old := target.with_name(f"{target.stem}.old-{n}{target.suffix}")).exists():
        n += 1
    target.rename(old)
    return old
