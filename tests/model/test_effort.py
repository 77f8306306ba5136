"""What a run will take is said, or refused, before it begins."""

from __future__ import annotations

import resource
import time

import pytest

from simlib.core.files import InputError
from simlib.experiments.run import simulate
from simlib.model import effort
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario

HUGE = {
    "format": 1, "name": "huge", "end": "2026-12-31", "cohort": {"yearly_counts": dict.fromkeys(range(2018, 2027), 20_000)},
    "region": {
        "name": "all", "title": {"en": "All", "zh": "全"}, "population_million": 5, "payment": "DRG",
        "strata": [
            {"id": f"s{i}", "level": 3, "type": "general", "owner": "city", "place": "city", "count": 200_000, "beds": 500,
             "kind": "assumed", "source": "toy"}
            for i in range(5)
        ],
    },
}  # fmt: skip


def test_a_run_that_memory_cannot_hold_is_refused_at_once_with_the_figures():
    huge = load_scenario(HUGE)
    start = time.perf_counter()
    for run in (lambda: replicate(huge, 0), lambda: simulate(huge, 10_000, progress=False)):
        with pytest.raises(
            InputError, match=r"1,000,000 hospitals, about 180,000 drugs .* need about [0-9,.]+ GB .* free"
        ):
            run()
    assert time.perf_counter() - start < 5


def test_too_many_replications_for_memory_are_refused(monkeypatch):
    monkeypatch.setattr(effort, "free", lambda: 1e9)
    small = load_scenario("first")
    with pytest.raises(InputError, match=r"100,000 replications need about 6.4 GB of memory, of which 1.0 GB are free"):
        simulate(small, 100_000, progress=False)


@pytest.mark.parametrize(("room", "workers"), [(1e6, 1), (1e9, 4), (2.0e9, 9)])
def test_only_as_many_processes_run_at_once_as_memory_can_hold(room, workers, monkeypatch):
    monkeypatch.setattr(effort, "free", lambda: room)
    assert effort.most_workers(load_scenario("chongqing-chongqing-default")) == workers


def test_a_limit_of_the_shell_counts_as_much_as_the_memory_of_the_machine(monkeypatch):
    used = effort.psutil.Process().memory_info().vms
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (used + int(1e6), resource.RLIM_INFINITY))
    assert effort.free() < 5e6


def test_a_long_run_says_beforehand_how_long_it_takes_and_a_short_one_nothing(capsys):
    nation = load_scenario("nation-national-default")
    effort.announce(nation, 2, 2)
    assert capsys.readouterr().err == ""
    effort.announce(nation, 10_000, 2)
    assert capsys.readouterr().err == "simlib: nation-national-default: about 6 hours to 17 hours on 2 cores\n"


def test_a_pipeline_of_more_projects_than_memory_holds_is_refused_though_few_become_drugs():
    many = {"cohort": {"pipeline": {"per_year": 10_000}}, "preapproval.go_on.preclinical": 1e-6}
    with pytest.raises(InputError, match=r"of [0-9,]+ projects and 1 replications need about [0-9,.]+ GB"):
        replicate(load_scenario("small-world", many), 0)
