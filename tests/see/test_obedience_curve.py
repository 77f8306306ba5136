"""The picture of a gain by the share of hospitals that obey: what is marked, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

from simlib.experiments.obedience_curve import drawn
from simlib.see.colours import look
from simlib.see.obedience_curve import obedience_line, obedience_lines
from simlib.words import words
from tests.report.made_up import made_up

MEANS = {"before-reform": 0.1, "national": 0.2, "beijing": 0.3}


@pytest.fixture(scope="module")
def study():
    return made_up(MEANS)


def test_each_place_has_a_line_in_the_colour_of_its_own_rules_with_the_default_marked_large(study):
    (ax,) = obedience_lines(study, words("en")).axes
    for region, policy in (("beijing", "beijing"), ("nation", "national")):
        points = drawn(study)[region].points()
        own = [x for x in ax.lines if to_hex(x.get_color()) == look(policy).colour.lower()]
        longest = max(own, key=lambda x: len(x.get_xdata()))
        assert np.allclose(longest.get_xdata(), [0, 60, 100])
        assert np.allclose(longest.get_ydata(), 100 * points["difference"])
        (large,) = [x for x in own if x.get_markersize() > 7]
        assert np.allclose([*large.get_xdata(), *large.get_ydata()], [60, 100 * points.loc[0.6, "difference"]])


@pytest.mark.parametrize(("language", "said"), [("en", "no obedience was ever measured"), ("zh", "从未有人测量过")])
def test_the_picture_says_that_no_obedience_was_ever_measured_and_where_the_default_stands(study, read, language, said):
    many = read(obedience_lines(study, words(language)))
    one = read(obedience_line(drawn(study)["beijing"], language))
    for text in (many, one):
        assert said in text and "60%" in text
