"""Check input files as `simlib check` does: what kind a file is, and whether it loads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from simlib.core.files import Document, InputError, check_format, read_yaml, scenarios, shown
from simlib.experiments.check_changes import check_readings, check_reasons, check_variant
from simlib.outcomes.observed import read_observed
from simlib.outcomes.observed_columns import SHARES, shape_of
from simlib.policy.changes import changed_policy
from simlib.policy.checks import near_clause
from simlib.policy.clauses import clause_rows
from simlib.policy.load import PolicyFile, load_policy
from simlib.policy.readings import ReadingsFile
from simlib.scenario.experiment_files import ExperimentFile, parse_experiment
from simlib.scenario.parts import cohort_of, region_of
from simlib.scenario.rounds import parse_rounds
from simlib.scenario.scenario import ScenarioFile, load_cell, load_scenario
from simlib.scenario.variants import VariantFile
from simlib.world.cohort import Cohort
from simlib.world.lists import SUFFIXES, kind_of_table, read_list, read_table
from simlib.world.region import Region

DATA = ("assumptions", "catalogue_rounds", "nothing")  # checked with every scenario


def all_files() -> list[Path]:
    """Every YAML file of `scenarios/`."""
    return sorted(scenarios().rglob("*.yaml"))


def check_file(path: Path) -> str:
    """Load one file; its kind. InputError with one line that says what is wrong.

    A list of hospitals or drugs (.csv, .xlsx) may have many faults: its `ListError` holds a line each in `lines`.
    """
    if path.is_dir():
        raise InputError(f"{shown(path)}: is a folder; name the files")
    if path.suffix.lower() in SUFFIXES:
        if shape := shape_of(read_table(path)):
            read_observed(path)
            return shape
        listed = kind_of_table(path, f"; observed: {', '.join(c.names[0] for c in SHARES)}")
        read_list(path, listed)
        return listed
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
    if {"rounds", "rule"} <= keys:
        return "data"
    if "readings" in keys and not keys - {"format", "readings"}:
        return "readings"
    if "numbers" in keys and not keys - {"format", "numbers"}:
        return "elicitation"
    if {"by_stage", "by_clause"} & keys:
        return "reasons"
    for kind, telling in (
        ("experiment", "blocks"),
        ("policy", "rules"),
        ("region", "strata"),
        ("region", "hospitals"),
        ("proofs", "proofs"),
        ("figures", "figures"),
        ("predictions", "questions"),
        ("scenario", "cohort"),
    ):
        if telling in keys:
            return kind
    if {"yearly_counts", "list", "days", "per_day", "poisson"} & keys:
        return "cohort"
    folder = path.resolve().parent.name
    by_folder = {
        "policies": "policy", "regions": "region", "cohorts": "cohort", "experiments": "experiment",
        "variants": "variant",
    }  # fmt: skip
    return by_folder.get(folder) or max(_MODELS, key=lambda kind: _likeness(_MODELS[kind], set(keys)))


def _likeness(model: type[BaseModel], keys: set[str]) -> tuple[int, int]:
    """How much keys look like those of a kind of file: most of them its own, and few that it needs are lacking."""
    needed = {name for name, field in model.model_fields.items() if field.is_required()}
    return len(keys & model.model_fields.keys()), -len(needed - keys)


def _experiment(document: Document, path: Path) -> None:
    for cell in parse_experiment(document).cells:
        load_cell(cell)


def _policy(document: Document, path: Path) -> None:
    changed_policy(load_policy(str(path)), (), ())


def _region(document: Document, path: Path) -> None:
    data = check_format("region", document, document.data)
    with document.placed():
        region_of(data, path.parent)
    load_scenario("guangzhou-national-default", {"region": str(path.resolve())})  # for the numbers of its platform


def _cohort(document: Document, path: Path) -> None:
    data = check_format("cohort", document, document.data)
    with document.placed():
        cohort_of(data, path.parent)


def _scenario(document: Document, path: Path) -> None:
    load_scenario(path)


def _variant(document: Document, path: Path) -> None:
    check_variant(document)


def _readings(document: Document, path: Path) -> None:
    check_readings(document)


def _reasons(document: Document, path: Path) -> None:
    check_reasons(document)


def _proofs(document: Document, path: Path) -> None:
    from simlib.experiments.proof import parse_proofs  # it simulates: slow to import

    known = [row["id"] for row in clause_rows()]
    for clause in parse_proofs(document):
        if clause not in known:
            raise document.error(("proofs", clause), f"no clause {clause!r}{near_clause(clause, known)}")


def _figures(document: Document, path: Path) -> None:
    from simlib.experiments.targets import parse_targets  # it simulates: slow to import

    parse_targets(path.stem, document)


def _predictions(document: Document, path: Path) -> None:
    from simlib.experiments.predictions import frozen, parse_predictions  # it simulates: slow to import

    parse_predictions(document)
    frozen(path.with_suffix(".csv"))


def _elicitation(document: Document, path: Path) -> None:
    from simlib.experiments.elicited import parse_questions  # it needs scipy: slow to import

    parse_questions(document)


def _data(document: Document, path: Path) -> None:
    """Read; what assumed numbers say is checked by every scenario that uses them."""
    if "format" in document.data:
        check_format("data", document, document.data)
    if "rounds" in document.data:
        parse_rounds(document)


_CHECKS: dict[str, Callable[[Document, Path], None]] = {
    "experiment": _experiment,
    "policy": _policy,
    "region": _region,
    "cohort": _cohort,
    "scenario": _scenario,
    "variant": _variant,
    "readings": _readings,
    "reasons": _reasons,
    "proofs": _proofs,
    "figures": _figures,
    "predictions": _predictions,
    "elicitation": _elicitation,
    "data": _data,
}

_MODELS: dict[str, type[BaseModel]] = {  # by whose keys a file is known that lacks the telling one
    "scenario": ScenarioFile,
    "variant": VariantFile,
    "policy": PolicyFile,
    "region": Region,
    "cohort": Cohort,
    "experiment": ExperimentFile,
    "readings": ReadingsFile,
}
