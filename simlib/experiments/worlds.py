"""The world table: assumed numbers drawn together from their ranges, and one fresh replication of each world so drawn.

Row k is world k with the luck of replication k, so that a table of more rows begins with the rows of a smaller one. What
reads it (calibration, sensitivity, value of information) sees luck and assumptions together; the luck alone is measured by a
second replication of some rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import qmc
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.experiments import records
from simlib.experiments.chunks import Chunks, joined
from simlib.experiments.run import Result, each_in_order, one, ready
from simlib.experiments.sensitivity import candidates, with_number
from simlib.experiments.tables import one_table
from simlib.scenario.derived import with_numbers
from simlib.scenario.layers import NUMBERS
from simlib.scenario.scenario import Assumption, Scenario

CHUNK = 64  # rows of one file, what a run that is broken off loses at most; a power of two, as Sobol' points want
AGAIN = 2**20  # the second replication of row k is number k + AGAIN
UNKNOWN = ("default", "region")  # layers whose numbers are assumed, within their ranges


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


def points(scenario: Scenario, first: int, rows: int) -> np.ndarray:
    """Scrambled Sobol' points of rows `first` on, uniform on the unit cube (float64, rows x `candidates`)."""
    start, many = first - first % CHUNK, len(candidates(scenario))
    blocks = [_block(entropy(scenario), many, at, CHUNK) for at in range(start, first + rows, CHUNK)]
    return np.concatenate(blocks)[first - start : first - start + rows]


@lru_cache(maxsize=8)
def _block(entropy: int, many: int, start: int, rows: int) -> np.ndarray:
    """Points from number `start` on, kept, since a worker asks for one after the other of the same ones."""
    sobol = qmc.Sobol(many, rng=np.random.default_rng(entropy))
    if start:  # scipy cannot forward by nothing
        sobol.fast_forward(start)
    return sobol.random(rows)


def free(scenario: Scenario) -> list[Assumption]:
    """The assumed numbers that are drawn: those with a range of which nothing more is known.

    What the scenario's own file, a reading, a variant or the caller sets is meant, and stays: it would be set in vain.
    """
    groups = {p[:n]: p for p in scenario.settings for n in range(1, len(p))}  # the last that was set below each

    def who(path: tuple[str, ...]) -> str:
        places = [groups.get(path), *(path[:n] for n in range(len(path), 0, -1))]
        return next((scenario.settings[p][-1].origin.layer for p in places if p in scenario.settings), UNKNOWN[0])

    return [a for a in candidates(scenario) if who((*NUMBERS, *a.path.split("."))) in UNKNOWN]


def drawn(scenario: Scenario, first: int, rows: int) -> pd.DataFrame:
    """The `free` numbers of worlds `first` on: uniform on their ranges, whole where the number is a count."""
    return placed(scenario, points(scenario, first, rows), first)


def placed(scenario: Scenario, unit: np.ndarray, first: int = 0) -> pd.DataFrame:
    """Points of the unit cube (rows x `candidates`) as values of the `free` numbers; a row a world, from `first` on."""
    whole, open_to, found = counts(scenario), {a.path for a in free(scenario)}, {}
    for a, u in zip(candidates(scenario), unit.T, strict=True):
        low, high = map(float, a.range)
        x = np.floor(low + u * (high - low + 1)) if a.path in whole else low + u * (high - low)
        if a.path in open_to:
            found[a.path] = x.clip(low, high)
    return pd.DataFrame(found, index=pd.RangeIndex(first, first + len(unit), name="world"))


def counts(scenario: Scenario) -> frozenset[str]:
    """Paths of the assumed numbers that are counts, which take whole values alone: their field says so."""
    tree = scenario.parameters.model_dump(by_alias=True)
    return frozenset(a.path for a in candidates(scenario) if not a.of and isinstance(_at(tree, a.path), int))


def _at(tree: Any, path: str) -> Any:
    for part in path.split("."):
        tree = tree.get(part) if isinstance(tree, dict) else None
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

    On a cluster, call it inside ``joblib.parallel_config(backend=...)``: the runs go to that backend, and the files are
    written here.
    """
    if rows < 1:
        raise InputError(f"rows: expected a whole number from 1 on (given: {rows!r})")
    (first, second), found = _rows(scenario, [(0, rows), (AGAIN, min(again, rows))], folder, workers, progress)
    repeated = second.values if second else pd.DataFrame(index=first.values.index)
    repeated.columns = [c - AGAIN for c in repeated.columns]
    return Worlds(scenario, drawn(scenario, 0, rows), first.values, repeated, found)


def _blocks(start: int, rows: int) -> list[tuple[int, int]]:
    """(first row, number of rows) of each file that rows from `start` on lie in."""
    return [(start + i, min(CHUNK, rows - i)) for i in range(0, rows, CHUNK)]


def _rows(
    scenario: Scenario, parts: Sequence[tuple[int, int]], folder: Path | None, workers: int | None, progress: bool
) -> tuple[list[Result | None], int]:
    """The rows of each part (first row, number of rows), None for a part of no rows; how many were read and not made."""
    if not free(scenario):
        raise InputError(f"{scenario.name}: sets every assumed number itself, so that there is no other world to draw")
    chunks = Chunks(scenario, folder / key(scenario) if folder else None)
    blocks = [b for part in parts for b in _blocks(*part)]
    read = {first: chunks.read(first, n) for first, n in blocks}
    missing = {first: list(range(first + _many(read[first]), first + n)) for first, n in blocks}
    whole = dict(read)
    if any(missing.values()):
        chunks.describe(_ranges(scenario))
        whole |= _run(scenario, missing, read, chunks, workers, progress)
    rows = [joined([whole[first] for first, _ in _blocks(*part)]) if part[1] else None for part in parts]
    return rows, sum(map(_many, read.values()))


def _many(rows: Result | None) -> int:
    return len(rows.values.columns) if rows else 0


def _run(
    scenario: Scenario, missing: dict[int, list[int]], read: dict[int, Result | None], chunks: Chunks,
    workers: int | None, progress: bool,
) -> dict[int, Result]:  # fmt: skip
    """Make the missing rows of each file in one stream of tasks; a file is written when its last row is there.

    Whatever breaks this off, the rows that came last are written, too.
    """
    todo = [k for rows in missing.values() for k in rows]
    tasks = each_in_order(scenario, todo, ready(scenario, len(todo), workers, progress), _one)
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


def _one(scenario: Scenario, replication: int) -> tuple[dict, np.ndarray]:
    """What `simlib.experiments.run.one` gives, in the world of that row."""
    numbers = drawn(scenario, replication % AGAIN, 1).iloc[0].to_dict()
    return one(world(scenario, numbers), replication)


def key(scenario: Scenario) -> str:
    """Name of what is drawn and run: the scenario, the ranges that its numbers are drawn from, the model and the packages."""
    return records.key_of(
        scenario=scenario.digest(), ranges=_ranges(scenario), code=records.model_sha(), lock=records.lock_sha()
    )


def _ranges(scenario: Scenario) -> list[tuple]:
    """What the drawn numbers are drawn from: path, which number of a distribution, low and high end."""
    return [(a.path, a.of, *map(float, a.range)) for a in free(scenario)]


def entropy(scenario: Scenario) -> int:
    """The seed of the points: the same under every policy, so that two rulebooks meet the same worlds."""
    said = [(a.path, [float(e) for e in a.range]) for a in candidates(scenario)]
    return int.from_bytes(hashlib.sha256(json.dumps([scenario.seed, said]).encode()).digest()[:8], "big")
