"""The posterior of the calibration as it is stored: vectors of the assumed numbers that published figures tell something about.

`scenarios/fitted/numbers.csv` has a row for each vector, its weight, and a column for each such number. Where a reading is expressed as
a number, that number has a column, too: the vectors were fitted under the answer whose number stands there, the default first.
`scenarios/fitted/manifest.json` says what they were fitted to, by which code, and what could not be told.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from simlib.core.files import InputError, scenarios, state_of
from simlib.policy.changes import parameters_of_readings

WEIGHT = "weight"
FOLDER = "fitted"
REMEDY = "run simlib calibrate"


def fitted_numbers(row: int, answers: Mapping[str, float] | None = None) -> dict[str, float]:
    """The vector of world `row`: the first worlds take the vectors in their stored order, each as often as its weight says.

    answers: the numbers that express readings, by path, the default's if left out; InputError for others than were fitted.
    """
    vectors = fitted_table(answers)
    place = _order(*_key(), _group(answers))
    k = int(place[row % len(place)])
    return {path: float(x[k]) for path, x in vectors.items() if path != WEIGHT}


def fitted_paths() -> tuple[str, ...]:
    """Paths of the numbers that the posterior holds; InputError where none is stored."""
    return tuple(path for path in fitted_table() if path != WEIGHT)


def fitted_table(answers: Mapping[str, float] | None = None) -> dict[str, np.ndarray]:
    """The stored vectors by path (float64, one value a vector) with their weights under `weight`; answers as in `fitted_numbers`."""
    return dict(_groups(*_key())[_group(answers)])


def _group(answers: Mapping[str, float] | None) -> int:
    """Which of the groups of vectors was fitted under these answers; the first, of the default, if none are given."""
    told, groups = _answers(*_key())
    if answers is None:
        return 0
    said = tuple(float(answers[path]) for path in told)
    if said not in groups:
        path, x = next((p, x) for p, x in zip(told, said, strict=True) if x not in {g[told.index(p)] for g in groups})
        known = " and ".join(f"{g[told.index(path)]:g}" for g in groups)
        raise InputError(
            f"parameters.{path}: fitted worlds were made for {known} alone (given: {x:g}); choose one of them, or another world"
        )
    return groups.index(said)


def check_answers(answers: Mapping[str, float]) -> None:
    """InputError where no fitted worlds were made under these numbers that express readings."""
    _group(answers)


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
def _answers(path: Path, state: tuple[int, ...]) -> tuple[tuple[str, ...], list[tuple[float, ...]]]:
    """(paths of the numbers that express readings, their values in each group of vectors), groups as they are stored."""
    known = {name for values in parameters_of_readings().values() for name in values}
    vectors = _vectors(path, state)
    told = tuple(name for name in vectors if name in known)
    return told, list(dict.fromkeys(zip(*(vectors[name].tolist() for name in told), strict=True))) if told else [()]


@functools.lru_cache(maxsize=2)
def _groups(path: Path, state: tuple[int, ...]) -> list[dict[str, np.ndarray]]:
    """The vectors of each group, without the numbers that tell it."""
    vectors, (told, groups) = _vectors(path, state), _answers(path, state)
    chosen = [np.logical_and.reduce([vectors[n] == x for n, x in zip(told, group, strict=True)]) for group in groups]
    return [{name: x[rows] if told else x for name, x in vectors.items() if name not in told} for rows in chosen]


@functools.lru_cache(maxsize=8)
def _order(path: Path, state: tuple[int, ...], group: int) -> np.ndarray:
    """Places of a group's vectors as worlds take them: systematic resampling by weight, in the stored order."""
    weight = _groups(path, state)[group][WEIGHT]
    n = len(weight)
    return np.minimum(np.searchsorted(np.cumsum(weight) / weight.sum(), (np.arange(n) + 0.5) / n), n - 1)
