"""What an answer hinges on: indices of functions whose indices are known, luck taken out."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

from simlib.core.files import InputError
from simlib.experiments.hinge import TOLD, Hinge, acts, first_order, hinge, numbers_in
from simlib.experiments.plausible import Plausible
from simlib.scenario.derived import with_world
from simlib.scenario.drawn import numbers_of
from simlib.scenario.scenario import load_scenario

KEY = ("stocked_24m", "level", "3")
ISHIGAMI = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}  # a = 7, b = 0.1; Ishigami and Homma (1990)


def ishigami(worlds, seed=1):
    """Points and values of Ishigami's function."""
    x = (qmc.Sobol(3, rng=seed).random(worlds) * 2 - 1) * np.pi
    return pd.DataFrame(x, columns=list(ISHIGAMI)), np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[
        :, 2
    ] ** 4 * np.sin(x[:, 0])


def with_luck(y, part, seed, again):
    """A Plausible of made-up histories: luck is `part` of their variance, and the first worlds are run twice."""
    rng = np.random.default_rng(seed)
    sd = np.sqrt(y.var() * part / (1 - part))
    index = pd.MultiIndex.from_tuples([KEY], names=["indicator", "by", "group"])
    first, second = (pd.DataFrame([y + rng.normal(0, sd, len(y))], index=index) for _ in range(2))
    return Plausible((), first, second[second.columns[:again]])


def test_indices_with_30_per_cent_of_luck_are_those_without_once_it_is_taken_out():
    """Within 0.02 of the analytic ones; uncorrected they are 0.7 of them."""
    numbers, y = ishigami(16384)
    found = Hinge(None, None, KEY, numbers, with_luck(y, 0.3, 2, 8192))
    assert found.noise == pytest.approx(0.3, abs=0.02)
    table = found.table.set_index("path")
    for path, truth in ISHIGAMI.items():
        assert table.loc[path, "index"] == pytest.approx(truth, abs=0.02)
        assert table.loc[path, "raw"] == pytest.approx(0.7 * truth, abs=0.02)
        assert table.loc[path, "low"] <= truth + 1e-9 and truth <= table.loc[path, "high"] + 0.01


def test_a_number_that_does_nothing_has_no_index_and_direction_is_that_of_the_answer():
    rng = np.random.default_rng(3)
    x = pd.DataFrame(qmc.Sobol(3, rng=rng).random(1024), columns=["up", "down", "nothing"])
    table = first_order(x, x["up"].to_numpy() * 2 - x["down"].to_numpy() + rng.normal(0, 0.01, 1024)).set_index("path")
    assert table.loc["up", "index"] == pytest.approx(0.8, abs=0.05) and table.loc["down", "index"] == pytest.approx(
        0.2, abs=0.05
    )
    assert (
        table.loc["nothing", "index"] < 0.03
        and table.loc["up", "direction"] > 0.8
        and table.loc["down", "direction"] < -0.3
    )


def test_the_order_of_worlds_does_not_matter():
    numbers, y = ishigami(512)
    turn = np.random.default_rng(4).permutation(512)
    a, b = first_order(numbers, y), first_order(numbers.iloc[turn], y[turn])
    assert a["raw"].to_numpy() == pytest.approx(b["raw"].to_numpy(), abs=1e-12)


def test_an_answer_that_is_not_defined_or_does_not_vary_is_refused():
    numbers, y = ishigami(64)
    with pytest.raises(InputError, match="not defined in 1 of 64 worlds"):
        first_order(numbers, np.where(np.arange(64) == 3, np.nan, y))
    with pytest.raises(InputError, match="hinges on no number"):
        first_order(numbers, np.ones(64))


def test_the_difference_of_two_rulebooks_is_looked_at_in_the_worlds_that_they_share():
    sides = [load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform")]
    found = hinge(
        *sides, world="assumed", worlds=16, again=8, key=("stocked_12m", "all", "all"), workers=1, progress=False
    )
    count, of, low, high = found.holds()
    assert of == 16 and 0 <= low <= count / of <= high <= 1
    assert list(found.numbers.index) == list(range(16)) and len(found.table) == found.numbers.shape[1] > 200
    assert set(found.table["path"]) == set(found.numbers)


def test_a_world_that_sets_every_number_itself_hinges_on_none():
    with pytest.raises(InputError, match="sets every assumed number itself"):
        numbers_in(load_scenario("first"), 4)


def test_of_many_numbers_that_do_nothing_none_is_told_from_chance_in_95_of_100_answers():
    """300 numbers, 128 worlds: the largest index looks like a fifth of the variance."""
    wrong, largest = 0, []
    for seed in range(30):
        rng = np.random.default_rng([7, seed])
        table = first_order(pd.DataFrame(rng.random((128, 300))), rng.exponential(size=128), resampled=2)
        wrong += bool((table["chance"] <= TOLD).any())
        largest.append(table["index"].max())
    assert wrong <= 4 and np.mean(largest) > 0.15  # 1.5 expected; 5 or more once in 60


def test_a_number_that_matters_is_told_from_chance_among_hundreds_that_do_not():
    rng = np.random.default_rng(8)
    x = pd.DataFrame(rng.random((256, 300))).rename(columns=str)
    table = first_order(x, 3 * x["17"].to_numpy() + rng.normal(0, 1, 256), resampled=2)
    assert list(table.loc[table["chance"] <= TOLD, "path"]) == ["17"]


def test_a_number_that_does_nothing_when_moved_alone_is_said_to_be_idle():
    """Projects before approval are no part of the small world."""
    sides = [load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform")]
    worlds = [with_world(s, "assumed") for s in sides]
    assert acts(worlds, "asking.lambda0", KEY) and not acts(worlds, "preapproval.service_factor.by_firm", KEY)
    numbers, y = ishigami(512)
    found = Hinge(None, None, KEY, numbers, with_luck(y, 0.1, 2, 64), frozenset({"x2"}))
    assert "x2" in set(found.table["path"]) and list(found.told["path"]) == ["x1"]


@pytest.mark.parametrize("world", ["assumed", "fitted"])
def test_numbers_of_many_worlds_are_those_of_each_world_by_itself(world):
    scenario = with_world(load_scenario("small-world"), world)
    together = numbers_in(scenario, 200)
    for k in (0, 63, 64, 199):
        alone = numbers_of(scenario, k)
        assert together.loc[k].to_dict() == {path: alone[path] for path in together}
