"""Check any file of `scenarios/`, or a user's own, by what it is."""

from __future__ import annotations

from pathlib import Path

from simlib.experiments.plan import ExperimentFile, load_experiment
from simlib.files import Document, InputError, read_yaml, scenarios, validate
from simlib.policy.load import load_policy, parse_layer
from simlib.scenario import load_scenario
from simlib.world.cohort import Cohort
from simlib.world.region import Region, check_region


def project_files() -> list[Path]:
    """Every YAML file of the project's `scenarios/`."""
    return sorted(scenarios().rglob("*.yaml"))


def kind_of(document: Document) -> str:
    """policy, region, cohort, experiment, scenario, assumptions or rounds, told by the keys; InputError otherwise."""
    keys = set(document.data)
    for kind, marks in (
        ("policy", {"rules"}), ("region", {"strata"}), ("experiment", {"blocks"}), ("rounds", {"rounds", "rule"}),
        ("assumptions", {"asking", "decision"}), ("scenario", {"cohort"}), ("scenario", {"region"}),
    ):  # fmt: skip
        if marks <= keys:
            return kind
    if keys & {"list", "yearly_counts", "dates", "days", "poisson"}:
        return "cohort"
    raise document.error((), "neither a scenario nor a policy, region, cohort or experiment (no key tells)")


def check_file(path: Path) -> None:
    """Raise InputError for the first fault of a file."""
    document = read_yaml(path)
    match kind_of(document):
        case "policy":
            parse_layer(document)
            if path.resolve().parent == (scenarios() / "policies").resolve():
                load_policy(path.stem)
        case "region":
            check_region(document, validate(Region, document, document.data))
        case "cohort":
            validate(Cohort, document, document.data)
        case "experiment":
            validate(ExperimentFile, document, document.data)
            if path.resolve().parent == (scenarios() / "experiments").resolve():
                for cell in load_experiment(path.stem).cells:
                    cell.load()
        case "scenario":
            load_scenario(path)
        case "assumptions":
            load_scenario("chain")
        case _:
            if not isinstance(document.data["rounds"], dict):
                raise InputError(f"{document.file}: rounds: expected one entry a year")
