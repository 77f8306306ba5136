"""Where a conclusion does not hold: the limits of each box, drawn on the ranges of the assumed numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simlib.experiments.discovery.fails import RESAMPLED, Fails
from simlib.see.base import QUIET, about, head, head_room, words_of
from simlib.see.colours import FAINT, HIGH, INK, RULE
from simlib.see.draw import SIZE, canvas
from simlib.see.fonts import styled
from simlib.words import Words, words
from simlib.words.names import group_name, indicator_name, policy_name
from simlib.words.values import number, with_interval
from simlib.words.wrap import wrapped
from simlib.world.assumptions import assumption

WIDTH, LEFT, RIGHT, ROW = 11.0, 4.6, 1.3, 0.42  # inches: all of it, the names, the counts, a number
LETTERS = 62  # of a line of a name


@styled
def failing(found: Fails, language: str = "en") -> Figure:
    """Draw in which worlds a conclusion fails.

    Parameters
    ----------
    found : Fails
        The answer of `simlib.fails`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        For each box a line a number: its whole range, the part of it that lies in the box, and between what the ends lay when the box
        was found again.
    """
    w = words_of(language)
    limits, boxes = found.found.limits, found.found.boxes
    rows = len(limits) + len(boxes)
    notes = [_about(found, w), w["failing_note"] if len(boxes) else words(language)[f"fails_why_{found.found.why}"]]
    top = head_room(notes, language, WIDTH) + 0.1
    height = top + ROW * max(rows, 1) + 0.2
    fig = canvas(WIDTH, height)
    least = with_interval(found.key[0], (found.least, np.nan, np.nan), w, found.baseline is not None, units=True)
    names = {
        k: policy_name(s.policy.name, w, s.policy)
        for k, s in (("scenario", found.scenario), ("baseline", found.baseline))
        if s
    }
    head(fig, w.say("failing_difference" if found.baseline else "failing_level", least=least, **names), notes, language)
    ax = fig.add_axes((LEFT / WIDTH, 0.2 / height, (WIDTH - LEFT - RIGHT) / WIDTH, ROW * max(rows, 1) / height))
    ax.set(xlim=(0, 1), ylim=(max(rows, 1) - 0.5, -0.5))
    ax.axis("off")
    y = 0
    for box in boxes.to_dict("records"):
        shares = {k: number(100 * box[k], 0) for k in ("mass", "density", "coverage")}
        shares["share"] = number(100 * found.found.share, 0)
        ax.annotate(
            w.say("failing_box", n=int(box["box"]), **shares), (0, y), (-72 * LEFT + 8, 0), textcoords="offset points",
            fontsize=SIZE + 0.5, color=INK, va="center", annotation_clip=False,
        )  # fmt: skip
        y += 1
        for limit in limits[limits["box"] == box["box"]].to_dict("records"):
            _limit(ax, y, limit, w)
            y += 1
    return fig


def _about(found: Fails, w: Words) -> str:
    name, by, group = found.key
    count, n, *_ = found.short()
    told = w.say("waterfall_measure", name=indicator_name(name, w.language), group=group_name(by, group, w))
    return about(found.scenario, w, told, w.say("failing_worlds", count=count, n=n))


def _limit(ax: Axes, y: int, limit: dict, w: Words) -> None:
    """One number: its range, the part in the box, where the ends lay when it was found again, and how often it was."""
    what = assumption(limit["path"])
    first, last = map(float, what.range)
    at = lambda x: float(np.clip((x - first) / (last - first), 0.0, 1.0))  # noqa: E731
    low, high = (limit[k] if np.isfinite(limit[k]) else end for k, end in (("low", first), ("high", last)))
    ax.add_patch(Rectangle((0, y - 0.16), 1, 0.32, facecolor=RULE, edgecolor="none"))
    ax.add_patch(Rectangle((at(low), y - 0.16), max(at(high) - at(low), 0.004), 0.32, facecolor=HIGH, edgecolor="none"))
    for end in ("low", "high"):
        if np.isfinite(limit[end]):
            ends = [at(limit[f"{end}_{k}"]) for k in ("from", "to")]
            if np.isfinite(ends).all():
                ax.plot(ends, [y, y], color=INK, linewidth=1.4, marker="|", markersize=6, solid_capstyle="butt")
            _text(ax, at(limit[end]), y - 0.32, _value(limit[end]), "center", INK)
    _text(ax, 0, y + 0.3, _value(first), "left", FAINT)
    _text(ax, 1, y + 0.3, _value(last), "right", FAINT)
    lines = "\n".join(wrapped(what.title(w.language), w.language, columns=LETTERS))
    ax.annotate(
        lines,
        (0, y),
        (-10, 0),
        textcoords="offset points",
        fontsize=SIZE - 0.5,
        color=INK,
        ha="right",
        va="center",
        annotation_clip=False,
    )
    again = w.say("failing_found", n=round(RESAMPLED * limit["found"]), all=RESAMPLED)
    ax.annotate(
        again,
        (1, y),
        (10, 0),
        textcoords="offset points",
        fontsize=SIZE - 1,
        color=QUIET,
        va="center",
        annotation_clip=False,
    )


def _text(ax: Axes, x: float, y: float, text: str, align: str, colour: str) -> None:
    ax.text(x, y, text, fontsize=SIZE - 1.5, color=colour, ha=align, va="center")


def _value(x: float) -> str:
    return f"{x:.3g}" if abs(x) < 1000 or not pd.notna(x) else f"{x:.0f}"
