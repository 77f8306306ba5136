"""How pairs of a drug and a hospital pass through the flow: how many go on, after how many days, and where the others stay.

A step begins on the day on which a pair comes to it and ends on the day on which it comes to the next. A pair counts as
having come to a step when it has come to that one or any later one, so that what is skipped (a drug taken in without a
hearing) takes 0 days and every pair stays in exactly one place.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from joblib import delayed

from simlib.core.processes import cores, elsewhere, parallel
from simlib.core.workdays import INF
from simlib.experiments.replications import START_SECONDS
from simlib.experiments.run import Result, interval
from simlib.model.log import E_DEFERRED, E_LAPSED, E_NOT_HEARD, E_REFUSED, E_ROOM
from simlib.model.model import replicate
from simlib.model.pair_records import STATES, PairState
from simlib.model.record import Record
from simlib.outcomes.groups import counted_drugs
from simlib.outcomes.survival import times_curve, times_mean
from simlib.scenario.scenario import Scenario

# what a pair comes to, in the order of the flow, and the stage that brings it there
STEPS: dict[str, str] = {
    "approved": "", "filed": "readiness", "listed": "listing", "learned": "awareness", "asked": "asking",
    "heard": "committee", "passed": "committee", "placed": "room", "stocked": "purchase",
}  # fmt: skip
SIDES = ("catalogue", "dual_channel", "temporary")
LOOPS = {"not_heard": E_NOT_HEARD, "deferred": E_DEFERRED, "refused": E_REFUSED, "lapsed": E_LAPSED}
ENDS = (*STATES[:3], "asked_before", *STATES[3:11])  # of those nobody asks for, some had been asked for before
LEVELS = ("all", "3", "2", "1")
WINDOW = 730  # days of a step over which its restricted mean is taken
COLUMNS = ("level", "step", "measure", "unit", "mean", "low", "high", "replications")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Passage:
    """Passage of the pairs of drug and hospital through the flow.

    Attributes
    ----------
    scenario : Scenario
        The world.
    values : DataFrame
        Rows (level, step, measure), one column for each replication. Shares (0 to 1) are of all pairs of the level, except
        `went_on` (of those that came to the step) and loops (of those that asked). NaN where undefined.
    """

    scenario: Scenario
    values: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Mean of each measure over replications, with its 95% interval.

        Returns
        -------
        DataFrame
            One row for each level, step and measure (columns COLUMNS).
        """
        rows = []
        for key, x in zip(self.values.index, self.values.to_numpy(float), strict=True):
            unit = "days" if key[2].startswith("days") else "pairs" if key[2] == "pairs" else "share"
            rows.append((*key, unit, *interval(x), int((~np.isnan(x)).sum())))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def get(self, step: str, measure: str, level: str = "all") -> np.ndarray:
        """One row of `values`.

        Parameters
        ----------
        step, measure, level : str
            Its key.

        Returns
        -------
        ndarray
            float64, one number for each replication; NaN where there is none.
        """
        key = (level, step, measure)
        nothing = np.full(self.values.shape[1], np.nan)
        return self.values.loc[key].to_numpy(float) if key in self.values.index else nothing


def passage(
    what: Scenario | Result, replications: int | None = None, workers: int | None = None, first: int = 0
) -> Passage:
    """Follow every pair of drug and hospital through the flow.

    Parameters
    ----------
    what : Scenario or Result
        A scenario, or a run, whose own random histories are followed.
    replications : int, optional
        How many random histories; the scenario's own number if left out.
    workers : int, optional
        Number of processes; all cores if left out.
    first : int
        Number of the first replication.

    Returns
    -------
    Passage
        How many pairs come to each step, after how many days, and where the others stay; `simlib.process_map` draws it.
    """
    scenario = what.scenario if isinstance(what, Result) else what
    if isinstance(what, Result) and replications is None:
        numbers = [int(i) for i in what.values.columns]
    else:
        numbers = list(range(first, first + (replications or scenario.replications)))
    found = list(_passages(scenario, numbers, workers or cores()))
    return Passage(scenario, frame(dict(zip(numbers, found, strict=True))))


def _passages(scenario: Scenario, numbers: list[int], workers: int) -> Iterator[dict[Key, float]]:
    """`one_passage` of each; in this process unless tasks go elsewhere, or the first shows that others would pay for their start."""
    rest = numbers
    if not elsewhere():
        start = time.perf_counter()
        yield one_passage(scenario, numbers[0])
        rest, took = numbers[1:], time.perf_counter() - start
        workers = workers if took * len(rest) > START_SECONDS else 1
    yield from parallel(max(1, min(workers, len(rest))))(delayed(one_passage)(scenario, i) for i in rest)


def frame(found: dict[int, dict[Key, float]]) -> pd.DataFrame:
    """Numbers by replication as one table. Where nobody stayed in some histories the share is 0 there, not undefined."""
    values = pd.DataFrame(found)
    values.index = pd.MultiIndex.from_tuples(values.index, names=["level", "step", "measure"])
    stays = values.index.get_level_values("measure").str.startswith("end_")
    values.loc[stays] = values.loc[stays].fillna(0.0)
    return values


def one_passage(scenario: Scenario, replication: int) -> dict[Key, float]:
    """The numbers of one random history."""
    return passage_of(replicate(scenario, replication, pairs=True, events=True))


def passage_of(record: Record) -> dict[Key, float]:
    """The numbers of a record kept with pairs and events."""
    return dict(_numbers(record))


def times_of(record: Record) -> np.ndarray:
    """Day on which each pair of a counted drug comes to each step: float64 (len(STEPS), H, counted drugs), never
    decreasing, inf for never."""
    pairs, w, few = record.pairs, record.world, counted_drugs(record)
    assert pairs is not None
    own = [w.drugs.approval[None, few]]
    own += [t[w.hospitals.province][:, few] for t in (record.listing.filed, record.listing.listed)]
    own += [t[:, few] for t in (pairs.aware, pairs.first_ask, pairs.first_heard, pairs.passed)]
    own += [np.maximum(_first_room(record)[:, few], own[-1]), pairs.stock[:, few]]
    times = np.empty((len(STEPS), len(w.hospitals), int(few.sum())))
    times[-1] = INF
    for k in reversed(range(len(STEPS))):
        later = times[min(k + 1, len(STEPS) - 1)]
        np.minimum(np.where(own[k] < w.horizon, own[k], INF), later, out=times[k])
    return times


def _first_room(record: Record) -> np.ndarray:
    """First day on which each pair had a place in the formulary: float64 (H, D), inf for none."""
    assert record.log is not None and record.pairs is not None
    out = np.full(record.pairs.state.shape, INF)
    found = record.log[record.log["event"] == E_ROOM]
    np.minimum.at(out, (found["h"], found["d"]), found["t"])
    return out


def _happened(record: Record, event: int) -> np.ndarray:
    """Whether an event of the log happened to each pair: bool (H, D)."""
    assert record.log is not None and record.pairs is not None
    out = np.zeros(record.pairs.state.shape, bool)
    found = record.log[record.log["event"] == event]
    out[found["h"], found["d"]] = True
    return out


def _numbers(record: Record) -> Iterator[tuple[Key, float]]:
    w, pairs, few = record.world, record.pairs, counted_drugs(record)
    assert pairs is not None
    times, state, asked = times_of(record), pairs.state[:, few], np.isfinite(pairs.first_ask[:, few])
    ends = np.array([ENDS.index(s) if s in ENDS else -1 for s in STATES])[state]
    ends[(state == PairState.NOT_ASKED) & asked] = ENDS.index("asked_before")
    loops = {name: _happened(record, event)[:, few] for name, event in LOOPS.items()}
    sides = _sides(record, few)
    for level in LEVELS:
        inside = state != PairState.OUT_OF_TARGET
        if level != "all":
            inside = inside & (w.hospitals.level == int(level))[:, None]
        n = int(inside.sum())
        if n == 0:
            continue
        yield (level, "approved", "pairs"), float(n)
        yield from (((level, *key), x) for key, x in _steps(times[:, inside], ends[inside], w.horizon))
        for name, happened in loops.items():
            yield (level, "asked", f"loop_{name}"), _mean(happened[asked & inside])
        for name, t in sides.items():
            yield (level, name, "reached"), _mean(np.isfinite(t[inside]))
            yield (level, name, "days"), _mean((t - times[0])[inside & np.isfinite(t)])


def _steps(t: np.ndarray, ends: np.ndarray, horizon: float) -> Iterator[tuple[tuple[str, str], float]]:
    """((step, measure), number) for pairs: t: float64 (steps, pairs), ends: places in ENDS (pairs)."""
    here = np.isfinite(t)
    for k, step in enumerate(STEPS):
        last = k == len(STEPS) - 1
        on = np.zeros_like(here[k]) if last else here[k + 1]
        yield (step, "reached"), _mean(here[k])
        stays = np.bincount(ends[here[k] & ~on], minlength=len(ENDS))
        for name, count in zip(ENDS, stays, strict=True):
            if count:
                yield (step, f"end_{name}"), float(count / t.shape[1])
        if last or not here[k].any():
            continue
        yield (step, "went_on"), _mean(on[here[k]])
        yield (step, "days"), _mean(t[k + 1][on] - t[k][on])
        wait = np.where(on, t[k + 1] - np.where(here[k], t[k], 0.0), INF)[here[k]]
        watched = horizon - t[k][here[k]]
        days, survival = times_curve(wait, watched)
        yield (step, "days_restricted"), times_mean(days, survival, WINDOW, float(watched.max()))


def _sides(record: Record, few: np.ndarray) -> dict[str, np.ndarray]:
    """Day on which each pair's drug came into the catalogue, to pharmacies, or was supplied for a time: float64 (H, few)."""
    pairs = record.pairs
    assert pairs is not None
    of_drug = {"catalogue": record.catalogues.entered, "dual_channel": record.payers.designated}
    out = {name: np.broadcast_to(t[None, few], (len(pairs.state), int(few.sum()))) for name, t in of_drug.items()}
    out["temporary"] = pairs.temporary_first[:, few]
    return {name: np.where(t < record.world.horizon, t, INF) for name, t in out.items()}


def _mean(x: np.ndarray) -> float:
    """The mean, of truth values their share; NaN of nothing."""
    return float(np.mean(x)) if len(x) else float("nan")
