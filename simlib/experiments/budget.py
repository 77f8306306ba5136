"""Budget impact: who pays for the drugs, by calendar year from the reforms on, and what the reforms add.

Money is that of `simlib.outcomes.money`: expected spending on every drug of the cohort, old and new, at constant list
prices (`drugs.median_daily_cost_yuan`) less the cuts of catalogue entry and renewal; neither deflated nor discounted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from simlib.core.workdays import YEAR
from simlib.experiments.run import Result, compare, describe, simulate
from simlib.outcomes.dictionary import INDICATORS
from simlib.scenario.derived import before_reform
from simlib.scenario.scenario import Scenario

YEARS = 5  # that a budget impact usually looks ahead
PAYERS = ("fund", "fund_net", "commercial", "charity", "patient", "total")
ALL = "all"  # the years together
COLUMNS = (
    "year",
    "payer",
    "en",
    "zh",
    "unit",
    "mean",
    "low",
    "high",
    "baseline",
    "difference",
    "difference_low",
    "difference_high",
)


@dataclass(frozen=True)
class BudgetImpact:
    """A scenario's spending by year and payer.

    Attributes
    ----------
    result : Result
        The scenario.
    baseline : Result or None
        The same world before the reforms; None if the scenario has no reforms.
    years : int
        How many calendar years are counted, from `policy_from` on.
    """

    result: Result
    baseline: Result | None
    years: int

    def table(self) -> pd.DataFrame:
        """Spending in million yuan.

        Returns
        -------
        DataFrame
            One row for each payer and year, and for the years together ("all") (columns COLUMNS). mean has its 95% interval over
            replications (low, high); difference is paired, to before the reforms, with its own interval.
        """
        own = _spending(self.result, self.years)
        out = describe(own)[["indicator", "group", "unit", "mean", "low", "high"]]
        names = {"mean": "difference", "low": "difference_low", "high": "difference_high"}
        if self.baseline is None:
            out = out.assign(baseline=float("nan"), **dict.fromkeys(names.values(), float("nan")))
        else:
            compare(self.result, self.baseline)  # ValueError where they cannot be paired
            before = _spending(self.baseline, self.years)
            paired = describe(own - before)[["indicator", "group", *names]].rename(columns=names)
            out = out.merge(paired, on=["indicator", "group"])
            out["baseline"] = before.mean(axis=1).to_numpy()
        out["payer"] = out["indicator"].str.removesuffix("_million")
        for language in ("en", "zh"):
            out[language] = [getattr(INDICATORS[i], language) for i in out["indicator"]]
        return out.rename(columns={"group": "year"})[list(COLUMNS)]

    @property
    def last_year_of_drugs(self) -> int | None:
        """The last year for which the cohort names drugs, where it counts them by year."""
        counts = self.result.scenario.cohort.yearly_counts
        return max(counts) if counts else None

    @property
    def part_of_a_year(self) -> bool:
        """Whether the first or the last year is not whole."""
        s = self.result.scenario
        if s.calendar.kind == "every_day":
            return bool(s.policy_from % YEAR or min(s.horizon, _needed(s, self.years)) % YEAR)
        first, last = first_day(s), s.calendar.date(min(s.horizon, _needed(s, self.years)) - 1)
        return (first.month, first.day) != (1, 1) or (last.month, last.day) != (12, 31)


def _spending(result: Result, years: int) -> pd.DataFrame:
    """Million yuan by (indicator, year) and replication, by year, the years together last."""
    v = result.values
    found = [f"{p}_million" for p in PAYERS]
    v = v[v.index.get_level_values("indicator").isin(found) & (v.index.get_level_values("by") == "year")]
    groups = sorted(set(v.index.get_level_values("group")), key=int)[:years]
    rows = {(i, "year", g): v.loc[(i, "year", g)] for g in groups for i in found}
    rows |= {(i, "year", ALL): sum(rows[i, "year", g] for g in groups) for i in found if groups}
    out = pd.DataFrame.from_dict(rows, orient="index", columns=v.columns)
    out.index = pd.MultiIndex.from_tuples(list(rows), names=["indicator", "by", "group"])
    return out


def budget_impact(
    scenario: Scenario,
    replications: int | None = None,
    years: int = YEARS,
    workers: int | None = None,
    progress: bool = True,
) -> BudgetImpact:
    """Spending by year and payer, beside that of the same world before the reforms.

    Parameters
    ----------
    scenario : Scenario
        What to run, with the stages use and payment switched on.
    replications : int, optional
        How many random histories of each run; the scenario's own number if left out.
    years : int
        Calendar years counted from the scenario's `policy_from` on, as far as the run reaches (`lengthening` of this
        module lets it reach).
    workers : int, optional
        Number of processes; all cores if left out.
    progress : bool
        Show progress bars.

    Returns
    -------
    BudgetImpact
        Spending in million yuan.

    Raises
    ------
    ValueError
        If the stages use and payment are not both on: then nobody pays.
    """
    if not (scenario.parameters.stages.use and scenario.parameters.stages.payment):
        raise ValueError(f"{scenario.name}: nobody pays, since the stages use and payment are not both on")
    run = lambda s: simulate(s, replications or scenario.replications, workers, progress)  # noqa: E731
    base = before_reform(scenario)
    return BudgetImpact(run(scenario), run(base) if base else None, years)


def first_day(scenario: Scenario) -> date:
    """The day from which spending counts."""
    return scenario.calendar.date(scenario.policy_from)


def _needed(scenario: Scenario, years: int) -> float:
    """The horizon that a run of so many calendar years needs (every-day worlds: years of 365.25 days)."""
    if scenario.calendar.kind == "every_day":
        return (scenario.policy_from // YEAR + years) * YEAR
    return float((date(first_day(scenario).year + years, 1, 1) - scenario.calendar.start).days)


def lengthening(scenario: Scenario, years: int) -> dict[str, Any]:
    """The change (`set` of `load_scenario`) that makes a run reach so many calendar years; {} where it does."""
    needed = _needed(scenario, years)
    if scenario.horizon >= needed:
        return {}
    if json.loads(scenario.spec)["file"]["end"] is None:
        return {"horizon_days": needed}
    return {"end": str(scenario.calendar.start + timedelta(days=int(needed) - 1))}


__all__ = ["ALL", "COLUMNS", "PAYERS", "YEARS", "BudgetImpact", "budget_impact", "first_day", "lengthening"]
