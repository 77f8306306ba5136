"""Means over replications with their intervals: Student's t, over how many days restricted means are, and a row by its key."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from simlib.core.files import InputError, one_of
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.window import WINDOW

CONFIDENCE = 0.95


def t_quantile(degrees: Any, confidence: float = CONFIDENCE) -> Any:
    """Half the width of Student's t interval, in standard errors, at so many degrees of freedom.

    scipy.stats gives the same bits, but takes half a second to load in every process.
    """
    return special.stdtrit(degrees, (1 + confidence) / 2)


def interval(values: np.ndarray, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """(mean, low, high): Student's t interval of the mean over replications; NaN bounds for fewer than two."""
    x = np.asarray(values, float)
    x = x[~np.isnan(x)]
    if not x.size:
        return (np.nan,) * 3
    mean = float(x.mean())
    if x.size < 2:
        return mean, np.nan, np.nan
    half = float(t_quantile(x.size - 1, confidence) * x.std(ddof=1) / np.sqrt(x.size))
    return mean, mean - half, mean + half


def wilson(count: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The interval of a share (0 to 1) of `count` in `of` by Wilson's score (1927; scipy.stats)."""
    from scipy.stats import binomtest  # takes half a second to load

    ends = binomtest(count, of).proportion_ci(confidence, method="wilson")
    return float(ends.low), float(ends.high)


def median_interval(values: np.ndarray, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """(median, low, high): the interval of the median between two order statistics, whatever the distribution.

    The ends are the k-th smallest and the k-th largest value, k as large as the binomial distribution lets it be; NaN where there are too
    few values (fewer than 6 for 95%). Source: David and Nagaraja (2003), Order Statistics, 3rd ed., section 7.1.
    """
    x = np.sort(np.asarray(values, float))
    x = x[~np.isnan(x)]
    if not x.size:
        return (np.nan,) * 3
    n = len(x)
    k = int((special.bdtr(np.arange(n // 2 + 1), n, 0.5) <= (1 - confidence) / 2).sum())
    ends = (float(x[k - 1]), float(x[n - k])) if k else (np.nan, np.nan)
    return float(np.median(x)), *ends


def describe(values: pd.DataFrame) -> pd.DataFrame:
    """Mean, 95% interval and spread of each row over replications."""
    x = values.to_numpy(float)
    n = (~np.isnan(x)).sum(axis=1)
    some = np.where(n[:, None] > 0, x, 0.0)
    mean = np.where(n > 0, np.nanmean(some, axis=1), np.nan)
    deviation = np.where(np.isnan(x), 0.0, x - mean[:, None])
    sd = np.sqrt(np.divide((deviation**2).sum(axis=1), n - 1, out=np.full(len(x), np.nan), where=n > 1))
    half = t_quantile(np.maximum(n - 1, 1)) * sd / np.sqrt(np.maximum(n, 1))
    out = values.index.to_frame(index=False)
    out["unit"] = [INDICATORS[name].unit for name in out["indicator"]]
    return out.assign(mean=mean, low=mean - half, high=mean + half, sd=sd, replications=n)


def with_windows(table: pd.DataFrame, days: dict[str, int]) -> pd.DataFrame:
    """The table with the unit of restricted means saying over how many days they are, where that is not the usual number."""
    for name, n in days.items():
        if n < WINDOW:
            table.loc[table["indicator"] == name, "unit"] = f"days of the first {n}"
    return table


def row_of(table: pd.DataFrame, indicator: str, by: str = "all", group: str | int = "all") -> pd.Series:
    """One row of a table of indicators, by its key; InputError, with the nearest or all that there is, where there is none."""
    rows = table.set_index(["indicator", "by", "group"])
    key = (indicator, by, str(group))
    if key in rows.index:
        return rows.loc[key]
    own = table[table["indicator"] == indicator]
    if own.empty:
        raise InputError(one_of(indicator, list(dict.fromkeys(table["indicator"])), "indicator"))
    there = "; ".join(f"by {b!r}: {', '.join(map(repr, g['group']))}" for b, g in own.groupby("by", sort=False))
    raise InputError(f"{indicator}: no row by {by!r} and group {str(group)!r}; there are {there}")
