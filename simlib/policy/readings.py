"""Readings: where a document can be read in more than one way, the default and the others, chosen by code.

`scenarios/readings.yaml` holds them as data; an alternative is a set of changes to policy and parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from simlib.core.files import Document, InputError, one_of, read_yaml, scenarios, validate
from simlib.policy.rules import Policy, Title


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Default(_Strict):
    """What the model does unless told otherwise."""

    name: str
    en: str
    zh: str


class Other(_Strict):
    """Another reading: what it changes (`set`), or why it cannot act (`pending`: not yet, `inert`: never)."""

    name: str
    en: str
    zh: str
    set: dict[str, Any] = Field(default_factory=dict)
    only: tuple[str, ...] = ()
    range: tuple[float, ...] = ()
    pending: Title | None = None
    inert: Title | None = None


class Reading(_Strict):
    """One question with its answers."""

    question: Title
    clauses: tuple[str, ...]
    default: Default
    others: tuple[Other, ...]


class ReadingsFile(_Strict):
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


def choose(codes: Mapping[str, str], policy: Policy, document: Document | None = None) -> list[Chosen]:
    """The alternatives that a mapping of code to name asks for; defaults and those of other policies are left out.

    document: where the codes stand, under `readings`. InputError for an unknown code or name, or an alternative that
    cannot act yet.
    """

    def error(code: str, words: str) -> InputError:
        return document.error(("readings", code), words) if document else InputError(f"readings.{code}: {words}")

    known, found = readings(), []
    for code in codes:
        if code not in known:
            raise error(code, one_of(code, known, "reading"))
    layers = {layer.name for layer in policy.layers}
    for code in (c for c in known if c in codes):  # in the list's order, whatever order they are asked for in
        name = codes[code]
        reading = known[code]
        if name == reading.default.name:
            continue
        others = {o.name: o for o in reading.others}
        if name not in others:
            raise error(code, one_of(str(name), [reading.default.name, *others], f"answer to {code}"))
        other = others[name]
        if other.pending:
            raise error(code, f"{name} cannot act yet: {other.pending.en}")
        if not other.only or layers & set(other.only):
            found.append(Chosen(code, other))
    return found
