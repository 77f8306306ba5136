"""Attribution as a whole: the same for any workers, resumed to the same bits, right where the answer is known."""

import functools
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.experiments.attribution.attribute import Attribution, Plan, attribute
from simlib.experiments.attribution.coalitions import Coalitions, folder_of, of_one
from simlib.experiments.attribution.orders import exact
from simlib.experiments.attribution.parts import game
from simlib.experiments.run import simulate
from simlib.scenario.derived import with_world
from simlib.scenario.scenario import load_scenario

KEY = ("stocked_24m", "level", "3")


def world(policy, **changes):
    return load_scenario("small-world", {"policy": policy, **changes})


A, B = world("guangzhou"), world("before-reform")


def toy(n, value, luck, spread, seed, drawn=False):
    """An attribution of n parts whose value is a function of the set, with luck of a history and spread of a world."""
    scenario = SimpleNamespace(name="toy", seed=seed, world="fitted" if drawn else "middle")
    parts = tuple(SimpleNamespace(name=f"T-{i:02}", document="d", clauses=(), rules=()) for i in range(n))
    sides = {"scenario": scenario, "baseline": scenario, "built": lambda c: c, "in_world": lambda some, _: some}
    played = SimpleNamespace(parts=parts, all=(1 << n) - 1, **sides)

    @functools.cache
    def drawn_for(k):
        own = np.random.default_rng([seed, k]).normal(size=n) * luck
        return own, np.random.default_rng([seed, k % 2**20, 1]).normal() * spread

    def each(coalition, k):
        own, common = drawn_for(k)
        inside = {i for i in range(n) if coalition >> i & 1}
        return {KEY: value(inside) + sum(own[i] for i in inside) + common * (0 in inside)}

    return played, each


def played_out(n, value, luck=0.5, spread=0.0, seed=1, drawn=False, **changed):
    played, each = toy(n, value, luck, spread, seed, drawn)
    plan = {
        "key": KEY,
        "within": 0.3,
        "top": 3,
        "worlds": 8,
        "most": 64,
        "edges": 4,
        "exactly": False,
        "together": False,
    }
    runs = Coalitions(played, None, each)
    return Attribution(played, Plan(**plan | changed), runs, 1, tqdm(total=0, disable=True)).ledger()


def acting_together(inside):
    """Ten parts, of which some help one another, some replace one another, and three act together."""
    return (
        3.0 * (0 in inside) + 2.0 * (1 in inside) - 1.0 * (2 in inside) + 1.5 * ({1, 3} <= inside) + bool(inside & {4, 5})
        + 2.0 * ({0, 6, 7} <= inside) + 0.2 * (8 in inside)
    )  # fmt: skip


TRUTH = exact(10, {c: np.array(float(acting_together({i for i in range(10) if c >> i & 1}))) for c in range(1 << 10)})


def test_a_known_game_is_shared_out_as_it_should_be():
    found = played_out(10, acting_together, luck=0.0)
    table = found.table(*KEY).set_index("part")
    order = table.loc[found.names]
    assert order["worth"].to_numpy() == pytest.approx(TRUTH, abs=0.45)  # three that act together: chance of the order
    assert order["worth"].sum() == pytest.approx(acting_together(set(range(10))), abs=1e-12)
    assert order.loc["T-00", "alone"] == pytest.approx(3) and order.loc["T-00", "last"] == pytest.approx(5)
    assert order.loc["T-04", "alone"] == pytest.approx(1) and order.loc["T-04", "last"] == pytest.approx(0)
    assert list(order.index[~order["moved"]]) == ["T-09"]
    pairs = {frozenset((r.first, r.second)): r.together for r in found.pairs(*KEY).itertuples()}
    assert pairs[frozenset(("T-01", "T-03"))] == pytest.approx(1.5)
    assert pairs[frozenset(("T-00", "T-01"))] == pytest.approx(0)


def test_with_few_parts_every_coalition_is_run_and_nothing_is_left_to_chance():
    found = played_out(4, lambda s: acting_together(s), luck=0.0, exactly=True)
    truth = exact(4, {c: np.array(float(acting_together({i for i in range(4) if c >> i & 1}))) for c in range(16)})
    table = found.table(*KEY).set_index("part").loc[found.names]
    assert table["worth"].to_numpy() == pytest.approx(truth, abs=1e-12)
    assert ((table["high"] - table["low"]).abs() < 1e-12).all()


def test_it_goes_on_until_the_largest_are_precise_enough_or_says_that_they_are_not():
    found = played_out(10, acting_together, luck=1.0, within=0.35)
    table = found.table(*KEY).set_index("part").loc[[found.names[i] for i in found.top]]
    assert found.reached and ((table["high"] - table["low"]) / 2 <= 0.35).all() and (table["worlds"] > 8).all()
    short = played_out(10, acting_together, luck=1.0, within=0.01, most=12)
    assert not short.reached and len(short.walks.worlds) == 12


def test_luck_and_worlds_stand_apart_in_every_line():
    """Part 0 differs from world to world (2), the others by luck alone (0.5)."""
    found = played_out(10, acting_together, luck=0.5, spread=2.0, drawn=True, worlds=60, within=9.0, most=60)
    table = found.table(*KEY).set_index("part").loc[found.names]
    assert table.loc["T-00", "worlds_sd"] == pytest.approx(2.0, rel=0.3)
    assert table["luck_sd"].iloc[1:].mean() == pytest.approx(0.5, rel=0.2)
    assert table["worlds_sd"].iloc[8:].max() < 0.35
    low, high = table.loc["T-00", ["worlds_low", "worlds_high"]]
    assert high - low == pytest.approx(2 * 1.645 * table.loc["T-00", "worlds_sd"], rel=1e-3)


@pytest.mark.slow
def test_intervals_hold_the_exact_values_93_to_97_times_in_100():
    """400 attributions, stopping included: each of the three largest parts, and all parts together."""
    held = []
    for seed in range(400):
        table = played_out(10, acting_together, luck=1.0, seed=seed, within=0.4).table(*KEY).sort_values("part")
        held.append((table["low"].to_numpy() <= TRUTH) & (table["high"].to_numpy() >= TRUTH))
    share = np.mean(held, axis=0)
    assert 0.93 <= share.mean() <= 0.97
    assert ((share >= 0.93) & (share <= 0.975)).all()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def found(folder):
    return attribute(A, B, by="document", world="middle", worlds=4, most=4, folder=folder, workers=1, progress=False)


def test_parts_of_the_real_model_add_up_to_the_difference_in_every_indicator(found):
    keys, table = found.keys(), found.whole()
    sums = table.groupby(["indicator", "by", "group"], sort=False)["worth"].apply(lambda x: x.sum(skipna=False))
    differences = found.walks.differences(keys)
    defined = [np.nanmean(c) if np.isfinite(c).any() else np.nan for c in differences.T]
    assert list(sums.index) == keys and len(keys) > 400
    assert sums.to_numpy() == pytest.approx(defined, rel=1e-12, abs=1e-12, nan_ok=True)
    sides = [simulate(s, 4, workers=1, progress=False).values.loc[KEY].mean() for s in (A, B)]
    assert found.difference()[0] == pytest.approx(sides[0] - sides[1], abs=1e-12)
    assert found.levels() == pytest.approx((sides[1], sides[0]))


def test_any_number_of_workers_gives_the_same(found):
    again = attribute(A, B, by="document", world="middle", worlds=4, most=4, workers=2, progress=False)
    pd.testing.assert_frame_equal(found.whole(), again.whole(), check_exact=True)


def test_what_is_kept_is_read_and_gives_the_same_bits(found, folder):
    again = attribute(A, B, by="document", world="middle", worlds=4, most=4, folder=folder, workers=1, progress=False)
    assert again.runs.made == 0 and again.runs.found == found.runs.made
    pd.testing.assert_frame_equal(found.whole(), again.whole(), check_exact=True)


def test_one_that_was_broken_off_goes_on_where_it_was(found, tmp_path):
    made = []

    def until_tired(scenario, k):
        made.append(k)
        if len(made) == 13:
            raise KeyboardInterrupt
        return of_one(scenario, k)

    asked = {
        "by": "document",
        "world": "middle",
        "worlds": 4,
        "most": 4,
        "folder": tmp_path,
        "workers": 1,
        "progress": False,
    }
    with pytest.raises(KeyboardInterrupt):
        attribute(A, B, each=until_tired, **asked)
    assert len(list(folder_of(tmp_path, game(A, B, "document")).iterdir())) >= 1
    again = attribute(A, B, **asked)
    assert 0 < again.runs.found < found.runs.made == again.runs.found + again.runs.made
    pd.testing.assert_frame_equal(found.whole(), again.whole(), check_exact=True)


def test_a_damaged_file_is_made_again(found, folder, tmp_path):
    place = folder_of(folder, game(A, B, "document"))
    for file in place.iterdir():
        copy = tmp_path / place.name / file.name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes()[: 900 if file.stem == "2" else None])
    again = attribute(A, B, by="document", world="middle", worlds=4, most=4, folder=tmp_path, workers=1, progress=False)
    assert again.runs.made == 8
    pd.testing.assert_frame_equal(found.whole(), again.whole(), check_exact=True)


def test_a_scenario_that_is_more_than_its_clauses_is_refused():
    odd = iter(range(10**6))
    with pytest.raises(InputError, match="more than its clauses"):
        attribute(
            A, B, by="document", world="middle", workers=1, progress=False, each=lambda s, k: {KEY: float(next(odd))}
        )


def test_worlds_that_are_drawn_are_those_of_a_run():
    found = attribute(A, B, by="document", world="assumed", worlds=4, most=4, workers=1, progress=False)
    values = simulate(with_world(A, "assumed"), 4, workers=1, progress=False).values.loc[KEY]
    assert [found.runs.values(k, [KEY])[found.game.all][0] for k in range(4)] == list(values)


def test_too_many_parts_to_take_exactly_are_refused_before_anything_runs():
    with pytest.raises(InputError, match="too many to run each"):
        attribute(A, B, exactly=True, world="middle", progress=False)
