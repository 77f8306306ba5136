"""The world table: assumed numbers drawn together from their ranges, and one fresh replication of each world so drawn.

Row k is world k with the luck of replication k, so that a table of more rows begins with the rows of a smaller one. What
reads it (calibration, sensitivity, value of information) sees luck and assumptions together; the luck alone is measured by a
second replication of some rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc

from simlib.experiments.run import one, simulate
from simlib.experiments.sensitivity import candidates, with_number
from simlib.experiments.store import read_result, write_result
from simlib.scenario.derived import with_numbers
from simlib.scenario.scenario import Scenario

CHUNK = 64  # rows of one file, what a run that is broken off loses at most; a power of two, as Sobol' points want
AGAIN = 2**20  # the second replication of row k is number k + AGAIN

Draw = Callable[[Scenario, int, int], pd.DataFrame]  # the numbers of worlds of a scenario: first row, number of rows


@dataclass(frozen=True)
class Worlds:
    """A world table. numbers: a row a world, a column an assumed number (its path); values: a row an indicator and group, a
    column a world; again: the same of the second replication of the first worlds."""

    scenario: Scenario
    numbers: pd.DataFrame
    values: pd.DataFrame
    again: pd.DataFrame

    def noise(self) -> pd.Series:
        """Part of each indicator's variance over the worlds that is luck, from the worlds that were run twice (0 to 1)."""
        first = self.values[self.again.columns]
        within = ((first - self.again) ** 2).mean(axis=1) / 2
        total = pd.concat([first, self.again], axis=1).var(axis=1, ddof=1)
        return (within / total).where(total > 0).clip(0, 1)


def points(scenario: Scenario, first: int, rows: int) -> np.ndarray:
    """Scrambled Sobol' points of rows `first` on, uniform on the unit cube (float64, rows x numbers)."""
    start = first - first % CHUNK
    sobol = qmc.Sobol(len(candidates(scenario)), rng=np.random.default_rng(_entropy(scenario)))
    if start:  # scipy cannot forward by nothing
        sobol.fast_forward(start)
    blocks = [sobol.random(CHUNK) for _ in range(start, first + rows, CHUNK)]
    return np.concatenate(blocks)[first - start : first - start + rows]


def drawn(scenario: Scenario, first: int, rows: int) -> pd.DataFrame:
    """The assumed numbers of worlds `first` on: uniform on their ranges, whole where the number is a count."""
    whole, found = counts(scenario), {}
    for a, u in zip(candidates(scenario), points(scenario, first, rows).T, strict=True):
        low, high = map(float, a.range)
        x = np.floor(low + u * (high - low + 1)) if a.path in whole else low + u * (high - low)
        found[a.path] = x.clip(low, high)
    return pd.DataFrame(found, index=pd.RangeIndex(first, first + rows, name="world"))


def counts(scenario: Scenario) -> frozenset[str]:
    """Paths of the assumed numbers that are counts, which take whole values alone: their field says so."""
    tree = scenario.parameters.model_dump(by_alias=True)
    return frozenset(a.path for a in candidates(scenario) if not a.of and isinstance(_at(tree, a.path), int))


def _at(tree: dict, path: str) -> Any:
    for part in path.split("."):
        tree = tree[part]
    return tree


def world(scenario: Scenario, numbers: Mapping[str, float]) -> Scenario:
    """The scenario with all these assumed numbers replaced at once."""
    known, whole = {a.path: a for a in candidates(scenario)}, counts(scenario)
    tree = scenario.parameters.model_dump(mode="json", by_alias=True)
    exact = {p: int(x) if p in whole else float(x) for p, x in numbers.items()}
    return with_numbers(scenario, {p: with_number(tree, known[p], x) for p, x in exact.items()})


def table(
    scenario: Scenario,
    rows: int,
    again: int = 0,
    folder: Path | None = None,
    workers: int | None = None,
    progress: bool = True,
    numbers: Draw = drawn,
) -> Worlds:
    """Draw worlds and run one replication of each.

    Parameters
    ----------
    scenario : Scenario
        Whose assumed numbers are drawn; its policy and places stay.
    rows : int
        How many worlds; a power of two covers the ranges most evenly.
    again : int
        How many of the first worlds get a second replication.
    folder : Path, optional
        Where runs are kept, a file for every CHUNK rows; those that are there already are read and not made again.
    workers : int, optional
        Number of processes; all cores if left out. The table does not depend on it.
    progress : bool
        Show a bar.
    numbers : callable, optional
        What draws the numbers of rows as `drawn` does, each row the same whichever others are drawn with it; it goes to other
        processes, so that it must be one that can be pickled.

    Returns
    -------
    Worlds
        The table.
    """
    values, second = (
        pd.concat(_parts(scenario, n, shift, folder, workers, progress, numbers), axis=1) if n else pd.DataFrame()
        for n, shift in ((rows, 0), (min(again, rows), AGAIN))
    )
    if len(second.columns):
        second.columns = [c - AGAIN for c in second.columns]
    return Worlds(scenario, numbers(scenario, 0, rows), values, second)


def _parts(
    scenario: Scenario, rows: int, shift: int, folder: Path | None, workers: int | None, progress: bool, numbers: Draw
) -> Iterator[pd.DataFrame]:
    for first in range(0, rows, CHUNK):
        n = min(CHUNK, rows - first)
        own = None if numbers is drawn else numbers(scenario, first, n)
        path = folder / f"{key(scenario, own)}-{shift + first}-{n}.parquet" if folder else None
        if path and path.is_file():
            yield read_result(path, scenario).values
            continue
        result = simulate(scenario, n, workers, progress, shift + first, each=partial(_one, numbers))
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_result(result, path)
        yield result.values


def _one(numbers: Draw, scenario: Scenario, replication: int) -> tuple[dict, np.ndarray]:
    """What `simlib.experiments.run.one` gives, in the world of that row."""
    row = numbers(scenario, replication % AGAIN, 1).iloc[0].to_dict()
    return one(world(scenario, row), replication)


def key(scenario: Scenario, own: pd.DataFrame | None = None) -> str:
    """Name of what is drawn and run: the scenario, and the ranges that its numbers are drawn from, or these numbers themselves."""
    said = [(a.path, a.of, [float(e) for e in a.range]) for a in candidates(scenario)]
    text = json.dumps([scenario.digest(), said, *([] if own is None else [own.to_dict("list")])])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _entropy(scenario: Scenario) -> int:
    """The seed of the points: the same under every policy, so that two rulebooks meet the same worlds."""
    said = [(a.path, [float(e) for e in a.range]) for a in candidates(scenario)]
    return int.from_bytes(hashlib.sha256(json.dumps([scenario.seed, said]).encode()).digest()[:8], "big")
