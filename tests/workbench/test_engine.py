"""The process that simulates: paired replications in order, a newer request ends an older one, faults are told."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.experiments.run import one, simulate
from simlib.experiments.samples import drugs_counted
from simlib.workbench.engine import Engine, Runs
from simlib.workbench.measures import DOTS, FUND, ROWS, fingerprint, kept
from simlib.workbench.session import Session, Spec
from simlib.workbench.worker import tasks


@pytest.fixture(scope="module")
def engine():
    running = Engine()
    yield running
    running.close()


def test_replications_come_in_order_and_are_those_of_the_library(engine):
    spec = Session().spec()
    engine.ask([spec], 2)
    engine.wait(300)
    runs, scenario = engine.of(spec), spec.load()
    for i in range(2):
        values, curve = one(scenario, i)
        assert runs.values[i] == pytest.approx(kept(values), nan_ok=True, rel=0, abs=0)
        assert np.array_equal(runs.curves[i], curve, equal_nan=True)
        assert runs.prints[i] == fingerprint(values, curve)
    table = simulate(scenario, 2, workers=1, progress=False)
    assert np.array_equal(np.mean(runs.reach, axis=0), drugs_counted(table).reach)
    assert runs.last_month == drugs_counted(table).last_month


def test_only_what_is_shown_is_kept(engine):
    runs = engine.of(Session().spec())
    assert {k[0] for k in runs.values[0]} == {k[0] for k in (*ROWS, *(k for k, _ in DOTS))} | {FUND}
    assert len(runs.values[0]) < 20


def test_what_is_there_is_not_simulated_again(engine):
    spec = Session().spec()
    first = list(engine.of(spec).values)
    engine.ask([spec, Session().baseline_spec()], 3)
    engine.wait(300)
    assert len(engine.of(spec)) == 3 and all(a is b for a, b in zip(first, engine.of(spec).values, strict=False))
    assert len(engine.of(Session().baseline_spec())) == 3


HELD = """
import pathlib, sys, time
from simlib.workbench import worker

marks, where = pathlib.Path(sys.argv[1]), sys.argv[2]
whole, load = worker.replicated, worker.Spec.load


def held(name):
    (marks / f"{name}-began").touch()
    end = time.monotonic() + (2 if name == "load" else 300)
    while time.monotonic() < end:
        time.sleep(0.01)
    (marks / f"{name}-ended").touch()


def replicated(scenario, i):
    if scenario.seed == 7:
        held("replication") if where == "replication" else (marks / "replication-began").touch()
    return whole(scenario, i)


def loaded(spec):
    if where == "load" and spec.set.get("seed") == 7:
        held("load")
    return load(spec)


worker.replicated, worker.Spec.load = replicated, loaded
worker.main()
"""


@pytest.mark.parametrize("where", ["replication", "load"])
def test_a_newer_request_ends_an_older_one_in_the_midst_of_a_replication(where, tmp_path):
    """A replication that would take minutes is dropped at once; one whose scenario was still loading never begins."""
    engine = Engine(command=(sys.executable, "-c", HELD, str(tmp_path), where))
    first, slow, spec = Session().spec(), Spec("small-world", {"seed": 7}), Session().written_spec()
    engine.ask([first], 1)
    engine.wait(300)
    engine.ask([slow], 16)
    end = time.monotonic() + 100
    while not (tmp_path / f"{where}-began").exists() and time.monotonic() < end:
        time.sleep(0.01)
    number = engine.ask([spec, Spec("small-world", {"policy": "beijing"})], 3)
    engine.wait(200)
    assert engine.generation == number and len(engine.of(spec)) == 3 and not engine.trouble
    assert not len(engine.of(slow)) and not (tmp_path / "replication-ended").exists()
    assert (tmp_path / "replication-began").exists() == (where == "replication")
    engine.close()


def test_a_scenario_that_cannot_be_is_told_and_the_others_go_on(engine):
    wrong, right = Spec("small-world", {"policy": "sichaun"}), Session().written_spec()
    engine.ask([wrong, right], 4)
    engine.wait(300)
    assert "sichaun" in engine.of(wrong).error and not len(engine.of(wrong))
    assert len(engine.of(right)) == 4 and not engine.of(right).error


def test_a_process_that_dies_is_told_and_the_next_request_starts_another():
    engine = Engine(command=(sys.executable, "-c", "import sys; sys.exit('no memory')"))
    engine.ask([Session().spec()], 1)
    engine.wait(60)
    assert engine.trouble == "status 1: no memory" and engine.process is None
    engine.ask([Session().spec()], 1)
    assert not engine.trouble
    engine.close()


def test_no_answer_in_time_is_an_error_of_one_line():
    engine = Engine(command=(sys.executable, "-c", "import time; time.sleep(60)"))
    engine.ask([Session().spec()], 1)
    with pytest.raises(InputError, match="no answer within"):
        engine.wait(0.05)
    process = engine.process
    engine.close()
    assert process.poll() is not None


def test_an_engine_that_was_closed_starts_no_process_again():
    engine = Engine(command=(sys.executable, "-c", "import time; time.sleep(60)"))
    engine.ask([Session().spec()], 1)
    engine.close()
    engine.ask([Session().spec()], 1)
    assert engine.process is None and engine.done


def test_all_scenarios_take_turns_and_begin_with_what_they_lack():
    a, b = {"key": "a", "have": 2}, {"key": "b", "have": 0}
    order = [(t["key"], i) for t, i in tasks({"tracks": [a, b], "most": 4})]
    assert order == [("b", 0), ("b", 1), ("a", 2), ("b", 2), ("a", 3), ("b", 3)]


def test_a_missing_indicator_is_a_missing_number():
    runs = Runs([{("x", "all", "all"): 1.0}, {}], [])
    assert np.array_equal(runs.sample(("x", "all", "all"), 2), [1.0, np.nan], equal_nan=True)
