"""Changes to a whole policy: which layer wins, what a scope word means, which hospitals are bound, from when.

without: [SC-02a, CN-10a]                      clauses, with all that they set; DOCUMENT:CLAUSE where two documents have it
stacking: favourable | local | national        reading A1: the better value; the local one where it speaks; the national one
rescope: {innovative: negotiated}              another meaning of a word for drugs
restrict: designated                           rules on hospitals bind these only
delay: {national: 90}                          days by which a layer's rules on hospitals start later
dates: {chongqing: {from: 2025-12-02, to: 2028-12-01}}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from simlib.core.files import InputError, one_of
from simlib.core.strict import as_day
from simlib.policy.checks import stored_with
from simlib.policy.places import NATIONAL
from simlib.policy.rules import Layer, Policy, Rule, cites
from simlib.policy.scopes import DRUG_SCOPES, HOSPITAL_SCOPES

WITHOUT = "without"
STACKINGS = ("favourable", "local", "national")


def noted(rule: Rule, text: str) -> str:
    """What changed a rule so far, and now."""
    return f"{rule.changed}; {text}" if rule.changed else text


def _known_layers(policy: Policy, value: dict, name: str, key: str, strict: bool) -> None:
    """InputError for a layer that the policy has not; a reading may speak of a document that is not in the stack."""
    layers = [layer.name for layer in policy.layers]
    for word in value:
        if strict and word not in layers:
            raise InputError(f"{name} {key}: " + one_of(str(word), layers, f"layer of policy {policy.name}"))


def each_rule(policy: Policy, change: Callable[[Layer, Rule], Rule | None]) -> Policy:
    """Every rule put through `change`, which returns None to drop it."""
    layers = []
    for layer in policy.layers:
        kept = [new for r in layer.rules if (new := change(layer, r)) is not None]
        layers.append(replace(layer, rules=tuple(kept)))
    return replace(policy, layers=tuple(layers))


def without(policy: Policy, value: Any, name: str, strict: bool = True) -> Policy:
    """Take some clauses out, with all that they set."""
    known = {c for r in policy.rules for c in (r.clause, policy.reference(r))}
    gone: list[Rule] = []
    for clause in references(value, f"{name} {WITHOUT}"):
        hit = meant(policy.rules, clause, f"{name} {WITHOUT}", strict)
        if strict and not hit:
            raise InputError(f"{name} {WITHOUT}: " + one_of(clause, known, f"clause of policy {policy.name}"))
        gone += hit
    return each_rule(policy, lambda _, r: None if any(r is g for g in gone) else r)


def references(value: Any, where: str) -> list[str]:
    """The clauses that `without` names: one, or a list; a number is the clause of that number."""
    clauses = value if isinstance(value, list) else [value]
    if not all(isinstance(c, str) or _is_number(c) for c in clauses):
        raise InputError(f"{where}: expected a list of clauses, such as [SC-02a, CN-10a]")
    return [str(c) for c in clauses]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def meant(rules: Iterable[Rule], reference: str, where: str, strict: bool = True) -> list[Rule]:
    """The rules of the clause that CLAUSE or DOCUMENT:CLAUSE means.

    InputError where two documents have it. A reading (not strict) speaks of the stored documents, whoever else has it.
    """
    hit = [r for r in rules if cites(reference, r)]
    documents = list(dict.fromkeys(r.document for r in hit))
    if len(documents) < 2:
        return hit
    if strict:
        ways = " or ".join(f"{d}:{reference}" for d in documents)
        raise InputError(
            f"{where}: clause {reference!r} stands in {len(documents)} documents of this stack; write {ways}"
        )
    stored = stored_with(reference)
    return [r for r in hit if r.document in stored] or hit


def stacking(policy: Policy, value: Any, name: str, strict: bool = True) -> Policy:
    """Drop the rules of national or local layers on levers that both set; what held before the reforms always stays."""
    if value not in STACKINGS:
        raise InputError(f"{name} stacking: " + one_of(str(value), STACKINGS, "way of stacking"))
    if value == "favourable":
        return policy
    reforms = [layer for layer in policy.layers if not layer.baseline]
    national = {r.lever for layer in reforms if layer.place == NATIONAL for r in layer.rules}
    local = {r.lever for layer in reforms if layer.place != NATIONAL for r in layer.rules}
    both = national & local

    def loses(layer: Layer) -> bool:
        return (layer.place == NATIONAL) == (value == "local") and not layer.baseline

    return each_rule(policy, lambda layer, r: None if r.lever in both and loses(layer) else r)


def rescope(policy: Policy, value: Any, name: str, strict: bool = True) -> Policy:
    """Read a word for drugs as another one, in every rule."""
    if not isinstance(value, dict):
        raise InputError(f"{name} rescope: expected WORD: OTHER WORD")
    for word in (*value, *value.values()):
        if not isinstance(word, str) or word not in DRUG_SCOPES:
            raise InputError(f"{name} rescope: " + one_of(str(word), DRUG_SCOPES, "drug scope"))

    def change(_: Layer, rule: Rule) -> Rule:
        drugs = tuple(dict.fromkeys(value.get(d, d) for d in rule.drugs))
        return (
            rule
            if drugs == rule.drugs
            else replace(rule, drugs=drugs, changed=noted(rule, f"{name}: scope before, {rule.scope}"))
        )

    return each_rule(policy, change)


def restrict(policy: Policy, value: Any, name: str, strict: bool = True) -> Policy:
    """Bind only these hospitals, in every rule that hospitals obey."""
    if not isinstance(value, str) or value not in HOSPITAL_SCOPES:
        raise InputError(f"{name} restrict: " + one_of(str(value), HOSPITAL_SCOPES, "hospital scope"))

    def change(_: Layer, rule: Rule) -> Rule:
        parts = rule.hospitals.split("&")
        if rule.definition.binds != "hospital" or value in parts:
            return rule
        hospitals = "&".join([*(p for p in parts if p != "all"), value])
        return replace(rule, hospitals=hospitals, changed=noted(rule, f"{name}: scope before, {rule.scope}"))

    return each_rule(policy, change)


def delay(policy: Policy, value: Any, name: str, strict: bool = True) -> Policy:
    """Start a layer's rules on hospitals some days later."""
    if not isinstance(value, dict) or not all(_is_number(n) and 0 <= n <= 3660 for n in value.values()):
        raise InputError(f"{name} delay: expected LAYER: DAYS, from 0 to 3660")
    _known_layers(policy, value, name, "delay", strict)

    def change(layer: Layer, rule: Rule) -> Rule:
        days = value.get(layer.name)
        if not days or rule.definition.binds != "hospital":
            return rule
        return replace(rule, delay=rule.delay + float(days), changed=noted(rule, f"{name}: {days:g} days later"))

    return each_rule(policy, change)


def dates(policy: Policy, value: Any, name: str, strict: bool = True) -> Policy:
    """Give documents other days in force (`to: open` for no end)."""
    if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
        raise InputError(f"{name} dates: expected LAYER: {{from: DATE, to: DATE or open}}")
    _known_layers(policy, value, name, "dates", strict)
    layers = {layer.name: layer for layer in policy.layers}
    for layer_name, days in value.items():
        if layer_name not in layers:
            continue
        for key, raw in days.items():
            if key not in ("from", "to"):
                raise InputError(f"{name} dates.{layer_name}: " + one_of(str(key), ("from", "to"), "key"))
            day = None if raw == "open" else as_date(f"{name} dates.{layer_name}.{key}", raw)
            layers[layer_name] = replace(
                layers[layer_name], **{"start" if key == "from" else "end": day}, dates_kind="assumed"
            )
        new = layers[layer_name]
        if new.start and new.end and new.end < new.start:
            raise InputError(f"{name} dates.{layer_name}: the end {new.end} is before the start {new.start}")
    return replace(policy, layers=tuple(layers.values()))


def as_date(where: str, raw: Any) -> date:
    """A date as YAML gives it or as a word; InputError otherwise."""
    try:
        return as_day(raw)
    except ValueError as e:
        raise InputError(f"{where}: {e}") from None


WHOLE: dict[str, Callable[[Policy, Any, str, bool], Policy]] = {
    WITHOUT: without, "stacking": stacking, "rescope": rescope, "restrict": restrict, "delay": delay, "dates": dates,
}  # fmt: skip
