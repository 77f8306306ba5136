"""Figures as files: SVG, PNG and PDF with the same bytes every time, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simlib.core.files import InputError, write_whole
from simlib.see.animation import KINDS, filling_bytes
from simlib.see.figure_files import FIGURE_KINDS, figure_bytes
from simlib.see.filling import Filling


def save(what: Any, path: str | Path, language: str = "en") -> Path:
    """Write a figure or an animation to a file.

    Parameters
    ----------
    what : matplotlib.figure.Figure or Filling
        A figure, or the answer of `simlib.filling`.
    path : str or Path
        It must end in .svg, .png or .pdf; for a `Filling` .gif and .html will do as well.
    language : {"en", "zh"}
        Language of the labels of an animation.

    Returns
    -------
    Path
        The file, whole or not there at all.

    Raises
    ------
    InputError
        If the name ends in something else, its folder does not exist, or the file cannot be written.

    Notes
    -----
    The same figure gives the same bytes: no date and no random names are stored.
    """
    path = Path(path)
    if isinstance(what, Filling):
        check_path(path, KINDS)
        return write(filling_bytes(what, path.suffix, language), path)
    check_path(path, FIGURE_KINDS)
    return write(figure_bytes(what, path.suffix), path)


def check_path(path: Path, kinds: tuple[str, ...]) -> None:
    """InputError unless the name has one of the endings and its folder exists."""
    if path.suffix not in kinds:
        raise InputError(f"{path}: the name must end in {', '.join(kinds)}")
    if not path.resolve().parent.is_dir():
        raise InputError(f"{path}: no such folder")


def write(data: bytes, path: Path) -> Path:
    """Write a file, moved into place when whole; InputError where that cannot be done."""
    write_whole(path, data)
    return path
