"""Degrees of obedience: full is what documents order; what they only hope for keeps its default chance until `hoped`."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.core.files import InputError
from simlib.model.model import replicate
from tests.twin.worlds import duty, ruled_world, world
from twin.model import run

CHANCES = {"must": 0.8, "declared": 0.6, "encouraged": 0.4, "explore": 0.2, "own_sd": 0.5, "other_must": 1}
HOSPITALS = 60
ALL, NOBODY = HOSPITALS, 0


def met(degree: str | float, strength: str) -> np.ndarray:
    """Which hospitals meet because of a duty in words of a strength; the plain twin, held against the engine."""
    rules = {"committee.duty": {"listing": duty("30 days", strength=strength)}}
    toy = ruled_world(rules=rules, obedience=degree, hospitals=HOSPITALS, parameters={"obedience": CHANCES})
    found, record = run(toy), replicate(toy.scenario, 0, pairs=True)
    assert np.array_equal(found.first_heard, record.pairs.first_heard)
    return (found.first_heard < 200).ravel()


@pytest.mark.parametrize("strength", ["declared", "must"])
def test_what_is_ordered_is_obeyed_by_all_at_full_obedience_and_by_nobody_at_none(strength):
    assert met("full", strength).sum() == met("hoped", strength).sum() == ALL
    assert met("none", strength).sum() == NOBODY < met("default", strength).sum() < ALL


@pytest.mark.parametrize("strength", ["encouraged", "explore"])
def test_what_is_only_encouraged_is_done_by_the_same_hospitals_at_full_obedience_as_by_default_and_by_all_as_hoped(
    strength,
):
    default = met("default", strength)
    assert NOBODY < default.sum() < ALL and np.array_equal(met("full", strength), default)
    assert met("hoped", strength).sum() == ALL and met("none", strength).sum() == NOBODY


def test_a_degree_that_there_is_not_is_refused_with_the_four_that_there_are():
    with pytest.raises(InputError, match="hoped.*full.*default.*none"):
        world(obedience="wholly")


@pytest.mark.parametrize("strength", ["must", "declared", "encouraged", "explore"])
def test_obedience_as_a_number_joins_none_default_and_full_and_what_is_not_ordered_never_gains_by_it(strength):
    default = met("default", strength)
    at = {share: met(share, strength) for share in (0, 0.3, CHANCES["must"], 0.95, 1)}
    assert at[0].sum() == NOBODY
    assert np.array_equal(at[CHANCES["must"]], default) and np.array_equal(at[1], met("full", strength))
    assert at[0.3].sum() < default.sum() and not (at[0.3] & ~default).any()
    if strength in ("must", "declared"):
        assert default.sum() < at[0.95].sum() and not (default & ~at[0.95]).any()
    else:
        assert np.array_equal(at[0.95], default)


def test_the_share_that_obeys_an_order_is_the_number_where_hospitals_are_of_one_will():
    rules = {"committee.duty": {"listing": duty("30 days")}}
    parameters = {"obedience": CHANCES | {"own_sd": 0}}
    toy = ruled_world(rules=rules, obedience=0.3, hospitals=2000, parameters=parameters)
    share = (replicate(toy.scenario, 0, pairs=True).pairs.first_heard < 200).mean()
    assert share == pytest.approx(0.3, abs=0.035)


@pytest.mark.parametrize(
    ("given", "said"), [(1.5, "less than or equal to 1"), (-0.1, "greater"), ("0.4", "or a number")]
)
def test_a_number_of_obedience_that_is_no_chance_is_refused(given, said):
    with pytest.raises(InputError, match=said):
        world(obedience=given)
