"""Checks of files that change others: variants, readings, and the reasons why clauses do not act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal

from simlib.core.files import Document, one_of, validate
from simlib.core.strict import Strict
from simlib.policy.changes import apply_changes, clause_of
from simlib.policy.checks import near_clause
from simlib.policy.clauses import clause_rows
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.policy.readings import ReadingsFile, choose
from simlib.policy.rules import Policy, Title, cites
from simlib.policy.stacking import WITHOUT, references
from simlib.scenario.checked import ScenarioFile
from simlib.scenario.layers import NUMBERS, changes_layer
from simlib.scenario.numbers import resolve_numbers
from simlib.scenario.parts import read_cohort, read_policy, read_region
from simlib.scenario.resolve import Tree, resolve
from simlib.scenario.variants import VariantFile
from simlib.world.parameters import Parameters


class Reasons(Strict):
    """The keys of the file of reasons: by what clauses deal with, or one by one."""

    format: Literal[1]
    by_stage: dict[str, Title]
    by_clause: dict[str, Title]


def check_variant(document: Document) -> None:
    """InputError for a change that means nothing, or whose value no policy or scenario could take."""
    file = validate(VariantFile, document, document.data)
    _check_changes(document, ("changes",), file.changes, ScenarioFile.model_fields)


def check_readings(document: Document) -> None:
    """InputError for an answer that changes what there is not, or names what there is not."""
    file = validate(ReadingsFile, document, document.data)
    clauses = [row["id"] for row in clause_rows()] + _only_cited()
    for code, reading in file.readings.items():
        for i, clause in enumerate(reading.clauses):
            if clause not in clauses:
                words = f"no clause {clause!r}{near_clause(clause, clauses)}"
                raise document.error(("readings", code, "clauses", i), words)
        for i, other in enumerate(reading.others):
            path = ("readings", code, "others", i)
            for policy in other.only:
                if policy not in policies():
                    raise document.error((*path, "only"), one_of(policy, policies(), "policy"))
            _check_changes(document, (*path, "set"), other.set, ())


def _only_cited() -> list[str]:
    """Clauses of documents whose text was not found: only the rules that stand for them cite them."""
    rules = (rule for name in policies() for rule in load_policy(name).layers[-1].rules)
    return sorted({rule.clause for rule in rules} - {row["id"] for row in clause_rows()})


def check_reasons(document: Document) -> None:
    """InputError for a reason of no clause."""
    file, rows = validate(Reasons, document, document.data), clause_rows()
    stages, clauses = {r["stage"] for r in rows}, {r["id"] for r in rows}
    for stage in file.by_stage:
        if stage not in stages:
            raise document.error(("by_stage", stage), one_of(stage, stages, "stage"))
    for clause in file.by_clause:
        if clause not in clauses:
            raise document.error(("by_clause", clause), f"no clause {clause!r}{near_clause(clause, clauses)}")


def _check_changes(document: Document, path: tuple, changes: Mapping[str, Any], keys: Iterable[str]) -> None:
    """Each change by itself, laid over every stored policy, or read as a number or a key of a scenario."""
    stacks = [load_policy(name) for name in policies()]
    for key, value in changes.items():
        tree = resolve([changes_layer("changes", {key: value}, keys, document=document, root=path)])
        with tree.document.placed():
            choose(tree.data.pop("readings", {}), load_policy("national"))
        for name, rules in tree.rules:
            _check_clauses(document, (*path, key), key, value, stacks)
            for stack in stacks:
                apply_changes(stack, rules, name, strict=False)
        with tree.document.placed():
            _check_numbers(tree)
        if tree.data:
            _check_keys(tree)


def _check_numbers(tree: Tree) -> None:
    """The numbers of a change, over the defaults."""
    if "parameters" in tree.data:
        resolve_numbers(tree).typed(NUMBERS, Parameters)
        del tree.data["parameters"]


def _check_keys(tree: Tree) -> None:
    """The keys of a scenario, as those of one that is sound but for them, and the parts that they name."""
    given = {"format": 1, "name": "any", "cohort": "any", **tree.data}
    document = replace(tree.document, data=given)
    file = validate(ScenarioFile, document, given)
    with document.placed():
        if file.region is not None:
            read_region(file.region, document.folder)
        if file.cohort != "any":
            read_cohort(file.cohort, document.folder)
        if file.policy is not None:
            read_policy(file.policy, document)


def _check_clauses(document: Document, path: tuple, key: str, value: Any, stacks: list[Policy]) -> None:
    """Clauses that a change names are those of a rule of some policy."""
    lever, clause = key.partition("@")[0], clause_of(key)
    with document.placed(path):
        cited = [clause] if clause else references(value, WITHOUT) if key == WITHOUT else []
    rules = [r for stack in stacks for r in stack.rules if lever in (WITHOUT, r.lever)]
    for name in cited:
        if not any(cites(name, r) for r in rules):
            words = f"no rule{f' of {lever}' if clause else ''} is by clause {name!r}"
            raise document.error(path, words + near_clause(name, {r.clause for r in rules}))
