"""The calibration from end to end: on a figure that is a known function of two numbers, and the stored one against the model."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from simlib.core.files import InputError, parse_yaml, scenarios
from simlib.experiments import calibration as c
from simlib.experiments import figure_table as f
from simlib.experiments.targets import Targets, parse_targets, targets
from simlib.scenario import fitted
from simlib.scenario.derived import with_numbers, with_world
from simlib.scenario.drawn import candidates, in_world, points

FILE = """
format: 1
world: {region: chongqing, cohort: synthetic-small, start: 2020-01-01, policy_from: 2021-01-01, end: 2023-12-31}
figures:
  - id: sum
    title: {en: a, zh: 甲}
    unit: days
    published: 1.4
    count: {mean_stocked: {level: 3}}
    fit: {tolerance: 0.05, why: {en: a, zh: 甲}}
  - id: free
    title: {en: a, zh: 甲}
    unit: days
    published: 0.5
    count: {mean_stocked: {level: 2}}
    unfitted: {en: a, zh: 甲}
"""
PLAN = c.Plan(
    first=192,
    waves=((32, 0.5),),
    check=12,
    check_others=5,
    middle=3,
    truths=40,
    keep=24,
    together=16,
    warm_up=20,
    every=2,
    every_in_waves=2,
)
TOLD = {"obedience.must", "decision.rho"}
PUSH = "asking.push_exposure"  # that expresses reading A11


def observed(part, scenario, replication):
    """Where two numbers stand in their ranges, added up, with half of what a canvass is worth and luck; and luck alone."""
    luck = np.random.default_rng(replication).standard_normal(2) * 0.1
    p = scenario.parameters
    ends = {a.path: a.range for a in scenario.assumptions if a.path in TOLD}
    at = {path: (_at(p, path) - low) / (high - low) for path, (low, high) in ends.items()}
    values = {"sum": sum(at.values()) + p.asking.push_exposure / 2 + luck[0], "free": 0.5 + luck[1]}
    return [float(values[x.id]) for x in part.figures]


def _at(p, path):
    for name in path.split("."):
        p = getattr(p, name)
    return p


@pytest.fixture
def part(monkeypatch):
    monkeypatch.setattr(Targets, "observed", observed)
    return parse_targets("known", parse_yaml(FILE, "known.yaml"))


@pytest.fixture
def fit(part):
    return c.calibrate([part], PLAN, workers=1, progress=False)


def test_it_finds_the_numbers_that_move_the_figure_together_and_leaves_the_others_their_ranges(fit, part):
    assert set(fit.paths) == TOLD
    numbers = fit.numbers
    assert list(numbers) == ["weight", PUSH, *fit.paths] and len(numbers) == 2 * PLAN.keep * PLAN.together
    both = sums(numbers, part)[numbers[PUSH] == 0]
    assert both.mean() == pytest.approx(1.4, abs=0.06) and both.std() < 0.2
    assert all(p.agreement.max() < 1.2 for p in fit.posteriors)


def sums(numbers, part):
    ends = {a.path: a.range for a in part.scenario.assumptions if a.path in TOLD}
    return sum((numbers[p] - low) / (high - low) for p, (low, high) in ends.items())


def test_each_answer_to_a_reading_that_is_expressed_as_a_number_has_a_posterior_of_its_own(fit, part):
    default, canvass = fit.posteriors
    assert (default.answer.numbers, canvass.answer.numbers) == ({PUSH: 0.0}, {PUSH: 1.0})
    under = sums(fit.vectors(canvass), part)
    assert under.mean() == pytest.approx(0.9, abs=0.06) and PUSH not in fit.paths
    assert set(fit.vectors(canvass)[PUSH]) == {1.0} and canvass.answer.name == "A11=canvass"
    assert 1 < canvass.odds < 3 and default.odds == 1.0  # two numbers have the sum 0.9 more often than 1.4


def test_worlds_of_a_wave_stand_in_equal_parts_under_each_answer(fit):
    column = [a.path for a in candidates(fit.files[0].scenario)].index(PUSH)
    last = fit.learned.at[PLAN.first :, column]
    assert np.array_equal(np.unique(last, return_counts=True), [[0, 1 / 3], [16, 16]])
    assert np.ptp(fit.learned.at[: PLAN.first, column]) > 0.9


def test_what_is_simulated_of_a_vector_is_the_fitted_world_of_that_number(fit, part, tmp_path, monkeypatch):
    c.store(fit, tmp_path)
    monkeypatch.setattr(fitted, "_path", lambda: tmp_path / "numbers.csv")
    rows = pd.read_csv(tmp_path / "figures.csv")
    canvass = "fitted, A11=canvass"
    assert rows["world"].value_counts().to_dict() == {"assumed": 12, "fitted": 12, canvass: 5, "middle": 3}
    by_default = with_world(part.scenario, "fitted")
    for world, scenario in (("fitted", by_default), (canvass, with_numbers(by_default, {PUSH: 1}))):
        kept = rows[rows["world"] == world].reset_index(drop=True)
        for k in (0, 4):
            found = observed(part, in_world(scenario, k), k)
            assert kept.loc[k, ["sum", "free"]].tolist() == pytest.approx(found, rel=1e-5)
    told = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (
        set(told["numbers"]) == TOLD
        and not TOLD & set(told["prior_kept"])
        and told["vectors"] == len(fit.posteriors[0].draws)
    )
    assert [a["answer"] for a in told["answers"]] == ["default", "A11=canvass"] and PUSH not in told["prior_kept"]


def test_the_same_again_is_the_same_to_the_last_bit_and_simulates_nothing(part, tmp_path, monkeypatch):
    first = c.calibrate([part], PLAN, tmp_path, workers=1, progress=False)
    monkeypatch.setattr(f, "_rows", refuse)
    again = c.calibrate([part], PLAN, tmp_path, workers=1, progress=False)
    assert all(np.array_equal(a.draws, b.draws) for a, b in zip(first.posteriors, again.posteriors, strict=True))
    pd.testing.assert_frame_equal(first.figures, again.figures, check_exact=True)


def refuse(*_):
    raise AssertionError("simulated again")


def test_simulated_truths_are_recovered(fit):
    table = c.recovery(fit, workers=1, progress=False)
    assert set(table["path"]) == {*TOLD, PUSH} and table["ok"].all()


def test_a_table_of_figures_does_not_hang_on_how_it_is_cut(part, tmp_path, monkeypatch):
    at = points(part.scenario, 0, 10)
    whole = f.figure_table([part], at, 0, workers=1, progress=False)
    monkeypatch.setattr(f, "CHUNK", 4)
    pd.testing.assert_frame_equal(f.figure_table([part], at, 0, tmp_path, workers=1, progress=False), whole)
    assert len(list(tmp_path.iterdir())) == 3
    pd.testing.assert_frame_equal(f.figure_table([part], at[4:], 4, workers=1, progress=False), whole.loc[4:])


def test_figures_that_nothing_moves_and_files_without_a_fit_are_refused(part, monkeypatch):
    with pytest.raises(InputError, match="targets: no figure has a fit"):
        c.calibrate([Targets("x", part.scenario, part.figures[1:])], PLAN, progress=False)
    monkeypatch.setattr(Targets, "observed", lambda self, s, k: [1.0] * len(self.figures))
    with pytest.raises(InputError, match="no assumed number moves any of the figures"):
        c.calibrate([part], PLAN, workers=1, progress=False)


@pytest.mark.slow
def test_the_stored_calibration_is_of_this_model():
    """Two stored histories of every file, counted again: the same to the digits that are stored."""
    stored = pd.read_csv(scenarios() / "fitted" / "figures.csv")
    kept = {w: rows.reset_index(drop=True) for w, rows in stored.groupby("world")}
    for part in (p.counted() for p in targets()):
        for world in ("middle", "fitted"):
            for k in (0, 3):
                found = np.array(part.observed(with_world(part.scenario, world), k))
                found *= [x.factor for x in part.figures]
                row = kept[world].loc[k, [x.id for x in part.figures]].to_numpy(float)
                np.testing.assert_allclose(found, row, rtol=1e-5, err_msg=f"{part.name} {world} {k}")
