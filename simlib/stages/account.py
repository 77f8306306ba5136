"""Keeping count: days in each state, and what was true at the dates that indicators ask about."""

from __future__ import annotations

from simlib.compiled import compiled
from simlib.stages.state import C_DAYS, TEMPORARY
from simlib.workdays import INF

_CUBE_DAYS = C_DAYS


@compiled
def spend(S, h, d, state, a, b):
    """Count the days from a to b in a state, as far as they lie in the drug's first 24 months and the horizon."""
    drug = S.drug[d]
    if drug["counted"] == 0:
        return
    a = max(a, drug["approval"])
    b = min(b, drug["approval_24"], S.num[0]["horizon"])
    if b > a:
        S.cube[d, S.hospital[h]["group"], _CUBE_DAYS + state] += b - a


@compiled
def close(S, case, t):
    """Count a case's days in its state until t; where temporary supply ran meanwhile they count as temporary."""
    h, d, a = case["h"], case["d"], case["since"]
    x = max(a, case["supply_from"])
    y = min(t, case["supply_to"])
    if y > x:
        spend(S, h, d, case["state"], a, x)
        spend(S, h, d, TEMPORARY, x, y)
        spend(S, h, d, case["state"], y, t)
    else:
        spend(S, h, d, case["state"], a, t)
    case["since"] = t


@compiled
def note_supply(S, case):
    """Remember at which of the drug's four dates the temporary supply that ends or is replaced was there."""
    a, b = case["supply_from"], case["supply_to"]
    drug = S.drug[case["d"]]
    flags = case["flags"]
    if a <= drug["approval_12"] and drug["approval_12"] < b:
        flags |= 1
    if a <= drug["approval_24"] and drug["approval_24"] < b:
        flags |= 2
    if a <= drug["entered_12"] and drug["entered_12"] < b:
        flags |= 4
    if a <= drug["entered_24"] and drug["entered_24"] < b:
        flags |= 8
    case["flags"] = flags


@compiled
def drop_empty(case):
    """Forget a temporary supply that would begin on or after its end."""
    if case["supply_from"] >= case["supply_to"]:
        if case["temporary_first"] == case["supply_from"]:
            case["temporary_first"] = INF
        case["supply_from"], case["supply_to"] = INF, INF
