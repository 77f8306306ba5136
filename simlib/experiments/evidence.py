"""Published figures beside the model, each counted as its source counted it; `scenarios/figures.yaml` says how.

What is compared is the baseline as it stands, not a fit to it: no number of the model is changed here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from inspect import Parameter, signature
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from joblib import delayed
from pydantic import Field, model_validator
from tqdm.auto import tqdm

from simlib.core.files import Document, InputError, one_of, read_yaml, scenarios, validate
from simlib.core.processes import parallel
from simlib.core.strict import Many, Strict
from simlib.experiments.intervals import interval
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.observations import OBSERVATIONS, Which
from simlib.policy.rules import Title
from simlib.scenario.scenario import Scenario, load_scenario

BASELINE = "before-reform"
WHICH = tuple(Which.__dataclass_fields__)
SHARES = ("%",)  # units in which a share is shown as a hundred times itself


class Figure(Strict):
    """A published figure and how the model counts it; the file's head says what each key means."""

    id: str
    title: Title
    unit: Literal["%", "days", "ratio", "drugs", "yuan", "correlation"]
    published: float | Many[float]
    evidence: str = ""
    policy: str = BASELINE
    count: dict[str, dict[str, Any]] = {}
    differs: Title | None = None
    missing: Title | None = None

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
        return self

    @property
    def bounds(self) -> tuple[float, float]:
        """The published number twice, or the two between which it lies."""
        return self.published if isinstance(self.published, tuple) else (self.published, self.published)


class FiguresFile(Strict):
    """The keys of the file of figures."""

    format: Literal[1]
    world: dict[str, Any]
    replications: Annotated[int, Field(ge=2, le=100_000)]
    figures: Many[Figure]


@dataclass(frozen=True)
class Seen:
    """A figure in the model: its values by replication (float64), empty where it cannot be counted."""

    figure: Figure
    values: np.ndarray

    @property
    def interval(self) -> tuple[float, float, float]:
        """(mean, low, high), the 95% interval of luck in the figure's unit."""
        return interval(self.values * (100 if self.figure.unit in SHARES else 1))

    @property
    def verdict(self) -> Literal["inside", "below", "above", "none"]:
        """Whether the model's interval and what was published have a value in common, or on which side the model is."""
        mean, low, high = self.interval
        if np.isnan(mean):
            return "none"
        least, most = self.figure.bounds
        low, high = (mean, mean) if np.isnan(low) else (low, high)
        return "below" if high < least else "above" if low > most else "inside"


def figures_file() -> FiguresFile:
    """The stored file of figures."""
    return parse_figures(read_yaml(scenarios() / "figures.yaml"))


def parse_figures(document: Document) -> FiguresFile:
    """As `figures_file`, from a read file; the world and the rulebooks that it names can be loaded."""
    file = validate(FiguresFile, document, document.data)
    seen_ids: set[str] = set()
    for i, figure in enumerate(file.figures):
        if figure.id in seen_ids:
            raise document.error(("figures", i, "id"), f"{figure.id!r} is an earlier figure's id")
        seen_ids.add(figure.id)
    for policy, i in {f.policy: i for i, f in reversed(list(enumerate(file.figures)))}.items():
        try:
            world_of(file, policy)
        except InputError as e:
            key = ("world",) if policy == BASELINE else ("figures", i, "policy")
            raise document.error(key, str(e).partition(": ")[2]) from None
    return file


def world_of(file: FiguresFile, policy: str) -> Scenario:
    """The scenario in which figures of a rulebook are counted."""
    return load_scenario({"format": 1, "name": f"figures-{policy}", **file.world, "policy": policy})


def seen(
    replications: int | None = None,
    workers: int | None = None,
    progress: bool = True,
    file: FiguresFile | None = None,
) -> list[Seen]:
    """Every figure in the model, in the file's order.

    Parameters
    ----------
    replications : int, optional
        How many random histories; the file's own number if left out.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.
    file : FiguresFile, optional
        Other figures than those stored.
    """
    file = file or figures_file()
    n = replications or file.replications
    found: dict[str, np.ndarray] = {}
    for policy in dict.fromkeys(f.policy for f in file.figures if f.count):
        scenario = world_of(file, policy)
        asked = [f for f in file.figures if f.policy == policy and f.count]
        rows = parallel(workers or os.cpu_count() or 1)(delayed(observed)(scenario, k, asked) for k in range(n))
        bar = tqdm(rows, total=n, desc=f"figures: {policy}", unit="replication", disable=not progress, leave=False)
        values = np.array(list(bar))
        found |= {f.id: values[:, i] for i, f in enumerate(asked)}
    return [Seen(f, found.get(f.id, np.zeros(0))) for f in file.figures]


def observed(scenario: Scenario, replication: int, figures: Sequence[Figure]) -> list[float]:
    """The figures in one replication."""
    record = replicate(scenario, replication)
    return [observe(record, f) for f in figures]


def observe(record: Record, figure: Figure) -> float:
    """One figure in one replication, as a share or in its unit."""
    (name, given), *_ = figure.count.items()
    given = {key: _day(record, tuple(v) if isinstance(v, list) else v) for key, v in given.items()}
    if "which" in signature(OBSERVATIONS[name]).parameters:
        given = {k: v for k, v in given.items() if k not in WHICH} | {
            "which": Which(**{k: v for k, v in given.items() if k in WHICH})
        }
    return OBSERVATIONS[name](record, **given)


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


def _day(record: Record, value: Any) -> Any:
    """A date as days from the start."""
    if isinstance(value, date):
        return float((value - record.world.calendar.start).days)
    return value


def table(found: Sequence[Seen]) -> pd.DataFrame:
    """The comparison as a tidy table: id, evidence, unit, published_low, published_high, mean, low, high, verdict, replications."""
    rows = [
        (s.figure.id, s.figure.evidence, s.figure.unit, *s.figure.bounds, *s.interval, s.verdict, len(s.values))
        for s in found
    ]
    names = (
        "id",
        "evidence",
        "unit",
        "published_low",
        "published_high",
        "mean",
        "low",
        "high",
        "verdict",
        "replications",
    )
    return pd.DataFrame(rows, columns=list(names))
