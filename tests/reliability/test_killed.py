"""R1 and R4: whatever ends a batch, nobody lives on, and a resumed batch makes what an undisturbed one makes."""

from __future__ import annotations

import sys

import pytest

from tests.reliability import killed

FEW = 4  # python -m tests.reliability.killed 100 does more of them


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of this kind are not known there")
def test_a_batch_killed_at_any_moment_leaves_nobody_and_resumes_to_the_same_tables_and_figures(tmp_path):
    peace, war = killed.project(tmp_path / "peace"), killed.project(tmp_path / "war")
    longest = killed.whole(peace)
    for how, after, status, lingered in killed.kills(war, FEW, longest, seed=4):
        assert status in killed.STATUS[how], (how, after, status)
        assert lingered <= killed.LINGER, (how, after, killed.alive(war))
    killed.whole(war)
    assert killed.made(war) == killed.made(peace) and len(killed.made(war)) > 5
