"""Stages 9 and 10 in the engine: one hospital, one drug, half a patient a day."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.model.sums import CUBE
from simlib.outcomes.indicators import indicator
from simlib.outcomes.patients import FATE
from tests.twin.test_engine import differences
from tests.twin.toys import rule, toy


def of_toy(*on: str, **keys) -> Record:
    """One history of a toy world: one hospital and one drug, approved on day 0, with all stages off but those named."""
    return replicate(toy(*on, **keys).world.scenario, 0)


def fate(record: Record, name: str) -> float:
    return record.fates[:, :, FATE[name]].sum()


def test_patients_who_cannot_wait_are_treated_from_the_day_of_stock_on_and_lost_before():
    with np.errstate(divide="raise"):  # as it is in compiled code
        record = of_toy("purchase", "use", parameters={"purchase": {"time": 45}}, horizon_days=60)
    found = [fate(record, name) for name in ("arrivals", "hospital", "lost", "waiting")]
    assert found == pytest.approx([0.5 * 60, 0.5 * 15, 0.5 * 45, 0])


@pytest.mark.parametrize(("designated", "horizon", "share"), [(30, 800, 0.6), (30, 700, 0), (740, 800, 0)])
def test_pharmacies_count_two_years_after_approval_where_they_hold_the_drug_by_then(designated, horizon, share):
    numbers = {"any_drug": True, "linked": 1, "share": 0.6, "fill": 1, "designation": f"{designated} days"}
    record = of_toy("dual_channel", "use", rules={"dual_channel.hospital_levels": rule("all")}, horizon_days=horizon,
                    parameters={"dual_channel": numbers})  # fmt: skip
    assert fate(record, "pharmacy_24") == pytest.approx(share)


def provided(record: Record, *names: str) -> list[float]:
    return [record.cube[:, :, CUBE.index(name)].sum() for name in names]


@pytest.mark.parametrize(
    ("linked", "buys", "found"), [(1, 800, [0, 1]), (0, 800, [0, 0]), (1, 45, [1, 1]), (0, 45, [1, 1])]
)
def test_a_drug_is_provided_where_a_pharmacy_supplies_the_hospitals_patients_though_it_is_not_stocked(
    linked, buys, found
):
    numbers = {"any_drug": True, "linked": linked, "share": 0.6, "fill": 1, "designation": "600 days"}
    record = of_toy("purchase", "dual_channel", "use", rules={"dual_channel.hospital_levels": rule("all")}, horizon_days=800,
                    parameters={"dual_channel": numbers, "purchase": {"time": buys}})  # fmt: skip
    assert provided(record, "stocked_24", "provided_24") == found
    assert provided(record, "stocked_12", "provided_12") == [found[0], found[0]]  # the pharmacy comes later


@pytest.mark.parametrize(("word", "widest"), [("3_only", 3), ("2_and_above", 2), ("all", 1)])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_hospitals_of_the_levels_that_a_rule_names_open_the_dual_channel(word, widest, level):
    numbers = {"any_drug": False, "linked": 1, "share": 0.6, "fill": 1, "designation": "30 days"}
    record = of_toy("catalogue", "dual_channel", "use", rules={"dual_channel.hospital_levels": rule(word)}, horizon_days=900,
                    rounds="catalogue_rounds", calendar="china", hospital={"level": level},
                    parameters={"dual_channel": numbers, "catalogue": {"first_success": 1}, "drugs": {"outpatient_share": 1}})  # fmt: skip
    assert fate(record, "pharmacy_24") == pytest.approx(0.6 if level >= widest else 0)


NEAR = {"self_pay_lag": "100 days", "self_pay_share": {"level_3": 0.3, "level_2": 0.2, "level_1": 0}, "replaces": 0}


@pytest.mark.parametrize(
    ("hospital", "outpatient", "share"),
    [({}, 1, 0.3), ({"level": 2}, 1, 0.2), ({"level": 1}, 1, 0), ({"place": "county"}, 1, 0), ({}, 0, 0)],
)
def test_self_pay_pharmacies_near_city_hospitals_sell_a_drug_of_outpatients_before_the_catalogue(
    hospital, outpatient, share
):
    record = of_toy("purchase", "dual_channel", "use", hospital=hospital,
                    parameters={"purchase": {"time": 1000}, "dual_channel": NEAR, "drugs": {"outpatient_share": outpatient}})  # fmt: skip
    assert fate(record, "pharmacy") == pytest.approx(0.5 * share * 265)
    assert fate(record, "pharmacy") + fate(record, "lost") == pytest.approx(0.5 * 365)


@pytest.mark.parametrize(("share", "linked"), [(0.3, 0.5), (0.7, 0.5), (0.3, 0)])
def test_patients_of_both_kinds_of_pharmacy_and_of_a_hospital_are_those_of_the_twin(share, linked):
    channel = {"self_pay_lag": "70 days", "self_pay_share": {"level_3": share, "level_2": 0, "level_1": 0}, "linked": 1,
               "share": linked, "fill": 1, "designation": "33 days"}  # fmt: skip
    numbers = {"dual_channel": channel, "purchase": {"time": 600}, "catalogue": {"first_success": 1}, "drugs": {"outpatient_share": 1},
               "use": {"window_median": 90, "window_log_sd": 0, "pool_years": 0.5, "ramp_start": 0.4, "prescribe": 0.7},
               "payment": {"always_afford": False}}  # fmt: skip
    model = toy("catalogue", "purchase", "dual_channel", "use", "payment", rules={"dual_channel.hospital_levels": rule("all")},
                parameters=numbers, rounds="catalogue_rounds", calendar="china", horizon_days=900)  # fmt: skip
    assert differences(model.world.scenario)[0] == {}
    record = replicate(model.world.scenario, 0)
    assert fate(record, "pharmacy") > 1 and fate(record, "hospital") > 1


@pytest.mark.parametrize(("designated", "pharmacies"), [(30, 106), (740, 0)])
def test_designated_pharmacies_are_counted_by_population_once_the_drug_is_designated(designated, pharmacies):
    numbers = {"any_drug": True, "designation": f"{designated} days"}
    record = of_toy("dual_channel", "use", horizon_days=800, parameters={"dual_channel": numbers})
    assert indicator(record, ("pharmacies_24m", "all", "all")) == pytest.approx(pharmacies)


@pytest.mark.parametrize(("entered", "share"), [(True, 0.5), (False, 1)])
def test_therapy_outside_the_catalogue_is_that_of_the_days_before_the_drug_is_in_force(entered, share):
    numbers = {
        "use": {"therapy_days": 0.001, "self_pay_factor": 1, "loss_weight": 0},
        "catalogue": {"first_success": float(entered), "later_success": 0},
        "payment": {"budget_used_mean": 0, "budget_used_sd": 0},
    }
    record = of_toy(
        "catalogue", "use", "payment", rounds="catalogue_rounds", calendar="china", horizon_days=850, parameters=numbers
    )
    in_force = record.catalogues.effective[0]
    assert np.isfinite(in_force) == entered
    expected = (in_force / 850) if entered else 1
    assert indicator(record, ("outside_catalogue_share", "all", "all")) == pytest.approx(expected, abs=0.003)
    assert expected == pytest.approx(share, abs=0.01)
