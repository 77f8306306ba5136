"""`make bench`: seconds and peak memory a replication, engine beside twin, as ratios from one run.

Each figure comes from a process of its own, so that peak memory is that process's own. The twin runs as a user would run
it, with Python's garbage collector on; `--twin-gc-off` shows it without.
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

from benchmarks.scenarios import SIZES, benchmark_scenario
from simlib.model import replicate
from simlib.world.build import build_world

TARGETS = {
    "province against twin": 80,
    "nation memory MiB": 1024,
    "cost a pair, nation to province": 1.5,
    "two workers": 1.8,
}


def measure(what: str, size: str, runs: int, gc_off: bool) -> dict[str, float]:
    """Seconds (median) and peak MiB of one replication, in this process; the engine is warmed up first."""
    scenario = benchmark_scenario(size)
    if what == "engine":
        replicate(benchmark_scenario("small"), 0)
        base = peak()
        times = [clock(lambda i=i: replicate(scenario, i)) for i in range(runs)]
    else:
        from benchmarks import naive

        if gc_off:
            gc.disable()
        base = peak()
        times = [clock(lambda i=i: naive.run(build_world(scenario, i))) for i in range(runs)]
    pairs = sum(SIZES[size][3:]) * len(build_world(scenario, 0).drugs)
    return {"seconds": statistics.median(times), "peak_mib": peak(), "base_mib": base, "pairs": pairs, "runs": runs}


def clock(run) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


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
    one = clock(lambda: simulate(scenario, 4, workers=1, progress=False)) / 4
    n = max(8, int(seconds / one))
    return (
        clock(lambda: simulate(scenario, n, workers=1, progress=False)),
        clock(lambda: simulate(scenario, n, workers=2, progress=False)),
    )


def report(quick: bool, gc_off: bool) -> dict[str, float]:
    """Run everything and print the table; the ratios."""
    rows = {}
    plan = [
        ("engine", "small", 15),
        ("twin", "small", 3),
        ("engine", "province", 9),
        ("twin", "province", 1 if quick else 3),
    ]
    plan += [("engine", "nation", 1 if quick else 3)]
    print(f"{'':8}{'size':10}{'pairs':>11}{'seconds':>10}{'peak MiB':>10}{'of that before':>16}")
    for what, size, runs in plan:
        row = rows[what, size] = apart(what, size, runs, gc_off)
        print(
            f"{what:8}{size:10}{row['pairs']:>11,.0f}{row['seconds']:>10.3f}{row['peak_mib']:>10.0f}{row['base_mib']:>16.0f}",
            flush=True,
        )
    cost = {size: rows["engine", size]["seconds"] / rows["engine", size]["pairs"] for size in SIZES}
    one, two = workers_gain(8 if quick else 30)
    ratios = {
        "small against twin": rows["twin", "small"]["seconds"] / rows["engine", "small"]["seconds"],
        "province against twin": rows["twin", "province"]["seconds"] / rows["engine", "province"]["seconds"],
        "nation memory MiB": rows["engine", "nation"]["peak_mib"],
        "cost a pair, nation to province": cost["nation"] / cost["province"],
        "two workers": one / two,
    }
    print(f"\ntwo workers: {one:.1f} s with one, {two:.1f} s with two, on {os.cpu_count()} cores")
    for name, value in ratios.items():
        print(f"{name:34}{value:>9.2f}" + (f"   target {TARGETS[name]}" if name in TARGETS else ""))
    return ratios


def main() -> None:
    """Entry point of `python -m benchmarks.bench`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=3, metavar=("WHAT", "SIZE", "RUNS"), help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument("--twin-gc-off", action="store_true", help="run the twin without Python's garbage collector")
    args = parser.parse_args()
    if args.one:
        what, size, runs = args.one
        print(json.dumps(measure(what, size, int(runs), args.twin_gc_off)))
    else:
        report(args.quick, args.twin_gc_off)


if __name__ == "__main__":
    main()
