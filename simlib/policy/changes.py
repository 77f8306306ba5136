"""Named changes to a policy: a value, scope, strength or date set anew, a rule taken out, a clause switched off.

    committee.duty.listing.within: 2 months        every rule of the lever, scope and strength kept
    committee.barriers_removed@SC-02c: off         the rule of one clause (DOCUMENT:CLAUSE where two documents have it)
    committee.direct_inclusion: {value: true, scope: negotiated, strength: must}    a new rule where there is none
    without: [SC-02a, CN-10a]                      clauses, with all that they set
    stacking, rescope, restrict, delay, dates      the whole policy (see `restack`)

The policy that is changed stays as it was; what comes back knows which rule was changed by what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simlib.core.complaints import nearest_path
from simlib.core.files import Fault, InputError, Source, one_of
from simlib.policy.checks import check_order
from simlib.policy.levers import LEVERS, STRENGTHS
from simlib.policy.readings import Chosen, readings
from simlib.policy.rules import Layer, Policy, Rule, Title
from simlib.policy.stacking import WHOLE, as_date, each_rule, meant, noted
from simlib.policy.values import lever_value, parse_scope
from simlib.policy.vocabulary import words as w

FIELDS = ("value", "within", "scope", "strength", "from", "to", "clause")
_FIELD = re.compile(rf"(.+?)(?:\.({'|'.join(FIELDS)}))?")
VARIANT = "variant"  # the layer of rules that no document has


@dataclass(frozen=True)
class Target:
    """What a key of a change means: a lever, perhaps one clause's rule of it, and what of it."""

    lever: str
    clause: str | None
    field: str


def is_change(key: str) -> bool:
    """Whether a key names a lever or `without`, so that it changes the policy and not a parameter."""
    return key in WHOLE or _split(key) is not None


def parameters_of_readings() -> dict[str, dict[str, Any]]:
    """The parameters that express readings, by answer: {"A11=canvass": {"asking.push_exposure": 1}, ...}.

    They are those of answers with a range of their own, so that under the default nothing is left open. Where the default has
    a number with a range and another answer fixes it (D2, D4), the number is a guess like any other.
    """
    return {
        f"{code}={other.name}": values
        for code, reading in readings().items()
        for other in reading.others
        if other.range and (values := {path: x for path, x in other.set.items() if not is_change(path)})
    }


def _split(key: str) -> Target | None:
    """LEVER[@CLAUSE][.FIELD]; None if the key begins with no lever's name.

    What stands between @ and the field is the clause, dots and blanks included, or DOCUMENT:CLAUSE.
    """
    stem, at, rest = key.partition("@")
    match = _FIELD.fullmatch(rest if at else stem)
    if not match:
        return None
    if at:
        return Target(stem, match[1], match[2] or "value") if stem in LEVERS else None
    if stem in LEVERS:
        return Target(stem, None, "value")
    return Target(match[1], None, match[2]) if match[1] in LEVERS and match[2] else None


def clause_of(key: str) -> str:
    """The clause that the key of a change names; empty where it names none."""
    target = _split(key)
    return target.clause or "" if target else ""


def changed_policy(policy: Policy, chosen: Iterable[Chosen], rules: Iterable[tuple[str, dict[str, Any]]]) -> Policy:
    """The policy under readings, then under changes of rules (by whom, and how), one after the other."""
    for c in chosen:
        changes = {k: v for k, v in c.other.set.items() if is_change(k)}
        policy = apply_changes(policy, changes, f"reading {c.code}", strict=False)
    for source, change in rules:
        policy = apply_changes(policy, change, source)
    check_order(policy.layers)
    return policy


def apply_changes(policy: Policy, changes: Mapping[str, Any], name: str = "set", strict: bool = True) -> Policy:
    """The policy with changes laid over it, one after the other.

    name: what `Rule.changed` says of a changed rule. strict: a clause that no rule carries is an InputError; else it
    is passed over (a reading of a document that is not in the stack). InputError for whatever cannot be used.
    """
    for key, value in changes.items():
        if key in WHOLE:
            policy = WHOLE[key](policy, value, name, strict)
            continue
        target = _split(key)
        if target is None:
            raise InputError(f"{name} {key}: " + _unknown(key))
        policy = _apply(policy, key, target, value, name, strict)
    return policy


def _unknown(key: str) -> str:
    stem = key.split("@")[0]
    fields = [f"{n}.{f}" for n in LEVERS for f in FIELDS]
    return f"no lever{nearest_path(stem, [*LEVERS, *fields])} (a key is LEVER, LEVER.FIELD or LEVER@CLAUSE; fields: {', '.join(FIELDS)})"


def _apply(policy: Policy, key: str, target: Target, value: Any, name: str, strict: bool) -> Policy:
    hit = list(policy.of(target.lever))
    if target.clause:
        hit = meant(hit, target.clause, f"{name} {key}", strict)
    if target.clause and not hit:
        if not strict:
            return policy
        carried = sorted({policy.reference(r) for r in policy.of(target.lever)})
        raise InputError(
            f"{name} {key}: {policy.name} has no rule of {target.lever} by {target.clause!r} (it has: {', '.join(carried) or 'none'})"
        )
    if value is False and target.field == "value" and LEVERS[target.lever].kind != "flag":
        value = "off"  # YAML 1.2 keeps the word, other writers do not
    off = value == "off"
    plain = LEVERS[target.lever].kind == "schedule" and not (
        isinstance(value, dict) and "value" in value
    )  # the numbers of a schedule alone
    parts = value if isinstance(value, dict) and not plain else {target.field: value}
    if not hit and not off:
        return policy if not strict and not isinstance(value, dict) else _added(policy, key, target, parts, name)
    new = [None if off else _changed(r, key, parts, name) for r in hit]
    return each_rule(policy, lambda _, r: next((n for h, n in zip(hit, new, strict=True) if h is r), r))


def _changed(rule: Rule, key: str, parts: Mapping[str, Any], name: str) -> Rule:
    """The rule with some of its fields set anew."""
    before = f"{show_value(rule.said)} of {rule.clause}"
    out = rule
    for field, raw in parts.items():
        where = f"{name} {key}"
        if field in ("value", "within"):
            try:
                value = lever_value(rule.definition, raw)
            except ValueError as e:
                raise InputError(f"{where}: {e}") from None
            out = replace(out, value=value, said=raw, kind="assumed", changed=noted(out, f"{name}: before, {before}"))
        elif field == "scope":
            try:
                drugs, hospitals = parse_scope(str(raw), rule.definition)
            except Fault as e:
                raise InputError(f"{where}: {e}") from None
            out = replace(
                out, drugs=drugs, hospitals=hospitals, changed=noted(out, f"{name}: scope before, {rule.scope}")
            )
        elif field == "strength":
            if raw not in STRENGTHS:
                raise InputError(f"{where}: " + one_of(str(raw), STRENGTHS, "strength"))
            out = replace(out, strength=raw, changed=noted(out, f"{name}: strength before, {rule.strength}"))
        elif field in ("from", "to"):
            out = replace(
                out,
                **{"start" if field == "from" else "end": as_date(where, raw)},
                changed=noted(out, f"{name}: {field} {raw}"),
            )
        elif field == "clause":
            out = replace(out, clause=_clause(where, raw), changed=noted(out, f"{name}: clause before, {rule.clause}"))
        else:
            raise InputError(f"{where}: " + one_of(field, FIELDS, "field"))
    if out.start and out.end and out.end < out.start:
        raise InputError(f"{name} {key}: the end {out.end} is before the start {out.start}")
    return out


def _clause(where: str, raw: Any) -> str:
    """The name of a clause; a number is the clause of that number."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float)) or not str(raw).strip():
        raise InputError(f"{where}: expected the name of a clause, such as SC-02a (given: {raw!r})")
    return str(raw)


def _added(policy: Policy, key: str, target: Target, parts: Mapping[str, Any], name: str) -> Policy:
    """The policy with a rule that no document has, in a layer of its own on top."""
    if not ({"value", "within"} & set(parts) and {"scope", "strength"} <= set(parts)):
        value = "within: 1 month" if target.lever.startswith("committee.duty.") else "value: ..."
        raise InputError(
            f"{name} {key}: {policy.name} has no rule of {target.lever}; to add one give all of it: "
            f"{target.lever}={{{value}, scope: negotiated, strength: must}}"
        )
    top = policy.layers[-1]
    source = Source(name, 0)
    empty = Rule(target.lever, None, None, ("all",), "all", "must", VARIANT, "assumed", VARIANT, source)
    rule = replace(_changed(empty, key, parts, name), changed=f"{name}: new")
    if top.name == VARIANT:
        return replace(policy, layers=(*policy.layers[:-1], replace(top, rules=(*top.rules, rule))))
    title = Title(en=w.named("variant", "en"), zh=w.named("variant", "zh"))
    return replace(policy, layers=(*policy.layers, Layer(VARIANT, title, top.place, None, None, (rule,), source)))


def show_value(value: Any) -> str:
    """A value as a policy file has it, in one line."""
    if value is True:
        return "yes"
    if value is False:
        return "no"
    if isinstance(value, (list, tuple, frozenset)):
        if len(value) == 2 and isinstance(value, tuple) and isinstance(value[1], str):
            return f"{value[0]:g} {value[1].replace('_', ' ')}"
        return ", ".join(str(v) for v in (sorted(value) if isinstance(value, frozenset) else value))
    if isinstance(value, dict):
        return ", ".join(f"{k} {v:g}" for k, v in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def values(rule: Rule) -> dict[str, str]:
    """A rule's value as its file has it, and for reading: value, value_en, value_zh."""
    value = show_value(rule.value if rule.said is None else rule.said)
    return {"value": value, "value_en": w.value_words(rule), "value_zh": w.value_words(rule, language="zh")}
