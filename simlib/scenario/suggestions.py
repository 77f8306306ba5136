"""What was probably meant by a name that no scenario has: the scenarios of that place first, the full rulebook before none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from simlib.policy.places import names as places
from simlib.scenario.experiment_files import Cell, load_experiment
from simlib.scenario.experiment_files import names as experiments

DEGREES = ("default", "full", "none", "hoped")  # of obedience, in the order in which they are offered
LIKE = 0.6  # least likeness of a name that is offered
ALSO = 0.1  # how much less like the others may be than the first
MOST = 4


def suggested(text: str, files: Iterable[str]) -> str:
    """ "; did you mean X? (also: Y, Z)" for a name of no scenario, or nothing; files: names of stored scenarios."""
    wanted = _in_regions_words(text)
    found = [(_like(wanted, name), 0, 0, name) for name in files]
    found += [
        (max(_like(wanted, short) for short in _shorts(cell)), DEGREES.index(cell.obedience), not cell.own, cell.name)
        for cell in _cells()
    ]
    best = max((f[0] for f in found), default=0.0)
    near = sorted((f for f in found if f[0] >= max(LIKE, best - ALSO)), key=lambda f: (-f[0], *f[1:3]))
    offered = list(dict.fromkeys(name for *_, name in near))[:MOST]
    if not offered:
        return ""
    return f"; did you mean {offered[0]!r}?" + (f" (also: {', '.join(offered[1:])})" if len(offered) > 1 else "")


def _cells() -> list[Cell]:
    return [cell for name in experiments() for cell in load_experiment(name).cells]


def _shorts(cell: Cell) -> tuple[str, ...]:
    """A scenario's name, and what is left of it where somebody stops early or leaves the rulebook out."""
    if cell.reading:  # asked for by its whole name alone
        return (cell.name,)
    place = cell.region
    return cell.name, f"{place}-{cell.policy}", f"{place}-{cell.obedience}", place


def _in_regions_words(text: str) -> str:
    """The text with a place that it begins with as the region's file is called, in small letters."""
    first, dash, rest = text.strip().casefold().partition("-")
    return places().get(first, first) + dash + rest


def _like(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()
