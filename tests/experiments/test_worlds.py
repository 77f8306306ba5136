"""The world table: numbers drawn together, one fresh replication a world, the same table for any workers and any order."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config, register_parallel_backend
from joblib.parallel import BACKENDS

from simlib.core.files import InputError
from simlib.experiments import records, worlds
from simlib.experiments.replications import one
from simlib.experiments.worlds import AGAIN, CHUNK, drawn, key, table
from simlib.scenario.drawn import with_drawn
from simlib.scenario.scenario import load_scenario

SMALL = load_scenario("small-world")
ThreadingBackend = BACKENDS["threading"]


@pytest.fixture(scope="module")
def small():
    return table(SMALL, 6, again=3, workers=1, progress=False)


def test_a_table_of_more_worlds_begins_with_those_of_a_smaller_one():
    few, more = drawn(SMALL, 0, 8), drawn(SMALL, 0, 32)
    pd.testing.assert_frame_equal(few, more.loc[:7])
    pd.testing.assert_frame_equal(drawn(SMALL, 5, 3), more.loc[5:7])


def test_two_rulebooks_meet_the_same_worlds():
    other = load_scenario("small-world", {"policy": "national"})
    pd.testing.assert_frame_equal(drawn(SMALL, 0, 4), drawn(other, 0, 4))


def test_a_column_is_the_replication_of_its_world(small):
    k = 4
    values, _ = one(with_drawn(SMALL, small.numbers.loc[k].to_dict()), k)
    for row, x in values.items():
        np.testing.assert_array_equal(small.values.loc[row, k], x)
    assert list(small.values) == list(range(6)) and list(small.again) == list(range(3))


def test_the_second_replication_is_of_the_same_world_with_other_luck(small):
    values, _ = one(with_drawn(SMALL, small.numbers.loc[1].to_dict()), 1 + AGAIN)
    key = ("stocked_24m", "all", "all")
    assert small.again.loc[key, 1] == values[key]
    assert not small.again.equals(small.values[small.again.columns])
    noise = small.noise().dropna()
    assert len(noise) > 20 and noise.between(0, 1).all() and noise.max() > 0


def asked(monkeypatch, most: int | None = None) -> list[int]:
    """The rows that are really run from now on; after `most` of them somebody presses Ctrl-C."""
    made = []

    def counting(scenario, replication):
        if most is not None and len(made) >= most:
            raise KeyboardInterrupt
        made.append(replication)
        return one(scenario, replication)

    monkeypatch.setattr("simlib.experiments.worlds.one", counting)
    return made


def same(table, values, rows):
    pd.testing.assert_frame_equal(table.reindex(values.index), values[rows], check_exact=True)


def test_a_table_that_was_broken_off_goes_on_where_it_was_and_has_the_same_bits(tmp_path, monkeypatch, small):
    monkeypatch.setattr(worlds, "CHUNK", 2)
    made = asked(monkeypatch, most=3)
    with pytest.raises(KeyboardInterrupt):
        table(SMALL, 6, again=1, folder=tmp_path, workers=1, progress=False)
    assert made == [0, 1, 2]
    made = asked(monkeypatch)
    whole = table(SMALL, 6, again=1, folder=tmp_path, workers=1, progress=False)
    assert made == [3, 4, 5, AGAIN] and whole.found == 3
    same(whole.values, small.values, list(range(6)))
    same(whole.again, small.again, [0])
    made.clear()
    read = table(SMALL, 6, again=1, folder=tmp_path, workers=1, progress=False)
    assert read.values.equals(whole.values) and read.found == 7 and made == []


def test_more_rows_begin_with_those_that_are_kept_and_fewer_are_read_out_of_more(tmp_path, monkeypatch, small):
    made = asked(monkeypatch)
    few = table(SMALL, 2, folder=tmp_path, workers=1, progress=False)
    more = table(SMALL, 5, folder=tmp_path, workers=1, progress=False)
    again = table(SMALL, 3, folder=tmp_path, workers=1, progress=False)
    assert made == [0, 1, 2, 3, 4] and len(list(tmp_path.glob("*/*.parquet"))) == 1
    for found, n in ((few, 2), (more, 5), (again, 3)):
        same(found.values, small.values, list(range(n)))


def test_a_kept_file_that_is_damaged_is_made_again(tmp_path, monkeypatch):
    first = table(SMALL, 2, folder=tmp_path, workers=1, progress=False)
    (file,) = tmp_path.glob("*/*.parquet")
    file.write_bytes(file.read_bytes()[:-100])
    made = asked(monkeypatch)
    assert table(SMALL, 2, folder=tmp_path, workers=1, progress=False).values.equals(first.values) and made == [0, 1]


@pytest.mark.parametrize("what", ["model", "packages", "scenario", "ranges"])
def test_rows_of_another_model_scenario_or_range_are_not_taken_for_these(monkeypatch, what):
    before, scenario = key(SMALL), SMALL
    if what == "model":
        monkeypatch.setattr(records, "model_sha", lambda: "another")
    elif what == "packages":
        monkeypatch.setattr(records, "lock_sha", lambda: "another")
    elif what == "scenario":
        scenario = load_scenario("small-world", {"obedience": "full"})
    else:
        wider = tuple(replace(a, range=(0.0, 9.0)) if a.path == "asking.lambda0" else a for a in SMALL.assumptions)
        scenario = replace(SMALL, assumptions=wider)
    assert key(scenario) != before


def test_every_source_of_the_model_names_the_rows_and_no_word_of_a_page_does(tmp_path, monkeypatch):
    shutil.copytree(records.PACKAGE, tmp_path / "simlib", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(records, "PACKAGE", tmp_path / "simlib")
    seen = [records.model_sha.__wrapped__()]
    for name in (
        "words/report/zh.yaml",
        "report/page.py",
        "model/clock.py",
        "outcomes/indicators.csv",
        "core/workdays.py",
    ):
        with (tmp_path / "simlib" / name).open("a", encoding="utf-8") as file:
            file.write("# more\n")
        seen.append(records.model_sha.__wrapped__())
    assert seen[0] == seen[1] == seen[2] and len(set(seen)) == 4


def test_what_the_caller_or_a_variant_sets_is_not_drawn_and_all_else_is_drawn_as_before():
    given = load_scenario("small-world", {"decision.rho": 0.5}, variants=["monthly-meetings"])
    held = set(drawn(SMALL, 0, 1)) - set(drawn(given, 0, 1))
    assert held == {"decision.rho", *(f"committee.meetings.every.level_{n}" for n in (1, 2, 3))}
    pd.testing.assert_frame_equal(drawn(given, 0, 4), drawn(SMALL, 0, 4).drop(columns=list(held)))
    numbers = with_drawn(given, drawn(given, 0, 1).iloc[0].to_dict()).parameters
    assert numbers.decision.rho == 0.5 and numbers.committee.meetings.every["level_3"] == 30


def test_a_world_whose_numbers_are_all_known_has_no_table():
    with pytest.raises(InputError, match="small-world: sets every assumed number itself"):
        table(replace(SMALL, assumptions=()), 2, progress=False)


def test_the_frame_has_a_row_a_run_and_a_column_a_number_and_indicator(small):
    frame = small.frame()
    assert list(frame)[:3] == ["world", "run", next(iter(small.numbers))] and len(frame) == 6 + 3
    row = frame[(frame["world"] == 1) & (frame["run"] == 2)].iloc[0]
    assert row["stocked_24m|level|3"] == small.again.loc[("stocked_24m", "level", "3"), 1]
    assert row["decision.rho"] == small.numbers.loc[1, "decision.rho"]
    assert len(frame.columns) == 2 + len(small.numbers.columns) + len(small.values)


@pytest.mark.slow
def test_the_table_does_not_depend_on_the_number_of_workers():
    one_worker, two = (table(SMALL, CHUNK + 2, workers=n, progress=False).values for n in (1, 2))
    pd.testing.assert_frame_equal(one_worker, two, check_exact=True)


def test_the_rows_go_where_an_active_configuration_of_joblib_sends_them(monkeypatch, small):
    monkeypatch.setattr("simlib.experiments.replications.START_SECONDS", 0.0)
    sent = []

    class Elsewhere(ThreadingBackend):
        def submit(self, func, callback=None):
            sent.append(func)
            return super().submit(func, callback)

    register_parallel_backend("elsewhere", Elsewhere)
    with parallel_config(backend="elsewhere", n_jobs=2):
        found = table(SMALL, 6, progress=False)
    assert sent and found.values.equals(small.values)
