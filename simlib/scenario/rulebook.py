"""A policy as people name it: POLICY[@REGION], or a file, with changes, readings and variants laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simlib.core.files import InputError, one_of, scenarios
from simlib.policy.load import for_region, load_policy
from simlib.policy.rules import Policy
from simlib.scenario.changes import Overrides, changed_policy, readings_chosen
from simlib.scenario.variants import composed


def load_rulebook(
    name: str,
    set: dict[str, Any] | None = None,  # noqa: A002
    variants: Sequence[str] = (),
) -> Policy:
    """The policy of POLICY[@REGION] (a name or a .yaml file): in a region, without rules that hold only elsewhere.

    `set` and `variants` change rules and readings as in `load_scenario`. InputError for whatever cannot be used.
    """
    stem, _, region = name.partition("@")
    regions = sorted(p.stem for p in (scenarios() / "regions").glob("*.yaml"))
    if region and region not in regions:
        raise InputError(f"{name}: " + one_of(region, regions, "region"))
    policy = load_policy(stem)
    if region:
        policy = for_region(policy, region)
    over = Overrides()
    for source, given in (*composed(list(variants)), ("set", set or {})):
        over.add(source, given, ())
    if over.numbers:
        raise InputError(f"set {next(iter(over.numbers))}: an assumed number, not a rule; simlib run takes it")
    chosen, _ = readings_chosen(over.readings, policy)
    return changed_policy(policy, chosen, over.rules)
