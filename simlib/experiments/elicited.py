"""What experts are asked: assumed numbers, each with a question in plain words and the bounds that the model sets.

`scenarios/elicitation.yaml` has the numbers that are asked for by default. A committee's leaning in log-odds is nothing
that anybody has seen; where the file says so (`share_of`), experts are asked for the share of cases that pass instead.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pydantic import ValidationError
from scipy.special import ndtr, ndtri

from simlib.core.files import Document, InputError, one_of, read_yaml, scenarios, validate
from simlib.core.strict import Many, Strict
from simlib.experiments.sensitivity import number_of, with_number
from simlib.policy.levers import Bilingual
from simlib.scenario.numbers import assumptions
from simlib.world.assumptions import Assumption, read_assumptions
from simlib.world.parameters import Parameters

FEWEST, MOST = 0.001, 0.999  # of a share that stands for log-odds, which 0 and 1 would make infinite
LONGEST = 1_000_000.0  # of a duration's mean or median


class Question(Strict):
    """A number that is asked for by default; the file's head says what each key means."""

    path: str
    why: Bilingual
    question: Bilingual | None = None
    share_of: str | None = None


class ElicitationFile(Strict):
    """The keys of the file of questions."""

    format: Literal[1]
    numbers: Many[Question]


@dataclass(frozen=True)
class Asked:
    """One number as experts are asked for it.

    low, high: what the model allows, as it is asked. whole: only whole numbers count. spread: where the number is the mean
    of a normal score and the share above 0 is asked for, the path of that score's standard deviation.
    """

    assumption: Assumption
    question: Bilingual
    low: float
    high: float
    whole: bool
    spread: str | None

    @property
    def path(self) -> str:
        """The path of the number."""
        return self.assumption.path

    @property
    def is_share(self) -> bool:
        """Whether it is asked for in per cent."""
        return self.spread is not None or (self.low, self.high) == (0.0, 1.0)

    def unit(self, language: str) -> str:
        """Its unit, as a language has it."""
        return "%" if self.is_share else getattr(self.assumption.unit, language)

    def present(self) -> tuple[float, float, float]:
        """(low end, value, high end) that the model has now, as they are asked for."""
        a = self.assumption
        ends = (float(a.range[0]), number_of(a), float(a.range[1]))
        if self.spread is None:
            return ends
        sd = number_of(register()[self.spread])
        low, value, high = (float(ndtr(x / sd)) for x in ends)
        return low, value, high

    def numbers(self, answers: np.ndarray, spread: np.ndarray | None = None) -> np.ndarray:
        """The model's numbers of answers (float64). spread: that of the same worlds; left out, the one that is assumed."""
        x = answers.clip(self.low, self.high)
        if self.spread is not None:
            return ndtri(x) * (number_of(register()[self.spread]) if spread is None else spread)
        return np.rint(x) if self.whole else x

    def complaint(self, answer: float) -> str:
        """Why the model cannot have this number; "" if it can."""
        x, tree = float(self.numbers(np.array([answer]))[0]), _tree()
        value = with_number(tree, self.assumption, int(x) if self.whole else x)
        *parents, leaf = self.path.split(".")
        node = tree
        for part in parents:
            node = node[part]
        node[leaf] = value
        try:
            Parameters.model_validate(tree)
        except ValidationError as e:
            return str(e.errors()[0]["msg"])
        return ""


def register() -> dict[str, Assumption]:
    """Every number with range and reason, by its path."""
    return {a.path: a for a in assumptions()}


def by_id() -> dict[str, str]:
    """Paths of the numbers that can be asked for, by id."""
    return {a.id: a.path for a in assumptions() if _ranges(a)}


def stored() -> tuple[Question, ...]:
    """The questions of `scenarios/elicitation.yaml`, in its order."""
    return parse_questions(read_yaml(scenarios() / "elicitation.yaml"))


def parse_questions(document: Document) -> tuple[Question, ...]:
    """As `stored`, from a read file; InputError for a path that cannot be asked for or that stands there twice."""
    file, seen = validate(ElicitationFile, document, document.data), set[str]()
    for i, q in enumerate(file.numbers):
        for key, path in (("path", q.path), ("share_of", q.share_of)):
            if path is not None and (wrong := _not_asked(path)):
                raise document.error(("numbers", i, key), wrong)
        if q.path in seen:
            raise document.error(("numbers", i, "path"), f"{q.path} stands there twice; take one of them out")
        seen.add(q.path)
    return file.numbers


def asked(paths: Sequence[str] = ()) -> tuple[Asked, ...]:
    """What is asked about the numbers at some paths, or about those of the stored list; InputError for one that is no number."""
    known = {q.path: q for q in stored()}
    for path in paths:
        if wrong := _not_asked(path):
            raise InputError(f"--numbers {path}: {wrong}")
    return tuple(_asked(path, known.get(path)) for path in dict.fromkeys(paths or known))


def _not_asked(path: str) -> str:
    """Why a path is none that experts are asked about; "" if it is."""
    a = register().get(path)
    if a is None:
        return one_of(path, [p for p, x in register().items() if _ranges(x)], "assumed number")
    return "" if _ranges(a) else f"{path} is no assumed number with a range; choose one (simlib list assumptions)"


def _ranges(a: Assumption) -> bool:
    """Whether a number is assumed and could lie elsewhere."""
    ends = [e for e in a.range if isinstance(e, (int, float)) and not isinstance(e, bool)]
    return a.kind == "assumed" and len(ends) == 2 and ends[0] != ends[1]


def _asked(path: str, q: Question | None) -> Asked:
    a = register()[path]
    question = q.question if q and q.question else Bilingual(en=a.name.en, zh=a.name.zh)
    if q and q.share_of:
        return Asked(a, question, FEWEST, MOST, False, q.share_of)
    if a.of:
        return Asked(a, question, 0.0, LONGEST, False, None)
    field = _field(path)
    low, high = (float(field.get(end, field.get(f"exclusive{end.title()}"))) for end in ("minimum", "maximum"))
    return Asked(a, question, low, high, field["type"] == "integer", None)


def _field(path: str) -> Mapping[str, Any]:
    """The schema of the number at a path: type, minimum and maximum."""
    found = [_schema()]
    for part in path.split("."):
        found = [inner for s in found for kind in _kinds(s) for inner in _below(kind, part)]
    return next(k for s in found for k in _kinds(s) if k.get("type") in ("integer", "number"))


def _kinds(schema: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """A schema, or those that it chooses between, without references."""
    if "$ref" in schema:
        schema = _schema()["$defs"][schema["$ref"].rpartition("/")[2]]
    for kind in schema.get("anyOf", ()):
        yield from _kinds(kind)
    if "anyOf" not in schema:
        yield schema


def _below(schema: Mapping[str, Any], part: str) -> Iterable[Mapping[str, Any]]:
    """What a schema says of one key."""
    if part in schema.get("properties", {}):
        yield schema["properties"][part]
    elif isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"]


@functools.cache
def _schema() -> Mapping[str, Any]:
    return Parameters.model_json_schema(by_alias=True)


def _tree() -> dict[str, Any]:
    """The default numbers, which one may change."""
    return Parameters.model_validate(read_assumptions()[1]).model_dump(mode="json", by_alias=True)
