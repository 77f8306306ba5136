"""Worlds whose assumed numbers are drawn: each replication of a scenario with `world: assumed` or `fitted` has numbers of its own.

World k is that of replication k. Under `assumed` every number with a range is uniform on it, by scrambled Sobol' points (Owen
1998, doi:10.1006/jcom.1998.0487), so that few worlds cover the ranges evenly; under `fitted` the numbers that the calibration
could tell something about come from its posterior (`simlib.scenario.fitted`), the others as before. All rulebooks meet the same
worlds. A number that a file, a reading or the caller sets stays as it was set, and so does one that expresses a reading: how
a text is meant is no property of the world, so that each answer has a posterior of its own.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from simlib.policy.changes import parameters_of_readings
from simlib.scenario.definition import Scenario
from simlib.scenario.fitted import fitted_numbers
from simlib.scenario.layers import NUMBERS
from simlib.world.assumptions import Assumption
from simlib.world.parameters import Parameters

CHUNK = 64  # points that are made together; a power of two, as Sobol' points want
AGAIN = 2**20  # replication k + AGAIN is the world of replication k with other luck
OTHERS = 2 * AGAIN  # replication k + OTHERS has the fitted numbers of world k; its other numbers and its luck are new
TINY = 2.0**-20  # a duration's mean or median must be above 0; an end of 0 means one step of the grid of time


def in_world(scenario: Scenario, replication: int) -> Scenario:
    """The scenario with the numbers of one replication's world; itself where its numbers stay in the middle."""
    if scenario.world == "middle":
        return scenario
    return with_drawn(scenario, numbers_of(scenario, replication))


def numbers_of(scenario: Scenario, replication: int) -> dict[str, float]:
    """The drawn numbers of a replication's world, by path; empty where they stay in the middle."""
    if scenario.world == "middle":
        return {}
    turn, row = divmod(replication, AGAIN)
    at = points(scenario, row, 1) if turn != OTHERS // AGAIN else _other_point(scenario, row)
    numbers = numbers_at(scenario, at)
    if scenario.world == "fitted":
        numbers |= fitted_numbers(row, answers_of(scenario))
    kept = {a.path for a in drawable(scenario)}
    return {path: float(np.ravel(x)[0]) for path, x in numbers.items() if path in kept}


def with_drawn(scenario: Scenario, numbers: Mapping[str, float]) -> Scenario:
    """The scenario with these assumed numbers in place of its own; pydantic's ValidationError for some that cannot be used."""
    known, whole = {a.path: a for a in candidates(scenario)}, counts(scenario)
    tree = scenario.parameters.model_dump(mode="json", by_alias=True)
    for path, x in numbers.items():
        *parents, leaf = path.split(".")
        node: Any = tree
        for part in parents:
            node = node[part]
        node[leaf] = with_number(tree, known[path], int(x) if path in whole else float(x))
    return replace(scenario, parameters=Parameters.model_validate(tree), world="middle")


def candidates(scenario: Scenario) -> list[Assumption]:
    """The assumed numbers of a scenario that have a range to move in."""
    return [a for a in scenario.assumptions if a.kind == "assumed" and _is_number_range(a)]


def untouched(scenario: Scenario) -> list[Assumption]:
    """Of these, the ones that stand as the register has them: nothing else set them."""
    return [a for a in candidates(scenario) if _layer(scenario, a.path) == "default"]


def drawable(scenario: Scenario) -> list[Assumption]:
    """Of these, the ones that are guesses about the world: they express no reading."""
    held = of_readings()
    return [a for a in untouched(scenario) if a.path not in held]


def of_readings() -> frozenset[str]:
    """Paths of the numbers that express a reading, such as what a canvass of departments is worth (A11)."""
    return frozenset(path for values in parameters_of_readings().values() for path in values)


def _layer(scenario: Scenario, path: str) -> str:
    """Who set a number last."""
    own = scenario.settings.get((*NUMBERS, *path.split(".")))
    return (own or scenario.settings_of(path))[-1].origin.layer


def answers_of(scenario: Scenario) -> dict[str, float]:
    """The numbers that express readings as the scenario has them."""
    tree, told = scenario.parameters.model_dump(by_alias=True), of_readings()
    return {a.path: float(_at(tree, a.path)) for a in candidates(scenario) if a.path in told}


def counts(scenario: Scenario) -> frozenset[str]:
    """Paths of the assumed numbers that are counts, which take whole values alone: their field says so."""
    tree = scenario.parameters.model_dump(by_alias=True)
    return frozenset(a.path for a in candidates(scenario) if not a.of and _is_count(_at(tree, a.path)))


def points(scenario: Scenario, first: int, rows: int) -> np.ndarray:
    """Scrambled Sobol' points of worlds `first` on, uniform on the unit cube (float64, rows x candidates)."""
    start, key = first - first % CHUNK, (len(candidates(scenario)), entropy(scenario))
    blocks = [_block(*key, k) for k in range(start, first + rows, CHUNK)]
    return np.concatenate(blocks)[first - start : first - start + rows]


def _other_point(scenario: Scenario, row: int) -> np.ndarray:
    """A point for world `row` that is independent of its Sobol' point; another point of the same sequence would not be."""
    return np.random.default_rng([entropy(scenario), row]).random((1, len(candidates(scenario))))


@functools.lru_cache(maxsize=64)
def _block(dimensions: int, entropy: int, first: int) -> np.ndarray:
    from scipy.stats import qmc  # takes half a second to load

    sobol = qmc.Sobol(dimensions, rng=np.random.default_rng(entropy))
    if first:  # scipy cannot forward by nothing
        sobol.fast_forward(first)
    return sobol.random(CHUNK)


def numbers_at(scenario: Scenario, at: np.ndarray) -> dict[str, np.ndarray]:
    """The assumed numbers at points of the unit cube (float64, worlds x candidates), by path: 0 is the low end of a range.

    Each is float64, one value a world; whole where the number is a count.
    """
    whole, found = counts(scenario), {}
    for a, u in zip(candidates(scenario), at.T, strict=True):
        low, high = map(float, a.range)
        x = np.floor(low + u * (high - low + 1)) if a.path in whole else low + u * (high - low)
        found[a.path] = x.clip(low, high)
    return found


def with_number(tree: Mapping, assumption: Assumption, number: float) -> Any:
    """The value of an assumed number that has become `number`: itself, or its distribution with that median or mean.

    tree: the parameters as `model_dump(mode="json", by_alias=True)` gives them.
    """
    if not assumption.of:
        return number
    value = _at(tree, assumption.path)
    of = assumption.of
    return {k: {**v, of: max(number, TINY)} if isinstance(v, dict) else v for k, v in value.items()}


def _at(tree: Mapping, path: str) -> Any:
    value: Any = tree
    for part in path.split("."):
        value = value[part]
    return value


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number_range(a: Assumption) -> bool:
    ends: Sequence = a.range
    if len(ends) != 2 or any(isinstance(e, bool) or not isinstance(e, (int, float)) for e in ends):
        return False
    return ends[0] != ends[1] and (a.of is not None or isinstance(a.value, (int, float)))


def entropy(scenario: Scenario) -> int:
    """The seed of the points: the same under every policy, so that two rulebooks meet the same worlds."""
    said = [(a.path, [float(e) for e in a.range]) for a in candidates(scenario)]
    return int.from_bytes(hashlib.sha256(json.dumps([scenario.seed, said]).encode()).digest()[:8], "big")
