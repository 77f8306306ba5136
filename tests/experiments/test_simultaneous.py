"""Many comparisons at once: intervals that hold together."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from simlib.core.files import InputError
from simlib.experiments.intervals import t_quantile
from simlib.experiments.pairing import pairing
from simlib.experiments.run import Effect, Result
from simlib.experiments.simultaneous import critical, simultaneous
from simlib.scenario.scenario import load_scenario

KEY = ("stocked_24m", "level", "3")
WORLD = load_scenario("first")


def runs(values):
    """Made-up runs of one indicator: by name, float64 (replications,)."""
    index = pd.MultiIndex.from_tuples([KEY], names=["indicator", "by", "group"])
    return {
        k: Result(WORLD, pd.DataFrame([x], index=index, columns=range(len(x))), np.zeros((len(x), 3, 1)), 0.0)
        for k, x in values.items()
    }


def paired(rng, n, means, sd=1.0):
    """Runs that share most of their luck."""
    common = rng.normal(0, 3, n)
    return runs({f"p{i}": m + common + rng.normal(0, sd, n) for i, m in enumerate(means)})


def test_against_one_and_all_pairs_are_the_differences_of_the_runs():
    found = paired(np.random.default_rng(1), 30, [0.0, 1.0, 2.0])
    one, pairs = simultaneous(found, KEY, "p0"), simultaneous(found, KEY)
    assert list(one["first"]) == ["p1", "p2"] and list(one["second"]) == ["p0", "p0"] and len(pairs) == 3
    expected = (found["p2"].values - found["p0"].values).loc[KEY].mean()
    assert one["difference"].iloc[1] == pytest.approx(expected) == pytest.approx(-pairs["difference"].iloc[1])
    assert (one["low"] < one["low_alone"]).all() and (pairs["high"] > pairs["high_alone"]).all()


def test_the_half_width_is_of_one_t_for_one_comparison_and_below_bonferroni_for_more():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(4, 25))
    assert critical(x[:1]) == t_quantile(24)
    assert critical(np.vstack([x[0], x[0] * 2, -x[0]])) == pytest.approx(
        t_quantile(24), rel=0.01
    )  # the same thing three times
    assert t_quantile(24) < critical(x) <= t_quantile(24, 1 - 0.05 / 4)
    assert critical(x) == critical(x)


def test_it_is_dunnetts_where_samples_are_independent_and_many():
    """Three treatments against a control, equal sizes, no end of replications: 2.349 (Dunnett 1964, table of two-sided 5%)."""
    rng = np.random.default_rng(3)
    a = rng.normal(size=(4, 40_000))
    assert critical(a[1:] - a[0], draws=400_000) == pytest.approx(2.349, abs=0.012)


def test_the_same_in_every_replication_is_said_so():
    rng = np.random.default_rng(4)
    x = rng.normal(size=12)
    table = simultaneous(runs({"a": x, "b": x, "c": x + rng.normal(size=12)}), KEY, "b").set_index("first")
    assert table.loc["a", "identical"] and table.loc["a", ["low", "high"]].tolist() == [0.0, 0.0]
    assert not table.loc["c", "identical"]


def test_a_run_without_the_indicator_is_refused():
    with pytest.raises(InputError, match="b: stocked_24m by level 3 is not defined in every replication"):
        simultaneous(runs({"a": np.ones(3), "b": np.array([1.0, np.nan, 1.0])}), KEY)
    with pytest.raises(InputError, match="nothing to compare"):
        simultaneous(runs({"a": np.ones(3)}), KEY)


@pytest.mark.slow
@pytest.mark.parametrize("baseline", ["p0", None])
def test_all_intervals_together_hold_as_often_as_they_say(baseline):
    """Family-wise error 5% within binomial limits (3 standard errors of 1,000 families of five runs)."""
    means, right = [0.0, 0.5, 0.5, 1.0, 2.0], 0
    for seed in range(1000):
        found = paired(np.random.default_rng([6, seed]), 20, means)
        values = {k: r.values.loc[KEY].to_numpy() for k, r in found.items()}
        names = list(values)
        pairs = (
            [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
            if baseline is None
            else [(n, baseline) for n in names[1:]]
        )
        d = np.array([values[a] - values[b] for a, b in pairs])
        half = critical(d, draws=20_000) * d.std(axis=1, ddof=1) / np.sqrt(20)
        truth = [means[names.index(a)] - means[names.index(b)] for a, b in pairs]
        right += bool((np.abs(d.mean(axis=1) - truth) <= half).all())
    assert right / 1000 == pytest.approx(0.95, abs=0.021)


def test_shared_luck_is_worth_as_many_replications_as_it_saves():
    rng = np.random.default_rng(7)
    common = rng.normal(0, 3, 4000)
    sides = runs({"a": common + rng.normal(0, 1, 4000), "b": common + rng.normal(0, 1, 4000)})
    (row,) = pairing(Effect(sides["a"], sides["b"])).itertuples()
    assert (
        row.correlation == pytest.approx(0.9, abs=0.02)
        and row.worth == pytest.approx(10, rel=0.1)
        and not row.identical
    )
    (same,) = pairing(Effect(sides["a"], sides["a"])).itertuples()
    assert same.identical and same.worth == np.inf


def test_two_that_are_not_paired_are_refused():
    other = runs({"b": np.ones(3)})["b"]
    turned = Result(SimpleNamespace(name="b", seed=WORLD.seed + 1), other.values, other.curves, 0.0)
    with pytest.raises(ValueError, match="different seeds"):
        simultaneous({"a": runs({"a": np.ones(3)})["a"], "b": turned}, KEY)
