"""The gain of rulebooks as a function of obedience: a line a place, and where on it the assumed share stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.experiments.obedience_curve import MUST, ObedienceCurve, drawn
from simlib.experiments.study import Study
from simlib.scenario.experiment_files import SIDES
from simlib.see.base import QUIET, head, head_room, luck, place_name, text_width, words_of
from simlib.see.colours import INK, RULE, Look, look
from simlib.see.draw import SIZE, canvas, spread, tidy
from simlib.see.fonts import styled
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, policy_name
from simlib.words.values import number
from simlib.world.assumptions import assumption

WIDE, HIGH, LEFT, BELOW = 5.6, 3.5, 0.7, 0.62  # inches of the axes, and beside and below them


class Line(NamedTuple):
    """One curve, with its name and look."""

    name: str
    look: Look
    curve: ObedienceCurve


def obedience_line(curve: ObedienceCurve, language: str = "en") -> Figure:
    """Draw what a rulebook gains over its baseline as a function of the share of hospitals that obey.

    Parameters
    ----------
    curve : ObedienceCurve
        The answer of `simlib.obedience_curve`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        One line with its 95% interval of luck; the assumed share is marked on it, and the range assumed for it is grey.
    """
    w, s = words_of(language), curve.scenario
    name = f"{place_name(s, w)}{w['semicolon']}{policy_name(s.policy.name, w, s.policy)}"
    base = policy_name(curve.baseline.policy.name, w, curve.baseline.policy)
    notes = [w["semicolon"].join([w["about_simulated"], luck(curve.by_run.shape[1], w, "band")]), w["unmeasured_short"]]
    return _figure([Line(name, look(s.policy.name), curve)], w.say("fig_obedience_curve_one", baseline=base), notes, w)


def obedience_lines(study: Study, w: Words) -> Figure:
    """The same for every place of a study under its own rules."""
    curves = drawn(study)
    lines = [Line(place_of(study, region, w), look(c.scenario.policy.name), c) for region, c in curves.items()]
    fewest, most = (f(c.by_run.shape[1] for c in curves.values()) for f in (min, max))
    n = str(most) if fewest == most else f"{fewest}–{most}"
    title = w.say("fig_obedience_curve", baseline=baseline_name(study, w))
    return _figure(lines, title, [w.say("bands", n=n), w["unmeasured_short"]], w)


@styled
def _figure(lines: Sequence[Line], title: str, notes: Sequence[str], w: Words) -> Figure:
    labels = [_label(x, w) for x in lines]
    width = LEFT + WIDE + max(text_width(t, SIZE - 0.5) for t in labels) + 0.4
    top = head_room(notes, w.language, width) + 0.3
    height = top + HIGH + BELOW
    fig = canvas(width, height)
    head(fig, title, notes, w.language)
    ax = fig.add_axes((LEFT / width, BELOW / height, WIDE / width, HIGH / height))
    tidy(ax, "both")
    low, high = _limits(lines)
    ax.set(xlim=(0, 100), ylim=(low, high))
    _assumed(ax, lines[0].curve, w)
    for line in lines:
        _draw(ax, line)
    _name(ax, lines, labels)
    ax.axhline(0, color=QUIET, linewidth=0.8)
    ax.set_xlabel(w["axis_obey"], fontsize=SIZE, color=INK)
    ax.set_ylabel(w["axis_obey_gain"], fontsize=SIZE, color=INK)
    return fig


def _limits(lines: Sequence[Line]) -> tuple[float, float]:
    """Ends of the axis of gains, in percentage points: intervals of few replications do not squeeze the lines."""
    gains = 100 * np.concatenate([x.curve.points()["difference"] for x in lines])
    ends = 100 * np.concatenate([x.curve.points()[["low", "high"]].to_numpy(float).ravel() for x in lines])
    most, least = max(gains.max(), 0.1), min(gains.min(), 0.0)
    reach = most - least
    low, high = (np.nanmin(ends), np.nanmax(ends)) if np.isfinite(ends).any() else (least, most)
    return max(min(low, least) - 0.02 * reach, least - 0.3 * reach), min(
        max(high, most) + 0.05 * reach, most + 0.4 * reach
    )


def _assumed(ax: Axes, curve: ObedienceCurve, w: Words) -> None:
    """The share that is assumed, and its range."""
    low, high = (100 * float(x) for x in assumption(MUST).range)
    ax.axvspan(low, high, color=RULE, alpha=0.45, linewidth=0, zorder=0)
    ax.axvline(100 * curve.default, color=QUIET, linewidth=1.0, linestyle=(0, (2, 2)), zorder=1)
    top = ax.get_ylim()[1]
    said = w.say("obey_assumed", share=number(100 * curve.default, 0))
    for x, text, ha in ((100 * curve.default, said, "center"), (low, w["obey_range"], "left")):
        ax.annotate(
            text, (x, top), (2 if ha == "left" else 0, 3), textcoords="offset points", fontsize=SIZE - 1.5, color=QUIET,
            ha=ha, va="bottom", annotation_clip=False,
        )  # fmt: skip


def _draw(ax: Axes, line: Line) -> None:
    """One curve with its band, a small mark at each share that ran and a large one, with its interval, at the assumed one."""
    rows, colour = line.curve.points(), line.look.colour
    x, y = 100 * rows.index.to_numpy(float), 100 * rows["difference"].to_numpy(float)
    low, high = (100 * rows[c].to_numpy(float) for c in ("low", "high"))
    few = len(x) <= len(SIDES)  # what lies between the degrees did not run
    if np.isfinite(low).all() and not few:
        ax.fill_between(x, low, high, color=colour, alpha=0.15, linewidth=0)
    ax.plot(x, y, color=colour, linestyle=line.look.line, linewidth=0.8 if few else 1.7)
    ax.plot(x, y, line.look.marker, color=colour, markersize=3.5, markeredgewidth=0, clip_on=False)
    at = list(rows["degree"]).index("default")
    if np.isfinite(low[at]):
        ax.plot([x[at]] * 2, [low[at], high[at]], color=INK, linewidth=1.3, solid_capstyle="butt", zorder=4)
    ax.plot(
        x[at],
        y[at],
        line.look.marker,
        color=colour,
        markersize=8,
        markeredgecolor="white",
        markeredgewidth=0.7,
        zorder=5,
    )


def _label(line: Line, w: Words) -> str:
    return w.say("curve_end_points", name=line.name, x=number(100 * float(line.curve.points().loc[1.0, "difference"])))


def _name(ax: Axes, lines: Sequence[Line], labels: Sequence[str]) -> None:
    """Each line's name and gain at its end."""
    ends = [100 * float(x.curve.points().loc[1.0, "difference"]) for x in lines]
    low, high = ax.get_ylim()
    gap = 0.17 / HIGH * (high - low)
    for at, end, line, text in zip(spread(ends, gap, low + gap / 2, high - gap / 2), ends, lines, labels, strict=True):
        ax.annotate(
            text, (100, end), (103, at), fontsize=SIZE - 0.5, color=line.look.colour, va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": line.look.colour, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip
