"""Published figures beside the model, each counted as its source counted it (`simlib.experiments.targets`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from joblib import delayed
from tqdm.auto import tqdm

from simlib.core.processes import parallel
from simlib.experiments.intervals import interval
from simlib.experiments.targets import Figure, Targets, targets

REPLICATIONS = 20


@dataclass(frozen=True)
class Seen:
    """A figure in the model: its values by replication (float64), empty where it cannot be counted."""

    figure: Figure
    values: np.ndarray

    @property
    def interval(self) -> tuple[float, float, float]:
        """(mean, low, high), the 95% interval of luck in the figure's unit."""
        return interval(self.values * self.figure.factor)

    @property
    def verdict(self) -> Literal["inside", "below", "above", "none"]:
        """Whether the model's interval and what was published have a value in common, or on which side the model is."""
        mean, low, high = self.interval
        if np.isnan(mean):
            return "none"
        least, most = self.figure.bounds
        low, high = (mean, mean) if np.isnan(low) else (low, high)
        return "below" if high < least else "above" if low > most else "inside"


def seen(
    replications: int = REPLICATIONS,
    workers: int | None = None,
    progress: bool = True,
    files: Sequence[Targets] | None = None,
) -> list[Seen]:
    """Every figure in the model, in the files' order.

    Parameters
    ----------
    replications : int
        How many random histories of each world.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.
    files : sequence of Targets, optional
        Other figures than those stored.
    """
    found: dict[str, np.ndarray] = {}
    files = targets() if files is None else files
    for part in files:
        counted = part.counted()
        tasks = (delayed(counted.observed)(part.scenario, k) for k in range(replications))
        rows = parallel(workers or os.cpu_count() or 1)(tasks)
        bar = tqdm(rows, total=replications, desc=part.name, unit="replication", disable=not progress, leave=False)
        values = np.array(list(bar))
        found |= {f.id: values[:, i] for i, f in enumerate(counted.figures)}
    return [Seen(f, found.get(f.id, np.zeros(0))) for part in files for f in part.figures]


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
