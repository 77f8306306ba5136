"""Published figures as data: each is counted or says why not, is fitted or says why not, and a fault is one line."""

from __future__ import annotations

import csv
import math

import numpy as np
import pytest

from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.experiments import targets as t
from simlib.model.model import replicate

ALL = t.targets()
FIGURES = [f for part in ALL for f in part.figures]
FILE = """
format: 1
world: {region: chongqing, cohort: nmpa, start: 2018-01-01, policy_from: 2024-01-01, end: 2026-12-31}
figures:
  - id: a
    title: {en: a, zh: 甲}
    unit: "%"
    published: [1, 2]
    count: {mean_stocked: {level: 3}}
    fit: {tolerance: 1, why: {en: a, zh: 甲}}
"""


def test_every_stored_figure_is_counted_in_a_record_of_the_model_or_says_why_it_cannot_be():
    for part in ALL:
        record = replicate(t.parse_targets("small", small(part)).scenario, 0, supplies=True)
        for figure in part.figures:
            assert figure.missing or isinstance(t.observe(record, figure), float), figure.id


def small(part):
    """The file of some targets, with its world in a small region."""
    days = {0: "2023-09-30", 1: "2023-12-31"}
    snapshots = ", ".join(days[i] for i in range(len(part.scenario.snapshots)))
    world = f"{{region: chongqing, cohort: nmpa, start: 2018-01-01, end: 2026-12-31, snapshots: [{snapshots}]}}"
    return parse_yaml(f"format: 1\nworld: {world}\nfigures: []\n", "small.yaml")


def test_every_published_figure_that_is_to_be_met_is_among_them_and_every_one_has_its_row():
    with (scenarios() / "evidence.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row["use"] for row in csv.DictReader(file)}
    cited = {f.evidence for f in FIGURES if f.evidence}
    assert cited <= set(rows)
    assert {code for code, use in rows.items() if use == "calibrate"} <= cited


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mean_stocked", "mean_stoked", "'mean_stoked'.*did you mean 'mean_stocked'"),
        ("[1, 2]", "[2, 1]", "a: published: one number, or the lower and the upper one"),
        ("{level: 3}", "{levels: 3}", "mean_stocked: .*'levels'.*did you mean 'level'"),
        ("{level: 3}", "{areas: [oncology]}", "mean_stocked: level: missing"),
        ("{mean_stocked: {level: 3}}", "{indicator: {name: stoked_24m}}", "'stoked_24m'.*did you mean 'stocked_24m'"),
        ("region: chongqing", "region: chonqing", "world: region: .*'chonqing'.*did you mean 'chongqing'"),
        ("cohort: nmpa", "cohort: nmpa, policy: nationl", "world: .*nationl.*did you mean 'national'"),
        ("    count: {mean_stocked: {level: 3}}\n", "", "a: give one way to count it, or why the model cannot"),
        ("    fit: {tolerance: 1, why: {en: a, zh: 甲}}\n", "", "a: give fit, or why the calibration leaves it out"),
        ("tolerance: 1", "tolerance: 0", "figures.0.fit.tolerance: .*greater than 0"),
        ("{mean_stocked: {level: 3}}", "{panel_supplied: {panel: 5, on: 2023-09-30}}", "2023-09-30 is none of the world's snapshots; add it there"),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_of_figures_is_one_line(old, new, words):
    document = parse_yaml(FILE.replace(old, new), "figures.yaml")
    with pytest.raises(InputError, match=words) as e:
        t.parse_targets("x", document)
    assert "\n" not in str(e.value)


def test_a_logarithm_needs_a_number_above_0():
    text = FILE.replace("[1, 2]", "[0, 2]").replace("tolerance: 1", "scale: log, tolerance: 1")
    with pytest.raises(InputError, match="scale: log needs a published number above 0"):
        t.parse_targets("x", parse_yaml(text, "figures.yaml"))


def test_one_id_means_one_figure_in_all_files():
    one, other = (parse_yaml(FILE, f"{name}.yaml") for name in "ab")
    with pytest.raises(InputError, match="b.yaml.*figures.0.id: 'a' is an earlier figure's id in a"):
        t.parse_all({"a": one, "b": other})


def test_on_the_scale_of_the_fit_a_figure_is_itself_or_its_logarithm_and_nothing_has_a_logarithm_too():
    linear = t.parse_targets("x", parse_yaml(FILE, "f.yaml")).figures[0]
    log = t.parse_targets("x", parse_yaml(FILE.replace("tolerance: 1", "scale: log, tolerance: 1"), "f.yaml")).figures[
        0
    ]
    assert t.scaled(linear, [0.0, 3.0]).tolist() == [0.0, 3.0]
    assert t.scaled(log, [0.0, 3.0]) == pytest.approx([math.log(0.1), math.log(3.0)])
    assert np.isnan(t.scaled(log, [np.nan])).all()
