"""Chinese glyphs in figures and pages on a machine that has no Chinese font.

The font is looked for in this order: the file that the environment variable SIMLIB_FONT names; the file that the
package zhplot carries (found without importing zhplot, which would change matplotlib's settings); the first installed
one of the usual names on Windows, macOS and Linux.
"""

from __future__ import annotations

import base64
import functools
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import matplotlib
from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.figure import Figure

from simlib.core.files import InputError

VARIABLE = "SIMLIB_FONT"
SALT = "simlib"
F = TypeVar("F", bound=Callable)
LATIN = "DejaVu Sans"  # comes with matplotlib
INSTALLED = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei",
)  # fmt: skip


@functools.cache
def font_file() -> Path:
    """The Chinese font file in use; InputError where SIMLIB_FONT names none or no font is found."""
    given = os.environ.get(VARIABLE)
    if given:
        if not Path(given).is_file():
            raise InputError(f"{VARIABLE}: {given}: no such file")
        return Path(given)
    packaged = _packaged()
    if packaged:
        return packaged
    by_name = {f.name: f.fname for f in font_manager.fontManager.ttflist}
    for name in INSTALLED:
        if name in by_name:
            return Path(by_name[name])
    raise InputError(f"no Chinese font: install zhplot, or set {VARIABLE} to a .ttf or .otf file")


def _packaged() -> Path | None:
    spec = find_spec("zhplot")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    files = [f for folder in folders for f in sorted(Path(folder, "fonts").glob("*.[ot]tf"))]
    return files[0] if files else None


@functools.cache
def font_name() -> str:
    """The name by which matplotlib knows the Chinese font; registers the file on first use."""
    path = str(font_file())
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


@contextmanager
def style() -> Iterator[None]:
    """Matplotlib's settings as figures of this package need them; afterwards they are the caller's again."""
    settings = {
        "font.family": [font_name(), LATIN],
        "axes.unicode_minus": False,
        "text.parse_math": False,  # a name may hold dollars
        "pdf.fonttype": 42,
        "svg.fonttype": "path",  # a figure shows the same glyphs wherever it is opened
        "svg.hashsalt": SALT,  # and has the same bytes every time it is drawn
    }
    if all(matplotlib.rcParams[key] == value for key, value in settings.items()):
        yield
        return
    with matplotlib.rc_context(settings):
        yield


def in_style() -> bool:
    """Whether `style` is in force."""
    return matplotlib.rcParams["svg.hashsalt"] == SALT


def styled(function: F) -> F:
    """A function that draws in `style`."""

    @functools.wraps(function)
    def drawing(*words: Any, **more: Any) -> Any:
        with style():
            return function(*words, **more)

    return drawing  # type: ignore[return-value]


class Drawn(Figure):
    """A figure that is drawn in `style` whoever asks for it, now or later."""

    def draw(self, renderer: Any) -> None:
        """Draw it."""
        with style():
            super().draw(renderer)

    def savefig(self, *words: Any, **more: Any) -> None:
        """Write it to a file."""
        with style():
            super().savefig(*words, **more)


_READY: dict[str, tuple[bytes, frozenset[int]]] = {}  # by font file: a smaller font, and the codes of its glyphs


def prepare(text: str) -> None:
    """Before many pages: take the glyphs of a text out of the large font.

    A page whose glyphs are all among them is made in less than half the time, and is the same to the last byte.
    """
    codes = {ord(c) for c in text}
    _READY[str(font_file())] = _cut(font_file(), codes, None), frozenset(codes)


def subset_data(text: str) -> str:
    """The glyphs that a text needs, as a WOFF file in base64, to be embedded in a page."""
    codes = {ord(c) for c in text if ord(c) >= 32}
    smaller, known = _READY.get(str(font_file()), (b"", frozenset()))
    font = io.BytesIO(smaller) if codes <= known else font_file()
    return base64.b64encode(_cut(font, codes, "woff")).decode("ascii")


def _cut(source: Path | io.BytesIO, codes: set[int], flavor: str | None) -> bytes:
    """A font with the glyphs of some codes; flavor: how it is packed."""
    options = subset.Options(flavor=flavor, layout_features=["*"], notdef_outline=True, hinting=False)
    options.drop_tables += ["DSIG"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(c for c in codes if c >= 32))
    out = io.BytesIO()
    with TTFont(source, fontNumber=0, lazy=True, recalcTimestamp=False) as font:  # the same bytes every time
        subsetter.subset(font)
        font.flavor = flavor
        font.save(out, reorderTables=False)
    return out.getvalue()


def missing(text: str) -> set[str]:
    """Characters that neither the Chinese font nor the Latin one can show."""
    with TTFont(font_file(), fontNumber=0, lazy=True) as own, TTFont(font_manager.findfont(LATIN), lazy=True) as latin:
        known = set(own.getBestCmap()) | set(latin.getBestCmap())
    return {c for c in text if ord(c) >= 32 and ord(c) not in known}
