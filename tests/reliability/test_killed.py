"""R1 and R4: whatever ends a command, nobody lives on, and begun again it makes what an undisturbed one makes."""

from __future__ import annotations

import sys

import pytest

from tests.reliability import killed

FEW = {"batches": 4, "run": 2}  # python -m tests.reliability.killed 100 NAME does more of them, and moved assumptions


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are not known there")
@pytest.mark.parametrize("name", FEW)
def test_work_killed_at_any_moment_leaves_nobody_and_begun_again_makes_the_same_files(tmp_path, name):
    work = killed.WORKS[name]
    peace, war, longest = killed.worlds(tmp_path, work)
    for kill in killed.kills(peace, war, work, FEW[name], longest, seed=4):
        assert kill.well, (str(kill), killed.alive(war))
    killed.whole(war, work)
    assert killed.made(war, work) == killed.made(peace, work) != {}
