"""Published figures as data: `scenarios/targets/`, a file for each world in which figures are counted.

Each figure says how the model counts it as its source did, and whether the calibration holds the model to it, with which
tolerance. `before-reform.yaml` explains the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from inspect import Parameter, signature
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from simlib.core.files import Document, InputError, one_of, read_yaml, scenarios, validate
from simlib.core.strict import Many, Strict
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.observations import OBSERVATIONS, Which
from simlib.policy.rules import Title
from simlib.scenario.scenario import Scenario, load_scenario

WHICH = tuple(Which.__dataclass_fields__)
SHARES = ("%",)  # units in which a share is shown as a hundred times itself


class Fit(Strict):
    """That the calibration uses a figure, and how closely."""

    scale: Literal["linear", "log"] = "linear"
    tolerance: Annotated[float, Field(gt=0)]
    why: Title


class Figure(Strict):
    """A published figure and how the model counts it."""

    id: str
    title: Title
    unit: Literal["%", "days", "ratio", "drugs", "yuan", "correlation"]
    published: float | Many[float]
    evidence: str = ""
    count: dict[str, dict[str, Any]] = {}
    differs: Title | None = None
    missing: Title | None = None
    fit: Fit | None = None
    unfitted: Title | None = None
    lacking: Title | None = None

    @model_validator(mode="after")
    def _countable(self) -> Figure:
        if bool(self.count) == bool(self.missing) or len(self.count) > 1:
            raise ValueError(f"{self.id}: give one way to count it, or why the model cannot (missing)")
        for name, given in self.count.items():
            if name not in OBSERVATIONS:
                raise ValueError(one_of(name, OBSERVATIONS, "observation"))
            _check_arguments(name, given)
        if isinstance(self.published, tuple) and (len(self.published) != 2 or self.published[0] > self.published[1]):
            raise ValueError(f"{self.id}: published: one number, or the lower and the upper one")
        if bool(self.fit) == bool(self.unfitted or self.missing):
            raise ValueError(f"{self.id}: give fit, or why the calibration leaves it out (unfitted)")
        if self.fit and self.fit.scale == "log" and self.bounds[0] <= 0:
            raise ValueError(f"{self.id}: fit: scale: log needs a published number above 0; leave it out")
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The published number twice, or the two between which it lies."""
        return self.published if isinstance(self.published, tuple) else (self.published, self.published)

    @property
    def factor(self) -> float:
        """What a count of the model is multiplied with to be in the figure's unit."""
        return 100.0 if self.unit in SHARES else 1.0


class TargetsFile(Strict):
    """The keys of a file of figures."""

    format: Literal[1]
    world: dict[str, Any]
    figures: Many[Figure]


@dataclass(frozen=True)
class Targets:
    """A file of figures: its name, the scenario in which they are counted, and the figures."""

    name: str
    scenario: Scenario
    figures: tuple[Figure, ...]

    @cached_property
    def by_supply(self) -> bool:
        """Whether any figure asks what single hospitals had."""
        return any("panel_supplied" in f.count for f in self.figures)

    def counted(self, only_fitted: bool = False) -> Targets:
        """The same with those figures alone that the model can count (and, if asked, that the calibration uses)."""
        kept = tuple(f for f in self.figures if f.count and (f.fit or not only_fitted))
        return Targets(self.name, self.scenario, kept)

    def observed(self, scenario: Scenario, replication: int) -> list[float]:
        """The figures in one replication of a scenario with this one's dates, each as a share or in its unit."""
        record = replicate(scenario, replication, supplies=self.by_supply)
        return [observe(record, f) for f in self.figures]


def targets() -> tuple[Targets, ...]:
    """The stored files, by name; InputError for the first fault, or a figure's id that stands in two of them."""
    return parse_all({path.stem: read_yaml(path) for path in sorted((scenarios() / "targets").glob("*.yaml"))})


def parse_all(documents: Mapping[str, Document]) -> tuple[Targets, ...]:
    """As `targets`, from read files."""
    found: dict[str, str] = {}
    parsed = []
    for name, document in documents.items():
        part = parse_targets(name, document)
        for i, figure in enumerate(part.figures):
            if figure.id in found:
                where = "" if found[figure.id] == name else f" in {found[figure.id]}"
                raise document.error(("figures", i, "id"), f"{figure.id!r} is an earlier figure's id{where}")
            found[figure.id] = name
        parsed.append(part)
    return tuple(parsed)


def parse_targets(name: str, document: Document) -> Targets:
    """One read file; the world that it names can be loaded."""
    file = validate(TargetsFile, document, document.data)
    try:
        scenario = load_scenario({"format": 1, "name": f"targets-{name}", **file.world})
    except InputError as e:
        raise document.error(("world",), str(e).partition(": ")[2]) from None
    for i, figure in enumerate(file.figures):
        _check_day(document, i, figure, scenario)
    return Targets(name, scenario, tuple(file.figures))


def observe(record: Record, figure: Figure) -> float:
    """One figure in one replication, as a share or in its unit."""
    (name, given), *_ = figure.count.items()
    given = {key: _day(record.world.scenario, tuple(v) if isinstance(v, list) else v) for key, v in given.items()}
    if "which" in signature(OBSERVATIONS[name]).parameters:
        given = {k: v for k, v in given.items() if k not in WHICH} | {
            "which": Which(**{k: v for k, v in given.items() if k in WHICH})
        }
    return OBSERVATIONS[name](record, **given)


def scaled(figure: Figure, values: np.ndarray | Sequence[float]) -> np.ndarray:
    """Numbers in the figure's unit on the scale on which the calibration compares: their logarithm where it says so.

    A count of 0 becomes a tenth of the published number, so that it has a logarithm.
    """
    x = np.asarray(values, float)
    if figure.fit is None or figure.fit.scale == "linear":
        return x
    return np.log(np.maximum(x, figure.bounds[0] / 10))


def _check_arguments(name: str, given: dict[str, Any]) -> None:
    """ValueError where a count is given what it does not take, or lacks what it needs."""
    takes = {k: v for k, v in signature(OBSERVATIONS[name]).parameters.items() if k not in ("record", "which")}
    drugs = WHICH if "which" in signature(OBSERVATIONS[name]).parameters else ()
    for key in given:
        if key not in (*takes, *drugs):
            raise ValueError(f"{name}: {one_of(key, [*takes, *drugs], 'key')}")
    for key, parameter in takes.items():
        if parameter.default is Parameter.empty and key not in given:
            raise ValueError(f"{name}: {key}: missing")
    if name == "indicator" and given["name"] not in INDICATORS:
        raise ValueError(one_of(given["name"], INDICATORS, "indicator"))


def _check_day(document: Document, i: int, figure: Figure, scenario: Scenario) -> None:
    """InputError where a count is on a day on which the world takes no stock."""
    for name, given in figure.count.items():
        if isinstance(given.get("on"), date) and _day(scenario, given["on"]) not in scenario.snapshots:
            raise document.error(
                ("figures", i, "count", name, "on"), f"{given['on']} is none of the world's snapshots; add it there"
            )


def _day(scenario: Scenario, value: Any) -> Any:
    """A date as days from the start."""
    if isinstance(value, date):
        return float((value - scenario.calendar.start).days)
    return value
