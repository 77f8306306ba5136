"""One stage instant at a time: what it takes away is its own time, and nobody asks who would not have asked."""

from __future__ import annotations

import json

import pytest

import simlib
from simlib.cli import main
from simlib.experiments.bottleneck import HOW, INSTANT, MEASURES, Bottleneck, asked_on_learning
from simlib.experiments.run import one
from simlib.policy.flow import STAGES
from simlib.report.lines import bottleneck_text
from simlib.scenario.derived import with_numbers
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world

MONTH = 30.4375
# the days that each stage of the toy world `stages` adds (see there); a committee that meets daily still takes half a day
DAYS = {"readiness": 10, "listing": 50, "awareness": 7, "asking": 30, "committee": 44.5, "room": 36.525, "purchase": 30}


def instant(hospitals: int) -> Bottleneck:
    """The toy with so many of its thousand hospitals."""
    region = load_scenario("stages").region.model_dump(mode="json")
    region["strata"][0]["count"] = hospitals
    off = {"stages.use": False, "stages.payment": False}  # else unused drugs leave
    return simlib.bottleneck(load_scenario("stages", {**off, "region": region}), 2, workers=1, progress=False)


@pytest.fixture(scope="module")
def found():
    return instant(hospitals=250)


@pytest.mark.slow
def test_each_stage_instant_gives_back_precisely_the_days_that_it_takes():
    check_days(instant(hospitals=1000), within=2.5)


def test_each_stage_instant_gives_back_the_days_that_it_takes(found):
    check_days(found, within=5)


def check_days(found: Bottleneck, within: float) -> None:
    """Each stage gains what it took, within so many days; a quarter of the hospitals tells half as precisely."""
    table = found.table()
    months = table[table["indicator"] == "months_without_24m"].set_index("stage")
    for stage, days in DAYS.items():
        assert -MONTH * months.loc[stage, "difference"] == pytest.approx(days, abs=within), stage
        assert months.loc[stage, "gain"] == -months.loc[stage, "difference"]


def test_the_stage_that_gains_most_stands_first_and_each_has_titles_and_what_instant_means(found):
    table = found.table()
    order = list(dict.fromkeys(table["stage"]))
    assert order[:2] == ["listing", "committee"] and order[-2:] == ["readiness", "awareness"]
    assert set(order) == set(INSTANT) == set(HOW)
    for stage, part in table.groupby("stage"):
        assert tuple(part["indicator"]) == MEASURES[:2]  # without use nobody is treated
        assert set(part["zh"]) == {STAGES[stage].zh} and set(part["how_zh"]) == {HOW[stage][1]}


def test_intervals_are_of_the_paired_difference(found):
    from simlib.experiments.run import interval

    r = found.table().set_index(["stage", "indicator"]).loc[("room", "months_without_24m")]
    key = ("months_without_24m", "all", "all")
    paired = found.instant["room"].values.loc[key] - found.baseline.values.loc[key]
    assert interval(paired.to_numpy()) == pytest.approx((r["difference"], r["low"], r["high"]), rel=1e-9)


@pytest.mark.parametrize("seed", [3, 5, 12])
def test_with_asking_instant_just_those_ask_who_would_have_asked_within_the_run(seed):
    scenario = load_scenario(random_world(seed))
    key = ("asked", "all", "all")
    as_it_is, instant = one(scenario, 0)[0][key], asked_on_learning(scenario, 0)[0][key]
    everybody = one(with_numbers(scenario, {"stages.asking": False}), 0)[0][key]
    assert as_it_is == instant < everybody


def test_a_stage_that_the_scenario_has_switched_off_is_left_out_and_the_text_says_so():
    scenario = load_scenario("chain", {f"stages.{n}": False for n in INSTANT if n != "purchase"})
    found = simlib.bottleneck(scenario, 2, workers=1, progress=False)
    assert set(found.instant) == {"purchase"} == set(found.table()["stage"])
    assert "room in the formulary: not simulated" in bottleneck_text(found)
    assert "医院用药目录空位：未模拟" in bottleneck_text(found, "zh")


def test_a_number_that_is_not_there_is_no_new_number():
    with pytest.raises(KeyError):
        with_numbers(load_scenario("chain"), {"stages.courier": False})


def test_the_command_says_it_in_lines_and_for_machines(capsys, tmp_path):
    words = ["bottleneck", "chongqing-chongqing-default", "--replications", "1", "--workers", "1"]
    words += ["--set", "cohort=synthetic-small", "--set", "snapshots=[]", "--set", "start=2021-01-01"]
    words += ["--set", "policy_from=2021-01-01", "--set", "end=2023-06-30"]
    assert main([*words, "--language", "zh", "--out", str(tmp_path / "b.csv")]) == 0
    said = capsys.readouterr().out
    assert "药事会审议" in said and "months_without_24m" in said
    assert (tmp_path / "b.csv").is_file()
    assert main([*words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["runs"][0]["replications"] == 1
    assert {r["stage"] for r in data["table"]} == set(INSTANT)
    assert {r["indicator"] for r in data["table"]} == set(MEASURES)
