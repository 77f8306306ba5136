"""A policy as people name it: POLICY[@REGION], or a file, with changes, readings and variants laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simlib.core.files import InputError, one_of, scenarios
from simlib.policy.changes import changed_policy
from simlib.policy.load import for_region, load_policy
from simlib.policy.readings import choose
from simlib.policy.rules import Policy
from simlib.scenario.layers import Layer, changes_layer, variant_layer
from simlib.scenario.resolve import resolve
from simlib.scenario.variants import read_variants


def load_rulebook(
    name: str,
    set: dict[str, Any] | None = None,  # noqa: A002
    variants: Sequence[str] = (),
) -> Policy:
    """Load a policy, as it holds everywhere or in one region.

    Parameters
    ----------
    name : str
        POLICY or POLICY@REGION: the name of a policy or a .yaml file, and that of a region. In a region, rules that hold only
        elsewhere are left out.
    set : dict, optional
        Changes of rules and readings, as in `simlib.load_scenario`.
    variants : sequence of str
        Stored sets of changes, laid below `set`.

    Returns
    -------
    Policy
        Its layers, what held before the reforms lowest.

    Raises
    ------
    InputError
        One line that names the file or key and the remedy, for whatever cannot be used.

    Examples
    --------
    >>> import simlib
    >>> simlib.load_rulebook("sichuan@sichuan").name
    'sichuan'
    """
    stem, _, region = name.partition("@")
    regions = sorted(p.stem for p in (scenarios() / "regions").glob("*.yaml"))
    if region and region not in regions:
        raise InputError(f"{name}: " + one_of(region, regions, "region"))
    policy = load_policy(stem)
    if region:
        policy = for_region(policy, region)
    layers = [*(variant_layer(v, ()) for v in read_variants(variants)), changes_layer("set", set or {}, ())]
    for path in (p for layer in layers for p in layer.values if p[0] == "parameters"):
        raise InputError(f"set {'.'.join(path[1:])}: an assumed number, not a rule; simlib run takes it")
    return policy_under(policy, layers)


def policy_under(policy: Policy, layers: Sequence[Layer]) -> Policy:
    """The policy under the readings and then the changes of rules that layers ask for."""
    tree = resolve(layers)
    return changed_policy(policy, choose(tree.data.get("readings", {}), policy), tree.rules)
