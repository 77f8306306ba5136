"""Comparisons replication by replication: what is told fits together."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simlib.experiments.run import Result, compare, simulate, t_quantile
from simlib.outcomes.indicators import MONTHS
from simlib.scenario.scenario import load_scenario

NAN = np.nan
KEY = ("stocked_24m", "all", "all")
ROWS = (KEY, ("stocked_12m", "all", "all"))


def made_up(*rows: list[float]) -> Result:
    index = pd.MultiIndex.from_tuples(ROWS, names=["indicator", "by", "group"])
    values = pd.DataFrame(np.array(rows), index=index)
    return Result(load_scenario("chain"), values, np.zeros((values.shape[1], 3, MONTHS)), 1.0)


def test_both_means_are_of_the_replications_that_both_sides_have():
    effect = compare(made_up([0.5, 0.9, 0.7], [0.1] * 3), made_up([0.2, NAN, 0.1], [0.1] * 3))
    row = effect.value(*KEY)
    assert row["mean"] == pytest.approx(0.6) and row["baseline"] == pytest.approx(0.15)
    assert row["mean"] - row["baseline"] == pytest.approx(row["difference"]) and row["replications"] == 2


def test_where_no_replication_is_common_each_side_tells_its_own():
    row = compare(made_up([0.5, NAN], [0.1] * 2), made_up([NAN, 0.2], [0.1] * 2)).value(*KEY)
    assert np.isnan(row["difference"]) and (row["mean"], row["baseline"]) == (0.5, 0.2)


def whose(scenario, replication):
    """A replication that tells which process did it."""
    return {KEY: float(os.getpid())}, np.zeros((3, MONTHS))


def test_a_little_work_is_done_here_and_much_goes_to_other_processes(monkeypatch):
    def processes() -> set[float]:
        done = simulate(load_scenario("chain"), 6, workers=2, progress=False, each=whose)
        return set(done.values.loc[KEY])

    assert processes() == {os.getpid()}
    monkeypatch.setattr("simlib.experiments.replications.START_SECONDS", 0.0)
    assert len(processes()) > 1


def test_half_an_interval_is_students_quantile_to_the_last_bit():
    degrees = np.arange(1, 400)
    assert (t_quantile(degrees) == stats.t.ppf(0.975, degrees)).all()
    assert t_quantile(9, 0.9) == stats.t.ppf(0.95, 9)


def test_a_run_loads_no_library_that_it_does_not_need():
    code = "import sys, simlib; print({m for m in ('scipy.stats', 'scipy.optimize', 'matplotlib') if m in sys.modules})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "set()"
