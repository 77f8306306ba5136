"""The bottleneck bars: what would be gained if one stage alone were instant, stage by stage and measure by measure."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.experiments.bottleneck import MEASURES, Bottleneck
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.flow import STAGES
from simlib.see.base import QUIET, about, head, head_room, luck, words_of
from simlib.see.colours import FAINT, INK, look
from simlib.see.draw import SIZE, canvas, tidy
from simlib.see.fonts import styled
from simlib.words import Words
from simlib.words.values import number

ROW = 0.34  # inches a bar
WIDTH, LEFT, GAP = 12.4, 1.85, 0.22
ROOM = 0.72  # part of an axis beyond the longest bar, for its number


@styled
def bottleneck_bars(found: Bottleneck, language: str = "en") -> Figure:
    """Draw what would be gained if one stage alone were instant.

    Parameters
    ----------
    found : Bottleneck
        The answer of `simlib.bottleneck`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        One panel for each measure, one bar for each stage, the greatest gain on top. A pale bar is a gain whose interval
        holds zero.
    """
    w, table = words_of(language), found.table()
    measures = [m for m in MEASURES if (table["indicator"] == m).any()]
    stages = list(dict.fromkeys(table["stage"]))
    n = len(found.baseline.values.columns)
    notes = [about(found.baseline.scenario, w, luck(n, w, "gain_bars")), w["gain_pale"]]
    top = head_room(notes, language, WIDTH) + 0.55
    height = top + ROW * max(len(stages), 1) + 0.62
    fig = canvas(WIDTH, height)
    head(fig, w["bottleneck_bars"], notes, language)
    each = (WIDTH - LEFT - 0.15 - GAP * (len(measures) - 1)) / max(len(measures), 1)
    for j, measure in enumerate(measures):
        ax = fig.add_axes(((LEFT + j * (each + GAP)) / WIDTH, 0.62 / height, each / WIDTH, 1 - (top + 0.62) / height))
        rows = table[table["indicator"] == measure].set_index("stage").reindex(stages)
        _panel(ax, rows, measure, look(found.baseline.scenario.policy.name).colour, w)
        names = [_stage_name(s, w) for s in stages] if j == 0 else []
        ax.set_yticks(range(len(stages)), names or [""] * len(stages), fontsize=SIZE)
    return fig


def _stage_name(stage: str, w: Words) -> str:
    return f"{STAGES[stage].number} {getattr(STAGES[stage], w.language)}"


def gains(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """gain, low, high of each row, above 0 where it helps patients; shares in percentage points."""
    scale = 100.0 if INDICATORS[measure].is_share else 1.0
    turn = 1.0 if INDICATORS[measure].better == "more" else -1.0
    ends = scale * turn * rows[["low", "high"]]
    return pd.DataFrame({"gain": scale * rows["gain"], "low": ends.min(axis=1), "high": ends.max(axis=1)})


def _panel(ax: Axes, rows: pd.DataFrame, measure: str, colour: str, w: Words) -> None:
    tidy(ax)
    data = gains(rows, measure)
    few = data["low"].isna().all()
    most = (
        max(data["gain"].max(), 1e-9)
        if few
        else max(data["gain"].max(), min(data["high"].max(), 2 * data["gain"].max()), 1e-9)
    )
    least = min(0.0, data["gain"].min(), 0.0 if few else max(data["low"].min(), -0.4 * most))
    reach = most - least
    for y, (gain, low, high) in enumerate(data.itertuples(index=False)):
        if gain != gain:
            continue
        sure = low != low or low > 0 or high < 0
        ax.barh(
            y, gain, height=0.62, color=colour, alpha=1.0 if sure else 0.35, hatch="" if sure else "///", edgecolor="white",
            linewidth=0.4,
        )  # fmt: skip
        if low == low:
            ax.plot([max(low, least), min(high, most)], [y, y], color=INK, linewidth=1.3, solid_capstyle="butt")
        digits = 0 if abs(most) >= 100 else 1 if most >= 1 else 2
        at = max(gain, min(high, most) if high == high else gain, 0.0) + 0.03 * reach
        ax.text(at, y, _number(gain, low, high, digits, w), fontsize=SIZE - 1.5, color=INK, va="center")
    ax.axvline(0, color=FAINT, linewidth=0.9)
    ax.set(xlim=(least, most + ROOM * reach), ylim=(len(rows) - 0.4, -0.6))
    ax.set_xlabel(w.say("gain_axis", unit=w[f"gain_unit_{measure}"]), fontsize=SIZE - 0.5, color=INK)
    ax.set_title(w[f"gain_{measure}"], loc="left", fontsize=SIZE, color=INK, pad=15)
    ax.text(
        0, 1.02, w.say("gain_now", x=_now(rows, measure, w)), transform=ax.transAxes, fontsize=SIZE - 1.5, color=QUIET
    )


def _number(gain: float, low: float, high: float, digits: int, w: Words) -> str:
    text = number(gain, digits)
    return text if low != low else f"{text} ({w.say('to', low=number(low, digits), high=number(high, digits))})"


def _now(rows: pd.DataFrame, measure: str, w: Words) -> str:
    """The measure as it is, with its unit."""
    value = float(rows["baseline"].dropna().iloc[0])
    if INDICATORS[measure].is_share:
        return f"{100 * value:.1f}%"
    return f"{number(value, 1 if value < 1000 else 0)} {w[INDICATORS[measure].unit]}"
