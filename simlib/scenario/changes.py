"""Changes to a scenario, sorted by what they touch: keys of the file, readings, rules of the policy, assumed numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simlib.core.complaints import nearest_path
from simlib.core.files import Document, InputError
from simlib.policy.changes import FIELDS, apply_changes, is_change
from simlib.policy.levers import LEVERS
from simlib.policy.readings import Chosen, choose
from simlib.policy.rules import Policy
from simlib.world.parameters import Parameters

READING = "readings."


@dataclass
class Overrides:
    """What was changed: keys of the scenario file, readings by code, rules (by who changed them), numbers by path."""

    keys: dict[str, Any] = field(default_factory=dict)
    readings: dict[str, str] = field(default_factory=dict)
    rules: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)
    by: dict[tuple, str] = field(default_factory=dict)  # who changed a key path of the scenario, for messages

    def add(self, source: str, changes: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Sort further changes in; InputError for a key that means nothing."""
        for key, value in changes.items():
            if key in ("variants", "parameters"):
                raise InputError(
                    f"{source} {key}: name variants with --variant (variants=), numbers by their path (decision.rho)"
                )
            if key in keys:
                self._key(source, key, value)
            elif key.startswith(READING):
                self._readings(source, {key.removeprefix(READING): value})
            elif is_change(key):
                self.rules.append((source, {key: value}))
            elif _is_number(key):
                self.numbers[key] = value
                self.by[("parameters", *key.split("."))] = source
            else:
                raise InputError(f"{source} {key}: " + _unknown(key, keys))

    def _key(self, source: str, key: str, value: Any) -> None:
        if key == "readings" and isinstance(value, dict):
            self._readings(source, value)
        elif key == "changes" and isinstance(value, dict):
            self.add(source, value, ())
        else:
            self.keys[key] = value
            self.by[(key,)] = source

    def _readings(self, source: str, codes: Mapping[str, Any]) -> None:
        self.readings |= {k: str(v) for k, v in codes.items()}
        self.by |= {("readings", k): source for k in codes}


def _is_number(key: str) -> bool:
    group, _, rest = key.partition(".")
    known = Parameters.model_fields.get(group)
    return known is not None and rest.split(".")[0] in known.annotation.model_fields


def _unknown(key: str, keys: Iterable[str]) -> str:
    paths = [f"{group}.{leaf}" for group, f in Parameters.model_fields.items() for leaf in f.annotation.model_fields]
    levers = [n + end for n in LEVERS for end in ("", *(f".{f}" for f in FIELDS))]
    allowed = (
        "a key of the scenario file, readings.CODE, a lever (simlib list levers), or the path of an assumed number"
    )
    return f"unknown key; allowed: {allowed}{nearest_path(key.split('@')[0], [*keys, *paths, *levers])}"


def readings_chosen(
    codes: Mapping[str, str], policy: Policy, document: Document | None = None
) -> tuple[list[Chosen], dict[str, Any]]:
    """(readings other than the default, the assumed numbers that they set); `document`: where their codes stand."""
    chosen = choose(codes, policy, document)
    return chosen, {k: v for c in chosen for k, v in c.other.set.items() if not is_change(k)}


def changed_policy(policy: Policy, chosen: Iterable[Chosen], rules: Iterable[tuple[str, dict[str, Any]]]) -> Policy:
    """The policy under its readings, then under named changes."""
    for c in chosen:
        changes = {k: v for k, v in c.other.set.items() if is_change(k)}
        policy = apply_changes(policy, changes, f"reading {c.code}", strict=False)
    for source, change in rules:
        policy = apply_changes(policy, change, source)
    return policy


def copied(tree: Any) -> Any:
    """Nested mappings copied, so that changes reach nobody else's."""
    return {k: copied(v) for k, v in tree.items()} if isinstance(tree, dict) else tree


def tree(paths: dict[str, Any]) -> dict[str, Any]:
    """Values by dotted path as nested mappings."""
    out: dict[str, Any] = {}
    for path, value in paths.items():
        put(out, path.split("."), value)
    return out


def put(tree: dict, path: list[str], value: Any) -> None:
    """Set a value at a path, in place."""
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
        if not isinstance(tree, dict):
            raise InputError(f"{'.'.join(path)}: {part} is a value, not a group")
    tree[path[-1]] = value
