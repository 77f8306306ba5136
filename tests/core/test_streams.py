"""Keyed random numbers: the generator's published vectors, the normal quantile, ids."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import simlib.core.streams as q
from simlib.core.streams import (
    check_unique,
    exponential,
    grid,
    normal,
    normal_quantile,
    normals,
    numbered_ids,
    philox,
    stable_id,
    uniform,
    uniforms,
)

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    ("key", "counter", "words"),
    [
        ((0, 0), (0, 0, 0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
        ((ONES, ONES), (ONES, ONES, ONES, ONES), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
        (  # the digits of pi, as in the authors' known-answer tests
            (0xA4093822, 0x299F31D0),
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            "d16cfe09 94fdcceb 5001e420 24126ea1",
        ),
    ],
)
def test_philox_gives_the_published_words(key: tuple, counter: tuple, words: str):
    assert " ".join(f"{int(w):08x}" for w in philox(*key, *counter)) == words


def test_a_uniform_number_is_made_of_53_bits_of_two_words():
    x0, x1, _, _ = (int(w) for w in philox(7, 8, 1, 2, 3, 4))
    bits = (x0 >> 5) * 2**26 + (x1 >> 6)
    assert uniform((7, 8), 1, 2, 3, 4) == (bits + 0.5) / 2**53


def test_normal_quantile_is_that_of_scipy():
    p = np.concatenate([10.0 ** -np.arange(1, 17), np.linspace(1e-4, 1 - 1e-4, 2001), 1 - 10.0 ** -np.arange(1, 16)])
    ours = np.array([normal_quantile(float(x)) for x in p])
    assert np.allclose(ours, stats.norm.ppf(p), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize(
    ("draws", "law"),
    [
        (uniforms((3, 4), q.Q_ETA, drugs=np.arange(1, 40001)), stats.uniform),
        (normals((3, 4), q.Q_ETA, hospitals=np.arange(1, 40001)), stats.norm),
        (np.array([exponential((3, 4), q.Q_ASK, 0, 5, d) for d in range(20000)]), stats.expon),
        (uniforms((3, 4), q.Q_ETA, hospitals=np.arange(1, 40001), drugs=np.arange(40001, 80001), attempt=3), stats.uniform),
    ],
)  # fmt: skip
def test_draws_follow_their_law(draws: np.ndarray, law):
    assert stats.kstest(draws, law.cdf).pvalue > 0.001


def test_each_part_of_the_key_gives_another_number():
    base = ((1, 2), 3, 4, 5, 6)
    others = [((9, 2), 3, 4, 5, 6), ((1, 9), 3, 4, 5, 6), ((1, 2), 9, 4, 5, 6), ((1, 2), 3, 9, 5, 6), ((1, 2), 3, 4, 9, 6),
              ((1, 2), 3, 4, 5, 9)]  # fmt: skip
    drawn = {uniform(*k) for k in [base, *others]}
    assert len(drawn) == 7
    assert normal(*base) == normal_quantile(uniform(*base))


def test_many_at_once_are_the_same_as_one_by_one():
    ids = numbered_ids(50, "x")
    assert uniforms((1, 2), 3, drugs=ids, attempt=4).tolist() == [uniform((1, 2), 3, 4, 0, int(i)) for i in ids]
    assert uniforms((1, 2), 3, hospitals=ids).tolist() == [uniform((1, 2), 3, 0, int(i), 0) for i in ids]


def test_a_million_numbered_ids_are_all_different_and_stay_when_the_family_grows():
    ids = numbered_ids(1_000_000, "cohort", 2024)
    assert len(np.unique(ids)) == 1_000_000 and ids.min() >= 0 and ids.max() < 2**32
    assert np.array_equal(ids[:1000], numbered_ids(1000, "cohort", 2024))
    assert not np.array_equal(ids[:1000], numbered_ids(1000, "cohort", 2025))


def test_ids_of_names_are_stable():
    assert stable_id("drug", "x") == stable_id("drug", "x") != stable_id("drugx")
    assert 0 < stable_id("") < 2**32
    assert stable_id("rule", "committee.duty.listing") == 0x1E7BF223


def test_two_entities_of_one_id_are_named():
    with pytest.raises(ValueError, match="cohort: 'a' and 'c' have the same id"):
        check_unique([1, 2, 1], ["a", "b", "c"], "cohort")


def test_no_two_quantities_share_a_number():
    numbers = [getattr(q, name) for name in dir(q) if name.startswith("Q_")]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


@given(st.floats(0, 1e6))
def test_the_grid_is_fine_and_exact(t: float):
    assert abs(grid(t) - t) <= 2**-21
    assert grid(grid(t)) == grid(t) and (grid(t) * 2**20).is_integer()


def test_never_stays_never_on_the_grid():
    assert grid(float("inf")) == grid(1e9) == float("inf")
