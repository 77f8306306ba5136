"""What is declared once has all its parts: each test lists the offenders of one kind, so that its message is the to-do list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from simlib.core.files import home
from simlib.core.phrases import LANGUAGES, texts
from simlib.core.records import Record
from simlib.experiments.proof import proofs
from simlib.model import state
from simlib.model.model import Run
from simlib.model.numbers import Numbers, numbers
from simlib.model.pair_records import STATES, PairState
from simlib.model.sums import CUBE, FIRST_BARRIER, GROUNDS, TALLY, Barrier, Ground
from simlib.outcomes.dictionary import INDICATORS
from simlib.policy import pending
from simlib.policy.clauses import clause_rows
from simlib.policy.flow import STAGES
from simlib.policy.levers import BARRIERS, LEVERS, Lever
from simlib.policy.load import lever_value, load_policy
from simlib.policy.vocabulary.words import UNITS, WORDS
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.parameters import Stages
from tests import worlds
from tests.worlds_rest import undrawn, values_of

ROOT = home()
ENGINE = sorted((ROOT / "simlib" / "model").rglob("*.py"))
_DRAWS = ROOT / "simlib" / "core" / "distributions.py"
MODEL = "\n".join(path.read_text(encoding="utf-8") for path in [*ENGINE, _DRAWS])
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
    return {n: v for n, v in LEVERS.items() if v.kind != "header" and not pending.never(n)}


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
    assert len(TWIN) > 5  # else it moved, and nothing is compared
    assert unread(TWIN) == sorted(NOT_IN_THE_TWIN)


def test_every_lever_and_word_of_a_lever_has_words():
    said = texts("levers", LANGUAGES[0])  # other languages have the same keys
    without = [key for name in LEVERS for key in (name, f"{name}.says") if not said.get(key)]
    words = [f"{n}:{w}" for n, v in LEVERS.items() for w in v.allowed if w not in WORDS and f"{n}:{w}" not in WORDS]
    units = [name for name, v in LEVERS.items() for u in v.unit.split("; ") if u and u not in UNITS]
    assert without + words + units == []


SEMANTICS = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "docs").glob("semantics*.md")))
# what the pages say of the model by its name: `training`, payment.fixed_share, price_guidance
NAMED = {name for code in re.findall(r"`([^`\n]+)`", SEMANTICS) for name in re.findall(r"[a-z0-9_.]+", code)}
NAMED |= {name.strip(".") for name in re.findall(r"[a-z0-9_.]+", SEMANTICS) if re.search(r"[a-z0-9][._][a-z0-9]", name)}


def test_every_lever_and_every_switch_of_a_stage_is_told_of_in_the_exact_semantics():
    told = {n for n in acting() if n in NAMED or any(n.endswith(f".{name}") for name in NAMED)}
    assert [name for name in acting() if name not in told] == []
    assert [name for name in Stages.model_fields if f"stages.{name}" not in NAMED] == []


def test_every_lever_that_a_clause_sets_has_a_proof():
    set_by_clauses = {
        r.lever for name in {"national", *worlds.POLICIES} for r in load_policy(name).rules if r.clause in _clauses()
    }
    seen = {sight.lever for sights in proofs().values() for sight in sights}
    assert [name for name in acting() if name in set_by_clauses and name not in seen] == []


def test_every_lever_without_a_proof_has_a_test_of_its_own():
    """A small effect can hide in the random worlds, in which any lever is drawn."""
    seen = {sight.lever for sights in proofs().values() for sight in sights}
    tested = said(p for p in (ROOT / "tests").rglob("test_*.py") if p != Path(__file__)).whole
    assert [name for name in acting() if name not in seen | tested] == []


def test_the_indicator_that_a_lever_is_said_to_move_is_moved_in_a_proof_or_named_by_a_test_of_the_lever():
    """A proof that names no indicator, or this one, is about it."""
    seen = {(s.lever, s.moves or LEVERS[s.lever].moves) for sights in proofs().values() for s in sights}
    tests = [said([p]).whole for p in (ROOT / "tests").rglob("test_*.py")]
    named = {(n, v.moves) for n, v in acting().items() if any({n, v.moves} <= words for words in tests)}
    assert [n for n, v in acting().items() if (n, v.moves) not in seen | named] == []


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


# ---- stages


STAGE_FILES = [p for p in ENGINE if p.parent.name == "stages" and p.name != "__init__.py"]
_PLAYS = re.compile(r"Stages? (\d+)b?(?: \(room\))?(?: (to|and) (\d+))?")


def played(path: Path) -> set[int]:
    """The numbers of the stages that a file plays, by the first words of its docstring: "Stage 6", "Stages 9 to 11"."""
    found = _PLAYS.match(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    if not found:
        return set()
    first, how, last = int(found[1]), found[2], int(found[3] or found[1])
    return set(range(first, last + 1)) if how == "to" else {first, last}


def test_every_stage_of_the_flow_has_a_file_and_every_file_says_which_stage_it_plays():
    numbers = {stage.number for stage in STAGES.values() if stage.built and stage.number}
    assert [p.name for p in STAGE_FILES if not played(p) or played(p) - numbers] == []
    assert numbers - set().union(*map(played, STAGE_FILES)) == set()


def test_every_stage_is_switched_on_or_off_by_a_test_of_its_own():
    """What is named here alone stands in no test; lists of all stages for random worlds and toys do not count."""
    tests = [p for p in (ROOT / "tests").rglob("test_*.py") if p != Path(__file__)]
    text = "\n".join(p.read_text(encoding="utf-8") for p in tests)
    stages = [s.name for s in STAGES.values() if s.built and s.number]
    assert [name for name in stages if not re.search(rf"\bstages\.{name}\b", text)] == []


def imported(path: Path) -> set[Path]:
    """The files of the engine that a file imports, whole or names of them."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("simlib.model"):
            names = [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
            found |= {ROOT / f"{name.replace('.', '/')}.py" for name in names}
    return found & set(ENGINE)


def test_every_file_of_a_stage_is_reached_from_the_model():
    reached, new = set(), {ROOT / "simlib" / "model" / "model.py"}
    while new:
        reached |= new
        new = set().union(*map(imported, new)) - reached
    assert [p.name for p in STAGE_FILES if p not in reached] == []


SWITCHED = re.compile(r"\b(?:stages|on)\.([a-z_]+)\b|\"([a-z_]+)\"")  # p.stages.use, or its name in a list of switches


def test_every_stage_has_a_switch_that_the_engine_and_the_twin_obey():
    """So a stage that only one of them plays is found even where the scenarios that compare the two leave it off."""
    assert [s.name for s in STAGES.values() if s.built and s.number and s.name not in Stages.model_fields] == []
    for code in (MODEL, "\n".join(path.read_text(encoding="utf-8") for path in TWIN)):
        read = {name for found in SWITCHED.findall(code) for name in found}
        assert [name for name in Stages.model_fields if name not in read] == []


# What only tests call: a hand check of one case, in the words of the page that it follows.
ONLY_TESTED = {"case_bill"}
REGISTERED = {"call_every_function"}  # by the package's root, which names it as text


def test_every_function_and_constant_of_the_engine_is_used_somewhere():
    used, defined = set(), {}
    for path in sorted((ROOT / "simlib").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
        if path in ENGINE:
            defined |= {name: path.name for statement in tree.body for name in _defined(statement)}
    assert [f"{file}: {name}" for name, file in defined.items() if name not in used | ONLY_TESTED | REGISTERED] == []


def _defined(statement: ast.stmt) -> list[str]:
    """The functions, classes and constants that a statement of a module defines.

    What a decorator registers is used by it; "compiled" and "dataclass" register nothing.
    """
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        marks = {ast.unparse(d).split("(")[0] for d in statement.decorator_list} - {"compiled", "dataclass"}
        return [] if marks or statement.name.startswith("__") else [statement.name]
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return [n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and not n.id.startswith("__")]


# ---- records and arrays of the state


RECORDS = sorted((r for r in Record.__subclasses__() if r.__module__.startswith("simlib.")), key=lambda r: r.__name__)


@pytest.mark.parametrize("record", RECORDS, ids=lambda r: r.__name__)
def test_every_field_of_a_record_has_a_unit_and_a_meaning_and_is_used(record):
    assert [f.name for f in record.fields if not (f.unit and f.meaning)] == []
    assert [f.name for f in record.fields if not re.search(rf"\.{f.name}\b|\"{f.name}\"", MODEL)] == []


def test_every_array_has_the_shape_and_the_kind_of_number_that_it_is_said_to_have():
    run = Run(build_world(load_scenario("small-world"), 0))
    sizes: dict[str, int] = {}
    for name, (record, shape) in state.shapes().items():
        array = getattr(run.arrays, name)
        if shape.kind in ("tuple", "Table"):
            continue
        assert array.dtype == (record.dtype if record else np.dtype(shape.kind)), name
        axes = [a.strip() for a in shape.axes.split(",") if a.strip()]
        assert array.ndim == len(axes), name
        for axis, found in zip(axes, array.shape, strict=True):
            letter, _, more = axis.partition("+")
            if letter.isdigit():
                assert found == int(letter), name
            elif letter in "DHGKJCRQP":
                assert found == sizes.setdefault(letter, found - int(more or 0)) + int(more or 0), (name, letter)
            else:
                assert letter in state.SIZES, name
    assert sizes["D"] == len(run.world.drugs) and sizes["H"] == len(run.world.hospitals) and len(sizes) == 9


def test_states_and_grounds_are_counted_in_their_own_order():
    assert CUBE[-len(STATES) :] == tuple(f"days_{name}" for name in STATES)
    assert tuple(state.name.lower() for state in PairState) == STATES and list(PairState) == list(range(len(STATES)))
    assert [GROUNDS[ground] for ground in Ground] == [ground.name.lower() for ground in Ground]
    assert GROUNDS[FIRST_BARRIER:] == BARRIERS == tuple(barrier.name.lower() for barrier in Barrier)


def test_every_scalar_of_a_scenario_is_given_a_value(monkeypatch):
    world = build_world(load_scenario("small-world"), 0)
    monkeypatch.setattr(Numbers, "zeros", lambda: Unset())
    given = numbers(world).given
    assert {f.name for f in Numbers.fields} - given <= {
        "fixed_pass",
        "fixed_defer",
        "fixed_return",
    }  # where none is fixed


class Unset:
    """Stands for a record and remembers which of its fields were set."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def __setitem__(self, name: str, value: object) -> None:
        self.given.add(name)


def test_every_state_has_a_name_in_both_languages_and_every_ground_one_of_refusal():
    shown = [s for s in STATES if s not in ("removed", "out_of_target")]
    assert [s for s in shown if f"state_{s}" not in INDICATORS] == []
    grounds = [n.removeprefix("reason_") for n in TALLY if n.startswith("reason_")]
    assert [g for g in grounds if f"reason_{g}" not in INDICATORS and g != "formulary_size"] == []


def arrays(function: ast.FunctionDef) -> set[str]:
    """Parameters without a type of their own that are indexed or asked for their size."""
    names = {a.arg for a in function.args.args if a.annotation is None} - {"table"}  # the calendar, a tuple of arrays
    found = set()
    for node in ast.walk(function):
        sized = isinstance(node, ast.Attribute) and node.attr in ("shape", "size")
        if (isinstance(node, ast.Subscript) or sized) and isinstance(node.value, ast.Name):
            found.add(node.value.id)
    return names & found


def test_a_compiled_function_says_what_each_array_that_it_takes_holds():
    silent = []
    for path in sorted((ROOT / "simlib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_compiled = isinstance(node, ast.FunctionDef) and "compiled" in map(ast.unparse, node.decorator_list)
            told = (ast.get_docstring(node) or "") if is_compiled else ""
            names = arrays(node) if is_compiled else set()
            silent += [f"{path.name}: {node.name}: {n}" for n in sorted(names) if not re.search(rf"\b{n}\b", told)]
    assert silent == []
