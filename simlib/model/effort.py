"""What a run will take, before it begins: memory is refused in time, not run out of."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil

from simlib.core.errors import InputError
from simlib.core.workdays import YEAR
from simlib.scenario.scenario import Scenario

SOME_DRUGS = 100  # where a cohort's file does not say how many there are
BASE, PAIR, KEPT, EVENT = (
    200e6,
    48.0,
    64.0,
    40.0,
)  # bytes: of a process; of a pair; of one whose dates or events are kept
PROJECT = 500.0  # bytes of a project
ANSWER = 64e3  # bytes of one replication's indicators
SLOW, FAST = (
    2.5e-7,
    0.8e-7,
)  # seconds a drug, hospital and year: of a province, and of the nation, whose pairs wait longer
GB = 1e9
LONG = 300.0  # seconds; what takes longer is said beforehand


def hospitals(scenario: Scenario) -> int:
    """How many hospitals a scenario has."""
    return sum(s.count for s in scenario.region.strata) if scenario.region else 1


def drugs(scenario: Scenario) -> int:
    """How many drugs a scenario has, roughly: those that are drawn are not drawn here."""
    c = scenario.cohort
    if c.poisson is not None:
        last = scenario.horizon if c.poisson.last is None else min(c.poisson.last, scenario.horizon)
        return max(1, round(c.poisson.per_day * max(0.0, last - c.poisson.first)))
    counted = sum((c.yearly_counts or {}).values()) or len(c.dates or c.days or ())
    return counted or SOME_DRUGS


def projects(scenario: Scenario) -> float:
    """How many projects a pipeline draws, roughly, of which some become drugs; 0 where the cohort is none."""
    line = scenario.cohort.pipeline
    if line is None or line.per_year is None:
        return 0 if line is None else len(line.days)
    go_on = max(scenario.parameters.preapproval.go_on["preclinical"], 1e-6)
    return (scenario.horizon + line.lead) / YEAR * line.per_year / go_on


def work(scenario: Scenario) -> float:
    """Drug-hospital-years of a scenario, roughly: what one replication costs."""
    return hospitals(scenario) * drugs(scenario) * scenario.horizon / YEAR


def seconds(scenario: Scenario, replications: int, workers: int) -> tuple[float, float]:
    """How long a run may take on a core like that on which the benchmarks ran (two figures, the lower first)."""
    share = work(scenario) * replications / max(1, min(workers, replications))
    return share * FAST, share * SLOW


def memory(scenario: Scenario, pairs: bool = False, events: bool = False) -> float:
    """Bytes that one replication takes at most, with the process that it runs in."""
    of_pairs = hospitals(scenario) * drugs(scenario) * (PAIR + KEPT * pairs + EVENT * events)
    return BASE + of_pairs + projects(scenario) * PROJECT


def free() -> float:
    """Bytes that may still be taken: of the machine, and of what its container and the shell allow."""
    found = [float(psutil.virtual_memory().available)]
    for most, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        try:
            files = [Path("/sys/fs/cgroup", name).read_text(encoding="ascii").strip() for name in (most, used)]
            found.append(float(files[0]) - float(files[1]))
        except (OSError, ValueError):  # not Linux, or no limit
            continue
    if os.name != "nt":
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            found.append(limit - psutil.Process().memory_info().vms)
    return max(0.0, min(found))


def make_sure(scenario: Scenario, replications: int = 1, pairs: bool = False, events: bool = False) -> None:
    """InputError, with the figures, for a run that this machine's memory cannot hold."""
    need = memory(scenario, pairs, events) - BASE + ANSWER * replications
    if need > BASE and need > (room := free()):
        many = f" of {projects(scenario):,.0f} projects" if scenario.cohort.pipeline else ""
        raise InputError(
            f"{scenario.name}: {hospitals(scenario):,} hospitals, about {drugs(scenario):,} drugs{many} and {replications:,} "
            f"replications need about {need / GB:,.1f} GB of memory, of which {room / GB:,.1f} GB are free; take fewer of them"
        )


def most_workers(scenario: Scenario) -> int:
    """How many processes may run replications beside one another in the memory that is free."""
    return max(1, int(free() // memory(scenario)))


def announce(scenario: Scenario, replications: int, workers: int) -> None:
    """On stderr, how long a run will take, if that is long."""
    low, high = seconds(scenario, replications, workers)
    if low > LONG:
        cores = f"{min(workers, replications)} core{'s' if min(workers, replications) > 1 else ''}"
        print(f"simlib: {scenario.name}: about {_spoken(low)} to {_spoken(high)} on {cores}", file=sys.stderr)


def _spoken(seconds: float) -> str:
    for unit, size in (("days", 86400.0), ("hours", 3600.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds / 60:,.0f} minutes"
