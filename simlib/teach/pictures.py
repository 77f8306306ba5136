"""The figures of the lessons: shown in a notebook as pictures, with units on the axes, in English or Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
from matplotlib.figure import Figure

from simlib.see.colours import FAINT, INK
from simlib.see.draw import SIZE, canvas, data_uri, tidy, title
from simlib.see.fonts import styled
from simlib.teach.words import SAID

BLUE, RED = "#0072B2", "#D55E00"  # of Okabe and Ito, as in simlib.see.colours


class Picture:
    """A figure that a notebook shows as a picture; `figure` is matplotlib's."""

    def __init__(self, figure: Figure, about: str) -> None:
        self.figure, self.about = figure, about

    def __repr__(self) -> str:
        return f"[{self.about}]"

    def _repr_html_(self) -> str:
        return f'<img alt="{escape(self.about, quote=True)}" style="max-width:100%" src="{data_uri(self.figure)}">'


def _panel(width: float, height: float, head: str, note: str = "", left: float = 0.8):
    fig = canvas(width, height)
    top = 0.62 if note else 0.42
    ax = fig.add_axes((left / width, 0.52 / height, 1 - (left + 0.2) / width, 1 - (0.52 + top) / height))
    title(fig, head, note)
    return fig, ax


@styled
def timeline(held: Sequence[float], days: Sequence[float], language: str) -> Picture:
    """Days of meetings as lines; each drug a dot at its day of request (across) and its wait (up), both in days."""
    held_, days_ = np.sort(np.asarray(held, float)), np.asarray(days, float)
    days_ = days_[days_ <= held_[-1]]
    waits = held_[np.searchsorted(held_, days_)] - days_
    head = SAID["picture_timeline"].of(language)
    fig, ax = _panel(8.2, 2.7, head)
    tidy(ax, "y")
    for t in held_:
        ax.axvline(t, color=FAINT, linewidth=1)
    ax.plot(days_, waits, "o", color=BLUE, markersize=4.5)
    _axes(ax, SAID["axis_day"].of(language), SAID["axis_wait"].of(language))
    ax.set_ylim(bottom=0)
    return Picture(fig, head)


@styled
def histogram(waits: Sequence[float], language: str) -> Picture:
    """How waits (days) are spread, with their mean and median."""
    x = np.asarray(waits, float)
    head = SAID["picture_waits"].of(language)
    fig, ax = _panel(8.2, 2.7, head)
    tidy(ax, "y")
    ax.hist(x, bins=39, color="#9cc4de", edgecolor="white", linewidth=0.5)
    top = ax.get_ylim()[1]
    mean, median = float(x.mean()), float(np.median(x))
    for value, say, colour, line in ((mean, SAID["mean"], RED, "-"), (median, SAID["median"], INK, "--")):
        ax.axvline(value, color=colour, linestyle=line, linewidth=1.6)
        right = value == max(mean, median)
        ax.text(
            value, top, f" {say.of(language)} ", color=colour, fontsize=SIZE, va="top", ha="left" if right else "right"
        )  # fmt: skip
    _axes(ax, SAID["axis_wait"].of(language), SAID["axis_drugs"].of(language))
    return Picture(fig, head)


@styled
def curve(x: Sequence[float], y: Sequence[float], head: str, across: str, up: str) -> Picture:
    """A line through points, each with its value; `across` and `up` name the axes with their units."""
    fig, ax = _panel(8.2, 2.9, head)
    tidy(ax, "both")
    ax.plot(x, y, "o-", color=BLUE, linewidth=1.6, markersize=5)
    for a, b in zip(x, y, strict=True):
        ax.annotate(f"{b:.1f}", (a, b), (5, 6), textcoords="offset points", fontsize=SIZE - 0.5, color=INK)
    ax.set_xticks(list(x))
    ax.margins(x=0.06, y=0.18)
    ax.set_ylim(bottom=0)
    _axes(ax, across, up)
    return Picture(fig, head)


@styled
def intervals(rows: Sequence[tuple[str, float, float, float]], head: str, across: str, language: str) -> Picture:
    """A line a row (name, mean, low, high): a dot with its 95% interval; zero is marked. `across` names the axis and its unit."""
    fig, ax = _panel(8.2, 0.34 * len(rows) + 1.3, head, SAID["picture_note"].of(language), left=2.3)
    tidy(ax)
    for i, (_, mean, low, high) in enumerate(rows):
        ax.plot([low, high], [i, i], color=BLUE, linewidth=2, solid_capstyle="butt")
        ax.plot([mean], [i], "o", color=BLUE, markersize=6, markeredgecolor="white")
        ax.annotate(
            f"{mean:.1f}",
            (mean, i),
            (0, 5),
            textcoords="offset points",
            fontsize=SIZE - 1,
            ha="center",
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    ax.axvline(0, color=FAINT, linewidth=1)
    ax.set_yticks(range(len(rows)), [str(r[0]) for r in rows])
    ax.set_ylim(len(rows) - 0.5, -0.7)
    ax.margins(x=0.08)
    _axes(ax, across, "")
    return Picture(fig, head)


def _axes(ax, across: str, up: str) -> None:
    ax.set_xlabel(across, fontsize=SIZE, color=INK)
    ax.set_ylabel(up, fontsize=SIZE, color=INK)
