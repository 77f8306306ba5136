"""Levers that no list of the random worlds names and no stored policy sets: drawn all the same, with values of their kind.

A new lever is so in the comparison of engine and twin from its first day. The draws are of generators of their own and
only made where there is such a lever, so that the worlds of today stay what they are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from simlib.policy.levers import LEVERS, Lever
from simlib.policy.load import load_policy
from tests.worlds_use import own_rules


def values_of(lever: Lever) -> list[Any]:
    """Some values of a lever, as a policy file has them; none of a lever of a file's head."""
    low, high = lever.bounds
    middle = float(np.sqrt(max(low, 1.0) * high)) if lever.high is not None else 1.0
    match lever.kind:
        case "flag":
            return [True]
        case "choice":
            return list(lever.allowed[1:])  # the first is the one that changes nothing
        case "set":
            return [*([word] for word in lever.allowed), list(lever.allowed)]
        case "limit":
            return [f"{x:g} {lever.unit}" for x in (max(low, 1.0), round(middle))]
        case "count":
            return [4, 9]
        case "share":
            return [0.3, 0.8]
        case "number":
            return [low + x * (high - low) for x in (0.1, 0.5)]
        case "schedule":
            keys = [k for k in lever.allowed if not k.startswith("share")] or ["2023", "2024"]
            return [{key: round(middle)} for key in keys]
    return []


@cache
def undrawn(drawn: frozenset[str], policies: tuple[str, ...]) -> tuple[str, ...]:
    """Levers that a file can set, that are not among `drawn`, and of which none of the policies says anything."""
    said = drawn | {r.lever for name in policies for r in load_policy(name).rules}
    return tuple(name for name, lever in LEVERS.items() if name not in said and values_of(lever))


def add_rest(world: dict[str, Any], seed: int, levers: tuple[str, ...]) -> None:
    """Rules of these levers in most worlds that have a policy of their own."""
    policy = world["policy"]
    if not isinstance(policy, dict):
        return
    for name in levers:
        g = np.random.default_rng([seed, 8, *name.encode()])
        if g.random() < 0.6:
            first, values = policy["in_force"]["from"], values_of(LEVERS[name])
            policy["rules"][name] = own_rules(g, name, values, first, world["horizon_days"])
