"""A study with made-up numbers: every rulebook's runs are drawn around a mean that the test chooses, nothing is simulated.

A study derives its tables when they are asked for and keeps them, so tests that ask for the same numbers share one.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from simlib.experiments.run import Result
from simlib.experiments.sensitivity import COLUMNS
from simlib.experiments.study import Study
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.indicators import MONTHS
from simlib.scenario.drawn import AGAIN, OTHERS
from simlib.scenario.experiment_files import Experiment, load_experiment
from simlib.scenario.scenario import load_cell

PLACES = (("place", "city"), ("place", "county"))
GATE = [
    (("snapshot_median", "date", "2023-09-30"), 0.07),
    (("snapshot_under_10", "date", "2023-09-30"), 0.6),
    (("snapshot_ratio", "date", "2023-09-30"), 8.0),
    (("entered_same_year", "year", "2023"), 0.4),
    (("entered_same_year", "year", "2024"), 0.4),
    (("entered_days_median", "date", "before"), 420.0),
]


def made_up(means: dict[str, float], regions=("beijing", "nation"), n: int = 6, noise: float = 0.005) -> Study:
    """A study in which `means` gives each rulebook's share stocked at full obedience; default is 0.8 of the gain, 0.9 of it
    where a text is read otherwise.

    The same study for the same arguments: a test that changes numbers takes one of its own, from `anew`.
    """
    return _shared(tuple(means.items()), tuple(regions), n, noise)


@cache
def _shared(means: tuple[tuple[str, float], ...], regions: tuple[str, ...], n: int, noise: float) -> Study:
    study = anew(dict(means), regions, n, noise)
    return replace(study, results={name: _closed(result) for name, result in study.results.items()})


def _closed(result: Result) -> Result:
    """The same run, whose numbers cannot be changed: that would reach other tests."""
    values, curves = result.values.to_numpy(copy=True), result.curves.copy()
    values.flags.writeable = curves.flags.writeable = False
    frame = pd.DataFrame(values, result.values.index, result.values.columns, copy=False)
    return replace(result, values=frame, curves=curves)


def anew(means: dict[str, float], regions=("beijing", "nation"), n: int = 6, noise: float = 0.005) -> Study:
    """As `made_up`, but shared with nobody. The assumed numbers stay in the middle of their ranges."""
    experiment = in_worlds(load_experiment("own-rules"), "middle")
    cells = tuple(c for c in experiment.cells if c.region in regions and c.policy in means)
    results = {}
    for cell in cells:
        base = means["before-reform"]
        part = {"full": 1.0, "default": 0.8, "none": 0.0}[cell.obedience] + (0.1 if cell.reading else 0.0)
        results[cell.name] = fake(cell, base + part * (means[cell.policy] - base), n, noise)
    return Study(replace(experiment, cells=cells), results)


def in_worlds(experiment: Experiment, world: str) -> Experiment:
    """The experiment with its assumed numbers in the middle, or drawn."""
    file = experiment.file.model_copy(update={"world": world})
    return replace(experiment, file=file, cells=tuple(replace(c, world=world) for c in experiment.cells))


def in_fitted_worlds(study: Study, twice: int = 3, shift: float = 0.01) -> Study:
    """The same runs as if each replication were a fitted world, some of them again with luck that moves all by `shift`."""
    again = {}
    for k, (name, result) in enumerate(study.results.items()):
        values = result.values.iloc[:, :twice] + shift * np.sin(k) * np.arange(-1, twice - 1)
        values.columns = [i + AGAIN for i in range(twice)]
        third = result.values.iloc[:, :twice] - shift * np.cos(k) * np.arange(-1, twice - 1)
        third.columns = [i + OTHERS for i in range(twice)]
        both = pd.concat([values, third], axis=1)
        again[name] = replace(result, values=both, curves=np.concatenate([result.curves[:twice]] * 2))
    return replace(study, experiment=in_worlds(study.experiment, "fitted"), again=again)


@cache
def _scenario(name: str):
    cells = {c.name: c for experiment in ("own-rules", "swap") for c in load_experiment(experiment).cells}
    return load_cell(replace(cells[name], world="middle"))


def fake(cell, mean: float, n: int, noise: float) -> Result:
    """A run whose shares lie around a mean, with the same luck in every scenario of a region."""
    luck = np.random.default_rng(7).normal(0, 0.02, n)
    own = np.random.default_rng(zlib.crc32(cell.name.encode())).normal(0, noise, n)
    rows = {}
    for name, indicator in INDICATORS.items():
        for by, group in (
            ("all", "all"),
            ("level", "3"),
            ("level", "2"),
            ("level", "1"),
            ("area", "oncology"),
            *PLACES,
        ):
            scale = 1.0 if indicator.is_share else 10.0
            rows[name, by, group] = scale * (mean + luck + own)
    for key in rows:
        if key[0] in ("duty_meetings_per_year", "direct_share"):
            rows[key] = np.full(n, 0.0 if cell.obedience == "none" else mean)
    for key, value in GATE:
        rows[key] = np.full(n, value)
    values = pd.DataFrame.from_dict(rows, orient="index", columns=range(n))
    values.index = pd.MultiIndex.from_tuples(values.index, names=["indicator", "by", "group"])
    months = np.linspace(0, mean, MONTHS)
    curves = np.stack([np.stack([months * k for k in (0.02, 0.2, 1.0)]) + abs(x) * 0.1 for x in luck])
    return Result(_scenario(cell.name), values, curves, 1.0)


MOVED_PATHS = (
    "decision.rho", "asking.lambda0", "room.turnover", "obedience.must", "drugs.local_share", "committee.places.level_3",
)  # fmt: skip


def moved(base: float, ends: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """A sensitivity table: the gain at the low and the high end of each named assumption."""
    rows = []
    for path, (low, high) in ends.items():
        around = [x for e in (base, low, high) for x in (e, e - 0.01, e + 0.01)]
        rows.append((path, f"reason of {path}", f"理由 {path}", 1.0, 0.5, 2.0, *around, abs(high - low), 6))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values("swing", ascending=False, ignore_index=True)
