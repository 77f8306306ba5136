"""What a number rests on is said with it: days without a published calendar, and queues that have no steady state."""

from __future__ import annotations

import math

import pytest
import simpy

from simlib.cli import main
from simlib.core.files import InputError
from simlib.experiments.overload import overload_notes
from simlib.experiments.run import simulate
from simlib.model.clock import at
from simlib.model.model import replicate
from simlib.report.single import ScenarioReport
from simlib.scenario.scenario import load_scenario
from simlib.see.base import about, words_of

CROWDED = {"committee.places": {"level_3": 1, "level_2": 1, "level_1": 1}}


@pytest.fixture(scope="module")
def crowded():
    return simulate(load_scenario("small-world", CROWDED), 2, workers=1, progress=False)


def test_an_agenda_that_is_always_over_full_is_flagged(crowded):
    notes = overload_notes(crowded)
    assert notes[0].startswith("overload: at level 2 ") and "% of meetings have more requests than places" in notes[0]
    assert "the queue grows as long as the run lasts" in notes[0]


def test_reviewers_who_are_never_idle_are_flagged():
    scenario = load_scenario("small-world", {"listing.reviewers": 1})
    assert any(
        n.startswith("overload: reviewers") for n in overload_notes(simulate(scenario, 1, workers=1, progress=False))
    )


def test_a_world_that_copes_is_not_flagged():
    assert overload_notes(simulate(load_scenario("small-world"), 2, workers=1, progress=False)) == []


def test_overload_is_said_on_the_command_line_and_on_the_page(crowded, capsys):
    sets = [word for key in ("3", "2", "1") for word in ("--set", f"committee.places.level_{key}=1")]
    assert main(["run", "small-world", "--replications", "1", "--workers", "1", *sets]) == 0
    assert "  note: overload: at level 2 " in capsys.readouterr().out
    page = ScenarioReport(crowded).heading().data
    assert "nearly every agenda has more requests than places" in page and "几乎每次议程的申请都多于名额" in page


def test_days_after_the_last_published_calendar_are_flagged_in_table_page_and_figure(capsys):
    assert main(["run", "small-world", "--replications", "1", "--workers", "1", "--set", "end=2029-12-31"]) == 0
    assert ", provisional calendar\n" in capsys.readouterr().out
    assert (
        main(["run", "small-world", "--replications", "1", "--workers", "1", "--json", "--set", "end=2029-12-31"]) == 0
    )
    assert '"calendar_status": "provisional"' in capsys.readouterr().out
    scenario = load_scenario("small-world", {"end": "2029-12-31"})
    assert "provisional calendar" in about(scenario, words_of("en")) and "暂定日历" in about(scenario, words_of("zh"))
    result = simulate(scenario, 1, workers=1, progress=False)
    assert "provisional calendar" in ScenarioReport(result).heading().data


@pytest.mark.parametrize("t", [math.nan, math.inf, -1.0, 4.999])
def test_no_event_is_put_where_the_order_of_time_would_be_lost(t: float):
    env = simpy.Environment(initial_time=5.0)
    with pytest.raises(ValueError, match="is no time from 5"):
        at(env, t, 0)
    assert at(env, 5.0, 0) is not None


def test_what_falls_on_the_horizon_is_outside_the_run():
    inside = replicate(load_scenario("chain", {"cohort": {"days": [2499.0]}}), 0)
    outside = replicate(load_scenario("chain", {"cohort": {"days": [2500.0]}}), 0)
    assert len(inside.world.drugs) == 1 and len(outside.world.drugs) == 0


@pytest.mark.parametrize("value", [1.5, True, 0, "two"])
def test_a_capacity_is_a_whole_number(value: object):
    with pytest.raises(InputError, match=r"^set listing\.reviewers: "):
        load_scenario("small-world", {"listing.reviewers": value})
