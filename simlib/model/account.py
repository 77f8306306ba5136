"""Keeping count: days in each state, and what was true at the dates that indicators ask about."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.workdays import INF
from simlib.model.stages.recorded import recorded_supply
from simlib.model.state import C_DAYS, STOCKED, TEMPORARY

_CUBE_DAYS = C_DAYS


@compiled
def spend(S, h, d, state, a, b):
    """Count the days from a to b in a state, as far as they lie in the drug's first 24 months and the horizon.

    Days on which recorded purchasing supplies the pair before it is stocked count as temporary, each of them once.
    """
    drug = S.drug[d]
    if drug["counted"] == 0:
        return
    a = max(a, drug["approval"])
    b = min(b, drug["approval_24"], S.num[0]["horizon"])
    if b <= a:
        return
    row = S.cube[d, S.hospital[h]["group"]]
    if state != STOCKED and state != TEMPORARY:
        start, end = recorded_supply(S, h, d, INF)  # a state before the stock date ends with it
        supplied = min(b, end) - max(a, start)
        if supplied > 0.0:
            row[_CUBE_DAYS + TEMPORARY] += supplied
            row[_CUBE_DAYS + state] += b - a - supplied
            return
    row[_CUBE_DAYS + state] += b - a


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
    case["flags"] |= dates_supplied(S.drug[case["d"]], case["supply_from"], case["supply_to"])


@compiled
def note_recorded(S, case):
    """Remember a case's supply by recorded purchasing, once its stock date is settled."""
    a, b = recorded_supply(S, case["h"], case["d"], case["stock"])
    case["flags"] |= dates_supplied(S.drug[case["d"]], a, b)
    case["temporary_first"] = min(case["temporary_first"], a)


@compiled
def dates_supplied(drug, a, b):
    """At which of a drug's four dates a supply in [a, b) is there: the sum of 1, 2, 4, 8."""
    flags = 0
    if a <= drug["approval_12"] and drug["approval_12"] < b:
        flags |= 1
    if a <= drug["approval_24"] and drug["approval_24"] < b:
        flags |= 2
    if a <= drug["entered_12"] and drug["entered_12"] < b:
        flags |= 4
    if a <= drug["entered_24"] and drug["entered_24"] < b:
        flags |= 8
    return flags


@compiled
def drop_empty(case):
    """Forget a temporary supply that would begin on or after its end."""
    if case["supply_from"] >= case["supply_to"]:
        if case["temporary_first"] == case["supply_from"]:
            case["temporary_first"] = INF
        case["supply_from"], case["supply_to"] = INF, INF
