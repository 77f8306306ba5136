"""The part of a batch that moves assumptions: which scenarios, and what is already done."""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd

from simlib.batch.base import Batch, borrowed, size
from simlib.core.files import InputError
from simlib.experiments import records
from simlib.experiments.sensitivity import LIMIT, one_at_a_time
from simlib.experiments.store import write_sensitivity
from simlib.experiments.study import GATE_REGION, Study, load_study
from simlib.report.answer import best_by_region
from simlib.scenario.experiment_files import Cell
from simlib.scenario.scenario import Scenario

FULL_SENSITIVITY, SMALL_SENSITIVITY = 6, 2  # replications of each moved assumption


def leaders(study: Study, loaded: dict[str, Scenario], small: bool) -> list[Cell]:
    """Scenarios whose assumptions are moved: the leading rulebook of each place, the smallest place first.

    The nation is left out for time, and a small batch takes the smallest place alone.
    """
    found = [study.experiment.cell(b.name) for b in best_by_region(study)]
    cells = [c for c in found if c.region != GATE_REGION and c.name != c.baseline and c.baseline in study.results]
    cells.sort(key=lambda c: (size(loaded[c.name]), c.name))
    return cells[:1] if small else cells


def sensitivity(batch: Batch, loaded: dict[str, Scenario]) -> None:
    """Move the assumptions of the leading rulebooks, where that is not done."""
    place = batch.folder / "sensitivity"
    place.mkdir(exist_ok=True)
    try:
        cells = leaders(load_study(batch.name, batch.folder), loaded, batch.small)
    except InputError:  # not one scenario; the comparison will say so
        return
    for old in place.iterdir():  # of a scenario that no longer leads
        if old.stem not in {c.name for c in cells}:
            old.unlink()
    paths: list[str] | None = None  # the smallest place screens, for all of them
    for cell in cells:
        name = f"sensitivity of {cell.name}"
        try:
            paths = _sensitivity_of(batch, place, cell, (loaded[cell.name], loaded[cell.baseline]), paths)
        except Exception as e:  # it fails alone, like a scenario
            batch.summary.failed[name] = " ".join(f"{type(e).__name__}: {e}".split())[:500]


def _sensitivity_of(
    batch: Batch, place: Path, cell: Cell, pair: tuple[Scenario, Scenario], paths: list[str] | None
) -> list[str]:
    """Move the assumptions of one scenario and its baseline, unless that is done; the paths that were moved."""
    n = SMALL_SENSITIVITY if batch.small else FULL_SENSITIVITY
    key = records.key_of(
        pair=[s.digest() for s in pair], n=n, limit=LIMIT, paths=paths, code=records.code_sha(), lock=records.lock_sha()
    )
    name = f"sensitivity of {cell.name}"
    if records.is_done(place / f"{cell.name}.json", key):
        batch.summary.unchanged.append(name)
    else:
        for suffix in (".json", ".parquet"):  # what fails or is interrupted now leaves no table of old inputs
            (place / f"{cell.name}{suffix}").unlink(missing_ok=True)
        if not borrowed(place, cell.name, key):
            _move_assumptions(batch, place, cell.name, pair, key, n, paths)
        batch.summary.done.append(name)
    return paths or sorted(pd.read_parquet(place / f"{cell.name}.parquet")["path"])


def _move_assumptions(
    batch: Batch, place: Path, name: str, pair: tuple[Scenario, Scenario], key: str, replications: int,
    paths: list[str] | None,
) -> None:  # fmt: skip
    start = time.monotonic()
    table = one_at_a_time(
        *pair, replications=replications, workers=batch.workers, paths=paths, progress=batch.progress,
        measured=batch.shared.measured,
    )  # fmt: skip
    write_sensitivity(table, pair, place / f"{name}.parquet")
    files = {f"{name}.parquet": records.file_sha(place / f"{name}.parquet")}
    times = {"seconds": round(time.monotonic() - start, 1), "replications": replications}
    records.write_json(place / f"{name}.json", {"key": key, "files": files, "screened": paths is None, **times})
