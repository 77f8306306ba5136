"""Reviewers of dossiers: how busy they are, and how many other dossiers they see."""

from __future__ import annotations

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.stages import listing
from simlib.outcomes.indicators import indicators
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world

SHORT = {"cohort": {"days": [5, 12]}, "horizon_days": 20, "policy_from": 0, "count_until": 20}


def test_a_reviewer_is_busy_while_dossiers_are_worked_on_and_no_longer_than_the_run():
    # one reviewer, ten days a dossier: from day 5 to 15, then from 15 to the end of the run on day 20
    record = replicate(load_scenario("queue-md1", SHORT), 0)
    assert record.listing.start.tolist() == [[5, 15]]
    assert record.listing.busy.tolist() == [15]
    assert indicators(record)["reviewer_use", "all", "all"] == pytest.approx(15 / 20)


def test_dossiers_of_one_day_and_one_due_date_are_taken_in_the_order_of_their_ids():
    record = replicate(load_scenario("queue-md1", SHORT | {"cohort": {"days": [5] * 12}, "horizon_days": 150}), 0)
    in_turn = np.argsort(record.world.drugs.ids)
    assert record.listing.start[0, in_turn].tolist() == [5 + 10 * k for k in range(12)]


def test_other_dossiers_get_more_room_where_there_are_more_than_expected(monkeypatch):
    world = build_world(load_scenario("queue-md1", SHORT | {"listing.background_per_year": 500}), 0)
    arrivals, work = listing._background(world, 0, world.p.listing)
    assert len(arrivals) > 10
    draw, tried = listing._draw_background, []

    def is_full_twice(*given):
        tried.append(len(given[-1]))
        return -1 if len(tried) < 3 else draw(*given)

    monkeypatch.setattr(listing, "_draw_background", is_full_twice)
    again = listing._background(world, 0, world.p.listing)
    assert tried == [tried[0], 2 * tried[0], 4 * tried[0]]
    assert np.array_equal(again[0], arrivals) and np.array_equal(again[1], work)
