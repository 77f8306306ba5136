"""A loaded scenario with other numbers, or without the reforms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simlib.policy.load import BASE, for_region, load_policy, names
from simlib.scenario.definition import Scenario
from simlib.scenario.drawn import answers_of
from simlib.scenario.fitted import check_answers, fitted_sha
from simlib.scenario.layers import NUMBERS, Origin
from simlib.scenario.resolve import Setting, lay_all_over, lay_over
from simlib.world.parameters import Parameters


def with_numbers(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario:
    """The scenario with the values at some paths (`decision.rho`, `stages.room`) replaced whole; for workers too.

    KeyError for an unknown path, pydantic's ValidationError for a value that cannot be used.
    """
    tree = scenario.parameters.model_dump(mode="json", by_alias=True)
    for path, value in changes.items():
        *parents, leaf = path.split(".")
        node: Any = tree
        for part in parents:
            node = node[part]
        node[leaf]  # a path that is not there is an error, not a new number
        node[leaf] = value
    parameters = Parameters.model_validate(tree)
    spec = json.loads(scenario.spec) | {"parameters": parameters.model_dump(mode="json", by_alias=True)}
    settings = dict(scenario.settings)
    lay_all_over(settings, {(*NUMBERS, *key.split(".")): Setting(x, Origin("set")) for key, x in changes.items()})
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return replace(scenario, parameters=parameters, spec=text, settings=settings)


def with_world(scenario: Scenario, world: str) -> Scenario:
    """The scenario with its assumed numbers in the middle, drawn from their ranges ("assumed"), or "fitted".

    InputError where a fitted world is asked for and none is stored.
    """
    if world == scenario.world:
        return scenario
    spec = json.loads(scenario.spec)
    spec["file"].pop("world", None)
    spec.pop("fitted", None)
    if world != "middle":
        spec["file"]["world"] = world
    if world == "fitted":
        check_answers(answers_of(scenario))
        spec["fitted"] = fitted_sha()
    settings = dict(scenario.settings)
    lay_over(settings, ("world",), Setting(world, Origin("set")))
    return replace(scenario, world=world, spec=json.dumps(spec, sort_keys=True, ensure_ascii=False), settings=settings)


def with_obedience(scenario: Scenario, obedience: str | float) -> Scenario:
    """The scenario with another degree of obedience of hospitals: a word, or the chance of a "must" (see `Scenario`)."""
    said = obedience if isinstance(obedience, str) else float(obedience)
    spec = json.loads(scenario.spec)
    spec["file"]["obedience"] = said
    settings = dict(scenario.settings)
    lay_over(settings, ("obedience",), Setting(said, Origin("set")))
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return replace(scenario, obedience=said, spec=text, settings=settings)


def before_reform(scenario: Scenario) -> Scenario | None:
    """The same world under what held before the reforms; None if it has no other rules."""
    if all(layer.baseline for layer in scenario.policy.layers):
        return None
    held = [layer.name for layer in scenario.policy.layers if layer.baseline]
    stored = next((name for name in reversed(held) if name in names()), BASE)
    policy = for_region(load_policy(stored), scenario.region.name if scenario.region else "")
    return replace(scenario, policy=policy)
