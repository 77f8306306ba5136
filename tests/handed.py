"""A finished batch folder with made-up numbers, as `simlib export` finds it; nothing is simulated."""

from __future__ import annotations

from pathlib import Path

from simlib.experiments.records import MANIFEST, write_json
from simlib.experiments.store import write_result, write_sensitivity
from simlib.experiments.study import Study
from tests.report.made_up import MOVED_PATHS, made_up, moved

MEANS = {"before-reform": 0.10, "national": 0.20, "beijing": 0.40}
MOVED = "beijing-beijing-default"
SAID = {
    "experiment": "own-rules",
    "seed": 8642,
    "calendar_status": "provisional",
    "packages": {"python": "3.99.1"},
    "machine": {"system": "Linux", "cores": 7, "memory": 15},
    "scenarios": {MOVED: {"replications": 6}},
}


def batch_folder(folder: Path) -> Study:
    """Fill a folder as a batch does; the study that went in."""
    study = made_up(MEANS, regions=("beijing",))
    for part in ("scenarios", "sensitivity"):
        (folder / part).mkdir(parents=True)
    for name, result in study.results.items():
        write_result(result, folder / "scenarios" / f"{name}.parquet")
        write_json(folder / "scenarios" / f"{name}.json", {"files": {f"{name}.parquet": "made up"}})
    ends = {path: (0.2 - i / 100, 0.3 + i / 200) for i, path in enumerate(MOVED_PATHS)}
    pair = [study.results[n].scenario for n in (MOVED, study.experiment.cell(MOVED).baseline)]
    write_sensitivity(moved(0.24, ends), pair, folder / "sensitivity" / f"{MOVED}.parquet")
    write_json(folder / MANIFEST, SAID)
    return study
