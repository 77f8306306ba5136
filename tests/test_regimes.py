"""The page of the five regimes: every number of its table and text is a paired difference of the batch."""

from __future__ import annotations

import runpy
from dataclasses import replace

import pytest

import simlib
from simlib.core.files import home, read_yaml
from simlib.experiments.study import Study
from simlib.scenario.experiment_files import load_experiment

TOOL = runpy.run_path(str(home() / "tools" / "regimes.py"))
PLACES = {
    "en": ["China", "Sichuan", "Chongqing", "Beijing", "Guangzhou"],
    "zh": ["全国", "四川", "重庆", "北京", "广州"],
}


def found() -> dict:
    """Made-up gains that tell regime, baseline, degree and reading apart."""
    made = {}
    for i, (region, _) in enumerate(TOOL["REGIMES"]):
        for j, base in enumerate(TOOL["BASES"]):
            for k, degree in enumerate(TOOL["DEGREES"]):
                for m, reading in enumerate(TOOL["READINGS"]):
                    mean = i + 10 * j + 5.1 * k + 3 * m
                    made[region, base, degree, reading] = TOOL["Gain"](mean, mean - 0.5, mean + 0.5, 20.0, 20.0 + mean)
    return made


def left():
    """Made-up remains of the page of the middle: gains of 3 to 7 points that become 5, four regimes out of their intervals."""
    names = [r for r, _ in TOOL["REGIMES"]]
    regimes = {
        r: TOOL["Survived"]((3.0 + i, 2.0 + i, 4.0 + i), (5.5, 4.0, 6.0), (1.0, 9.0) if i else None, 19, 20, i, 20)
        for i, r in enumerate(names)
    }
    order = names[::-1]
    before = dict(zip(zip(order, order[1:], strict=False), (0.95, 0.6, 0.55, 0.9), strict=True))
    return TOOL["Left"](regimes, before, (1.5, 1.25))


def test_what_is_left_of_a_gain_is_told_with_the_middle_beside_it():
    rows = TOOL["survivors"](left(), "en")
    assert rows[1] == ("Sichuan", "+4.0 (+3.0 to +5.0)", "+5.5 (+4.0 to +6.0)", "+1.0 to +9.0", "19 of 20", "1 of 20")
    assert rows[0][3] == "no spread beyond luck"


def test_each_conclusion_of_the_middle_is_told_with_what_became_of_it():
    gain, first, order, size, reading = TOOL["conclusions"](left(), "en")
    assert gain == ("Survived.", "Every regime gains. The lowest share of worlds with a gain is 95%.")
    assert first == ("Did not survive.", "The gain is largest in Guangzhou. It is in 20% of the worlds.")
    assert order[0] == "Survived in part." and "Beijing before Chongqing in 60%" in order[1]
    assert size[0] == "Did not survive." and "0.79 to 1.83 times" in size[1] and "3 of 5 regimes" in size[1]
    assert "1.50 times as large in the middle" in reading[1] and "1.25 times" in reading[1]
    assert all("{" not in text for _, text in TOOL["conclusions"](left(), "zh"))


def test_every_gain_is_the_difference_to_the_baseline_of_the_same_place_obedience_and_reading():
    """Every cell has the same run here, with a number of its own added to each indicator."""
    experiment = load_experiment("since-2021")
    result = simlib.simulate(simlib.load_scenario("small-world"), 2, workers=1, progress=False)
    added = {c.name: float(i) for i, c in enumerate(experiment.cells)}
    study = Study(experiment, {name: replace(result, values=result.values + x) for name, x in added.items()})
    names = {(c.region, c.policy, c.obedience, c.reading): c.name for c in experiment.cells}
    gains, policies = TOOL["gains"](study), dict(TOOL["REGIMES"])
    assert len(gains) == 5 * 2 * 3 * 2
    for (region, base, degree, reading), gain in gains.items():
        one, other = names[region, policies[region], degree, reading], names[region, base, degree, reading]
        assert gain.mean == pytest.approx(100 * (added[one] - added[other]))
        assert gain.with_ - gain.base == pytest.approx(gain.mean)


@pytest.mark.parametrize("language", PLACES)
def test_the_paragraphs_name_every_place_with_its_gain_and_leave_no_blank(language):
    gains = found()
    first, second = TOOL["paragraphs"](gains, gains, language)
    assert all(name in first and name in second for name in PLACES[language])
    assert "{" not in first + second
    for (region, _), place in zip(TOOL["REGIMES"], PLACES[language], strict=True):
        mean = gains[region, "before-reform", "default", ""].mean
        assert f"+{mean:.1f}" in first[first.index(place) :][:40]
    assert "10.0" in second  # what the notice of 2021 had ordered already


@pytest.mark.parametrize("language", PLACES)
def test_every_text_is_used_and_a_full_yaml_reader_reads_the_same(language, monkeypatch):
    class Noted(dict):
        def __getitem__(self, key):
            used.add(key)
            return super().__getitem__(key)

    used, gains = set(), found()
    written = TOOL["SAID"][language]
    monkeypatch.setitem(TOOL["SAID"], language, Noted(written))
    TOOL["text"](gains, gains, left(), language, "drawing.svg"), TOOL["picture"](gains, language)
    assert used == set(written)
    assert read_yaml(home() / "tools" / f"regimes.{language}.yaml").data == written


def test_the_table_has_a_row_for_each_baseline_regime_and_reading_and_the_picture_a_dot():
    gains = found()
    rows = TOOL["rows"](gains, "en")
    assert len({row[:3] for row in rows}) == len(rows) == 2 * 5 * 2
    assert rows[0][3:] == ("20.0% → 25.1%", "0.0 (−0.5 to +0.5)", "+5.1 (+4.6 to +5.6)", "+10.2 (+9.7 to +10.7)")
    panels = TOOL["picture"](gains, "en").axes
    assert [sum(line.get_marker() == "o" and len(line.get_xdata()) > 0 for line in ax.lines) for ax in panels] == [
        10,
        10,
    ]
