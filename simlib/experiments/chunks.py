"""Rows of a world table in files, so many a file, in a folder of their own: what is there is not made again.

A folder is named by all that decides the rows: the scenario, the ranges that are drawn from, the model's sources and the
packages. Rows of another version of any of them lie in another folder, which may be deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simlib.core.files import InputError
from simlib.experiments import records
from simlib.experiments.run import Result
from simlib.experiments.store import read_result, write_result
from simlib.experiments.tables import in_order
from simlib.scenario.scenario import Scenario

ABOUT = "about.json"  # what the rows of a folder are of, for people; nothing reads it


@dataclass(frozen=True)
class Chunks:
    """Kept rows of one scenario: file K.parquet has those from number K on. folder: None where nothing is kept."""

    scenario: Scenario
    folder: Path | None

    def read(self, first: int, most: int) -> Result | None:
        """The rows from `first` on that are kept, `most` of them at most; None where there is none, or no sound file."""
        path = self._path(first)
        if path is None or not path.is_file():
            return None
        try:
            found = read_result(path, self.scenario)
        except InputError:  # damaged: it is made again
            return None
        wanted = list(range(first, first + min(most, len(found.values.columns))))
        if list(found.values.columns[: len(wanted)]) != wanted:
            return None
        return Result(self.scenario, found.values[wanted], found.curves[: len(wanted)], found.seconds)

    def keep(self, first: int, rows: Result) -> None:
        """Write the rows from `first` on, all that are known."""
        path = self._path(first)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_result(rows, path)

    def describe(self, ranges: Sequence[Sequence[object]]) -> None:
        """Write what the rows are of."""
        if self.folder is not None:
            s, code = self.scenario, records.code_version()
            told = {"scenario": s.name, "changes": list(s.changes), "digest": s.digest(), "seed": s.seed}
            self.folder.mkdir(parents=True, exist_ok=True)
            records.write_json(self.folder / ABOUT, {**told, "code": code, "ranges": [list(r) for r in ranges]})

    def _path(self, first: int) -> Path | None:
        return None if self.folder is None else self.folder / f"{first}.parquet"


def joined(parts: Sequence[Result]) -> Result:
    """Runs of one scenario, one after the other, as one; in the order of the data dictionary whichever had a group first."""
    if len(parts) == 1:
        return parts[0]
    values = in_order(pd.concat([p.values for p in parts], axis=1))
    curves = np.concatenate([p.curves for p in parts])
    return Result(parts[0].scenario, values, curves, sum(p.seconds for p in parts))
