"""A table of moved assumptions is read back only beside the very scenarios it was computed from."""

import pandas as pd
import pyarrow.parquet as pq
import pytest

import simlib
from simlib.core.files import InputError
from simlib.experiments.store import KEY, check_result, read_result, read_sensitivity, write_result, write_sensitivity
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


@pytest.fixture(scope="module")
def run():
    return simlib.simulate(simlib.load_scenario("first"), 2, workers=1, progress=False)


def spoilt(run, path, key, words):
    """The file of a run, in which what stands under a key of its metadata is something else."""
    write_result(run, path)
    table = pq.read_table(path)
    pq.write_table(table.replace_schema_metadata(table.schema.metadata | {key: words}), path)
    return path


NO_WORDS = [b"{", b"[1]", b'{"digest": "\xf4"}', b"null", b'{"x": "\x01"}', b"{}"]


@pytest.mark.parametrize(("key", "words"), [*((KEY, w) for w in NO_WORDS), (b"pandas", b"{"), (b"pandas", b"\xf4")])
def test_a_result_that_does_not_say_what_it_is_is_refused_in_one_line(key, words, run, tmp_path):
    path = spoilt(run, tmp_path / "first.parquet", key, words)
    for read in (
        lambda: check_result(path, "first", run.scenario.digest(), 2),
        lambda: read_result(path, run.scenario),
    ):
        with pytest.raises(InputError, match="^first.parquet: ") as e:
            read()
        assert str(e.value).isprintable()


@pytest.mark.parametrize("words", [b"[1]", b"null", b'{"index_columns": ["indicator"]}'])
def test_what_others_note_in_a_result_does_not_change_it(words, run, tmp_path):
    path = spoilt(run, tmp_path / "first.parquet", b"pandas", words)
    pd.testing.assert_frame_equal(read_result(path, run.scenario).values, run.values, check_exact=True)
