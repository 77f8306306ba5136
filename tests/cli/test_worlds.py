"""simlib worlds and simlib screen: what they write, print and refuse."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest

from simlib.cli import main
from simlib.experiments import screening
from simlib.experiments.worlds import drawn
from simlib.scenario.scenario import load_scenario

KEY = ("stocked_24m", "level", "3")


def run(capsys, *words):
    status = main(list(words))
    said = capsys.readouterr()
    return status, said.out, said.err


def worlds(capsys, tmp_path, *words):
    status, out, err = run(capsys, "worlds", "small-world", "--folder", str(tmp_path / "w"), "--workers", "1", *words)
    assert (status, err) == (0, "")
    return out


@pytest.fixture
def quick(monkeypatch):
    """A made-up answer in place of the model's: linear in two numbers, and each run takes no time."""
    monkeypatch.setattr(screening, "with_drawn", lambda s, given: (s.policy.name, given))

    def one(asked, replication):
        policy, given = asked
        factor = 2 if policy == "national" else 1
        return {KEY: factor * 0.1 * given.get("asking.lambda0", 0) + 0.01 * given["decision.rho"] + replication}

    monkeypatch.setattr(screening, "_one", one)


def test_a_table_is_made_once_and_found_again_and_told_in_both_languages(capsys, tmp_path):
    first = worlds(capsys, tmp_path, "--rows", "4", "--again", "2")
    assert "4 worlds with" in first and "2 of them run twice" in first and "6 rows made, 0 found" in first
    assert "5th to 95th percentile" in first and "tertiary hospitals" in first and "luck" in first
    again = worlds(capsys, tmp_path, "--rows", "4", "--again", "2", "--language", "zh")
    assert "新算0行，已有6行" in again and "三级医院" in again
    more = json.loads(worlds(capsys, tmp_path, "--rows", "5", "--again", "0", "--json"))
    assert (more["made"], more["found"], more["worlds"], more["again"]) == (1, 4, 5, 0)
    row = next(r for r in more["table"] if (r["indicator"], r["by"], r["group"]) == KEY)
    assert row["p5"] <= row["mean"] <= row["p95"] and row["luck"] is None


def test_the_file_has_a_column_for_every_number_and_indicator(capsys, tmp_path):
    worlds(
        capsys, tmp_path, "--rows", "3", "--out", str(tmp_path / "t.csv"), "--set", "decision.rho=0.5", "--again", "1"
    )
    frame = pd.read_csv(tmp_path / "t.csv")
    numbers = drawn(load_scenario("small-world"), 0, 3)
    assert list(frame["world"]) == [0, 1, 2, 0] and list(frame["run"]) == [1, 1, 1, 2]
    assert "decision.rho" not in frame and "stocked_24m|level|3" in frame
    np.testing.assert_allclose(frame["asking.lambda0"][:3], numbers["asking.lambda0"])


def test_the_numbers_that_move_the_headline_are_listed_by_rank_with_their_names(capsys, quick, tmp_path):
    words = ("screen", "small-world", "--workers", "1", "--trajectories", "2", "--out", str(tmp_path / "t.parquet"))
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    ranked = [line.split() for line in lines if "asking.lambda0" in line or "decision.rho" in line]
    assert [r[0] for r in ranked] == ["1", "2"] and ranked[0][-1] != "asking.lambda0"
    table = pd.read_parquet(tmp_path / "t.parquet")
    assert list(table.columns) == list(screening.COLUMNS) and f"{len(table) - 2} numbers moved nothing" in out
    assert "mu*: by how much the indicator changes" in " ".join(out.split())


def test_a_difference_is_screened_for_machines_and_a_number_set_on_both_sides_is_not_moved(capsys, quick):
    status, out, _ = run(
        capsys, "screen", "small-world", "small-world", "--set", "policy=national", "--set-both", "decision.delta=0.5",
        "--workers", "1", "--trajectories", "2", "--json",
    )  # fmt: skip
    found = json.loads(out)
    rows = [r for r in found["table"] if r["what"] == "difference"]
    assert status == 0 and found["baseline"]["scenario"] == "small-world" and found["left_out"] == []
    assert [r["path"] for r in rows if r["mu_star"] > 1e-9] == ["asking.lambda0"]
    assert "decision.delta" not in {r["path"] for r in rows}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_headline_indicator_is_shown_where_all_are_asked_for(capsys, monkeypatch, language):
    keys = [KEY, ("listed_days", "level", "3")]
    monkeypatch.setattr(screening, "with_drawn", lambda s, given: given)
    monkeypatch.setattr(screening, "_one", lambda given, k: dict.fromkeys(keys, given["asking.lambda0"]))
    _, out, _ = run(
        capsys, "screen", "small-world", "--all", "--workers", "1", "--trajectories", "2", "--language", language
    )
    assert out.count("asking.lambda0") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["worlds", "no-such-scenario"], "no-such-scenario"),
        (["worlds", "chain", "--rows", "0"], "--rows: '0' is not a whole number from 1 to 100000"),
        (["worlds", "chain", "--out", "t.xls"], "must end in .csv, .parquet, .json"),
        (["screen", "chain", "--trajectories", "1"], "--trajectories: '1' is not a whole number from 2 to 1000"),
        (["screen", "chain", "no-such-scenario"], "no-such-scenario"),
        (["screen", "small-world", "small-world", "--set", "seed=1"], "different seeds"),
    ],
)
def test_what_is_wrong_is_one_line(capsys, words, said):
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "") and said in err and len(err.splitlines()) == 1


def test_a_run_in_drawn_worlds_shows_their_range_and_how_many_ran_twice(capsys):
    assert main(["run", "small-world", "--world", "assumed", "--replications", "3", "--workers", "1"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"indicator +group +mean +worlds +unit", said)
    assert "3 worlds, assumed, a history each; 3 of them twice" in said and "luck only" not in said


def test_a_difference_in_drawn_worlds_counts_those_above_zero(tmp_path, capsys):
    names = ["small-world", "small-world", "--variant", "monthly-meetings"]
    more = ["--world", "assumed", "--replications", "3", "--workers", "1", "--out", str(tmp_path / "a.csv")]
    assert main(["compare", *names, *more]) == 0
    said = capsys.readouterr().out
    assert "above 0 in" in said and re.search(r"stocked_24m +level 3 .* [0-3] of 3 ", said)
    table = pd.read_csv(tmp_path / "a.csv")
    assert {"worlds_low", "worlds_high", "positive", "luck_sd", "worlds_sd"} <= set(table)


def test_in_the_middle_nothing_changes(capsys):
    words = ["run", "small-world", "--replications", "2", "--workers", "1", "--json"]
    assert main(words) == 0
    plain = capsys.readouterr().out
    assert main([*words, "--world", "middle"]) == 0
    without = [re.sub(r'"seconds": [0-9.]+', "", text) for text in (plain, capsys.readouterr().out)]
    assert without[0] == without[1]
