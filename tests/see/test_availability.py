"""Availability and bottlenecks as pictures: policies keep their colour, intervals say what they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from simlib.experiments.bottleneck import Bottleneck
from simlib.experiments.run import Result, compare
from simlib.outcomes.indicators import MONTHS
from simlib.scenario.scenario import load_scenario
from simlib.see.availability import availability
from simlib.see.base import looks_of
from simlib.see.bottleneck_bars import bottleneck_bars, gains
from simlib.see.colours import look
from simlib.see.figure_files import figure_bytes


def made_up(name: str, top: float, n: int = 4, changes: dict | None = None, **values: float) -> Result:
    line = np.linspace(0, top, MONTHS)
    curves = np.stack([np.stack([0.01 * line, 0.2 * line, line]) * (1 + 0.02 * i) for i in range(n)])
    rows = {(k, "all", "all"): [x + 0.001 * i for i in range(n)] for k, x in values.items()}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=range(n))
    if rows:
        table.index = pd.MultiIndex.from_tuples(table.index, names=["indicator", "by", "group"])
    return Result(load_scenario(name, changes), table, curves, 1.0)


@pytest.fixture(scope="module")
def runs():
    return [made_up(f"beijing-{p}-default", t) for p, t in (("before-reform", 0.2), ("beijing", 0.5))]


def drawn(figure) -> list[set[str]]:
    return [{to_hex(line.get_color()) for line in ax.lines} for ax in figure.axes]


def test_a_policy_keeps_its_colour_in_every_panel(runs):
    wanted = {look("before-reform").colour.lower(), look("beijing").colour.lower()}
    for colours in drawn(availability(compare(runs[1], runs[0]))):
        assert colours == wanted


def test_one_run_is_drawn_by_level_and_labelled_at_the_lines_end(runs, read):
    text = read(availability(runs[1]))
    end = 100 * float(runs[1].curve_table().query("level == 3")["mean"].iloc[-1])
    assert "tertiary hospitals" in text and "(%)" in text and "months after approval" in text
    assert any(f"tertiary hospitals {x:.1f}%" in text for x in np.linspace(0.4 * end, end, 2000))


def test_the_band_says_what_it_is_and_one_replication_says_that_it_has_none(runs, read):
    assert "band: 95% interval of the mean, 4 replications" in read(availability(runs[1]))
    assert "one replication, hence no interval" in read(availability(made_up("beijing-beijing-default", 0.5, 1)))


def test_two_runs_of_one_policy_are_told_apart_by_line_and_name(read):
    a, b = made_up("beijing-beijing-default", 0.4), made_up("beijing-beijing-full", 0.5)
    figure = availability([a, b])
    assert "Beijing, default obedience" in read(figure) and "Beijing, full obedience" in read(figure)
    looks = looks_of([a.scenario, b.scenario])
    assert looks[0].colour == looks[1].colour == look("beijing").colour and looks[0].line != looks[1].line


def test_nothing_ever_stocked_is_a_line_at_zero_and_no_hospitals_are_no_line(read):
    none = made_up("beijing-beijing-default", 0.0)
    assert "tertiary hospitals 0.0%" in read(availability(none))
    without = replace(none, curves=none.curves * np.array([1, 1, np.nan])[None, :, None])
    assert "tertiary" not in read(availability(without)) and "secondary hospitals 0.0%" in read(availability(without))
    assert len(availability([without, without]).axes) == 2
    nobody = replace(none, curves=np.full_like(none.curves, np.nan))
    assert "no hospital treats the disease of a counted drug" in read(availability(nobody))


def test_a_level_is_drawn_in_the_colour_of_its_runs_policy(runs):
    assert drawn(availability(runs[1])) == [{look("beijing").colour.lower()}]
    kinds = {line.get_linestyle() for line in availability(runs[1]).axes[0].lines}
    assert len(kinds) > 1


def test_results_and_effects_plot_themselves(runs, read):
    assert read(runs[1].plot("zh")) == read(availability(runs[1], "zh")) and "批准后月数" in read(runs[1].plot("zh"))
    effect = compare(runs[1], runs[0])
    assert read(effect.plot()) == read(availability(effect))


def test_every_glyph_is_there_in_chinese(runs):
    assert figure_bytes(availability(runs, "zh"), ".svg").startswith(b"<?xml")


@pytest.fixture(scope="module")
def found():
    base = made_up("beijing-beijing-default", 0.4, stocked_24m=0.2, months_without_24m=20.0)
    asking = made_up("beijing-beijing-default", 0.4, stocked_24m=0.3, months_without_24m=17.0)
    listing = replace(base, values=base.values + np.array([[0.02, -0.02, 0.02, -0.021], [0.0, 0.0, 0.0, 0.0]]))
    return Bottleneck(base, {"listing": listing, "asking": asking})


def test_the_greatest_gain_stands_on_top_and_helping_points_to_the_right(found, read):
    figure = bottleneck_bars(found)
    names = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert names[0].startswith("5 ") and names[1].startswith("2 ")
    rows = found.table().query("indicator == 'months_without_24m'").set_index("stage")
    data = gains(rows, "months_without_24m")
    assert (
        data.loc["asking", "gain"] == pytest.approx(3.0)
        and data.loc["asking", "low"] > 2.9
        and data.loc["asking", "high"] < 3.1
    )
    text = read(figure)
    assert "gain, percentage points" in text and "gain, months fewer" in text and "as it is: 20.2%" in text


def test_a_gain_that_luck_could_make_is_pale_and_hatched(found):
    bars = bottleneck_bars(found).axes[0].patches
    assert [bool(b.get_hatch()) for b in bars] == [False, True]
    assert bars[1].get_alpha() < 0.5 and bars[0].get_facecolor()[:3] == pytest.approx(
        [int(look("beijing").colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    )


def test_the_bars_are_chinese_in_chinese(found, read):
    figure = bottleneck_bars(found, "zh")
    assert "改善，百分点" in read(figure) and "gain" not in read(figure)
    assert figure_bytes(figure, ".pdf").startswith(b"%PDF")
