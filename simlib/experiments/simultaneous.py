"""Many comparisons at once: intervals that hold all true differences together, in 95 of 100 such tables.

Differences of scenarios that share their luck depend on one another, and a common half width in standard errors is taken from that
dependence: the 95% quantile of the largest of several dependent Student's t, with the correlations that the replications show. For many
scenarios against one it is what Dunnett's test does for independent samples; for all pairs, what Tukey's does.

Sources: Dunnett (1955), Journal of the American Statistical Association 50:1096-1121, doi:10.1080/01621459.1955.10501294; Hothorn,
Bretz and Westfall (2008), Biometrical Journal 50(3):346-363, doi:10.1002/bimj.200810425.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from simlib.core.files import InputError
from simlib.experiments.intervals import CONFIDENCE, t_quantile
from simlib.experiments.run import Result, compare
from simlib.outcomes.groups import Key

DRAWS = 200_000  # of the largest t; the quantile is then right to about 0.01
COLUMNS = ["first", "second", "difference", "low", "high", "low_alone", "high_alone", "replications", "identical"]


def simultaneous(results: Mapping[str, Result], key: Key, baseline: str | None = None) -> pd.DataFrame:
    """Differences of one indicator between many runs, with simultaneous intervals.

    Parameters
    ----------
    results : mapping of str to Result
        Runs of one seed with the same replications, by name.
    key : tuple
        (indicator, by, group).
    baseline : str, optional
        The name of the run with which each other one is compared; all pairs if left out.

    Returns
    -------
    DataFrame
        One row for each comparison (columns COLUMNS): first minus second, with an interval that belongs to all rows together (low,
        high) and the one that it would have alone; identical, whether both gave the same in every replication.

    Raises
    ------
    InputError
        If there are fewer than two runs, or one of them does not have the indicator in every replication.
    ValueError
        If the runs are not paired.
    """
    names = list(results)
    if len(names) < 2 or (baseline is not None and baseline not in names):
        raise InputError(
            f"nothing to compare: {', '.join(names) or 'no run'}" + (f", without {baseline}" if baseline else "")
        )
    pairs = list(combinations(names, 2)) if baseline is None else [(n, baseline) for n in names if n != baseline]
    compare_all(results, names)
    values = {n: _row(results[n], key, n) for n in names}
    differences = np.array([values[a] - values[b] for a, b in pairs])
    mean, n = differences.mean(axis=1), differences.shape[1]
    error = differences.std(axis=1, ddof=1) / np.sqrt(n) if n > 1 else np.full(len(pairs), np.nan)
    together, alone = critical(differences) * error, t_quantile(max(n - 1, 1)) * error
    rows = {
        "first": [a for a, _ in pairs], "second": [b for _, b in pairs], "difference": mean, "low": mean - together,
        "high": mean + together, "low_alone": mean - alone, "high_alone": mean + alone, "replications": n,
        "identical": (differences == 0).all(axis=1),
    }  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def compare_all(results: Mapping[str, Result], names: Sequence[str]) -> None:
    """ValueError unless all runs are paired with the first."""
    for name in names[1:]:
        compare(results[name], results[names[0]])


def _row(result: Result, key: Key, name: str) -> np.ndarray:
    if key not in result.values.index or not np.isfinite(row := result.values.loc[key].to_numpy(float)).all():
        raise InputError(f"{name}: {key[0]} by {key[1]} {key[2]} is not defined in every replication")
    return row


def critical(differences: np.ndarray, confidence: float = CONFIDENCE, draws: int = DRAWS) -> float:
    """Half the width of simultaneous intervals, in standard errors.

    differences: float64 (comparisons, replications), dependent in any way. The quantile of the largest |t| is drawn, always with the
    same random numbers; it lies between that of one t and Bonferroni's bound.
    """
    n = differences.shape[1]
    moving = differences[differences.std(axis=1) > 0]
    if n < 2 or len(moving) < 2:
        return float(t_quantile(max(n - 1, 1), confidence))
    root = np.linalg.svd(
        (moving - moving.mean(axis=1, keepdims=True)) / moving.std(axis=1, keepdims=True), full_matrices=False
    )
    rng = np.random.default_rng(0)
    largest = np.empty(draws)
    for start in range(0, draws, size := 20_000):  # so that memory stays small
        some = min(size, draws - start)
        normal = (root[0] * root[1] / np.sqrt(n)) @ rng.standard_normal((len(root[1]), some))
        chi = np.sqrt(rng.chisquare(n - 1, some) / (n - 1))
        largest[start : start + some] = np.abs(normal).max(axis=0) / chi
    one, bound = (float(t_quantile(n - 1, level)) for level in (confidence, 1 - (1 - confidence) / len(moving)))
    return float(np.clip(np.quantile(largest, confidence), one, bound))
