"""The best few rules: a mark for each set that nothing beats, the chosen one and all of them among them."""

from __future__ import annotations

import pandas as pd
import pytest

from simlib.experiments.attribution.parts import game
from simlib.experiments.discovery.search import COLUMNS, Search
from simlib.experiments.discovery.subsets import Limits
from simlib.scenario.scenario import load_scenario
from simlib.see import frontier

ROWS = [
    ["a", 1, 0.06, 0.05, 0.04, 0.06, 10.0, 8.0, 12.0, True, True, True],
    ["", 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, False, False, True],
    ["b", 1, 0.02, 0.01, 0.0, 0.02, 20.0, 18.0, 22.0, False, True, False],
    ["a,b,c", 3, 0.08, 0.07, 0.06, 0.08, 50.0, 40.0, 60.0, False, False, False],
]


@pytest.fixture
def found():
    played = game(*(load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform")), "document")
    table = pd.DataFrame(ROWS, columns=COLUMNS)
    key, money = ("stocked_24m", "level", "3"), ("fund_million", "year", "all")
    return Search(played, key, money, Limits(1), table, 9, (8, 16, 64))


def test_marks_stand_at_cost_and_gain_of_the_chosen_set_the_front_and_all_rules(found):
    (ax,) = frontier(found).axes
    marks = [(x.get_xdata()[0], x.get_ydata()[0]) for x in ax.lines if x.get_marker() in ("o", "s")]
    assert marks == [pytest.approx(x) for x in ((10.0, 5.0), (0.0, 0.0), (50.0, 7.0))]
    spans = [
        list(x.get_ydata())
        for x in ax.lines
        if len(x.get_xdata()) == 2 and x.get_xdata()[0] == x.get_xdata()[1] == 10.0
    ]
    assert spans == [pytest.approx([4.0, 6.0])]


@pytest.mark.parametrize(("language", "said"), [("en", ("best", "64 fresh worlds")), ("zh", ("最优", "64个新世界"))])
def test_it_says_which_is_best_and_over_how_many_worlds(read, found, language, said):
    text = read(frontier(found, language))
    assert all(x in text for x in said)
