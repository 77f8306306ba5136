"""Variants: named sets of changes in `scenarios/variants/`, laid one after the other over a scenario.

A key of `changes` is what `--set` takes: a key of the scenario file, a reading (``readings.B2``), a lever with or
without clause and field, or the path of an assumed number.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from simlib.core.files import InputError, one_of, read_yaml, scenarios, validate
from simlib.policy.rules import Title


class VariantFile(BaseModel):
    """The keys of a variant file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    name: str
    title: Title
    changes: dict[str, Any]


def names() -> list[str]:
    """Names of the stored variants."""
    return sorted(p.stem for p in (scenarios() / "variants").glob("*.yaml"))


def load_variant(name: str) -> VariantFile:
    """A variant by name or by the path of its file; InputError for an unknown one."""
    own = name.endswith((".yaml", ".yml"))
    if not own and name not in names():
        raise InputError(one_of(name, names(), "variant") + "; or a path to a .yaml file")
    document = read_yaml(Path(name) if own else scenarios() / "variants" / f"{name}.yaml")
    file = validate(VariantFile, document, document.data)
    if not own and file.name != name:
        raise document.error(("name",), f"{file.name!r} stands in the file of {name!r}; give both the same name")
    return file


def composed(variants: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """(name, changes) of variants in their order."""
    return [(f"variant {v}", load_variant(v).changes) for v in variants]
