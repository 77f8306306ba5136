"""Stage 13: a project's way from the trial application through its three phases, and the chance that it goes on.

Times are those of the pipeline's own calendar, `lead` days ahead of the run's: rules are read at `t - lead`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from simlib.core.streams import Q_GO_ON, Q_TRIAL, uniforms
from simlib.core.workdays import INF, MONTH, Table
from simlib.model.rules import Others
from simlib.model.vectors import add_each, deadline_each, roll_each, sample_each, up_each
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World
from simlib.world.cohort import CLASSES

REVIEWS = ("project", "ethics", "contract")
PHASES = ("phase_1", "phase_2", "phase_3")
STEPS = ("preclinical", *PHASES, "review")  # of `go_on`, in the order of Q_GO_ON's attempts
PARTS = (
    "project_review",
    "ethics_review",
    "contract_review",
    "opening",
    *PHASES,
    "preparation",
    "answers",
)  # Q_TRIAL's
DAYS = {"days": 1.0, "working_days": 1.4, "months": MONTH}  # calendar days of an overall target


@dataclass(frozen=True)
class Projects:
    """A pipeline's givens: its world (whose drugs are the projects), rules, calendar, and days ahead of the run."""

    world: World
    others: Others
    table: Table
    lead: float

    def draw(self, part: str) -> np.ndarray:
        """One draw a project of one of PARTS, in its own unit (float64, N)."""
        duration = getattr(self.world.p.preapproval, part)
        return sample_each(self.world.key, Q_TRIAL, self.world.drugs.ids, duration, attempt=PARTS.index(part))

    def after(self, t: np.ndarray, part: str, factor: np.ndarray | float = 1.0) -> np.ndarray:
        """The moment at which a part that begins at t is done (float64, N)."""
        return add_each(self.table, t, self.draw(part) * factor, getattr(self.world.p.preapproval, part).unit)

    def goes_on(self, step: str, t: np.ndarray) -> np.ndarray:
        """Whether each project goes on at a step, with the money promised at t (bool, N)."""
        u = uniforms(self.world.key, Q_GO_ON, drugs=self.world.drugs.ids, attempt=STEPS.index(step))
        return u < chance(self.world, self.others, step, t - self.lead)

    def soonest(self, lever: str, t: np.ndarray) -> np.ndarray:
        """The earliest deadline, counted from t, of the obeyed limits of a lever at t; inf where there is none."""
        return soonest(self.others, lever, self.table, t, self.lead)


def soonest(others: Others, lever: str, table: Table, t: np.ndarray, lead: float = 0.0) -> np.ndarray:
    """The earliest deadline, counted from t, of a lever's limits in force and obeyed at `t - lead`; inf for none."""
    rules, obeyed = others.limits(lever, t - lead)
    due = np.full(len(t), INF)
    for rule, now in rules:
        number, unit = rule.rule.value
        end = deadline_each(table, t, np.full(len(t), float(number)), unit)
        due = np.where(now & obeyed, np.minimum(due, end), due)
    return due


def chance(world: World, others: Others, step: str, t: np.ndarray) -> np.ndarray:
    """Probability that each project goes on at a step: grants and the awaited award count as a part of the cost.

    Steps after the run's end decide only which projects count as those that come through; rules of that time do not act.
    """
    p = world.p.preapproval
    part = np.zeros(len(t))
    if step in p.cost:
        share = others.amount("preapproval.grants", "share_of_cost", t)
        share = np.where(share > 0, share, 1.0)
        part = np.minimum(share * p.cost[step], others.amount("preapproval.grants", step, t)) / p.cost[step]
    other = world.drugs.klass == CLASSES.index("other")
    award = [others.amount("preapproval.awards", kind, t) for kind in ("class_1", "improved")]
    part = part + np.where(other, award[1], award[0]) / math.fsum(p.cost.values())
    part = np.where(t < world.horizon, part, 0.0)
    return np.minimum(1.0, p.go_on[step] * (1.0 + p.money_elasticity * part))


def start_up(q: Projects, filed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(permission of each trial, its first patient) of applications filed at `filed` (float64, N)."""
    p, others, t = q.world.p.preapproval, q.others, filed - q.lead
    review = deadline_each(q.table, filed, np.full(len(filed), float(p.trial_review)), "working_days")
    permitted = np.minimum(review, q.soonest("preapproval.trial_approval_limit", filed))
    names = LEVERS["preapproval.ethics_mutual_recognition"].allowed
    factor = np.array([p.ethics_factor.get(n, 1.0) for n in names])
    ethics = factor[others.choice("preapproval.ethics_mutual_recognition", t)]
    parallel = {w: others.has("preapproval.parallel_review", w, t) for w in REVIEWS}
    ready = permitted
    for w in REVIEWS:  # papers handed in with the filing
        done = q.after(filed, f"{w}_review", ethics if w == "ethics" else 1.0)
        ready = np.where(parallel[w], np.maximum(ready, done), ready)
    for w in REVIEWS:  # one after the other
        done = q.after(ready, f"{w}_review", ethics if w == "ethics" else 1.0)
        ready = np.where(parallel[w], ready, done)
    took = q.after(ready, "opening") - np.where(np.isfinite(permitted), permitted, 0.0)  # never permitted, never open
    return permitted, up_each(q.table, permitted + _to_target(q, t, took))


def _to_target(q: Projects, t: np.ndarray, took: np.ndarray) -> np.ndarray:
    """Days of start-up where a target for the whole holds: the mean over its trials is brought to it (reading E8)."""
    rules, obeyed = q.others.limits("preapproval.trial_startup_limit", t)
    target = np.full(len(took), INF)
    for rule, now in rules:
        number, unit = rule.rule.value
        target = np.where(now & obeyed, np.minimum(target, number * DAYS[unit]), target)
    if q.world.p.preapproval.startup_counts == "every":
        return np.minimum(took, target)
    for days in np.unique(target[np.isfinite(target)]):
        inside = (target == days) & np.isfinite(took)
        if not inside.any():
            continue
        mean = math.fsum(took[inside]) / inside.sum()  # the exact sum: no order of trials
        if mean > days:
            took = np.where(inside, took * (days / mean), took)
    return took


def phases(q: Projects, started: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(end of phase 3, whether the project comes so far) from the first patient on; each phase's chance as it begins."""
    t, on = started, np.ones(len(started), bool)
    for phase in PHASES:
        on &= q.goes_on(phase, t)
        t = up_each(q.table, q.after(t, phase))
    return t, on


def filing_days(q: Projects, ready: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(working day on which a project applies for its trial, whether it does)."""
    filed = roll_each(q.table, ready)
    return filed, q.goes_on("preclinical", filed)
