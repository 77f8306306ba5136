"""A table of moved assumptions is read back only beside the very scenarios it was computed from."""

import pandas as pd
import pytest

import simlib
from simlib.core.files import InputError
from simlib.experiments.store import read_sensitivity, write_sensitivity
from tests.report.made_up import moved


@pytest.fixture
def pair():
    return simlib.load_scenario("chain"), simlib.load_scenario("chain", {"seed": 5})


@pytest.fixture
def path(pair, tmp_path):
    write_sensitivity(moved(0.2, {"a.b": (0.1, 0.3)}), pair, tmp_path / "x.parquet")
    return tmp_path / "x.parquet"


def test_a_table_of_moved_assumptions_comes_back_as_it_was(path, pair):
    pd.testing.assert_frame_equal(read_sensitivity(path, pair), moved(0.2, {"a.b": (0.1, 0.3)}), check_exact=True)


def test_one_of_another_scenario_or_another_baseline_is_refused(path, pair):
    scenario, baseline = pair
    other = simlib.load_scenario("chain", {"seed": 6})
    for asked in ((other, baseline), (scenario, other), (baseline, scenario)):
        with pytest.raises(InputError, match=r"x\.parquet: holds other versions of chain"):
            read_sensitivity(path, asked)


def test_one_without_a_word_on_its_inputs_or_cut_short_is_refused(path, pair):
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="no readable result file"):
        read_sensitivity(path, pair)
    moved(0.2, {"a.b": (0.1, 0.3)}).to_parquet(path)
    with pytest.raises(InputError, match="no result of a run"):
        read_sensitivity(path, pair)
