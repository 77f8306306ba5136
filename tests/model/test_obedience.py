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


def met(degree: str, strength: str) -> np.ndarray:
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
