"""The value of information: decisions whose answer is known, and numbers that are worth nothing."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, qmc

from simlib.core.files import InputError
from simlib.experiments.worth import evppi, judged, worth
from simlib.scenario.scenario import load_scenario

KEY = ("stocked_24m", "level", "3")


def linear(worlds, mean, slopes, luck, seed=1):
    """Normal numbers, and a gain that is linear in them with luck of each world."""
    x = norm.ppf(qmc.Sobol(len(slopes), rng=seed).random(worlds).clip(1e-9, 1 - 1e-9))
    z = np.random.default_rng(seed).normal(0, luck, worlds)
    gain = mean + x @ np.array(slopes) + z - z.mean()
    return pd.DataFrame(x, columns=[f"n{i}" for i in range(len(slopes))]), gain


def closed(mean, sd):
    """E max(0, G) - max(0, mean) of a normal gain G."""
    return sd * norm.pdf(mean / sd) + mean * norm.cdf(mean / sd) - max(mean, 0.0)


@pytest.mark.parametrize("mean", [-0.5, 0.3])
def test_a_linear_decision_between_normal_gains_is_worth_what_the_formula_says(mean):
    """Within 1%, with luck as large as all numbers together."""
    numbers, gain = linear(2**19, mean, [1.0, 0.5, 0.0], 1.1)
    for path, sd in (("n0", 1.0), ("n1", 0.5)):
        value, turns = evppi(numbers[path].to_numpy(), gain[None] if mean < 0 else -gain[None])
        assert value == pytest.approx(closed(-abs(mean), sd), rel=0.01)
        assert turns == pytest.approx(norm.cdf(-abs(mean) / sd), abs=0.01)


def test_a_table_names_the_number_most_worth_knowing_and_what_all_are_worth():
    numbers, gain = linear(1024, -0.5, [1.0, 0.5, 0.0], 0.5)
    found = judged(numbers, np.array([np.zeros(1024), gain]), ["stay", "change"], KEY)
    assert found.names == ["stay", "change"] and list(found.table["path"]) == ["n0", "n1", "n2"]
    values = found.table["value"]
    assert values[0] == pytest.approx(closed(-0.5, 1.0), rel=0.2) and values[2] < 0.01
    assert found.table["low"][0] < values[0] < found.table["high"][0]
    assert found.everything == pytest.approx(closed(-0.5, np.hypot(1.0, 0.5)), rel=0.2)
    assert found.best_in[1] == pytest.approx(
        norm.cdf(-0.5 / np.hypot(1, 0.5)), abs=0.05
    ) and found.best_in.sum() == pytest.approx(1)


def test_where_one_choice_is_best_in_every_world_no_knowledge_is_worth_anything():
    numbers, gain = linear(512, -50.0, [1.0, 0.5], 5.0)
    found = judged(numbers, np.array([gain, np.zeros(512)]), ["change", "stay"], KEY)
    assert (
        found.names[0] == "stay"
        and found.everything == 0
        and (found.table["value"] == 0).all()
        and list(found.best_in) == [1, 0]
    )


def test_luck_alone_is_worth_nothing_to_know():
    """The largest of two noisy means would be worth 0.56 of luck's spread."""
    values = []
    for seed in range(20):
        numbers, gain = linear(1024, 0.0, [0.0, 0.0], 1.0, seed)
        values += [evppi(column, (gain - gain.mean())[None])[0] for column in numbers.to_numpy().T]
    assert np.mean(values) < 0.04


def test_less_is_better_where_the_dictionary_says_so():
    sides = {p: load_scenario("small-world", {"policy": p}) for p in ("before-reform", "guangzhou")}
    found = worth(sides, "assumed", 24, ("listed_days", "all", "all"), workers=1, progress=False)
    assert found.names == ["guangzhou", "before-reform"] and found.means[0] < found.means[1] and found.worlds == 24
    assert (found.table["value"] >= 0).all() and found.everything >= found.table["value"].max()


def test_one_choice_is_none():
    with pytest.raises(InputError, match="two scenarios or more"):
        worth({"a": load_scenario("small-world")})


def test_of_many_numbers_that_do_nothing_none_seems_worth_knowing_but_one_that_matters_does():
    rng = np.random.default_rng(9)
    numbers = pd.DataFrame(rng.random((256, 120))).rename(columns=str)
    gain = 4 * (numbers["17"].to_numpy() - 0.6) + rng.normal(0, 1, 256)
    table = judged(numbers, np.array([np.zeros(256), gain]), ["stay", "change"], KEY).table
    assert list(table.loc[table["chance"] <= 0.05, "path"]) == ["17"]
