"""Replications and their statistics. The replication is the unit: intervals are Student's t over replications."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import special
from tqdm.auto import tqdm

from simlib.core.files import InputError, one_of
from simlib.core.registry import provided
from simlib.model.model import replicate
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.indicators import MONTHS, curve, indicators
from simlib.scenario.inert import inert_rules
from simlib.scenario.scenario import Scenario

CONFIDENCE = 0.95
TASK_SECONDS = 0.2  # shorter tasks would spend their time on being handed over
START_SECONDS = 5.0  # what takes less is done in this process: others would take as long to start


@dataclass(frozen=True)
class Result:
    """A run: one scenario with all its replications.

    values: float64 table, rows (indicator, by, group), one column a replication. curves: float64 (replications, 3 levels,
    MONTHS), share of target pairs stocked by months after approval; NaN at a level without target pairs.
    """

    scenario: Scenario
    values: pd.DataFrame
    curves: np.ndarray
    seconds: float

    def table(self) -> pd.DataFrame:
        """One row an indicator and group: unit, mean, 95% interval, sd, number of replications (see the data dictionary)."""
        return describe(self.values)

    def curve_table(self) -> pd.DataFrame:
        """The availability curve: level, month, mean, low, high; NaN at a level without target pairs."""
        rows = []
        for level in (3, 2, 1):
            for month in range(MONTHS):
                mean, low, high = interval(self.curves[:, level - 1, month])
                rows.append((level, month, mean, low, high))
        return pd.DataFrame(rows, columns=["level", "month", "mean", "low", "high"])

    def plot(self, language: str = "en") -> Any:
        """Availability by months after approval and hospital level, as a matplotlib figure."""
        return _plot(self, language)

    def value(self, indicator: str, by: str = "all", group: str | int = "all") -> pd.Series:
        """One row of `table()`; InputError, with what there is, where there is none."""
        return row_of(self.table(), indicator, by, group)

    def __repr__(self) -> str:
        return f"<Result of {self.scenario.name}: {self.values.shape[1]} replications, {len(self.values)} numbers each>"


@dataclass(frozen=True)
class Effect:
    """A paired comparison: `result` minus `baseline`, replication by replication on the same random numbers."""

    result: Result
    baseline: Result

    def table(self) -> pd.DataFrame:
        """As `Result.table`, with difference, its interval, and the baseline's mean.

        All are of the replications in which both sides have a value, so that mean minus baseline is the difference; where
        there is none, the difference is NaN and each mean is its side's own.
        """
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        """Worked out once: a report asks the same comparison for one row after the other."""
        a, b = self.result.values.align(self.baseline.values, join="outer")
        columns = a.columns.intersection(b.columns)
        a, b = a[columns], b[columns]
        out = describe(a - b).rename(columns={"mean": "difference"})
        common = (a.notna() & b.notna()).to_numpy()
        paired = common | ~common.any(axis=1, keepdims=True)
        out["baseline"] = b.where(paired).mean(axis=1).to_numpy()
        out["mean"] = a.where(paired).mean(axis=1).to_numpy()
        return out

    def plot(self, language: str = "en") -> Any:
        """Availability of both, a panel a hospital level, as a matplotlib figure."""
        return _plot(self, language)

    def inert(self) -> pd.DataFrame:
        """Rules of the compared scenario that cannot act in it, with the reason (lever, what, clause, reason)."""
        return inert_rules(self.result.scenario)

    def value(self, indicator: str, by: str = "all", group: str | int = "all") -> pd.Series:
        """One row of `table()`; InputError, with what there is, where there is none."""
        key = (indicator, by, str(group))
        return self._rows.loc[key] if key in self._rows.index else row_of(self._table, indicator, by, group)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """The table by its key: reports look up hundreds of its rows."""
        return self._table.set_index(["indicator", "by", "group"])

    def __repr__(self) -> str:
        names = self.result.scenario.name, self.baseline.scenario.name
        return f"<Effect: {names[0]} minus {names[1]}, {self.result.values.shape[1]} replications>"


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


def _plot(what: Result | Effect, language: str) -> Any:
    """The picture of a run or a comparison."""
    return provided("Result.plot")(what, language)


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


def simulate(
    scenario: Scenario,
    replications: int | None = None,
    workers: int | None = None,
    progress: bool = True,
    first: int = 0,
    each: Callable[[Scenario, int], tuple[dict, np.ndarray]] | None = None,
) -> Result:
    """Run a scenario's replications in parallel; the same result for any number of workers.

    workers: processes (default: all cores; 1 runs here). first: number of the first replication, to add to an earlier run.
    each: what makes one replication's indicators and curve (default: `one`).
    """
    each = each or one
    n = replications or scenario.replications
    workers = workers or os.cpu_count() or 1
    start = time.perf_counter()
    numbers = list(range(first, first + n))
    bar = tqdm(total=n, desc=scenario.name, unit="replication", disable=not progress, leave=False)
    done = [each(scenario, numbers[0])]
    bar.update(1)
    rest, took = numbers[1:], time.perf_counter() - start
    if workers > 1 and took * len(rest) > START_SECONDS:
        size = int(np.clip(np.ceil(TASK_SECONDS / max(took, 1e-3)), 1, max(1, len(rest) // (2 * workers))))
        chunks = [rest[i : i + size] for i in range(0, len(rest), size)]
        parallel = Parallel(n_jobs=min(workers, len(chunks)), return_as="generator")
        for chunk in parallel(delayed(several)(scenario, c, each) for c in chunks):
            done += chunk
            bar.update(len(chunk))
    else:
        for i in rest:
            done.append(each(scenario, i))
            bar.update(1)
    bar.close()
    values = pd.DataFrame({i: d[0] for i, d in zip(numbers, done, strict=True)})
    values = values.loc[sorted(values.index, key=_place)]  # whichever replication had a group first
    values.index = pd.MultiIndex.from_tuples(values.index, names=["indicator", "by", "group"])
    return Result(scenario, values, np.stack([d[1] for d in done]), time.perf_counter() - start)


def _place(key: tuple[str, str, str]) -> tuple[int, str, str]:
    """Order of a row: indicators as in the data dictionary, then groupings and groups by name."""
    return list(INDICATORS).index(key[0]), key[1], key[2]


def one(scenario: Scenario, replication: int) -> tuple[dict, np.ndarray]:
    """(indicators, availability curve) of one replication."""
    record = replicate(scenario, replication)
    return indicators(record), curve(record)


def several(scenario: Scenario, replications: list[int], each: Callable = one) -> list[Any]:
    """`each`, for a task of several replications."""
    return [each(scenario, i) for i in replications]


def compare(result: Result, baseline: Result) -> Effect:
    """Pair two runs on common random numbers; ValueError unless seed and replications agree."""
    if result.scenario.seed != baseline.scenario.seed:
        raise ValueError(
            f"{result.scenario.name} and {baseline.scenario.name} have different seeds: differences would not be paired"
        )
    if list(result.values.columns) != list(baseline.values.columns):
        raise ValueError(f"{result.scenario.name} and {baseline.scenario.name} have different replications")
    return Effect(result, baseline)
