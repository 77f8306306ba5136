"""Policy files as rules: one `Layer` a document, one `Rule` an entry, each knowing its clause and its line."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simlib.core.distributions import parse_limit
from simlib.core.files import Document, InputError, one_of, read_yaml, scenarios, validate
from simlib.policy.checks import (
    check_clauses,
    check_days,
    check_once,
    check_only,
    check_range,
    check_source,
    unknown_lever,
)  # fmt: skip
from simlib.policy.flow import STAGES
from simlib.policy.levers import DRUG_SCOPES, HOSPITAL_SCOPES, LEVERS, TRIGGERS, YEARS, Lever
from simlib.policy.phrases import both
from simlib.policy.rules import Layer, Policy, Rule, Title
from simlib.policy.stacking import each_rule

BASE = "before-reform"
IN_HEAD = "set in the file's head: in_force / stacking"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InForce(_Strict):
    """First and last day of a document's rules; `to: open` where no end is stated.

    kind: whether the document states these days, or they are assumed, with a reason.
    """

    from_: date = Field(alias="from")
    to: date | Literal["open"]
    clause: str
    kind: Literal["stated", "assumed"] = "stated"
    reason: str | None = None
    reason_zh: str | None = None


class Stacking(_Strict):
    """How a document meets others of its own place."""

    value: Literal[
        "none_stated", "earlier_yields", "implements_national_and_provincial", "most_favourable_highest_no_double"
    ]
    clause: str


class Entry(_Strict):
    """One rule of a policy file. from, to: its own days in force; only: regions in which it holds."""

    value: bool | int | float | str | list[str] | dict[str, float] | None = None
    within: str | int | float | None = None  # a number alone lacks its unit, which `parse_limit` says best
    scope: str | None = None
    from_: date | None = Field(alias="from", default=None)
    to: date | None = None
    only: list[str] | None = None
    or_: str | None = Field(alias="or", default=None)
    strength: Literal["must", "declared", "encouraged", "explore"]
    clause: str
    kind: Literal["stated", "published", "assumed"]
    range: list[float | str | bool] | None = None
    reason: str | None = None
    reason_zh: str | None = None
    note: str | None = None


class PolicyFile(_Strict):
    """A policy file, but for its rules, which are checked against the levers."""

    format: Literal[1]
    name: str
    title: Title
    document: str
    source: str | None = None  # where the document can be found, if `scenarios/documents.csv` does not know it
    place: str
    on: str | None = None
    in_force: InForce | None = None
    stacking: Stacking | None = None
    default_scope: str = "all"
    rules: dict[str, Any]


def names() -> list[str]:
    """Names of the policies that stand in `scenarios/policies/`."""
    return sorted(p.stem for p in (scenarios() / "policies").glob("*.yaml"))


def load_policy(name: str | Document) -> Policy:
    """The policy of that name; a local one stands on the national one, `NAME-alone` does not.

    A path to a .yaml file loads that file. A `Document` is a policy written into a scenario file, which may stand `on`
    any stored one.
    Raises InputError for an unknown name or a faulty file.
    """
    if isinstance(name, Document):
        return _stack(*_inline(name), alone=False)
    if name.endswith((".yaml", ".yml")):
        return _stack(*load_layer(Path(name)), alone=False)
    alone = name.endswith("-alone") and name not in names()
    stem = name.removesuffix("-alone") if alone else name
    if stem not in names():
        raise InputError(one_of(name, [*names(), *(f"{n}-alone" for n in names())], "policy"))
    policy = _stack(*load_layer(scenarios() / "policies" / f"{stem}.yaml"), alone=alone)
    if not alone:
        return policy
    title = Title(**both("alone", name=policy.title)._asdict())
    return Policy(name, title, policy.layers)


def for_region(policy: Policy, region: str) -> Policy:
    """The policy with those rules left out that hold in other regions only (`only`)."""
    return each_rule(policy, lambda _, r: r if not r.only or region in r.only else None)


def _inline(document: Document) -> tuple[Layer, str | None]:
    layer, below = parse_layer(document)
    _own_name(document, layer, stored=False)
    return layer, below


def _own_name(document: Document, layer: Layer, stored: bool, stem: str = "") -> None:
    """A stored policy is called like its file, and nothing else passes for a stored one."""
    if stored and layer.name != stem:
        raise document.error(("name",), f"{layer.name!r} stands in the file of {stem!r}; give both the same name")
    if not stored and layer.name in names():
        raise document.error(("name",), f"{layer.name!r} is the name of a stored policy; choose another")


def _stack(layer: Layer, below: str | None, alone: bool) -> Policy:
    """The policy of a layer on those that it stands on (`alone`: on before-reform only)."""
    layers = [layer]
    while below and not alone:
        layer, below = load_layer(scenarios() / "policies" / f"{below}.yaml")
        if any(layer.name == seen.name for seen in layers):
            raise InputError(f"{layer.source}: on: a policy stands on itself")
        layers.append(layer)
    if layers[-1].name != BASE:
        layers.append(load_layer(scenarios() / "policies" / f"{BASE}.yaml")[0])
    return Policy(layers[0].name, layers[0].title, tuple(reversed(layers)))


def load_layer(path: Path) -> tuple[Layer, str | None]:
    """(one file's layer, the name of the policy it stands on)."""
    read_yaml(path)  # says what is wrong with the file as such
    state = path.stat()
    return _layer(path, scenarios(), state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=64)
def _layer(path: Path, folder: Path, _modified: int, _size: int) -> tuple[Layer, str | None]:
    """Checked once as long as the file does not change: that took half of the time of loading a scenario."""
    document = read_yaml(path)
    found = parse_layer(document)
    check_source(document)
    stored = path.resolve().parent == (folder / "policies").resolve()
    _own_name(document, found[0], stored, path.stem)
    return found


def parse_layer(document: Document) -> tuple[Layer, str | None]:
    """As `load_layer`, from a read file."""
    head = validate(PolicyFile, document, document.data)
    force = head.in_force
    start = force.from_ if force else None
    end = None if force is None or force.to == "open" else force.to
    if start and end and end < start:
        raise document.error(("in_force", "to"), f"the end {end} is before the start {start}")
    if head.on is not None and head.on not in names():
        raise document.error(("on",), one_of(head.on, names(), "policy"))
    layer = Layer(
        head.name, head.title, head.place, start, end, (), document.source(()), force.clause if force else "",
        head.stacking.value if head.stacking else "none_stated", head.stacking.clause if head.stacking else "",
        force.kind if force else "stated",
    )  # fmt: skip
    rules, paths = [], []
    for name, body in head.rules.items():
        for path, lever, entry in _entries(document, name, body):
            rules.append(_rule(document, head, path, lever, entry))
            check_days(document, path, rules[-1], layer)
            paths.append(path)
    check_once(document, rules, paths)
    cited = [((*path, "clause"), r.clause) for path, r in zip(paths, rules, strict=True)]
    heads = {"in_force": layer.clause, "stacking": layer.stacking_clause}
    check_clauses(document, head.document, [*(((k, "clause"), c) for k, c in heads.items() if c), *cited])
    return replace(layer, rules=tuple(rules)), head.on


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
        raise document.error(path, unknown_lever(name))
    if LEVERS[name].kind == "header":
        raise document.error(path, IN_HEAD)
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
    duty = name.startswith("committee.duty.")
    key, other = ("within", "value") if duty else ("value", "within")
    raw = getattr(entry, key)
    if getattr(entry, other) is not None:
        raise document.error((*path, other), f"a rule of {name} has {key}, not {other}")
    if raw is None:
        raise document.error((*path, key), "missing")
    try:
        value = lever_value(lever, raw)
    except ValueError as e:
        words = str(e).removeprefix(f"value {raw!r}: ")  # the key says so here
        given = f" (given: {raw!r})" if words != str(e) else ""
        raise document.error((*path, key), words + given) from None
    if entry.kind == "assumed" and (entry.range is None or not entry.reason):
        raise document.error((*path, "kind"), "an assumed value needs range and reason")
    if entry.range is not None:
        check_range(document, (*path, "range"), lever, raw, entry.range)
    check_only(document, (*path, "only"), entry.only or [])
    where = ("default_scope",) if entry.scope is None else (*path, "scope")
    drugs, hospitals = parse_scope(document, where, head.default_scope if entry.scope is None else entry.scope, lever)
    return Rule(
        name, value, raw, drugs, hospitals, entry.strength, entry.clause, entry.kind, head.document,
        document.source(path), entry.from_, entry.to, tuple(entry.only or ()), tuple(entry.range or ()),
        entry.reason or "", entry.reason_zh or "", relief=_relief(document, path, entry, lever),
    )  # fmt: skip


def _relief(document: Document, path: tuple, entry: Entry, lever: Lever) -> str:
    """The lever named by `or`: one that hospitals keep or do not keep as a whole, and not the rule's own."""
    if entry.or_ is None:
        return ""
    allowed = [
        n
        for n, o in LEVERS.items()
        if o.binds == "hospital" and o.kind != "set" and n != lever.name and STAGES[o.stage].built
    ]
    if lever.binds != "hospital":
        raise document.error((*path, "or"), f"hospitals do not obey {lever.name}, so that nothing can stand in for it")
    if entry.or_ not in allowed:
        raise document.error((*path, "or"), one_of(entry.or_, allowed, "lever that hospitals obey"))
    return entry.or_


def lever_value(lever: Lever, raw: Any) -> Any:
    """A raw value as the lever's kind wants it; ValueError with what is allowed."""
    match lever.kind:
        case "flag":
            if not isinstance(raw, bool):
                near = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(raw).lower())
                raise ValueError(f"value {raw!r}: expected true or false" + (f"; did you mean {near}?" if near else ""))
            return raw
        case "limit":
            number, unit = parse_limit(str(raw))
            if number == 0 and lever.low != 0:
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
        case "number":
            return _bounded(raw, *lever.bounds, "value")
        case "schedule":
            return _schedule(lever, raw)
        case "header":
            raise ValueError(IN_HEAD)
        case "choice":
            if isinstance(raw, list):
                raise ValueError(f"value {raw!r}: expected one word, not a list; allowed: {', '.join(lever.allowed)}")
            if raw not in lever.allowed:
                raise ValueError(one_of(str(raw), lever.allowed, "value"))
            return raw
        case _:
            words = raw if isinstance(raw, list) else [raw]
            for word in words:
                if word not in lever.allowed:
                    raise ValueError(one_of(str(word), lever.allowed, "value"))
            return frozenset(words)


def _bounded(raw: Any, low: float, high: float, what: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not low <= raw <= high:
        raise ValueError(f"{what} {raw!r}: expected a number from {low:g} to {high:g}")
    return float(raw)


def _schedule(lever: Lever, raw: Any) -> tuple[tuple[str | int, float], ...]:
    """Sorted (key, number) pairs; a key is one of the lever's words, or a year."""
    if not isinstance(raw, dict) or not raw:
        keys = ", ".join(lever.allowed) or "years"
        raise ValueError(f"value {raw!r}: expected a number for each of some keys ({keys})")
    pairs: dict[str | int, float] = {}
    low, high = lever.bounds
    for key, number in raw.items():
        top = 1.0 if str(key).startswith("share") else high  # a share beside amounts of money
        pairs[_schedule_key(lever, str(key))] = _bounded(number, low, top, f"value of {key}")
    return tuple(sorted(pairs.items()))


def _schedule_key(lever: Lever, key: str) -> str | int:
    if lever.allowed:
        if key not in lever.allowed:
            raise ValueError(one_of(key, lever.allowed, "key"))
        return key
    if not (key.isdecimal() and YEARS[0] <= int(key) <= YEARS[1]):
        raise ValueError(f"key {key!r}: expected a year from {YEARS[0]} to {YEARS[1]}")
    return int(key)


def parse_scope(document: Document, path: tuple, text: str, lever: Lever) -> tuple[tuple[str, ...], str]:
    """(drug scopes, hospital scopes joined by "&") of a scope such as "negotiated+commercial_list/public&designated"."""
    drugs, _, hospitals = text.partition("/")
    names_ = tuple(drugs.split("+")) if drugs else ("all",)
    for n in names_:
        if n not in DRUG_SCOPES:
            raise document.error(path, one_of(n, DRUG_SCOPES, "drug scope"))
    for n in hospitals.split("&") if hospitals else ():
        if n not in HOSPITAL_SCOPES:
            raise document.error(path, one_of(n, HOSPITAL_SCOPES, "hospital scope"))
    if hospitals not in ("", "all") and not lever.by_hospital:
        raise document.error(path, f"{hospitals!r}: this rule does not differ by hospital; name drugs only")
    return names_, hospitals or "all"
