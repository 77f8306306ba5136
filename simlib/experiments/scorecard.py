"""Every published figure beside the model, hits and misses: counted as its source counted it, in one history of the world.

What is compared is stored by the calibration (`scenarios/fitted/figures.csv`): the figures in simulated worlds whose numbers are
in the middle of their ranges, drawn from all of them, and fitted. The real world has had one history, so that a published
number should lie where one history of the model might: luck is part of the interval, and what the figures could not tell
about the numbers is, too.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from simlib.core.files import InputError, scenarios, state_of
from simlib.experiments.intervals import interval
from simlib.experiments.targets import Figure, Targets, targets
from simlib.scenario.fitted import FOLDER, REMEDY

WORLDS = ("middle", "assumed", "fitted")
LEVEL = 0.9  # of the interval that a figure is held against

Verdict = Literal["met", "near", "below", "above", "none"]


@dataclass(frozen=True)
class Score:
    """A figure in the model. values: by kind of world, in the figure's unit, one a simulated history (float64, finite)."""

    figure: Figure
    values: dict[str, np.ndarray]

    @property
    def middle(self) -> tuple[float, float, float]:
        """(mean, low, high) with all numbers in the middle, the 95% interval of the mean."""
        return interval(self.values["middle"])

    def range_of(self, world: str = "fitted") -> tuple[float, float, float]:
        """(median, low, high): between the latter lie 90% of the histories."""
        x = self.values[world]
        if not len(x):
            return (float("nan"),) * 3
        low, middle, high = np.quantile(x, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
        return float(middle), float(low), float(high)

    @property
    def verdict(self) -> Verdict:
        """met: what was published lies in the range of fitted histories. near: outside by no more than the tolerance of the fit."""
        _, low, high = self.range_of()
        if np.isnan(low):
            return "none"
        least, most = self.figure.bounds
        if low <= most and least <= high:
            return "met"
        fit = self.figure.fit
        if fit:
            factor, added = (np.exp(fit.tolerance), 0.0) if fit.scale == "log" else (1.0, fit.tolerance)
            if low / factor - added <= most and least <= high * factor + added:
                return "near"
        return "below" if high < least else "above"

    @property
    def pit(self) -> float:
        """Share of fitted histories below what was published, ties by half (probability integral transform); NaN without one."""
        x, y = self.values["fitted"], np.mean(self.figure.bounds)
        return float((x < y).mean() + (x == y).mean() / 2) if len(x) else float("nan")

    def crps(self, world: str = "fitted") -> float:
        """Continuous ranked probability score against what was published, in the figure's unit: 0 is perfect.

        The fair estimator of Ferro (2014, doi:10.1002/qj.2270), from `scoringrules`; of a published range its middle counts.
        """
        x = self.values[world]
        if len(x) < 2:
            return float("nan")
        import scoringrules  # takes four seconds to load

        return float(scoringrules.crps_ensemble(float(np.mean(self.figure.bounds)), x, estimator="fair"))


def scorecard(files: Sequence[Targets] | None = None, answer: str = "") -> list[Score]:
    """Every figure with what was simulated of it, in the files' order; InputError where no calibration is stored.

    answer: to a reading that has a posterior of its own, such as "A11=canvass"; its fitted worlds are then looked at.
    """
    found, fitted = stored_figures(), f"fitted, {answer}" if answer else "fitted"
    if fitted not in found:
        raise InputError(f"scenarios/{FOLDER}/figures.csv: holds no histories under {answer}; {REMEDY}")
    return [
        Score(f, {world: _finite(found[fitted if world == "fitted" else world], f.id) for world in WORLDS})
        for part in (targets() if files is None else files)
        for f in part.figures
    ]


def stored_figures() -> dict[str, dict[str, np.ndarray]]:
    """The stored histories: by kind of world and figure, float64, NaN where a figure was not defined."""
    path = scenarios() / FOLDER / "figures.csv"
    if not path.is_file():
        raise InputError(f"scenarios/{FOLDER}: there is no {path.name}; {REMEDY}")
    return _read(path, state_of(path))


@functools.lru_cache(maxsize=2)
def _read(path: Path, _state: tuple[int, ...]) -> dict[str, dict[str, np.ndarray]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [n for n in (rows[0] if rows else {}) if n != "world"]
    return {
        world: {n: np.array([float(r[n] or "nan") for r in rows if r["world"] == world]) for n in names}
        for world in dict.fromkeys((*WORLDS, *(r["world"] for r in rows)))
    }


def _finite(values: dict[str, np.ndarray], name: str) -> np.ndarray:
    x = values.get(name, np.empty(0))
    return x[np.isfinite(x)]


def table(scores: Sequence[Score]) -> pd.DataFrame:
    """The scorecard as a tidy table.

    A row a figure: id, evidence, unit, published_low, published_high, in_fit (whether the fit used it), verdict, then by kind of
    world its median and 90% range (of the middle: mean and 95% interval of the mean), crps, crps_assumed and pit.
    """
    rows = []
    for s in scores:
        f = s.figure
        row = {
            "id": f.id, "evidence": f.evidence, "unit": f.unit, "published_low": f.bounds[0], "published_high": f.bounds[1],
            "in_fit": f.fit is not None, "verdict": s.verdict,
        }  # fmt: skip
        for world in WORLDS:
            triple = s.middle if world == "middle" else s.range_of(world)
            row |= {f"{world}{end}": x for end, x in zip(("", "_low", "_high"), triple, strict=True)}
        rows.append(row | {"crps": s.crps(), "crps_assumed": s.crps("assumed"), "pit": s.pit})
    return pd.DataFrame(rows)
