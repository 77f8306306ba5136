"""A figure as a part of a page."""

from __future__ import annotations

import html

from matplotlib.figure import Figure

from simlib.see.draw import data_uri


def picture(figure: Figure, words: str, below: str = "") -> str:
    """A figure as part of a page, with words for those who cannot see it, and an explanation below."""
    under = f"<figcaption>{html.escape(below)}</figcaption>" if below else ""
    return f'<figure><img src="{data_uri(figure)}" alt="{html.escape(words, quote=True)}">{under}</figure>'
