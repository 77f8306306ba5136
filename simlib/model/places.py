"""Where a hospital stands: what of a drug is so in its province."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.model.state import State


@compiled
def listed_at(S: State, h, d):
    """The day on which the platform of hospital h's province lists drug d, inf for never."""
    return S.listed[S.hospital[h].province, d]
