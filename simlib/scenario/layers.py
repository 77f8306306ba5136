"""The layers of a scenario: what each source sets, in order, and where each value stands.

=========  ==================================================  ==========================================
layer      what it sets                                        its values stand in
=========  ==================================================  ==========================================
default    every assumed number                                `scenarios/assumptions.yaml`
nothing    numbers, if the file says `start_from: nothing`     `scenarios/nothing.yaml`
reading    numbers, if a reading is chosen that has any        `scenarios/readings.yaml`
region     numbers of the region's platform and communities    the region's file
file       keys of the scenario                                the scenario's file
variant    keys, readings, rules and numbers                   the variants that the file names
changes    readings, rules and numbers                         the file's `changes`
variant    keys, readings, rules and numbers                   the variants of the caller, in their order
set        keys, readings, rules and numbers                   single changes of the caller
=========  ==================================================  ==========================================

A later layer wins. `simlib.scenario.resolve` lays them over one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from simlib.core.complaints import nearest_path
from simlib.core.files import Document, InputError
from simlib.policy.changes import FIELDS, is_change
from simlib.policy.levers import LEVERS
from simlib.scenario.names import scenario_document
from simlib.scenario.variants import Variant, named_variants, read_variants
from simlib.world.parameters import Parameters

READING = "readings."
NUMBERS = ("parameters",)  # the key path under which assumed numbers stand
KINDS = ("default", "nothing", "reading", "region", "file", "variant", "changes", "set")

KeyPath = tuple  # such as ("parameters", "decision", "rho")
RuleChange = tuple[str, dict[str, Any]]  # who changes a rule, and how

# a mapping with one of these words is one value (a distribution, a rhythm), no group of values
ONE_VALUE = {
    "constant", "uniform", "exponential", "lognormal", "gamma", "weibull", "empirical", "every", "intervals", "grid", "pass",
}  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Who set a value, and where that stands: a layer, its name (of a variant, reading or region), file and line."""

    layer: str
    name: str = ""
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        who = f"{self.layer} {self.name}" if self.name else self.layer
        return f"{who} ({self.file}:{self.line})" if self.file else who


@dataclass(frozen=True)
class Layer:
    """What one source sets.

    values: by key path of a scenario. rules: changes of the policy, in order. document: where that stands. places: the
    key path in the document of a key path of the scenario and of those below it; the same path where it is left out.
    """

    kind: str
    values: Mapping[KeyPath, Any]
    rules: tuple[RuleChange, ...] = ()
    name: str = ""
    document: Document = field(default_factory=lambda: Document("", {}))
    places: Mapping[KeyPath, KeyPath] = field(default_factory=dict)

    def place(self, path: KeyPath) -> KeyPath:
        """Where a key path of the scenario stands in this layer's document."""
        for n in range(len(path), -1, -1):
            if path[:n] in self.places:
                return (*self.places[path[:n]], *path[n:])
        return path

    def origin(self, path: KeyPath) -> Origin:
        """This layer as the origin of a value."""
        line = self.document.line(self.place(path)) if self.document.lines else 0
        return Origin(self.kind, self.name, self.document.file if line else "", line)

    def label(self, place: KeyPath) -> str:
        """How a message begins about what stands at a place of the document; empty if file and line say enough."""
        if self.kind == "changes":
            return f"{self.document.source(place)}: {place[-2]}"
        return {"variant": f"variant {self.name}", "set": "set"}.get(self.kind, "")


def gather(
    name: str | Path | dict | Document,
    set: Mapping[str, Any],
    variants: Sequence[str],
    keys: Sequence[str],  # noqa: A002
) -> list[Layer]:
    """The layers of a scenario that its file and its caller write, the lowest first.

    name: a stored scenario, a path, a mapping or a read file. keys: the keys of a scenario's file. Raises InputError for
    a file or variant that cannot be read, and for a change that means nothing.
    """
    document = scenario_document(name)
    named, given = read_variants(named_variants(document)), read_variants(variants)
    return [
        file_layer(document),
        *(variant_layer(v, keys) for v in named),
        *file_changes(document),
        *(variant_layer(v, keys) for v in given),
        changes_layer("set", set, keys),
    ]


def file_layer(document: Document) -> Layer:
    """A scenario's file: its keys as they are, and each of its numbers and readings by itself."""
    values: dict[KeyPath, Any] = {}
    for key, value in document.data.items():
        values |= each_value((key,), value) if key in ("parameters", "readings") else {(key,): value}
    return Layer("file", values, document=document)


def file_changes(document: Document) -> list[Layer]:
    """The `changes` of a scenario's file; none where they are no mapping, which the check of the file complains about."""
    changes = document.data.get("changes")
    return [changes_layer("changes", changes, (), document=document)] if isinstance(changes, dict) else []


def variant_layer(variant: Variant, keys: Iterable[str]) -> Layer:
    """A variant's changes. keys: the keys of a scenario's file that they may set."""
    return changes_layer("variant", variant.file.changes, keys, variant.name, variant.document)


def changes_layer(
    kind: str,
    changes: Mapping[str, Any],
    keys: Iterable[str],
    name: str = "",
    document: Document | None = None,
    root: KeyPath = ("changes",),
) -> Layer:
    """A layer of single changes, by key as `--set` takes it.

    keys: the keys of a scenario's file that may be set. document, root: where the changes stand; without a document they
    come from no file. Raises InputError for a key that means nothing.
    """
    layer = Layer(kind, {}, name=name, document=document or Document("", {}))
    values: dict[KeyPath, Any] = {}
    places: dict[KeyPath, KeyPath] = {}
    rules: list[RuleChange] = []
    for key, value in changes.items():
        place = (*root, key)
        who = layer.label(place)
        for path, part in _sorted(who, key, value, keys):
            if path:
                values[path], places[path] = part, place
            else:
                rules.append((who, part))
    return replace(layer, values=values, places=places, rules=tuple(rules))


def _sorted(who: str, key: str, value: Any, keys: Iterable[str]) -> list[tuple[KeyPath, Any]]:
    """(key path, value) of what a change sets; an empty path for a change of a rule."""
    if key in ("variants", *NUMBERS):
        remedy = "name variants with --variant (variants=), numbers by their path (decision.rho)"
        raise InputError(f"{who} {key}: {remedy}")
    if key in keys:
        if key == "readings" and isinstance(value, dict):
            return [((key, code), str(answer)) for code, answer in value.items()]
        if key == "changes" and isinstance(value, dict):
            return [found for k, v in value.items() for found in _sorted(who, k, v, ())]
        return [((key,), value)]
    if key.startswith(READING):
        return [(("readings", key.removeprefix(READING)), str(value))]
    if is_change(key):
        return [((), {key: value})]
    if is_number(key):
        return [((*NUMBERS, *key.split(".")), value)]
    raise InputError(f"{who} {key}: " + _unknown(key, keys))


def is_number(key: str) -> bool:
    """Whether a key is the path of an assumed number, such as ``decision.rho``, or of a group of them."""
    group, _, rest = key.partition(".")
    known = Parameters.model_fields.get(group)
    return known is not None and rest.split(".")[0] in known.annotation.model_fields


def key_path(key: str) -> KeyPath:
    """The key path of a scenario that a dotted key means."""
    return (*NUMBERS, *key.split(".")) if is_number(key) else tuple(key.split(".", 1))


def _unknown(key: str, keys: Iterable[str]) -> str:
    paths = [f"{group}.{leaf}" for group, f in Parameters.model_fields.items() for leaf in f.annotation.model_fields]
    levers = [n + end for n in LEVERS for end in ("", *(f".{f}" for f in FIELDS))]
    allowed = (
        "a key of the scenario file, readings.CODE, a lever (simlib list levers), or the path of an assumed number"
    )
    return f"unknown key; allowed: {allowed}{nearest_path(key.split('@')[0], [*keys, *paths, *levers])}"


def is_group(value: Any) -> bool:
    """Whether a value is a group of values, each of which can be set by itself."""
    return isinstance(value, dict) and not ONE_VALUE & value.keys()


def each_value(path: KeyPath, value: Any) -> Iterator[tuple[KeyPath, Any]]:
    """(key path, value) of every value in a group; the value itself if it is none, or an empty one."""
    if is_group(value) and value:
        for key, inner in value.items():
            yield from each_value((*path, key), inner)
    else:
        yield path, value
