"""Published figures beside the model: a verdict is what its interval says."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from simlib.cli import main
from simlib.experiments import evidence as e
from simlib.experiments.targets import Figure, Targets, targets
from simlib.scenario.scenario import load_scenario


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
    figure = Figure(
        id="a",
        title={"en": "a", "zh": "甲"},
        unit="%",
        published=(8.0, 9.0),
        count={"mean_stocked": {"level": 3}},
        unfitted={"en": "a", "zh": "甲"},
    )
    assert e.Seen(figure, np.array(values)).verdict == verdict


def test_the_command_prints_each_figure_and_writes_a_table(tmp_path, capsys, monkeypatch):
    world = {
        "format": 1,
        "name": "x",
        "region": "chongqing",
        "cohort": "nmpa",
        "end": "2025-12-31",
        "snapshots": ["2023-09-30"],
    }
    (part,) = [p for p in targets() if p.name == "before-reform"]
    few = [f for f in part.figures if f.id in ("cancer-tertiary", "fund-share", "orphan-availability")]
    few[-1] = few[-1].model_copy(update={"count": {}, "missing": few[-1].differs})
    stored = (Targets("few", load_scenario(world), tuple(few)),)
    monkeypatch.setattr(e, "targets", lambda: stored)
    words = ["evidence", "--replications", "2", "--workers", "1", "--out", str(tmp_path / "a.csv"), "--language", "zh"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "2次随机模拟" in said and "无法统计" in said and len(said.strip().splitlines()) == 6
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as f:
        rows = {row["id"]: row for row in csv.DictReader(f)}
    assert set(rows) == {f.id for f in few} and float(rows["cancer-tertiary"]["mean"]) > 0
