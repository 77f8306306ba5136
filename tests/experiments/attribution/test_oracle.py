"""Exact values beside those of shapiq, a library of Shapley values that nothing else here uses."""

import numpy as np
import pytest
from shapiq import ExactComputer, Game

from simlib.experiments.attribution.orders import exact, exact_interaction

N = 6


class Table(Game):
    """A game told by its values."""

    def __init__(self, values):
        self.values = values
        super().__init__(n_players=N, normalize=False)

    def value_function(self, coalitions):
        return self.values[coalitions @ (1 << np.arange(N))]


@pytest.fixture(scope="module", params=[1, 2, 3])
def values(request):
    return np.random.default_rng(request.param).normal(size=1 << N)


def test_shapley_values_are_those_of_shapiq(values):
    theirs = ExactComputer(Table(values), n_players=N)("SV")
    ours = exact(N, dict(enumerate(values)))
    assert ours == pytest.approx([theirs[(i,)] for i in range(N)], abs=1e-10)


def test_interactions_are_those_of_shapiq(values):
    theirs = ExactComputer(Table(values), n_players=N)("SII", order=2)
    for i in range(N):
        for j in range(i + 1, N):
            assert float(exact_interaction(N, i, j, dict(enumerate(values)))) == pytest.approx(
                theirs[(i, j)], abs=1e-10
            )
