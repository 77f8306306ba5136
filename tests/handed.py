"""A finished batch folder with made-up numbers, as `simlib export` finds it; nothing is simulated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from simlib.experiments.records import MANIFEST, write_json
from simlib.experiments.run import Result
from simlib.experiments.store import write_result, write_sensitivity
from simlib.experiments.study import Study
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.sound import AT_MOST, GAPS, SUMS, WHOLES
from simlib.scenario.derived import with_world
from tests.report.made_up import MOVED_PATHS, in_fitted_worlds, made_up, moved

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


def made_sound(result: Result) -> Result:
    """Made-up numbers, put right where no run could give them: what is read back from a file must be that of a run."""
    rows = {key: row.copy() for key, row in zip(result.values.index, result.values.to_numpy(float), strict=True)}
    for (name, by, group), row in rows.items():
        np.clip(row, *INDICATORS[name].bounds, out=row)
        for parts in WHOLES.values():
            if name in parts:
                row[:] = 1 / sum((part, by, group) in rows for part in parts)
    inside = {part for parts in WHOLES.values() for part in parts}
    for (name, by, group), row in rows.items():
        for parts, most in (*AT_MOST, *((parts, whole) for whole, parts in SUMS.items())):
            if name == most and name in inside:
                for part in parts:
                    rows[part, by, group][:] = row / len(parts)
            elif name == most:
                row[:] = sum(rows[part, by, group] for part in parts if (part, by, group) in rows)
    for gap, of, a, b in GAPS:
        rows[gap, "all", "all"][:] = 100 * (rows[(of, *a)] - rows[(of, *b)])
    values = pd.DataFrame(list(rows.values()), result.values.index, result.values.columns)
    return replace(result, values=values, curves=np.maximum.accumulate(result.curves.clip(0, 1), axis=-1))


def fitted(result: Result) -> Result:
    """The same numbers as those of a run over fitted worlds, in which batches run."""
    return replace(result, scenario=with_world(result.scenario, "fitted"))


def batch_folder(folder: Path) -> Study:
    """Fill a folder as a batch does; the study that went in."""
    study = in_fitted_worlds(made_up(MEANS, regions=("beijing",)))
    study = replace(
        study, results={name: made_sound(fitted(result)) for name, result in study.results.items()}, again={}
    )
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
