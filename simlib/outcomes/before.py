"""Indicators of stages 12 and 13: the way to approval, what follows it, and special routes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simlib.core.workdays import YEAR
from simlib.model.record import Record
from simlib.outcomes.survival import delayed_curve, times_curve, times_mean
from simlib.outcomes.window import windows
from simlib.scenario.scenario import Scenario

Key = tuple[str, str, str]
DEVELOPMENT = 5475  # days (15 years) over which the restricted mean of a development is taken


def before_approval(record: Record) -> Iterator[tuple[Key, float]]:
    """approval_days and approvals_per_year, where the cohort is a pipeline; supplement_days, later_indications."""
    s, horizon = record.world.scenario, record.world.horizon
    if record.pipeline is not None:
        p = record.pipeline
        yield ("approval_days", "all", "all"), _development(record)
        until = min(horizon, s.count_until)
        within = (p.approved >= s.policy_from) & (p.approved < until)
        years = (until - s.policy_from) / YEAR
        yield ("approvals_per_year", "all", "all"), float(within.sum() / years) if years > 0 else np.nan
    filed, done = (x.reshape(-1) for x in record.supplements)
    counted = (filed >= s.policy_from) & (filed < horizon)
    yield ("supplement_days", "all", "all"), _mean("supplement_days", s, filed[counted], done[counted])
    yield ("later_indications", "all", "all"), _indications(record)


def special_routes(record: Record) -> Iterator[tuple[Key, float]]:
    """route_products (requested from policy_from on, a year) and route_days (request to supply)."""
    p, s, horizon = record.products, record.world.scenario, record.world.horizon
    counted = p.requested >= s.policy_from
    yield ("route_products", "all", "all"), float(counted.sum() / ((horizon - s.policy_from) / YEAR))
    yield ("route_days", "all", "all"), _mean("route_days", s, p.requested[counted], p.supplied[counted])


def _development(record: Record) -> float:
    """Kaplan-Meier restricted mean of application to approval over projects not approved before policy_from.

    Only those that come through all steps; each is followed from the later of its application and policy_from on.
    """
    p, from_, horizon = record.pipeline, record.world.scenario.policy_from, record.world.horizon
    use = p.succeeds & (p.approved >= from_)
    if not use.any():
        return np.nan
    filed = p.filed[use]
    curve = delayed_curve(p.approved[use] - filed, horizon - filed, np.maximum(from_ - filed, 0.0))
    return times_mean(*curve, DEVELOPMENT, last=float((horizon - filed).max()))


def _mean(name: str, scenario: Scenario, start: np.ndarray, end: np.ndarray) -> float:
    """Kaplan-Meier restricted mean of the days from start to end; NaN where there is none."""
    limit = windows(scenario)[name]
    if not len(start) or not limit:
        return np.nan
    # not asked whether anybody was followed so long: with a handful of filings that would hang on when the first one came
    return times_mean(*times_curve(end - start, scenario.horizon - start), limit, last=np.inf)


def _indications(record: Record) -> float:
    """Indications gained from policy_from on, a year and drug still followed (the model follows three a drug)."""
    w, dates = record.world, record.indications
    start = np.maximum(w.drugs.approval, w.scenario.policy_from)
    end = np.minimum(dates[:, -1] if len(dates) else start, w.horizon)
    years = np.maximum(end - start, 0.0).sum() / YEAR
    gained = ((dates >= start[:, None]) & (dates < w.horizon)).sum()
    return float(gained / years) if years > 0 else np.nan
