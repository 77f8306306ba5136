"""The best few rules: a planted best set is found, and what is said of it comes from worlds that it was not chosen in."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from simlib.core.files import InputError
from simlib.experiments.discovery import search as module
from simlib.experiments.discovery import subsets
from simlib.experiments.discovery.search import COLUMNS, search
from simlib.experiments.discovery.selection import select
from simlib.experiments.discovery.subsets import Archive, Limits, evolve, members, polish
from simlib.experiments.intervals import interval
from simlib.scenario.scenario import load_scenario

PARTS = 40


def planted(seed, luck=0.3):
    """The best four of 40 parts, and what sets bring: the fourth is worth something beside the first alone, all others little."""
    rng = np.random.default_rng(1000 + seed)
    good = sorted(rng.choice(PARTS, 4, replace=False).tolist())
    effects = rng.uniform(-0.3, 0.5, PARTS)
    effects[good] = [3.0, 2.0, 1.5, 0.0]

    def values(sets, worlds):
        out = np.empty((len(sets), len(worlds), 2))
        for i, s in enumerate(sets):
            has = np.array([s >> j & 1 for j in range(PARTS)])
            mean = has @ effects + 1.5 * has[good[0]] * has[good[3]]
            for j, k in enumerate(worlds):
                world = np.random.default_rng([seed, k]).normal(1, 0.4)
                out[i, j] = mean * world + np.random.default_rng([seed, k, s % 2**32]).normal(0, luck), has.sum()
        return out

    return sum(1 << i for i in good), values


def gains(values):
    return lambda sets, worlds: values(sets, worlds)[:, :, 0]


def found_in(seed, luck=0.3):
    truth, values = planted(seed, luck)
    limits = Limits(most=4)
    archive = polish(values, evolve(values, PARTS, limits, seed=seed), PARTS, limits)
    return truth, values, archive, select(values, archive.best(limits, 8), 8, 64)


def test_a_planted_best_set_is_found_though_one_of_its_parts_is_worth_nothing_alone():
    for seed in (0, 1):
        truth, _, archive, chosen = found_in(seed)
        assert chosen.best == truth and len(archive.sets) < 400
        assert max(archive.sizes) <= 4


@pytest.mark.slow
def test_the_planted_best_set_is_found_in_95_of_100_seeds_and_its_gain_lies_in_the_interval_of_fresh_worlds():
    right, inside = 0, 0
    for seed in range(100):
        truth, values, _, chosen = found_in(seed)
        right += chosen.best == truth
        _, low, high = interval(gains(values)([chosen.best], range(100, 164))[0])
        real = gains(planted(seed, 0.0)[1])([chosen.best], range(10_000, 14_000))[0].mean()
        inside += low <= real <= high
    assert right >= 95 and binom.ppf(0.005, 100, 0.95) <= inside


def test_the_neighbours_of_the_best_set_bring_what_an_evolution_misses():
    truth, values = planted(1)
    limits = Limits(most=4)
    poor = evolve(values, PARTS, limits, generations=1, seed=1)
    assert poor.best(limits, 1) != [truth]
    assert polish(values, poor, PARTS, limits).best(limits, 1) == [truth]


def test_the_same_seed_searches_the_same_sets_in_the_same_order():
    _, values = planted(3)
    one, two, other = (evolve(values, PARTS, Limits(4), generations=2, seed=s) for s in (5, 5, 6))
    assert one.sets == two.sets != other.sets


def test_sets_beyond_the_budget_are_not_the_best_however_good():
    def values(sets, worlds):
        return np.array([[[float(s), 10.0 * s.bit_count()]] * len(worlds) for s in sets])

    archive = evolve(values, 6, Limits(None, 25.0), generations=3)
    assert archive.best(Limits(None, 25.0), 1) == [0b110000] and archive.best(Limits(1), 1) == [0b100000]
    assert [members(s) for s in archive.front(Limits(2, 15.0), 9)] == [[], [5]]


def test_the_front_holds_what_no_other_set_beats_in_gain_cost_and_size():
    archive = Archive([0, 1, 2, 3, 4], np.array([0.0, 2.0, 1.0, 3.0, 2.0]), np.array([0.0, 5.0, 1.0, 6.0, 7.0]))
    assert archive.front(Limits(), 9) == [0, 1, 2, 3]
    assert archive.front(Limits(), 2) == [0, 1]  # the best of each size first


def test_of_sets_that_seem_as_good_the_smaller_one_is_the_best():
    archive = Archive([3, 1, 2], np.array([1.0, 1.0, 1.0]), np.array([0.0, 1.0, 2.0]))
    assert archive.best(Limits(), 3) == [1, 2, 3]


def noisy(means, luck=0.5, shared=5.0, seed=0, money=None):
    """What candidates of these means bring: with luck that all share, and some of their own."""

    def values(candidates, worlds):
        common = np.array([np.random.default_rng([seed, k]).normal(0, shared) for k in worlds])
        own = [[np.random.default_rng([seed, c, k]).normal(0, luck) for k in worlds] for c in candidates]
        gain = common + np.array(own) + np.array([means[c] for c in candidates])[:, None]
        cost = np.array([[(money or {}).get(c, 0.0)] * len(worlds) for c in candidates])
        return np.stack([gain, cost], axis=2)

    return values


def test_candidates_that_are_told_to_be_worse_drop_out_and_those_that_are_not_stay():
    values = noisy({0: 0.0, 1: 0.0, 2: -2.0, 3: -0.01})
    chosen = select(values, [0, 1, 2, 3], 0, 64)
    assert 2 not in chosen.alike and {0, 1, 3} >= set(chosen.alike) and len(chosen.alike) > 1 and chosen.worlds == 64
    assert select(values, [2, 0], 0, 64).worlds == 16


def test_the_best_is_dropped_in_no_more_than_one_selection_of_twenty():
    means = dict.fromkeys(range(5), 0.0) | {0: 0.05}
    dropped = [0 not in select(noisy(means, 1.0, 0.0, seed), list(means), 0, 32).alike for seed in range(120)]
    assert sum(dropped) <= binom.ppf(0.995, 120, 0.05)


def test_a_candidate_beyond_the_budget_is_not_chosen_however_good_and_the_cheapest_is_where_all_are():
    values = noisy({0: 9.0, 1: 1.0, 2: 0.0}, money={0: 50.0, 1: 10.0, 2: 5.0})
    assert select(values, [0, 1, 2], 0, 64, 20.0).best == 1
    assert select(values, [0, 1, 2], 0, 64, 1.0).best == 2


def test_of_sets_that_differ_by_parts_that_change_nothing_the_smallest_alone_is_told_apart():
    archive = Archive([1, 3, 5, 2], np.array([2.0, 2.0, 2.0, 1.0]), np.array([1.0, 1.0, 1.0, 1.0]))
    assert archive.best(Limits(), 3) == [1, 2]


def test_where_money_binds_parts_are_exchanged_too():
    def values(sets, worlds):
        worth, cost = {0: 1.0, 1: 2.0, 2: 4.0}, {0: 4.0, 1: 5.0, 2: 6.0}
        rows = [(sum(worth[i] for i in members(s)), sum(cost[i] for i in members(s))) for s in sets]
        return np.array(rows)[:, None, :].repeat(len(worlds), axis=1)

    poor = Archive([0, 1], np.array([0.0, 1.0]), np.array([0.0, 4.0]))
    assert polish(values, poor, 3, Limits(None, 6.0)).best(Limits(None, 6.0), 1) == [4]


def made_up(values):
    """Indicators of a rulebook by the clauses that it has."""

    def each(scenario, replication):
        names = {r.clause for layer in scenario.policy.layers for r in layer.rules}
        return {("stocked_24m", "level", "3"): values(names, replication), ("fund_million", "year", "2026"): float(len(names)),
                ("fund_million", "year", "2027"): 2.0 * len(names)}  # fmt: skip

    return each


@pytest.fixture
def sides():
    return [load_scenario("small-world", {"policy": p}) for p in ("guangzhou", "before-reform")]


def test_a_search_among_clauses_measures_what_it_chose_in_worlds_of_their_own(sides, monkeypatch, tmp_path):
    seen = set()

    def gain(names, replication):
        seen.add(replication)
        luck = np.random.default_rng([replication, len(names)]).normal(0, 0.002)
        return 0.1 + 0.03 * ("GZ-02a" in names) + 0.02 * ("GZ-02a" in names and "GZ-03a" in names) + luck

    monkeypatch.setattr(subsets, "GENERATIONS", 2)
    how = {"most": 2, "generations": 2, "fresh": 20, "world": "middle", "workers": 1, "progress": False}
    found = search(*sides, each=made_up(gain), folder=tmp_path, **how)
    assert set(found.best["set"].split(",")) == {"GZ-02a", "GZ-03a"} and found.best["low"] < 0.05 < found.best["high"]
    assert list(found.table) == COLUMNS and found.whole["parts"] == len(found.game.parts)
    assert found.worlds[0] == 8 and max(seen) == 8 + module.SELECTING + 20 - 1
    assert found.money == ("fund_million", "year", "all")
    one = found.table[found.table["parts"] == 1].iloc[0]
    assert one["money"] == pytest.approx(3.0 * 1)
    again = search(*sides, each=lambda *_: 1 / 0, folder=tmp_path, **how)  # every run is found
    pd.testing.assert_frame_equal(again.table, found.table, check_exact=True)


def test_a_set_that_was_within_the_budget_by_luck_alone_is_not_chosen(sides):
    """The best clause seems cheap where sets are searched, and is dear in every fresh world."""

    def each(scenario, replication):
        names = {r.clause for layer in scenario.policy.layers for r in layer.rules}
        luck = np.random.default_rng([replication, len(names)]).normal(0, 0.002)
        gain = 0.1 + 0.05 * ("GZ-02a" in names) + 0.03 * ("GZ-03a" in names) + luck
        dear = 100.0 * ("GZ-02a" in names and replication >= 8)
        return {("stocked_24m", "level", "3"): gain, ("fund_million", "year", "2026"): 1.0 * len(names) + dear}

    found = search(*sides, 1, 20.0, generations=0, fresh=16, world="middle", each=each, workers=1, progress=False)
    assert found.best["set"] == "GZ-03a" and found.best["money"] < 20.0


def test_what_no_set_can_keep_is_refused(sides):
    with pytest.raises(InputError, match="no set of"):
        search(
            *sides, budget=-1.0, generations=0, world="middle", each=made_up(lambda *_: 0.1), workers=1, progress=False
        )
    with pytest.raises(InputError, match="not defined in every world"):
        search(*sides, generations=0, world="middle", each=made_up(lambda *_: np.nan), workers=1, progress=False)
