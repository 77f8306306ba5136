"""Replications and their statistics. The replication is the unit: intervals are Student's t over replications."""

from __future__ import annotations

import numbers
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from simlib.core.files import InputError
from simlib.core.processes import cores, elsewhere
from simlib.core.registry import provided
from simlib.experiments.intervals import CONFIDENCE as CONFIDENCE
from simlib.experiments.intervals import describe, interval, row_of, with_windows
from simlib.experiments.intervals import t_quantile as t_quantile
from simlib.experiments.replications import Each, one, replications_of
from simlib.model import effort
from simlib.outcomes.indicators import MONTHS
from simlib.outcomes.window import windows
from simlib.scenario.inert import inert_rules
from simlib.scenario.scenario import Scenario


@dataclass(frozen=True)
class Result:
    """A run: one scenario with all its replications.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    values : DataFrame
        float64; one row for each (indicator, by, group), one column for each replication, named by its number. NaN where
        an indicator is not defined in a replication.
    curves : ndarray
        float64 (replications, 3, MONTHS): share (0 to 1) of target pairs that stock the drug, by level of the hospital
        (index level - 1) and months after approval; NaN at a level without target pairs.
    seconds : float
        Wall-clock time that the run took.
    """

    scenario: Scenario
    values: pd.DataFrame
    curves: np.ndarray
    seconds: float

    def table(self) -> pd.DataFrame:
        """Mean of each indicator over replications, with its 95% interval.

        Returns
        -------
        DataFrame
            One row for each indicator and group: indicator, by, group, unit, mean, low, high, sd and replications (how many
            of them define the indicator). `simlib.data_dictionary` explains each name.

        Notes
        -----
        The interval is Student's t over replications; it is NaN for fewer than two. Restricted means are over 730 days; of a
        run that follows no drug for so long, over as many days as it does, which the unit then says ("days of the first
        365"), and NaN where even that cannot be told.
        """
        return with_windows(describe(self.values), windows(self.scenario))

    def curve_table(self, months: int = MONTHS - 1) -> pd.DataFrame:
        """The availability curve.

        Parameters
        ----------
        months : int
            The last month after approval.

        Returns
        -------
        DataFrame
            One row for each level (3, 2, 1) and month after approval: level, month, and mean, low and high of the share (0 to
            1) of target pairs that stock the drug by then; NaN at a level without target pairs, and in months that the run
            sees of no drug.
        """
        rows = []
        for level in (3, 2, 1):
            for month in range(min(months + 1, MONTHS)):
                mean, low, high = interval(self.curves[:, level - 1, month])
                rows.append((level, month, mean, low, high))
        return pd.DataFrame(rows, columns=["level", "month", "mean", "low", "high"])

    def plot(self, language: str = "en") -> Any:
        """Draw availability by months after approval and level of the hospital.

        Parameters
        ----------
        language : {"en", "zh"}
            Language of the labels.

        Returns
        -------
        matplotlib.figure.Figure
            The figure of `simlib.availability`.
        """
        return _plot(self, language)

    def value(self, indicator: str, by: str = "all", group: str | int = "all") -> pd.Series:
        """One row of `table()`.

        Parameters
        ----------
        indicator : str
            Name of the indicator, such as "stocked_12m".
        by, group : str
            The grouping, such as by "level", and the group in it, such as 3.

        Returns
        -------
        Series
            unit, mean, low, high, sd and replications.

        Raises
        ------
        InputError
            If there is no such row; the message names the nearest indicator, or the groups that there are.
        """
        return row_of(self.table(), indicator, by, group)

    def __repr__(self) -> str:
        return f"<Result of {self.scenario.name}: {self.values.shape[1]} replications, {len(self.values)} numbers each>"


@dataclass(frozen=True)
class Effect:
    """A paired comparison: `result` minus `baseline`, replication by replication on the same random numbers."""

    result: Result
    baseline: Result

    def table(self) -> pd.DataFrame:
        """Difference of each indicator, with its 95% interval, beside both means.

        Returns
        -------
        DataFrame
            One row for each indicator and group: indicator, by, group, unit, difference with low and high, sd, replications,
            and the means of both sides (mean, baseline).

        Notes
        -----
        All numbers of a row are of the replications in which both sides have a value, so that mean minus baseline is the
        difference. Where there is none, the difference is NaN and each mean is its side's own. The interval is Student's t of
        the paired differences. Restricted means over unlike numbers of days (`Result.table`) have no difference.
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
        mine, others = (windows(x.scenario) for x in (self.result, self.baseline))
        unlike = out["indicator"].isin([name for name in mine if mine[name] != others[name]])
        out.loc[unlike, ["difference", "low", "high", "sd"]] = np.nan
        return with_windows(out, mine)

    def plot(self, language: str = "en") -> Any:
        """Draw as `Result.plot` does, with one panel for each level of hospital."""
        return _plot(self, language)

    def inert(self) -> pd.DataFrame:
        """Rules of the compared scenario that cannot act in it: a table of lever, what, clause and reason."""
        return inert_rules(self.result.scenario)

    def value(self, indicator: str, by: str = "all", group: str | int = "all") -> pd.Series:
        """One row of `table()`, with the parameters and the errors of `Result.value`."""
        key = (indicator, by, str(group))
        return self._rows.loc[key] if key in self._rows.index else row_of(self._table, indicator, by, group)

    @cached_property
    def _rows(self) -> pd.DataFrame:
        """The table by its key: reports look up hundreds of its rows."""
        return self._table.set_index(["indicator", "by", "group"])

    def __repr__(self) -> str:
        names = self.result.scenario.name, self.baseline.scenario.name
        return f"<Effect: {names[0]} minus {names[1]}, {self.result.values.shape[1]} replications>"


def _plot(what: Result | Effect, language: str) -> Any:
    """The picture of a run or a comparison."""
    return provided("Result.plot")(what, language)


def simulate(
    scenario: Scenario,
    replications: int | None = None,
    workers: int | None = None,
    progress: bool = True,
    first: int = 0,
    each: Each | None = None,
) -> Result:
    """Run a scenario's replications in parallel.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    replications : int, optional
        How many random histories; the scenario's own number if left out.
    workers : int, optional
        Number of processes; all cores if left out, 1 to stay in this process. The result does not depend on it.
        On a cluster, call it inside ``simlib.cluster(ADDRESS)``: the runs go to that cluster.
    progress : bool
        Show a progress bar.
    first : int
        Number of the first replication, to add to an earlier run.
    each : callable, optional
        What makes the indicators and the curve of one replication, called with the scenario and the replication's number;
        `one` if left out.

    Returns
    -------
    Result
        All replications.

    Notes
    -----
    Every random number is drawn by what it is for (seed, replication, quantity, hospital, drug), so that replication k of
    two scenarios with the same seed has the same luck.

    Examples
    --------
    >>> import simlib
    >>> result = simlib.simulate(simlib.load_scenario("first"), replications=2, workers=1, progress=False)
    >>> result
    <Result of first: 2 replications, 206 numbers each>
    >>> float(result.value("review_wait_days")["mean"])
    12.75
    """
    n = _count("replications", replications) or scenario.replications
    workers = ready(scenario, n, workers, progress)
    start = time.perf_counter()
    values, curves = replications_of(scenario, range(first, first + n), workers, each or one, progress)
    return Result(scenario, values, curves, time.perf_counter() - start)


def ready(scenario: Scenario, n: int, workers: int | None, progress: bool) -> int:
    """How many processes are to make n replications: as asked for, and fit; InputError where none does. progress: say how long."""
    effort.make_sure(scenario, n)
    workers = _count("workers", workers) or cores()
    if not elsewhere():
        workers = min(workers, effort.most_workers(scenario))
    if progress:
        effort.announce(scenario, n, workers)
    return workers


def _count(what: str, n: Any) -> int | None:
    """A whole number of something, or None; InputError for anything else."""
    if n is None or (isinstance(n, numbers.Integral) and not isinstance(n, bool) and n > 0):
        return n if n is None else int(n)
    raise InputError(f"{what}: expected a whole number from 1 on (given: {n!r})")


def compare(result: Result, baseline: Result) -> Effect:
    """Pair two runs on common random numbers.

    Parameters
    ----------
    result : Result
        The run of interest.
    baseline : Result
        The run that it is compared with.

    Returns
    -------
    Effect
        Differences, replication by replication.

    Raises
    ------
    ValueError
        If the runs differ in seed or in their replications: their differences would not be paired.
    """
    if result.scenario.seed != baseline.scenario.seed:
        raise ValueError(
            f"{result.scenario.name} and {baseline.scenario.name} have different seeds: differences would not be paired"
        )
    if list(result.values.columns) != list(baseline.values.columns):
        raise ValueError(f"{result.scenario.name} and {baseline.scenario.name} have different replications")
    return Effect(result, baseline)
