"""Policy files as rules: one `Layer` a document, one `Rule` an entry, each knowing its clause and its line."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from simlib.core.files import (
    Document,
    Fault,
    InputError,
    Source,
    checked,
    one_of,
    read_yaml,
    scenarios,
    state_of,
    validate,
    within,
)
from simlib.core.strict import Day, Strict
from simlib.policy.checks import (
    check_clauses,
    check_days,
    check_once,
    check_only,
    check_range,
    check_source,
    stack_complaint,
    unknown_lever,
)  # fmt: skip
from simlib.policy.flow import LATE, STAGES
from simlib.policy.levers import LEVERS, TRIGGERS, Lever
from simlib.policy.phrases import both
from simlib.policy.places import place_of
from simlib.policy.rules import Layer, Policy, Rule, Title
from simlib.policy.stacking import each_rule
from simlib.policy.values import IN_HEAD, lever_value, parse_scope

BASE = "before-reform"
Place = Callable[[tuple], Source]  # where a key path of a policy file stands


class InForce(Strict):
    """First and last day of a document's rules; `to: open` where no end is stated.

    kind: whether the document states these days, or they are assumed, with a reason.
    """

    from_: Day = Field(alias="from")
    to: Day | Literal["open"]
    clause: str
    kind: Literal["stated", "assumed"] = "stated"
    reason: str | None = None
    reason_zh: str | None = None


class Stacking(Strict):
    """How a document meets others of its own place."""

    value: Literal[
        "none_stated", "earlier_yields", "implements_national_and_provincial", "most_favourable_highest_no_double"
    ]
    clause: str


class Entry(Strict):
    """One rule of a policy file. from, to: its own days in force; only: regions in which it holds."""

    value: bool | int | float | str | list[str] | dict[str, float] | None = None
    within: str | int | float | None = None  # a number alone lacks its unit, which `parse_limit` says best
    scope: str | None = None
    from_: Day | None = Field(alias="from", default=None)
    to: Day | None = None
    only: list[str] | None = None
    or_: str | None = Field(alias="or", default=None)
    strength: Literal["must", "declared", "encouraged", "explore"]
    clause: str
    kind: Literal["stated", "published", "assumed"]
    range: list[float | str | bool] | None = None
    reason: str | None = None
    reason_zh: str | None = None
    note: str | None = None


class PolicyFile(Strict):
    """A policy file, but for its rules, which are checked against the levers."""

    format: Literal[1]
    name: str
    title: Title
    document: str
    source: str | None = None  # where the document can be found, if `scenarios/documents.csv` does not know it
    place: str
    on: str | None = None
    in_force: InForce | None = None
    baseline: bool = False  # held before the reforms: on its own days in comparisons too
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
        return _stack(*_own_layer(name), alone=False)
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


def _own_layer(document: Document, stored: bool = False, stem: str = "") -> tuple[Layer, str | None]:
    """As `parse_layer`; a stored policy is called like its file, and nothing else passes for a stored one."""
    layer, below = parse_layer(document)
    with document.placed(("name",)):
        if stored and layer.name != stem:
            raise Fault((), f"{layer.name!r} stands in the file of {stem!r}; give both the same name")
        if not stored and layer.name in names():
            raise Fault((), f"{layer.name!r} is the name of a stored policy; choose another")
    return layer, below


def _stack(layer: Layer, below: str | None, alone: bool) -> Policy:
    """The policy of a layer on those that it stands on (`alone`: on before-reform only), down to what held before."""
    layers, below = [layer], None if alone and not layer.baseline else below
    while below or not layers[-1].baseline:
        layer, below = load_layer(scenarios() / "policies" / f"{below or BASE}.yaml")
        if any(layer.name == seen.name for seen in layers):
            raise InputError(f"{layer.at('on')}: on: a policy stands on itself")
        layers.append(layer)
    if wrong := stack_complaint(layers[::-1]):
        raise InputError(f"{wrong[0].at(wrong[1].partition(':')[0])}: {wrong[1]}")
    return Policy(layers[0].name, layers[0].title, tuple(reversed(layers)))


def load_layer(path: Path) -> tuple[Layer, str | None]:
    """(one file's layer, the name of the policy it stands on)."""
    return _layer(path, scenarios(), state_of(path))


@functools.lru_cache(maxsize=64)
def _layer(path: Path, folder: Path, _state: tuple[int, ...]) -> tuple[Layer, str | None]:
    """Checked once as long as the file does not change: that took half of the time of loading a scenario."""
    document = read_yaml(path)
    stored = path.resolve().parent == (folder / "policies").resolve()
    found = _own_layer(document, stored, path.stem)
    with document.placed():
        check_source(document.data["document"], document.data.get("source"))
    return found


def parse_layer(document: Document) -> tuple[Layer, str | None]:
    """As `load_layer`, from a read file."""
    head = validate(PolicyFile, document, document.data)
    with document.placed():
        layer = _head(head, document.source)
        rules = [(path, _rule(head, path, name, entry, document.source)) for path, name, entry in _entries(head.rules)]
        _check_rules(head, layer, rules)
    return replace(layer, rules=tuple(rule for _, rule in rules)), head.on


def _head(head: PolicyFile, source: Place) -> Layer:
    """A document's layer, without its rules."""
    force = head.in_force
    start = force.from_ if force else None
    end = None if force is None or force.to == "open" else force.to
    if start and end and end < start:
        raise Fault(("in_force", "to"), f"the end {end} is before the start {start}")
    if head.on is not None and head.on not in names():
        move = "; a file of your own stands in scenarios/policies/ first, and is named without its ending"
        raise Fault(("on",), one_of(head.on, names(), "policy") + move * head.on.endswith((".yaml", ".yml")))
    with within("place"):
        place = place_of(head.place)
    return Layer(
        head.name, head.title, place, start, end, (), source(()), force.clause if force else "",
        head.stacking.value if head.stacking else "none_stated", head.stacking.clause if head.stacking else "",
        force.kind if force else "stated", tuple((key, source((key,))) for key in ("document", "place", "on", "in_force", "baseline")),
        head.baseline,
    )  # fmt: skip


def _check_rules(head: PolicyFile, layer: Layer, rules: list[tuple[tuple, Rule]]) -> None:
    """What the rules (with their key paths) of a document have to fulfil together."""
    for path, rule in rules:
        check_days(path, rule, layer)
    check_once(rules)
    heads = {"in_force": layer.clause, "stacking": layer.stacking_clause}
    cited = [*(((key, "clause"), c) for key, c in heads.items() if c), *(((*p, "clause"), r.clause) for p, r in rules)]
    check_clauses(head.document, cited)


def _entries(rules: dict[str, Any]) -> Iterator[tuple[tuple, str, Any]]:
    """(key path, lever's name, entry) of every rule under `rules`."""
    for name, body in rules.items():
        path = ("rules", name)
        if name == "committee.duty":
            yield from _duties(path, body)
        elif name not in LEVERS or name.startswith("committee.duty."):
            raise Fault(path, unknown_lever(name))
        elif LEVERS[name].kind == "header":
            raise Fault(path, IN_HEAD)
        else:
            yield from _each(path, name, body)


def _duties(path: tuple, body: Any) -> Iterator[tuple[tuple, str, Any]]:
    if not isinstance(body, dict):
        raise Fault(path, f"expected one entry a trigger ({', '.join(TRIGGERS)})")
    for trigger, entry in body.items():
        if trigger not in TRIGGERS and trigger in Entry.model_fields:
            words = f"stands below a trigger ({', '.join(TRIGGERS)}), such as {{{TRIGGERS[0]}: {{{trigger}: ...}}}}"
            raise Fault((*path, trigger), words)
        if trigger not in TRIGGERS:
            raise Fault((*path, trigger), one_of(trigger, TRIGGERS, "trigger"))
        yield from _each((*path, trigger), f"committee.duty.{trigger}", entry)


def _each(path: tuple, name: str, body: Any) -> Iterator[tuple[tuple, str, Any]]:
    """One rule of a lever, or several in a list."""
    if isinstance(body, list):
        yield from (((*path, i), name, entry) for i, entry in enumerate(body))
    else:
        yield path, name, body


def _rule(head: PolicyFile, path: tuple, name: str, body: Any, source: Place) -> Rule:
    """A rule of a policy file. path: of its entry."""
    if not isinstance(body, dict):
        raise Fault(path, "expected value, strength, clause and kind")
    with within(*path):
        entry: Entry = checked(Entry, body)
        lever = LEVERS[name]
        raw, value = _value(lever, entry)
        _check_assumed(lever, entry, raw)
        check_only(("only",), entry.only or [])
        relief = _relief(entry, lever)
    drugs, hospitals = _scope(head, path, entry, lever)
    return Rule(
        name, value, raw, drugs, hospitals, entry.strength, entry.clause, entry.kind, head.document, source(path),
        entry.from_, entry.to, tuple(entry.only or ()), tuple(entry.range or ()), entry.reason or "",
        entry.reason_zh or "", relief=relief,
    )  # fmt: skip


def _value(lever: Lever, entry: Entry) -> tuple[Any, Any]:
    """(as the file has it, as the lever's kind wants it) the value of an entry."""
    key, other = ("within", "value") if lever.name.startswith("committee.duty.") else ("value", "within")
    raw = getattr(entry, key)
    if getattr(entry, other) is not None:
        raise Fault((other,), f"a rule of {lever.name} has {key}, not {other}")
    if raw is None:
        raise Fault((key,), "missing")
    try:
        return raw, lever_value(lever, raw)
    except ValueError as e:
        words = str(e).removeprefix(f"value {raw!r}: ")  # the key says so here
        given = f" (given: {raw!r})" if words != str(e) else ""
        raise Fault((key,), words + given) from None


def _check_assumed(lever: Lever, entry: Entry, raw: Any) -> None:
    if entry.kind == "assumed" and (entry.range is None or not entry.reason):
        raise Fault(("kind",), "an assumed value needs range and reason")
    if entry.range is not None:
        check_range(("range",), lever, raw, entry.range)


def _scope(head: PolicyFile, path: tuple, entry: Entry, lever: Lever) -> tuple[tuple[str, ...], str]:
    """The scope of an entry, or of its file."""
    with within(*(("default_scope",) if entry.scope is None else (*path, "scope"))):
        return parse_scope(head.default_scope if entry.scope is None else entry.scope, lever)


def _relief(entry: Entry, lever: Lever) -> str:
    """The lever named by `or`: one that hospitals keep or do not keep as a whole, and not the rule's own.

    What hospitals keep from month to month (stages 9 to 11) is not asked for when a date has to be met.
    """
    if entry.or_ is None:
        return ""
    obeyed = [n for n, o in LEVERS.items() if o.binds == "hospital" and o.kind != "set" and STAGES[o.stage].built]
    allowed = [n for n in obeyed if n != lever.name and LEVERS[n].stage not in LATE]
    if lever.binds != "hospital":
        raise Fault(("or",), f"hospitals do not obey {lever.name}, so that nothing can stand in for it")
    if entry.or_ in obeyed and entry.or_ not in allowed and entry.or_ != lever.name:
        words = f"{entry.or_} belongs to stages 9 to 11, which are read by months and stand in for nothing; allowed: "
        raise Fault(("or",), words + ", ".join(allowed))
    if entry.or_ not in allowed:
        raise Fault(("or",), one_of(entry.or_, allowed, "lever that hospitals obey"))
    return entry.or_
