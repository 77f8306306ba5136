"""Stage 13, after approval: indications that a drug gains later, and supplementary applications that need inspection."""

from __future__ import annotations

import numpy as np

from simlib.core.streams import Q_INDICATION, Q_SUPPLEMENT, exponentials
from simlib.core.workdays import INF, YEAR
from simlib.model.rules import Others
from simlib.model.stages.trials import soonest
from simlib.model.vectors import deadline_each, roll_each, up_each
from simlib.scenario.world import World

INDICATIONS = 3  # dates kept a drug
SUPPLEMENTS = 8  # applications followed a drug
STUDIES = "preapproval.indication_expansion"


def indications(world: World, others: Others) -> np.ndarray:
    """Dates of each drug's later indications, inf for none (float64, (D, INDICATIONS)).

    A Poisson process from approval on, whose rate is raised while studies of further indications are supported: Exp(1)
    draws, one an indication, are used up at the rate of the day.
    """
    p, d = world.p.preapproval, world.drugs
    out = np.full((len(d), INDICATIONS), INF)
    if not world.p.stages.preapproval or not len(d):
        return out
    edges = _changes(world, others)
    need = exponentials(world.key, Q_INDICATION, drugs=d.ids)
    number, t = np.zeros(len(d), int), edges[:, 0].copy()
    for a, b in zip(edges.T[:-1], edges.T[1:], strict=True):
        rate = p.indications_per_year / YEAR * np.where(others.flag(STUDIES, a), p.indication_factor, 1.0)
        t = np.where(number < INDICATIONS, np.maximum(t, a), INF)
        while True:
            have = np.where(t < b, rate * np.where(t < b, b - t, 0.0), 0.0)
            hit = (t < b) & (need <= have) & (rate > 0)
            if not hit.any():
                break
            t = np.where(hit, t + need / np.where(rate > 0, rate, 1.0), t)
            out[hit, number[hit]] = t[hit]
            number = number + hit
            need = np.where(hit, _next(world, number, need), need)
            t = np.where(number < INDICATIONS, t, INF)
        need = need - have
    return up_each(world.table, out.reshape(-1)).reshape(out.shape)


def _next(world: World, number: np.ndarray, need: np.ndarray) -> np.ndarray:
    """The draw of each drug's indication of that number."""
    for k in range(1, INDICATIONS):
        drawn = exponentials(world.key, Q_INDICATION, drugs=world.drugs.ids, attempt=k)
        need = np.where(number == k, drawn, need)
    return need


def _changes(world: World, others: Others) -> np.ndarray:
    """Approval, the times after it at which a rule begins or ends for each drug, and the horizon: (D, n), sorted."""
    d = world.drugs
    times = [d.approval, np.full(len(d), world.horizon)]
    for rule in world.of(STUDIES):
        times += [np.maximum(rule.start, others.scope(rule)), np.full(len(d), rule.stop)]
    inside = [np.clip(t, d.approval, world.horizon) for t in times]
    return np.sort(np.stack(inside, axis=1), axis=1)


def supplements(world: World, others: Others) -> tuple[np.ndarray, np.ndarray]:
    """(filed, review done) of supplementary applications that need inspection (float64, (D, SUPPLEMENTS)); inf: none.

    A Poisson process from approval on. The review takes its limit: the national one, or a shorter one that is obeyed on
    the day of filing.
    """
    p, d, table = world.p.preapproval, world.drugs, world.table
    filed = np.full((len(d), SUPPLEMENTS), INF)
    done = filed.copy()
    if not world.p.stages.preapproval or p.supplements_per_year == 0:
        return filed, done
    t = d.approval
    for k in range(SUPPLEMENTS):
        t = t + exponentials(world.key, Q_SUPPLEMENT, drugs=d.ids, attempt=k) * (YEAR / p.supplements_per_year)
        day = roll_each(table, t)
        day = np.where(day < world.horizon, day, INF)
        own = deadline_each(table, day, np.full(len(d), float(p.supplement_review)), "working_days")
        filed[:, k] = day
        done[:, k] = np.minimum(own, soonest(others, "preapproval.supplement_review_limit", table, day))
    return filed, done
