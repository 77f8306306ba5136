"""Readings that cannot act say what is not simulated, and never wait for a stage that is there."""

from __future__ import annotations

import re

import pytest

from simlib.policy.flow import STAGES
from simlib.policy.readings import readings

WAITING = [
    other.pending or other.inert for r in readings().values() for other in r.others if other.pending or other.inert
]


@pytest.mark.parametrize("said", WAITING, ids=lambda said: said.en[:40])
def test_a_reading_does_not_wait_for_a_stage_that_is_built(said):
    built = {stage.number for stage in STAGES.values() if stage.built}
    for number in re.findall(r"come?s? with stage (\d+)|要到第(\d+)", said.en + said.zh):
        assert int("".join(number)) not in built, said.en
    assert "阶段" not in said.zh  # a stage is 环节


@pytest.mark.parametrize("code", ["B5", "C4", "C5", "E9"])
def test_what_is_left_out_by_choice_is_called_not_simulated(code):
    (said,) = [o.pending for o in readings()[code].others if o.pending]
    assert said.en.endswith("is not simulated")
    assert said.zh.startswith("未模拟")
