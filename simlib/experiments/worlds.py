"""The world table: assumed numbers drawn together from their ranges, and one fresh replication of each world so drawn.

Row k is world k with the luck of replication k, so that a table of more rows begins with the rows of a smaller one. What
reads it (calibration, sensitivity, value of information) sees luck and assumptions together; the luck alone is measured by a
second replication of some rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.experiments import records
from simlib.experiments.chunks import Chunks, joined
from simlib.experiments.replications import Each, each_in_order, one
from simlib.experiments.run import Result, ready
from simlib.experiments.tables import one_table
from simlib.scenario.derived import with_world
from simlib.scenario.drawn import AGAIN, CHUNK, drawable, numbers_at, points, with_drawn
from simlib.scenario.scenario import Scenario

Draw = Callable[[Scenario, int, int], pd.DataFrame]  # the numbers of worlds of a scenario: first row, number of rows
TELLING = 8  # first worlds that stand for a draw of one's own


@dataclass(frozen=True)
class Worlds:
    """A world table. numbers: a row a world, a column an assumed number (its path); values: a row an indicator and group, a
    column a world; again: the same of the second replication of the first worlds; found: how many of all these runs were read
    and not made."""

    scenario: Scenario
    numbers: pd.DataFrame
    values: pd.DataFrame
    again: pd.DataFrame
    found: int = 0

    def noise(self) -> pd.Series:
        """Part of each indicator's variance over the worlds that is luck, from the worlds that were run twice (0 to 1)."""
        first = self.values[self.again.columns]
        within = ((first - self.again) ** 2).mean(axis=1) / 2
        total = pd.concat([first, self.again], axis=1).var(axis=1, ddof=1)
        return (within / total).where(total > 0).clip(0, 1)

    def frame(self) -> pd.DataFrame:
        """The whole table, a row a run.

        Returns
        -------
        DataFrame
            world; run (1, or 2 for a second replication of that world); every number that was drawn, under its path
            (``decision.rho``); and every indicator by group as ``indicator|by|group`` (``stocked_24m|level|3``), NaN where a
            run does not define it.
        """
        parts = []
        for run, values in ((1, self.values), (2, self.again)) if len(self.again.columns) else ((1, self.values),):
            found = values.T
            found.columns = ["|".join(c) for c in values.index]
            parts.append(self.numbers.loc[values.columns].assign(run=run).join(found))
        table = pd.concat(parts).reset_index(names="world")
        return table[["world", "run", *(c for c in table.columns if c not in ("world", "run"))]]


def drawn(scenario: Scenario, first: int, rows: int) -> pd.DataFrame:
    """The assumed numbers of worlds `first` on: uniform on their ranges, whole where the number is a count.

    Numbers that a file, a reading, a variant or the caller sets are meant: they are not drawn and have no column.
    """
    return placed(scenario, points(scenario, first, rows), first)


def placed(scenario: Scenario, unit: np.ndarray, first: int = 0) -> pd.DataFrame:
    """Points of the unit cube (rows x candidates) as values of the numbers that are drawn; a row a world, from `first` on."""
    numbers, index = numbers_at(scenario, unit), pd.RangeIndex(first, first + len(unit), name="world")
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

    Raises
    ------
    InputError
        If the scenario sets every assumed number itself, or no world is asked for.

    Notes
    -----
    One that is broken off goes on where it was when it is asked for again with the same folder, and one of more rows begins
    with the rows that are there. Rows are kept by scenario, ranges, model code and packages (`simlib.experiments.chunks`).

    On a cluster, call it inside ``simlib.cluster(ADDRESS)``: the runs go to that cluster, and the files are
    written here.
    """
    if rows < 1:
        raise InputError(f"rows: expected a whole number from 1 on (given: {rows!r})")
    if not drawable(scenario):
        raise InputError(f"{scenario.name}: sets every assumed number itself, so that there is no other world to draw")
    parts, table_of = [(0, rows), (AGAIN, min(again, rows))], numbers(scenario, 0, rows)
    own = None if numbers is drawn else numbers(scenario, 0, TELLING)
    where = folder / key(scenario, own) if folder else None
    world = with_world(scenario, "assumed") if numbers is drawn else scenario
    each: Each = one if numbers is drawn else partial(_one, numbers)
    (first, second), found = _rows(world, parts, Chunks(world, where), each, workers, progress)
    repeated = second.values if second else pd.DataFrame(index=first.values.index)
    repeated.columns = [c - AGAIN for c in repeated.columns]
    return Worlds(scenario, table_of, first.values, repeated, found)


def _blocks(start: int, rows: int) -> list[tuple[int, int]]:
    """(first row, number of rows) of each file that rows from `start` on lie in."""
    return [(start + i, min(CHUNK, rows - i)) for i in range(0, rows, CHUNK)]


def _rows(
    scenario: Scenario,
    parts: Sequence[tuple[int, int]],
    chunks: Chunks,
    each: Each,
    workers: int | None,
    progress: bool,
) -> tuple[list[Result | None], int]:
    """The rows of each part (first row, number of rows), None for a part of no rows; how many were read and not made."""
    blocks = [b for part in parts for b in _blocks(*part)]
    read = {first: chunks.read(first, n) for first, n in blocks}
    missing = {first: list(range(first + _many(read[first]), first + n)) for first, n in blocks}
    whole = dict(read)
    if any(missing.values()):
        chunks.describe(_ranges(scenario))
        whole |= _run(scenario, missing, read, chunks, each, workers, progress)
    rows = [joined([whole[first] for first, _ in _blocks(*part)]) if part[1] else None for part in parts]
    return rows, sum(map(_many, read.values()))


def _many(rows: Result | None) -> int:
    return len(rows.values.columns) if rows else 0


def _run(
    scenario: Scenario, missing: dict[int, list[int]], read: dict[int, Result | None], chunks: Chunks, each: Each,
    workers: int | None, progress: bool,
) -> dict[int, Result]:  # fmt: skip
    """Make the missing rows of each file in one stream of tasks; a file is written when its last row is there.

    Whatever breaks this off, the rows that came last are written, too.
    """
    todo = [k for rows in missing.values() for k in rows]
    tasks = each_in_order(scenario, todo, ready(scenario, len(todo), workers, progress), each)
    rows = chain.from_iterable(tasks)
    whole: dict[int, Result] = {}
    with tqdm(total=len(todo), desc=f"{scenario.name}: worlds", unit="world", disable=not progress, leave=False) as bar:
        for first, numbers in missing.items():
            done: dict[int, tuple[dict, np.ndarray]] = {}
            try:
                for k, row in zip(numbers, rows, strict=False):  # strict would take the first row of the next file
                    done[k] = row
                    bar.update()
            finally:
                if done:
                    whole[first] = joined([r for r in (read[first], _result(scenario, done)) if r])
                    chunks.keep(first, whole[first])
    return whole


def _result(scenario: Scenario, done: dict[int, tuple[dict, np.ndarray]]) -> Result:
    """Rows as a run."""
    values = one_table({k: v for k, (v, _) in done.items()})
    return Result(scenario, values, np.stack([c for _, c in done.values()]), 0.0)


def _one(numbers: Draw, scenario: Scenario, replication: int) -> tuple[dict, np.ndarray]:
    """What `simlib.experiments.replications.one` gives, in the world of that row."""
    row = numbers(scenario, replication % AGAIN, 1).iloc[0].to_dict()
    return one(with_drawn(scenario, row), replication)


def key(scenario: Scenario, own: pd.DataFrame | None = None) -> str:
    """Name of what is drawn and run: the scenario, ranges, the model and the packages; own: the first worlds of another draw."""
    said = {} if own is None else {"own": own.to_dict("list")}
    return records.key_of(
        scenario=scenario.digest(), ranges=_ranges(scenario), code=records.model_sha(), lock=records.lock_sha(), **said
    )


def _ranges(scenario: Scenario) -> list[tuple]:
    """What the drawn numbers are drawn from: path, which number of a distribution, low and high end."""
    return [(a.path, a.of, *map(float, a.range)) for a in drawable(scenario)]
