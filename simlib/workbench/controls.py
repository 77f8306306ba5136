"""Every lever of a rulebook as something that can be moved: on or off, a value of its kind, and a strength."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from simlib.policy.changes import VARIANT
from simlib.policy.flow import STAGES
from simlib.policy.levers import LEVERS, STRENGTHS, Lever
from simlib.policy.load import load_policy
from simlib.policy.load import names as policy_names
from simlib.policy.merge import DAYS
from simlib.policy.rules import Policy, Rule, cites

Shape = Literal["flag", "slider", "words", "word", "numbers"]
_SHAPE: dict[str, Shape] = {
    "flag": "flag", "limit": "slider", "count": "slider", "share": "slider", "number": "slider", "set": "words",
    "choice": "word", "schedule": "numbers",
}  # fmt: skip
_DAYS = {**DAYS, "working days": DAYS["working_days"], "weeks": 7.0}
_TOP = {"meetings a year": 24.0, "products": 100.0}  # of a slider: what no document comes near is left to files


@dataclass(frozen=True)
class Moved:
    """Where a control stands: whether the rule holds, its value in the control's unit, its strength."""

    on: bool
    value: Any
    strength: str


@dataclass(frozen=True)
class Control:
    """One rule that can be moved.

    clause: of the rule (DOCUMENT:CLAUSE where two documents have it), "" for a lever that the rulebook lacks. rule: the rulebook's rule, or the one of another
    document whose value is proposed (None: no document has the lever). written: where the control stands in the
    rulebook as written. low, high, step: of a slider, in `unit`. words: what a choice, a set or a schedule allows.
    locked: where a clause sets the lever more than once and differently, its rules: a key of a change names a clause
    and would give all of them one value, so that they can only be switched off and on together.
    """

    lever: Lever
    clause: str
    rule: Rule | None
    written: Moved
    unit: str
    low: float
    high: float
    step: float
    words: tuple[str, ...]
    locked: tuple[Rule, ...] = ()  # rules of one clause that say different things to different drugs or hospitals

    @property
    def shape(self) -> Shape:
        """The kind of control that fits."""
        return _SHAPE[self.lever.kind]

    @property
    def key(self) -> str:
        """The key of a change to this rule (see `simlib.policy.changes`)."""
        return f"{self.lever.name}@{self.clause}" if self.clause else self.lever.name

    @property
    def scope(self) -> str:
        """Drugs and hospitals that the rule reaches, or would reach if it were added."""
        return self.rule.scope if self.rule else "class1"

    def said(self, value: Any) -> Any:
        """A value of the control as a policy file says it."""
        match self.lever.kind:
            case "limit":
                return f"{value:g} {self.unit[:-1] if value == 1 else self.unit}"
            case "share":
                return round(value / 100, 6)
            case "count":
                return int(value)
            case "set":
                return [word for word in self.words if word in value]
            case "schedule":
                return {str(k): float(n) for k, n in value.items()}
        return value

    def rules(self, policy: Policy) -> list[Rule]:
        """The rules of a policy on which this control stands: of its clause, or added by a change."""
        return [r for r in _by_lever(policy).get(self.lever.name, ()) if cites(self.clause or VARIANT, r)]

    def where(self, policy: Policy) -> Moved:
        """Where the control stands under a policy; off keeps the value that it had as written."""
        rules = self.rules(policy)
        if not rules or rules[0].value is False:
            return Moved(False, self.written.value, self.written.strength)
        return Moved(True, shown(self.lever, rules, self.unit), rules[0].strength)


_indexed: list[tuple[Policy, dict[str, list[Rule]]]] = []  # of the last policy


def _by_lever(policy: Policy) -> dict[str, list[Rule]]:
    """Rules by lever, lowest layer first, sorted once a policy: a move asks for those of every control."""
    if not _indexed or _indexed[0][0] is not policy:
        found: dict[str, list[Rule]] = {}
        for rule in policy.rules:
            found.setdefault(rule.lever, []).append(rule)
        _indexed[:] = [(policy, found)]
    return _indexed[0][1]


def shown(lever: Lever, rules: list[Rule], unit: str) -> Any:
    """The value of rules of one lever and clause as a control shows it: in `unit`, shares in per cent, words together."""
    value = rules[0].value
    match lever.kind:
        case "limit":
            number, own = value
            return round(number * _DAYS[own] / _DAYS[unit], 4) if own.replace("_", " ") != unit else float(number)
        case "share":
            return round(100 * value, 4)
        case "set":
            together = frozenset().union(*(r.value for r in rules))
            return tuple(word for word in lever.allowed if word in together)
        case "schedule":
            return {str(k): n for k, n in value}
    return value


def controls(policy: Policy) -> list[Control]:
    """Every lever in the order of the flow: one control a rule of the policy, and one for a lever that it lacks."""
    out: list[Control] = []
    for lever in LEVERS.values():
        if lever.kind == "header":
            continue
        clauses: dict[str, list[Rule]] = {}
        for rule in policy.of(lever.name):
            clauses.setdefault(policy.reference(rule), []).append(rule)
        out += [_control(lever, clause, rules) for clause, rules in clauses.items()] or [_missing(lever)]
    order = list(STAGES)
    return sorted(out, key=lambda c: order.index(c.lever.stage))


def _control(lever: Lever, clause: str, rules: list[Rule]) -> Control:
    unit = _unit(lever, rules[0])
    value = shown(lever, rules, unit)
    on = rules[0].value is not False
    made = _made(lever, clause, rules[0], Moved(on, value if on else True, rules[0].strength), unit)
    differ = len({(r.value, r.strength) for r in rules}) > 1
    return replace(made, locked=tuple(rules)) if differ else made


def _missing(lever: Lever) -> Control:
    """A lever that no document of the stack uses, with the value of the first other document that does."""
    rule = proposals().get(lever.name)
    unit = _unit(lever, rule)
    value = shown(lever, [rule], unit) if rule else _guess(lever)
    return _made(lever, "", rule, Moved(False, value, rule.strength if rule else STRENGTHS[-1]), unit)


@functools.cache
def proposals() -> Mapping[str, Rule]:
    """For each lever a rule that some stored document has."""
    found: dict[str, Rule] = {}
    for name in sorted(policy_names(), key=lambda n: n != "national"):
        for rule in load_policy(name).layers[-1].rules:
            if rule.value is not False:
                found.setdefault(rule.lever, rule)
    return found


def _guess(lever: Lever) -> Any:
    """A value for a lever that no document uses: the best word, all words, the middle of its bounds."""
    match lever.kind:
        case "flag":
            return True
        case "choice":
            return lever.allowed[-1]
        case "set":
            return lever.allowed
        case "schedule":
            return {lever.allowed[0] if lever.allowed else "2025": 1.0}
    low, high = (x if math.isfinite(x) else 1.0 for x in lever.bounds)
    return 50.0 if lever.kind == "share" else float(round((low + high) / 2))


def _unit(lever: Lever, rule: Rule | None) -> str:
    """The unit in which a control shows a rule's value: the document's own, for a duration."""
    if lever.kind != "limit" or rule is None:
        return lever.unit
    number, unit = rule.value
    return "weeks" if lever.unit == "weeks" and number % 7 == 0 else unit.replace("_", " ")


def _made(lever: Lever, clause: str, rule: Rule | None, written: Moved, unit: str) -> Control:
    low, high, step = _range(lever, unit, written.value)
    words = lever.allowed or tuple(written.value if lever.kind == "schedule" else ())
    return Control(lever, clause, rule, written, unit, low, high, step, words)


def _range(lever: Lever, unit: str, value: Any) -> tuple[float, float, float]:
    """(low, high, step) of a slider that holds the value."""
    low, high = (x if math.isfinite(x) else y for x, y in zip(lever.bounds, (0.0, 1000.0), strict=True))
    match lever.kind:
        case "limit":
            factor = _DAYS[lever.unit] / _DAYS[unit]
            step = 0.25 if unit == "months" else 1.0
            low, high = max(step if lever.low else 0.0, round(low * factor / step) * step), high * factor
            return low, max(float(round(high)), value), step
        case "count":
            return 0.0, max(_TOP.get(lever.unit, high), 2.0 * value), 1.0
        case "share":
            return 0.0, 100.0, 1.0
        case "number":
            return low, high, 0.05 if high <= 10 else 1.0
    return low, high, 1.0
