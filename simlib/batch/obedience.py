"""The part of a batch that moves obedience: each place's own rules at shares between none, the default and full."""

from __future__ import annotations

import time
from pathlib import Path

from simlib.batch.base import Batch, borrowed, size
from simlib.core.files import InputError
from simlib.experiments import records
from simlib.experiments.obedience_curve import SHARES, as_table, default_share, differences
from simlib.experiments.store import write_sensitivity
from simlib.experiments.study import GATE_REGION, Study, load_study
from simlib.scenario.experiment_files import SIDES, Cell
from simlib.scenario.scenario import Scenario

MOST = 20  # replications: differences are paired, so that few suffice


def places(study: Study, loaded: dict[str, Scenario]) -> list[Cell]:
    """Each place's own rules where they ran with none, default and full obedience; without the nation, for time."""
    found = [
        c for c in study.cells
        if c.own and c.obedience == "default" and c.region != GATE_REGION and c.name != c.baseline
        and all(_ran(study, c, degree) for degree in SIDES)
    ]  # fmt: skip
    return sorted(found, key=lambda c: (size(loaded[c.name]), c.name))


def _ran(study: Study, cell: Cell, degree: str) -> bool:
    side = study.cell(cell.region, cell.policy, degree)
    return side is not None and side.baseline in study.results


def obedience(batch: Batch, loaded: dict[str, Scenario]) -> None:
    """Run what lies between the degrees of an experiment, where that is not done."""
    place = batch.folder / "obedience"
    place.mkdir(exist_ok=True)
    try:
        cells = places(load_study(batch.name, batch.folder), loaded)
    except InputError:  # not one scenario; the comparison will say so
        return
    for old in place.iterdir():  # of a scenario that is not there any more
        if old.stem not in {c.name for c in cells}:
            old.unlink()
    for cell in cells:
        name = f"obedience of {cell.name}"
        try:
            _obedience_of(batch, place, cell, (loaded[cell.name], loaded[cell.baseline]), name)
        except Exception as e:  # it fails alone, like a scenario
            batch.summary.failed[name] = " ".join(f"{type(e).__name__}: {e}".split())[:500]


def _obedience_of(batch: Batch, place: Path, cell: Cell, pair: tuple[Scenario, Scenario], name: str) -> None:
    """Run one scenario and its baseline at the shares that are no degree, unless that is done."""
    n = min(MOST, cell.replications, batch.experiment.cell(cell.baseline).replications)
    shares = [s for s in SHARES if 0 < s < 1 and s != default_share(pair[0])]
    key = records.key_of(
        pair=[s.digest() for s in pair], n=n, shares=shares, code=records.code_sha(), lock=records.lock_sha()
    )
    if records.is_done(place / f"{cell.name}.json", key):
        batch.summary.unchanged.append(name)
        return
    for suffix in (".json", ".parquet"):  # what fails or is interrupted now leaves no table of old inputs
        (place / f"{cell.name}{suffix}").unlink(missing_ok=True)
    if not borrowed(place, cell.name, key):
        start, path = time.monotonic(), place / f"{cell.name}.parquet"
        write_sensitivity(as_table(differences(pair, shares, n, batch.workers)), pair, path)
        told = {"seconds": round(time.monotonic() - start, 1), "replications": n}
        records.write_json(
            path.with_suffix(".json"), {"key": key, "files": {path.name: records.file_sha(path)}, **told}
        )
    batch.summary.done.append(name)
