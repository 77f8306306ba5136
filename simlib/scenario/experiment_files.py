"""Experiments: a file that names many scenarios at once, as a product of regions, policies and obedience.

A scenario of an experiment is called ``REGION-POLICY-OBEDIENCE`` and is compared with the baseline policy in the same region
and at the same obedience. Where a text is read in another way than by default, the answer's name follows
(``REGION-POLICY-OBEDIENCE-ANSWER``), and the baseline is read in that way, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any, Literal, get_args

from pydantic import Field

from simlib.core.files import Document, InputError, nearest, one_of, read_yaml, scenarios, validate
from simlib.core.formats import FORMAT
from simlib.core.names import MOST, fault_in_name, same_file
from simlib.core.strict import Many, Strict
from simlib.policy.rules import Title

Degree = Literal["hoped", "full", "default", "none"]  # of obedience of hospitals, the fullest first
OBEDIENCE: tuple[str, ...] = get_args(Degree)
SIDES = ("full", "default", "none")  # the degrees that a comparison lays side by side


class Block(Strict):
    """A product: every policy in every region at every obedience; `own` is the policy named like the region.

    readings: by code the answers that are not the default; such scenarios stand beside the others, not among them.
    """

    regions: Many[str]
    policies: Many[str]
    obedience: Many[Degree] = ("default",)
    readings: dict[str, str] = {}
    replications: int | None = Field(default=None, ge=1, le=100_000)


class ExperimentFile(Strict):
    """The keys of an experiment file."""

    format: Literal[1]
    name: str
    title: Title
    question: Title
    baseline: str
    replications: int = Field(ge=1, le=100_000)
    small_replications: int = Field(ge=1, le=100_000)
    world: Literal["middle", "assumed", "fitted"] = "middle"
    common: dict[str, Any]
    blocks: Many[Block]


@dataclass(frozen=True)
class Cell:
    """One scenario of an experiment, and the name of its baseline; `simlib.scenario.scenario.load_cell` loads it."""

    name: str
    region: str
    policy: str
    obedience: str
    own: bool
    baseline: str
    document: Document
    replications: int
    world: str = (
        "middle"  # whether a batch draws assumed numbers anew for each replication; the scenario by its name does not
    )
    reading: str = ""  # answers to readings that are not the default, joined by "-"


@dataclass(frozen=True)
class Experiment:
    """A loaded experiment."""

    file: ExperimentFile
    cells: tuple[Cell, ...]

    def cell(self, name: str) -> Cell:
        """The scenario of that name; InputError for an unknown one."""
        for cell in self.cells:
            if cell.name == name:
                return cell
        raise InputError(one_of(name, (c.name for c in self.cells), f"scenario of experiment {self.file.name}"))


def names() -> list[str]:
    """Names of the experiments that stand in `scenarios/experiments/`."""
    return sorted(p.stem for p in (scenarios() / "experiments").glob("*.yaml"))


def load_experiment(name: str, small: bool = False) -> Experiment:
    """An experiment by name; `small` takes its few replications, for a quick look. InputError for an unknown one."""
    if name not in names():
        raise InputError(one_of(name, names(), "experiment"))
    return parse_experiment(read_yaml(scenarios() / "experiments" / f"{name}.yaml"), small)


def parse_experiment(document: Document, small: bool = False) -> Experiment:
    """As `load_experiment`, from a read file, which need not lie in `scenarios/`."""
    file = validate(ExperimentFile, document, document.data)
    if said := fault_in_name(file.name):
        raise document.error(("name",), f"{file.name[:MOST]!r} {said}")
    cells: dict[str, Cell] = {}
    places: dict[str, tuple] = {}
    names: dict[str, str] = {}
    for i, block in enumerate(file.blocks):
        default = file.small_replications if small else block.replications or file.replications
        for region, policy, obedience, lines in _product(document, i, block):
            place, rulebook = short_name(region), short_name(policy)
            reading = "-".join(block.readings.values())
            behind = f"{obedience}-{reading}" if reading else obedience
            label = f"{place}-{rulebook}-{behind}"
            data = {"format": FORMAT, "name": label, **file.common}
            data |= {"region": region, "policy": policy, "obedience": obedience}
            if reading:
                data["readings"] = {**file.common.get("readings", {}), **block.readings}
            if said := fault_in_name(label):
                raise document.error(("blocks", i), f"the scenario's name {label[:MOST]!r} {said}; rename a file")
            twin = names.setdefault(same_file(label), label)
            if twin != label or label in cells and cells[label].document.data != data:
                raise document.error(("blocks", i), f"two scenarios would be called {label}; rename a file")
            base = f"{place}-{short_name(file.baseline)}-{behind}"
            own = rulebook == place or (region == "nation" and policy == "national")
            own_document = Document(document.file, data, lines)
            cells[label] = Cell(
                label, place, rulebook, obedience, own, base, own_document, default, file.world, reading
            )
            places[label] = ("blocks", i, "policies")
    for cell in cells.values():
        if cell.baseline not in cells:
            near = nearest(file.baseline, {c.policy for c in cells.values()})
            raise document.error(
                places[cell.name], f"{cell.name} lacks its baseline {cell.baseline}; add policy {file.baseline}{near}"
            )
    return Experiment(file, tuple(cells.values()))


def short_name(name: str) -> str:
    """A region or policy as scenarios, and so files, are named after it: of one given as a file, the file's name alone."""
    return PureWindowsPath(name).stem if name.endswith((".yaml", ".yml")) else name


def _product(document: Document, i: int, block: Block) -> Iterator[tuple[str, str, str, dict[tuple, int]]]:
    """Region, policy and obedience of every scenario of a block, and the lines on which its keys stand."""
    common = {path[1:]: line for path, line in document.lines.items() if path[:1] == ("common",) and path[1:]}
    for r, region in enumerate(block.regions):
        own = "national" if region == "nation" else short_name(region)
        policies = {own if name in ("own", region) else name: p for p, name in enumerate(block.policies)}
        for policy, p in policies.items():
            at = {
                "region": ("regions", r),
                "policy": ("policies", p),
                "obedience": ("obedience",),
                "readings": ("readings",),
            }
            lines = common | {(key,): document.line(("blocks", i, *path)) for key, path in at.items()}
            for obedience in block.obedience:
                yield region, policy, obedience, lines


def find_scenario(name: str) -> Document | None:
    """The scenario of that name in any experiment, as a document; None if there is none."""
    if not set(name.split("-")) & set(OBEDIENCE):
        return None
    for experiment in names():
        for cell in load_experiment(experiment).cells:
            if cell.name == name:
                return cell.document
    return None


def scenario_names() -> list[str]:
    """Names of all scenarios of all experiments."""
    return sorted({cell.name for experiment in names() for cell in load_experiment(experiment).cells})
