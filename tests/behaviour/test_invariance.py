"""Same in, same out: to the last bit, for any number of workers, any order, with unrelated things added."""

from __future__ import annotations

import copy
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import simlib
from simlib.core.compiled import PLAIN
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario
from tests.behaviour.random_worlds import catchments_apart
from tests.worlds import random_world

ROOT = Path(__file__).resolve().parents[2]
DATES = ("aware", "first_ask", "first_heard", "passed", "stock", "temporary_first")


def still_world() -> dict:
    """A world without peers, reviewers' queue, agenda limits or room: nothing is shared between drugs or hospitals."""
    world = random_world(8)
    world["region"] = copy.deepcopy(random_world(1)["region"])
    world.pop("changes", None)  # they are of another policy
    world["policy"], world["obedience"], world["policy_from"] = "sichuan", "default", 30
    world["cohort"] = {"name": "c", "days": [5.0, 40.0, 90.0, 200.0, 300.0]}
    p = world["parameters"]
    p["stages"] = dict.fromkeys(p["stages"], True) | {"room": False}
    p["asking"] |= {"beta_peers": 0.0, "all_before_committee": False, "lambda0": 3.0}
    p["listing"]["reviewers"] = "unlimited"
    p["committee"]["places"] = "unlimited"
    p["committee"]["max_duty_meetings_a_year"] = 0  # one that a drug's duty adds would hear the others too
    p["decision"].pop("fixed", None)
    return world


def test_more_hospitals_leave_every_other_date_as_it_was():
    world = still_world()
    before = replicate(load_scenario(world), 0, pairs=True).pairs
    world["region"]["strata"].append({**world["region"]["strata"][0], "id": "new", "count": 3})
    after = replicate(load_scenario(world), 0, pairs=True).pairs
    n = len(before.stock)
    assert len(after.stock) == n + 3 and np.isfinite(before.stock).any()
    world = catchments_apart(world)
    larger = replicate(load_scenario(world), 0, pairs=True).pairs
    del world["region"]["strata"][-1]
    smaller = replicate(load_scenario(world), 0, pairs=True).pairs
    for name in DATES:
        assert np.array_equal(getattr(larger, name)[:n], getattr(smaller, name)), name


def test_more_drugs_leave_every_other_date_as_it_was():
    world = still_world()
    before = replicate(load_scenario(world), 0, pairs=True)
    world["cohort"]["days"] = [*world["cohort"]["days"], 350.0]
    after = replicate(load_scenario(world), 0, pairs=True)
    order = [after.world.drugs.ids.tolist().index(i) for i in before.world.drugs.ids]
    assert np.isfinite(before.pairs.stock).any()
    for name in DATES:
        assert np.array_equal(getattr(after.pairs, name)[:, order], getattr(before.pairs, name)), name


def test_any_number_of_workers_and_any_order_give_the_same_bits(monkeypatch):
    # even so little work goes to other processes
    monkeypatch.setattr("simlib.experiments.replications.START_SECONDS", 0.0)
    scenario = load_scenario(random_world(3))
    alone = simlib.simulate(scenario, 6, workers=1, progress=False)
    two = simlib.simulate(scenario, 6, workers=2, progress=False)
    late = simlib.simulate(scenario, 3, workers=1, progress=False, first=3)
    assert alone.values.equals(two.values) and np.array_equal(alone.curves, two.curves, equal_nan=True)
    assert alone.values[[3, 4, 5]].equals(late.values)


def test_a_variant_without_a_difference_gives_differences_of_exactly_zero(tmp_path):
    """Another file, another process, another number of workers."""
    text = (ROOT / "scenarios" / "toys" / "chain.yaml").read_text(encoding="utf-8")
    path = tmp_path / "copy.yaml"
    path.write_text(text.replace("name: chain", "name: copy", 1), encoding="utf-8")
    out = tmp_path / "copy.parquet"
    command = [
        sys.executable,
        "-m",
        "simlib",
        "run",
        str(path),
        "--replications",
        "4",
        "--workers",
        "2",
        "--out",
        str(out),
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    import pandas as pd

    here = simlib.simulate(load_scenario("chain"), 4, workers=1, progress=False).table()
    there = pd.read_parquet(out)
    assert here["mean"].equals(there["mean"]) and here["sd"].equals(there["sd"])
    effect = simlib.compare(
        simlib.simulate(load_scenario(path), 4, workers=2, progress=False),
        simlib.simulate(load_scenario("chain"), 4, workers=1, progress=False),
    ).table()
    assert (effect["difference"].dropna() == 0).all() and len(effect["difference"].dropna()) > 20


DIGEST = """
import hashlib
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario
from tests.behaviour.random_worlds import catchments_apart
from tests.worlds import random_world


def digest(seeds):
    found = hashlib.sha256()
    for seed in seeds:
        record = replicate(load_scenario(random_world(seed)), 0, pairs=True)
        for name in ("aware", "first_ask", "passed", "stock", "temporary_first"):
            found.update(getattr(record.pairs, name).tobytes())
        found.update(record.cube.tobytes() + record.tally.tobytes())
    return found.hexdigest()
"""


@pytest.mark.parametrize("seeds", [(3, 31), pytest.param((12, 20), marks=pytest.mark.slow)])
@pytest.mark.skipif(PLAIN, reason="nothing is compiled here")
def test_plain_python_gives_the_same_bits_as_compiled_code(seeds):
    here: dict[str, Any] = {}
    exec(DIGEST, here)  # noqa: S102
    done = subprocess.run(
        [sys.executable, "-c", f"{DIGEST}\nprint(digest({seeds}))"],
        env={**os.environ, "SIMLIB_PLAIN": "1"}, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == here["digest"](seeds) and len(done.stdout.strip()) == len(
        hashlib.sha256().hexdigest()
    )


def test_two_runs_with_different_seeds_are_not_paired():
    one = simlib.simulate(load_scenario("chain"), 2, workers=1, progress=False)
    other = simlib.simulate(load_scenario("chain", set={"seed": 1}), 2, workers=1, progress=False)
    with pytest.raises(ValueError, match="different seeds"):
        simlib.compare(one, other)
