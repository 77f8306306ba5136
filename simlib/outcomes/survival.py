"""Times to an event with censoring: Kaplan-Meier from counts by whole day."""

from __future__ import annotations

import numpy as np


def kaplan_meier(events: np.ndarray, censored: np.ndarray) -> np.ndarray:
    """Survival after each whole day 0, 1, ... from counts of events and of censorings by day (float64, same length).

    Of equal days events come first (Kaplan and Meier 1958). Where nobody is left at risk the curve stays as it is.
    """
    gone = np.cumsum(events + censored)
    at_risk = gone[-1] - np.concatenate([[0.0], gone[:-1]])
    hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    return np.cumprod(1.0 - hazard)


def followed(survival: np.ndarray, last: float, limit: float) -> bool:
    """Whether a curve is known up to a limit: somebody is observed until then, or all have had the event before.

    last: the last moment at which anybody is observed. Beyond it the curve is not estimable (Klein and Moeschberger 2003, 4.2).
    """
    return last >= limit or bool(survival.size and survival[-1] <= 0.0)


def restricted_mean(survival: np.ndarray, days: int, before: np.ndarray | None = None) -> float:
    """Mean of min(time, days), the area under the curve of a product-limit by whole day.

    before: by day, how long before its end the events of that day happened, in the mean (days; float64, as `survival`).
    None: times are whole days.
    """
    if before is None:
        return float(survival[:days].sum())
    falls = survival[:days] - survival[1 : days + 1]
    return float(survival[1 : days + 1].sum() + (falls * (1.0 - before[1 : days + 1])).sum())


def median(survival: np.ndarray, dates: bool) -> float:
    """First time at which half have had the event; NaN where half never do. `dates` as for `restricted_mean`."""
    below = np.flatnonzero(survival <= 0.5)
    if not below.size:
        return float("nan")
    day = int(below[0])
    if dates or day == 0:
        return float(day)
    before = survival[day - 1]
    return float(day - 1 + (before - 0.5) / (before - survival[day]))


def times_curve(times: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(distinct times, survival after each), from times to event (inf: none) and ends of observation."""
    seen = times < ends
    when = np.where(seen, times, ends)
    days, place = np.unique(when, return_inverse=True)
    events = np.bincount(place, weights=seen, minlength=len(days))
    return days, kaplan_meier(events, np.bincount(place, minlength=len(days)) - events)


def delayed_curve(times: np.ndarray, ends: np.ndarray, entries: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As `times_curve` for those who are only followed from `entries` on (the product-limit with delayed entry).

    At each time those are at risk who have entered by then and are still observed. Times before the first event are
    certain, so the answer is conditional on nothing happening before anybody is followed.
    """
    seen = times < ends
    when = np.where(seen, times, ends)
    days = np.unique(when[seen])
    at_risk = ((entries[:, None] <= days) & (when[:, None] >= days)).sum(axis=0)
    events = ((when[:, None] == days) & seen[:, None]).sum(axis=0)
    return days, np.cumprod(1.0 - events / at_risk)


def times_mean(days: np.ndarray, survival: np.ndarray, limit: float, last: float | None = None) -> float:
    """Restricted mean up to `limit` of a curve of `times_curve`: the area under the steps; NaN where it is not `followed`.

    last: how long the one observed longest could be (by default the last time of the curve).
    """
    if not followed(survival, (days[-1] if len(days) else 0.0) if last is None else last, limit):
        return float("nan")
    edges = np.concatenate([[0.0], np.minimum(days, limit), [limit]])
    return float((np.diff(edges) * np.concatenate([[1.0], survival])).sum())


def times_median(days: np.ndarray, survival: np.ndarray) -> float:
    """First time at which half have had the event; NaN where half never do."""
    below = np.flatnonzero(survival <= 0.5)
    return float(days[below[0]]) if below.size else float("nan")
