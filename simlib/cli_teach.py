"""simlib workshop: the lessons in a folder of one's own, and a lesson put back."""

from __future__ import annotations

import argparse
from pathlib import Path

from simlib.cli_run import print_json
from simlib.core.files import InputError


def workshop_options(one: argparse.ArgumentParser) -> None:
    """The options of `simlib workshop`."""
    one.add_argument("folder", metavar="DIR", help="where the lessons go (made if need be)")
    one.add_argument("--language", choices=("en", "zh", "both"), default="both")
    one.add_argument(
        "--reset", metavar="LESSON", help="put one lesson (1 to 6) back; your own file is kept as a numbered copy"
    )


def workshop_command(a: argparse.Namespace) -> int:
    """`simlib workshop`."""
    from simlib.teach.words import LANGUAGES
    from simlib.teach.workshop import copy_lessons, reset_lesson

    to, languages = Path(a.folder), LANGUAGES if a.language == "both" else (a.language,)
    if a.reset is not None and not a.reset.isdecimal():
        raise InputError(f"--reset {a.reset}: give the number of a lesson, such as 2")
    done = copy_lessons(to, languages) if a.reset is None else reset_lesson(int(a.reset), to, languages)
    if a.json:
        moved = [{"from": str(x), "to": str(y)} for x, y in done.moved]
        print_json({"written": list(map(str, done.written)), "kept": list(map(str, done.kept)), "moved": moved})
        return 0
    for old, new in done.moved:
        print(f"{old}: yours is kept as {new.name}")
    for path in done.written:
        print(f"{path}: written")
    for path in done.kept:
        print(f"{path}: " + ("there already, left as it is" if a.reset is None else "as it was; nothing to reset"))
    return 0
