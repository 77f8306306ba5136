"""The parts that a scenario names or holds: its region, its cohort and its policy."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from simlib.core.files import Document, near_file, nearest, one_of, read_yaml, scenarios, validate
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.policy.rules import Policy
from simlib.world.cohort import Cohort
from simlib.world.lists_drugs import with_drugs
from simlib.world.lists_hospitals import folder_of, with_hospitals
from simlib.world.region import Region, check_region

Part = str | dict[str, Any]


def beside(document: Document, key: tuple, name: str, stored: Iterable[str] = ()) -> Path:
    """A path as a scenario file means it: from the file's own folder if it is there, else from the working folder.

    InputError at `key` if it is in neither; the nearest right word is a file beside it, or one of the names `stored`.
    """
    own = folder_of(document) / name
    path = own if own.is_file() else Path(name)
    if not path.is_file():
        raise document.error(key, f"no such file {name}{near_file(own) or nearest(own.stem, stored)}")
    return path


def _named(document: Document, key: str, name: str) -> Document:
    """The file of that name in the folder of regions or cohorts (`key` in the singular), or at that path."""
    files = {p.stem: p for p in (scenarios() / f"{key}s").glob("*.yaml")}
    if name.endswith((".yaml", ".yml")):
        return read_yaml(beside(document, (key,), name, files))
    if name not in files:
        raise document.error((key,), one_of(name, files, key))
    return read_yaml(files[name])


def read_region(document: Document, value: Part | None) -> Region | None:
    """The region of a scenario: written into it, or the name or path of one."""
    if value is None:
        return None
    inner, data, path = (
        (document, value, ("region",)) if isinstance(value, dict) else (_named(document, "region", value), None, ())
    )
    region = validate(Region, inner, data if data is not None else inner.data, path)
    region = with_hospitals(inner, region, folder_of(inner), path)
    check_region(inner, region, path)
    return region


def read_cohort(document: Document, value: Part) -> Cohort:
    """The cohort of a scenario, likewise."""
    if isinstance(value, dict):
        cohort = validate(Cohort, document, {"name": "inline", **value}, ("cohort",))
        return with_drugs(document, cohort, folder_of(document), ("cohort",))
    inner = _named(document, "cohort", value)
    return with_drugs(inner, validate(Cohort, inner, inner.data), folder_of(inner))


def read_policy(document: Document, value: Part) -> Policy:
    """The policy of a scenario, likewise."""
    if not isinstance(value, dict):
        if value.endswith((".yaml", ".yml")):
            return load_policy(str(beside(document, ("policy",), value, policies())))
        if value.removesuffix("-alone") not in policies():
            raise document.error(
                ("policy",), one_of(value, [*policies(), *(f"{n}-alone" for n in policies())], "policy")
            )
        return load_policy(value)
    written = document.data.get("policy") == value  # else it came through `set`, and has no lines
    return load_policy(document.part(("policy",)) if written else Document(document.file, value))
