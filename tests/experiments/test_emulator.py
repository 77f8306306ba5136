"""Emulators: they find what moves a figure, predict worlds that they have not seen, and tell luck from trend."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.experiments.emulator import fit_emulator, screen

RNG = np.random.default_rng(8)
AT = RNG.random((300, 20))
SMOOTH = 3 * AT[:, 4] - 2 * (AT[:, 7] - 0.5) ** 2 * 4 + 2 * AT[:, 4] * AT[:, 11]
Y = SMOOTH + 0.3 * RNG.standard_normal(300)


def test_it_finds_the_inputs_that_move_a_figure_alone_squared_or_together_and_no_other():
    assert set(screen(AT, Y)) == {4, 7, 11}


def test_it_predicts_worlds_that_it_has_not_seen_to_the_luck_of_one_history():
    new = RNG.random((500, 20))
    truth = 3 * new[:, 4] - 2 * (new[:, 7] - 0.5) ** 2 * 4 + 2 * new[:, 4] * new[:, 11]
    e = fit_emulator(AT, Y)
    assert np.sqrt(np.mean((e.mean(new) - truth) ** 2)) < 0.12
    assert np.std(e.residuals) == pytest.approx(0.3, rel=0.15)


def test_a_left_out_residual_is_that_of_an_emulator_that_has_not_seen_the_world():
    e, k = fit_emulator(AT, Y), 17
    others = np.arange(300) != k
    without = fit_emulator(AT[others], Y[others])
    assert e.residuals[k] == pytest.approx(Y[k] - without.mean(AT[[k]])[0], abs=0.05)


def test_a_figure_that_nothing_moves_is_its_mean_and_all_else_luck():
    noise = RNG.standard_normal(300)
    e = fit_emulator(AT, noise)
    assert len(e.active) == 0 and e.process is None
    assert e.mean(AT[:3]) == pytest.approx(noise.mean())
    assert fit_emulator(AT, np.full(300, 2.0)).mean(AT[:2]) == pytest.approx(2.0)


def test_worlds_in_which_the_figure_was_not_defined_are_left_out():
    y = Y.copy()
    y[:30] = np.nan
    e = fit_emulator(AT, y)
    assert np.isnan(e.residuals[:30]).all() and np.isfinite(e.residuals[30:]).all()
    assert {4, 7, 11} == set(e.active)


def test_inputs_that_are_given_are_taken_as_they_are():
    at = np.random.default_rng(2).random((60, 5))
    found = fit_emulator(at, at[:, 1] + 0.1 * np.random.default_rng(3).standard_normal(60), active=np.array([3, 1]))
    assert found.active.tolist() == [3, 1]  # 3 does nothing, and would not have been chosen
    assert found.mean(np.full((1, 5), 0.5))[0] == pytest.approx(0.5, abs=0.08)
