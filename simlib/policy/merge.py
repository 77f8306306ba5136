"""How rules of one lever meet: which overrides, yields to or replaces which, and what holds where several reach."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import reduce

from simlib.core.workdays import MONTH
from simlib.policy.changes import values as values
from simlib.policy.levers import LEVERS, STRENGTHS, Bilingual
from simlib.policy.phrases import say
from simlib.policy.replacement import replaced, replacing
from simlib.policy.rules import Layer, Policy, Rule
from simlib.policy.vocabulary import words as w

DAYS = {"days": 1.0, "working_days": 1.4, "months": MONTH}  # calendar days, to tell the shorter of two limits
# how a rule meets those of other layers
MET = ("overrides", "adds_to", "repeats", "replaces", "yields_to", "replaced_by")
WORD_BY_WORD = (
    "committee.barriers_removed",
    "committee.caps_lifted",
    "use.barriers_removed",
)  # obeyed barrier by barrier


def better(lever_name: str, a: object, b: object) -> bool | None:
    """Whether value a is more favourable to access than b; None where they add up or cannot be told apart."""
    lever = LEVERS[lever_name]
    match lever.kind:
        case "limit":
            x, y = a[0] * DAYS[a[1]], b[0] * DAYS[b[1]]
            return None if x == y else x < y
        case "choice":
            x, y = lever.allowed.index(a), lever.allowed.index(b)
            return None if x == y else x > y
        case "count" | "share" | "number" | "flag":
            return None if a == b else (a > b) != lever.smaller_is_better
    return None


def met(policy: Policy, layer: Layer, rule: Rule) -> tuple[list[dict], list[dict]]:
    """(rules of lower layers that this one meets, rules of any other layer to which it yields)."""
    gone, to = replaced(policy, layer, rule), replacing(policy, layer, rule)
    over_ = [_other("replaces", r) for _, r in gone]
    to_ = [_replacing(later, r, rule) for later, r in to]
    apart = {id(r) for _, r in (*gone, *to)}
    below = True
    for other in policy.layers:
        below = below and other is not layer
        for r in other.rules:
            if r.lever != rule.lever or other is layer or id(r) in apart:
                continue
            first = better(rule.lever, rule.value, r.value)
            if first is False:
                to_.append(_other("yields_to", r))
            elif below and first:
                over_.append(_other("overrides", r))
            elif below:
                differs = rule.definition.kind == "set" and rule.value != r.value
                over_.append(_other("adds_to" if differs else "repeats", r))
    return over_, to_


def _other(how: str, rule: Rule) -> dict[str, str]:
    return {"how": how, "clause": rule.clause, **values(rule)}


def _replacing(layer: Layer, later: Rule, rule: Rule) -> dict:
    """What replaces a rule: from which day to which (texts), by which clause, and whether all of it."""
    first, last = later.start or layer.start, later.end or layer.end
    whole = (later.drugs == ("all",) or set(rule.drugs) <= set(later.drugs)) and (
        later.hospitals == "all" or set(later.hospitals.split("&")) <= set(rule.hospitals.split("&"))
    )
    days = {"from": str(first) if first else "", "to": str(last) if last else ""}
    return {**_other("replaced_by", later), "by": layer.stacking_clause, **days, "whole": whole}


def replaced_words(m: dict, language: str) -> str:
    """One entry of `met` for reading: until when a rule holds, what replaces it then, and by which clause."""
    later = w.bracketed(w.named(m["clause"], language), m[f"value_{language}"], language)
    last = str(date.fromisoformat(m["from"]) - timedelta(1)) if m["from"] else ""
    first, key = m["from"] or "policy_from", "replaced_between" if m["to"] else "replaced_since"
    since = say(key, language, first=first, **({"last": m["to"]} if m["to"] else {}))
    part = "" if m["whole"] else say("replaced_part", language)
    until = say("replaced_last", language, last=last) if last and m["whole"] else ""
    return until + say("replaced", language, since=since, later=later, part=part, by=m["by"])


def in_effect(policy: Policy, lever: str) -> Bilingual:
    """What holds where the rules of a lever meet that differ in value and strength, and by which; empty if none do.

    The most favourable value (words of a set together) with the strongest strength; barriers are obeyed one by one.
    """
    rules = [
        r for layer in policy.layers for r in layer.rules
        if r.lever == lever and r.value is not False and r.value != "none" and not replacing(policy, layer, r)
    ]  # fmt: skip
    kind = LEVERS[lever].kind
    differ = len({r.value for r in rules}) > 1 and len({r.strength for r in rules}) > 1
    if not differ or kind == "schedule":
        return Bilingual("", "")
    if lever in WORD_BY_WORD:
        return _word_by_word(rules)
    best = rules if kind == "set" else [r for r in rules if r.value == _best(rules).value]
    strong = max(STRENGTHS.index(r.strength) for r in rules)
    strongest = [r for r in rules if STRENGTHS.index(r.strength) == strong]
    value = frozenset().union(*(r.value for r in rules)) if kind == "set" else best[0]
    texts = []
    for n in ("en", "zh"):
        said = w.value_words(value, lever if kind == "set" else None, n)
        parts = w.bracketed(said, _clauses(best, n), n), w.bracketed(_strength(strong, n), _clauses(strongest, n), n)
        texts.append(w.joined(parts, n))
    return Bilingual(*texts)


def _best(rules: list[Rule]) -> Rule:
    return reduce(lambda a, b: b if better(a.lever, b.value, a.value) else a, rules)


def _word_by_word(rules: list[Rule]) -> Bilingual:
    """Each word of some sets with the strongest strength of those that name it."""
    texts = []
    for n in ("en", "zh"):
        parts = []
        for word in sorted(set().union(*(r.value for r in rules)), key=rules[0].definition.allowed.index):
            naming = [r for r in rules if word in r.value]
            strong = max(STRENGTHS.index(r.strength) for r in naming)
            by = _clauses([r for r in naming if STRENGTHS.index(r.strength) == strong], n)
            parts.append(w.bracketed(f"{w.word(word, rules[0].definition, n)} {_strength(strong, n)}", by, n))
        texts.append(w.joined(parts, n))
    return Bilingual(*texts)


def _strength(place: int, language: str) -> str:
    return w.pick(w.STRENGTH[STRENGTHS[place]], language)


def _clauses(rules: Iterable[Rule], language: str) -> str:
    return w.joined(dict.fromkeys(w.named(r.clause, language) for r in rules), language)
