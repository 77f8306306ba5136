"""Variants: named sets of changes in `scenarios/variants/`, laid one after the other over a scenario.

A key of `changes` is what `--set` takes: a key of the scenario file, a reading (``readings.B2``), a lever with or
without clause and field, or the path of an assumed number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from simlib.core.files import Document, Fault, InputError, one_of, read_yaml, scenarios, validate, within
from simlib.core.strict import Strict
from simlib.policy.rules import Title
from simlib.scenario.parts import found_from


class VariantFile(Strict):
    """The keys of a variant file."""

    format: Literal[1]
    name: str
    title: Title
    changes: dict[str, Any]


def names() -> list[str]:
    """Names of the stored variants."""
    return sorted(p.stem for p in (scenarios() / "variants").glob("*.yaml"))


@dataclass(frozen=True)
class Variant:
    """A variant that was read. name: as it was asked for. document: its file, which knows the line of each change."""

    name: str
    document: Document
    file: VariantFile


def load_variant(name: str) -> VariantFile:
    """A variant by name or by the path of its file; InputError for an unknown one."""
    return read_variant(name).file


def read_variant(name: str) -> Variant:
    """As `load_variant`, with its file."""
    own = _is_path(name)
    if not own and name not in names():
        raise InputError(one_of(name, names(), "variant") + "; or a path to a .yaml file")
    document = read_yaml(Path(name) if own else scenarios() / "variants" / f"{name}.yaml")
    file = validate(VariantFile, document, document.data)
    if not own and file.name != name:
        raise document.error(("name",), f"{file.name!r} stands in the file of {name!r}; give both the same name")
    return Variant(name, document, file)


def read_variants(names: Iterable[str]) -> list[Variant]:
    """Variants in their order."""
    return [read_variant(name) for name in names]


def named_variants(document: Document) -> list[str]:
    """The variants that a scenario's file names: names, and paths that hold from here. InputError at a wrong one."""
    given, found = document.data.get("variants") or [], []
    with document.placed(("variants",)):
        if not isinstance(given, list) or not all(isinstance(v, str) for v in given):
            raise Fault((), "expected a list of names of variants")
        for i, name in enumerate(given):
            with within(i):
                found.append(_named(document.folder, name))
    return found


def _named(folder: Path, name: str) -> str:
    if _is_path(name):
        return str(found_from(folder, name))
    if name not in names():
        raise Fault((), one_of(name, names(), "variant") + " (or the path of a .yaml file)")
    return name


def _is_path(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))
