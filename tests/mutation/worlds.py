"""The comparison of engine and twin in random worlds, a world a test: for mutants, which need not run all of them.

`tests/twin/test_engine.py` runs the same worlds, many at a time; pytest finds this file only where it is named.
"""

import pytest

from simlib.scenario.scenario import load_scenario
from tests.twin.test_engine import check_worlds, differences
from tests.worlds import random_world, with_pipeline


@pytest.mark.parametrize("seed", range(60))
def test_engine_and_twin_give_the_same_dates(seed):
    check_worlds(range(seed, seed + 1))


@pytest.mark.parametrize("seed", range(400, 416))
def test_engine_and_twin_bring_the_same_projects_to_approval(seed):
    found, _ = differences(load_scenario(with_pipeline(random_world(seed), seed)))
    assert not found
