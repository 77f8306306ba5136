"""simlib workshop: the lessons in a folder of one's own, and a lesson put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simlib.cli import options
from simlib.cli.output import print_json
from simlib.core.files import InputError

if TYPE_CHECKING:
    from simlib.teach.workshop import Copied


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(), help="where the lessons go (made if need be)")
@options.languages
@click.option(
    "--reset", metavar="LESSON", help="put one lesson (1 to 6) back; your own file is kept as a numbered copy"
)
@options.as_json
def workshop(folder: str, language: str, reset: str | None, as_json: bool) -> int:
    """`simlib workshop`."""
    from simlib.teach.words import LANGUAGES
    from simlib.teach.workshop import copy_lessons, reset_lesson

    to, languages = Path(folder), LANGUAGES if language == "both" else (language,)
    if reset is not None and not reset.isdecimal():
        raise InputError(f"--reset {reset}: give the number of a lesson, such as 2")
    done = copy_lessons(to, languages) if reset is None else reset_lesson(int(reset), to, languages)
    if as_json:
        moved = [{"from": str(x), "to": str(y)} for x, y in done.moved]
        print_json({"written": list(map(str, done.written)), "kept": list(map(str, done.kept)), "moved": moved})
    else:
        _tell(done, "there already, left as it is" if reset is None else "as it was; nothing to reset")
    return 0


def _tell(done: Copied, kept: str) -> None:
    """A line for each file: moved out of the way, written, or kept (and why)."""
    for old, new in done.moved:
        print(f"{old}: yours is kept as {new.name}")
    for path in done.written:
        print(f"{path}: written")
    for path in done.kept:
        print(f"{path}: {kept}")
