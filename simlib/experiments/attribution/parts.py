"""The parts in which two policies differ, and the rulebook in which some of them hold.

A part is a clause, an article or a document, with all the rules that it sets. A coalition is a set of parts, written as a whole
number: part i belongs to it where bit i is set. In its rulebook the rules of its parts stand as in the scenario, those of all
other parts as in the baseline (mostly: not at all), and what both policies hold stays as it is. So the game that is played is
"the text without this sentence", not "the hospitals that do not obey it".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property

from simlib.core.files import InputError, one_of
from simlib.policy.clauses import clause_rows
from simlib.policy.rules import Layer, Policy, Rule, cites
from simlib.scenario.drawn import in_world
from simlib.scenario.scenario import Scenario

LEVELS = ("clause", "article", "document")
OF_RULES = ("name", "title", "policy", "replications", "changes", "spec", "settings")  # may differ where rules do
HEADS = ("place", "start", "end", "stacking", "baseline")  # of a document, no clause among its rules


@dataclass(frozen=True)
class Part:
    """Rules that hold or fall together.

    name: a clause, an article or a document, with its document before a colon where two have one of that name. document: whose
    it is. clauses: those it is made of. ours, theirs: its rules in the scenario and in the baseline.
    """

    name: str
    document: str
    clauses: tuple[str, ...]
    ours: tuple[Rule, ...]
    theirs: tuple[Rule, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What it says: in the scenario, or in the baseline where the scenario has none of it."""
        return self.ours or self.theirs


@dataclass(frozen=True)
class Game:
    """Two scenarios that differ in rules alone, and the parts in which they do. by: what a part is, one of LEVELS."""

    scenario: Scenario
    baseline: Scenario
    parts: tuple[Part, ...]
    by: str = "clause"

    @property
    def all(self) -> int:
        """The coalition of all parts, which is the scenario; 0, that of none, is the baseline."""
        return (1 << len(self.parts)) - 1

    def at(self, coalition: int) -> Scenario:
        """The scenario in which the parts of a coalition hold."""
        if coalition in (0, self.all):
            return self.scenario if coalition else self.baseline
        return self.built(coalition)

    def in_world(self, coalitions: Iterable[int], replication: int) -> Iterator[Scenario]:
        """The scenarios of some coalitions in the world of a replication, whose numbers are the same in all and made once."""
        numbers = in_world(self.scenario, replication).parameters
        for coalition in coalitions:
            yield replace(self.at(coalition), parameters=numbers, world="middle")

    def built(self, coalition: int) -> Scenario:
        """The same, put together from its rules even where it is one of the two scenarios."""
        layers = tuple(
            replace(layer, rules=tuple(r for r, part, ours in rules if _stands(part, ours, coalition)))
            for layer, rules in self._stack
        )
        return replace(self.scenario, policy=replace(self.scenario.policy, layers=layers))

    @cached_property
    def _stack(self) -> list[tuple[Layer, list[tuple[Rule, int, bool]]]]:
        """Every layer of either policy with its rules: of which part each is (-1: of both policies), and whether it is ours."""
        mine, yours = self.scenario.policy, self.baseline.policy
        part_of = {
            id(r): (i, side)
            for i, p in enumerate(self.parts)
            for side, rs in ((True, p.ours), (False, p.theirs))
            for r in rs
        }
        stack = []
        for layer in _layers(mine, yours):
            rules = [(r, *part_of.get(id(r), (-1, True))) for r in _rules(mine, layer.name)]
            rules += [(r, *part_of[id(r)]) for r in _rules(yours, layer.name) if id(r) in part_of]
            stack.append((layer, rules))
        return stack


def _stands(part: int, ours: bool, coalition: int) -> bool:
    return part < 0 or bool(coalition >> part & 1) == ours


def _rules(policy: Policy, layer: str) -> tuple[Rule, ...]:
    return next((x.rules for x in policy.layers if x.name == layer), ())


def _layers(mine: Policy, yours: Policy) -> list[Layer]:
    """The layers of both, those of the baseline alone behind the one that they follow there."""
    out, at = list(mine.layers), 0
    for layer in yours.layers:
        place = next((i for i, x in enumerate(out) if x.name == layer.name), None)
        if place is None:
            out.insert(at, layer)
            place = at
        at = place + 1
    return out


def game(scenario: Scenario, baseline: Scenario, by: str = "clause") -> Game:
    """The parts in which two scenarios differ.

    by: "clause", "article" (of the stored documents; a clause of another is an article by itself) or "document". InputError
    where the two differ in more than rules, in the days or the stacking of a document, or not at all.
    """
    if by not in LEVELS:
        raise InputError(one_of(by, LEVELS, "level of parts"))
    _check(scenario, baseline)
    ours = _only(scenario.policy, baseline.policy)
    theirs = _only(baseline.policy, scenario.policy)
    if not (ours or theirs):
        raise InputError(f"{scenario.name} and {baseline.name} have the same rules: there is nothing to attribute")
    return Game(scenario, baseline, _parts(ours, theirs, by), by)


def _check(scenario: Scenario, baseline: Scenario) -> None:
    """InputError where what differs is no matter of clauses."""
    names = f"{scenario.name} and {baseline.name}"
    other = [f.name for f in fields(Scenario) if f.compare and f.name not in OF_RULES]
    if differ := [name for name in other if getattr(scenario, name) != getattr(baseline, name)]:
        raise InputError(f"{names} differ in more than rules ({', '.join(differ)}): give both the same with --set-both")
    theirs = {layer.name: layer for layer in baseline.policy.layers}
    for layer in scenario.policy.layers:
        if other_ := theirs.get(layer.name):
            if heads := [h for h in HEADS if getattr(layer, h) != getattr(other_, h)]:
                raise InputError(f"{names} differ in {', '.join(heads)} of {layer.name}, which no clause of it carries")


def _only(policy: Policy, other: Policy) -> list[Rule]:
    """The rules of a policy that the other has not, layer by layer."""
    found = []
    for layer in policy.layers:
        there = list(_rules(other, layer.name))
        for rule in layer.rules:
            if rule in there:
                there.remove(rule)
            else:
                found.append(rule)
    return found


def _parts(ours: Iterable[Rule], theirs: Iterable[Rule], by: str) -> tuple[Part, ...]:
    """Rules by what they stand in, in the order in which the stack has them."""
    articles = {(c["document"], c["id"]): c["clause"] for c in clause_rows()}

    def named(rule: Rule) -> tuple[str, str]:
        name = {"clause": rule.clause, "document": rule.document}.get(by) or articles.get((rule.document, rule.clause))
        return rule.document, name or rule.clause

    groups: dict[tuple[str, str], tuple[list[Rule], list[Rule]]] = {}
    for side, rules in enumerate((ours, theirs)):
        for rule in rules:
            groups.setdefault(named(rule), ([], []))[side].append(rule)
    names = [name for _, name in groups]
    return tuple(
        Part(
            name if names.count(name) == 1 else f"{document}:{name}", document,
            tuple(dict.fromkeys(r.clause for r in (*mine, *yours))), tuple(mine), tuple(yours),
        )
        for (document, name), (mine, yours) in groups.items()
    )  # fmt: skip


def place_of(parts: Iterable[Part], reference: str) -> int:
    """Which part a clause, article or document names; InputError for none."""
    parts = list(parts)
    for i, p in enumerate(parts):
        if reference == p.name or any(cites(reference, r) for r in p.rules):
            return i
    raise InputError(one_of(reference, [p.name for p in parts], "part"))
