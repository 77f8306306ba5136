"""Morris' screening: exact for a linear answer, told apart where numbers work together, and of numbers rather than luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.experiments.screening import BASELINE, DIFFERENCE, SCENARIO, effects, elementary, screen, steps
from simlib.experiments.sensitivity import candidates
from simlib.scenario.scenario import load_scenario

KEY = ("stocked_24m", "level", "3")
HALF = ("stocked_12m", "level", "3")
PATHS = ("asking.lambda0", "decision.rho", "committee.places.level_3", "routes.tracing")


def only(scenario, *paths):
    """The scenario as if no other number had a range, which costs few runs."""
    return replace(scenario, assumptions=tuple(a for a in scenario.assumptions if a.path in paths))


SMALL = only(load_scenario("small-world"), *PATHS)
REFORM = only(load_scenario("small-world", {"policy": "national"}), *PATHS)
WIDTH = {a.path: a.range[1] - a.range[0] for a in candidates(SMALL)}


def screened(each, scenario=SMALL, baseline=None, trajectories=4, keys=(KEY,)):
    return screen(scenario, baseline, trajectories, keys, workers=1, progress=False, each=each)


def numbers(scenario):
    return scenario.parameters.asking.lambda0, scenario.parameters.decision.rho


def linear(scenario, replication):
    a, b = numbers(scenario)
    return {KEY: 2 * a - 3 * b}


def test_an_answer_that_is_linear_has_exact_effects_and_no_spread():
    table = screened(linear).of(KEY).set_index("path")
    exact = {"asking.lambda0": 2 * WIDTH["asking.lambda0"], "decision.rho": -3 * WIDTH["decision.rho"]}
    for path, mu in exact.items():
        row = table.loc[path]
        np.testing.assert_allclose([row["mu"], row["mu_star"], row["sigma"]], [mu, abs(mu), 0], atol=1e-12)
        np.testing.assert_allclose([row["mu_star_low"], row["mu_star_high"]], abs(mu), rtol=1e-12)
    assert list(table.index[:2]) == sorted(exact, key=lambda p: -abs(exact[p])) and list(table["rank"][:2]) == [1, 2]


def test_a_number_that_cannot_act_has_no_effect_and_shares_the_last_rank():
    table = screened(linear).of(KEY).set_index("path")
    still = table.loc[["committee.places.level_3", "routes.tracing"]]
    assert (still[["mu", "mu_star", "sigma", "mu_star_low", "mu_star_high"]] == 0).all(axis=None)
    assert list(still["rank"]) == [3, 3] and len(table) == len(PATHS)


def test_numbers_that_work_together_have_a_spread():
    table = screened(lambda s, _: {KEY: np.prod(numbers(s))}).of(KEY).set_index("path")
    low, high = next(a.range for a in candidates(SMALL) if a.path == "decision.rho")
    effect = table.loc["asking.lambda0"]
    assert effect["sigma"] > 0.05 * effect["mu_star"]
    assert low * WIDTH["asking.lambda0"] <= effect["mu_star"] <= high * WIDTH["asking.lambda0"]


def test_a_number_that_works_both_ways_has_a_small_mu_and_a_large_mu_star():
    middle = next(sum(a.range) / 2 for a in candidates(SMALL) if a.path == "decision.rho")
    each = lambda s, k: {KEY: (-1) ** k * numbers(s)[1] - (-1) ** k * middle}  # noqa: E731
    row = screened(each).of(KEY).set_index("path").loc["decision.rho"]
    assert row["mu"] == pytest.approx(0) and row["mu_star"] == pytest.approx(WIDTH["decision.rho"])


def test_luck_is_the_same_along_a_trajectory_and_no_part_of_an_effect():
    seen = []

    def lucky(scenario, replication):
        seen.append(replication)
        return {KEY: linear(scenario, replication)[KEY] + 100 * replication}

    plain, found = screened(linear).of(KEY), screened(lucky).of(KEY)
    np.testing.assert_allclose(found["mu_star"], plain["mu_star"], atol=1e-9)
    assert found["sigma"].max() < 1e-9
    assert seen == [k for k in range(4) for _ in range(len(PATHS) + 1)]


def test_scenario_and_baseline_meet_the_same_worlds_and_the_difference_is_screened():
    met = {"national": [], "before-reform": []}

    def each(scenario, replication):
        met[scenario.policy.name].append((replication, *numbers(scenario)))
        factor = 3 if scenario.policy.name == "national" else 1
        return {KEY: factor * numbers(scenario)[0]}

    found = screened(each, REFORM, SMALL)
    assert met["national"] == met["before-reform"] and len(set(met["national"])) > 8
    for what, factor in ((SCENARIO, 3), (BASELINE, 1), (DIFFERENCE, 2)):
        t = found.table[(found.table["what"] == what) & (found.table["path"] == "asking.lambda0")]
        assert float(t["mu_star"].iloc[0]) == pytest.approx(factor * WIDTH["asking.lambda0"])
    assert found.what == DIFFERENCE and found.runs == 2 * 4 * (len(PATHS) + 1)


def test_a_trajectory_with_an_answer_that_is_not_defined_is_dropped_and_not_taken_for_no_effect():
    each = lambda s, k: {KEY: np.nan if k == 1 else linear(s, k)[KEY], HALF: 1.0 if k else np.nan}  # noqa: E731
    found = screened(each, keys=(KEY, HALF))
    whole, some = screened(linear).of(KEY), found.of(KEY)
    assert set(some["trajectories"]) == {3} and found.left_out == ()
    np.testing.assert_allclose(some["mu_star"], whole["mu_star"], atol=1e-9)


def test_what_is_hardly_ever_defined_is_left_out_by_name_and_never_ranked():
    each = lambda s, k: {KEY: 1.0 if k == 1 else np.nan, HALF: linear(s, k)[KEY]}  # noqa: E731
    found = screened(each, keys=(KEY, HALF, ("stocked_24m", "level", "9")))
    assert found.left_out == ((SCENARIO, *KEY),) and found.of(KEY).empty and len(found.of(HALF)) == len(PATHS)
    with pytest.raises(InputError, match="none of the indicators is defined"):
        screened(each, keys=(KEY,))


def test_effects_agree_with_their_definition_step_by_step():
    unit = steps(SMALL, PATHS, 5)[:, :, [i for i, a in enumerate(candidates(SMALL))]]
    assert (np.count_nonzero(np.diff(unit, axis=1), axis=2) == 1).all()
    values = np.random.default_rng(1).normal(size=unit.shape[:2])
    order = [a.path for a in candidates(SMALL)]
    table = effects(order, unit, values).set_index("path").loc[order]
    found = elementary(unit, values)
    np.testing.assert_allclose(table["mu"], found.mean(axis=0))
    np.testing.assert_allclose(table["mu_star"], np.abs(found).mean(axis=0))
    np.testing.assert_allclose(table["sigma"], found.std(axis=0, ddof=1))
    t, i = 2, 1
    which = int(np.flatnonzero(unit[t, i + 1] - unit[t, i])[0])
    assert found[t, which] == pytest.approx(np.diff(values[t])[i] / (unit[t, i + 1] - unit[t, i])[which])


def test_a_number_that_the_caller_sets_is_not_moved():
    given = only(load_scenario("small-world", {"decision.rho": 0.5}), *PATHS)
    seen = set()
    found = screened(lambda s, k: seen.add(numbers(s)[1]) or linear(s, k), given)
    assert seen == {0.5} and set(found.table["path"]) == set(PATHS) - {"decision.rho"}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"trajectories": 1}, "trajectories: expected a whole number from 2 on"),
        ({"baseline": load_scenario("small-world", {"seed": 1})}, "different seeds"),
        ({"scenario": replace(SMALL, assumptions=())}, "sets every assumed number itself"),
    ],
)
def test_what_cannot_be_screened_is_refused(asked, words):
    with pytest.raises(InputError, match=words):
        screened(linear, **asked)


def test_the_model_is_screened_alike_by_any_number_of_workers_and_special_routes_move_no_hospital():
    tables = [screen(REFORM, SMALL, 2, workers=n, progress=False).table for n in (1, 2)]
    assert tables[0].equals(tables[1])
    t = tables[0]
    here = t[(t["what"] == DIFFERENCE) & (t["indicator"] == "stocked_24m") & (t["by"] == "all")].set_index("path")
    assert here.loc["routes.tracing", "mu_star"] == 0
    assert here.loc["asking.lambda0", "mu_star"] > 0.01
