"""Passage through the flow: every pair stays somewhere, waits are counted, and known worlds give known days."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.pair_records import PairState
from simlib.outcomes.groups import counted_drugs
from simlib.scenario.scenario import load_scenario
from simlib.see.passage import ENDS, STEPS, _steps, frame, passage, passage_of, times_of


@pytest.fixture(scope="module")
def found(record):
    return passage_of(record)


@pytest.fixture(scope="module")
def chain():
    return passage(load_scenario("chain"), 12, workers=1)


def test_every_pair_stays_in_exactly_one_place(found):
    for level in {key[0] for key in found}:
        stays = sum(x for (v, _, measure), x in found.items() if v == level and measure.startswith("end_"))
        assert stays == pytest.approx(1.0)


def test_whoever_comes_to_a_step_goes_on_or_stays_there(found):
    steps = list(STEPS)
    for step, following in zip(steps[:-1], steps[1:], strict=True):
        stays = sum(found.get(("all", step, f"end_{e}"), 0.0) for e in ENDS)
        assert found["all", step, "reached"] == pytest.approx(stays + found["all", following, "reached"])
        if found["all", step, "reached"] > 0:
            on = found["all", following, "reached"] / found["all", step, "reached"]
            assert found["all", step, "went_on"] == pytest.approx(on)


def test_no_pair_comes_to_a_step_before_the_one_before_it(record):
    times = times_of(record)
    assert (times[1:] >= times[:-1]).all() and np.isfinite(times[0]).any()


def test_the_share_in_stock_at_the_end_is_that_of_the_record(record, found):
    state = record.pairs.state[:, counted_drugs(record)]
    inside = state != PairState.OUT_OF_TARGET
    assert inside.sum() == found["all", "approved", "pairs"]
    assert found.get(("all", "stocked", "end_stocked"), 0.0) == pytest.approx(
        (state == PairState.STOCKED)[inside].mean()
    )


def test_a_chain_whose_days_are_known_shows_them_on_its_arrows(chain):
    days = {step: float(chain.get(step, "days").mean()) for step in list(STEPS)[:-1]}
    assert days["filed"] == pytest.approx(21, abs=0.5) and days["placed"] == pytest.approx(30, abs=0.5)
    assert days["asked"] == pytest.approx(45, abs=2.5)  # half of the 90 days between meetings
    assert days["heard"] == pytest.approx(60, abs=6)  # 0.4 / 0.6 further meetings of 90 days each
    assert chain.get("stocked", "reached").min() == 1.0


def test_a_stage_that_is_switched_off_takes_no_days(chain):
    for step in ("approved", "listed", "learned", "passed"):
        assert chain.get(step, "days").max() == 0.0


def test_those_still_waiting_count_in_the_restricted_mean_but_not_in_the_days_of_those_that_went_on():
    never = np.inf
    t = np.full((len(STEPS), 3), never)
    t[0], t[1] = 0.0, [10.0, 30.0, never]
    found = dict(_steps(t, np.zeros(3, int), 800.0))
    assert found["approved", "days"] == 20.0 and found["approved", "went_on"] == pytest.approx(2 / 3)
    assert found["approved", "days_restricted"] == pytest.approx((10 + 30 + 730) / 3)
    too_short = dict(_steps(t, np.zeros(3, int), 500.0))
    assert np.isnan(too_short["approved", "days_restricted"])  # nobody is watched for 730 days
    assert found["filed", "went_on"] == 0.0 and np.isnan(found["filed", "days"])


def test_a_history_in_which_nobody_stays_counts_as_nobody_not_as_unknown():
    values = frame({0: {("all", "asked", "end_waiting"): 0.4, ("all", "asked", "days"): 5.0}, 1: {}})
    assert values.loc[("all", "asked", "end_waiting")].tolist() == [0.4, 0.0]
    assert np.isnan(values.loc[("all", "asked", "days")][1])


def test_a_result_is_followed_through_its_own_histories(result):
    found = passage(result, workers=1)
    assert list(found.values.columns) == list(result.values.columns)
    table = found.table().set_index(["level", "step", "measure"])
    assert table.loc[("all", "approved", "reached"), "mean"] == 1.0
    assert table.loc[("all", "approved", "reached"), "replications"] == 3
    # pairs passed by the end, as the indicator counts them in each history
    passed = result.values.loc[("passed", "all", "all")].to_numpy(float)
    assert passed.max() > 0.2 and found.get("passed", "reached") == pytest.approx(passed)
