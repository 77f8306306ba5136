"""The picture of `explore`: availability by months and the differences to the baseline, with bands that shrink."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from simlib.experiments.run import interval, t_quantile
from simlib.see.colours import FAINT, INK, Look
from simlib.see.draw import SIZE, canvas, spread, tidy, title
from simlib.see.fonts import styled
from simlib.words import Words
from simlib.words.values import number
from simlib.workbench.engine import Runs
from simlib.workbench.measures import DOTS, Key

LEVELS = (3, 2)  # of hospitals: those of which curves are drawn
LEAST = 0.5  # percentage points below zero that an axis of differences need not show
STEPS = (
    0.5,
    1,
    2,
    5,
    10,
    20,
    30,
    40,
    50,
    60,
    80,
    100,
)  # ends of an axis: few, so that a move does not shift the whole picture
WIDTH, HEIGHT, DPI = 8.4, 5.5, 110
LAST = 36  # months that are drawn at most
HALF_YEAR = 6  # steps in which the axis of months grows


@dataclass(frozen=True)
class Line:
    """One scenario of the picture: its replications, name and look. wide: the one that is being moved."""

    runs: Runs
    name: str
    look: Look
    wide: bool = False


def end_of_axis(highest: float, before: float = 0.0) -> float:
    """The end of an axis of per cent: one of STEPS, not below what it was."""
    return max(before, next((float(s) for s in STEPS if highest <= 0.96 * s), float(STEPS[-1])))


def band(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(mean, low, high) in per cent of curves (replications, points); Student's t, NaN bounds for one replication."""
    n = len(curves)
    mean = 100 * curves.mean(axis=0)
    if n < 2:
        return mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    half = t_quantile(n - 1) * 100 * curves.std(axis=0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half


def paired(a: Runs, b: Runs, key: Key, factor: float = 1.0) -> tuple[float, float, float]:
    """(mean, low, high) of a minus b over the replications that both have, on the same random numbers."""
    n = min(len(a), len(b))
    return interval(factor * (a.sample(key, n) - b.sample(key, n)))


class Picture:
    """The picture, drawn again and again: what stands still (axes, ticks, names of measures) is painted once.

    Text is what takes time, so that only lines, bands, dots and their numbers are painted anew, in a few hundredths of a
    second. Axes only grow, until `forget`: a move must not rescale what one compares.
    """

    def __init__(self) -> None:
        self.ends: dict[str, float] = {}
        self.still: tuple = ()  # what the background shows
        self.figure: Figure

    def forget(self) -> None:
        """Let the axes begin anew, for another world."""
        self.ends.clear()

    @styled
    def png(self, lines: Sequence[Line], most: int, w: Words) -> bytes:
        """The picture of some scenarios, the baseline first and the moved one last, each with a replication at least.

        All show the same replications, so that curves and differences are paired.
        """
        lines = common(lines)
        rows = _rows(lines)
        self._grow(lines, rows)
        base = lines[0].name if len(lines) > 1 else ""
        still = (w.language, tuple(self.ends.items()), [key for key, *_ in rows], base)
        if still != self.still:
            self.figure = _background(self.ends, rows, w, base)
            self.canvas = FigureCanvasAgg(self.figure)
            self.canvas.draw()
            self.behind, self.still = self.canvas.copy_from_bbox(self.figure.bbox), still
        self.canvas.restore_region(self.behind)
        for artist in _paint(self.figure, lines, rows, most, w):
            self.figure.draw_artist(artist)
            artist.remove()
        out = io.BytesIO()
        Image.fromarray(np.asarray(self.canvas.buffer_rgba())[..., :3]).save(out, format="png", compress_level=1)
        return out.getvalue()

    @styled
    def whole(self, lines: Sequence[Line], most: int, w: Words, foot: str) -> Figure:
        """The same as a figure to be saved, with a line at its foot that says of what it is."""
        lines = common(lines)
        rows = _rows(lines)
        self._grow(lines, rows)
        fig = _background(self.ends, rows, w, lines[0].name if len(lines) > 1 else "")
        _paint(fig, lines, rows, most, w)
        fig.text(0.01, 0.008, foot, fontsize=SIZE - 2, color=FAINT)
        return fig

    def _grow(self, lines: Sequence[Line], rows: list) -> None:
        until = last_month(lines)
        self.ends["months"] = max(self.ends.get("months", 0), min(LAST, -(-until // HALF_YEAR) * HALF_YEAR))
        for level in LEVELS:
            means = [np.stack(x.runs.curves)[:, level - 1, : until + 1].mean(axis=0) for x in lines]
            self._end(str(level), max((100 * float(m.max()) for m in means if np.isfinite(m).all()), default=0.0))
        self._end("more", max((mean for *_, (mean, _, _) in rows), default=0.0))
        self._end("less", max((-mean for *_, (mean, _, _) in rows), default=0.0))

    def _end(self, name: str, highest: float) -> None:
        self.ends[name] = end_of_axis(highest, self.ends.get(name, 0.0))


def common(lines: Sequence[Line], most: int | None = None) -> list[Line]:
    """The same lines with the replications that all of them have, `most` at most."""
    n = min(len(x.runs) for x in lines)
    n = n if most is None else min(n, most)
    return [replace(x, runs=x.runs.first(n)) for x in lines]


def last_month(lines: Sequence[Line]) -> int:
    """The last month that is drawn: enough counted drugs of every line are seen so long."""
    return min(LAST, *(x.runs.last_month for x in lines))


def _rows(lines: Sequence[Line]) -> list[tuple[Key, str, tuple[float, float, float]]]:
    """(measure, hospitals, difference to the baseline in percentage points with its interval) of what has a value."""
    rows = [(key, where, paired(lines[-1].runs, lines[0].runs, key, 100)) for key, where in DOTS]
    return [r for r in rows if r[2][0] == r[2][0]]


@styled
def _background(ends: dict[str, float], rows: list, w: Words, base: str) -> Figure:
    """All of the picture that does not move with the numbers."""
    fig = canvas(WIDTH, HEIGHT)
    fig.set_dpi(DPI)
    for level, left in zip(LEVELS, (0.075, 0.56), strict=True):
        ax = fig.add_axes((left, 0.47, 0.27, 0.385))
        tidy(ax, "both")
        months = int(ends["months"])
        ax.set(xlim=(0, months), ylim=(0, ends[str(level)]), xticks=range(0, months + 1, 12 if months > 24 else 6))
        ax.set_title(w[f"level_{level}"], loc="left", fontsize=SIZE + 0.5, color=INK, pad=4)
        ax.set_xlabel(w["axis_months"], fontsize=SIZE)
    fig.axes[0].set_ylabel(w["axis_stocked"], fontsize=SIZE)
    ax = fig.add_axes((0.39, 0.075, 0.53, 0.26))
    tidy(ax)
    low = -ends["less"] if ends["less"] > LEAST else -0.2 * ends["more"]
    ax.set(xlim=(low, ends["more"]), ylim=(len(rows) - 0.45, -0.75))
    ax.axvline(0, color=FAINT, linewidth=0.9)
    colon = "：" if w.language == "zh" else ", "
    ax.set_yticks(range(len(rows)), [f"{w[f'row_{key[0]}']}{colon}{w[where]}" for key, where, _ in rows])
    text = w.say("differences", name=base) if base else w["no_difference"]
    fig.text(0.01, 0.355, text, fontsize=SIZE + 0.5, color=INK)
    title(fig, w["picture_title"])
    return fig


def _paint(fig: Figure, lines: Sequence[Line], rows: list, most: int, w: Words) -> list[Artist]:
    """All that moves, on the axes of the background."""
    n = min(len(line.runs) for line in lines)
    note = w.say("picture_note" if n > 1 else "picture_one", n=n, most=most)
    out: list[Artist] = [fig.text(0.01, 1 - 0.36 / HEIGHT, note, fontsize=SIZE - 0.5, color="#555555", va="top")]
    for ax, level in zip(fig.axes, LEVELS, strict=False):
        out += _curves(ax, lines, level)
    return out + _dots(fig.axes[2], lines[-1], rows, w)


def _curves(ax: Axes, lines: Sequence[Line], level: int) -> list[Artist]:
    """Bands, lines and their names; none for a level without hospitals, whose curve is no number."""
    until = last_month(lines)
    found = [(line, *band(np.stack(line.runs.curves)[:, level - 1, : until + 1])) for line in lines]
    found = [x for x in found if np.isfinite(x[1]).all()]
    top, months = ax.get_ylim()[1], np.arange(until + 1)
    out: list[Artist] = []
    for line, _, low, high in found:
        if len(line.runs) > 1:
            low, high, strong = low.clip(0, top), high.clip(0, top), 0.22 if line.wide else 0.12
            out.append(ax.fill_between(months, low, high, color=line.look.colour, alpha=strong, linewidth=0))
    for line, mean, _, _ in found:
        wide = 2.6 if line.wide else 1.4
        out += ax.plot(months, mean, color=line.look.colour, linestyle=line.look.line, linewidth=wide)
    return out + _names(ax, [(line, float(mean[-1])) for line, mean, _, _ in found], until)


def _names(ax: Axes, ends: list[tuple[Line, float]], until: int) -> list[Artist]:
    """Each line's name and last value beside its end, apart from one another."""
    (_, right), (_, top) = ax.get_xlim(), ax.get_ylim()
    out: list[Artist] = []
    places = spread([y for _, y in ends], 0.11 * top, 0.02 * top, 0.98 * top)
    for at, (line, y) in zip(places, ends, strict=True):
        name, colour = f"{line.name} {y:.1f}%", line.look.colour
        out += ax.plot([until, right * 1.05], [y, at], color=colour, linewidth=0.5, clip_on=False)
        out.append(ax.text(right * 1.06, at, name, fontsize=SIZE - 1.2, color=colour, va="center"))
    return out


def _dots(ax: Axes, now: Line, rows: list, w: Words) -> list[Artist]:
    """The differences, each with its interval as a line and in numbers."""
    out: list[Artist] = []
    for y, (_, _, (mean, low, high)) in enumerate(rows):
        if low == low:
            out += ax.plot([low, high], [y, y], color=now.look.colour, linewidth=1.8, solid_capstyle="butt")
        out += ax.plot([mean], [y], now.look.marker, color=now.look.colour, markersize=6.5, markeredgecolor="white")
        ends = w.say("to", low=number(low, sign=True), high=number(high, sign=True))
        text = number(mean, sign=True) + (f" ({ends})" if low == low else "")
        out.append(
            ax.annotate(text, (mean, y), (0, 5), textcoords="offset points", fontsize=SIZE - 2, color=INK, ha="center")
        )
    return out
