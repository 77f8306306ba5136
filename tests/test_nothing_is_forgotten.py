"""What is declared once has all its parts: each test lists the offenders of one kind, so that its message is the to-do list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from simlib.core.files import home
from simlib.experiments.proof import proofs
from simlib.policy import pending
from simlib.policy.clauses import clause_rows
from simlib.policy.levers import LEVERS, Lever
from simlib.policy.load import lever_value, load_policy
from simlib.policy.vocabulary.words import UNITS, WORDS
from simlib.scenario.scenario import load_scenario
from tests import worlds
from tests.worlds_rest import undrawn, values_of

ROOT = home()
ENGINE = sorted((ROOT / "simlib" / "model").rglob("*.py"))
TWIN = sorted([*(ROOT / "twin").rglob("*.py"), *(ROOT / "benchmarks").glob("naive*.py")])
# The twin plays neither: supplementary applications reach no hospital, and tests/model/stages/test_later.py works the
# engine's dates out by hand.
NOT_IN_THE_TWIN = {"preapproval.supplement_review_limit"}
_CODE = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Said:
    """The strings of some Python files: whole ones, and the beginnings of those that are put together ("listing." + x)."""

    whole: frozenset[str]
    beginnings: frozenset[str]

    def names(self, lever: str, keys: frozenset[str]) -> bool:
        """Whether a lever is named: in full, or as a beginning with a rest that is itself said or a key of an assumed number."""
        if lever in self.whole:
            return True
        group, _, rest = lever.rpartition(".")
        return f"{group}." in self.beginnings and (rest in self.whole or rest in keys)


def said(paths: Iterable[Path]) -> Said:
    """What the files say, documentation strings left out."""
    whole, beginnings = set(), set()
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(node.values[0].value)
            elif isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
                beginnings.add(node.left.value)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return Said(frozenset(whole), frozenset(b for b in beginnings if isinstance(b, str)))


def acting() -> dict[str, Lever]:
    """Levers of which a stage must know: not those of a file's head, nor those that act through something else."""
    return {n: v for n, v in LEVERS.items() if v.kind != "header" and n not in pending.REASONS}


def keys() -> frozenset[str]:
    """Last parts of the paths of assumed numbers: a size that belongs to a lever is called like it."""
    found = load_scenario("sichuan-sichuan-default").assumptions
    return frozenset(part for a in found for part in a.path.split("."))


def unread(paths: Iterable[Path]) -> list[str]:
    """Levers of which no file says the name."""
    there, parts = said(paths), keys()
    return [name for name in acting() if not there.names(name, parts)]


def test_every_lever_is_read_by_a_stage_of_the_engine():
    assert unread(ENGINE) == []


def test_every_lever_is_read_by_the_twin():
    assert TWIN and unread(TWIN) == sorted(NOT_IN_THE_TWIN)


def test_every_lever_and_word_of_a_lever_has_words():
    without = [name for name, v in LEVERS.items() if not all((*v.title, *v.says))]
    words = [f"{n}:{w}" for n, v in LEVERS.items() for w in v.allowed if w not in WORDS and f"{n}:{w}" not in WORDS]
    units = [name for name, v in LEVERS.items() for u in v.unit.split("; ") if u and u not in UNITS]
    assert without + words + units == []


def test_every_lever_that_a_clause_sets_has_a_proof():
    set_by_clauses = {
        r.lever for name in {"national", *worlds.POLICIES} for r in load_policy(name).rules if r.clause in _clauses()
    }
    seen = {sight.lever for sights in proofs().values() for sight in sights}
    assert [name for name in acting() if name in set_by_clauses and name not in seen] == []


def _clauses() -> set[str]:
    return {row["id"] for row in clause_rows()}


def test_every_lever_is_in_some_random_world_with_values_that_a_file_may_have():
    rest = undrawn(worlds.drawn(), worlds.POLICIES)
    in_policies = {r.lever for name in worlds.POLICIES for r in load_policy(name).rules}
    assert [name for name in acting() if not (name in worlds.drawn() or name in in_policies or name in rest)] == []
    for name, lever in acting().items():
        assert values_of(lever), name
        for value in values_of(lever):
            lever_value(lever, value)  # ValueError where a file may not have it
