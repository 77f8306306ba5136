"""The posterior of the calibration as it is stored: vectors of the assumed numbers that published figures tell something about.

`scenarios/fitted/numbers.csv` has a row for each vector, its weight, and a column for each such number;
`scenarios/fitted/manifest.json` says what they were fitted to, by which code, and what could not be told.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from simlib.core.files import InputError, scenarios, state_of

WEIGHT = "weight"
FOLDER = "fitted"
REMEDY = "run simlib calibrate"


def fitted_numbers(row: int) -> dict[str, float]:
    """The vector of world `row`: the first worlds take the vectors in their stored order, each as often as its weight says."""
    vectors = _vectors(*_key())
    place = _order(*_key())
    k = int(place[row % len(place)])
    return {path: float(x[k]) for path, x in vectors.items() if path != WEIGHT}


def fitted_paths() -> tuple[str, ...]:
    """Paths of the numbers that the posterior holds; InputError where none is stored."""
    return tuple(path for path in _vectors(*_key()) if path != WEIGHT)


def fitted_table() -> dict[str, np.ndarray]:
    """All stored vectors by path (float64, one value a vector), with their weights under `weight`."""
    return dict(_vectors(*_key()))


def fitted_sha() -> str:
    """What stands for the stored vectors in a scenario's hash."""
    return hashlib.sha256(_key()[0].read_bytes()).hexdigest()[:16]


def manifest() -> dict[str, Any]:
    """What is said of the stored posterior; InputError where there is none."""
    path = _path().with_name("manifest.json")
    if not path.is_file():
        raise InputError(f"{path.name}: there is no fitted world yet; {REMEDY}")
    return json.loads(path.read_text(encoding="utf-8"))


def _path() -> Path:
    return scenarios() / FOLDER / "numbers.csv"


def _key() -> tuple[Path, tuple[int, ...]]:
    path = _path()
    if not path.is_file():
        raise InputError(f"world: fitted: there is no {path.name} in scenarios/{FOLDER}; {REMEDY}")
    return path, state_of(path)


@functools.lru_cache(maxsize=2)
def _vectors(path: Path, _state: tuple[int, ...]) -> dict[str, np.ndarray]:
    head, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    try:
        values = np.array(rows, float)
        return {name: values[:, i] for i, name in enumerate(head)}
    except (ValueError, IndexError):
        raise InputError(f"{path.name}: no table of numbers; {REMEDY}") from None


@functools.lru_cache(maxsize=2)
def _order(path: Path, state: tuple[int, ...]) -> np.ndarray:
    """Places of the vectors as worlds take them: systematic resampling by weight, in the stored order."""
    weight = _vectors(path, state)[WEIGHT]
    n = len(weight)
    return np.minimum(np.searchsorted(np.cumsum(weight) / weight.sum(), (np.arange(n) + 0.5) / n), n - 1)
