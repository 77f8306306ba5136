"""A pipeline's projects and its calendar, which begins before the run."""

from datetime import date

import numpy as np
import pytest

from simlib import simulate
from simlib.core.files import InputError
from simlib.core.workdays import calendar
from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.pipeline import Pipeline

STREAM = {
    "cohort": {"pipeline": {"per_year": 50, "years_before": 6}},
    "start": "2018-01-01",
    "policy_from": "2021-01-01",
    "end": "2023-12-31",
}


def projects(**changes):
    return build_world(load_scenario("sichuan-before-reform-default", STREAM | {"snapshots": []} | changes), 0).projects


def test_projects_come_before_the_start_as_often_as_after_it():
    t = projects().approval
    assert len(t) == pytest.approx(12 * 50 / 0.6, abs=4 * np.sqrt(1000)) and t.min() > -6 * 366
    assert (t < 0).sum() == pytest.approx((t >= 0).sum(), abs=4 * np.sqrt(1000))


def test_a_pipeline_that_ends_later_keeps_its_projects():
    few, more = projects(), projects(end="2024-12-31")
    at = {int(i): t for i, t in zip(more.ids, more.approval, strict=True)}
    assert len(more) > len(few) and all(at[int(i)] == t for i, t in zip(few.ids, few.approval, strict=True))


def test_the_pipelines_calendar_has_the_same_working_days_as_the_runs():
    run = calendar("china", date(2018, 1, 1), 900)
    own = Pipeline(per_year=1, years_before=3)
    early = own.calendar(run, "civil_code")
    assert early.date(own.lead) == run.start
    work = lambda c, t: int(c.table.day[int(t), 0])  # noqa: E731
    assert all(work(early, own.lead + t) == work(run, t) for t in range(0, 900, 7))


def test_a_pipeline_that_begins_before_the_calendar_is_refused():
    with pytest.raises(InputError, match="begins in 2003, before the calendar"):
        load_scenario(
            "sichuan-before-reform-default",
            STREAM | {"snapshots": [], "cohort": {"pipeline": {"per_year": 50, "years_before": 15}}},
        )


def test_days_before_the_pipeline_begins_are_refused():
    with pytest.raises(ValueError, match="more than years_before"):
        Pipeline(days=(-800.0,), years_before=1)


def test_the_stored_pipeline_brings_about_as_many_drugs_a_year_as_are_approved():
    scenario = load_scenario("sichuan-before-reform-default", {"cohort": "pipeline", "region": None})
    row = simulate(scenario, 4, workers=1, progress=False).value("approvals_per_year")
    assert 35 <= row["mean"] <= 65  # 48 in 2024 (scenarios/evidence.csv, A1)
