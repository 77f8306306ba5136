"""The vocabulary of rules: every lever. A policy file may use no other name.

`simlib.policy.vocabulary` declares them, one module a group; keys of packed rules, schemas, the explorer's controls, lists
and the random worlds of the tests are made from this table. `simlib list levers` shows it.
"""

from __future__ import annotations

from simlib.policy.vocabulary.access import ACCESS
from simlib.policy.vocabulary.before import BEFORE
from simlib.policy.vocabulary.commercial import COMMERCIAL, SETTLEMENT
from simlib.policy.vocabulary.committee import COMMITTEE, OVERSIGHT
from simlib.policy.vocabulary.lever import (
    BARRIERS,
    ORDERS,
    STRENGTHS,
    TRIGGERS,
    YEARS,
    Addressee,
    Bilingual,
    Direction,
    Kind,
    Lever,
    Strength,
)
from simlib.policy.vocabulary.payment import DUAL_CHANNEL, PAYMENT, USE

__all__ = [
    "BARRIERS",
    "LEVERS",
    "ORDERS",
    "STRENGTHS",
    "TRIGGERS",
    "YEARS",
    "Addressee",
    "Bilingual",
    "Direction",
    "Kind",
    "Lever",
    "Strength",
]

_ALL = (*ACCESS, *COMMITTEE, *DUAL_CHANNEL, *USE, *PAYMENT, *COMMERCIAL, *SETTLEMENT, *OVERSIGHT, *BEFORE)
LEVERS: dict[str, Lever] = {lever.name: lever for lever in _ALL}
