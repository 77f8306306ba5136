"""The figures of a comparison. Every function takes a study and words and returns a matplotlib figure."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from simlib.experiments.samples import drugs_counted, sample
from simlib.experiments.study import HEADLINES, MAIN, Study, bounds, gain
from simlib.see.colours import FAINT, INK, RULE, level_look, look
from simlib.see.draw import SIZE, canvas, months_line, spread, tidy, title, upper
from simlib.see.fonts import styled
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, policy_name

ROW = 0.27  # inches a line of dots
SIGNS = {"full": "▲", "default": "●", "none": "○"}
PANEL = 0.72  # inches a panel needs besides its lines


def panels(study: Study, columns: int, lines: dict[str, int], width: float, head: float = 0.55):
    """A figure with a row of panels a region, as high as its number of lines."""
    heights = [lines[r] * ROW + PANEL for r in study.regions]
    total = sum(heights) + head + 0.25
    fig = canvas(width, total)
    grid = fig.add_gridspec(
        len(study.regions), columns, height_ratios=heights, left=1.35 / width, right=1 - 0.15 / width,
        top=1 - head / total, bottom=0.5 / total, hspace=0.0, wspace=0.12,
    )  # fmt: skip
    axes = np.empty((len(study.regions), columns), object)
    for i, region in enumerate(study.regions):
        for j in range(columns):
            ax = fig.add_subplot(grid[i, j])
            box = ax.get_position()
            spare = (PANEL - 0.24) / total  # room above each panel for its place, below for its ticks
            ax.set_position(
                (box.x0, box.y0 + 0.24 / total, box.width, box.height - spare - 0.24 / total + 0.02 / total)
            )
            tidy(ax)
            ax.set_ylim(lines[region] - 0.45, -0.75)
            axes[i, j] = ax
    return fig, axes


def name_place(ax, place: str) -> None:
    """The place of a panel, above the names of its lines, where no mark can come near it."""
    x = ax.get_position().x0 * ax.figure.get_size_inches()[0]
    at = ((0.1 - x) / (ax.get_position().width * ax.figure.get_size_inches()[0]), 1.0)
    ax.annotate(
        place, at, (0, 1), xycoords="axes fraction", textcoords="offset points", fontsize=SIZE + 1, color=INK,
        ha="left", va="bottom", annotation_clip=False,
    )  # fmt: skip


@styled
def _dots(study: Study, w: Words, head: str, axis: str, value: Callable, most: float, least: float | None) -> Figure:
    """Dots with intervals, a panel a place and headline, a line a rulebook."""
    named = {r: [p for p in study.policies_in(r) if least is not None or p != study.baseline] for r in study.regions}
    fig, axes = panels(study, len(HEADLINES), {r: len(p) for r, p in named.items()}, 9.4)
    for j, indicator in enumerate(HEADLINES):
        rows = study.pick(indicator)
        points = {k: tuple(100 * x for x in value(r)) for k, r in rows.iterrows()}
        top = upper([p[0] for p in points.values()], [p[2] for p in points.values()], most) * 1.18
        low = (
            least
            if least is not None
            else min(0.0, *(max(p[1], -0.5 * top) for p in points.values() if p[1] == p[1]), 0.0)
        )
        for i, region in enumerate(study.regions):
            ax = axes[i, j]
            ax.set_xlim(low, top)
            for y, policy in enumerate(named[region]):
                if (region, policy) in points:
                    _dot(ax, y, points[region, policy], policy, top)
            names = [policy_name(p, w, study.rulebooks.get(p)) for p in named[region]]
            ax.set_yticks(range(len(names)), names if j == 0 else [""] * len(names))
            if j == 0:
                name_place(ax, place_of(study, region, w))
            if i == 0:
                ax.set_title(
                    w[("fig_headline_24", "fig_headline_12c")[j]], loc="right", fontsize=SIZE, color=INK, pad=3
                )
            if low < 0:
                ax.axvline(0, color=FAINT, linewidth=0.8)
    blanks = {"baseline": baseline_name(study, w)}
    fig.supxlabel(w.say(axis, **blanks), fontsize=SIZE, color=INK, y=0.08 / fig.get_size_inches()[1])
    title(fig, w.say(head, **blanks), w.say("bars", n=study.replications))
    return fig


def _dot(ax, y: float, point: tuple[float, float, float], policy: str, top: float) -> None:
    mean, low, high = point
    p = look(policy)
    if low == low:
        ax.plot(
            [max(low, ax.get_xlim()[0]), min(high, top)], [y, y], color=p.colour, linewidth=1.6, solid_capstyle="butt"
        )
    ax.plot([mean], [y], p.marker, color=p.colour, markersize=6, markeredgecolor="white", markeredgewidth=0.5)
    text = f"{mean:.1f}"
    ax.annotate(
        text, (mean, y), (0, 5), textcoords="offset points", fontsize=SIZE - 2, color=INK, ha="center", va="bottom"
    )


def headline(study: Study, w: Words) -> Figure:
    """Share stocked at tertiary hospitals, by place and rulebook, with intervals."""
    return _dots(study, w, "fig_headline", "axis_share_target", bounds, 100.0, 0.0)


def gains(study: Study, w: Words) -> Figure:
    """Paired differences to the baseline, by place and rulebook, with intervals."""
    return _dots(study, w, "fig_gain", "axis_gain", gain, 100.0, None)


@styled
def obedience(study: Study, w: Words) -> Figure:
    """Full, default and no obedience on one line, by place and rulebook."""
    lines = {r: len(study.policies_in(r)) for r in study.regions}
    fig, axes = panels(study, 1, lines, 8.2)
    marks = {"full": ("^", True), "default": ("o", True), "none": ("o", False)}
    picks = {o: study.pick(MAIN, obedience=o)["mean"] * 100 for o in study.obediences if o in marks}
    top = upper([v for p in picks.values() for v in p], []) * 1.35
    for i, region in enumerate(study.regions):
        ax = axes[i, 0]
        ax.set_xlim(0, top)
        policies = study.policies_in(region)
        for y, policy in enumerate(policies):
            values = {o: p[region, policy] for o, p in picks.items() if (region, policy) in p.index}
            colour = look(policy).colour
            ax.plot([min(values.values()), max(values.values())], [y, y], color=colour, linewidth=1.2)
            for o, x in values.items():
                shape, filled = marks[o]
                ax.plot([x], [y], shape, color=colour, markerfacecolor=colour if filled else "white", markersize=6.5)
            text = "   ".join(f"{SIGNS[o]} {x:.1f}" for o, x in values.items())
            ax.text(max(values.values()) + 0.02 * top, y, text, fontsize=SIZE - 1, va="center", color=INK)
        ax.set_yticks(range(len(policies)), [policy_name(p, w, study.rulebooks.get(p)) for p in policies])
        name_place(ax, place_of(study, region, w))
    fig.supxlabel(
        w["axis_share_target"] + w["semicolon"] + w["fig_headline_24"],
        fontsize=SIZE,
        color=INK,
        y=0.08 / fig.get_size_inches()[1],
    )
    title(fig, w["fig_obedience"], w["fig_obedience_key"])
    return fig


@styled
def curves(study: Study, w: Words) -> Figure:
    """Availability by months after approval, a row a place and a column a hospital level, labelled at the line's end."""
    n = len(study.regions)
    height = 1.75 * n + 1.1 if n > 1 else 4.4  # room for the name of the axis
    fig = canvas(10.4, height)
    axes = fig.subplots(n, 3, squeeze=False)
    left = 0.065 if n > 1 else 0.085
    fig.subplots_adjust(left=left, right=0.915, top=1 - 0.95 / height, bottom=0.55 / height, hspace=0.42, wspace=0.62)
    data = study.curves[study.curves["obedience"] == "default"]
    end = sample(study).last_month
    for i, region in enumerate(study.regions):
        for j, level in enumerate((3, 2, 1)):
            rows = data[(data["region"] == region) & (data["level"] == level) & (data["month"] <= end)]
            rows = rows.dropna(subset=["mean"])
            if rows.empty:  # no such hospitals
                axes[i, j].set_visible(False)
                continue
            _curve_panel(axes[i, j], rows, study, w, end)
            first = not any(ax.get_visible() for ax in axes[i, :j])
            if first:
                axes[i, j].set_title(place_of(study, region, w), loc="left", fontsize=SIZE + 0.5, pad=4)
            if i == 0 or j > 0:
                axes[i, j].set_title(w[f"level_{level}"], loc="right", fontsize=SIZE - 0.5, color="#555555", pad=4)
    fig.supxlabel(w["axis_months"], fontsize=SIZE, y=0.08 / height)
    fig.supylabel(
        w["axis_curve"] if n > 1 else _in_two(w["axis_curve"]),
        fontsize=SIZE if n > 1 else SIZE - 1.5,
        x=0.006,
        y=0.5 if n > 1 else 0.45,
        linespacing=1.5,
    )
    title(fig, w["fig_curves"], w.say("bands", n=study.replications))
    return fig


def _in_two(text: str) -> str:
    """An axis' name broken after its unit."""
    return text.replace("%), ", "%),\n").replace("%），", "%），\n")


def _curve_panel(ax, rows, study: Study, w: Words, end: int) -> None:
    tidy(ax, "both")
    ends, names = [], []
    last = rows[rows["month"] == rows["month"].max()]
    top = upper(last["mean"] * 100, last["high"] * 100) * 1.06
    for policy, one in rows.groupby("policy", sort=False):
        p = look(policy)
        x, y = one["month"], 100 * one["mean"]
        ax.fill_between(
            x,
            (100 * one["low"]).clip(0, top),
            (100 * one["high"]).clip(0, top),
            color=p.colour,
            alpha=0.15,
            linewidth=0,
        )
        months_line(ax, x, y, p, 1.5)
        ends.append(float(y.iloc[-1]))
        names.append((policy_name(policy, w, study.rulebooks.get(policy)), p.colour))
    ax.set_xlim(0, end)
    ax.set_ylim(0, top)
    ax.set_xticks(range(0, end + 1, 12))
    for at, y, (name, colour) in zip(spread(ends, 0.135 * top, 0.03 * top, 0.97 * top), ends, names, strict=True):
        ax.annotate(
            name, (end, min(y, top)), (1.07 * end, at), fontsize=SIZE - 1.5, color=colour, va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


@styled
def scenario_curves(result, w: Words) -> Figure:
    """Availability of one scenario by hospital level."""
    fig = canvas(8.0, 4.4)
    ax = fig.subplots()
    fig.subplots_adjust(left=0.105, right=0.78, top=0.8, bottom=0.14)
    tidy(ax, "both")
    rows = result.curve_table().dropna(subset=["mean"])
    until = drugs_counted(result).last_month
    rows = rows[rows["month"] <= until]
    last = rows[rows["month"] == until]
    top = upper(last["mean"] * 100, last["high"] * 100) * 1.05
    ends = [100 * float(m) for m in last["mean"]]
    for at, end, (level, one) in zip(
        spread(ends, 0.06 * top, 0, top), ends, rows.groupby("level", sort=False), strict=True
    ):
        p = level_look(result.scenario.policy.name, int(level))
        low, high = (100 * one["low"]).clip(0, top), (100 * one["high"]).clip(0, top)
        ax.fill_between(one["month"], low, high, color=p.colour, alpha=0.18, linewidth=0)
        months_line(ax, one["month"], 100 * one["mean"], p, 1.8)
        ax.annotate(
            f"{w[f'level_{level}']} {end:.1f}%", (until, end), (1.02 * until, at), fontsize=SIZE, color=p.colour, va="center",
            annotation_clip=False,
        )  # fmt: skip
    ax.set_xlim(0, until)
    ax.set_ylim(0, top)
    ax.set_xticks(range(0, until + 1, 6))
    ax.set_xlabel(w["axis_months"], fontsize=SIZE)
    ax.set_ylabel(_in_two(w["axis_curve"]), fontsize=SIZE - 1, linespacing=1.5)
    title(fig, w["scenario_curve"], w.say("bands", n=len(result.values.columns)))
    return fig


__all__ = ["FAINT", "RULE", "curves", "gains", "headline", "obedience", "scenario_curves"]
