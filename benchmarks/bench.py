"""`make bench`: CPU seconds and peak memory a replication, engine beside twin, as ratios from one run.

Each figure comes from a process of its own, so that peak memory is that process's own. The twin runs as a user would run
it, with Python's garbage collector on (`--twin-gc-off` shows it without) and its patients drawn one by one, where the engine
has expectations. "stages 1 to 8" is the engine without pharmacies, patients, payment and what comes before approval.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.scenarios import EARLY, SIZES, benchmark_scenario
from simlib.core.compiled import compile_all
from simlib.model.model import replicate
from simlib.scenario.scenario import Scenario, load_cell
from simlib.scenario.world import build_world

TARGETS = {
    "province against twin": 1200,
    "stages 1 to 8 against theirs": 900,
    "all stages against 1 to 8": 2.0,
    "nation CPU s": 1.5,
    "nation memory MiB": 400,
    "Sichuan CPU s": 0.25,
    "cost a pair, nation to province": 1.5,
    "two workers": 1.8,
    "two workers of a cluster": 1.7,
}


def measure(what: str, size: str, runs: int, gc_off: bool) -> dict[str, float]:
    """CPU seconds (median) and peak MiB of one replication, in this process; the engine is warmed up first."""
    scenario = sichuan() if size == "sichuan" else benchmark_scenario(size, changes=EARLY if "early" in what else None)
    if "twin" not in what:
        compile_all()
        replicate(benchmark_scenario("small"), 0)
        base = peak()
        times = [clock(lambda i=i: replicate(scenario, i)) for i in range(runs)]
    else:
        if gc_off:
            gc.disable()
        base = peak()
        times = [clock(lambda i=i: twin_replication(scenario, i)) for i in range(runs)]
    world = build_world(scenario, 0)
    pairs = len(world.hospitals) * len(world.drugs)
    return {"seconds": statistics.median(times), "peak_mib": peak(), "base_mib": base, "pairs": pairs, "runs": runs}


def sichuan() -> Scenario:
    """The experiment's own scenario of Sichuan, at its full size."""
    from simlib.scenario.experiment_files import load_experiment

    return load_cell(next(c for c in load_experiment("own-rules").cells if c.name == "sichuan-sichuan-default"))


def twin_replication(scenario: Scenario, replication: int) -> None:
    """One replication of the twin, patients one by one."""
    from twin.model import Model

    model = Model(build_world(scenario, replication))
    model.run()
    g = np.random.default_rng(replication)
    for pairs in model.patients():
        for patients in pairs:
            patients.draw(g)


def clock(run: Callable[[], object], timer: Callable[[], float] = time.process_time) -> float:
    """Seconds of one call: of this process's CPU, unless another timer is given."""
    start = timer()
    run()
    return timer() - start


def peak() -> float:
    """Peak resident memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def apart(what: str, size: str, runs: int, gc_off: bool = False) -> dict[str, float]:
    """`measure` in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.bench",
        "--one",
        what,
        size,
        str(runs),
        *(["--twin-gc-off"] if gc_off else []),
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def workers_gain(seconds: float) -> tuple[float, float]:
    """(seconds with one worker, seconds with two) on the same replications of the province, about `seconds` of work."""
    from simlib.experiments.run import simulate

    scenario = benchmark_scenario("province")
    simulate(scenario, 4, workers=2, progress=False)  # start the workers and load the compiled code
    wall = time.perf_counter
    one = clock(lambda: simulate(scenario, 4, workers=1, progress=False), wall) / 4
    n = max(8, int(seconds / one))
    return (
        clock(lambda: simulate(scenario, n, workers=1, progress=False), wall),
        clock(lambda: simulate(scenario, n, workers=2, progress=False), wall),
    )


def cluster_gain(seconds: float) -> tuple[float, float]:
    """The same on a Dask cluster of processes of this machine: of one worker, and of two, each loaded before it counts."""
    from simlib.experiments.cluster import cluster
    from simlib.experiments.run import simulate

    scenario = benchmark_scenario("province")

    def run(n: int) -> float:
        return clock(lambda: simulate(scenario, n, progress=False), time.perf_counter)

    with cluster("local", 1):
        run(8)  # each worker loads the compiled code
        n = max(8, int(seconds * 8 / run(8)))
        one = run(n)
    with cluster("local", 2) as at:
        run(16)
        two = run(n)
        assert at.tasks == 16 + n
    return one, two


def report(quick: bool, gc_off: bool) -> dict[str, float]:
    """Run everything and print the table; the ratios."""
    rows = {}
    plan = [
        ("engine", "small", 15),
        ("twin", "small", 3),
        ("engine", "province", 9),
        ("early", "province", 9),
        ("twin", "province", 1 if quick else 3),
        ("early twin", "province", 1 if quick else 3),
        ("engine", "sichuan", 5),
        ("engine", "nation", 1 if quick else 3),
    ]
    print(f"{'':12}{'size':10}{'pairs':>11}{'CPU s':>10}{'peak MiB':>10}{'of that before':>16}")
    for what, size, runs in plan:
        row = rows[what, size] = apart(what, size, runs, gc_off)
        print(
            f"{what:12}{size:10}{row['pairs']:>11,.0f}{row['seconds']:>10.3f}{row['peak_mib']:>10.0f}{row['base_mib']:>16.0f}",
            flush=True,
        )
    cost = {size: rows["engine", size]["seconds"] / rows["engine", size]["pairs"] for size in SIZES}
    one, two = workers_gain(8 if quick else 30)
    first, second = cluster_gain(8 if quick else 30)
    ratios = {
        "small against twin": rows["twin", "small"]["seconds"] / rows["engine", "small"]["seconds"],
        "province against twin": rows["twin", "province"]["seconds"] / rows["engine", "province"]["seconds"],
        "stages 1 to 8 against theirs": rows["early twin", "province"]["seconds"]
        / rows["early", "province"]["seconds"],
        "all stages against 1 to 8": rows["engine", "province"]["seconds"] / rows["early", "province"]["seconds"],
        "nation CPU s": rows["engine", "nation"]["seconds"],
        "Sichuan CPU s": rows["engine", "sichuan"]["seconds"],
        "nation memory MiB": rows["engine", "nation"]["peak_mib"],
        "cost a pair, nation to province": cost["nation"] / cost["province"],
        "two workers": one / two,
        "two workers of a cluster": first / second,
    }
    print(f"\ntwo workers: {one:.1f} s with one, {two:.1f} s with two, on {os.cpu_count()} cores")
    print(f"two workers of a cluster: {first:.1f} s with one, {second:.1f} s with two")
    for name, value in ratios.items():
        print(f"{name:34}{value:>9.2f}" + (f"   target {TARGETS[name]}" if name in TARGETS else ""))
    return ratios


def main() -> None:
    """Entry point of `python -m benchmarks.bench`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=3, metavar=("WHAT", "SIZE", "RUNS"), help=argparse.SUPPRESS)
    parser.add_argument("--cluster", action="store_true", help="only what a second worker of a Dask cluster gains")
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument("--twin-gc-off", action="store_true", help="run the twin without Python's garbage collector")
    args = parser.parse_args()
    if args.one:
        what, size, runs = args.one
        print(json.dumps(measure(what, size, int(runs), args.twin_gc_off)))
    elif args.cluster:
        first, second = cluster_gain(8 if args.quick else 30)
        print(f"{first:.1f} s with one worker, {second:.1f} s with two: {first / second:.2f}"
              f"   target {TARGETS['two workers of a cluster']}")  # fmt: skip
    else:
        report(args.quick, args.twin_gc_off)


if __name__ == "__main__":
    main()
