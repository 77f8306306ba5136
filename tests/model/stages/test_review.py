"""Special case review in the engine: what is not heard at one sitting waits for the next, and is worth what it was."""

from __future__ import annotations

import pytest

from simlib.model.model import replicate
from tests.twin.toys import CASE, toy


def test_of_cases_all_worth_the_same_every_sitting_pays_for_those_that_it_hears():
    # half of all cases is put up and is worth 400 yuan a case in the mean: 800 yuan for each that is put up
    numbers = CASE | {"purchase": {"time": 0}}
    record = replicate(toy("purchase", "use", "payment", parameters=numbers, horizon_days=400).world.scenario, 0)
    time, cases, gain, served = record.sittings.T
    assert time == pytest.approx([182.625, 365.25]) and (served < 0.3).all()  # every sixth month; most have to wait
    assert gain / cases == pytest.approx([800, 800], rel=1e-5)  # cases are counted in millionths
    assert (cases > 0.1).all()
