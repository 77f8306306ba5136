"""Policy files as rules: one `Layer` a document, one `Rule` an entry, each knowing its clause and its line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simlib.distributions import parse_limit
from simlib.files import Document, InputError, Source, nearest, one_of, read_yaml, scenarios, validate
from simlib.policy.levers import DRUG_SCOPES, HOSPITAL_SCOPES, LEVERS, TRIGGERS, Lever

BASE = "before-reform"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """A name in both languages."""

    en: str
    zh: str


class InForce(_Strict):
    """First and last day of a document's rules; `to: open` where no end is stated."""

    from_: date = Field(alias="from")
    to: date | Literal["open"]
    clause: str


class Entry(_Strict):
    """One rule of a policy file."""

    value: bool | int | float | str | list[str] | None = None
    within: str | None = None
    scope: str | None = None
    strength: Literal["must", "declared", "encouraged", "explore"]
    clause: str
    kind: Literal["stated", "published", "assumed"]
    range: list[float | str | bool] | None = None
    reason: str | None = None
    note: str | None = None


class PolicyFile(_Strict):
    """A policy file, but for its rules, which are checked against the levers."""

    format: Literal[1]
    name: str
    title: Title
    document: str
    place: str
    on: str | None = None
    in_force: InForce | None = None
    default_scope: str = "all"
    rules: dict[str, Any]


@dataclass(frozen=True)
class Rule:
    """One rule: what it sets, for which drugs and hospitals, how strongly, and where that stands.

    value: True (flag), (number, unit) (limit), number (count, share), word (choice), frozenset of words (set).
    drugs: scope names, any of which puts a drug inside. hospitals: one scope name.
    """

    lever: str
    value: Any
    drugs: tuple[str, ...]
    hospitals: str
    strength: str
    clause: str
    kind: str
    document: str
    source: Source

    @property
    def definition(self) -> Lever:
        """The lever's definition."""
        return LEVERS[self.lever]


@dataclass(frozen=True)
class Layer:
    """One document's rules and its days in force (None: from always, to ever)."""

    name: str
    title: Title
    place: str
    start: date | None
    end: date | None
    rules: tuple[Rule, ...]
    source: Source


@dataclass(frozen=True)
class Policy:
    """A stack of layers, the lowest first; `before-reform` is always the lowest."""

    name: str
    title: Title
    layers: tuple[Layer, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, lowest layer first."""
        return tuple(r for layer in self.layers for r in layer.rules)


def names() -> list[str]:
    """Names of the policies that stand in `scenarios/policies/`."""
    return sorted(p.stem for p in (scenarios() / "policies").glob("*.yaml"))


def load_policy(name: str | Document) -> Policy:
    """The policy of that name; a local one stands on the national one, `NAME-alone` does not.

    A `Document` is a policy written into a scenario file, which may stand `on` any stored one.
    Raises InputError for an unknown name or a faulty file.
    """
    if isinstance(name, Document):
        return _stack(*_inline(name), alone=False)
    alone = name.endswith("-alone") and name not in names()
    stem = name.removesuffix("-alone") if alone else name
    if stem not in names():
        raise InputError(one_of(name, [*names(), *(f"{n}-alone" for n in names())], "policy"))
    policy = _stack(*load_layer(scenarios() / "policies" / f"{stem}.yaml"), alone=alone)
    if not alone:
        return policy
    title = Title(en=f"{policy.title.en}, alone", zh=f"{policy.title.zh}（单独）")
    return Policy(name, title, policy.layers)


def _inline(document: Document) -> tuple[Layer, str | None]:
    layer, below = parse_layer(document)
    if layer.name in names():
        raise document.error(("name",), f"{layer.name!r} is the name of a stored policy; choose another")
    return layer, below


def _stack(layer: Layer, below: str | None, alone: bool) -> Policy:
    """The policy of a layer on those that it stands on (`alone`: on before-reform only)."""
    layers = [layer]
    while below and not alone:
        if below not in names():
            raise InputError(f"{layers[-1].source}: on: " + one_of(below, names(), "policy"))
        layer, below = load_layer(scenarios() / "policies" / f"{below}.yaml")
        if any(layer.name == seen.name for seen in layers):
            raise InputError(f"{layer.source}: on: a policy stands on itself")
        layers.append(layer)
    if layers[-1].name != BASE:
        layers.append(load_layer(scenarios() / "policies" / f"{BASE}.yaml")[0])
    return Policy(layers[0].name, layers[0].title, tuple(reversed(layers)))


def load_layer(path: Path) -> tuple[Layer, str | None]:
    """(one file's layer, the name of the policy it stands on)."""
    document = read_yaml(path)
    return parse_layer(document)


def parse_layer(document: Document) -> tuple[Layer, str | None]:
    """As `load_layer`, from a read file."""
    head = validate(PolicyFile, document, document.data)
    rules = []
    for name, body in head.rules.items():
        for path, lever, entry in _entries(document, name, body):
            rules.append(_rule(document, head, path, lever, entry))
    force = head.in_force
    if force and force.to != "open" and force.to < force.from_:
        raise document.error(("in_force", "to"), f"the end {force.to} is before the start {force.from_}")
    start = force.from_ if force else None
    end = None if force is None or force.to == "open" else force.to
    layer = Layer(head.name, head.title, head.place, start, end, tuple(rules), document.source(()))
    return layer, head.on


def _entries(document: Document, name: str, body: Any):
    """(key path, lever name, entry) of every rule under one key of `rules`."""
    path: tuple = ("rules", name)
    if name == "committee.duty":
        if not isinstance(body, dict):
            raise document.error(path, f"expected one entry a trigger ({', '.join(TRIGGERS)})")
        for trigger, entry in body.items():
            if trigger not in TRIGGERS:
                raise document.error((*path, trigger), one_of(trigger, TRIGGERS, "trigger"))
            for i, one in enumerate(entry if isinstance(entry, list) else [entry]):
                yield (
                    (*path, trigger, *([i] if isinstance(entry, list) else [])),
                    f"committee.duty.{trigger}",
                    one,
                )
        return
    if name not in LEVERS or name.startswith("committee.duty."):
        known = [n for n in LEVERS if not n.startswith("committee.duty.")] + ["committee.duty"]
        raise document.error(path, f"unknown lever{nearest(name, known)}; `simlib list levers` names all {len(known)}")
    if isinstance(body, list):
        for i, entry in enumerate(body):
            yield (*path, i), name, entry
    else:
        yield path, name, body


def _rule(document: Document, head: PolicyFile, path: tuple, name: str, body: Any) -> Rule:
    if not isinstance(body, dict):
        raise document.error(path, "expected value, strength, clause and kind")
    entry: Entry = validate(Entry, document, body, path)
    lever = LEVERS[name]
    raw = entry.within if name.startswith("committee.duty.") else entry.value
    if raw is None:
        key = "within" if name.startswith("committee.duty.") else "value"
        raise document.error(path, f"{key}: missing")
    try:
        value = lever_value(lever, raw)
    except ValueError as e:
        raise document.error(path, str(e)) from None
    if entry.kind == "assumed" and (entry.range is None or not entry.reason):
        raise document.error(path, "an assumed value needs range and reason")
    drugs, hospitals = _scope(document, (*path, "scope"), entry.scope or head.default_scope)
    if hospitals != "all" and not lever.by_hospital:
        raise document.error((*path, "scope"), f"{hospitals!r}: this rule does not differ by hospital; name drugs only")
    return Rule(
        name,
        value,
        drugs,
        hospitals,
        entry.strength,
        entry.clause,
        entry.kind,
        head.document,
        document.source(path),
    )


def lever_value(lever: Lever, raw: Any) -> Any:
    """A raw value as the lever's kind wants it; ValueError with what is allowed."""
    match lever.kind:
        case "flag":
            if not isinstance(raw, bool):
                raise ValueError(f"value {raw!r}: expected true or false")
            return raw
        case "limit":
            number, unit = parse_limit(str(raw))
            if number <= 0:
                raise ValueError(f"value {raw!r}: a limit is longer than nothing")
            return number, unit
        case "count":
            if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= 366:
                raise ValueError(f"value {raw!r}: expected a whole number from 0 to 366")
            return raw
        case "share":
            if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not 0 <= raw <= 1:
                raise ValueError(f"value {raw!r}: expected a share from 0 to 1")
            return float(raw)
        case "choice":
            if raw not in lever.allowed:
                raise ValueError(one_of(str(raw), lever.allowed, "value"))
            return raw
        case _:
            words = raw if isinstance(raw, list) else [raw]
            for word in words:
                if word not in lever.allowed:
                    raise ValueError(one_of(str(word), lever.allowed, "value"))
            return frozenset(words)


def _scope(document: Document, path: tuple, text: str) -> tuple[tuple[str, ...], str]:
    drugs, _, hospitals = text.partition("/")
    names_ = tuple(drugs.split("+")) if drugs else ("all",)
    for n in names_:
        if n not in DRUG_SCOPES:
            raise document.error(path, one_of(n, DRUG_SCOPES, "drug scope"))
    if hospitals and hospitals not in HOSPITAL_SCOPES:
        raise document.error(path, one_of(hospitals, HOSPITAL_SCOPES, "hospital scope"))
    return names_, hospitals or "all"
