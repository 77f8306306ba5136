"""Small helpers that all figures share: canvas, axes, direct labels that do not overlap, saving."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.core.files import folder_at, write_whole
from simlib.see.colours import FAINT, INK, RULE, Look
from simlib.see.fonts import Drawn, in_style

SIZE = 9.0
NO_DATE = {"Date": None, "Creator": None}


def canvas(width: float, height: float) -> Figure:
    """An empty figure, in inches, that shows Chinese and needs no display. For functions that are `styled`."""
    if not in_style():
        raise RuntimeError("a function that draws needs @styled, so that its texts have the right font")
    return Drawn(figsize=(width, height), dpi=120)


def tidy(ax: Axes, grid: Literal["x", "y", "both"] = "x") -> None:
    """Quiet axes: no box, a faint grid behind."""
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(FAINT)
    ax.tick_params(colors=INK, labelsize=SIZE - 0.5, length=3, color=FAINT)
    ax.grid(axis=grid, color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)


def title(fig: Figure, text: str, note: str = "") -> None:
    """Title of the figure, and a line below it that explains bands or marks. Distances are in inches from the top."""
    height = fig.get_size_inches()[1]
    fig.text(0.01, 1 - 0.08 / height, text, fontsize=SIZE + 3, color=INK, va="top", ha="left")
    if note:
        fig.text(0.01, 1 - 0.36 / height, note, fontsize=SIZE - 0.5, color="#555555", va="top", ha="left")


def spread(positions: Sequence[float], gap: float, low: float = -np.inf, high: float = np.inf) -> list[float]:
    """Positions moved apart to at least `gap`, each as near to its place as pushing allows, within bounds."""
    order = np.argsort(positions, kind="stable")
    groups: list[list[float]] = []  # [sum of places if unmoved, count, start]
    for i in order:
        groups.append([positions[i], 1, positions[i]])
        while len(groups) > 1 and groups[-2][2] + groups[-2][1] * gap > groups[-1][2]:
            total, count, _ = groups.pop()
            groups[-1][0] += total - groups[-1][1] * gap * count
            groups[-1][1] += count
            groups[-1][2] = groups[-1][0] / groups[-1][1]
            total, count = groups[-1][0], groups[-1][1]
            groups[-1][2] = total / count
    placed = [g[2] + gap * k for g in groups for k in range(int(g[1]))]
    shift = max(0.0, low - placed[0]) if placed else 0.0
    placed = [p + shift for p in placed]
    if placed and placed[-1] > high:
        placed = [p - (placed[-1] - high) for p in placed]
    out = [0.0] * len(placed)
    for place, i in zip(placed, order, strict=True):
        out[i] = place
    return out


def upper(means: Sequence[float], highs: Sequence[float], most: float = 100.0) -> float:
    """A sensible end of an axis: room for the intervals, but wide ones of few replications do not squeeze the rest."""
    some, ends = np.asarray(means, float), np.asarray(highs, float)
    if not np.isfinite(some).any():
        return most
    top = np.nanmax(some)
    reach = np.nanmax(ends) if np.isfinite(ends).any() else top
    return float(min(most, max(1.08 * top, min(1.05 * reach, 1.8 * top), 0.5)))


def months_line(ax: Axes, months: Sequence[float], values: Sequence[float], look: Look, width: float = 1.7) -> None:
    """A curve by months in a look, marked once a year from the sixth month on, so that it is known in grey too."""
    ax.plot(months, values, color=look.colour, linestyle=look.line, linewidth=width)
    at = np.arange(len(months)) % 12 == 6
    ax.plot(
        np.asarray(months)[at], np.asarray(values)[at], look.marker, color=look.colour, markersize=5, markeredgecolor="white",
        markeredgewidth=0.5,
    )  # fmt: skip


_SVG: WeakKeyDictionary[Figure, str] = WeakKeyDictionary()


def svg(fig: Figure) -> str:
    """The figure as SVG text: glyphs as outlines, no date, no address but the names of its own vocabulary.

    A figure is finished when it is asked for: a report shows it in its page and writes it to a file, drawn once.
    """
    if fig not in _SVG:
        _SVG[fig] = _svg(fig)
    return _SVG[fig]


def _svg(fig: Figure) -> str:
    out = io.StringIO()
    fig.savefig(out, format="svg", metadata=NO_DATE)
    text = re.sub(r"<!DOCTYPE.*?>\s*", "", out.getvalue(), flags=re.S)
    return re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.S)


def data_uri(fig: Figure) -> str:
    """The figure as a data address for the `src` of a picture."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(fig).encode()).decode("ascii")


def save(fig: Figure, folder: Path, name: str) -> None:
    """Write name.svg and name.png, each moved into place when whole."""
    folder_at(folder)
    png = io.BytesIO()
    fig.savefig(png, format="png", metadata={"Software": None})
    for suffix, data in ((".svg", svg(fig).encode()), (".png", png.getvalue())):
        write_whole(folder / (name + suffix), data)
