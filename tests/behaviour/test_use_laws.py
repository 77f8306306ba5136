"""Laws of patients, pharmacies and payment that hold exactly: in each world, for every drug and home hospital's group.

Every law is tried on 100 random worlds (a few of them in each run of the tests), must be put to a real test in at least
30, and fails on a named planted bug. Where a sentence is about patients no date of availability may move.
"""

from __future__ import annotations

import pytest

from tests.behaviour.use_bugs import BUGS
from tests.behaviour.use_laws import LAWS
from tests.behaviour.use_worlds import check

WORLDS, SEEN = 100, 30
FEW, SEEN_IN_FEW = 6, 1
BUG_SHOWS_IN = 12  # worlds, at the latest


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_a_law_holds_in_many_worlds(law: str):
    check(LAWS[law], WORLDS, SEEN)


@pytest.mark.parametrize("law", LAWS)
def test_a_law_holds_in_a_few_worlds(law: str):
    check(LAWS[law], FEW, SEEN_IN_FEW)


@pytest.mark.parametrize("law", LAWS)
def test_a_law_finds_its_planted_bug(law: str, monkeypatch: pytest.MonkeyPatch):
    _, plant = BUGS[law]
    plant(monkeypatch)
    with pytest.raises(AssertionError, match=r"^world \d+: .* -> "):
        check(LAWS[law], BUG_SHOWS_IN, 0, fresh=True)
