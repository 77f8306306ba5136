"""Check input files as `simlib check` does: what kind a file is, and whether it loads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from simlib.experiments.plan import ExperimentFile, load_experiment
from simlib.experiments.plan import names as experiment_names
from simlib.files import Document, InputError, read_yaml, scenarios, shown, validate
from simlib.policy.load import load_policy, parse_layer
from simlib.scenario import load_scenario
from simlib.world.cohort import Cohort
from simlib.world.region import Region, check_region

DATA = ("assumptions", "catalogue_rounds")  # checked with every scenario


def all_files() -> list[Path]:
    """Every YAML file of `scenarios/`."""
    return sorted(scenarios().rglob("*.yaml"))


def check_file(path: Path) -> str:
    """Load one file; its kind. InputError with one line that says what is wrong."""
    if path.is_dir():
        raise InputError(f"{shown(path)}: is a folder; name the files")
    document = read_yaml(path)
    kind = kind_of(document, path)
    try:
        _CHECKS[kind](document, path)
    except ValueError as e:
        raise InputError(f"{shown(path)}: {' '.join(str(e).split())}") from None
    return kind


def kind_of(document: Document, path: Path) -> str:
    """What a file is for, by its keys."""
    keys = document.data.keys()
    if path.stem in DATA and path.resolve().parent == scenarios().resolve():
        return "data"
    for kind, telling in (("experiment", "blocks"), ("policy", "rules"), ("region", "strata"), ("scenario", "cohort")):
        if telling in keys:
            return kind
    if {"yearly_counts", "list", "days", "per_day", "poisson"} & keys:
        return "cohort"
    folder = path.resolve().parent.name
    by_folder = {"policies": "policy", "regions": "region", "cohorts": "cohort", "experiments": "experiment"}
    return by_folder.get(folder, "scenario")


def _experiment(document: Document, path: Path) -> None:
    name = path.stem
    if name in experiment_names() and path.resolve().parent == (scenarios() / "experiments").resolve():
        for cell in load_experiment(name).cells:
            cell.load()
    else:
        validate(ExperimentFile, document, document.data)


def _policy(document: Document, path: Path) -> None:
    layer, below = parse_layer(document)
    if below:
        load_policy(below)


def _region(document: Document, path: Path) -> None:
    check_region(document, validate(Region, document, document.data), ())


def _cohort(document: Document, path: Path) -> None:
    validate(Cohort, document, document.data)


def _scenario(document: Document, path: Path) -> None:
    load_scenario(path)


def _data(document: Document, path: Path) -> None:
    """Read; what it says is checked by every scenario that uses it."""


_CHECKS: dict[str, Callable[[Document, Path], None]] = {
    "experiment": _experiment,
    "policy": _policy,
    "region": _region,
    "cohort": _cohort,
    "scenario": _scenario,
    "data": _data,
}
