"""Where a conclusion fails: each limit drawn on the whole range of its number, with how sure its end is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from simlib.experiments.discovery.fails import BOX_COLUMNS, LIMIT_COLUMNS, Fails, Found
from simlib.experiments.plausible import Plausible
from simlib.scenario.scenario import load_scenario
from simlib.see import failing
from simlib.world.assumptions import assumption

PATH, KEY = "asking.lambda0", ("stocked_24m", "level", "3")


def made(limits):
    """An answer with one box of these limits, or none."""
    index = pd.MultiIndex.from_tuples([KEY], names=["indicator", "by", "group"])
    values = pd.DataFrame([np.linspace(0.0, 0.2, 20)], index=index)
    boxes = pd.DataFrame(
        [[1, 0.25, 0.5, 0.4, 12, 0.01, 0.0, 0.02, 0.1, 0.09, 0.11]] * bool(limits), columns=BOX_COLUMNS
    )
    table = pd.DataFrame(limits, columns=LIMIT_COLUMNS)
    found = Found(
        0.8, 0.3, boxes, table, [], boxes[:0], table[:0][["box", "path", "low", "high"]], "" if limits else "none"
    )
    sides = [load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform")]
    return Fails(*sides, KEY, 0.05, Plausible((), values, values[[0, 1]]), found)


LIMIT = [1, PATH, np.nan, 1.5, 0.01, 0.9, np.nan, np.nan, 1.2, 1.8]


def test_a_limit_covers_its_part_of_the_range_and_its_line_where_the_end_lay_again():
    (ax,) = failing(made([LIMIT])).axes
    whole, part = [p for p in ax.patches if isinstance(p, Rectangle)]
    low, high = map(float, assumption(PATH).range)
    at = lambda x: (x - low) / (high - low)  # noqa: E731
    assert (whole.get_x(), whole.get_width()) == (0, 1)
    assert part.get_x() == pytest.approx(0) and part.get_width() == pytest.approx(at(1.5))
    (line,) = ax.lines
    assert list(line.get_xdata()) == pytest.approx([at(1.2), at(1.8)])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("25% of plausible worlds", "against 30% over all", "found 18 of 20")),
        ("zh", ("占可能世界的25%", "总体30%", "20次中18次")),
    ],
)
def test_it_says_how_large_a_box_is_and_how_often_the_conclusion_fails_in_it(read, language, said):
    text = read(failing(made([LIMIT]), language))
    assert all(x in text for x in said)


def test_without_a_box_it_says_so(read):
    assert "No few numbers say where" in read(failing(made([])))
