"""What a rulebook adds as a function of obedience: the ends, what lies between, and what a batch keeps of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import simlib
from simlib.core.files import InputError
from simlib.experiments.obedience_curve import ObedienceCurve, as_table, differences, drawn, headlines, obedience_curve
from simlib.experiments.study import MAIN, of_table
from tests.report.made_up import made_up

MEANS = {"before-reform": 0.1, "national": 0.2, "beijing": 0.3}
POLICIES = ("sichuan", "before-reform")


def world(policy: str, **changes):
    return simlib.load_scenario("small-world", {"policy": policy, **changes})


@pytest.fixture(scope="module")
def curve() -> ObedienceCurve:
    return obedience_curve(*map(world, POLICIES), shares=(0.3,), replications=2, workers=1)


@pytest.mark.parametrize(("degree", "share"), [("none", 0.0), ("default", 0.6), ("full", 1.0)])
def test_no_default_and_full_obedience_are_points_of_the_curve_to_the_last_bit(curve, degree, share):
    mine, base = (simlib.simulate(world(p, obedience=degree), 2, 1, progress=False).values for p in POLICIES)
    keys = headlines(curve.scenario)
    expected = (mine.loc[keys] - base.loc[keys]).to_numpy()
    assert np.array_equal(curve.by_run.loc[share].to_numpy(), expected, equal_nan=True)
    assert set(curve.table().set_index("share").loc[share, "degree"]) == {degree}


def test_the_curve_has_the_shares_that_were_asked_for_and_the_three_degrees(curve):
    table = curve.table()
    assert sorted(set(table["share"])) == [0.0, 0.3, 0.6, 1.0] and set(table["replications"]) == {2}
    assert set(table["indicator"]) == {"stocked_24m", "stocked_12m_catalogue"}


def test_obedience_moves_in_the_baseline_too_so_that_a_rulebook_gains_nothing_over_itself():
    same = obedience_curve(world("sichuan"), world("sichuan"), shares=(0.3,), replications=1, workers=1)
    assert (same.by_run.fillna(0) == 0).all(axis=None)


def test_without_a_baseline_the_gain_is_over_what_held_before_the_reforms(curve):
    alone = differences((world("sichuan"), curve.baseline), (0.0, 0.3, 0.6, 1.0), 2, 1)
    found = obedience_curve(world("sichuan"), shares=(0.3,), replications=2, workers=1)
    assert found.baseline.policy.name == "before-reform" and found.by_run.equals(alone)


def made(gains: list[float], shares=(0.0, 0.5, 0.6, 1.0), luck: float = 0.001) -> ObedienceCurve:
    """A curve through some gains, with three runs around each."""
    s = simlib.load_scenario("small-world")
    rows = {(x, MAIN, "level", "3"): [g - luck, g, g + luck] for x, g in zip(shares, gains, strict=True)}
    return ObedienceCurve(s, s, of_table(_frame(rows)))


def _frame(rows: dict):
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["0", "1", "2"])
    frame.index = pd.MultiIndex.from_tuples(frame.index, names=["share", "indicator", "by", "group"])
    return frame.reset_index()


@pytest.mark.parametrize(
    ("gains", "share"),
    [
        ([0.0, 0.2, 0.25, 0.4], 0.5),
        ([0.0, 0.4, 0.4, 0.4], 0.25),
        ([0.3, 0.3, 0.35, 0.4], 0.0),
        ([0.1, 0.1, 0.1, 0.3], 0.7),
        ([0.0, 0.4, 0.3, 0.1], 0.25),
    ],
)
def test_the_share_that_half_of_the_largest_gain_takes_lies_on_the_straight_line_between_two_points(gains, share):
    assert made(gains).needed() == pytest.approx(share)


def test_a_curve_turns_where_full_obedience_gains_less_than_some_share_beyond_luck():
    assert made([0.0, 0.4, 0.3, 0.1]).turns() == 0.5
    assert made([0.0, 0.4, 0.3, 0.1], luck=0.1).turns() == 0.5  # runs are paired: luck that all shares have is none
    assert made([0.0, 0.2, 0.3, 0.4]).turns() is None


def test_no_share_is_named_where_no_gain_is_beyond_luck():
    assert np.isnan(made([0.0, 0.0, 0.0, 0.01], luck=0.1).needed())


def test_a_share_that_is_none_and_a_world_without_reforms_are_refused():
    with pytest.raises(InputError, match="1.2 is no share; give numbers from 0 to 1"):
        obedience_curve(world("sichuan"), shares=(1.2,))
    with pytest.raises(InputError, match="name a baseline"):
        obedience_curve(world("before-reform"))
    with pytest.raises(InputError, match="different seeds"):
        obedience_curve(world("sichuan"), world("before-reform", seed=1))


def test_a_study_joins_what_a_batch_has_kept_with_its_three_degrees_over_the_same_replications():
    study = made_up(MEANS)
    three = drawn(study)["beijing"]
    assert list(three.points().index) == [0.0, 0.6, 1.0]
    kept = of_table(as_table(three.by_run.loc[[0.6]].rename({0.6: 0.4}, level="share")[[0, 1, 2]]))
    joined = drawn(replace(study, obeyed={"beijing-beijing-default": kept}))
    assert list(joined["beijing"].points().index) == [0.0, 0.4, 0.6, 1.0]
    assert list(joined["beijing"].by_run.columns) == [0, 1, 2] and joined["nation"].by_run.shape[1] == 6
    points = joined["beijing"].points()["difference"]
    assert points[0.4] == points[0.6] > points[0.0]
