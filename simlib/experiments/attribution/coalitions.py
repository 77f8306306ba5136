"""What coalitions give in single random histories: run once each, here or elsewhere, and kept in files.

A file holds one replication: a column a coalition, a row an indicator and group. So an attribution that was broken off goes on
where it was, and a more precise one begins with the runs of a coarser one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from joblib import delayed
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.core.processes import elsewhere, parallel
from simlib.experiments import records
from simlib.experiments.attribution.parts import Game
from simlib.experiments.store import INDEX, read_table, write_table
from simlib.experiments.tables import one_table
from simlib.model.model import replicate
from simlib.outcomes.groups import Key
from simlib.outcomes.indicators import indicators
from simlib.scenario.scenario import Scenario

TASK = 6  # runs of one task: few, so that no process waits long for another at the end

Each = Callable[[Scenario, int], Mapping[Key, float]]  # the indicators of one replication
Wanted = Mapping[int, Iterable[int]]  # coalitions by replication


def of_one(scenario: Scenario, replication: int) -> Mapping[Key, float]:
    """The indicators of one replication, as they are."""
    return indicators(replicate(scenario, replication))


@dataclass
class Coalitions:
    """The indicators of coalitions by replication, as far as they were run or read.

    folder: where they are kept; None where nothing is. made, found: how many runs were made, and how many read.
    """

    game: Game
    folder: Path | None = None
    each: Each = of_one
    made: int = 0
    found: int = 0
    known: dict[int, dict[int, np.ndarray]] = field(default_factory=dict)
    places: dict[Key, int] = field(default_factory=dict)

    def values(
        self, replication: int, keys: Sequence[Key], coalitions: Iterable[int] | None = None
    ) -> dict[int, np.ndarray]:
        """Some indicators of a replication, by coalition (all that are known, or these); NaN where one is not defined."""
        rows, at = self.known[replication], [self.places.get(k, -1) for k in keys]
        return {c: np.append(rows[c], np.nan)[at] for c in (rows if coalitions is None else coalitions)}

    def keys(self) -> list[Key]:
        """Every indicator and group that some run defines, in the order of the data dictionary."""
        defined = np.zeros(len(self.places), bool)
        for runs in self.known.values():
            for row in runs.values():
                defined |= np.isfinite(row)
        return list(one_table({0: {k: 0.0 for k, i in self.places.items() if defined[i]}}).index)

    def row(self, found: Mapping[Key, float]) -> np.ndarray:
        """The indicators of one run in the order of `places`, which grows by those that no run had before (float64)."""
        if new := [k for k in found if k not in self.places]:
            self.places.update(zip(new, range(len(self.places), len(self.places) + len(new)), strict=True))
            for runs in self.known.values():
                for c, row in runs.items():
                    runs[c] = np.append(row, np.full(len(new), np.nan))
        out = np.full(len(self.places), np.nan)
        out[[self.places[k] for k in found]] = list(found.values())
        return out

    def run(self, wanted: Wanted, workers: int, bar: tqdm) -> None:
        """Make the runs that are not known yet; each replication is kept when its last one is there, or this is broken off."""
        missing = {k: self._missing(k, coalitions) for k, coalitions in wanted.items()}
        tasks = [(k, some[i : i + TASK]) for k, some in missing.items() for i in range(0, len(some), TASK)]
        bar.total = (bar.total or 0) + sum(map(len, missing.values()))
        bar.refresh()
        fresh: set[int] = set()
        try:
            with closing(self._done(tasks, workers)) as done:
                for (k, some), rows in zip(tasks, done, strict=True):
                    if fresh - {k}:
                        self._keep(fresh - {k})
                        fresh = {k}
                    for coalition, found in zip(some, rows, strict=True):
                        self.known[k][coalition] = self.row(found)
                    fresh.add(k)
                    self.made += len(rows)
                    bar.update(len(rows))
        finally:
            self._keep(fresh)

    def _done(self, tasks: Sequence[tuple[int, list[int]]], workers: int) -> Iterator[list[Mapping[Key, float]]]:
        each = self.each
        if (workers == 1 or len(tasks) < 2) and not elsewhere():
            yield from (_several(self.game, k, some, each) for k, some in tasks)
            return
        yield from parallel(min(workers, len(tasks) or 1))(
            delayed(_several)(self.game, k, some, each) for k, some in tasks
        )

    def _missing(self, replication: int, coalitions: Iterable[int]) -> list[int]:
        if replication not in self.known:
            self.known[replication] = {}
            self._read(replication)
            self.found += len(self.known[replication])
        return [c for c in dict.fromkeys(coalitions) if c not in self.known[replication]]

    def _read(self, replication: int) -> None:
        """Take over what is kept of a replication; nothing where there is no sound file."""
        path = self._path(replication)
        if path is None or not path.is_file():
            return
        try:
            table = read_table(path).set_index(INDEX).astype(float)
            names = [int(c, 16) for c in table]
        except (InputError, KeyError, ValueError):  # damaged: it is made again
            return
        keys, numbers = list(table.index), table.to_numpy()
        self.row(dict.fromkeys(keys, np.nan))
        at = [self.places[k] for k in keys]
        for coalition, column in zip(names, numbers.T, strict=True):
            row = np.full(len(self.places), np.nan)
            row[at] = column
            self.known[replication][coalition] = row

    def _keep(self, replications: Iterable[int]) -> None:
        for k in replications:
            if (path := self._path(k)) is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                columns = {f"{c:x}": row for c, row in sorted(self.known[k].items())}
                table = pd.DataFrame(columns, index=pd.MultiIndex.from_tuples(self.places, names=INDEX))
                write_table(pa.Table.from_pandas(table.reset_index(), preserve_index=False), path)

    def _path(self, replication: int) -> Path | None:
        return None if self.folder is None else self.folder / f"{replication}.parquet"


def _several(game: Game, replication: int, coalitions: Sequence[int], each: Each) -> list[Mapping[Key, float]]:
    return [each(world, replication) for world in game.in_world(coalitions, replication)]


def folder_of(place: Path, game: Game) -> Path:
    """Where the runs of a game are kept: named by the two scenarios, the parts, the model and the packages."""
    return place / records.key_of(
        scenario=[game.scenario.digest(), game.scenario.seed], baseline=game.baseline.digest(),
        parts=[p.name for p in game.parts], code=records.model_sha(), lock=records.lock_sha(),
    )  # fmt: skip
