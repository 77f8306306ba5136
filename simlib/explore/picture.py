"""The picture of `explore`: availability by months and the differences to the baseline, with bands that shrink."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from simlib.experiments.run import CONFIDENCE, interval
from simlib.explore.engine import Runs
from simlib.report.colours import FAINT, INK, Look
from simlib.report.draw import SIZE, canvas, spread, tidy, title
from simlib.report.words import Words

Key = tuple[str, str, str]
DOTS: tuple[tuple[Key, str], ...] = (
    (("stocked_24m", "level", "3"), "tertiary"),
    (("stocked_24m", "level", "2"), "secondary"),
    (("stocked_12m_catalogue", "level", "3"), "tertiary"),
    (("provided_24m", "level", "3"), "tertiary"),
    (("treated_share", "all", "all"), "all_hospitals"),
)
STEPS = (5, 10, 20, 30, 40, 50, 60, 80, 100)  # ends of an axis: few, so that a move does not shift the whole picture
WIDTH, HEIGHT, DPI = 8.4, 5.5, 110
LAST = 36  # months that are drawn


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
    half = stats.t.ppf((1 + CONFIDENCE) / 2, n - 1) * 100 * curves.std(axis=0, ddof=1) / np.sqrt(n)
    return mean, mean - half, mean + half


def paired(a: Runs, b: Runs, key: Key, factor: float = 1.0) -> tuple[float, float, float]:
    """(mean, low, high) of a minus b over the replications that both have, on the same random numbers."""
    n = min(len(a), len(b))
    return interval(factor * (a.sample(key, n) - b.sample(key, n)))


def draw(lines: Sequence[Line], most: int, w: Words, ends: dict[int, float] | None = None) -> Figure:
    """The picture of some scenarios, the baseline first and the moved one last, all with a replication at least.

    ends: ends of the axes so far, by level, kept up to date so that a move does not rescale what one compares.
    """
    ends = {} if ends is None else ends
    fig = canvas(WIDTH, HEIGHT)
    levels = (3, 2)
    for level, left in zip(levels, (0.075, 0.56), strict=True):
        ax = fig.add_axes((left, 0.47, 0.27, 0.385))
        _curves(ax, lines, level, w, ends)
    fig.axes[0].set_ylabel(w["axis_stocked"], fontsize=SIZE)
    _dots(fig.add_axes((0.40, 0.085, 0.53, 0.25)), lines, w)
    n = min(len(line.runs) for line in lines)
    title(fig, w["picture_title"], w.say("picture_note" if n > 1 else "picture_one", n=n, most=most))
    return fig


def _curves(ax: Axes, lines: Sequence[Line], level: int, w: Words, ends: dict[int, float]) -> None:
    tidy(ax, "both")
    found = [(line, *band(np.stack(line.runs.curves)[:, level - 1, : LAST + 1])) for line in lines]
    top = ends[level] = end_of_axis(max(float(np.nanmax(mean)) for _, mean, _, _ in found), ends.get(level, 0.0))
    months = np.arange(LAST + 1)
    for line, mean, low, high in found:
        colour, width = line.look.colour, 2.4 if line.wide else 1.3
        if len(line.runs) > 1:
            ax.fill_between(months, low.clip(0, top), high.clip(0, top), color=colour, alpha=0.2 if line.wide else 0.13, linewidth=0)
        ax.plot(months, mean, color=colour, linestyle=line.look.line, linewidth=width)
    ax.set(xlim=(0, LAST), ylim=(0, top), xticks=range(0, LAST + 1, 12))
    ax.set_title(w[f"level_{level}"], loc="left", fontsize=SIZE + 0.5, color=INK, pad=4)
    ax.set_xlabel(w["axis_months"], fontsize=SIZE)
    last = [float(mean[-1]) for _, mean, _, _ in found]
    for at, y, (line, *_) in zip(spread(last, 0.11 * top, 0.02 * top, 0.98 * top), last, found, strict=True):
        ax.annotate(
            f"{line.name} {y:.1f}%", (LAST, y), (LAST * 1.06, at), fontsize=SIZE - 1.2, color=line.look.colour, va="center",
            annotation_clip=False, fontweight="bold" if line.wide else "normal",
            arrowprops={"arrowstyle": "-", "color": line.look.colour, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def _dots(ax: Axes, lines: Sequence[Line], w: Words) -> None:
    tidy(ax)
    base, now = lines[0], lines[-1]
    rows = [(key, where, paired(now.runs, base.runs, key, 100)) for key, where in DOTS]
    rows = [r for r in rows if r[2][0] == r[2][0]]
    reach = max((abs(x) for *_, (mean, low, high) in rows for x in (mean, low, high) if x == x), default=1.0)
    inner = max((abs(mean) for *_, (mean, _, _) in rows), default=0.0)
    edge = max(1.15 * min(reach, 2.5 * inner), 0.5)  # the wide intervals of few replications do not squeeze the rest
    ax.set(xlim=(min(0.0, -edge if any(m < 0 for *_, (m, _, _) in rows) else -0.25 * edge), edge), ylim=(len(rows) - 0.45, -0.65))
    ax.axvline(0, color=FAINT, linewidth=0.9)
    for y, (_, _, (mean, low, high)) in enumerate(rows):
        if low == low:
            ax.plot([low, high], [y, y], color=now.look.colour, linewidth=1.8, solid_capstyle="butt")
        ax.plot([mean], [y], now.look.marker, color=now.look.colour, markersize=6.5, markeredgecolor="white")
        text = f"{mean:+.1f}" + (f" [{low:+.1f}, {high:+.1f}]" if low == low else "")
        ax.annotate(text, (mean, y), (0, 5), textcoords="offset points", fontsize=SIZE - 2, color=INK, ha="center")
    labels = [f"{w[f'row_{key[0]}']}{'：' if w.language == 'zh' else ', '}{w[where]}" for key, where, _ in rows]
    ax.set_yticks(range(len(rows)), labels)
    text = w.say("differences", name=base.name) if now.runs is not base.runs else w["no_difference"]
    ax.set_title(text, loc="left", fontsize=SIZE + 0.5, color=INK, pad=4, x=-0.7)


def png(fig: Figure) -> bytes:
    """The figure as a PNG."""
    out = io.BytesIO()
    fig.savefig(out, format="png", dpi=DPI, metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    return out.getvalue()
