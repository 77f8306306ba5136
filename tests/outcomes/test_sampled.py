"""Whole patients and whole fen, sampled about their expectations by key."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.use_records import Fates
from simlib.outcomes.money import PAYERS, bills
from simlib.outcomes.patients import FATE
from simlib.outcomes.sampled import FATE_NAMES, bills_in_fen, sample_counts
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world


@pytest.fixture(scope="module")
def record():
    return replicate(load_scenario(random_world(3)), 0)


def test_sampled_arrivals_are_the_sum_of_the_fates(record):
    counts = sample_counts(record)
    assert set(counts) == {*FATE_NAMES, "arrivals"}
    assert Fates.names()[FATE["unseen"] : FATE["waiting"] + 1] == FATE_NAMES
    assert (counts["arrivals"] == sum(counts[n] for n in FATE_NAMES)).all()
    assert counts["arrivals"].sum() > 0 and all((c >= 0).all() and c.dtype == np.int64 for c in counts.values())


def test_the_same_replication_gives_the_same_counts_and_another_one_others(record):
    again = sample_counts(replicate(load_scenario(random_world(3)), 0))
    other = sample_counts(replicate(load_scenario(random_world(3)), 1))
    counts = sample_counts(record)
    assert all((counts[n] == again[n]).all() for n in counts)
    assert counts["arrivals"].shape != other["arrivals"].shape or (counts["arrivals"] != other["arrivals"]).any()


def test_counts_lie_about_their_expectations(record):
    """The sum over drugs and groups is Poisson too, so that it lies within five of its standard deviations."""
    counts = sample_counts(record)
    for f, name in enumerate(FATE_NAMES, FATE["unseen"]):
        mean = np.maximum(record.fates[:, :, f], 0.0).sum()
        assert abs(counts[name].sum() - mean) <= 5 * np.sqrt(mean) + 1e-9, name


def test_fates_of_equal_expectation_draw_apart(record):
    even = sample_counts(replace(record, fates=np.full_like(record.fates, 5.0)))
    assert all((even[a] != even[b]).any() for a in FATE_NAMES for b in FATE_NAMES if a < b)
    assert all(len(np.unique(even[n])) > 1 for n in FATE_NAMES)


def test_what_cannot_happen_is_not_counted_and_the_other_fates_stay_as_they_were(record):
    fates = record.fates.copy()
    f = Fates.names().index("lost")
    fates[:, :, f] = 0.0
    without = sample_counts(replace(record, fates=fates))
    counts = sample_counts(record)
    assert without["lost"].sum() == 0 < counts["lost"].sum()
    assert all((without[n] == counts[n]).all() for n in FATE_NAMES if n != "lost")


def test_bills_in_fen_are_whole_add_up_and_lie_within_a_fen_a_payer(record):
    fen, spent = bills_in_fen(record), bills(record)
    assert (sum(fen[n] for n in PAYERS) == fen["total"]).all() and fen["total"].sum() > 0
    for n in PAYERS:
        assert fen[n].dtype == np.int64
        assert np.abs(fen[n] - 100 * spent[n]).max() <= (1.0 if n != "patient" else len(PAYERS)), n
