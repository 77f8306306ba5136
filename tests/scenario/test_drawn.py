"""Drawn worlds: a replication's own numbers, from their ranges or as they were fitted, the same for every rulebook."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.model.model import replicate
from simlib.scenario import drawn as d
from simlib.scenario import fitted
from simlib.scenario.derived import with_numbers, with_world
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from twin.model import run

SMALL = load_scenario("small-world")
ASSUMED = with_world(SMALL, "assumed")
TABLE = """weight,decision.rho,committee.places.level_3,payment.insured
1,0.31,20,0.1
1,0.32,21,0.2
"""


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A posterior of two vectors."""
    (tmp_path / "numbers.csv").write_text(TABLE)
    monkeypatch.setattr(fitted, "_path", lambda: tmp_path / "numbers.csv")
    return tmp_path / "numbers.csv"


def test_every_assumed_number_with_a_range_is_drawn_inside_it_and_counts_are_whole():
    numbers, whole = d.numbers_at(SMALL, d.points(SMALL, 0, 256)), d.counts(SMALL)
    assert list(numbers) == [a.path for a in d.candidates(SMALL)]
    for a in d.candidates(SMALL):
        x, (low, high) = numbers[a.path], a.range
        assert low <= x.min() and x.max() <= high
        assert x.max() - x.min() > 0.9 * (high - low)
        if a.path in whole:
            assert (x == x.round()).all() and {low, high} <= set(x) or high - low > 50
    assert "committee.places.level_3" in whole and "payment.days" not in whole


def test_a_replication_has_the_numbers_of_its_world_and_one_with_other_luck_the_same():
    at = [d.numbers_of(ASSUMED, k) for k in (3, 4, 3 + d.AGAIN)]
    assert at[0] == at[2] != at[1]
    p = build_world(ASSUMED, 3).p
    assert p.decision.rho == at[0]["decision.rho"] != SMALL.parameters.decision.rho
    assert p.committee.places["level_3"] == at[0]["committee.places.level_3"]


def test_in_the_middle_nothing_is_drawn():
    assert d.in_world(SMALL, 3) is SMALL and d.numbers_of(SMALL, 3) == {}


def test_two_rulebooks_meet_the_same_worlds():
    other = with_world(load_scenario("small-world", {"policy": "national", "obedience": "full"}), "assumed")
    assert d.numbers_of(ASSUMED, 5) == d.numbers_of(other, 5)


def test_a_number_that_somebody_set_stays_and_no_other_changes_for_it():
    held = load_scenario("small-world", {"decision.rho": 0.5, "world": "assumed"})
    moved = with_numbers(ASSUMED, {"decision.rho": 0.5})
    free = d.numbers_of(ASSUMED, 2)
    for scenario in (held, moved):
        assert build_world(scenario, 2).p.decision.rho == 0.5
        assert d.numbers_of(scenario, 2) == {k: v for k, v in free.items() if k != "decision.rho"}


def test_engine_and_twin_live_in_the_same_drawn_world():
    found, plain = replicate(ASSUMED, 1, pairs=True).pairs, run(build_world(ASSUMED, 1))
    assert np.array_equal(found.stock, plain.stock)
    assert not np.array_equal(found.stock, replicate(SMALL, 1, pairs=True).pairs.stock)


def test_the_world_is_part_of_what_decides_a_result_and_the_middle_keeps_its_hash(stored):
    digests = {with_world(SMALL, kind).digest() for kind in ("middle", "assumed", "fitted")}
    assert len(digests) == 3 and SMALL.digest() in digests
    assert with_world(ASSUMED, "middle").digest() == SMALL.digest()
    assert load_scenario("small-world", {"world": "assumed"}).digest() == ASSUMED.digest()
    before = with_world(SMALL, "fitted").digest()
    stored.write_text(TABLE.replace("0.31", "0.3101"))
    assert with_world(SMALL, "fitted").digest() != before


def test_fitted_worlds_take_each_vector_as_often_as_its_weight_says_and_draw_the_rest(stored):
    scenario = with_world(SMALL, "fitted")
    assert [d.numbers_of(scenario, k)["decision.rho"] for k in range(4)] == [0.31, 0.32, 0.31, 0.32]
    here, assumed = d.numbers_of(scenario, 1), d.numbers_of(ASSUMED, 1)
    assert here["committee.places.level_3"] == 21 and here["payment.insured"] == 0.2
    assert {p: x for p, x in here.items() if p not in fitted.fitted_paths()} == {
        p: x for p, x in assumed.items() if p not in fitted.fitted_paths()
    }
    stored.write_text(TABLE.replace("1,0.31", "0,0.31"))
    assert [d.numbers_of(scenario, k)["decision.rho"] for k in range(2)] == [0.32, 0.32]


def test_a_third_run_has_the_numbers_of_the_fit_and_others_where_no_figure_speaks(stored):
    scenario = with_world(SMALL, "fitted")
    first, third = (d.numbers_of(scenario, k) for k in (1, 1 + d.OTHERS))
    alike = {path for path in first if first[path] == third[path]}
    assert set(fitted.fitted_paths()) <= alike and len(alike) < len(first) / 4


def test_the_other_numbers_of_a_third_run_have_nothing_to_do_with_those_of_the_first():
    rows = range(400)
    first, third = (
        np.concatenate([f(SMALL, k) for k in rows]) for f in (lambda s, k: d.points(s, k, 1), d._other_point)
    )
    related = [abs(np.corrcoef(a, b)[0, 1]) for a, b in zip(first.T, third.T, strict=True)]
    assert max(related) < 0.22 and np.mean(related) < 0.06  # of 340 pairs of 400 independent numbers


def test_a_number_that_expresses_a_reading_is_not_drawn_and_each_answer_has_its_own_vectors(stored):
    stored.write_text("weight,asking.push_exposure,decision.rho\n1,0,0.31\n1,0,0.32\n1,1,0.41\n1,1,0.42\n")
    default = with_world(SMALL, "fitted")
    canvass = load_scenario("small-world", {"readings": {"A11": "canvass"}, "world": "fitted"})
    rho = lambda s: [d.numbers_of(s, k)["decision.rho"] for k in range(3)]  # noqa: E731
    assert (rho(default), rho(canvass)) == ([0.31, 0.32, 0.31], [0.41, 0.42, 0.41])
    for scenario, value in ((default, 0), (canvass, 1), (ASSUMED, 0)):
        assert "asking.push_exposure" not in d.numbers_of(scenario, 1)
        assert d.in_world(scenario, 1).parameters.asking.push_exposure == value
    assert fitted.fitted_paths() == ("decision.rho",)


def test_a_number_that_expresses_a_reading_and_was_not_fitted_is_refused_in_one_line(stored):
    stored.write_text("weight,asking.push_exposure,decision.rho\n1,0,0.31\n1,1,0.41\n")
    words = r"asking.push_exposure: fitted worlds were made for 0 and 1 alone \(given: 0.5\)"
    other = with_numbers(SMALL, {"asking.push_exposure": 0.5})
    for attempt in (
        lambda: with_world(other, "fitted"),
        lambda: load_scenario("small-world", {"world": "fitted", "asking.push_exposure": 0.5}),
        lambda: d.numbers_of(with_numbers(with_world(SMALL, "fitted"), {"asking.push_exposure": 0.5}), 0),
    ):
        with pytest.raises(InputError, match=words) as e:
            attempt()
        assert "\n" not in str(e.value)


def test_without_a_posterior_a_fitted_world_is_refused_with_the_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(fitted, "_path", lambda: tmp_path / "numbers.csv")
    with pytest.raises(InputError, match="world: fitted: there is no numbers.csv.*simlib calibrate"):
        load_scenario("small-world", {"world": "fitted"})
