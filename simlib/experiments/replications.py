"""Replications of a scenario, here or in other processes, and their numbers as one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from joblib import delayed
from tqdm.auto import tqdm

from simlib.core.processes import elsewhere, parallel
from simlib.experiments.tables import one_table
from simlib.model.model import replicate
from simlib.outcomes.groups import Key
from simlib.outcomes.indicators import curve, indicators
from simlib.scenario.scenario import Scenario

TASK_SECONDS = 0.2  # shorter tasks would spend their time on being handed over
START_SECONDS = 5.0  # what takes less is done in this process: others would take as long to start

# What makes the indicators and the availability curve of one replication.
Each = Callable[[Scenario, int], tuple[dict[Key, float], np.ndarray]]


def replications_of(
    scenario: Scenario, ordinals: Sequence[int], workers: int, each: Each, progress: bool
) -> tuple[pd.DataFrame, np.ndarray]:
    """(values, curves) of a `Result` from the replications of these numbers; progress: show a bar."""
    bar = tqdm(total=len(ordinals), desc=scenario.name, unit="replication", disable=not progress, leave=False)
    done = []
    for found in each_in_order(scenario, ordinals, workers, each):
        done += found
        bar.update(len(found))
    bar.close()
    values = one_table({i: d[0] for i, d in zip(ordinals, done, strict=True)})
    return values, np.stack([d[1] for d in done])


def one(scenario: Scenario, replication: int) -> tuple[dict[Key, float], np.ndarray]:
    """(indicators, availability curve) of one replication."""
    record = replicate(scenario, replication)
    return indicators(record), curve(record)


def _several(scenario: Scenario, replications: Sequence[int], each: Each = one) -> list[Any]:
    """`each`, for a task of several replications."""
    return [each(scenario, i) for i in replications]


def each_in_order(scenario: Scenario, ordinals: Sequence[int], workers: int, each: Each) -> Iterator[list]:
    """Results of replications, some at a time; in this process unless the first shows that others would pay for their start.

    Where tasks go elsewhere, all go there, the first and the shortest included, and joblib puts short ones together.
    """
    if elsewhere():
        yield from parallel(min(workers, len(ordinals)))(delayed(_several)(scenario, [i], each) for i in ordinals)
        return
    start = time.perf_counter()
    yield [each(scenario, ordinals[0])]
    rest, took = ordinals[1:], time.perf_counter() - start
    if workers == 1 or took * len(rest) <= START_SECONDS:
        yield from ([each(scenario, i)] for i in rest)
        return
    size = int(np.clip(np.ceil(TASK_SECONDS / max(took, 1e-3)), 1, max(1, len(rest) // (2 * workers))))
    chunks = [rest[i : i + size] for i in range(0, len(rest), size)]
    yield from parallel(min(workers, len(chunks)))(delayed(_several)(scenario, c, each) for c in chunks)
