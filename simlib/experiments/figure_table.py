"""Published figures counted in many worlds: what the calibration learns from.

Row k is the world at one point of the unit cube of assumed numbers, with the luck of replication k; the worlds of all files
of targets share both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import delayed
from tqdm.auto import tqdm

from simlib.core.files import write_whole
from simlib.core.processes import cores, parallel
from simlib.experiments.records import model_sha
from simlib.experiments.targets import Targets
from simlib.scenario.drawn import numbers_at, with_drawn

CHUNK = 64  # rows of a file, what a run that is broken off loses at most
TOGETHER = 4  # rows of one task: handing the scenarios over takes a tenth of a second


def figure_table(
    files: Sequence[Targets],
    at: np.ndarray,
    first: int = 0,
    folder: Path | None = None,
    workers: int | None = None,
    progress: bool = True,
    title: str = "worlds",
) -> pd.DataFrame:
    """Count the figures in one replication of each world.

    Parameters
    ----------
    files : sequence of Targets
        The figures; those that cannot be counted are left out.
    at : ndarray
        float64 (worlds, numbers): points of the unit cube, as `numbers_at` takes them.
    first : int
        Number of the first row, which is the number of its replication.
    folder : Path, optional
        Where counts are kept, a file for every CHUNK rows; those that are there already are read.
    workers : int, optional
        Number of processes; all cores if left out. The table does not depend on it.
    progress : bool
        Show a bar, called `title`.

    Returns
    -------
    DataFrame
        float64, a row a world (index: `first` on), a column a figure (its id), in the figure's unit.
    """
    files = [part.counted() for part in files]
    bar = tqdm(total=len(at), desc=title, unit="world", disable=not progress, leave=False)
    parts = []
    for start in range(0, len(at), CHUNK):
        chunk = at[start : start + CHUNK]
        parts.append(_chunk(files, chunk, first + start, folder, workers))
        bar.update(len(chunk))
    bar.close()
    return pd.concat(parts)


def _chunk(
    files: Sequence[Targets], at: np.ndarray, first: int, folder: Path | None, workers: int | None
) -> pd.DataFrame:
    path = folder / f"figures-{_key(files, at, first)}.csv" if folder else None
    if path and path.is_file():
        return pd.read_csv(path, index_col="world")
    tasks = [(first + i, at[i : i + TOGETHER]) for i in range(0, len(at), TOGETHER)]
    done = parallel(workers or cores())(delayed(_rows)(files, points, k) for k, points in tasks)
    ids = [f.id for part in files for f in part.figures]
    index = pd.RangeIndex(first, first + len(at), name="world")
    table = pd.DataFrame([row for rows in done for row in rows], columns=ids, index=index, dtype=float)
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, table.to_csv(lineterminator="\n"))
    return table


def _rows(files: Sequence[Targets], at: np.ndarray, first: int) -> list[list[float]]:
    """Rows `first` on, one replication of each file's world."""
    numbers = numbers_at(files[0].scenario, at)
    rows = []
    for i in range(len(at)):
        here = {path: float(x[i]) for path, x in numbers.items()}
        row: list[float] = []
        for part in files:
            found = part.observed(with_drawn(part.scenario, here), first + i)
            row += [x * f.factor for x, f in zip(found, part.figures, strict=True)]
        rows.append(row)
    return rows


def _key(files: Sequence[Targets], at: np.ndarray, first: int) -> str:
    """Name of what is counted: the code, the worlds, the figures, the points and the replications."""
    counts = [[part.scenario.digest(), [f.count for f in part.figures]] for part in files]
    said = [model_sha(), first, counts]
    return hashlib.sha256(json.dumps(said, default=str).encode() + np.ascontiguousarray(at).tobytes()).hexdigest()[:16]
