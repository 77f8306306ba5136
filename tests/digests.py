"""Digests of results, to hold a change against: ``python -m tests.digests [tables] [toys] [worlds]`` (default: all three).

Every number counts to the last bit, so that a change that is meant to change none prints the same lines before and after.
tables: every scenario of both experiments at the small profile. toys: each world whose answer is known, one replication.
worlds: the 200 random worlds in which engine and twin are compared, all dates and counts by pair.
"""

from __future__ import annotations

import dataclasses
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

import simlib
from simlib.model.model import replicate
from simlib.model.sums import CUBE
from simlib.scenario.experiment_files import load_experiment
from simlib.scenario.scenario import load_cell
from tests.worlds import random_world

EXPERIMENTS = ("own-rules", "swap")
WORLDS = range(25, 225)


def main(what: list[str]) -> None:
    """Print a line each scenario, and one for all of a kind."""
    for kind in what or ("tables", "toys", "worlds"):
        whole = hashlib.sha256()
        for name, digest in {"tables": tables, "toys": toys, "worlds": worlds}[kind]():
            print(f"{kind} {name} {digest}", flush=True)
            whole.update(f"{name} {digest}\n".encode())
        print(f"{kind}: all {whole.hexdigest()[:16]}", flush=True)


def tables() -> Iterable[tuple[str, str]]:
    """Tables of values and curves at the small profile."""
    for name in EXPERIMENTS:
        for cell in load_experiment(name, small=True).cells:
            scenario = load_cell(cell)
            result = simlib.simulate(scenario, workers=1, progress=False)
            yield f"{name} {cell.name}", digest(result.values.reset_index().to_csv(index=False), result.curves)


def toys() -> Iterable[tuple[str, str]]:
    """Toys and lessons' worlds, one replication each."""
    root = Path(__file__).resolve().parent.parent / "scenarios"
    for path in sorted([*root.glob("toys/*.yaml"), *root.glob("lessons/*.yaml"), *root.glob("single/*.yaml")]):
        yield path.stem, _record(simlib.load_scenario(path.stem))


def worlds() -> Iterable[tuple[str, str]]:
    """Random worlds, one replication each."""
    for seed in WORLDS:
        yield str(seed), _record(simlib.load_scenario(random_world(seed)))


def _record(scenario: simlib.Scenario) -> str:
    record = replicate(scenario, 0, pairs=True)
    parts = [getattr(record.pairs, f.name) for f in dataclasses.fields(record.pairs)]
    cube = [record.cube[..., CUBE.index(name)] for name in sorted(CUBE)]  # wherever a column stands
    sums = (record.tally, record.targets, record.snapshots, record.events, record.first_stock)
    return digest(*parts, *cube, *sums, record.fates, record.money, record.sittings, record.used, record.served)


def digest(*parts: str | np.ndarray) -> str:
    """Hash of texts and arrays, 16 hexadecimal digits."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode() if isinstance(part, str) else np.ascontiguousarray(part).tobytes())
    return found.hexdigest()[:16]


if __name__ == "__main__":
    main(sys.argv[1:])
