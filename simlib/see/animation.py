"""Hospitals filling up as a moving picture (GIF), as a page with a slider (HTML), or as a still."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from simlib.see.base import head, head_room, words_of
from simlib.see.colours import INK
from simlib.see.draw import SIZE, canvas
from simlib.see.figure_files import FIGURE_KINDS, figure_bytes
from simlib.see.filling import Filling
from simlib.see.fonts import styled
from simlib.see.tile_page import page
from simlib.see.tiles import Board, board_height, notes_of, scale, tile_still

KINDS = (".gif", ".html", *FIGURE_KINDS)
WIDTH, DPI = 6.4, 100
STEP, REST = 400, 3000  # thousandths of a second that a month is shown, and the last day


def filling_bytes(f: Filling, kind: str, language: str = "en") -> bytes:
    """A filling in one of KINDS; the same bytes every time."""
    if kind == ".gif":
        return gif(f, language)
    if kind == ".html":
        return page(f, language).encode()
    return figure_bytes(tile_still(f, language), kind)


def gif(f: Filling, language: str = "en") -> bytes:
    """The animation: a frame a month in one palette, so that a colour means the same throughout."""
    frames = [Image.fromarray(x) for x in pictures(f, language)]
    both = Image.new("RGB", (frames[0].width, 2 * frames[0].height))
    both.paste(frames[0], (0, 0))
    both.paste(frames[-1], (0, frames[0].height))
    palette = both.quantize(colors=128, dither=Image.Dither.NONE)
    flat = [x.quantize(palette=palette, dither=Image.Dither.NONE) for x in frames]
    out = io.BytesIO()
    flat[0].save(
        out, format="GIF", save_all=True, append_images=flat[1:], loop=0, optimize=False,
        duration=[STEP] * (len(flat) - 1) + [REST],
    )  # fmt: skip
    return out.getvalue()


@styled
def pictures(f: Filling, language: str) -> list[np.ndarray]:
    """The frames: uint8 (height, width, 3)."""
    w, notes = words_of(language), notes_of(f, words_of(language))
    top = head_room(notes, language, WIDTH) + 0.95
    fig: Figure = canvas(WIDTH, top + board_height(f, WIDTH - 0.24) + 0.1)
    fig.set_dpi(DPI)
    screen = FigureCanvasAgg(fig)
    head(fig, w["tiles_title"], notes, language)
    scale(fig, f, w, top - 0.85)
    day = fig.text(
        0.12 / WIDTH, 1 - (top - 0.25) / fig.get_size_inches()[1], "", fontsize=SIZE + 4, color=INK, va="center"
    )
    board = Board(fig, f, w, 0.12, top, WIDTH - 0.24)
    out = []
    for t, date in enumerate(f.dates):
        day.set_text(str(date))
        board.show(t)
        screen.draw()
        out.append(np.asarray(screen.buffer_rgba())[:, :, :3].copy())
    return out
