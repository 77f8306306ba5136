"""Stage 13: the early registration service, whose places are shared: first come, held until the marketing decision."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import simpy

from simlib.model.clock import at

LEAVES, COMES = 0, 1  # of one moment: places fall free before they are asked for


@dataclass(frozen=True)
class Wanted:
    """Projects that would be served, in the order of their ids (arrays of one length).

    ready: when preparation begins. until: when a place would fall free again (the decision, if served). places: how
    many there are for that project at that time.
    """

    ready: np.ndarray
    until: np.ndarray
    places: np.ndarray


def served(wanted: Wanted, horizon: float) -> np.ndarray:
    """Which projects get a place (bool, as `wanted`): one that finds none when its preparation begins goes without."""
    got = np.zeros(len(wanted.ready), bool)
    come = np.flatnonzero(wanted.ready < horizon)
    if not come.size:
        return got
    env = simpy.Environment(initial_time=float(wanted.ready[come].min()))
    desk = simpy.Resource(env, capacity=max(1, int(wanted.places[come].max())))
    for i in come:
        env.process(_project(env, desk, wanted, int(i), got))
    env.run()
    return got


def _project(
    env: simpy.Environment, desk: simpy.Resource, wanted: Wanted, i: int, got: np.ndarray
) -> Generator[simpy.Event, Any, None]:
    """One project: asks when its preparation begins, and keeps its place until the decision."""
    yield at(env, float(wanted.ready[i]), COMES)
    if desk.count >= wanted.places[i]:
        return
    with desk.request() as place:
        yield place
        got[i] = True
        if wanted.until[i] < np.inf:
            yield at(env, float(wanted.until[i]), LEAVES)
        else:
            yield simpy.Event(env)  # never decided: the place is kept
