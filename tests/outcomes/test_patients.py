"""Patients: fairness is told by numbers with a known meaning, and nobody may appear or vanish."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.outcomes.groups import counted_drugs
from simlib.outcomes.patients import FATE, check_balance, concentration_index, patients
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world


@pytest.fixture(scope="module")
def record():
    return replicate(load_scenario(random_world(4)), 0)


def test_an_even_share_has_concentration_index_0():
    weight = np.array([5.0, 1.0, 3.0, 7.0])
    assert concentration_index(np.full(4, 0.2), weight, np.arange(4.0)) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("sizes", "place"), [([1, 1, 1, 1], 3), ([1, 1, 1, 1], 0), ([6, 3, 1], 2), ([6, 3, 1], 0), ([2, 5], 1)])  # fmt: skip
def test_one_group_treated_alone_gives_twice_its_middle_rank_less_one(sizes, place):
    weight = np.array(sizes, float)
    share = np.where(np.arange(len(sizes)) == place, 0.4, 0.0)
    middle = (weight[:place].sum() + weight[place] / 2) / weight.sum()
    assert concentration_index(share, weight, np.arange(len(sizes))) == pytest.approx(2 * middle - 1)


def test_the_most_favoured_alone_lean_towards_1_and_the_least_favoured_alone_towards_minus_1():
    many = np.ones(1000)
    first, last = np.zeros(1000), np.zeros(1000)
    first[0] = last[-1] = 1.0
    assert concentration_index(last, many, np.arange(1000)) == pytest.approx(0.999)
    assert concentration_index(first, many, np.arange(1000)) == pytest.approx(-0.999)


def test_groups_of_one_rank_share_it_however_they_are_cut():
    whole = concentration_index(np.array([0.1, 0.5]), np.array([2.0, 2.0]), np.array([0, 1]))
    cut = concentration_index(np.array([0.1, 0.5, 0.5]), np.array([2.0, 1.5, 0.5]), np.array([0, 1, 1]))
    mixed = concentration_index(np.array([0.1, 0.2, 0.6]), np.array([2.0, 0.5, 1.5]), np.array([0, 1, 1]))
    assert whole == pytest.approx(cut) == pytest.approx(mixed)


def test_where_nobody_is_treated_there_is_no_index():
    assert np.isnan(concentration_index(np.zeros(3), np.ones(3), np.arange(3)))
    assert np.isnan(concentration_index(np.zeros(3), np.zeros(3), np.arange(3)))


@pytest.mark.parametrize("seed", [3, 8, 12, 19])
def test_arrivals_are_those_treated_travelled_lost_unseen_or_waiting(seed):
    check_balance(replicate(load_scenario(random_world(seed)), 0))


@pytest.mark.parametrize("fate", [FATE["hospital"], FATE["lost"]])
def test_a_flow_that_is_taken_away_is_an_error_that_names_the_drug(record, fate):
    fates = record.fates.copy()
    drug = int(np.argmax(np.where(counted_drugs(record), fates[:, :, fate].sum(axis=1), -1.0)))
    assert fates[drug, :, fate].sum() > 0
    fates[drug, :, fate] = 0.0
    with pytest.raises(RuntimeError, match=record.world.drugs.names[drug]):
        check_balance(replace(record, fates=fates))
    with pytest.raises(RuntimeError, match="unaccounted"):
        dict(patients(replace(record, fates=fates)))


def test_shares_of_patients_add_up_to_one_in_every_group_of_hospitals(record):
    found = dict(patients(record))
    for by, group in {(k[1], k[2]) for k in found if k[0] == "treated_share"}:
        if found["patients", by, group] > 0:
            parts = sum(found[f"{name}_share", by, group] for name in ("treated", "lost", "waiting"))
            assert parts == pytest.approx(1.0, rel=1e-9), (by, group)


def test_waiting_by_state_of_the_home_hospital_is_part_of_all_waiting(record):
    found = dict(patients(record))
    parts = [v for k, v in found.items() if k[0].startswith("waiting_") and k[0] != "waiting_share"]
    assert all(v >= 0 for v in parts)
    assert 0 < sum(parts) <= found["patient_years_waiting", "all", "all"] * (1 + 1e-9)


def test_a_world_without_use_has_no_patients():
    record = replicate(load_scenario("chain", {"stages.use": False}), 0)
    assert dict(patients(record)) == {}
