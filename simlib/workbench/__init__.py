"""Explore: pick a place, a rulebook and drugs, move any rule, and watch what follows (ipywidgets in JupyterLab)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simlib.workbench.app import Explorer


def explore(language: str = "en", region: str = "small-world", policy: str = "sichuan", most: int = 16) -> Explorer:
    """The workbench as one widget: show it as the last line of a notebook's cell.

    language: "en" or "zh". region: "small-world" or a name of `simlib list regions`. policy: a rulebook. most:
    replications up to which a picture sharpens. InputError for an unknown name, or outside a notebook.
    """
    from simlib.workbench.app import Explorer  # ipywidgets is of no use to a batch

    return Explorer.begin(language, region, policy, most)
