"""The calendar strips of one drug at all its hospitals, a line each, sorted by how far they came and how early."""

from __future__ import annotations

from datetime import date

import matplotlib.dates as mdates
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from simlib.see.base import LOOKS, QUIET, WHO_LOOKS, about, apart, head, head_room, swatch, text_width, words_of
from simlib.see.colours import FAINT, INK
from simlib.see.draw import SIZE, canvas
from simlib.see.figure_files import DPI
from simlib.see.fonts import styled
from simlib.see.spans import DrugStory, Span
from simlib.words import Words
from simlib.world.lists_drugs import name_in

WIDTH, LEFT, RIGHT = 10.6, 0.2, 2.3
LEAST, MOST, EACH = 0.9, 4.2, 0.02  # inches of a panel: at least, at most, a hospital
HEADING = 0.34


@styled
def hospital_strips(story: DrugStory, language: str = "en") -> Figure:
    """Draw how one drug comes to all its hospitals.

    Parameters
    ----------
    story : DrugStory
        The answer of `simlib.drug_story`.
    language : {"en", "zh"}
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        One panel for each level, one line for each hospital, time to the right, coloured by who is waited for. How many
        hospitals end where is told beside it.
    """
    w = words_of(language)
    levels = [v for v in (3, 2, 1) if (story.level == v).any()]
    notes = [about(story.scenario, w, w.say("about_history", replication=story.replication)), w["strips_axis"]]
    high = [float(np.clip(EACH * (story.level == v).sum(), LEAST, MOST)) for v in levels]
    keys = [who for who in WHO_LOOKS if any(s.who == who for told in story.spans for s in told)]
    rows = _key_rows(keys, w)
    top = head_room(notes, language, WIDTH) + 0.12 + 0.2 * (max((r for *_, r, _ in rows), default=0) + 1)
    fig = canvas(WIDTH, top + sum(high) + HEADING * len(levels) + 0.4)
    head(
        fig,
        w.say("strips_title", drug=name_in(story.scenario.cohort, story.drug, language), n=len(story.hospitals)),
        notes,
        language,
    )
    _keys(fig, rows, head_room(notes, language, WIDTH) + 0.1)
    y = top
    for level, tall in zip(levels, high, strict=True):
        y += HEADING
        ax = _axes(fig, y, tall)
        _panel(ax, story, level, tall, w, last=level == levels[-1])
        y += tall
    return fig


def _key_rows(keys: list[str], w: Words) -> list[tuple[str, str, int, float]]:
    """(state, name, row, inches from the left) of each look that is shown; those that look alike share one."""
    alike: dict[str, list[str]] = {}
    for who in keys:
        alike.setdefault(WHO_LOOKS[who], []).append(w[f"who_{who}"])
    out, x, row = [], 0.1, 0
    for state, names in alike.items():
        name = w["comma"].join(names)
        need = 0.3 + text_width(name, SIZE - 1)
        if x + need > WIDTH - 0.1:
            x, row = 0.1, row + 1
        out.append((state, name, row, x))
        x += need + 0.12
    return out


def _keys(fig: Figure, rows: list[tuple[str, str, int, float]], y: float) -> None:
    width, height = fig.get_size_inches()
    for state, name, row, x in rows:
        swatch(fig, x, y + 0.2 * row, state)
        fig.text((x + 0.19) / width, 1 - (y + 0.2 * row) / height, name, fontsize=SIZE - 1, color=INK, va="center")


def _axes(fig: Figure, y: float, tall: float) -> Axes:
    width, height = fig.get_size_inches()
    return fig.add_axes((LEFT / width, 1 - (y + tall) / height, (WIDTH - LEFT - RIGHT) / width, tall / height))


def _panel(ax: Axes, story: DrugStory, level: int, tall: float, w: Words, last: bool) -> None:
    told = [s for s, v in zip(story.spans, story.level, strict=True) if v == level]
    ends, n = story.at_end(level), len(told)
    days = mdates.date2num(story.first), mdates.date2num(story.end)
    image = picture(told, story.first, story.end, int(tall * DPI), int((WIDTH - LEFT - RIGHT) * DPI))
    ax.imshow(image, aspect="auto", extent=(*days, n, 0), interpolation="nearest")
    ax.xaxis_date()
    ax.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 7) if days[1] - days[0] > 900 else (1, 4, 7, 10)))
    ax.xaxis.set_major_formatter(mdates.DateFormatter("%Y-%m"))
    ax.tick_params(labelsize=SIZE - 1.5, length=3, color=FAINT, labelbottom=last)
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_color(FAINT)
    text = w.say("strips_head", level=w[f"level_{level}"], n=n, stocked=ends.get("stocked", 0))
    ax.set_title(text, loc="left", fontsize=SIZE, color=INK, pad=3)
    _end_labels(ax, ends, n, days[1], tall, w)


def _end_labels(ax: Axes, ends: dict[str, int], n: int, x: float, tall: float, w: Words) -> None:
    """Where the lines end, each beside its own lines."""
    edges = np.concatenate([[0], np.cumsum(list(ends.values()))])
    middles = [(a + b) / 2 for a, b in zip(edges[:-1], edges[1:], strict=True)]
    places = apart(middles, 0.165 / tall * n, 0.06 / tall * n, n - 0.06 / tall * n)
    ax.annotate(
        w["strips_share"], (1.025, 1.0), (0, 3), xycoords="axes fraction", textcoords="offset points", fontsize=SIZE - 1.5,
        color=QUIET, annotation_clip=False,
    )  # fmt: skip
    for (who, count), middle, at in zip(ends.items(), middles, places, strict=True):
        text = w.say("named", name=w[f"who_{who}"], text=f"{count} ({_percent(count, n)})")
        ax.annotate(
            text, (1.0, 1 - middle / n), (1.025, 1 - at / n), xycoords="axes fraction", fontsize=SIZE - 1, color=INK,
            va="center", annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0, "relpos": (0, 0.5)},
        )  # fmt: skip


def _percent(count: int, n: int) -> str:
    """A share in whole per cent, which says 0 and 100 only of none and all."""
    part = round(100 * count / n)
    return "<1%" if part == 0 and count else ">99%" if part == 100 and count < n else f"{part}%"


def picture(told: list[tuple[Span, ...]], first: date, end: date, high: int, wide: int) -> np.ndarray:
    """Lines as pixels: uint8 (high, wide, 3). More lines than pixels are thinned evenly, in their order."""
    names = list(WHO_LOOKS)
    columns = np.linspace(0, max((end - first).days, 1), wide, endpoint=False)
    code = np.full((len(told), wide), -1)
    for i, one in enumerate(told):
        for s in one:
            code[i, (columns >= (s.first - first).days) & (columns < (s.until - first).days)] = names.index(s.who)
    line = (np.arange(high) * len(told) / high).astype(int)
    code = code[line]
    out = np.full((high, wide, 3), 255, np.uint8)
    down, right = np.indices(code.shape)
    for k, who in enumerate(names):
        colour, hatch = LOOKS[WHO_LOOKS[who]]
        here = code == k
        out[here] = [round(255 * c) for c in to_rgb(colour)]
        if hatch:
            ink = 255 if colour != "#ffffff" else 120
            out[here & _hatched(hatch, down, right)] = ink
    return out


def _hatched(hatch: str, down: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pixels of a hatch of its own for this picture: strokes, counterstrokes, crosses or dots."""
    one, other = (down + right) % 11 < 1, (down - right) % 11 < 1
    kinds = {"/": one, "\\": other, "x": one | other, ".": (down % 7 < 2) & (right % 7 < 2)}
    return kinds[hatch[0]]
