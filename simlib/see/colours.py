"""The language of the figures: one colour, marker and line a policy wherever it is shown.

The colours are those of Okabe and Ito, or darker ones of the same hue, told apart by colour-blind readers; how dark they
are, markers and line styles tell the policies apart in grey.
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#222222"
FAINT = "#8a8a8a"
RULE = "#d9d9d9"


@dataclass(frozen=True)
class Look:
    """How a policy is drawn."""

    colour: str
    marker: str
    line: str | tuple


DOTS, DASHES, DASH_DOTS = (0, (1, 1.4)), (0, (5, 2)), (0, (7, 2, 1.2, 2))
LINES = ("-", DASHES, DASH_DOTS, DOTS)
# of two that have the same kind of line one is much darker, and no two have the same marker
_LOOKS = {
    "before-2021": Look("#b4b4b4", "p", DASH_DOTS),
    "listing-2023": Look("#2b2b2b", "8", "-"),
    "before-reform": Look("#424242", "s", DOTS),
    "list-2025": Look("#7FB8DE", "H", DASHES),
    "national": Look("#0072B2", "o", "-"),
    "sichuan": Look("#D55E00", "^", DASHES),
    "chongqing": Look("#007F5C", "D", DASH_DOTS),
    "beijing": Look("#9C3D75", "v", (0, (10, 2.5))),
    "guangzhou": Look("#B8860B", "P", (0, (4, 1.6, 1.2, 1.6, 1.2, 1.6))),
}
_ALONE = {
    "before-2021": "p", "listing-2023": "p", "before-reform": "p", "list-2025": "8", "national": "8", "sichuan": "<",
    "chongqing": "d", "beijing": ">", "guangzhou": "H",
}  # fmt: skip
_SPARE = (Look("#56B4E9", "X", "-"), Look("#5B3A8C", "h", DASH_DOTS), Look("#4d4d4d", "*", "-"))
MARKERS = ("o", "^", "D", "s", "v", "P", "X", "h", "*", "p", "<", ">", "8", "d", "H")

# states of the flow, from the start (dark) to stocked; hatches tell neighbours apart in grey
STATES: dict[str, tuple[str, str]] = {
    "not_listed": ("#3b3b3b", ""),
    "not_aware": ("#6f6f6f", ""),
    "not_asked": ("#b5b5b5", ""),
    "waiting": ("#F0E442", ""),
    "deferred": ("#E69F00", "//"),
    "refused": ("#D55E00", ""),
    "waiting_for_room": ("#CC79A7", "\\\\"),
    "being_bought": ("#56B4E9", ""),
    "temporary": ("#9fd8c3", "xx"),
    "stocked": ("#009E73", ""),
}

LEVELS: dict[int, tuple[str, str | tuple]] = {3: ("o", "-"), 2: ("^", DASHES), 1: ("D", DASH_DOTS)}  # marker, line
LOW, HIGH = "#56B4E9", "#D55E00"  # ends of an assumption's range


def kind_of(line: str | tuple) -> str:
    """The kind of a line as the eye tells it apart: "-" unbroken, "." dots, "--" dashes however long, "-." both."""
    if line == "-":
        return "-"
    drawn = line[1][::2]  # type: ignore[index]
    return "." if max(drawn) <= 1.5 else "--" if min(drawn) > 1.5 else "-."


def look(policy: str) -> Look:
    """How a policy is drawn; one that is not known by name gets a spare look, always the same one."""
    known = policy.removesuffix("-alone")
    if policy in _LOOKS:
        return _LOOKS[policy]
    if known in _LOOKS:
        return Look(_LOOKS[known].colour, _ALONE[known], DOTS)
    return _SPARE[sum(map(ord, policy)) % len(_SPARE)]


def level_look(policy: str, level: int) -> Look:
    """How a hospital level is drawn where one policy is shown: in the policy's colour, so that no level looks like another."""
    return Look(look(policy).colour, *LEVELS[level])
