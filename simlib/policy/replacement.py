"""Documents of one place on each other: what a later one says of the earlier ones (`stacking` in its head) acts here.

earlier_yields: a rule of the later document replaces the earlier one's rule of that lever, for the drugs and hospitals
that it names, while it is in force. Under every other word both hold, with the better value and the stronger strength,
as between documents of different places. Practice before the reforms is no document; nothing replaces it.
"""

from __future__ import annotations

from simlib.policy.checks import PRACTICE, YIELDS
from simlib.policy.rules import Layer, Policy, Rule


def replacing(policy: Policy, layer: Layer, rule: Rule) -> list[tuple[Layer, Rule]]:
    """The rules of later documents of the same place that replace a rule where they reach, lowest layer first."""
    return [
        (later, r)
        for later in _later(policy, layer)
        if later.stacking == YIELDS and later.place == layer.place and rule.document != PRACTICE
        for r in later.rules
        if r.lever == rule.lever
    ]


def replaced(policy: Policy, layer: Layer, rule: Rule) -> list[tuple[Layer, Rule]]:
    """The rules of earlier documents of the same place that a rule replaces where it reaches, lowest layer first."""
    return [
        (earlier, r)
        for earlier in policy.layers
        for r in earlier.rules
        if r.lever == rule.lever and any(x is rule for _, x in replacing(policy, earlier, r))
    ]


def _later(policy: Policy, layer: Layer) -> tuple[Layer, ...]:
    at = next(i for i, x in enumerate(policy.layers) if x is layer)
    return policy.layers[at + 1 :]
