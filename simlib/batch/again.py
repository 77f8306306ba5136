"""The part of a batch that tells luck from assumptions: some worlds of the main scenarios are run again with other luck."""

from __future__ import annotations

import time
from pathlib import Path

from simlib.batch.base import Batch, borrowed
from simlib.experiments import records
from simlib.experiments.run import simulate
from simlib.experiments.store import write_result
from simlib.scenario.drawn import AGAIN
from simlib.scenario.scenario import Scenario

TWICE, TWICE_SMALL = 8, 2  # worlds that are run again


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
        key = records.key_of(scenario=loaded[cell.name].digest(), n=n, code=records.code_sha(), lock=records.lock_sha())
        if records.is_done(place / f"{cell.name}.json", key):
            batch.summary.unchanged.append(name)
            continue
        try:
            if not borrowed(place, cell.name, key):
                _again(batch, place, cell.name, loaded[cell.name], key, n)
            batch.summary.done.append(name)
        except Exception as e:  # it fails alone, like a scenario
            batch.summary.failed[name] = " ".join(f"{type(e).__name__}: {e}".split())[:500]


def _again(batch: Batch, place: Path, name: str, scenario: Scenario, key: str, n: int) -> None:
    start = time.monotonic()
    for suffix in (".json", ".parquet"):  # what fails or is interrupted now leaves no table of old inputs
        (place / f"{name}{suffix}").unlink(missing_ok=True)
    write_result(simulate(scenario, n, batch.workers, batch.progress, AGAIN), place / f"{name}.parquet")
    files = {f"{name}.parquet": records.file_sha(place / f"{name}.parquet")}
    times = {"seconds": round(time.monotonic() - start, 1), "replications": n}
    records.write_json(place / f"{name}.json", {"key": key, "files": files, **times})
