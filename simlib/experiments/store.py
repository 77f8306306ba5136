"""A run in one Parquet file: indicators by replication, the availability curve, and what they belong to.

A file is complete or absent: it is written beside its place and moved there. Whoever reads it checks that it is the
run asked for, since a file that merely exists proves nothing.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from simlib.core.files import InputError, beside
from simlib.experiments.run import Result
from simlib.outcomes.indicators import MONTHS
from simlib.outcomes.sound import complaint
from simlib.scenario.scenario import Scenario

FORMAT = 1
KEY = b"simlib"  # of what a file says of itself, in its metadata
INDEX = ["indicator", "by", "group"]
DAMAGED = (OSError, ValueError, pa.ArrowException)  # what reading a damaged file raises
CURVE = "curve"  # rows of the availability curve: indicator "curve", by the level, group the month


def write_result(result: Result, path: Path) -> None:
    """Write a run; the file is there only once it is whole."""
    values = result.values.copy()
    values.columns = [str(c) for c in values.columns]
    curves = _curve_rows(result.curves, list(values.columns))
    table = pa.Table.from_pandas(pd.concat([values.reset_index(), curves], ignore_index=True), preserve_index=False)
    s = result.scenario
    about = {
        "format": FORMAT,
        "scenario": s.name,
        "digest": s.digest(),
        "seed": s.seed,
        "replications": len(values.columns),
        "seconds": round(result.seconds, 3),
    }
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), KEY: json.dumps(about).encode()})
    write_table(table, path)


def write_sensitivity(table: pd.DataFrame, pair: Sequence[Scenario], path: Path) -> None:
    """Write what was computed from a scenario and its baseline together (what moving assumptions gave; differences by
    obedience), with the digests of both."""
    told = {"format": FORMAT, "pair": [s.digest() for s in pair]}
    made = pa.Table.from_pandas(table, preserve_index=False)
    write_table(made.replace_schema_metadata({**(made.schema.metadata or {}), KEY: json.dumps(told).encode()}), path)


def read_sensitivity(path: Path, pair: Sequence[Scenario]) -> pd.DataFrame:
    """Read it back; InputError unless the file is whole and was computed from this scenario and this baseline."""
    said = about(path)
    if said.get("format") != FORMAT or said.get("pair") != [s.digest() for s in pair]:
        raise InputError(f"{path.name}: holds other versions of {pair[0].name} or its baseline; run the batch again")
    return read_table(path)


def read_table(path: Path) -> pd.DataFrame:
    """The table of a file; InputError for one that is damaged."""
    try:
        return pq.read_table(path).to_pandas(ignore_metadata=True)  # which could say anything
    except DAMAGED as e:
        raise InputError(f"{path.name}: cannot be read to its end ({type(e).__name__})") from None


def write_table(table: pa.Table, path: Path) -> None:
    """Write one Parquet file, whole or not at all; InputError where it cannot be written."""
    with beside(path) as part:
        pq.write_table(table, part, compression="zstd")


def about(path: Path) -> dict[str, Any]:
    """What a result file says of itself; InputError if it is no result file."""
    try:
        raw = (pq.read_schema(path).metadata or {}).get(KEY, b"null")
        said = json.loads(raw)
    except DAMAGED as e:
        raise InputError(f"{path.name}: no readable result file ({type(e).__name__})") from None
    if not isinstance(said, dict):
        raise InputError(f"{path.name}: no result of a run")
    return said


def check_result(path: Path, name: str, digest: str, replications: int) -> dict[str, Any]:
    """Make sure that a file holds that run, whole; InputError with what is wrong."""
    said = about(path)
    for key, wanted in (
        ("format", FORMAT),
        ("scenario", name),
        ("digest", digest),
        ("replications", replications),
    ):
        if said.get(key) != wanted:
            raise InputError(f"{path.name}: {key} is {said.get(key)!r}, expected {wanted!r}")
    table = read_table(path)
    rows, columns = table.shape
    if columns != len(INDEX) + replications or rows <= 3 * MONTHS:
        raise InputError(f"{path.name}: {rows} rows and {columns} columns are not a whole run")
    _sound(path, *_parts(path, table))
    return said


def read_result(path: Path, scenario: Scenario) -> Result:
    """Read a run back; InputError unless the file holds a run of this scenario."""
    said = about(path)
    if said.get("digest") != scenario.digest():
        raise InputError(f"{path.name}: holds another version of {scenario.name}; run it again")
    values, curves = _parts(path, read_table(path))
    _sound(path, values, curves)
    seconds = said.get("seconds")
    return Result(scenario, values, curves, float(seconds) if isinstance(seconds, (int, float)) else math.nan)


def _parts(path: Path, frame: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """(indicators, curves) of a file's table; InputError for one that is no table of a run."""
    try:
        is_curve = frame["indicator"] == CURVE
        values = frame[~is_curve].set_index(INDEX).astype(float)
        values.columns = [int(c) for c in values.columns]
        rows = frame[is_curve].drop(columns=INDEX).to_numpy(float)
        return values, rows.T.reshape(len(values.columns), 3, MONTHS)
    except (KeyError, ValueError, TypeError) as e:
        raise InputError(f"{path.name}: no table of a run ({type(e).__name__}); run it again") from None


def _sound(path: Path, values: pd.DataFrame, curves: np.ndarray) -> None:
    """InputError where numbers cannot be those of a run."""
    if wrong := complaint(values, curves):
        raise InputError(f"{path.name}: cannot be the result of a run: {wrong}; run it again")


def _curve_rows(curves: np.ndarray, columns: list[str]) -> pd.DataFrame:
    flat = curves.reshape(len(curves), -1).T
    rows = pd.DataFrame(flat, columns=columns)
    rows.insert(0, "indicator", CURVE)
    rows.insert(1, "by", np.repeat(["1", "2", "3"], MONTHS))
    rows.insert(2, "group", np.tile([str(m) for m in range(MONTHS)], 3))
    return rows
