"""The world table: assumed numbers drawn together from their ranges, and one fresh replication of each world so drawn.

Row k is world k with the luck of replication k, so that a table of more rows begins with the rows of a smaller one. What
reads it (calibration, sensitivity, value of information) sees luck and assumptions together; the luck alone is measured by a
second replication of some rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from simlib.experiments.replications import one
from simlib.experiments.run import simulate
from simlib.experiments.store import read_result, write_result
from simlib.scenario.derived import with_world
from simlib.scenario.drawn import AGAIN, CHUNK, candidates, drawable, numbers_at, points, with_drawn
from simlib.scenario.scenario import Scenario

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


def drawn(scenario: Scenario, first: int, rows: int) -> pd.DataFrame:
    """The assumed numbers of worlds `first` on: uniform on their ranges, whole where the number is a count.

    Numbers that a file, a reading or the caller sets are not drawn and have no column.
    """
    numbers = numbers_at(scenario, points(scenario, first, rows))
    index = pd.RangeIndex(first, first + rows, name="world")
    return pd.DataFrame({a.path: numbers[a.path] for a in drawable(scenario)}, index=index)


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
    assumed = with_world(scenario, "assumed")
    for first in range(0, rows, CHUNK):
        n = min(CHUNK, rows - first)
        own = None if numbers is drawn else numbers(scenario, first, n)
        path = folder / f"{key(scenario, own)}-{shift + first}-{n}.parquet" if folder else None
        if path and path.is_file():
            yield read_result(path, assumed if own is None else scenario).values
            continue
        if own is None:
            result = simulate(assumed, n, workers, progress, shift + first)
        else:
            result = simulate(scenario, n, workers, progress, shift + first, each=partial(_one, numbers))
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_result(result, path)
        yield result.values


def _one(numbers: Draw, scenario: Scenario, replication: int) -> tuple[dict, np.ndarray]:
    """What `simlib.experiments.replications.one` gives, in the world of that row."""
    row = numbers(scenario, replication % AGAIN, 1).iloc[0].to_dict()
    return one(with_drawn(scenario, row), replication)


def key(scenario: Scenario, own: pd.DataFrame | None = None) -> str:
    """Name of what is drawn and run: the scenario, and the ranges that its numbers are drawn from, or these numbers themselves."""
    said = [(a.path, a.of, [float(e) for e in a.range]) for a in candidates(scenario)]
    text = json.dumps([scenario.digest(), said, *([] if own is None else [own.to_dict("list")])])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
