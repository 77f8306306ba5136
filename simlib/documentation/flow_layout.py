"""Where every stage stands in the drawn flow, from `simlib.policy.flow.STAGES` alone: a new stage needs nothing here.

The main line runs down the page. A stage stands one row below the stage that it follows first, in its lane; what has no
place in the flow (number 0) stands in a row of its own at the foot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from simlib.policy.flow import APPROVAL, STAGES, Stage


@dataclass(frozen=True)
class Place:
    """Where a box stands: row from the top, lane from the middle."""

    row: int
    lane: int


@dataclass(frozen=True)
class Arrow:
    """From one box to another; back: it works back on an earlier stage."""

    source: str
    target: str
    back: bool = False


Side = Literal["top", "bottom", "left", "right"]


def in_flow(stages: Iterable[Stage] = STAGES.values()) -> dict[str, Stage]:
    """The stages that have a place in the flow, by name."""
    return {s.name: s for s in stages if s.number}


def beside(stages: Iterable[Stage] = STAGES.values()) -> list[Stage]:
    """The stages that stand beside it."""
    return [s for s in stages if not s.number]


def places(stages: Iterable[Stage] = STAGES.values()) -> dict[str, Place]:
    """The place of every stage of the flow and of the approval.

    ValueError for a stage that follows an unknown one, for stages that follow each other in a ring, and for two stages in
    one place.
    """
    known = in_flow(stages)
    rows: dict[str, int] = {}

    def row(name: str, above: tuple[str, ...]) -> int:
        if name in above:
            raise ValueError(f"stages follow each other in a ring: {', '.join((*above, name))}")
        if name not in rows:
            rows[name] = 1 + max((row(n, (*above, name)) for n in _before(name, known)), default=-1)
        return rows[name]

    found = {n: Place(row(n, ()), known[n].lane if n in known else 0) for n in (APPROVAL, *known)}
    taken: dict[Place, str] = {}
    for name, place in found.items():
        if place in taken:
            raise ValueError(f"{name} and {taken[place]} stand in one place of the drawn flow: give one another lane")
        taken[place] = name
    return found


def _before(name: str, known: dict[str, Stage]) -> tuple[str, ...]:
    """What gives a box its row: for the approval the stages that bring it about, for a stage the first that it follows."""
    if name == APPROVAL:
        return tuple(s.name for s in known.values() if APPROVAL in s.writes)
    for other in (*known[name].after, *known[name].back):
        if other != APPROVAL and other not in known:
            raise ValueError(f"stage {name} follows {other}, which is no stage of the flow")
    return known[name].after[:1]


def arrows(stages: Iterable[Stage] = STAGES.values()) -> list[Arrow]:
    """Every arrow, those that work back last."""
    known = in_flow(stages).values()
    forth = [Arrow(s.name, APPROVAL) for s in known if APPROVAL in s.writes]
    forth += [Arrow(other, s.name) for s in known for other in s.after]
    return forth + [Arrow(s.name, other, True) for s in known for other in s.back]


def sides(arrow: Arrow, at: dict[str, Place]) -> tuple[Side, Side]:
    """The side of its box at which an arrow leaves, and at which it arrives.

    Straight down between neighbours of a lane, across within a row, else by the channel between two lanes: out of a side
    lane into the side of a box of the main line, out of the main line over the top of a box of a side lane.
    """
    a, b = at[arrow.source], at[arrow.target]
    if a.lane == b.lane:
        return ("bottom", "top") if b.row == a.row + 1 else ("right", "right")
    towards: Side = "right" if b.lane > a.lane else "left"
    facing: Side = "left" if towards == "right" else "right"
    if b.row > a.row and abs(b.lane) > abs(a.lane):
        return towards, "top"
    return towards, facing
