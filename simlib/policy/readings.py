"""Readings: where a document can be read in more than one way, the default and the others, chosen by code.

`scenarios/readings.yaml` holds them as data; an alternative is a set of changes to policy and parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from simlib.core.files import Fault, one_of, read_yaml, scenarios, validate
from simlib.core.strict import Many, Strict
from simlib.policy.rules import Policy, Title


class Default(Strict):
    """What the model does unless told otherwise."""

    name: str
    en: str
    zh: str


class Other(Strict):
    """Another reading: what it changes (`set`), or why it cannot act (`pending`: not yet, `inert`: never)."""

    name: str
    en: str
    zh: str
    set: dict[str, Any] = Field(default_factory=dict)
    only: Many[str] = ()
    range: Many[float] = ()
    pending: Title | None = None
    inert: Title | None = None


class Reading(Strict):
    """One question with its answers."""

    question: Title
    clauses: Many[str]
    default: Default
    others: Many[Other]


class ReadingsFile(Strict):
    """The file of readings."""

    format: Literal[1]
    readings: dict[str, Reading]


@lru_cache(maxsize=4)
def _read(path: Path, _modified: int) -> dict[str, Reading]:
    document = read_yaml(path)
    return validate(ReadingsFile, document, document.data).readings


def readings() -> dict[str, Reading]:
    """All readings by code."""
    path = scenarios() / "readings.yaml"
    return _read(path, path.stat().st_mtime_ns)


@dataclass(frozen=True)
class Chosen:
    """A reading other than the default, as a scenario asks for it."""

    code: str
    other: Other


def choose(codes: Mapping[str, str], policy: Policy) -> list[Chosen]:
    """The alternatives that a mapping of code to name asks for; defaults and those of other policies are left out.

    They come in the order of the list, whatever order they are asked for in. Fault at ("readings", code) for an unknown
    code or name, or an alternative that cannot act yet; at ("readings",) for what is no mapping, since the
    changes of a variant come here before their types are checked.
    """
    known = readings()
    if not isinstance(codes, Mapping):
        example = next(f"{code}: {reading.others[0].name}" for code, reading in known.items() if reading.others)
        raise Fault(("readings",), f"expected readings and their answers, such as {{{example}}} (given: {codes!r})")
    for code in codes:
        if code not in known:
            raise Fault(("readings", code), one_of(code, known, "reading"))
    layers = {layer.name for layer in policy.layers}
    asked = [Chosen(code, other) for code in known if code in codes and (other := _answer(code, codes[code]))]
    return [c for c in asked if not c.other.only or layers & set(c.other.only)]


def _answer(code: str, name: str) -> Other | None:
    """The answer of that name to a reading; None for the default."""
    reading = readings()[code]
    others = {o.name: o for o in reading.others}
    if name == reading.default.name:
        return None
    if name not in others:
        allowed = [reading.default.name, *others]
        raise Fault(("readings", code), one_of(str(name), allowed, f"answer to {code}"))
    if others[name].pending:
        raise Fault(("readings", code), f"{name} cannot act yet: {others[name].pending.en}")
    return others[name]
