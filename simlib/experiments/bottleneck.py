"""Where the time goes: what would be gained if one stage alone were instant, on the same random numbers.

A stage that is off lets everything through at once. Two stages need more thought, since switching them off would also
let through what would never have come through (`HOW` says what is done):

- asking: whoever would ask within the run asks on the day the hospital learns of the listing, and after a lock-out on the
  day it ends; whoever would never have asked never does;
- committee: it meets every day with room for all, and decides by the same odds. Heard sooner is not always better: before
  the catalogue a drug is refused more often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from simlib.core.phrases import Texts, side_by_side
from simlib.experiments.run import Result, compare, simulate
from simlib.model.model import Run, replicate
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.indicators import curve, indicators
from simlib.policy.flow import STAGES
from simlib.scenario.derived import with_numbers
from simlib.scenario.scenario import Scenario
from simlib.scenario.world import build_world

MEASURES = ("stocked_24m", "months_without_24m", "treated_share", "patient_years_waiting")
INSTANT = ("readiness", "listing", "awareness", "asking", "committee", "room", "purchase")
DAILY = {"committee.meetings": {"every": dict.fromkeys(("level_3", "level_2", "level_1"), 1.0)}, "committee.places": "unlimited"}  # fmt: skip
HOW = Texts("experiments", side_by_side)  # what instant means, stage by stage
COLUMNS = (
    "stage",
    "en",
    "zh",
    "how",
    "how_zh",
    "indicator",
    "unit",
    "baseline",
    "mean",
    "difference",
    "low",
    "high",
    "gain",
)


@dataclass(frozen=True)
class Bottleneck:
    """A scenario's bottlenecks.

    Attributes
    ----------
    baseline : Result
        The scenario as it is.
    instant : dict of str to Result
        The runs with one stage instant, by stage.
    """

    baseline: Result
    instant: dict[str, Result]

    def table(self) -> pd.DataFrame:
        """What each stage costs in waiting, the greatest gain in `stocked_24m` first (of equals in the next measure).

        Returns
        -------
        DataFrame
            One row for each stage and measure (columns COLUMNS). difference: instant minus as it is, paired, with its 95%
            interval (low, high). gain: the same, above 0 where it helps patients. A measure that is undefined in this scenario
            has no row.
        """
        rows = []
        for stage, result in self.instant.items():
            found = compare(result, self.baseline).table()
            found = found[(found["by"] == "all") & found["indicator"].isin(MEASURES)].set_index("indicator")
            for name in (m for m in MEASURES if m in found.index):
                r, sign = found.loc[name], 1.0 if INDICATORS[name].better == "more" else -1.0
                s = STAGES[stage]
                rows.append((
                    stage, s.en, s.zh, *HOW[stage], name, r["unit"], r["baseline"], r["mean"], r["difference"], r["low"],
                    r["high"], sign * r["difference"],
                ))  # fmt: skip
        table = pd.DataFrame(rows, columns=list(COLUMNS))
        gains = {s: tuple(-part["gain"].fillna(0.0)) for s, part in table.groupby("stage", sort=False)}
        return table.sort_values("stage", key=lambda c: c.map(gains), kind="stable", ignore_index=True)


def bottleneck(
    scenario: Scenario, replications: int | None = None, workers: int | None = None, progress: bool = True
) -> Bottleneck:
    """Run a scenario as it is, and with each stage in turn made instant.

    Parameters
    ----------
    scenario : Scenario
        What to run. A stage that it has switched off is left out.
    replications : int, optional
        How many random histories of each run; the scenario's own number if left out.
    workers : int, optional
        Number of processes; all cores if left out.
    progress : bool
        Show progress bars.

    Returns
    -------
    Bottleneck
        The run as it is and the runs with one stage instant; its `table` ranks the stages by what their waiting costs.
    """
    run = lambda s, each=None: simulate(s, replications or scenario.replications, workers, progress, each=each)  # noqa: E731
    acting = [name for name in INSTANT if getattr(scenario.parameters.stages, name)]
    return Bottleneck(run(scenario), {name: run(*_variant(scenario, name)) for name in acting})


def _variant(scenario: Scenario, stage: str) -> tuple[Scenario, Callable | None]:
    """The scenario with a stage instant, and what makes a replication of it (None: what makes any)."""
    if stage == "asking":
        return scenario, asked_on_learning
    return with_numbers(scenario, DAILY if stage == "committee" else {f"stages.{stage}": False}), None


def asked_on_learning(scenario: Scenario, replication: int) -> tuple[dict[Any, float], np.ndarray]:
    """(indicators, availability curve) of a replication in which those ask on learning who would have asked within it."""
    pairs = replicate(scenario, replication, pairs=True).pairs
    assert pairs is not None
    run = Run(build_world(with_numbers(scenario, {"stages.asking": False}), replication))
    run.keep_silent(np.isinf(pairs.first_ask))
    run.through()
    record = run.record(False)
    run.release()
    return indicators(record), curve(record)


__all__ = ["COLUMNS", "HOW", "INSTANT", "MEASURES", "Bottleneck", "asked_on_learning", "bottleneck"]
