"""The waterfall: from the baseline to the scenario, clause by clause, with what each does alone and what is lost without it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simlib.experiments.attribution.ledger import Ledger
from simlib.experiments.attribution.parts import Part
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy.rules import Policy
from simlib.see.base import QUIET, about, head, head_room, text_width, words_of
from simlib.see.colours import FAINT, INK, look
from simlib.see.draw import SIZE, canvas, tidy
from simlib.see.fonts import styled
from simlib.words import Words
from simlib.words.names import group_name, indicator_name, policy_name
from simlib.words.parts import document_title, part_words
from simlib.words.values import digits, number, scaled, unit_name
from simlib.words.wrap import wrapped

ROW, WIDTH, LEFT, RIGHT = 0.36, 12.4, 5.0, 2.2  # inches: a bar, all of it, the names, the columns of numbers
SHOWN = 12  # parts; the others are one bar
LETTERS = 78  # of a line of a name


class Bar(NamedTuple):
    """One step: its name and words, where it begins and ends, its interval (NaN for none), and its colour."""

    name: str
    says: str
    start: float
    end: float
    low: float
    high: float
    alone: float
    last: float
    colour: str


@styled
def waterfall(ledger: Ledger, language: str = "en") -> Figure:
    """Draw which clause did it, from the baseline to the scenario.

    Parameters
    ----------
    ledger : Ledger
        The answer of `simlib.attribute`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        A bar for each of the 12 largest parts, in the colour of its document, with its 95% interval; the others together as
        one bar; to the right what each does alone, and what is lost when it alone is removed.
    """
    w = words_of(language)
    bars = _bars(ledger, w)
    notes = [_about(ledger, w), w["waterfall_note"], w["waterfall_pale"], *_legend(ledger, w)]
    top = head_room(notes, language, WIDTH) + 0.42
    height = top + ROW * (len(bars) + 2) + 0.55
    fig = canvas(WIDTH, height)
    head(fig, _title(ledger, w), notes, language)
    ax = fig.add_axes((LEFT / WIDTH, 0.55 / height, (WIDTH - LEFT - RIGHT) / WIDTH, 1 - (top + 0.55) / height))
    _draw(ax, bars, ledger, w)
    return fig


def _title(ledger: Ledger, w: Words) -> str:
    names = {
        k: _policy(s.policy, w) for k, s in (("scenario", ledger.game.scenario), ("baseline", ledger.game.baseline))
    }
    return w.say(f"waterfall_{ledger.game.by}", **names)


def _policy(policy: Policy, w: Words) -> str:
    return policy_name(policy.name, w, policy)


def _about(ledger: Ledger, w: Words) -> str:
    name, by, group = ledger.key
    told = w.say("waterfall_measure", name=indicator_name(name, w.language), group=group_name(by, group, w))
    interval = w.say(
        "waterfall_luck" if ledger.game.scenario.world == "middle" else "waterfall_worlds", n=len(ledger.walks.worlds)
    )
    return about(ledger.game.scenario, w, told, interval)


def _legend(ledger: Ledger, w: Words) -> list[str]:
    """Which document each letter of a clause stands for: its title behind the beginnings of its clauses' names."""
    said = []
    for document in dict.fromkeys(p.document for p in ledger.game.parts):
        names = [p.name for p in ledger.game.parts if p.document == document]
        stem = names[0].split("-")[0] if len({n.split("-")[0] for n in names}) == 1 else ""
        title = document_title(ledger.game, document, w)
        said.append(w.say("named", name=stem, text=title) if stem and stem != document else title)
    return [w["semicolon"].join(said)]


def _bars(ledger: Ledger, w: Words) -> list[Bar]:
    """The largest parts, and the others as one, each beginning where the one above ends; in the shown unit."""
    name = ledger.key[0]
    table = ledger.table()
    parts = {p.name: p for p in ledger.game.parts}
    layers = {
        r.document: x.name
        for s in (ledger.game.scenario, ledger.game.baseline)
        for x in s.policy.layers
        for r in x.rules
    }
    at, bars = scaled(name, ledger.levels()[0], w), []
    for r in table.head(SHOWN).to_dict("records"):
        worth, low, high, alone, last = (scaled(name, r[k], w) for k in ("worth", "low", "high", "alone", "last"))
        colour = look(layers.get(r["document"], r["document"])).colour
        bars.append(
            Bar(r["part"], _says(ledger, parts[r["part"]], w), at, at + worth, at + low, at + high, alone, last, colour)
        )
        at += worth
    if len(rest := table.iloc[SHOWN:]):
        worth, nan = scaled(name, rest["worth"].sum(), w), float("nan")
        bars.append(Bar(w.say("waterfall_others", n=len(rest)), "", at, at + worth, nan, nan, nan, nan, FAINT))
    return bars


def _says(ledger: Ledger, part: Part, w: Words) -> str:
    return document_title(ledger.game, part.document, w) if ledger.game.by == "document" else part_words(part, w)


def _draw(ax: Axes, bars: list[Bar], ledger: Ledger, w: Words) -> None:
    name = ledger.key[0]
    tidy(ax)
    first, last = (scaled(name, x, w) for x in ledger.levels())
    ends = np.array([first, last, *(x for b in bars for x in (b.start, b.end, b.low, b.high))], float)
    low, high = np.nanmin(ends), np.nanmax(ends)
    reach = max(high - low, 1e-9)
    ax.set(xlim=(low - 0.06 * reach, high + 0.22 * reach), ylim=(len(bars) + 1.5, -0.6))
    for y, (label, x) in enumerate(
        ((_policy(ledger.game.baseline.policy, w), first), (_policy(ledger.game.scenario.policy, w), last))
    ):
        row = 0 if y == 0 else len(bars) + 1
        ax.plot([x, x], [row - 0.31, row + 0.31], color=INK, linewidth=3, solid_capstyle="butt")
        ax.annotate(
            number(x, digits(name, w)),
            (x, row),
            (6, 0),
            textcoords="offset points",
            fontsize=SIZE,
            color=INK,
            va="center",
        )
        _label(ax, row, label, "")
    for y, b in enumerate(bars, 1):
        _bar(ax, y, b, digits(name, w), w)
        ax.plot([b.end, b.end], [y + 0.31, y + 0.69], color=FAINT, linewidth=0.7)
    ax.plot([first, first], [0.31, 0.69], color=FAINT, linewidth=0.7)
    for x, key in ((0.55, "waterfall_alone"), (1.45, "waterfall_last")):
        ax.annotate(
            w[key],
            (1, 1),
            (_inches(x), 4),
            ("axes fraction", "axes fraction"),
            "offset points",
            fontsize=SIZE - 1,
            color=QUIET,
            ha="center",
            va="bottom",
        )
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    unit = "%" if INDICATORS[name].is_share else unit_name(name, w)
    ax.set_xlabel(
        w.say("waterfall_axis", name=indicator_name(name, w.language), unit=unit), fontsize=SIZE - 0.5, color=INK
    )


def _inches(x: float) -> float:
    return 72 * x


def _bar(ax: Axes, y: int, b: Bar, places: int, w: Words) -> None:
    """One part: its name and words, its bar with the interval of its end, and its numbers."""
    sure = not np.isfinite(b.low) or (b.low - b.start) * (b.high - b.start) > 0
    ax.barh(
        y, b.end - b.start, left=b.start, height=0.62, color=b.colour, alpha=1.0 if sure else 0.35, hatch="" if sure else "///",
        edgecolor="white", linewidth=0.4,
    )  # fmt: skip
    if np.isfinite(b.low):
        ax.plot([b.low, b.high], [y, y], color=INK, linewidth=1.2, solid_capstyle="butt")
    at = np.nanmax([b.start, b.end, b.high])
    ax.annotate(
        number(b.end - b.start, places, sign=True),
        (at, y),
        (5, 0),
        textcoords="offset points",
        fontsize=SIZE - 0.5,
        color=INK,
        va="center",
    )
    for x, value in ((0.55, b.alone), (1.45, b.last)):
        if np.isfinite(value):
            text = number(value, places, sign=True)
            ax.annotate(
                text,
                (1, y),
                (_inches(x), 0),
                ("axes fraction", "data"),
                "offset points",
                fontsize=SIZE - 1,
                color=QUIET,
                ha="center",
                va="center",
            )
    _label(ax, y, b.name, b.says, language=w.language)


def _label(ax: Axes, y: float, name: str, says: str, language: str = "en") -> None:
    """A name at the left edge, its words beside it, broken to two lines at most."""
    ax.annotate(
        name,
        (0, y),
        (_inches(-LEFT + 0.1), 0),
        ("axes fraction", "data"),
        "offset points",
        fontsize=SIZE,
        color=INK,
        va="center",
    )
    lines = wrapped(says, language, columns=LETTERS) if says else []
    if len(lines) > 2:
        lines = [lines[0], lines[1][:-1] + "…"]
    left = max(0.85, text_width(name, SIZE) + 0.2)
    ax.annotate(
        "\n".join(lines),
        (0, y),
        (_inches(-LEFT + left), 0),
        ("axes fraction", "data"),
        "offset points",
        fontsize=SIZE - 2,
        color=QUIET,
        va="center",
        linespacing=1.15,
    )
