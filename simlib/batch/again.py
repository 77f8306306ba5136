"""The part of a batch that tells luck, what figures leave open, and assumptions apart: some worlds of the main scenarios are run again."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from simlib.batch.base import Batch, borrowed
from simlib.experiments import records
from simlib.experiments.run import Result, simulate
from simlib.experiments.store import write_result
from simlib.experiments.study import GATE_REGION
from simlib.scenario.drawn import AGAIN, OTHERS
from simlib.scenario.experiment_files import Cell
from simlib.scenario.scenario import Scenario

TWICE, TWICE_SMALL = 8, 2  # worlds that are run again with other luck
THIRD = 24  # worlds of a place that are run with other numbers where no figure speaks of them; the nation would take minutes


def again(batch: Batch, loaded: dict[str, Scenario]) -> None:
    """Run worlds of the scenarios at default obedience again, where that is not done; nothing where numbers are not drawn."""
    cells = [c for c in batch.experiment.cells if c.world != "middle" and c.obedience == "default" and not c.reading]
    if not cells:
        return
    place = batch.folder / "again"
    place.mkdir(exist_ok=True)
    for cell in cells:
        name = f"{cell.name} again"
        n = min(TWICE_SMALL if batch.small else TWICE, cell.replications)
        third = _third(batch, cell)
        key = records.key_of(
            scenario=loaded[cell.name].digest(), n=n, third=third, code=records.code_sha(), lock=records.lock_sha()
        )
        if records.is_done(place / f"{cell.name}.json", key):
            batch.summary.unchanged.append(name)
            continue
        try:
            if not borrowed(place, cell.name, key):
                _again(batch, place, cell.name, loaded[cell.name], key, n, third)
            batch.summary.done.append(name)
        except Exception as e:  # it fails alone, like a scenario
            batch.summary.failed[name] = " ".join(f"{type(e).__name__}: {e}".split())[:500]


def _third(batch: Batch, cell: Cell) -> int:
    """How many worlds of a scenario are run a third time."""
    if cell.world != "fitted" or cell.region == GATE_REGION:
        return 0
    return min(TWICE_SMALL if batch.small else THIRD, cell.replications)


def joined(first: Result, second: Result) -> Result:
    """Replications of one scenario, one stretch after the other."""
    values = pd.concat([first.values, second.values], axis=1)
    return replace(first, values=values, curves=np.concatenate([first.curves, second.curves]))


def _again(batch: Batch, place: Path, name: str, scenario: Scenario, key: str, n: int, third: int) -> None:
    start = time.monotonic()
    for suffix in (".json", ".parquet"):  # what fails or is interrupted now leaves no table of old inputs
        (place / f"{name}{suffix}").unlink(missing_ok=True)
    found = simulate(scenario, n, batch.workers, batch.progress, AGAIN)
    if third:
        found = joined(found, simulate(scenario, third, batch.workers, batch.progress, OTHERS))
    write_result(found, place / f"{name}.parquet")
    files = {f"{name}.parquet": records.file_sha(place / f"{name}.parquet")}
    times = {"seconds": round(time.monotonic() - start, 1), "replications": n + third}
    records.write_json(place / f"{name}.json", {"key": key, "files": files, **times})
