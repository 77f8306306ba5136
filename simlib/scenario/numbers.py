"""The assumed numbers of a scenario: the defaults, and what readings, its region and the scenario lay over them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from simlib.core.files import Document, read_yaml, scenarios, state_of
from simlib.policy.changes import is_change
from simlib.policy.readings import Chosen, readings
from simlib.scenario.layers import NUMBERS, Layer, each_value
from simlib.scenario.parts import Part
from simlib.scenario.resolve import Setting, Tree, resolve
from simlib.world.assumptions import Assumption, read_assumptions
from simlib.world.region import Region

PLATFORM = (*NUMBERS, "listing")  # the numbers that a region's `platform` gives
COMMUNITIES = (*NUMBERS, "committee", "community_share")  # what its `medical_communities` give


def resolve_numbers(scenario: Tree, chosen: Sequence[Chosen] = (), region: Part[Region] | None = None) -> Tree:
    """The defaults (or nothing), and laid over them what chosen readings, a region and then the scenario itself set.

    Raises Fault for a number that there is not; InputError where it stands in a file of its own.
    """
    layers = [_nothing()] if scenario.data.get("start_from") else []
    layers += [_reading_layer(c) for c in chosen]
    if region and (region.value.platform or region.value.medical_communities):
        layers.append(_region_layer(region, scenario.document))
    numbers = _defaults()
    for over in (resolve(layers), scenario):
        with over.placed():
            numbers.merge(NUMBERS, over)
    return numbers


def _defaults() -> Tree:
    """The tree of the defaults, which one may change."""
    tree = _stored()[0]
    return replace(tree, data=dict(tree.data), settings=dict(tree.settings), layers=dict(tree.layers))


def _stored() -> tuple[Tree, tuple[Assumption, ...]]:
    """The tree of the defaults and the register of them, read once as long as their file does not change."""
    path = scenarios() / "assumptions.yaml"
    return _read(path, state_of(path))


@functools.lru_cache(maxsize=4)
def _read(_path: Path, _state: tuple[int, ...]) -> tuple[Tree, tuple[Assumption, ...]]:
    document, values, register = read_assumptions()
    layer = Layer("default", {NUMBERS: values}, document=document, places={NUMBERS: ()})
    tree = Tree({"parameters": values})
    for path, value in each_value(NUMBERS, values):
        tree.settings[path], tree.layers[path] = (Setting(value, layer.origin(path)),), layer
    return tree, register


def _nothing() -> Layer:
    """The numbers of a scenario that starts from nothing: no stage, no background, no effect."""
    document = read_yaml(scenarios() / "nothing.yaml")
    values = dict(each_value(NUMBERS, document.data["parameters"]))
    return Layer("nothing", values, document=document)


def assumptions() -> tuple[Assumption, ...]:
    """Every assumed number with its range and reason."""
    return _stored()[1]


def _reading_layer(chosen: Chosen) -> Layer:
    """The numbers that a reading sets."""
    at = ("readings", chosen.code, "others", readings()[chosen.code].others.index(chosen.other), "set")
    keys = {(*NUMBERS, *key.split(".")): key for key in chosen.other.set if not is_change(key)}
    values = {path: chosen.other.set[key] for path, key in keys.items()}
    places = {path: (*at, key) for path, key in keys.items()}
    name = f"{chosen.code}={chosen.other.name}"
    return Layer("reading", values, name=name, document=read_yaml(scenarios() / "readings.yaml"), places=places)


def _region_layer(region: Part[Region], scenario: Document) -> Layer:
    """The numbers of a region's own. scenario: the file in which a region stands that has none of its own."""
    root = () if region.document else ("region",)
    values = dict(each_value(PLATFORM, region.value.platform)) if region.value.platform else {}
    if region.value.medical_communities:
        values[COMMUNITIES] = region.value.medical_communities.share
    places = {PLATFORM: (*root, "platform"), COMMUNITIES: (*root, "medical_communities", "share")}
    document = region.document or scenario
    return Layer("region", values, name=region.value.name, document=document, places=places)
