"""A user's observed shares of stocking, with Wilson intervals, drawn over the availability curves of a scenario."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import binomtest

from simlib.experiments.run import CONFIDENCE, Result
from simlib.files import InputError, shown
from simlib.handout.observed import Observed
from simlib.outcomes.indicators import MONTHS
from simlib.report.colours import INK, LEVELS
from simlib.report.draw import SIZE, canvas, svg, tidy, title
from simlib.report.names import policy_name, region_name
from simlib.report.tables import number
from simlib.report.words import Words
from simlib.report.words.handout import handout_words

FIGURES = (".svg", ".png", ".pdf")
COLUMNS = [
    "level", "months", "stocked", "of", "observed", "observed_low", "observed_high", "model", "model_low", "model_high", "inside",
]  # fmt: skip


def wilson(stocked: int, of: int) -> tuple[float, float]:
    """The 95% interval of a share by Wilson's score (Wilson 1927; scipy.stats)."""
    ends = binomtest(stocked, of).proportion_ci(CONFIDENCE, method="wilson")
    return float(ends.low), float(ends.high)


def against(result: Result, observed: Observed) -> pd.DataFrame:
    """Each observed share beside the model's curve (columns COLUMNS; shares as parts of 1).

    The model is read between two months by a straight line; NaN past the curve's end or at a level without hospitals.
    inside: whether the model's mean lies in the observed interval; None where there is no model.
    """
    curves = result.curve_table()
    rows = []
    for s in observed.shares:
        here = curves[curves["level"] == s.level]
        has = s.months <= MONTHS - 1 and here["mean"].notna().any()
        model = [float(np.interp(s.months, here["month"], here[k])) if has else np.nan for k in ("mean", "low", "high")]
        low, high = wilson(s.stocked, s.of)
        inside = bool(low <= model[0] <= high) if has else None
        rows.append((s.level, s.months, s.stocked, s.of, s.stocked / s.of, low, high, *model, inside))
    return pd.DataFrame(rows, columns=COLUMNS)


def overlay(result: Result, observed: Observed, language: str = "en") -> Figure:
    """A panel a hospital level: the model's curve with its band, the observed shares with their intervals."""
    w, table = handout_words(language), against(result, observed)
    curves = result.curve_table().dropna(subset=["mean"])
    levels = [n for n in (3, 2, 1) if n in set(curves["level"]) and (table["level"] == n).any()]
    levels = levels or [n for n in (3, 2, 1) if n in set(curves["level"])]
    fig = canvas(max(4.2 * len(levels) + 0.6, 6.4), 4.0)
    width = fig.get_size_inches()[0]
    axes = fig.subplots(1, len(levels), squeeze=False)[0]
    fig.subplots_adjust(left=0.75 / width, right=1 - 0.2 / width, top=0.76, bottom=0.16, wspace=0.22)
    for ax, level in zip(axes, levels, strict=True):
        _panel(ax, curves[curves["level"] == level], table[table["level"] == level], level, w)
    axes[0].set_ylabel(w["overlay_axis"], fontsize=SIZE, color=INK)
    fig.supxlabel(w["axis_months"], fontsize=SIZE, color=INK, y=0.02)
    title(fig, heading(result, w), w.say("overlay_note", n=len(result.values.columns)))
    return fig


def heading(result: Result, w: Words) -> str:
    """What the figure is called."""
    s = result.scenario
    return w.say("overlay_title", place=region_name(s, w), policy=policy_name(s.policy.name, w, s.policy))


def _panel(ax, curve: pd.DataFrame, seen: pd.DataFrame, level: int, w: Words) -> None:
    tidy(ax, "both")
    look, seen = LEVELS[level], seen[seen["model"].notna()]
    x = curve["month"]
    ax.fill_between(
        x, 100 * curve["low"].clip(0, 1), 100 * curve["high"].clip(0, 1), color=look.colour, alpha=0.18, linewidth=0
    )
    ax.plot(x, 100 * curve["mean"], color=look.colour, linestyle=look.line, linewidth=1.6)
    share = 100 * seen["observed"]
    ends = [share - 100 * seen["observed_low"], 100 * seen["observed_high"] - share]
    ax.errorbar(
        seen["months"], share, yerr=ends, fmt=look.marker, color=INK, markerfacecolor="white", markersize=6, capsize=3,
        linewidth=1.2,
    )  # fmt: skip
    for r in seen.to_dict("records"):
        said = w.say("overlay_of", stocked=r["stocked"], of=r["of"])
        ax.annotate(
            said, (r["months"], 100 * r["observed_high"]), (0, 4), textcoords="offset points", fontsize=SIZE - 2, color=INK, ha="center",
        )  # fmt: skip
    top = max(float((100 * curve["mean"]).max()), float((100 * seen["observed_high"]).max()) if len(seen) else 0.0, 1.0)
    ax.set_xlim(-0.8, MONTHS + 0.6)
    ax.set_ylim(0, min(1.16 * top, 108))
    ax.set_xticks(range(0, MONTHS, 6))
    ax.set_title(w[f"level_{level}"], loc="left", fontsize=SIZE + 0.5, color=INK, pad=4)


def text(result: Result, observed: Observed, table: pd.DataFrame, language: str = "en") -> str:
    """The table for reading, with what was left out and how to read it."""
    w = handout_words(language)
    lines = [f"{observed.file}: {result.scenario.name}"]
    for r in table[table["model"].notna()].to_dict("records"):
        seen, model = (_range(r, k, w) for k in ("observed", "model"))
        level = w[f"level_{r['level']}"]
        verdict = w["overlay_inside" if r["inside"] else "overlay_outside"]
        lines.append(
            f"  {level}, {r['months']:g} {w['months']}: {w['overlay_observed']} {seen}"
            f" ({w.say('overlay_of', stocked=r['stocked'], of=r['of'])}), {w['col_model']} {model}: {verdict}"
        )
    past, none = table["months"] > MONTHS - 1, table["model"].isna()
    if past.any():
        lines.append(w.say("overlay_past", n=int(past.sum()), last=MONTHS - 1))
    if (none & ~past).any():
        lines.append(w.say("overlay_no_curve", n=int((none & ~past).sum()), place=region_name(result.scenario, w)))
    return "\n".join([*lines, w["overlay_read"]])


def _range(row: dict, key: str, w: Words) -> str:
    low, high = (row[f"{key}_{e}"] for e in ("low", "high"))
    ends = f" ({w.say('to', low=number(100 * low), high=number(100 * high))})" if low == low else ""
    return f"{number(100 * row[key])}%{ends}"


def check_figure(path: Path) -> Path:
    """The path, if a figure can be written there; else InputError."""
    if path.suffix.lower() not in FIGURES:
        raise InputError(f"{shown(path)}: the name of the figure must end in {', '.join(FIGURES)}")
    if not path.resolve().parent.is_dir():
        raise InputError(f"{shown(path)}: there is no folder {shown(path.parent)}")
    return path


def save_figure(figure: Figure, path: Path) -> None:
    """Write .svg, .png (200 dpi) or .pdf, moved into place when whole."""
    part, kind = path.with_name(path.name + ".part"), path.suffix.lower()[1:]
    try:
        if kind == "svg":
            part.write_text(svg(figure), encoding="utf-8", newline="\n")
        else:
            meta = {"CreationDate": None} if kind == "pdf" else {"Software": None}
            figure.savefig(part, format=kind, dpi=200, metadata=meta)
        os.replace(part, path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise InputError(f"{shown(path)}: cannot be written: {e.strerror or e}") from None
