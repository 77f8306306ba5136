"""What a rulebook adds as a function of obedience, of which nobody has measured any.

Obedience moves in the scenario and in its baseline alike: the hospitals that obey a new order are those that obey the old ones.
Every share meets the same random numbers, so that the hospitals that obey at one share obey at every larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from joblib import delayed

from simlib.core.files import InputError
from simlib.core.processes import cores, parallel
from simlib.experiments.intervals import describe, interval
from simlib.experiments.run import Result
from simlib.experiments.study import HEADLINES, LEVEL, MAIN, Study
from simlib.model import effort
from simlib.model.model import replicate
from simlib.outcomes.groups import Key
from simlib.outcomes.indicators import indicator
from simlib.scenario.derived import before_reform, with_obedience
from simlib.scenario.drawn import answers_of
from simlib.scenario.experiment_files import SIDES, Cell
from simlib.scenario.fitted import WEIGHT, fitted_paths, fitted_table
from simlib.scenario.scenario import Scenario

SHARES = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # closer where most curves rise
COLUMNS = ["share", "degree", "indicator", "by", "group", "unit", "difference", "low", "high", "replications"]
MUST = "obedience.must"  # the assumed number that a share stands for
TASKS = 4  # a worker, at least, so that none is idle for long


def default_share(scenario: Scenario) -> float:
    """The share at which a "must" is obeyed by default; where numbers are drawn their mean, since each world has its own."""
    if scenario.world == "fitted" and MUST in fitted_paths():
        vectors = fitted_table(answers_of(scenario))
        return float(np.average(vectors[MUST], weights=vectors[WEIGHT]))
    if scenario.world == "middle":
        return scenario.parameters.obedience.must
    return float(np.mean(next(a.range for a in scenario.assumptions if a.path == MUST)))


@dataclass(frozen=True)
class ObedienceCurve:
    """A rulebook's gain over its baseline by the share of hospitals that obey.

    Attributes
    ----------
    scenario, baseline : Scenario
        What is compared, as given.
    by_run : DataFrame
        float64; the difference of each (share, indicator, by, group), one column for each replication.
    """

    scenario: Scenario
    baseline: Scenario
    by_run: pd.DataFrame

    @property
    def default(self) -> float:
        """The share that is assumed: of hospitals of average will, those that obey a "must" without oversight."""
        return default_share(self.scenario)

    def table(self) -> pd.DataFrame:
        """The difference at each share, with its 95% interval of luck.

        Returns
        -------
        DataFrame
            One row for each share and headline: share (0 to 1), degree ("none", "default" or "full", where the share is
            that), indicator, by, group, unit, difference, low, high, replications.
        """
        return self._table.copy()

    @cached_property
    def _table(self) -> pd.DataFrame:
        rows = [describe(part.droplevel("share")).assign(share=s) for s, part in self.by_run.groupby(level="share")]
        out = pd.concat(rows, ignore_index=True).rename(columns={"mean": "difference"})
        names = {self.default: "default", 0.0: "none", 1.0: "full"}
        return out.assign(degree=[names.get(s, "") for s in out["share"]])[COLUMNS]

    def points(self, indicator: str = MAIN) -> pd.DataFrame:
        """The rows of one indicator, by share."""
        return self._table[self._table["indicator"] == indicator].set_index("share")

    def needed(self, part: float = 0.5, indicator: str = MAIN) -> float:
        """The share that obeys at which so much of the largest gain is there, by straight lines between points.

        0 where nobody need obey; NaN where not even the largest gain is beyond luck.
        """
        points = self.points(indicator)
        gains, shares = points["difference"].to_numpy(), points.index.to_numpy()
        if not points["low"].max() > 0:
            return np.nan
        wanted = part * np.nanmax(gains)
        i = int(np.argmax(gains >= wanted))
        if i == 0:
            return 0.0
        step = (wanted - gains[i - 1]) / (gains[i] - gains[i - 1])
        return float(shares[i - 1] + step * (shares[i] - shares[i - 1]))

    def turns(self, indicator: str = MAIN) -> float | None:
        """The share with the largest gain, where full obedience gains less beyond luck; None where it does not."""
        points = self.points(indicator)
        if not points["low"].max() > 0:
            return None
        share = float(points["difference"].idxmax())
        best, full = (
            self.by_run.xs((s, indicator), level=("share", "indicator")).to_numpy(float) for s in (share, 1.0)
        )
        return share if interval((best - full).ravel())[1] > 0 else None


def obedience_curve(
    scenario: Scenario,
    baseline: Scenario | None = None,
    shares: Sequence[float] = SHARES,
    replications: int | None = None,
    workers: int | None = None,
    progress: bool = False,
) -> ObedienceCurve:
    """The gain of a rulebook over its baseline as a function of the share of hospitals that obey an order.

    Parameters
    ----------
    scenario, baseline : Scenario
        What is compared; whatever obedience they have is replaced. Without a baseline: the same world under what held before
        the reforms.
    shares : sequence of float
        Chances (0 to 1) that a hospital of average will obeys a "must" without oversight; the other words move with it
        (`simlib.Scenario.obedience`). None, the default and full obedience are added, where they are missing.
    replications : int, optional
        How many random histories; the scenario's own number if left out.
    workers : int, optional
        Number of processes; all cores if left out. The curve does not depend on it.
    progress : bool
        Say on stderr how long it will take, if that is long.

    Returns
    -------
    ObedienceCurve
        Of the headlines, at tertiary hospitals where there are any.

    Raises
    ------
    InputError
        For a share that is none, scenarios of different seeds, or a scenario that needs a baseline and has none.
    """
    baseline = baseline or before_reform(scenario)
    if baseline is None:
        raise InputError(f"{scenario.name}: has no rules but those before the reforms; name a baseline")
    if scenario.seed != baseline.seed:
        raise InputError(f"{scenario.name} and {baseline.name} have different seeds; give both the same seed")
    if wrong := [s for s in shares if not 0 <= s <= 1]:
        raise InputError(f"shares: {wrong[0]} is no share; give numbers from 0 to 1")
    points = sorted({0.0, 1.0, default_share(scenario), *map(float, shares)})
    found = differences((scenario, baseline), points, replications or scenario.replications, workers, progress)
    return ObedienceCurve(scenario, baseline, found)


def differences(
    pair: tuple[Scenario, Scenario],
    shares: Sequence[float],
    replications: int,
    workers: int | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """`ObedienceCurve.by_run` of a scenario and its baseline at some shares."""
    keys, workers = headlines(pair[0]), workers or cores()
    for side in pair:
        effort.make_sure(side, replications)
    if progress:
        effort.announce(pair[0], 2 * len(shares) * replications, workers)
    parts = max(1, min(replications, -(-TASKS * workers // (2 * len(shares)))))
    runs = [[int(i) for i in part] for part in np.array_split(np.arange(replications), parts)]
    sides = [(share, with_obedience(side, share)) for share in shares for side in pair]
    done = parallel(workers)(delayed(_measure)(side, keys, part) for _, side in sides for part in runs)
    values = np.concatenate(list(done), axis=1).reshape(len(keys), len(shares), 2, replications)
    gains = values[:, :, 0] - values[:, :, 1]
    index = [(share, *key) for share in shares for key in keys]
    return pd.DataFrame(gains.transpose(1, 0, 2).reshape(len(index), replications), _index(index))


def headlines(scenario: Scenario) -> list[Key]:
    """The headlines, at tertiary hospitals where there are any, else at all."""
    tertiary = scenario.region is not None and any(s.level == int(LEVEL[1]) for s in scenario.region.strata)
    return [(name, *(LEVEL if tertiary else ("all", "all"))) for name in HEADLINES]


def _measure(scenario: Scenario, keys: Sequence[Key], replications: Sequence[int]) -> np.ndarray:
    """Some indicators of some replications: float64 (keys, replications)."""
    records = [replicate(scenario, i) for i in replications]
    return np.array([[indicator(r, key) for r in records] for key in keys])


def _index(rows: Sequence[tuple]) -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples(rows, names=["share", "indicator", "by", "group"])


# ---- of a finished experiment


def drawn(study: Study) -> dict[str, ObedienceCurve]:
    """By region the curve of its own rules: no, default and full obedience as they ran, and the shares between them."""
    found = {}
    for cell in study.cells:
        curve = _of_cell(study, cell) if cell.own and cell.obedience == "default" else None
        if curve is not None and cell.policy != study.baseline:
            found[cell.region] = curve
    return found


def _of_cell(study: Study, cell: Cell) -> ObedienceCurve | None:
    pair = study.results[cell.name].scenario, study.results.get(cell.baseline)
    between = study.obeyed.get(cell.name, pd.DataFrame())
    shares = dict(zip(SIDES, (1.0, default_share(pair[0]), 0.0), strict=True))
    parts = [between]
    for degree, share in shares.items():
        side = study.cell(cell.region, cell.policy, degree)
        effect = study.paired(side.name, side.baseline) if side else None
        if effect is None or pair[1] is None:
            return None
        parts.append(_as_rows((effect.result, effect.baseline), share))
    columns = sorted(set.intersection(*(set(p.columns) for p in parts if len(p))))
    return ObedienceCurve(pair[0], pair[1].scenario, pd.concat([p[columns] for p in parts if len(p)]).sort_index())


def _as_rows(pair: tuple[Result, Result], share: float) -> pd.DataFrame:
    """The differences of two runs, as rows of `ObedienceCurve.by_run`."""
    keys = headlines(pair[0].scenario)
    gains = pair[0].values.loc[keys] - pair[1].values.loc[keys]
    return gains.set_axis(_index([(share, *key) for key in keys]))


def as_table(by_run: pd.DataFrame) -> pd.DataFrame:
    """Differences by run as a table without an index, to be kept."""
    out = by_run.reset_index()
    return out.set_axis([str(c) for c in out.columns], axis=1)
