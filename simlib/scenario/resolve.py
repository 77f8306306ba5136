"""One merge of layers: a tree of values in which every value knows who set it, and over what.

A layer is laid over others in one of two ways: a single change replaces whatever stood at its key path (`Tree.put`), a
group of numbers is merged into the group of the same name, number by number (`Tree.merge`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from simlib.core.files import Document, Fault, InputError, checked, one_of, within
from simlib.scenario.layers import NUMBERS, KeyPath, Layer, Origin, RuleChange, is_group


@dataclass(frozen=True)
class Setting:
    """A value, and who set it."""

    value: Any
    origin: Origin

    def part(self, path: Iterable) -> Setting:
        """What stands in the value at a key path of its own; None where nothing does."""
        value = self.value
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return Setting(value, self.origin)


Settings = dict[KeyPath, tuple[Setting, ...]]  # all that was set, by key path, the winner last


def settings_at(settings: Settings, path: KeyPath) -> tuple[Setting, ...]:
    """All that was set at a key path, the winner last; empty where nothing was."""
    place = latest(settings, path)
    return () if place is None else tuple(s.part(path[len(place) :]) for s in settings[place])


def lay_over(settings: Settings, path: KeyPath, *later: Setting) -> None:
    """Set a key path anew, in place: over what was set there, and instead of what was set below it."""
    for below in [p for p in settings if len(p) > len(path) and p[: len(path)] == path]:
        del settings[below]
    settings[path] = (*settings.pop(path, ()), *later)


def lay_all_over(settings: Settings, values: Mapping[KeyPath, Setting]) -> None:
    """`lay_over` of one setting for each key path, in order; what was set is looked through once and not for each."""
    groups = {p[:n] for p in settings for n in range(1, len(p))}  # key paths below which something is set
    for path, setting in values.items():
        if path in groups:
            lay_over(settings, path, setting)
        else:
            settings[path] = (*settings.pop(path, ()), setting)
        groups.update(path[:n] for n in range(1, len(path)))


def latest(found: Mapping[KeyPath, Any], path: KeyPath) -> KeyPath | None:
    """The key path that decides what stands at a path, of those that were set, the latest last.

    The last of those below it, since what is set as a whole takes all below it away; else its own, or the nearest above.
    """
    below = [p for p in found if len(p) > len(path) and p[: len(path)] == path]
    if below:
        return below[-1]
    return next((path[:n] for n in range(len(path), 0, -1) if path[:n] in found), None)


@dataclass
class Tree:
    """Values by key path, laid over one another.

    data: the values that won, as nested mappings. rules: changes of the policy, in order. settings: all that was set, by
    key path, the winner last. layers: who set a key path last, the latest at the end. document: the lowest
    layer's file as changed, for complaints: each at the place of its value, or under the name of the change that set it.
    """

    data: dict[str, Any] = field(default_factory=dict)
    rules: list[RuleChange] = field(default_factory=list)
    settings: dict[KeyPath, tuple[Setting, ...]] = field(default_factory=dict)
    layers: dict[KeyPath, Layer] = field(default_factory=dict)
    document: Document = field(default_factory=lambda: Document("", {}))

    def put(self, path: KeyPath, value: Any, layer: Layer) -> None:
        """Set a value, whatever stood at its key path or below it. InputError where a value stands above it."""
        node = self.data
        for n, part in enumerate(path[:-1], 1):
            below = node.get(part, {})
            if not isinstance(below, dict):
                if n == 1:
                    return  # such as `parameters: 3`, which the check of the file complains about
                key = ".".join(path[1:])
                raise InputError(f"{layer.label(layer.place(path))} {key}: {part} is a value, not a group")
            node[part] = dict(below)
            node = node[part]
        self._set(node, path, value, layer, (Setting(value, layer.origin(path)),))

    def merge(self, path: KeyPath, over: Tree) -> None:
        """Lay what another tree has at a path over the group that stands there. Fault for a name that is not in it."""
        self._merge(self._own(self.data, path), path, over.value(path), over)

    def _merge(self, group: dict[str, Any], path: KeyPath, values: dict[str, Any], over: Tree) -> None:
        for name, new in values.items():
            below = (*path, name)
            if name not in group:
                raise Fault(below, one_of(str(name), group, "key"))
            if is_group(new) and is_group(group[name]):
                self._merge(self._own(group, (name,)), below, new, over)
            else:
                self._set(group, below, new, over.layer_of(below), settings_at(over.settings, below))

    @staticmethod
    def _own(node: dict[str, Any], path: KeyPath) -> dict[str, Any]:
        """The group at a path below a node, copied so that nobody else's changes with it."""
        for part in path:
            node[part] = dict(node[part])
            node = node[part]
        return node

    def value(self, path: KeyPath) -> Any:
        """What stands at a path; an empty group where nothing does."""
        node: Any = self.data
        for part in path:
            node = node.get(part, {})
        return node

    def _set(
        self, node: dict[str, Any], path: KeyPath, value: Any, layer: Layer, settings: tuple[Setting, ...]
    ) -> None:
        """Set a value in the mapping that holds it, and remember who did; what stood below it is gone."""
        if isinstance(node.get(path[-1]), dict):
            for below in [p for p in self.layers if p[: len(path)] == path and p != path]:
                del self.layers[below], self.settings[below]
        node[path[-1]] = value
        self.layers.pop(path, None)
        self.layers[path] = layer
        self.settings[path] = (*self.settings.pop(path, ()), *settings)

    @contextmanager
    def placed(self) -> Iterator[None]:
        """A `Fault` of a value that a file of its own set, and not the scenario's, becomes an InputError there."""
        try:
            yield
        except Fault as e:
            layer = self.layer_of(e.path)
            if layer.kind not in ("default", "nothing", "reading", "region"):
                raise
            raise layer.document.error(layer.place(e.path), e.words) from None

    def typed(self, path: KeyPath, model: type[BaseModel]) -> Any:
        """What stands at a path, as a model. Fault for a value that cannot be; InputError as `placed`."""
        with self.placed(), within(*path):
            return checked(model, self.value(path))

    def layer_of(self, path: KeyPath) -> Layer:
        """Who set the value at a path, or the one that it stands in, or the last of those that it holds; else the lowest layer."""
        place = latest(self.layers, path)
        return next(iter(self.layers.values())) if place is None else self.layers[place]


def resolve(layers: Sequence[Layer]) -> Tree:
    """The layers laid over one another, each change replacing what stood at its key path."""
    tree = Tree()
    for layer in layers:
        for path, value in layer.values.items():
            tree.put(path, value, layer)
        tree.rules += layer.rules
    labels = {path: layer.label(layer.place(path)) for path, layer in tree.layers.items()}
    changed = {path: label for path, label in labels.items() if label}
    below = layers[0].document if layers else tree.document
    tree.document = Document(below.file, tree.data, below.lines, changed)
    return tree


def all_settings(defaults: Settings, scenario: Tree, numbers: Tree) -> Settings:
    """Who set each key of a scenario, over the defaults of keys, and each of its numbers."""
    keys = {path: settings for path, settings in scenario.settings.items() if path[:1] != NUMBERS}
    return defaults | {path: (*defaults.get(path, ()), *s) for path, s in keys.items()} | numbers.settings
