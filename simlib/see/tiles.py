"""Tiles: one a hospital in blocks by level and type, the darker the more it stocks; six dates side by side as a still."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, ListedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from simlib.see.base import QUIET, about, head, head_room, words_of
from simlib.see.colours import INK
from simlib.see.draw import SIZE, canvas
from simlib.see.filling import Block, Filling
from simlib.see.fonts import styled
from simlib.words import Words

SHADES: Colormap = ListedColormap(colormaps["YlGnBu"](np.linspace(0.1, 1.0, 64)))  # ever darker, in grey too
PIXELS, GAP = 8, 1  # of a tile, and of the white line around it
LINE = 0.2  # inches of a block's heading
DATES = 6


@styled
def tile_still(f: Filling, language: str = "en", dates: int = DATES) -> Figure:
    """Draw how hospitals fill with new drugs, as small multiples.

    Parameters
    ----------
    f : Filling
        The answer of `simlib.filling`.
    language : {"en", "zh"}
        Language of the labels.
    dates : int
        Number of dates shown, evenly spread from the first month to the last day.

    Returns
    -------
    matplotlib.figure.Figure
        One small picture for each date, one tile for each hospital, the darker the more it stocks.
    """
    w = words_of(language)
    shown = np.unique(np.linspace(0, len(f.dates) - 1, min(dates, len(f.dates))).round().astype(int))
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    each, gap = 3.55, 0.22
    width = 0.15 + columns * (each + gap)
    high = board_height(f, each) + 0.3
    notes = notes_of(f, w)
    top = head_room(notes, language, width) + 0.62
    fig = canvas(width, top + rows * (high + 0.12))
    head(fig, w["tiles_title"], notes, language)
    scale(fig, f, w, top - 0.5)
    for i, t in enumerate(shown):
        x, y = 0.12 + (i % columns) * (each + gap), top + (i // columns) * (high + 0.12)
        height = fig.get_size_inches()[1]
        fig.text(x / width, 1 - (y + 0.12) / height, str(f.dates[t]), fontsize=SIZE + 1, color=INK, va="center")
        Board(fig, f, w, x, y + 0.3, each, names=i % columns == 0).show(int(t))
    return fig


def notes_of(f: Filling, w: Words) -> list[str]:
    """What the tiles show, where, and which drugs are new."""
    since = f.scenario.calendar.date(f.scenario.policy_from)
    history = w.say("about_history", replication=f.replication)
    return [about(f.scenario, w, history), w.say("tiles_note", since=since)]


def across(f: Filling) -> int:
    """Tiles in a row: such that all blocks together are about as wide as high."""
    return int(np.clip(np.ceil(np.sqrt(len(f.names)) * 1.25), 14, 120))


def board_height(f: Filling, width: float) -> float:
    """Inches that all blocks take at a width."""
    tile = width / across(f)
    return sum(LINE + tile * -(-len(b.hospitals) // across(f)) for b in f.blocks) + 0.05


def block_name(block: Block, w: Words) -> str:
    """Level, type and number of a block."""
    name = w["named"].format(name=w[f"level_{block.level}"], text=w[f"type_{block.type}"])
    return w.say("tiles_count", name=name, n=len(block.hospitals))


def value_text(f: Filling, x: float, w: Words, digits: int = 1) -> str:
    """A value as a reader meets it."""
    if np.isnan(x):
        return "–"
    return w.say(f"tiles_value_{f.measure}", x=f"{x if f.measure == 'number' else 100 * x:.{digits}f}")


def mean_text(f: Filling, t: int, block: Block, w: Words) -> str:
    """The mean of a block on date t, as a reader meets it."""
    return w.say("tiles_mean", x=value_text(f, f.mean(t, block.hospitals), w))


class Board:
    """All blocks of a figure, at a place in inches from the top left; `show` colours them for a date."""

    def __init__(self, fig: Figure, f: Filling, w: Words, x: float, y: float, width: float, names: bool = True) -> None:
        self.f, self.w, self.columns = f, w, across(f)
        self.parts: list[tuple[Block, Axes, Text]] = []
        wide, high = fig.get_size_inches()
        tile = width / self.columns
        for block in f.blocks:
            rows = -(-len(block.hospitals) // self.columns)
            if names:
                fig.text(
                    x / wide,
                    1 - (y + LINE / 2) / high,
                    block_name(block, w),
                    fontsize=SIZE - 2,
                    color=QUIET,
                    va="center",
                )
            mean = fig.text(
                (x + width) / wide, 1 - (y + LINE / 2) / high, "", fontsize=SIZE - 2, color=INK, va="center", ha="right"
            )
            y += LINE
            ax = fig.add_axes((x / wide, 1 - (y + rows * tile) / high, width / wide, rows * tile / high))
            ax.axis("off")
            self.parts.append((block, ax, mean))
            y += rows * tile
        self.images = [
            ax.imshow(self._picture(b, 0), aspect="auto", interpolation="nearest") for b, ax, _ in self.parts
        ]

    def show(self, t: int) -> None:
        """Colour all tiles as of date t."""
        for (block, _, mean), image in zip(self.parts, self.images, strict=True):
            image.set_data(self._picture(block, t))
            mean.set_text(mean_text(self.f, t, block, self.w))

    def _picture(self, block: Block, t: int) -> np.ndarray:
        """Pixels of a block: uint8 (rows, columns, 3)."""
        rows = -(-len(block.hospitals) // self.columns)
        out = np.full((rows * self.columns, 3), 255, np.uint8)
        out[: len(block.hospitals)] = colours(self.f, self.f.values[t, block.hospitals])
        tiles = np.full((rows, PIXELS, self.columns, PIXELS, 3), 255, np.uint8)
        tiles[:, GAP:, :, GAP:] = out.reshape(rows, 1, self.columns, 1, 3)
        real = np.arange(rows * self.columns).reshape(rows, self.columns) < len(block.hospitals)
        empty = real & (np.isnan(np.resize(self.f.values[t, block.hospitals], rows * self.columns).reshape(rows, -1)))
        tiles[:, GAP, :, GAP:][empty] = tiles[:, -1, :, GAP:][empty] = _grey()  # an outline: nothing to stock yet
        for edge in (GAP, PIXELS - 1):
            tiles[:, GAP:, :, edge][np.repeat(empty[:, None], PIXELS - GAP, 1)] = _grey()
        return tiles.reshape(rows * PIXELS, self.columns * PIXELS, 3)


def _grey() -> np.ndarray:
    return np.array([205, 205, 205], np.uint8)


def colours(f: Filling, values: np.ndarray) -> np.ndarray:
    """Colours of values: uint8 (n, 3); white for NaN."""
    part = np.clip(np.nan_to_num(values) / f.most, 0, 1)
    out = (SHADES(part)[:, :3] * 255).round().astype(np.uint8)
    out[np.isnan(values)] = [round(255 * x) for x in to_rgb("white")]
    return out


def scale(fig: Figure, f: Filling, w: Words, y: float, x: float = 0.12, length: float = 2.2) -> None:
    """The scale of colours with its unit; y: inches from the top."""
    width, height = fig.get_size_inches()
    ax = fig.add_axes((x / width, 1 - (y + 0.13) / height, length / width, 0.13 / height))
    ax.imshow(np.linspace(0, 1, 64)[None, :], aspect="auto", cmap=SHADES)
    ax.set_yticks([])
    for side in ax.spines.values():
        side.set_visible(False)
    ends = [0.0, f.most / 2, f.most] if f.measure == "share" or f.most % 2 == 0 else [0.0, f.most]
    texts = [f"{v:.0f}" if f.measure == "number" else f"{100 * v:.3g}%" for v in ends]
    texts[-1] = w.say("tiles_top", x=texts[-1])
    ax.set_xticks([63 * v / f.most for v in ends], texts, fontsize=SIZE - 2)
    ax.tick_params(length=2, color=QUIET, pad=1)
    fig.text(
        (x + length + 0.35) / width, 1 - (y + 0.065) / height, w[f"tiles_{f.measure}"], fontsize=SIZE - 0.5, color=INK,
        va="center",
    )  # fmt: skip
