"""A stored result is believed only if its numbers can be those of a run."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.experiments.run import Result, simulate
from simlib.experiments.store import check_result, read_result, write_result
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.sound import complaint
from simlib.scenario.scenario import load_scenario


@pytest.fixture(scope="module")
def good():
    return simulate(load_scenario("small-world"), 2, workers=1, progress=False)


def test_what_a_run_gives_is_sound(good):
    assert complaint(good.values, good.curves) is None


def test_every_indicator_has_a_range():
    for indicator in INDICATORS.values():
        low, high = indicator.bounds
        assert low < high and (not indicator.is_share or (low, high) == (0.0, 1.0))


def test_42_everywhere_is_no_result(good, tmp_path):
    path = tmp_path / "r.parquet"
    write_result(Result(good.scenario, good.values * 0 + 42.0, good.curves * 0 + 42.0, 1.0), path)
    words = r"^r\.parquet: cannot be the result of a run: stocked_12m .* is 42; it goes from 0 to 1; run it again$"
    with pytest.raises(InputError, match=words):
        check_result(path, "small-world", good.scenario.digest(), 2)
    with pytest.raises(InputError, match=words):
        read_result(path, good.scenario)


def changed(values, name: str, to, by: str = "all", group: str = "all"):
    """The values with one row another."""
    new = values.copy()
    new.loc[(name, by, group)] = to
    return new


@pytest.mark.parametrize(
    ("name", "to", "words"),
    [
        ("stocked_12m", -0.1, "stocked_12m (all all) is -0.1; it goes from 0 to 1"),
        ("hospital_days", 731.0, "hospital_days (all all) is 731; it goes from 0 to 730"),
        ("agenda_load", np.inf, "agenda_load (all all) is inf; it goes from 0"),
        ("meetings_per_year", -1.0, "meetings_per_year (all all) is -1; it goes from 0"),
        ("state_stocked", 0.999, "states (all all) do not add up to 1"),
        ("pass_rate", 1.0, "outcomes of hearings (all all) do not add up to 1"),
        ("fund_share", 0.9999, "payers (all all) do not add up to 1"),
        ("lost_share", 0.0, "patients (all all) do not add up to 1"),
        ("asked", 0.0, "passed (all all) is more than asked"),
        ("provided_12m", 0.0, "stocked_12m (all all) is more than provided_12m"),
        ("gap_levels", 99.0, "gap_levels is not the difference of stocked_24m between 3 and 2"),
    ],
)
def test_one_number_that_cannot_be_is_found_and_named(good, name: str, to: float, words: str):
    assert words in complaint(changed(good.values, name, to), good.curves)


def test_a_payer_that_is_left_out_of_the_year_s_total_is_found(good):
    year = good.values.loc["total_million"].index[0][1]
    total = good.values.loc[("total_million", "year", year)]
    found = complaint(changed(good.values, "total_million", total * 1.001, "year", year), good.curves)
    assert found.startswith(f"total_million (year {year}) is not the sum of fund_million")


def test_a_curve_that_falls_or_leaves_its_range_is_found(good):
    falling, high = good.curves.copy(), good.curves.copy()
    falling[0, 2, 6], high[0, 2, -1] = 0.0, 1.5
    falling[0, 2, 5] = 0.5
    assert complaint(good.values, falling) == "the availability curve falls"
    assert complaint(good.values, high) == "the availability curve is 1.5; it goes from 0 to 1"


def test_a_row_that_is_no_indicator_or_comes_twice_is_found(good):
    assert complaint(good.values.rename({"asked": "aksed"}), good.curves) == "aksed is no indicator"
    twice = good.values.iloc[[0, 0, 1]]
    assert complaint(twice, good.curves) == "stocked_12m all all is given twice"
