"""Bills by year and payer: they add up, are paired with those before the reforms, and the run is made long enough."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

import simlib
from simlib.cli import main
from simlib.experiments.budget import ALL, COLUMNS, PAYERS, BudgetImpact, lengthening
from simlib.experiments.run import Result, interval
from simlib.report.lines import budget_text, notes
from simlib.scenario.scenario import load_scenario

SMALL = {"cohort": "synthetic-small", "start": "2020-01-01", "policy_from": "2021-01-01", "end": "2023-12-31", "snapshots": []}  # fmt: skip
YEARS = ["2021", "2022", "2023"]


@pytest.fixture(scope="module")
def found():
    return simlib.budget_impact(load_scenario("chongqing-chongqing-default", SMALL), 3, workers=1, progress=False)


def mean(table: pd.DataFrame, year: str, payer: str, column: str = "mean") -> float:
    return table.set_index(["year", "payer"]).loc[(year, payer), column]


def test_the_payers_of_every_year_add_up_to_the_total_and_the_years_to_all(found):
    table = found.table()
    assert tuple(table.columns) == COLUMNS
    assert list(dict.fromkeys(table["year"])) == [*YEARS, ALL]
    for column in ("mean", "baseline", "difference"):
        for year in (*YEARS, ALL):
            parts = sum(mean(table, year, p, column) for p in ("fund", "commercial", "charity", "patient"))
            assert parts == pytest.approx(mean(table, year, "total", column), rel=1e-9)
        for payer in PAYERS:
            years = sum(mean(table, year, payer, column) for year in YEARS)
            assert years == pytest.approx(mean(table, ALL, payer, column), rel=1e-9)
    assert mean(table, ALL, "fund_net") < mean(table, ALL, "fund")
    assert (table["unit"] == "million yuan").all()


def test_the_difference_is_paired_with_the_same_world_before_the_reforms(found):
    assert [x.name for x in found.baseline.scenario.policy.layers] == ["before-2021", "listing-2023", "before-reform"]
    key = ("fund_million", "year", "2023")
    paired = (found.result.values.loc[key] - found.baseline.values.loc[key]).to_numpy()
    row = found.table().set_index(["year", "payer"]).loc[("2023", "fund")]
    assert interval(paired) == pytest.approx(tuple(row[["difference", "difference_low", "difference_high"]]), rel=1e-9)
    assert row["mean"] - row["baseline"] == pytest.approx(row["difference"], rel=1e-9)


def test_years_that_are_asked_for_alone_are_shown():
    scenario = load_scenario("chongqing-before-reform-default", SMALL)
    found = simlib.budget_impact(scenario, 1, years=2, workers=1, progress=False)
    assert list(dict.fromkeys(found.table()["year"])) == ["2021", "2022", ALL]
    assert found.baseline is None and found.table()["difference"].isna().all()
    assert "no reforms" in budget_text(found) and "不含改革" in budget_text(found, "zh")


def test_a_run_that_ends_early_is_lengthened_to_the_last_day_of_the_last_year():
    scenario = load_scenario("sichuan-sichuan-default")
    assert lengthening(scenario, 3) == {}
    assert lengthening(scenario, 5) == {"end": "2028-12-31"}
    longer = load_scenario("sichuan-sichuan-default", lengthening(scenario, 5))
    assert longer.calendar.date(longer.horizon - 1) == date(2028, 12, 31) and lengthening(longer, 5) == {}
    toy = load_scenario("chain")
    longer = load_scenario("chain", lengthening(toy, 12))
    assert longer.horizon == 12 * 365.25 and lengthening(longer, 12) == {}


def empty(scenario) -> BudgetImpact:
    """Bills of a scenario that was not run."""
    index = pd.MultiIndex.from_tuples(
        [(f"{p}_million", "year", "2024") for p in PAYERS], names=["indicator", "by", "group"]
    )
    return BudgetImpact(Result(scenario, pd.DataFrame(np.ones((len(PAYERS), 2)), index=index), np.zeros((2, 3, 37)), 0.0), None, 5)  # fmt: skip


def test_a_reader_is_told_of_the_provisional_calendar_the_prices_and_the_drugs_that_are_not_in():
    scenario = load_scenario("sichuan-sichuan-default", {"end": "2028-12-31"})
    found = empty(scenario)
    for language, words in {
        "en": (
            "Provisional calendar: the run was lengthened to 2028-12-31",
            "300 yuan a day",
            "as of 2024",
            "up to 2026",
        ),
        "zh": ("日历为暂定：模拟延长至 2028-12-31", "300 元", "2024 年价格", "2026 年"),
    }.items():
        said = " ".join(notes(found, found.table(), language, lengthened=True))
        assert all(x in said for x in words), (language, said)
    assert "lengthened" not in " ".join(notes(found, found.table()))


def test_a_first_year_that_is_not_whole_is_said_to_be_so():
    part = load_scenario("sichuan-sichuan-default", {"policy_from": "2024-07-01", "snapshots": []})
    assert empty(part).part_of_a_year
    assert not empty(load_scenario("sichuan-sichuan-default", {"end": "2028-12-31"})).part_of_a_year


def test_where_nobody_pays_there_is_no_table():
    with pytest.raises(ValueError, match="nobody pays"):
        simlib.budget_impact(load_scenario("chain", {"stages.payment": False}), 1)
    assert main(["budget", "chain", "--set", "stages.payment=false", "--years", "1"]) == 2


def test_the_command_lengthens_the_run_and_says_so_for_people_and_machines(capsys):
    words = ["budget", "chongqing-chongqing-default", "--years", "4", "--replications", "2", "--workers", "1"]
    words += [x for k, v in SMALL.items() for x in ("--set", f"{k}={v}")]
    assert main(words) == 0
    assert "The run was lengthened to 2024-12-31" in capsys.readouterr().out
    assert main([*words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert "模拟延长至 2024-12-31" in " ".join(data["notes"]["zh"])
    assert {r["year"] for r in data["table"]} == {*YEARS, "2024", ALL}
