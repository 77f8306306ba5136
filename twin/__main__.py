"""`python -m twin SCENARIO [REPLICATION]`: run one replication of a scenario and print what came of it."""

from __future__ import annotations

import sys
import time

import numpy as np

from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import World, build_world
from twin.model import Result, State, run
from twin.use import FATES


def main(arguments: list[str]) -> None:
    """Run one replication of a scenario and print what came of it."""
    if not 1 <= len(arguments) <= 2:
        sys.exit("usage: python -m twin SCENARIO [REPLICATION]")
    world = build_world(load_scenario(arguments[0]), int(arguments[1]) if len(arguments) == 2 else 0)
    begin = time.perf_counter()
    result = run(world)
    seconds = time.perf_counter() - begin
    tell(world, result, seconds)


def tell(world: World, result: Result, seconds: float) -> None:
    """Print what came of a run."""
    print(f"{world.scenario.name}: {len(result.approval)} drugs, {len(result.state)} hospitals, {seconds:.2f} s")
    print(f"listed {np.isfinite(result.listed).sum()}, in the catalogue {np.isfinite(result.entered).sum()}")
    states = np.bincount(result.state.ravel(), minlength=len(State))
    for state in State:
        if states[state]:
            print(f"{state.name.lower().replace('_', ' '):>17} {states[state]}")
    print(f"hearings {result.hearings.sum()}, refusals {result.refusals.sum()}, meetings {result.meetings.sum()}")
    patients = {name: result.flows[name].sum() for name in ("arrivals", *FATES)}
    print("patients:", ", ".join(f"{name} {number:.0f}" for name, number in patients.items()))
    wait = (result.stock - result.approval)[np.isfinite(result.stock)]
    if len(wait):
        print(f"approval to stock, of those stocked: mean {wait.mean():.1f} days, median {np.median(wait):.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
