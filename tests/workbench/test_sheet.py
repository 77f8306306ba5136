"""The picture beside the rules: paired curves, cut where nobody is seen any more, saved as files."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from simlib.core.files import home, scenarios
from simlib.see.colours import look
from simlib.words import words
from simlib.workbench.app import Explorer
from simlib.workbench.picture import Line, Picture, last_month
from simlib.workbench.session import Session
from simlib.workbench.text import numbers
from tests.workbench.standing import Standing, made_up


def texts(fig) -> list[str]:
    return [t.get_text() for ax in fig.axes for t in ax.texts]


def pair(a=None, b=None) -> list[Line]:
    return [
        Line(a or made_up(0.2, 4), "base", look("national")),
        Line(b or made_up(0.4, 4), "moved", look("sichuan"), True),
    ]


@pytest.fixture
def explorer(tmp_path, monkeypatch):
    shutil.copytree(scenarios(), tmp_path / "scenarios")
    monkeypatch.setenv("SIMLIB_HOME", str(tmp_path))
    return Explorer(Session(), "en", 4, Standing())


def test_curves_and_differences_are_of_the_same_replications():
    w = words("en", "workbench")
    many, few = made_up(0.2, 16), made_up(0.4, 2)
    drawn = Picture().whole(pair(many, few), 16, w, "")
    cut = Picture().whole(pair(many.first(2), few), 16, w, "")
    assert texts(drawn) == texts(cut) and "base 20.5%" in texts(drawn)
    assert "20.5%" in numbers(few, many, "base", w) and "+20.0" in numbers(few, many, "base", w)


def test_curves_end_with_the_follow_up():
    seen = np.where(np.arange(37) <= 20, 30, 2)
    short = replace(made_up(0.4, 4), reach=[seen] * 4)
    assert last_month(pair(b=short)) == 20 and last_month(pair()) == 36
    fig = Picture().whole(pair(b=short), 4, words("en", "workbench"), "")
    long = [line.get_xdata() for line in fig.axes[0].lines if len(line.get_xdata()) > 2]
    assert len(long) == 2 and all(x[-1] == 20 for x in long) and fig.axes[0].get_xlim()[1] == 24


def test_a_level_without_hospitals_has_no_line_and_no_name():
    def without(runs):
        return replace(runs, curves=[np.where(np.arange(3)[:, None] == 1, np.nan, c) for c in runs.curves])

    fig = Picture().whole(pair(without(made_up(0.2, 4)), without(made_up(0.4, 4))), 4, words("en", "workbench"), "")
    tertiary, secondary = fig.axes[:2]
    assert len(tertiary.texts) == 2 and not secondary.texts and not secondary.lines
    assert Picture().png(pair(without(made_up(0.2, 4)), without(made_up(0.4, 4))), 4, words("en", "workbench"))


def test_what_the_fund_pays_in_the_last_year_stands_in_the_table():
    runs = made_up(0.4, 3)
    for v in runs.values:
        v |= {("fund_net_million", "year", str(y)): 10.0 * (y - 2020) for y in (2023, 2024)}
    assert "2024" in numbers(runs, runs, "base", words("en", "workbench"))
    assert "2024 (million yuan)" in numbers(runs, runs, "base", words("en", "workbench"))
    assert '<td class="n">40.0</td>' in numbers(runs, runs, "base", words("en", "workbench"))


def test_the_picture_is_saved_as_svg_and_png_that_say_of_what_they_are(explorer, tmp_path):
    for _ in range(2):
        explorer.sheet.save.click()
    folder = tmp_path / "outputs/explore"
    names = [f"small-world-sichuan-{n}.{x}" for n in (1, 2) for x in ("png", "svg")]
    assert sorted(p.name for p in folder.iterdir()) == names and names[3] in explorer.sheet.said.value
    assert Image.open(folder / names[0]).size[0] > 900 and "<svg" in (folder / names[1]).read_text(encoding="utf-8")
    foot = explorer.sheet.foot()
    assert "made-up hospitals" in foot and "not observed" in foot


def test_a_picture_of_what_was_asked_before_is_not_saved(explorer, tmp_path):
    explorer.sheet.dim(True)
    explorer.sheet.save.click()
    assert "no picture yet" in explorer.sheet.said.value and not (tmp_path / "outputs").exists()


def test_a_folder_that_takes_no_picture_is_told(explorer, tmp_path):
    (tmp_path / "outputs").write_text("a file where a folder should be")
    explorer.sheet.save.click()
    assert "cannot be written" in explorer.sheet.said.value


def test_the_pages_on_words_and_limits_are_named_and_are_there():
    for language in ("en", "zh"):
        named = [
            x.strip("。.：: ")
            for x in words(language, "workbench")["read_more"].replace("：", " ").replace("。", " ").split()
        ]
        pages = [x for x in named if x.startswith("docs/")]
        assert len(pages) == 2 and all((home() / p).is_file() for p in pages)
