"""Stages 9 and 10 in the engine: one hospital, one drug, half a patient a day."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.model.sums import CUBE
from simlib.outcomes.patients import FATE
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
