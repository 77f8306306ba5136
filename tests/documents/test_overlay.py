"""Observed shares over the model's curves: Wilson intervals, nothing hidden in silence, a figure in either language."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest

from simlib.cli import main
from simlib.core.files import InputError
from simlib.documents.beside import beside
from simlib.experiments.intervals import wilson
from simlib.experiments.samples import drugs_counted
from simlib.outcomes.observed import Observed, Share
from simlib.see.colours import look
from simlib.see.overlay import against, overlay, text
from simlib.see.save import save

SEEN = Observed(
    "mine.csv", (Share(3, 12.0, 30, 100), Share(3, 48.0, 5, 10), Share(2, 6.5, 0, 40), Share(1, 24.0, 10, 10)), False
)


@pytest.fixture(scope="module")
def result(study):
    return study.results["beijing-beijing-default"]


def test_the_interval_is_wilsons():
    k, n, z = 30, 100, 1.959963984540054
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert wilson(k, n) == pytest.approx((middle - half, middle + half))
    assert wilson(0, 40)[0] == 0 and 0 < wilson(0, 40)[1] < 0.1
    assert wilson(10, 10)[1] == 1 and 0.6 < wilson(10, 10)[0] < 1


def test_each_observation_stands_beside_the_models_curve_at_its_month(result):
    table = against(result, SEEN).set_index(["level", "months"])
    curve = result.curve_table().set_index(["level", "month"])["mean"]
    assert table.loc[(3, 12.0), "model"] == pytest.approx(curve[3, 12])
    assert table.loc[(2, 6.5), "model"] == pytest.approx((curve[2, 6] + curve[2, 7]) / 2)
    assert np.isnan(table.loc[(3, 48.0), "model"]) and table.loc[(3, 48.0), "inside"] is None
    row = table.loc[(3, 12.0)]
    assert row["inside"] == (row["observed_low"] <= row["model"] <= row["observed_high"])


@pytest.mark.parametrize(("language", "said"), [("en", "rows observed there: 1"), ("zh", "有1行观察晚于")])
def test_what_is_not_shown_is_said(result, language, said):
    found = text(result, SEEN, against(result, SEEN), language)
    assert said in found
    assert ("30 of 100" if language == "en" else "30/100") in found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_figure_has_a_panel_a_level_and_every_glyph(result, language, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = overlay(result, SEEN, language)
        for suffix in (".svg", ".png", ".pdf"):
            save(figure, tmp_path / f"a{suffix}")
    assert len(figure.axes) == 3
    marks = [len(c.lines[0].get_xdata()) for ax in figure.axes for c in ax.containers]
    assert marks == [1, 1, 1]
    assert all(ax.get_ylim()[1] >= 100 * wilson(10, 10)[1] for ax in figure.axes[2:])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.pdf", "a.png", "a.svg"]


def test_a_figure_of_an_unknown_kind_or_place_is_refused_before_anything_runs(tmp_path, capsys):
    words = ["overlay", "chongqing-national-default", str(tmp_path / "none.csv"), str(tmp_path / "nowhere" / "a.svg")]
    assert main(words) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main([*words[:3], str(tmp_path / "a.jpg")]) == 2
    assert "must end in .svg, .png, .pdf" in capsys.readouterr().err
    assert main([*words[:3], str(tmp_path / "a.svg")]) == 2
    assert "none.csv: no such file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_nothing_is_drawn_or_judged_past_the_last_month_that_enough_drugs_reach(result):
    last = drugs_counted(result).last_month
    assert last < 36
    late = Observed("mine.csv", (Share(3, float(last), 30, 100), Share(3, last + 0.5, 30, 100)), False)
    table = against(result, late)
    assert table["model"].notna().tolist() == [True, False] and table["inside"][1] is None
    assert f"past month {last}" in text(result, late, table)
    (ax,) = overlay(result, late).axes
    assert max(x for line in ax.lines for x in line.get_xdata()) == last


def test_a_level_without_hospitals_is_not_judged(result):
    none = replace(result, curves=result.curves * np.array([1, 1, np.nan])[None, :, None])
    table = against(none, SEEN)
    assert table[table["level"] == 3]["inside"].isna().all() and table[table["level"] == 2]["inside"].notna().all()
    assert len(overlay(none, SEEN).axes) == 2
    with pytest.raises(InputError, match="no curve to draw"):
        overlay(replace(result, curves=np.full_like(result.curves, np.nan)), SEEN)


def test_the_curve_has_its_policys_colour_and_says_what_its_share_is_of(result):
    axes = overlay(result, SEEN).axes
    assert {ax.lines[0].get_color() for ax in axes} == {look("beijing").colour}
    assert axes[0].get_ylabel().startswith("share of target pairs")


def test_chinese_has_chinese_punctuation(result):
    *lines, _ = text(result, SEEN, against(result, SEEN), "zh").split("\n")
    assert "30/100" in lines[1] and not any(mark in line for line in lines for mark in (", ", ": ", " ("))


def test_the_table_never_overwrites_the_observations(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    seen = tmp_path / "seen.csv"
    seen.write_text("level,months,stocked,of\n3,12,3,10\n", encoding="utf-8")
    before = seen.read_bytes()
    words = ["overlay", "chain", str(seen), "a.svg", "--replications", "2", "--workers", "1", "--out", "./seen.csv"]
    assert main([*words, "--force"]) == 2
    assert "your observations" in capsys.readouterr().err
    assert seen.read_bytes() == before and list(tmp_path.iterdir()) == [seen]


def test_the_command_draws_and_tells(tmp_path, capsys):
    seen = tmp_path / "seen.csv"
    seen.write_text("level,months,stocked,of\n3,12,3,10\n", encoding="utf-8")
    out = tmp_path / "t.csv"
    words = [
        "overlay",
        "chain",
        str(seen),
        str(tmp_path / "a.svg"),
        "--replications",
        "2",
        "--out",
        str(out),
        "--workers",
        "1",
    ]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "3 of 10" in said and "Wilson" in said
    assert (tmp_path / "a.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert "observed_low" in out.read_text(encoding="utf-8-sig")


def test_own_data_are_a_section_of_a_report_in_its_languages(study, tmp_path):
    seen = tmp_path / "seen.csv"
    seen.write_text("level,months,stocked,of\n3,12,3,10\n3,60,3,10\n", encoding="utf-8")
    body = beside(study, "beijing-beijing-default", seen).data
    english, chinese = body.split('<div lang="zh">')
    assert "Observed stocking beside the model: Beijing, Beijing rules" in english and "past month" in english
    assert "实际配备与模型对照" in chinese
    assert beside(study, "beijing-beijing-default", "").data == ""
    with pytest.raises(InputError, match="did you mean 'beijing-beijing-default'"):
        beside(study, "beijing-beijing-defalt", seen)
