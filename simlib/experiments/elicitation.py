"""What follows from what experts say: worlds drawn from their pool and from each of them alone (simlib elicit).

`simlib.experiments.elicitation_sheet` writes the sheet, `elicitation_answers` reads it back, `pooling` makes distributions of
it. A pooled world and an expert's own world of the same row have the same luck and differ in nothing but what was said.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from simlib.core.files import InputError
from simlib.experiments.elicitation_answers import Answers
from simlib.experiments.elicitation_answers import read as read
from simlib.experiments.elicitation_sheet import sheet as sheet
from simlib.experiments.pooling import TAIL, Pool, pooled
from simlib.experiments.worlds import Worlds, table
from simlib.outcomes.dictionary import INDICATORS
from simlib.scenario.scenario import Scenario

POOL = ""  # the pool among the names of experts
ROWS = 64
AT = (TAIL, 0.5, 1 - TAIL)  # quantiles that are shown


@dataclass(frozen=True)
class Elicited:
    """World tables by expert, the pool's under POOL; with a baseline, of the differences from it."""

    answers: Answers
    scenario: Scenario
    baseline: Scenario | None
    worlds: dict[str, Worlds]

    def table(self) -> pd.DataFrame:
        """Each indicator under the pool and under each expert, with what its spread over worlds is made of.

        Returns
        -------
        DataFrame
            One row for each of them (who; POOL for the pool), indicator and group: mean over the worlds; low, median and high
            (5%, 50%, 95% of worlds, luck included); luck and numbers (standard deviations of one world by its luck and by its
            assumed numbers, NaN without second replications); experts (standard deviation of the experts' means, in the
            pool's rows; NaN for fewer than two).
        """
        parts = {who: _described(w) for who, w in self.worlds.items()}
        means = pd.DataFrame({who: p["mean"] for who, p in parts.items() if who != POOL})
        parts[POOL]["experts"] = means.std(axis=1, ddof=1) if len(means.columns) > 1 else np.nan
        found = pd.concat(parts, names=["who"]).reset_index()
        found.insert(4, "unit", [INDICATORS[i].unit for i in found["indicator"]])
        return found


def run(
    answers: Answers,
    scenario: Scenario,
    baseline: Scenario | None = None,
    rows: int = ROWS,
    again: int | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Elicited:
    """Run worlds drawn from the pool and from each expert alone.

    Parameters
    ----------
    answers : Answers
        What experts said (`simlib.experiments.elicitation.read`).
    scenario, baseline : Scenario
        What is run, and what it is compared with, if anything: in the same worlds with the same luck.
    rows : int
        How many worlds for the pool and for each expert.
    again : int, optional
        How many of them get a second replication, from which luck is told apart; half if left out.
    folder, workers, progress
        As of `simlib.experiments.worlds.table`.

    Returns
    -------
    Elicited
        The worlds of the pool and of each expert; of the pool alone where there is one expert.

    Raises
    ------
    InputError
        If scenario and baseline have different seeds.
    """
    if baseline and baseline.seed != scenario.seed:
        raise InputError(f"{scenario.name} and {baseline.name} have different seeds; give both the same")
    again = rows // 2 if again is None else again
    made = {}
    for who, pool in pools(answers).items():
        sides = [
            table(s, rows, again, folder, workers, progress, numbers=pool)
            for s in (scenario, baseline)
            if s is not None
        ]
        made[who] = sides[0] if len(sides) == 1 else _minus(*sides)
    return Elicited(answers, scenario, baseline, made)


def pools(answers: Answers) -> dict[str, Pool]:
    """The pool, and each expert alone where there are several: what this one left open is left to the others."""
    everybody = answers.experts
    alone = {e.name: pooled(answers.asked, everybody, e) for e in everybody if e.judgements}
    return {POOL: pooled(answers.asked, everybody)} | (alone if len(alone) > 1 else {})


def said(answers: Answers) -> pd.DataFrame:
    """What was said of each number: 5%, 50% and 95% under the pool and for each expert, beside what is assumed now.

    Returns
    -------
    DataFrame
        One row for each number and who said something of it (POOL for the pool): id, path, who, low, median, high, and
        low_now, value_now and high_now, all as they were asked; outside is true where low or high is beyond the range.
    """
    everybody, rows = answers.experts, []
    for a in answers.asked:
        now = a.present()
        who = {POOL: everybody} | {e.name: (e,) for e in everybody}
        for name, experts in who.items():
            pool = pooled((a,), experts)
            if pool.asked:
                low, median, high = pool.quantiles(0, np.array(AT))
                outside = bool(low < now[0] or high > now[2])
                rows.append((a.assumption.id, a.path, name, low, median, high, now[0], now[1], now[2], outside))
    columns = ["id", "path", "who", "low", "median", "high", "low_now", "value_now", "high_now", "outside"]
    return pd.DataFrame(rows, columns=columns)


def _minus(first: Worlds, second: Worlds) -> Worlds:
    """Differences world by world, of the second replications too."""
    return Worlds(first.scenario, first.numbers, first.values - second.values, first.again - second.again)


def _described(w: Worlds) -> pd.DataFrame:
    """Mean, quantiles and the two parts of the spread of each row."""
    low, median, high = w.values.quantile(list(AT), axis=1).to_numpy()
    found = pd.DataFrame({"mean": w.values.mean(axis=1), "low": low, "median": median, "high": high}, w.values.index)
    if len(w.again.columns):
        both = pd.concat([w.values[w.again.columns], w.again], axis=1)
        variance = both.var(axis=1, ddof=1)
        luck = w.noise().where(variance > 0, 0.0)
        found["luck"], found["numbers"] = np.sqrt(luck * variance), np.sqrt((1 - luck) * variance)
    return found.assign(**{c: np.nan for c in ("luck", "numbers") if c not in found}, experts=np.nan)
