"""The process that simulates: paired replications in order, a newer request ends an older one, faults are told."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest

from simlib.experiments.run import one
from simlib.explore.engine import Engine, Runs
from simlib.explore.session import Session, Spec
from simlib.explore.worker import tasks
from simlib.files import InputError

TINY = "stages"  # a toy world that any replication of is over in a moment
SLOW = Spec("nation-national-default")


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
        assert runs.values[i] == pytest.approx(values, nan_ok=True, rel=0, abs=0)
        assert np.array_equal(runs.curves[i], curve, equal_nan=True)
    assert list(runs.result(spec).values.columns) == [0, 1]


def test_what_is_there_is_not_simulated_again(engine):
    spec = Session().spec()
    first = list(engine.of(spec).values)
    engine.ask([spec, Session().baseline_spec()], 3)
    engine.wait(300)
    assert len(engine.of(spec)) == 3 and all(a is b for a, b in zip(first, engine.of(spec).values, strict=False))
    assert len(engine.of(Session().baseline_spec())) == 3


def test_a_newer_request_ends_an_older_one_in_the_midst_of_a_replication(engine):
    engine.ask([SLOW], 1000)
    time.sleep(1.0)  # it is loading, or in a replication that takes far longer
    spec = Session().written_spec()
    number = engine.ask([spec, Spec("small-world", {"policy": "beijing"})], 3)
    engine.wait(300)
    assert engine.generation == number and len(engine.of(spec)) == 3 and len(engine.of(SLOW)) < 1000
    assert not engine.trouble


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


def test_all_scenarios_take_turns_and_begin_with_what_they_lack():
    a, b = {"key": "a", "have": 2}, {"key": "b", "have": 0}
    order = [(t["key"], i) for t, i in tasks({"tracks": [a, b], "most": 4})]
    assert order == [("b", 0), ("b", 1), ("a", 2), ("b", 2), ("a", 3), ("b", 3)]


def test_a_missing_indicator_is_a_missing_number():
    runs = Runs([{("x", "all", "all"): 1.0}, {}], [])
    assert np.array_equal(runs.sample(("x", "all", "all"), 2), [1.0, np.nan], equal_nan=True)
