"""The parts that a scenario names or holds: its region, its cohort and its policy.

A part is written into the scenario's file, or stands in a file of its own, which the scenario names. What is wrong with one
of the former is a `Fault` at its key path in the scenario; with one of the latter, an InputError at its place in its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from simlib.core.files import (
    Document,
    Fault,
    check_format,
    checked,
    near_file,
    nearest,
    one_of,
    read_yaml,
    scenarios,
    within,
)
from simlib.core.formats import up_to_date
from simlib.policy.load import load_policy
from simlib.policy.load import names as policies
from simlib.policy.places import place_of
from simlib.policy.rules import Policy
from simlib.world.cohort import Cohort
from simlib.world.communities import check_communities
from simlib.world.lists_drugs import with_drugs
from simlib.world.lists_hospitals import with_hospitals
from simlib.world.region import Region, check_region

Named = str | dict[str, Any]  # as a scenario has it: the name or path of a part, or the part itself
Kind = TypeVar("Kind", Region, Cohort)


@dataclass(frozen=True)
class Part(Generic[Kind]):
    """A region or a cohort, and the file of its own that it stands in; None if it is written into the scenario."""

    value: Kind
    document: Document | None = None


def read_region(value: Named, folder: Path) -> Part[Region]:
    """The region of a scenario whose file lies in `folder`, with its list of hospitals read."""
    return _read("region", value, folder, region_of)


def read_cohort(value: Named, folder: Path) -> Part[Cohort]:
    """The cohort of a scenario, likewise, with its list of drugs read."""
    inline = {"name": "inline", **value} if isinstance(value, dict) else value
    return _read("cohort", inline, folder, cohort_of)


def read_policy(value: Named, document: Document) -> Policy:
    """The policy of a scenario, from the scenario's file: written into it, or the name or path of one."""
    given = _policy_name(value, document.folder) if isinstance(value, str) else document.part(("policy",))
    return load_policy(given)


def _policy_name(name: str, folder: Path) -> str:
    """The name of a policy that there is, or its path as it holds from here."""
    with within("policy"):
        if name.endswith((".yaml", ".yml")):
            return str(found_from(folder, name, policies()))
        if name.removesuffix("-alone") not in policies():
            raise Fault((), one_of(name, [*policies(), *(f"{n}-alone" for n in policies())], "policy"))
    return name


def _read(key: str, value: Named, folder: Path, typed: Callable[[dict[str, Any], Path], Kind]) -> Part[Kind]:
    with within(key):
        if isinstance(value, dict):
            return Part(typed(_formatted(key, value), folder))
        path = _file(key, value, folder)
    own = read_yaml(path)
    data = check_format(key, own, own.data)
    with own.placed():
        part = typed(data, path.parent)
        _check_called(part.name, key, path)
        return Part(part, own)


def _check_called(name: str, key: str, path: Path) -> None:
    """Fault where a stored region or cohort is not called like its file: names of scenarios and rules mean the file."""
    with within("name"):
        if path.parent == scenarios() / f"{key}s" and name != path.stem:
            raise Fault((), f"{name!r} stands in the file of {path.stem!r}; give both the same name")


def _formatted(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a part that is written into a scenario, which need not say its format, in the present one."""
    try:
        return up_to_date(kind, data) if "format" in data else data
    except ValueError as e:
        raise Fault(("format",), str(e)) from None


def _file(key: str, name: str, folder: Path) -> Path:
    """The file of that name in the folder of regions or cohorts (`key` in the singular), or at that path."""
    files = {p.stem: p for p in (scenarios() / f"{key}s").glob("*.yaml")}
    if name.endswith((".yaml", ".yml")):
        return found_from(folder, name, files)
    if name not in files:
        raise Fault((), one_of(name, files, key))
    return files[name]


def found_from(folder: Path, name: str, stored: Iterable[str] = ()) -> Path:
    """A path as a scenario's file in `folder` means it: from there if the file is there, else from the working folder.

    Fault if it is in neither; the nearest right word is a file in the folder, or one of the names `stored`.
    """
    own = folder / name
    path = own if own.is_file() else Path(name)
    if not path.is_file():
        raise Fault((), f"no such file {name}{near_file(own) or nearest(own.stem, stored)}")
    return path


def region_of(data: dict[str, Any], folder: Path) -> Region:
    """A region's data, typed and checked, with its list of hospitals read: from `folder`, or of those stored."""
    region = with_hospitals(checked(Region, data), folder)
    check_region(region)
    if region.medical_communities and region.medical_communities.share > 0:
        with within("medical_communities", "share"):
            check_communities(region)
    with within("name"):
        if (meant := place_of(region.name, "region")) != region.name:
            raise Fault((), f"{region.name!r} is called {meant!r} here; rules that hold there name it so")
    return region


def cohort_of(data: dict[str, Any], folder: Path) -> Cohort:
    """A cohort's data, typed and checked, with its list of drugs read: from `folder`, or of those stored."""
    return with_drugs(checked(Cohort, data), folder)
