"""Elliptical slice sampling: known posteriors, and chains that say when they have not met."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.experiments.slices import chains, spread_of_chains, step


def linear(a, y, sigma):
    """Log-likelihood of y = a z + noise."""
    weight = np.linalg.inv(sigma)

    def value(z):
        away = z @ a.T - y
        return -0.5 * np.einsum("ij,jk,ik->i", away, weight, away)

    return value


def test_a_linear_gaussian_posterior_comes_out_within_two_per_cent():
    rng = np.random.default_rng(3)
    a, sigma = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -2.0]]), np.array([[0.3, 0.1], [0.1, 0.5]])
    y = np.array([1.5, -1.0])
    exact = np.linalg.inv(np.eye(3) + a.T @ np.linalg.inv(sigma) @ a)
    mean = exact @ a.T @ np.linalg.inv(sigma) @ y
    kept = chains(linear(a, y, sigma), rng.standard_normal((2000, 3)), 40, 40, 2, rng).reshape(-1, 3)
    assert kept.mean(axis=0) == pytest.approx(mean, abs=0.02)
    assert np.cov(kept.T) == pytest.approx(exact, abs=0.02)


def test_where_nothing_is_told_the_prior_remains():
    rng = np.random.default_rng(4)
    kept = chains(lambda z: np.zeros(len(z)), np.full((500, 2), 3.0), 30, 10, 2, rng).reshape(-1, 2)
    assert kept.mean(axis=0) == pytest.approx([0, 0], abs=0.05) and kept.std(axis=0) == pytest.approx([1, 1], abs=0.05)


def test_two_separate_peaks_are_both_visited_in_their_shares():
    rng = np.random.default_rng(5)

    def two(z):
        return np.logaddexp(-8 * (z[:, 0] - 1.0) ** 2, -8 * (z[:, 0] + 1.0) ** 2)

    kept = chains(two, np.full((500, 1), 1.0), 60, 10, 3, rng)
    assert (kept > 0).mean() == pytest.approx(0.5, abs=0.05)


def test_a_step_never_leaves_a_chain_where_the_likelihood_is_below_its_slice():
    rng = np.random.default_rng(6)
    at = np.zeros((50, 2))
    inside = lambda z: np.where(np.abs(z).max(axis=1) < 0.1, 0.0, -np.inf)  # noqa: E731
    new, value = step(inside, at, inside(at), rng)
    assert (np.abs(new) < 0.1).all() and (value == 0).all() and (new != at).any()


def test_chains_that_have_not_met_are_told_from_those_that_have():
    rng = np.random.default_rng(7)
    one = rng.standard_normal((20, 8, 2))
    apart = one + np.array([0.0, 3.0]) * np.arange(8)[:, None]
    assert spread_of_chains(one).max() < 1.1
    assert spread_of_chains(apart)[0] < 1.1 < 2 < spread_of_chains(apart)[1]
