"""One small world, simulated once, and helpers that read what a figure says."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure

from simlib.experiments.run import simulate
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario
from tests.worlds import random_world

WORLD = 8  # under a policy other than practice before the reforms


@pytest.fixture(scope="session")
def scenario():
    return load_scenario(random_world(WORLD))


@pytest.fixture(scope="session")
def record(scenario):
    return replicate(scenario, 1, pairs=True, events=True)


@pytest.fixture(scope="session")
def result(scenario):
    return simulate(scenario, 3, workers=1, progress=False)


def said(figure: Figure) -> str:
    """All that a figure says, a line a text."""
    texts = [t for ax in figure.axes for t in ax.texts] + figure.texts
    for ax in figure.axes:
        texts += [
            ax.title,
            ax._left_title,
            ax.xaxis.label,
            ax.yaxis.label,
            *ax.get_xticklabels(),
            *ax.get_yticklabels(),
        ]
    return "\n".join(t.get_text() for t in texts if t.get_text())


@pytest.fixture
def read():
    return said
