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


def restricted_mean(survival: np.ndarray, days: int, dates: bool) -> float:
    """Mean of min(time, days), the area under the curve.

    dates: times are whole days; otherwise events are spread evenly over the day that ends with their bin.
    """
    if dates:
        return float(survival[:days].sum())
    return float((survival[:days].sum() + survival[1 : days + 1].sum()) / 2.0)


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


def times_mean(days: np.ndarray, survival: np.ndarray, limit: float) -> float:
    """Restricted mean up to `limit` of a curve of `times_curve`: the area under the steps."""
    edges = np.concatenate([[0.0], np.minimum(days, limit), [limit]])
    return float((np.diff(edges) * np.concatenate([[1.0], survival])).sum())


def times_median(days: np.ndarray, survival: np.ndarray) -> float:
    """First time at which half have had the event; NaN where half never do."""
    below = np.flatnonzero(survival <= 0.5)
    return float(days[below[0]]) if below.size else float("nan")
