"""Stage 13: projects become drugs. Trial application, start-up, phases, preparation, marketing review, approval.

    apply -> trial permitted -> first patient -> phases 1 to 3 -> prepared (early service) -> marketing review -> approved
                `-> project, ethics, contract reviews (one after the other, or with the filing)

Every project is a row of vectors; only the places of the early service are shared (`simlib.model.stages.service`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simlib.core.streams import Q_PRIORITY, uniforms
from simlib.core.workdays import INF
from simlib.model.rules import Others
from simlib.model.stages.service import Wanted, served
from simlib.model.stages.trials import Projects, filing_days, phases, start_up
from simlib.model.vectors import add_each, deadline_each, roll_each
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World
from simlib.world.cohort import Drugs

SERVICE = "preapproval.early_service"


@dataclass(frozen=True)
class Pipeline:
    """What became of the projects that applied for a trial, in the order of application (arrays of one length N).

    Days of the run, negative before it, inf for never: filed (trial application), permitted, started (first patient),
    ready (end of phase 3), submitted (marketing application), approved. succeeds: whether it comes through all steps,
    be it past the horizon. served: whether it had a place in the early service.
    """

    ids: np.ndarray
    filed: np.ndarray
    permitted: np.ndarray
    started: np.ndarray
    ready: np.ndarray
    submitted: np.ndarray
    approved: np.ndarray
    succeeds: np.ndarray
    served: np.ndarray


def bring(world: World) -> tuple[World, Pipeline | None]:
    """(the world with its drugs, what became of its projects); a world whose drugs are given stays as it is."""
    if world.projects is None:
        return world, None
    pipeline = _through(world) if world.p.stages.preapproval else _at_once(world)
    place = {int(i): k for k, i in enumerate(world.projects.ids)}
    inside = pipeline.succeeds & (pipeline.approved >= 0) & (pipeline.approved < world.horizon)
    which = np.array([place[int(i)] for i in pipeline.ids[inside]], int)
    return replace(world, drugs=world.projects.take(which, pipeline.approved[inside])), pipeline


def _followed(world: World, projects: Drugs) -> Projects:
    """Some projects of a world, ready to be followed."""
    pipeline, own = world.scenario.cohort.pipeline, replace(world, drugs=projects)
    early = pipeline.calendar(world.calendar, world.p.clocks.rolling)
    return Projects(own, Others(own), early.table, pipeline.lead)


def _at_once(world: World) -> Pipeline:
    """The stage is off: every project is a drug on the first working day on which it could apply."""
    q = _followed(world, world.projects)
    t = roll_each(q.table, world.projects.approval + q.lead) - q.lead
    yes = np.ones(len(t), bool)
    return Pipeline(world.projects.ids, t, t, t, t, t, t, yes, ~yes)


def _through(world: World) -> Pipeline:
    q, filed = _applications(world)
    permitted, started = start_up(q, filed)
    ready, on = phases(q, started)
    ready = np.where(on, ready, INF)
    kind = q.others.choice(SERVICE, ready - q.lead)
    factors = np.array([world.p.preapproval.service_factor.get(n, 1.0) for n in LEVERS[SERVICE].allowed])
    got = _places(q, kind > 0, ready, _decided(q, ready, factors[kind])[1])
    submitted, approved = _decided(q, ready, np.where(got, factors[kind], 1.0))
    succeeds = on & np.isfinite(approved) & q.goes_on("review", submitted)
    dates = [t - q.lead for t in (filed, permitted, started, ready, submitted)]
    return Pipeline(q.world.drugs.ids, *dates, np.where(succeeds, approved, INF) - q.lead, succeeds, got)


def _applications(world: World) -> tuple[Projects, np.ndarray]:
    """The projects that apply for a trial within the run, in the order in which they do, and when."""
    q = _followed(world, world.projects)
    filed, applies = filing_days(q, world.projects.approval + q.lead)
    applies &= filed < world.horizon + q.lead
    which = np.flatnonzero(applies)
    q = _followed(world, world.projects.take(which, filed[which] - q.lead))
    return q, q.world.drugs.approval + q.lead


def _decided(q: Projects, ready: np.ndarray, factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(marketing application, its decision) of projects whose preparation begins at `ready` and takes `factor` times."""
    p = q.world.p.preapproval
    first = uniforms(q.world.key, Q_PRIORITY, drugs=q.world.drugs.ids) < p.priority_share
    days = np.where(first, float(p.priority_review), float(p.marketing_review))
    submitted = roll_each(q.table, q.after(ready, "preparation", factor))
    due = deadline_each(q.table, submitted, days, "working_days")
    return submitted, roll_each(q.table, add_each(q.table, due, q.draw("answers"), p.answers.unit))


def _places(q: Projects, wants: np.ndarray, ready: np.ndarray, until: np.ndarray) -> np.ndarray:
    """Which projects get a place in the early service (bool, N)."""
    ids = q.world.drugs.ids
    stated = q.others.number("preapproval.early_service_slots", ready - q.lead)
    places = np.where(np.isnan(stated), float(q.world.p.preapproval.service_places), stated)
    which = np.flatnonzero(wants)
    which = which[np.argsort(ids[which], kind="stable")]
    got = np.zeros(len(ids), bool)
    got[which] = served(Wanted(ready[which], until[which], places[which]), q.world.horizon + q.lead)
    return got
