"""What a comparison owes to common random numbers: how alike both sides' luck is, and what that is worth in replications."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simlib.experiments.run import Effect

COLUMNS = ["indicator", "by", "group", "correlation", "worth", "identical"]


def pairing(effect: Effect) -> pd.DataFrame:
    """How much of the luck of both sides of a comparison is the same.

    Parameters
    ----------
    effect : Effect
        A comparison of at least two replications.

    Returns
    -------
    DataFrame
        One row for each indicator and group (columns COLUMNS): correlation of both sides over replications (NaN where a side does
        not vary); worth, how many replications of either side with luck of its own would make the difference as precise as one
        that shares it, the ratio of variances (var a + var b) / var(a - b), infinite where the difference does not vary at all;
        identical, whether both sides gave the same in every replication that both define.
    """
    a, b = effect.result.values.align(effect.baseline.values, join="inner")
    rows = []
    for key, x, y in zip(a.index, a.to_numpy(float), b.to_numpy(float), strict=True):
        both = np.isfinite(x) & np.isfinite(y)
        rows.append((*key, *_pair(x[both], y[both])))
    return pd.DataFrame(rows, columns=COLUMNS)


def _pair(x: np.ndarray, y: np.ndarray) -> tuple[float, float, bool]:
    identical = bool(len(x)) and bool((x == y).all())
    if len(x) < 2:
        return np.nan, np.nan, identical
    apart, difference = x.var(ddof=1) + y.var(ddof=1), (x - y).var(ddof=1)
    correlation = float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else np.nan
    worth = float(apart / difference) if difference > 0 else np.inf if apart > 0 else np.nan
    return correlation, worth, identical
