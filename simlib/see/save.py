"""Figures as files: SVG, PNG and PDF with the same bytes every time, whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from simlib.core.files import InputError, write_whole
from simlib.see.draw import svg

FIGURE_KINDS = (".svg", ".png", ".pdf")
DPI = 160
NO_DATE_PDF = {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None}


def save(what: Any, path: str | Path, language: str = "en") -> Path:
    """Write a figure as .svg, .png or .pdf, or a `Filling` also as .gif or .html (in a language); returns the path.

    The same figure gives the same bytes: no date, no random names. InputError for another ending or a missing folder.
    """
    from simlib.see.filling import Filling

    path = Path(path)
    if isinstance(what, Filling):
        from simlib.see.animation import KINDS, filling_bytes

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


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """A figure in one of FIGURE_KINDS."""
    if kind == ".svg":
        return svg(figure).encode()
    out = io.BytesIO()
    if kind == ".png":
        figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    else:
        figure.savefig(out, format="pdf", metadata=NO_DATE_PDF)
    return out.getvalue()


def write(data: bytes, path: Path) -> Path:
    """Write a file, moved into place when whole; InputError where that cannot be done."""
    write_whole(path, data)
    return path
