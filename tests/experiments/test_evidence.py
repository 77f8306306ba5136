"""Published figures beside the model: each is counted, or says why not, and a verdict is what its interval says."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from simlib.cli import main
from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.experiments import evidence as e
from simlib.model.model import replicate
from simlib.scenario.scenario import load_scenario

FIGURES = e.figures_file().figures
ROW = """
format: 1
world: {region: chongqing, cohort: nmpa, start: 2018-01-01, policy_from: 2024-01-01, end: 2026-12-31}
replications: 5
figures:
  - {id: a, title: {en: a, zh: 甲}, unit: "%", published: [1, 2], count: {mean_stocked: {level: 3}}}
"""


def test_every_stored_figure_is_counted_in_a_record_of_the_model_or_says_why_it_cannot_be():
    record = replicate(load_scenario("small-world", {"snapshots": ["2023-09-30"]}), 0)
    for figure in FIGURES:
        assert figure.missing or isinstance(e.observe(record, figure), float), figure.id


def test_every_published_figure_that_is_to_be_met_is_among_them_and_every_one_has_its_row():
    with (scenarios() / "evidence.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row["use"] for row in csv.DictReader(file)}
    cited = {f.evidence for f in FIGURES if f.evidence}
    assert cited <= set(rows)
    assert {code for code, use in rows.items() if use == "calibrate"} <= cited


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.05, 0.06, 0.07], "inside"),  # 6 (3.5 to 8.5) per cent
        ([0.01, 0.011, 0.012], "below"),
        ([0.2, 0.21, 0.22], "above"),
        ([np.nan, np.nan], "none"),
        ([], "none"),
    ],
)
def test_a_figure_is_met_where_the_models_interval_and_the_published_range_have_a_value_in_common(values, verdict):
    figure = e.Figure(
        id="a", title={"en": "a", "zh": "甲"}, unit="%", published=(8.0, 9.0), count={"mean_stocked": {"level": 3}}
    )
    assert e.Seen(figure, np.array(values)).verdict == verdict


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("mean_stocked", "mean_stoked", "'mean_stoked'.*did you mean 'mean_stocked'"),
        ("[1, 2]", "[2, 1]", "a: published: one number, or the lower and the upper one"),
        ("{level: 3}", "{levels: 3}", "mean_stocked: .*'levels'.*did you mean 'level'"),
        ("{level: 3}", "{areas: [oncology]}", "mean_stocked: level: missing"),
        ("{mean_stocked: {level: 3}}", "{indicator: {name: stoked_24m}}", "'stoked_24m'.*did you mean 'stocked_24m'"),
        ("region: chongqing", "region: chonqing", "world: region: .*'chonqing'.*did you mean 'chongqing'"),
        (
            "published: [1, 2]",
            "published: [1, 2], policy: nationl",
            "figures.0.policy: .*nationl.*did you mean 'national'",
        ),
        (", count: {mean_stocked: {level: 3}}", "", "a: give one way to count it, or why the model cannot"),
    ],
)
def test_a_fault_in_the_file_of_figures_is_one_line(old, new, words):
    document = parse_yaml(ROW.replace(old, new), "figures.yaml")
    with pytest.raises(InputError, match=words):
        e.parse_figures(document)


def test_the_command_prints_each_figure_and_writes_a_table(tmp_path, capsys, monkeypatch):
    file = e.figures_file()
    few = [f for f in file.figures if f.id in ("cancer-tertiary", "first-commercial-list", "orphan-availability")]
    few[-1] = few[-1].model_copy(update={"count": {}, "missing": few[-1].differs})
    world = file.world | {"region": "chongqing", "end": "2025-12-31"}
    monkeypatch.setattr(e, "figures_file", lambda: file.model_copy(update={"figures": tuple(few), "world": world}))
    words = ["evidence", "--replications", "2", "--workers", "1", "--out", str(tmp_path / "a.csv"), "--language", "zh"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "2次随机模拟" in said and "无法统计" in said and len(said.strip().splitlines()) == 6
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as f:
        rows = {row["id"]: row for row in csv.DictReader(f)}
    assert set(rows) == {f.id for f in few} and float(rows["cancer-tertiary"]["mean"]) > 0
