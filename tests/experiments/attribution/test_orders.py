"""Shapley's values: known games, and laws that hold in every game."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simlib.experiments.attribution.orders import (
    alone_and_last,
    along,
    around,
    both_ways,
    crossing,
    exact,
    exact_interaction,
    interaction,
    marginals,
    order,
)


def game(n, value):
    """All values of a game whose value is a function of the set of its parts."""
    return {c: np.array(float(value({i for i in range(n) if c >> i & 1}))) for c in range(1 << n)}


def random_game(n, seed):
    return {c: np.array(x) for c, x in enumerate(np.random.default_rng(seed).normal(size=1 << n))}


def test_a_hand_worked_game_of_three():
    """v(1) = 12, v(2) = 18, v(3) = 6, v(12) = 66, v(13) = 72, v(23) = 54, v(123) = 120: orders by hand give 45, 39, 36."""
    values = dict(
        zip((0, 1, 2, 4, 3, 5, 6, 7), map(np.array, (0.0, 12.0, 18.0, 6.0, 66.0, 72.0, 54.0, 120.0)), strict=True)
    )
    assert exact(3, values) == pytest.approx([45, 39, 36])


def test_the_glove_game():
    """One left glove and two right ones, of which a pair is worth 1: 2/3, 1/6, 1/6."""
    values = game(3, lambda s: 0 in s and len(s) > 1)
    assert exact(3, values) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-12)


def test_exact_values_are_the_mean_over_all_orders():
    values = random_game(5, 1)
    orders = [marginals(way, values) for way in permutations(range(5))]
    assert exact(5, values) == pytest.approx(np.mean(orders, axis=0), abs=1e-12)


@given(st.integers(1, 7), st.integers(0, 2**32))
def test_parts_add_up_to_the_whole(n, seed):
    values = random_game(n, seed)
    way = order([f"part {i}" for i in range(n)], (seed,))
    whole = float(values[(1 << n) - 1] - values[0])
    for steps in (exact(n, values), marginals(way, values), both_ways(way, values)):
        assert float(steps.sum()) == pytest.approx(whole, abs=1e-12)


def test_there_and_back_is_exact_where_no_three_parts_act_together():
    rng = np.random.default_rng(2)
    own, pairs = rng.normal(size=6), rng.normal(size=(6, 6))
    values = game(6, lambda s: sum(own[i] for i in s) + sum(pairs[i, j] for i in s for j in s if i < j))
    way = order([str(i) for i in range(6)], ("any",))
    assert both_ways(way, values) == pytest.approx(exact(6, values), abs=1e-12)
    assert marginals(way, values) != pytest.approx(exact(6, values), abs=1e-3)


def test_a_part_that_does_nothing_is_worth_nothing_and_alike_parts_the_same():
    values = game(4, lambda s: len(s & {0, 1}) ** 2 + 3.0 * (2 in s))
    assert exact(4, values) == pytest.approx([2, 2, 3, 0], abs=1e-12)


def test_an_order_depends_on_names_and_not_on_how_they_are_listed():
    names = [f"SC-{i:02}" for i in range(12)]
    turned = names[::-1]
    assert [names[i] for i in order(names, (7,))] == [turned[i] for i in order(turned, (7,))]
    assert order(names, (7,)) != order(names, (8,))
    fewer = [n for n in names if n != "SC-05"]
    assert [fewer[i] for i in order(fewer, (7,))] == [names[i] for i in order(names, (7,)) if names[i] != "SC-05"]


def test_every_order_is_as_likely_as_any_other():
    found = [tuple(order(["a", "b", "c"], (k,))) for k in range(6000)]
    for way in permutations(range(3)):
        assert found.count(way) == pytest.approx(1000, abs=4 * np.sqrt(6000 * 5 / 36))


def test_a_documents_parts_stay_together_and_add_up_to_the_document():
    """Owen's values: over all orders that keep groups together, a group's parts sum to its value among groups."""
    groups, values = ["x", "y", "x", "y", "z"], random_game(5, 3)
    among = {
        c: values[sum(1 << i for i, g in enumerate(groups) if c >> "xyz".index(g) & 1)] for c in range(8)
    }  # the game of documents
    ways = {tuple(order([str(i) for i in range(5)], (k,), groups)) for k in range(4000)}
    assert len(ways) == 24  # 3! orders of groups, 2! of the parts of two of them
    for way in ways:
        said = [groups[i] for i in way]
        assert sorted(set(said), key=said.index) == [g for i, g in enumerate(said) if i == 0 or said[i - 1] != g]
    owen = np.mean([both_ways(way, values) for way in ways], axis=0)
    sums = [sum(owen[i] for i, g in enumerate(groups) if g == name) for name in "xyz"]
    assert sums == pytest.approx(exact(3, among), abs=1e-12)


def test_what_a_walk_needs_is_what_it_passes_through():
    assert along([2, 0, 1]) == [0, 4, 5, 7]
    assert sorted(alone_and_last(3)) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_the_interaction_of_two_parts_is_what_they_do_beyond_their_sum():
    values = game(4, lambda s: 5.0 * (0 in s) + 2.0 * (1 in s) + 7.0 * ({0, 1} <= s) - 1.0 * ({0, 2} <= s))
    for coalition in range(16):
        assert interaction(coalition, 0, 1, values) == pytest.approx(7)
    assert [exact_interaction(4, 0, j, values) for j in (1, 2, 3)] == pytest.approx([7, -1, 0])


def test_random_coalitions_give_the_interaction_index_on_average():
    values, names = random_game(5, 4), list("abcde")
    contexts = [crossing(names, (k,)) for k in range(20000)]
    for i, j in ((0, 1), (2, 4)):
        assert set(around(contexts[0], [i, j])) <= set(values)
        some = np.array([interaction(c, i, j, values) for c in contexts])
        error = 4 * some.std() / np.sqrt(len(some))
        assert some.mean() == pytest.approx(float(exact_interaction(5, i, j, values)), abs=error)
