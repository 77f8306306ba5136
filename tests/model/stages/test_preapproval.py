"""Before approval: the steps of a project follow one another, rules act on the day a step begins, places are shared."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.scenario.scenario import load_scenario

DAY = 1e-5  # times stand on a grid of 2**-20 day
STREAM = {"cohort": {"pipeline": {"per_year": 60, "years_before": 3}}, "horizon_days": 1500, "calendar": "china",
          "preapproval.go_on": {"preclinical": 0.7, "phase_1": 0.8, "phase_2": 0.7, "phase_3": 0.8, "review": 0.9}}  # fmt: skip


def rule(value: Any, **more: Any) -> dict:
    return {"value": value, "strength": "must", "clause": "toy", "kind": "stated", **more}


def run(rules: dict[str, Any], changes: dict[str, Any] | None = None, toy: str = "trial-sequence") -> Record:
    """One replication of a toy of constant parts under these rules."""
    policy = {
        "format": 1, "name": "toy-before", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy", "rules": rules,
    }  # fmt: skip
    return replicate(load_scenario(toy, {"policy": policy, **(changes or {})}), 0)


def startup(record: Record) -> np.ndarray:
    return record.pipeline.started - record.pipeline.permitted


def test_the_steps_of_every_project_come_in_order_and_only_what_comes_through_is_a_drug():
    r = run({}, STREAM)
    p = r.pipeline
    known = [t[np.isfinite(p.submitted)] for t in (p.filed, p.permitted, p.started, p.ready, p.submitted)]
    assert len(known[0]) > 50 and all((a <= b).all() for a, b in zip(known[:-1], known[1:], strict=True))
    assert (p.approved[p.succeeds] > p.submitted[p.succeeds]).all() and np.isinf(p.approved[~p.succeeds]).all()
    inside = (p.approved >= 0) & (p.approved < r.world.horizon)
    assert 0 < inside.sum() < len(p.ids)
    assert sorted(r.world.drugs.ids) == sorted(p.ids[inside]) and (np.diff(r.world.drugs.approval) >= 0).all()
    assert (p.filed < 0).any() and (p.filed >= 0).any()  # the pipeline is full when the run begins


def test_the_stage_switched_off_lets_every_project_through_at_once():
    r = run({}, STREAM | {"stages.preapproval": False})
    ready = r.world.projects.approval
    inside = (r.pipeline.approved >= 0) & (r.pipeline.approved < r.world.horizon)
    assert r.pipeline.succeeds.all() and len(r.world.drugs) == inside.sum() > 0.5 * (ready >= 0).sum()
    assert np.isinf(r.indications).all() and np.isinf(r.supplements[0]).all()


def test_only_the_reviews_that_are_named_run_with_the_filing():
    assert startup(run({}))[0] == pytest.approx(150, abs=DAY)
    assert startup(run({"preapproval.parallel_review": rule(["project"])}))[0] == pytest.approx(130, abs=DAY)
    assert startup(run({"preapproval.parallel_review": rule(["project", "ethics"])}))[0] == pytest.approx(100, abs=DAY)


def test_recognition_shortens_the_ethics_review_alone():
    changes = {"preapproval.ethics_factor": {"members": 0.9, "city_level_sites": 0.5}}
    r = run({"preapproval.ethics_mutual_recognition": rule("city_level_sites")}, changes)
    assert startup(r)[0] == pytest.approx(150 - 15, abs=DAY)


def test_a_shorter_review_of_the_application_counts_where_it_is_obeyed():
    limit = {"preapproval.trial_approval_limit": rule("30 working days")}
    for share, days in ((1, 30), (0, 60)):
        p = run(limit, {"obedience.other_must": share}).pipeline
        assert p.permitted[0] - p.filed[0] == pytest.approx(days, abs=DAY)


def test_a_target_brings_the_mean_over_trials_down_and_every_trial_by_another_reading():
    mixed = {"cohort": {"pipeline": {"days": list(range(40))}}, "preapproval.opening": {"empirical": [10, 310]}}
    limit = {"preapproval.trial_startup_limit": rule("25 weeks")}
    free = startup(run({}, mixed))
    assert len(np.unique(np.round(free))) == 2 and free.mean() > 175
    assert startup(run(limit, mixed)) == pytest.approx(free * 175 / free.mean(), abs=DAY)
    every = startup(run(limit, mixed | {"readings.E8": "every_trial"}))
    assert every == pytest.approx(np.minimum(free, 175), abs=DAY)


def test_a_rule_counts_from_the_step_that_begins_while_it_is_in_force():
    """Two projects: the rule begins between their applications."""
    changes = {"cohort": {"pipeline": {"days": [0, 100]}}, "policy_from": 50}
    p = run({"preapproval.trial_approval_limit": rule("30 working days")}, changes).pipeline
    assert p.permitted - p.filed == pytest.approx([60, 30], abs=DAY)


def test_a_place_in_the_service_falls_free_with_the_decision():
    """Preparation begins on day 810 after filing; with service it takes 80 + 200 to the decision, on day 1090."""
    changes = {"cohort": {"pipeline": {"days": [0, 100, 280]}}, "preapproval.service_places": 1}
    p = run({"preapproval.early_service": rule("by_product")}, changes).pipeline
    assert p.served.tolist() == [True, False, True]
    assert (p.submitted - p.ready) == pytest.approx([80, 100, 80], abs=DAY)
    p = run(
        {"preapproval.early_service": rule("by_product"), "preapproval.early_service_slots": rule(2)}, changes
    ).pipeline
    assert p.served.all()


def test_money_raises_the_chance_by_its_part_of_the_cost():
    costs = {"preclinical": 10, "phase_1": 10, "phase_2": 20, "phase_3": 60}
    changes = {"cohort": {"pipeline": {"days": [float(i % 50) for i in range(4000)]}}, "preapproval.cost": costs,
               "preapproval.money_elasticity": 1, "preapproval.go_on.phase_3": 0.5}  # fmt: skip
    share = lambda rules: run(rules, changes).pipeline.succeeds.mean()  # noqa: E731
    grants = {
        "preapproval.grants": rule({"share_of_cost": 0.2, "phase_3": 6})
    }  # a fifth would be 12: capped at 6 of 60
    for rules, expected in (({}, 0.5), (grants, 0.55), ({"preapproval.awards": rule({"class_1": 20})}, 0.6)):
        assert share(rules) == pytest.approx(expected, abs=4 * math.sqrt(0.25 / 4000))


def test_money_promised_after_the_run_decides_nothing_about_its_projects():
    changes = STREAM | {"start": "2020-01-01", "horizon_days": 400, "preapproval.money_elasticity": 1}
    after = {"preapproval.awards": rule({"class_1": 1000}, **{"from": "2021-03-01"})}
    within = {"preapproval.awards": rule({"class_1": 1000}, **{"from": "2020-02-01"})}
    none, late, soon = (run(r, changes).pipeline.succeeds for r in ({}, after, within))
    assert np.array_equal(none, late) and soon.sum() > none.sum()


def test_more_projects_leave_every_other_projects_dates():
    few, more = (run({}, STREAM | {"cohort": {"pipeline": {"days": list(range(0, n, 7))}}}) for n in (200, 400))
    of = {int(i): k for k, i in enumerate(more.pipeline.ids)}
    place = [of[int(i)] for i in few.pipeline.ids]
    for name in ("filed", "started", "ready", "approved"):
        assert np.array_equal(getattr(few.pipeline, name), getattr(more.pipeline, name)[place])
