"""Explore: pick a place, a rulebook and drugs, move any rule, and watch what follows (ipywidgets in JupyterLab)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simlib.workbench.app import Explorer


def explore(language: str = "en", region: str = "small-world", policy: str = "sichuan", most: int = 16) -> Explorer:
    """The workbench as one widget, to be shown as the last line of a notebook's cell.

    Parameters
    ----------
    language : {"en", "zh"}
        Language of the widget.
    region : str
        "small-world", or a name that `simlib list regions` shows.
    policy : str
        A rulebook, as in `simlib.load_rulebook`.
    most : int
        Number of replications up to which a picture sharpens.

    Returns
    -------
    Explorer
        The widget.

    Raises
    ------
    InputError
        For an unknown name, or outside a notebook.
    """
    from simlib.workbench.app import Explorer  # ipywidgets is of no use to a batch

    return Explorer.begin(language, region, policy, most)
