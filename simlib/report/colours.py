"""The language of the figures: one colour, marker and line a policy wherever it is shown.

The colours are those of Okabe and Ito, told apart by colour-blind readers; markers and line styles tell the policies
apart in grey.
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


_LOOKS = {
    "before-reform": Look("#6b6b6b", "s", ":"),
    "national": Look("#0072B2", "o", "-"),
    "sichuan": Look("#D55E00", "^", "--"),
    "chongqing": Look("#009E73", "D", "-."),
    "beijing": Look("#CC79A7", "v", (0, (5, 1))),
    "guangzhou": Look("#B8860B", "P", (0, (3, 1, 1, 1))),
}
_SPARE = (Look("#56B4E9", "X", (0, (1, 1))), Look("#7B4FA3", "h", (0, (6, 2, 1, 2))), Look("#4d4d4d", "*", "-"))

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

LEVELS = {3: Look("#0072B2", "o", "-"), 2: Look("#D55E00", "^", "--"), 1: Look("#009E73", "D", "-.")}
LOW, HIGH = "#56B4E9", "#D55E00"  # ends of an assumption's range


def look(policy: str) -> Look:
    """How a policy is drawn; one that is not known by name gets a spare look, always the same one."""
    known = policy.removesuffix("-alone")
    if policy in _LOOKS:
        return _LOOKS[policy]
    if known in _LOOKS:
        return Look(_LOOKS[known].colour, _LOOKS[known].marker, (0, (1, 2)))
    return _SPARE[sum(map(ord, policy)) % len(_SPARE)]
