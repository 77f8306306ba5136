"""Runs of the lessons' small worlds, kept while a notebook is open: what a check works out once it need not work out again."""

from __future__ import annotations

import functools
import json
from typing import Any

import numpy as np

from simlib.experiments.run import Effect, Result, compare, interval, simulate
from simlib.scenario.scenario import load_scenario


def run(name: str, replications: int, **changes: Any) -> Result:
    """A lesson's world with changes (key as keyword, `__` for a dot), in this process; a policy may be given whole, as a mapping."""
    plain = {k.replace("__", "."): v for k, v in changes.items()}
    return _run(name, replications, json.dumps(plain, sort_keys=True, default=str))


@functools.cache
def _run(name: str, replications: int, changes: str) -> Result:
    return simulate(load_scenario(name, json.loads(changes)), replications, workers=1, progress=False)


def effect(name: str, replications: int, baseline: dict[str, Any], **changes: Any) -> Effect:
    """A lesson's world with changes, minus the same world with those of `baseline`."""
    return compare(run(name, replications, **changes), run(name, replications, **baseline))


def values(result: Result, indicator: str, by: str = "all", group: str = "all") -> np.ndarray:
    """One value a replication of a run, float64 (n,)."""
    return result.values.loc[(indicator, by, group)].to_numpy(float)


def half_width(x: np.ndarray) -> float:
    """Half the width of the 95% interval of a mean (Student's t)."""
    mean, low, _ = interval(x)
    return mean - low
