"""What a short run can tell of times: restricted means over the days that it follows, and nothing beyond them."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.workdays import INF
from simlib.experiments.run import compare, simulate
from simlib.model.model import replicate
from simlib.outcomes.indicators import curve, indicators
from simlib.outcomes.survival import followed, restricted_mean, times_curve, times_mean
from simlib.outcomes.window import windows
from simlib.scenario.scenario import load_scenario

YEAR_LONG = {"horizon_days": 365, "cohort": {"days": [0]}}


def run(**changes):
    return simulate(load_scenario("chain", YEAR_LONG | changes), 2, workers=1, progress=False)


@pytest.fixture(scope="module")
def short():
    return run()


def test_a_run_of_a_year_gives_means_of_that_year_and_the_unit_says_so(short):
    record = replicate(short.scenario, 0, pairs=True)
    stock = record.pairs.stock[np.isfinite(record.pairs.aware)]
    row = short.value("hospital_days")
    assert short.values.loc[("hospital_days", "all", "all"), 0] == pytest.approx(np.minimum(stock, 365).mean())
    assert row["unit"] == "days of the first 365" and row["mean"] < 365
    assert short.value("first_hospital_days")["mean"] == pytest.approx(
        np.mean([min(replicate(short.scenario, k).first_stock[0], 365) for k in (0, 1)])
    )


def test_the_availability_curve_ends_where_the_run_does(short):
    table = short.curve_table().query("level == 3").set_index("month")["mean"]
    assert table[:12].notna().all() and table[13:].isna().all()
    assert len(short.curve_table(12)) == 3 * 13


def test_means_over_unlike_numbers_of_days_have_no_difference(short):
    longer = run(horizon_days=800)
    assert longer.value("hospital_days")["unit"] == "days"
    effect = compare(longer, short)
    row = effect.value("hospital_days")
    assert np.isnan(row["difference"]) and np.isfinite(row["mean"]) and np.isfinite(row["baseline"])
    assert compare(short, run()).value("hospital_days")["difference"] == 0.0


def test_where_no_hospital_is_there_to_wait_for_no_days_are_told():
    record = replicate(load_scenario("chain", YEAR_LONG | {"region": None}), 0)
    found = indicators(record)
    assert np.isnan(found["first_hospital_days", "all", "all"]) and ("hospital_days", "all", "all") not in found
    assert np.isfinite(found["listed_days", "all", "all"]) and np.isnan(curve(record)).all()


def test_a_limit_may_be_asked_for():
    scenario = load_scenario("chain", YEAR_LONG)
    assert windows(scenario)["listed_days"] == 365 and windows(scenario, 100)["listed_days"] == 100


def test_a_mean_beyond_the_last_observation_is_not_told_unless_all_had_the_event():
    times, ends = np.array([10.0, 20.0, INF]), np.array([50.0, 50.0, 50.0])
    assert times_mean(*times_curve(times, ends), 50) == pytest.approx((10 + 20 + 50) / 3)
    assert np.isnan(times_mean(*times_curve(times, ends), 51))
    assert times_mean(*times_curve(times[:2], ends[:2]), 730) == pytest.approx(15)
    assert followed(np.array([0.5, 0.0]), 1, 99) and not followed(np.array([0.5, 0.1]), 1, 99)


def test_fixed_dates_of_a_world_without_a_calendar_are_not_half_a_day_early():
    survival, none_early = np.array([1.0, 1.0, 1.0, 0.5, 0.5]), np.zeros(5)
    assert restricted_mean(survival, 4, none_early) == restricted_mean(survival, 4) == 3.5
    assert restricted_mean(survival, 4, np.array([0, 0, 0, 0.25, 0])) == 3.5 - 0.5 * 0.25
    fixed = load_scenario(
        "chain", YEAR_LONG | {"stages.committee": False, "decision.fixed": {"pass": 1, "defer": 0, "return": 0}}
    )
    record = replicate(fixed, 0, pairs=True)
    stock = record.pairs.stock[np.isfinite(record.pairs.stock)]
    assert (stock == np.floor(stock)).all() and len(set(stock)) == 1
    assert indicators(record)["hospital_days", "all", "all"] == stock[0]
