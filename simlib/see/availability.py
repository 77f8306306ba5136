"""Availability curves by hospital level: one run by level, or several runs side by side in a panel a level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.experiments.run import Effect, Result
from simlib.experiments.samples import drugs_counted
from simlib.see.base import (
    about_runs,
    apart,
    head,
    head_room,
    looks_of,
    luck,
    names_of,
    results_of,
    text_width,
    words_of,
)
from simlib.see.colours import INK, Look, level_look
from simlib.see.draw import SIZE, canvas, months_line, tidy, upper
from simlib.see.fonts import styled
from simlib.words import Words
from simlib.words.values import number

LEGIBLE = 0.17  # inches from label to label


class Line(NamedTuple):
    """One curve: its name, look, and rows of `Result.curve_table`."""

    name: str
    look: Look
    rows: pd.DataFrame


def availability(what: Result | Effect | Sequence[Result], language: str = "en") -> Figure:
    """Draw the share of target hospitals that stock a drug, by months after approval.

    Parameters
    ----------
    what : Result, Effect or sequence of Result
        Of one run the figure has one line for each level of hospital, all in the colour of its policy. Of a comparison or
        several runs it has one panel for each level and one line for each run, in the colour of its policy.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        Lines with labelled 95% intervals. A level without target hospitals is left out; one where nothing is ever stocked is a
        line at zero.
    """
    w, results = words_of(language), results_of(what)
    until = min(drugs_counted(r).last_month for r in results)
    if len(results) == 1:
        policy = results[0].scenario.policy.name
        panels = {"": [_line(results[0], n, w[f"level_{n}"], level_look(policy, n), until) for n in (3, 2, 1)]}
    else:
        scenarios = [r.scenario for r in results]
        named = list(zip(results, names_of(scenarios, w), looks_of(scenarios), strict=True))
        panels = {w[f"level_{v}"]: [_line(r, v, n, k, until) for r, n, k in named] for v in (3, 2, 1)}
    panels = {k: some for k, lines in panels.items() if (some := [x for x in lines if not x.rows.empty])}
    return _draw(panels, results, until, w)


def _line(result: Result, level: int, name: str, look: Look, until: int) -> Line:
    table = result.curve_table()
    rows = table[(table["level"] == level) & (table["month"] <= until)].dropna(subset=["mean"])
    return Line(name, look, rows)


@styled
def _draw(panels: dict[str, list[Line]], results: list[Result], until: int, w: Words) -> Figure:
    n = len(results[0].values.columns)
    notes = [about_runs([r.scenario for r in results], w, luck(n, w, "band"))]
    labels = [_label(x, w) for lines in panels.values() for x in lines]
    beside = max((text_width(t, SIZE - 0.5) for t in labels), default=0.5) + 0.35
    each = 3.1 if len(panels) > 1 else 5.4
    count = max(len(panels), 1)
    width = 0.75 + count * each + count * beside
    top = head_room(notes, w.language, width) + (0.4 if len(panels) > 1 else 0.15)
    fig = canvas(width, top + 3.3 + 0.62)
    head(fig, w["curve_title"], notes, w.language)
    most = upper(*_ends(panels)) * 1.05
    for j, (name, lines) in enumerate(panels.items()):
        height = fig.get_size_inches()[1]
        box = (0.75 + j * (each + beside)) / width, 0.62 / height, each / width, 3.3 / height
        ax = fig.add_axes(box)
        _panel(ax, lines, until, most, w)
        ax.set_title(name, loc="left", fontsize=SIZE + 0.5, color=INK)
        if j == 0:
            ax.set_ylabel(w["curve_share"], fontsize=SIZE - 0.5, color=INK)
    if not panels:
        fig.text(0.1, 0.5, w["nothing"], fontsize=SIZE + 1, color=INK)
    return fig


def _ends(panels: dict[str, list[Line]]) -> tuple[list[float], list[float]]:
    """(means, upper ends) that the axis must hold, in per cent."""
    rows = [x.rows for lines in panels.values() for x in lines]
    return [100 * r["mean"].max() for r in rows], [100 * r["high"].max() for r in rows]


def _label(line: Line, w: Words) -> str:
    return w.say("curve_end", name=line.name, x=number(100 * float(line.rows["mean"].iloc[-1]), 1))


def _places(ends: list[float], gap: float, most: float) -> list[float]:
    """Heights of the labels at the lines' ends, apart from one another."""
    order = sorted(range(len(ends)), key=ends.__getitem__)
    moved = apart([ends[i] for i in order], gap, 0.02 * most, 0.98 * most)
    return [moved[order.index(i)] for i in range(len(ends))]


def _panel(ax: Axes, lines: list[Line], until: int, most: float, w: Words) -> None:
    tidy(ax, "both")
    ends = [100 * float(x.rows["mean"].iloc[-1]) for x in lines]
    height = ax.get_position().height * ax.figure.get_size_inches()[1]
    places = _places(ends, LEGIBLE / height * most, most)
    for line, end, at in zip(lines, ends, places, strict=True):
        months, mean = line.rows["month"], 100 * line.rows["mean"]
        low, high = (100 * line.rows[c].fillna(line.rows["mean"]) for c in ("low", "high"))
        ax.fill_between(months, low.clip(0, most), high.clip(0, most), color=line.look.colour, alpha=0.18, linewidth=0)
        months_line(ax, months, mean, line.look)
        ax.annotate(
            _label(line, w), (until, end), (until * 1.04, at), fontsize=SIZE - 0.5, color=line.look.colour, va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": line.look.colour, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)},
        )  # fmt: skip
    ax.set(xlim=(0, until), ylim=(0, most))
    ax.set_xticks(range(0, until + 1, 6))
    ax.set_xlabel(w["curve_axis"], fontsize=SIZE - 0.5, color=INK)
