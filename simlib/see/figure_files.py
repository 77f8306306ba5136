"""A figure as the bytes of a file: the same bytes every time."""

from __future__ import annotations

import io

from matplotlib.figure import Figure

from simlib.see.draw import svg

FIGURE_KINDS = (".svg", ".png", ".pdf")
DPI = 160
NO_DATE_PDF = {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None}


def figure_bytes(figure: Figure, kind: str) -> bytes:
    """A figure in one of FIGURE_KINDS."""
    if kind == ".svg":
        return svg(figure).encode()
    out = io.BytesIO()
    if kind == ".png":
        figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    else:
        figure.savefig(out, format="pdf", metadata=NO_DATE_PDF)
    return out.getvalue()
