"""The assumed numbers as `scenarios/assumptions.yaml` has them, with their ranges and reasons."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from simlib.core.files import Document, Source, read_yaml, scenarios, validate
from simlib.core.strict import Many, Strict
from simlib.policy.levers import Bilingual


class _Leaf(Strict):
    """A number as the file has it."""

    value: Any
    range: Annotated[Many[Any], Field(min_length=2)]
    of: str | None = None
    kind: Literal["assumed", "published", "switch"] = "assumed"
    name: Bilingual
    unit: Bilingual
    reason: Bilingual


@dataclass(frozen=True)
class Assumption:
    """One assumed number: where it stands, in which range it could lie, and why.

    name, unit, reason: in both languages. of: where the value is a distribution, which number of it the range is about.
    """

    path: str
    value: Any
    range: tuple
    of: str | None
    name: Bilingual
    unit: Bilingual
    reason: Bilingual
    kind: str
    source: Source

    @property
    def id(self) -> str:
        """Its id, the same wherever it is cited."""
        return assumption_id(self.path)

    def name_and_unit(self, language: str = "en") -> tuple[str, str]:
        """What it is, and its unit in brackets."""
        return (self.name.zh, f"（{self.unit.zh}）") if language == "zh" else (self.name.en, f"({self.unit.en})")

    def title(self, language: str = "en") -> str:
        """What it is, with its unit in brackets behind."""
        return ("" if language == "zh" else " ").join(self.name_and_unit(language))

    def why(self, language: str = "en") -> str:
        """Why it has this value and range."""
        return self.reason.zh if language == "zh" else self.reason.en

    def sentence(self, language: str = "en") -> str:
        """What it is and why it has this value and range, in one sentence."""
        return self.title(language) + ("：" if language == "zh" else ": ") + self.why(language)


def assumption_id(path: str) -> str:
    """The id of an assumed number: "A-" and the first five hexadecimal digits of the SHA-256 hash of its path.

    It depends on the path alone, so that no other number and no order changes it; a number that moves to another path
    is another number. Five digits tell a million apart; a test sees that no two of ours collide.
    """
    return "A-" + hashlib.sha256(path.encode()).hexdigest()[:5]


def read_assumptions() -> tuple[Document, dict[str, Any], tuple[Assumption, ...]]:
    """The file of assumed numbers, its plain values by group, and every number with its range and reason.

    Raises InputError for a file that cannot be read, or a word beside a value that means nothing.
    """
    base = _base()
    values: dict[str, Any] = {}
    assumptions: list[Assumption] = []
    for key, tree in base.data.items():
        if key != "format":
            values[key] = _unwrap(base, (key,), tree, assumptions)
    return base, values, tuple(assumptions)


def _base() -> Document:
    return read_yaml(scenarios() / "assumptions.yaml")


def assumption(path: str) -> Assumption:
    """The number at a path such as "readiness.time"; KeyError where none stands."""
    base = _base()
    keys = tuple(path.split("."))
    tree = base.data
    for key in keys:
        tree = tree[key]
    if not is_number(tree):
        raise KeyError(path)
    return _assumption(base, keys, tree)


def is_number(tree: Any) -> bool:
    """Whether a part of the file is one number with its range and reason, neither a group nor a bare switch."""
    return isinstance(tree, dict) and "value" in tree


def _assumption(base: Document, path: tuple, tree: dict) -> Assumption:
    leaf = validate(_Leaf, base, tree, path)
    return Assumption(
        path=".".join(path),
        value=tree["value"],
        range=tuple(tree["range"]),
        of=leaf.of,
        name=leaf.name,
        unit=leaf.unit,
        reason=leaf.reason,
        kind=leaf.kind,
        source=base.source(path),
    )


def _unwrap(base: Document, path: tuple, tree: Any, found: list[Assumption]) -> Any:
    """The tree of plain values; every number that carries a range is noted in `found`."""
    if is_number(tree):
        found.append(_assumption(base, path, tree))
        return tree["value"]
    if not isinstance(tree, dict):
        return tree
    return {k: _unwrap(base, (*path, k), v, found) for k, v in tree.items()}
