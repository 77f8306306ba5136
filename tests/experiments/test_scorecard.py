"""The scorecard: a published figure against fitted histories, hit or miss, and how sharp and well placed they are."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from simlib.cli import main
from simlib.core.files import InputError
from simlib.experiments import scorecard as s
from simlib.experiments.targets import Figure, targets

WHY = {"en": "a", "zh": "甲"}
KEYS = {"title": WHY, "unit": "%", "count": {"mean_stocked": {"level": 3}}}


def score(published, values, fit=None, assumed=()):
    kind = {"fit": {"why": WHY, **fit}} if fit else {"unfitted": WHY}
    figure = Figure(id="a", published=published, **KEYS, **kind)
    worlds = {
        "middle": np.array([1.0, 2.0, 3.0]),
        "assumed": np.array(assumed, float),
        "fitted": np.array(values, float),
    }
    return s.Score(figure, worlds)


UP_TO_100 = np.linspace(0, 100, 1001)


@pytest.mark.parametrize(
    ("published", "fit", "verdict"),
    [
        (50.0, None, "met"),
        ((96.0, 99.0), None, "below"),  # 90% of the histories lie from 5 to 95
        ((90.0, 99.0), None, "met"),
        (2.0, None, "above"),
        (98.0, {"tolerance": 4}, "near"),
        (98.0, {"tolerance": 2}, "below"),
        (3.0, {"tolerance": 0.6, "scale": "log"}, "near"),  # 5 over e^0.6 is 2.7
        (2.0, {"tolerance": 0.6, "scale": "log"}, "above"),
    ],
)
def test_a_figure_is_met_in_the_range_of_histories_near_within_its_tolerance_and_missed_outside(
    published, fit, verdict
):
    assert score(published, UP_TO_100, fit).verdict == verdict


def test_a_figure_that_was_never_counted_has_no_verdict():
    empty = score(5.0, [])
    assert empty.verdict == "none" and np.isnan(empty.pit) and np.isnan(empty.crps())


def test_the_share_of_histories_below_counts_ties_by_half():
    assert score(2.0, [1.0, 2.0, 2.0, 3.0]).pit == 0.5
    assert score(9.0, [1.0, 2.0]).pit == 1.0


def test_the_ranked_probability_score_is_that_of_two_points_and_falls_as_histories_come_nearer():
    two = score(1.0, [0.0, 2.0])
    assert two.crps() == pytest.approx(
        0.0
    )  # fair: mean distance 1 less half the mean distance 2 of a pair of unlike ones
    wide, sharp = score(50.0, UP_TO_100).crps(), score(50.0, UP_TO_100 / 10 + 45).crps()
    assert 0 < sharp < wide / 5


def test_the_stored_figures_are_those_of_the_files_and_every_one_that_is_counted_has_fitted_histories():
    scores = s.scorecard()
    assert [x.figure.id for x in scores] == [f.id for part in targets() for f in part.figures]
    for x in scores:
        assert x.figure.missing or len(x.values["fitted"]) > 20, x.figure.id
    found = s.table(scores)
    assert len(found) == len(scores) and set(found["verdict"]) <= {"met", "near", "below", "above", "none"}


def test_a_miss_of_the_fit_names_the_mechanism_that_is_lacking():
    for x in s.scorecard():
        if x.figure.fit and x.verdict in ("below", "above"):
            assert x.figure.lacking, x.figure.id


def test_without_a_calibration_the_remedy_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(s, "scenarios", lambda: tmp_path)
    with pytest.raises(InputError, match="there is no figures.csv; run simlib calibrate"):
        s.stored_figures()


def test_the_command_prints_each_figure_and_writes_a_table(tmp_path, capsys):
    assert main(["scorecard", "--out", str(tmp_path / "a.csv"), "--language", "zh"]) == 0
    said = capsys.readouterr().out
    assert "公布数字与校准后的模型" in said and len(said.strip().splitlines()) == 3 + len(s.scorecard())
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as f:
        rows = {row["id"]: row for row in csv.DictReader(f)}
    assert float(rows["cancer-tertiary"]["fitted_low"]) < 13.41 and rows["cancer-tertiary"]["in_fit"] == "True"
    assert main(["scorecard", "--json"]) == 0 and '"crps"' in capsys.readouterr().out
