"""The figures that explain: where the time goes, why committees refuse, which assumptions carry the result."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from simlib.core.numerals import grouped
from simlib.experiments.run import Result
from simlib.experiments.study import LEVEL, Study
from simlib.see.colours import HIGH, INK, LOW, STATES, look
from simlib.see.draw import SIZE, canvas, tidy, title, upper
from simlib.see.figures import name_place, panels
from simlib.see.fonts import styled
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import policy_name, reason_name, state_name
from simlib.world.assumptions import assumption

REASONS = (
    "leaning", "value", "relevance", "price", "view", "drug_share", "cost_per_visit", "self_pay_ratio", "nrdl_membership",
    "two_specifications", "performance_monitoring", "total_budget",
)  # fmt: skip
TORNADO = 15


def _stack(ax, y: float, shares: dict[str, float]) -> None:
    left = 0.0
    for state, (colour, hatch) in STATES.items():
        share = 100 * shares.get(state, 0.0)
        if not share > 0:
            continue
        ax.barh(y, share, left=left, height=0.72, color=colour, hatch=hatch, edgecolor="white", linewidth=0.4)
        if share >= 2.95:  # 3 when rounded
            dark = int(colour[1:3], 16) * 0.3 + int(colour[3:5], 16) * 0.59 + int(colour[5:7], 16) * 0.11 < 120
            ax.text(
                left + share / 2, y, f"{share:.0f}", ha="center", va="center", fontsize=SIZE - 2.5,
                color="white" if dark and not hatch else "black",
            )  # fmt: skip
        left += share


def _state_key(fig: Figure, w: Words, top_inches: float) -> None:
    """Names of the states beside a swatch each, in the order of the flow, above the bars."""
    height, width = fig.get_size_inches()[1], fig.get_size_inches()[0]
    x, y = 0.1, top_inches
    for state, (colour, hatch) in STATES.items():
        name = state_name(state, w)
        need = 0.28 + sum(0.125 if ord(c) > 255 else 0.073 for c in name)
        if x + need > width - 0.1:
            x, y = 0.1, y + 0.2
        box = fig.add_artist(_swatch(x / width, 1 - (y + 0.06) / height, 0.13 / width, 0.12 / height, colour, hatch))
        box.set_transform(fig.transFigure)
        fig.text((x + 0.18) / width, 1 - y / height, name, fontsize=SIZE - 1, va="center", color=INK)
        x += need + 0.08


def _swatch(x: float, y: float, width: float, height: float, colour: str, hatch: str):
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), width, height, facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.3)


@styled
def states(study: Study, w: Words) -> Figure:
    """Share of drug x hospital time in each state over the first 24 months, a bar a rulebook, a panel a place."""
    lines = {r: len(study.policies_in(r)) for r in study.regions}
    fig, axes = panels(study, 1, lines, 9.4, head=0.9)
    picks = {s: study.pick(f"state_{s}")["mean"] for s in STATES}
    for i, region in enumerate(study.regions):
        ax = axes[i, 0]
        policies = study.policies_in(region)
        for y, policy in enumerate(policies):
            _stack(ax, y, {s: p.get((region, policy), 0.0) for s, p in picks.items()})
        ax.set_xlim(0, 100)
        ax.set_yticks(range(len(policies)), [policy_name(p, w, study.rulebooks.get(p)) for p in policies])
        name_place(ax, place_of(study, region, w))
    fig.supxlabel(w["axis_time"], fontsize=SIZE, color=INK, y=0.08 / fig.get_size_inches()[1])
    title(fig, w["fig_states"])
    _state_key(fig, w, 0.48)
    return fig


@styled
def scenario_states(result: Result, w: Words) -> Figure:
    """The same for one scenario, a bar a hospital level."""
    fig = canvas(8.0, 2.6)
    ax = fig.subplots()
    fig.subplots_adjust(left=0.2, right=0.97, top=0.62, bottom=0.2)
    tidy(ax)
    means = result.table().set_index(["indicator", "by", "group"])["mean"]
    levels = [n for n in ("3", "2", "1") if not np.isnan(means.get(("state_stocked", "level", n), np.nan))]
    for y, level in enumerate(levels):
        _stack(ax, y, {s: means[f"state_{s}", "level", level] for s in STATES})
    ax.set_xlim(0, 100)
    ax.set_ylim(len(levels) - 0.5, -0.5)
    ax.set_yticks(range(len(levels)), [w[f"level_{n}"] for n in levels])
    ax.set_xlabel(w["axis_time"], fontsize=SIZE)
    title(fig, w["scenario_states"])
    _state_key(fig, w, 0.48)
    return fig


@styled
def reasons(study: Study, w: Words) -> Figure:
    """Grounds of refusal by share, a panel a place, a mark a rulebook."""
    shown = [r for r in REASONS if (study.pick(f"reason_{r}")["mean"] > 0.002).any()]
    columns = min(3, len(study.regions))
    rows = -(-len(study.regions) // columns)
    line = max(0.21, 0.085 * max(len(study.policies_in(r)) for r in study.regions))
    height = rows * (len(shown) * line + 0.75) + 1.0
    fig = canvas(9.8, height)
    axes = fig.subplots(rows, columns, squeeze=False, sharey=True)
    fig.subplots_adjust(left=0.19, right=0.985, top=1 - 1.0 / height, bottom=0.55 / height, wspace=0.08)
    fig.subplots_adjust(hspace=0.6 / (len(shown) * line))
    picks = {r: study.pick(f"reason_{r}")["mean"] * 100 for r in shown}
    top = upper([v for p in picks.values() for v in p], []) * 1.1
    for i, ax in enumerate(axes.flat):
        tidy(ax)
        if i >= len(study.regions):
            ax.set_visible(False)
            continue
        region = study.regions[i]
        for y in range(1, len(shown), 2):
            ax.axhspan(y - 0.5, y + 0.5, color="#f3f3f3", zorder=0)
        policies = study.policies_in(region)
        for at, policy in zip(dodge(len(policies)), policies, strict=True):
            p = look(policy)
            x = [picks[r].get((region, policy), np.nan) for r in shown]
            ax.plot(
                x, np.arange(len(shown)) + at, p.marker, color=p.colour, markersize=4.5, markeredgecolor="white",
                markeredgewidth=0.3,
            )  # fmt: skip
        ax.set_xlim(-0.02 * top, top)
        ax.set_ylim(len(shown) - 0.5, -0.5)
        ax.set_yticks(range(len(shown)), [reason_name(r, w) for r in shown])
        ax.set_title(place_of(study, region, w), loc="left", fontsize=SIZE + 0.5, color=INK, pad=3)
    fig.supxlabel(w["axis_refusals"], fontsize=SIZE, color=INK, y=0.08 / height)
    title(fig, w["fig_reasons"], w.say("means", n=study.replications))
    _policy_key(fig, study, w, 0.68)
    return fig


def dodge(n: int) -> list[float]:
    """Places of n marks side by side within a line of height 1, around its middle."""
    return [(k - (n - 1) / 2) * 0.78 / max(n, 2) for k in range(n)]


def _policy_key(fig: Figure, study: Study, w: Words, y: float) -> None:
    from matplotlib.lines import Line2D

    width, height = fig.get_size_inches()
    x = 0.15
    for policy in study.policies:
        p = look(policy)
        name = policy_name(policy, w, study.rulebooks.get(policy))
        fig.add_artist(
            Line2D([x / width], [1 - y / height], marker=p.marker, color=p.colour, markersize=6, linestyle="")
        )
        fig.text((x + 0.12) / width, 1 - y / height, name, fontsize=SIZE, va="center", color=p.colour)
        x += 0.35 + sum(0.14 if ord(c) > 255 else 0.08 for c in name)


@styled
def scenario_reasons(result: Result, w: Words) -> Figure:
    """Grounds of refusal of one scenario, all hospitals, with intervals."""
    table = result.table().set_index(["indicator", "by", "group"])
    rows = [(r, table.loc[(f"reason_{r}", *LEVEL)]) for r in REASONS if (f"reason_{r}", *LEVEL) in table.index]
    rows = sorted(((r, t) for r, t in rows if t["mean"] > 0.002), key=lambda rt: -rt[1]["mean"])
    height = 0.23 * len(rows) + 1.2
    fig = canvas(8.0, height)
    ax = fig.subplots()
    fig.subplots_adjust(left=0.27, right=0.95, top=1 - 0.65 / height, bottom=0.5 / height)
    tidy(ax)
    for y, (_, t) in enumerate(rows):
        ax.barh(y, 100 * t["mean"], height=0.65, color="#9db7d1")
        if t["low"] == t["low"]:
            ax.plot([100 * max(t["low"], 0), 100 * min(t["high"], 1)], [y, y], color=INK, linewidth=1)
        ax.text(100 * t["mean"], y - 0.05, f" {100 * t['mean']:.0f}", fontsize=SIZE - 1.5, va="bottom", color=INK)
    top = upper([100 * t["mean"] for _, t in rows], [100 * t["high"] for _, t in rows]) if rows else 100
    ax.set_xlim(0, top * 1.08)
    ax.set_ylim(len(rows) - 0.4, -0.7)
    ax.set_yticks(range(len(rows)), [reason_name(r, w) for r, _ in rows])
    ax.set_xlabel(w["axis_refusals"], fontsize=SIZE)
    title(fig, w["scenario_reasons"], w.say("bars", n=len(result.values.columns)))
    return fig


def _number_names(ax, paths: Sequence[str], language: str) -> None:
    """Names of assumed numbers beside their bars, the unit small and grey below."""
    ax.set_yticks(range(len(paths)), [""] * len(paths))
    for y, path in enumerate(paths):
        name, unit = assumption(path).name_and_unit(language)
        for part, size, colour, up in ((name, SIZE - 1, INK, 4.5), (unit, SIZE - 2.5, "#777777", -5)):
            ax.annotate(
                part, (0, y), (-7, up), xycoords=("axes fraction", "data"), textcoords="offset points", fontsize=size,
                color=colour, ha="right", va="center", annotation_clip=False,
            )  # fmt: skip


@styled
def tornado(table: pd.DataFrame, policy: str, place: str, w: Words) -> Figure:
    """The widest assumptions: the gain at the low and the high end of each, and luck alone as a band."""
    rows = table.head(TORNADO)
    height = 0.33 * len(rows) + 1.7
    fig = canvas(9.8, height)
    ax = fig.subplots()
    fig.subplots_adjust(left=0.40, right=0.955, top=1 - 0.98 / height, bottom=0.55 / height)
    tidy(ax)
    base = rows.iloc[0]
    ends = 100 * rows[["effect_low", "effect_high"]].to_numpy(float)
    low, high = np.nanmin(ends), np.nanmax(ends)
    room = max(high - low, 1.0)
    band = [np.clip(100 * base[c], low - 0.3 * room, high + 0.3 * room) for c in ("base_low", "base_high")]
    if base["base_low"] == base["base_low"]:
        ax.axvspan(*band, color="#e6e6e6", zorder=0)
    ax.axvline(100 * base["effect_base"], color=INK, linewidth=0.9)
    ax.annotate(
        w.say("at_assumed", base=f"{100 * base['effect_base']:+.1f}"), (100 * base["effect_base"], 1),
        (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points", fontsize=SIZE - 1.5, ha="center", color=INK,
    )  # fmt: skip
    for y, (a, b) in enumerate(ends):
        ax.plot([a, b], [y, y], color="#777777", linewidth=3.5, solid_capstyle="butt", zorder=2)
        ax.plot([a], [y], "o", color=LOW, markersize=6.5, markeredgecolor=INK, markeredgewidth=0.5, zorder=3)
        ax.plot([b], [y], "D", color=HIGH, markersize=6, markeredgecolor=INK, markeredgewidth=0.5, zorder=3)
        r = rows.iloc[y]
        for x, v, other in ((a, r["low_value"], b), (b, r["high_value"], a)):
            side = "right" if x < other or (x == other and v == r["low_value"]) else "left"
            ax.annotate(
                grouped(f"{v:g}"),
                (x, y),
                (-6 if side == "right" else 6, 0),
                textcoords="offset points",
                ha=side,
                va="center",
                fontsize=SIZE - 2,
            )
    _number_names(ax, list(rows["path"]), w.language)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xlim(min(low - 0.12 * room, band[0]), max(high + 0.12 * room, band[1]))
    ax.set_xlabel(w["axis_effect"], fontsize=SIZE)
    note = f"● {w['low_end']}   ◆ {w['high_end']}   {w['end_labels']}\n{w['luck_line']}"
    title(fig, w.say("fig_tornado", policy=policy, region=place), note)
    return fig


__all__ = [
    "reasons",
    "scenario_reasons",
    "scenario_states",
    "states",
    "tornado",
]
