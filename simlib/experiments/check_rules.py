"""The rules of one file, each with whether it acts in a scenario, and what it moves there by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from simlib.core.files import InputError, scenarios
from simlib.policy.acting import Acting, acting
from simlib.policy.changes import VARIANT
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.policy.phrases import both
from simlib.policy.rules import Layer, Policy, Rule
from simlib.policy.stacking import each_rule
from simlib.policy.vocabulary import words as w
from simlib.scenario.experiment_files import Cell, load_experiment
from simlib.scenario.experiment_files import names as experiments
from simlib.scenario.inert import standing
from simlib.scenario.scenario import Scenario, load_scenario

FEW = 4  # replications that tell what a rule moves


@dataclass(frozen=True)
class Moved:
    """What a rule moves by itself: the world with it less the world without it, on the same random numbers.

    same: whether no number of any replication differs.
    """

    indicator: str
    unit: str
    difference: float
    low: float
    high: float
    replications: int
    same: bool


@dataclass(frozen=True)
class Row:
    """One rule of a file."""

    rule: Rule
    acting: Acting
    moved: Moved | None = None

    def data(self) -> dict[str, Any]:
        """For machines."""
        why = self.acting.reason or self.acting.remark
        return {
            "clause": self.rule.clause, "lever": self.rule.lever, "value": w.value_words(self.rule), "scope": self.rule.scope,
            "line": self.rule.source.line, "acts": self.acting.acts, "why": why.en if why else "", "why_zh": why.zh if why else "",
            "words_that_do_not": {word: reason.en for word, reason in self.acting.words},
            "alone": vars(self.moved) if self.moved else None,
        }  # fmt: skip


@dataclass(frozen=True)
class FileRules:
    """The rules of a file in a scenario; None where no stored scenario is of the policy's place."""

    scenario: Scenario | None
    place: str
    rows: tuple[Row, ...]

    def data(self) -> dict[str, Any]:
        """For machines."""
        name = self.scenario.name if self.scenario else None
        return {"scenario": name, "place": self.place, "rules": [row.data() for row in self.rows]}


def file_rules(path: Path, kind: str, scenario: str | None = None) -> FileRules:
    """The rules of a policy or scenario file, each with whether it acts.

    scenario: in which one, for a policy file; left out, the stored one of its place. A policy that stands in a scenario's
    file, or that it names, is asked for in that scenario, with those rules of other documents that the file changes.
    """
    if kind == "scenario":
        found = load_scenario(path)
        top = next((x for x in reversed(found.policy.layers) if x.name == found.policy.name), found.policy.layers[-1])
        rows = [
            Row(r, a) for x, r, a in standing(found) if (x is top and not x.baseline) or x.name == VARIANT or r.changed
        ]
        return FileRules(found, top.place, tuple(rows))
    policy = _policy(path)
    own = _top(policy)
    found = _scenario_of(own.place, path, scenario)
    if found is None:
        return FileRules(None, own.place, tuple(Row(r, acting(policy, own, r)) for r in own.rules))
    return FileRules(found, own.place, tuple(_rows(own, found)))


def _rows(own: Layer, scenario: Scenario) -> list[Row]:
    """The rules of a policy's own document in a scenario, which leaves those out that hold elsewhere only."""
    there = {r.source.line: Row(r, a) for layer, r, a in standing(scenario) if layer.name == own.name}
    return [there.get(r.source.line) or Row(r, Acting(_elsewhere(r))) for r in own.rules]


def _elsewhere(rule: Rule) -> Any:
    return both("holds_only", places=", ".join(rule.only))


def _policy(path: Path) -> Policy:
    """The policy of a file; a stored one by its name."""
    return load_policy(path.stem if _stored(path) else str(path))


def _stored(path: Path) -> bool:
    return path.stem in policies() and path.resolve().parent == (scenarios() / "policies").resolve()


def _top(policy: Policy) -> Layer:
    return next(x for x in policy.layers if x.name == policy.name)


def _scenario_of(place: str, path: Path, scenario: str | None) -> Scenario | None:
    """The scenario in which a policy file is asked for, with the file as its policy."""
    given = path.stem if _stored(path) else str(path.resolve())
    if scenario:
        return load_scenario(scenario, {"policy": given})
    cell = _cell_of(place)
    return load_scenario(cell.document, {"policy": given}) if cell else None


def _cell_of(place: str) -> Cell | None:
    """The stored scenario of a place with its own rulebook, at default obedience."""
    cells = [c for name in experiments() for c in load_experiment(name).cells]
    here = [c for c in cells if c.region == place and c.obedience == "default" and not c.reading]
    return next((c for c in here if c.own), here[0] if here else None)


def measured(
    found: FileRules,
    run: Callable[[Scenario, int], Any],
    replications: int = FEW,
    step: Callable[[], Any] = lambda: None,
) -> FileRules:
    """The same rules, each that acts with what it moves by itself (its lever's indicator).

    run: simulates a scenario so many times. step: called after each rule.
    """
    if found.scenario is None:
        raise InputError(f"--measure: no stored scenario is of place {found.place!r}; name one with --in SCENARIO")
    whole = run(found.scenario, replications)
    rows = []
    for row in found.rows:
        rows.append(replace(row, moved=_moved(whole, row.rule, run, replications)) if row.acting.acts else row)
        step()
    return replace(found, rows=tuple(rows))


def _moved(whole: Any, rule: Rule, run: Callable[[Scenario, int], Any], replications: int) -> Moved:
    from simlib.experiments.run import compare

    less = run(without_rule(whole.scenario, rule), replications)
    row = compare(whole, less).value(rule.definition.moves)
    a, b = whole.values.align(less.values, join="outer")
    same = bool(np.array_equal(a.to_numpy(), b.to_numpy(), equal_nan=True))
    numbers = (float(row[k]) for k in ("difference", "low", "high"))
    return Moved(rule.definition.moves, row["unit"], *numbers, replications, same)


def without_rule(scenario: Scenario, rule: Rule) -> Scenario:
    """The scenario with one rule taken out, for a comparison."""
    return replace(scenario, policy=each_rule(scenario.policy, lambda _, r: None if r is rule else r))
