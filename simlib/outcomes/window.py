"""Over how many days restricted means are taken: two years, or as long as a run follows anybody.

A run that ends before knows nothing of what comes later: a curve carried on flat beyond its last observation would be a
guess, and the mean under it neither that of two years nor that of the run.
"""

from __future__ import annotations

import math

from simlib.scenario.scenario import Scenario
from simlib.world.cohort import build_drugs

WINDOW = 730  # days
OF_DRUGS = (
    "listed_days",
    "listed_first_days",
    "first_hospital_days",
    "hospital_days",
)  # from the approval of counted drugs on
OF_FILINGS = ("supplement_days", "route_days")  # from filings and requests on, the first soon after `policy_from`

_last: list[tuple[Scenario, int, dict[str, int]]] = []  # replications share it


def windows(scenario: Scenario, limit: int = WINDOW) -> dict[str, int]:
    """By indicator that is a restricted mean, the days over which it is taken in a run, at most `limit`."""
    if not (_last and _last[0][0] is scenario and _last[0][1] == limit):
        drugs, filings = (_until(scenario, first, limit) for first in (first_approval(scenario), scenario.policy_from))
        _last[:] = [(scenario, limit, dict.fromkeys(OF_DRUGS, drugs) | dict.fromkeys(OF_FILINGS, filings))]
    return _last[0][2]


def first_approval(scenario: Scenario) -> float:
    """The earliest approval that counts: of the cohort's own dates, or `policy_from` where each history has others."""
    cohort, s = scenario.cohort, scenario
    if cohort.poisson is not None or cohort.pipeline is not None:
        return s.policy_from
    approval = build_drugs(cohort, s.calendar, s.horizon, s.parameters, (s.seed, 0)).approval
    counted = approval[(approval >= s.policy_from) & (approval < s.count_until)]
    return float(counted.min()) if len(counted) else s.policy_from


def _until(scenario: Scenario, first: float, limit: int) -> int:
    return max(0, min(limit, math.floor(scenario.horizon - first)))
