"""Worlds of patients and payment whose answer is known by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.stages.payers_case import case_bill
from simlib.outcomes.patients import FATE
from simlib.outcomes.sampled import bills_in_fen, sample_counts
from simlib.scenario.scenario import load_scenario

REPLICATIONS = 10


def treated(name: str, **changes) -> tuple[np.ndarray, np.ndarray]:
    """(expected, sampled) patients treated at hospital and pharmacy, one number a drug and replication."""
    expected, counted = [], []
    for i in range(REPLICATIONS):
        record = replicate(load_scenario(name, changes or None), i)
        expected.append(record.fates[:, :, [FATE["hospital"], FATE["pharmacy"]]].sum(axis=(1, 2)))
        counts = sample_counts(record)
        counted.append((counts["hospital"] + counts["pharmacy"]).sum(axis=1))
    return np.concatenate(expected), np.concatenate(counted)


def close(values: np.ndarray, answer: float) -> bool:
    return abs(values.mean() - answer) < 4 * values.std(ddof=1) / math.sqrt(len(values))


def test_patients_meet_a_random_date_of_availability_as_poisson_arrivals_do():
    expected, counted = treated("patients-availability")
    answer = 0.5 * (305 - 120 * (1 - math.exp(-305 / 120)))
    assert answer == pytest.approx(97.2241, abs=1e-4)
    assert close(expected, answer) and close(counted, answer)
    fourth = ((counted - counted.mean()) ** 2).std(ddof=1) / math.sqrt(len(counted))  # of the variance's own spread
    assert abs(counted.var(ddof=1) - 2234.06) < 4 * fourth
    assert expected.var() < counted.var()  # whole patients vary more than their expectation


def test_a_pharmacy_and_a_hospital_treat_whom_either_reaches_first():
    answer = 0.5 * (0.6 * (365 - 45 * (1 - math.exp(-365 / 45))) + 0.4 * (365 - 180 * (1 - math.exp(-365 / 180))))
    assert answer == pytest.approx(137.743, abs=1e-3)
    expected, counted = treated("patients-pharmacy")
    assert close(expected, answer) and close(counted, answer)


def test_a_day_later_loses_just_that_days_patients():
    one = replicate(load_scenario("patients-availability", {"awareness.lag.level_3": "100 days"}), 0)
    assert one.fates[:, :, FATE["hospital"]].sum(axis=1) == pytest.approx(np.full(400, 0.5 * (365 - 160)), rel=1e-12)


@pytest.mark.parametrize(
    ("other", "drug", "carved"),
    [
        (3600.0, 6400.0, False),
        (3600.0, 6401.0, True),
        (3599.0, 6401.0, False),
        (3700.0, 6401.0, False),
        (6000.0, 20000.0, True),
    ],
)
def test_a_case_is_carved_out_only_over_both_published_thresholds(other, drug, carved):
    p = load_scenario("stages").parameters.payment
    bill = case_bill(p, 5000.0, other, drug, "drug_cost", reviewed=True)
    assert (bill["extra"] > 0) == carved == ((other + drug > 2 * 5000.0) and (drug > 0.64 * (other + drug)))
    assert bill["payment"] + bill["extra"] - bill["cost"] == bill["result"]


@pytest.mark.parametrize(("cost", "may"), [(14999.99, 0), (15000.0, 0), (15000.01, 1)])
def test_a_case_may_be_put_up_only_over_three_times_its_standard(cost, may):
    p = load_scenario("stages").parameters.payment
    assert case_bill(p, 5000.0, cost - 4000.0, 4000.0)["review"] == may


def test_a_carve_out_of_the_whole_case_leaves_no_loss_and_takes_no_surplus():
    p = load_scenario("stages").parameters.payment
    assert case_bill(p, 5000.0, 3000.0, 9000.0, "case")["result"] == 0
    assert case_bill(p, 5000.0, 1000.0, 1000.0, "case")["result"] == 300000


def test_bills_add_up_to_the_fen():
    record = replicate(load_scenario("stages"), 0)
    fen = bills_in_fen(record)
    assert fen["total"].sum() > 0
    assert (fen["fund"] + fen["commercial"] + fen["charity"] + fen["patient"] == fen["total"]).all()


def test_a_carve_out_of_the_drug_pays_what_it_costs_beyond_the_therapy_it_replaces():
    p = load_scenario("stages", {"payment.other_share": 0.75}).parameters.payment
    bill = case_bill(p, 4000.0, 3000.0, 2500.0, "drug_cost")  # it replaces a quarter of 4000 yuan
    assert bill == {"cost": 550_000, "payment": 400_000, "extra": 150_000, "result": 0, "review": bill["review"]}
    assert case_bill(p, 4000.0, 3000.0, 900.0, "drug_cost")["extra"] == 0
