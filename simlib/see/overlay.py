"""A user's observed shares of stocking, with Wilson intervals, drawn over the availability curves of a scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.core.files import InputError
from simlib.experiments.intervals import wilson
from simlib.experiments.run import Result
from simlib.experiments.samples import drugs_counted
from simlib.outcomes.observed import Observed
from simlib.see.colours import INK, Look, look
from simlib.see.draw import SIZE, canvas, months_line, tidy, title
from simlib.see.fonts import styled
from simlib.words import Words, words
from simlib.words.names import policy_name, region_name
from simlib.words.values import number

COLUMNS = [
    "level", "months", "stocked", "of", "observed", "observed_low", "observed_high", "model", "model_low", "model_high", "inside",
]  # fmt: skip


def against(result: Result, observed: Observed) -> pd.DataFrame:
    """Each observed share beside the model's curve (columns COLUMNS; shares as parts of 1).

    The model is read between two months by a straight line; NaN past the last month that enough of its drugs reach, or at a
    level without hospitals. inside: whether the model's mean lies in the observed interval; None where there is no model.
    """
    curves, until = result.curve_table(), drugs_counted(result).last_month
    rows = []
    for s in observed.shares:
        here = curves[curves["level"] == s.level]
        has = s.months <= until and here["mean"].notna().any()
        model = [float(np.interp(s.months, here["month"], here[k])) if has else np.nan for k in ("mean", "low", "high")]
        low, high = wilson(s.stocked, s.of)
        inside = bool(low <= model[0] <= high) if has else None
        rows.append((s.level, s.months, s.stocked, s.of, s.stocked / s.of, low, high, *model, inside))
    return pd.DataFrame(rows, columns=COLUMNS)


@styled
def overlay(result: Result, observed: Observed, language: str = "en") -> Figure:
    """Draw observed shares over the model's curve.

    Parameters
    ----------
    result : Result
        The run.
    observed : Observed
        The answer of `simlib.read_observed`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        One panel for each level of hospital: the model's curve with its band, and the observed shares with their intervals, as
        far as enough of the model's drugs reach.

    Raises
    ------
    InputError
        If no level has a hospital that treats the disease of a counted drug.
    """
    w, table, until = _words(language), against(result, observed), drugs_counted(result).last_month
    curves = result.curve_table().dropna(subset=["mean"])
    curves = curves[curves["month"] <= until]
    levels = [n for n in (3, 2, 1) if n in set(curves["level"]) and (table["level"] == n).any()]
    levels = levels or [n for n in (3, 2, 1) if n in set(curves["level"])]
    if not levels:
        raise InputError(
            f"{result.scenario.name}: no hospital treats the disease of a counted drug; there is no curve to draw"
        )
    fig = canvas(max(4.2 * len(levels) + 0.6, 6.4), 4.0)
    width = fig.get_size_inches()[0]
    axes = fig.subplots(1, len(levels), squeeze=False)[0]
    fig.subplots_adjust(left=0.75 / width, right=1 - 0.2 / width, top=0.76, bottom=0.16, wspace=0.22)
    for ax, level in zip(axes, levels, strict=True):
        here = table[(table["level"] == level) & table["model"].notna()]
        _panel(ax, curves[curves["level"] == level], here, look(result.scenario.policy.name), w)
        ax.set(xlim=(-0.8, until + 0.8), xticks=range(0, until + 1, 6))
        ax.set_title(w[f"level_{level}"], loc="left", fontsize=SIZE + 0.5, color=INK, pad=4)
    axes[0].set_ylabel(w["curve_share"], fontsize=SIZE - 0.5, color=INK)
    fig.supxlabel(w["axis_months"], fontsize=SIZE, color=INK, y=0.02)
    title(fig, heading(result, w), w.say("overlay_note", n=len(result.values.columns)))
    return fig


def heading(result: Result, w: Words) -> str:
    """What the figure is called."""
    s = result.scenario
    return w.say("overlay_title", place=region_name(s, w), policy=policy_name(s.policy.name, w, s.policy))


def _words(language: str) -> Words:
    """The words of the handouts laid over those of the pictures."""
    return words(language, "see", "documents")


def _panel(ax: Axes, curve: pd.DataFrame, seen: pd.DataFrame, style: Look, w: Words) -> None:
    tidy(ax, "both")
    low, high = (100 * curve[end].clip(0, 1) for end in ("low", "high"))
    ax.fill_between(curve["month"], low, high, color=style.colour, alpha=0.18, linewidth=0)
    months_line(ax, curve["month"], 100 * curve["mean"], style)
    share = 100 * seen["observed"]
    ends = [share - 100 * seen["observed_low"], 100 * seen["observed_high"] - share]
    ax.errorbar(
        seen["months"], share, yerr=ends, fmt="o", color=INK, markerfacecolor="white", markersize=6, capsize=3,
        linewidth=1.2,
    )  # fmt: skip
    for r in seen.to_dict("records"):
        said = w.say("overlay_of", stocked=r["stocked"], of=r["of"])
        ax.annotate(
            said, (r["months"], 100 * r["observed_high"]), (0, 4), textcoords="offset points", fontsize=SIZE - 2, color=INK, ha="center",
        )  # fmt: skip
    top = max(float((100 * curve["mean"]).max()), float((100 * seen["observed_high"]).max()) if len(seen) else 0.0, 1.0)
    ax.set_ylim(0, min(1.16 * top, 108))


def text(result: Result, observed: Observed, table: pd.DataFrame, language: str = "en") -> str:
    """The table for reading, with what was left out and how to read it."""
    w, until = _words(language), drugs_counted(result).last_month
    lines = [w.say("named", name=observed.file, text=result.scenario.name)]
    for r in table[table["model"].notna()].to_dict("records"):
        seen, model = (_range(r, k, w) for k in ("observed", "model"))
        row = w.say(
            "overlay_row", level=w[f"level_{r['level']}"], months=f"{r['months']:g}", seen=seen, model=model,
            of=w.say("overlay_of", stocked=r["stocked"], of=r["of"]),
            verdict=w["overlay_inside" if r["inside"] else "overlay_outside"],
        )  # fmt: skip
        lines.append(f"  {row}")
    past, none = table["months"] > until, table["model"].isna()
    if past.any():
        lines.append(w.say("overlay_past", n=int(past.sum()), last=until))
    if (none & ~past).any():
        lines.append(w.say("overlay_no_curve", n=int((none & ~past).sum()), place=region_name(result.scenario, w)))
    return "\n".join([*lines, w["overlay_read"]])


def _range(row: dict, key: str, w: Words) -> str:
    low, high = (row[f"{key}_{e}"] for e in ("low", "high"))
    mean = f"{number(100 * row[key])}%"
    if low != low:
        return mean
    return w.say("overlay_range", mean=mean, ends=w.say("to", low=number(100 * low), high=number(100 * high)))
