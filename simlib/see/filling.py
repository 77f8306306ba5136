"""How hospitals fill up with new drugs, month by month: the numbers behind the tiles, from one random history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import numpy as np

from simlib.core.files import InputError, one_of
from simlib.experiments.run import Result
from simlib.model.model import replicate
from simlib.model.pair_records import PairState
from simlib.model.record import Record
from simlib.outcomes.groups import counted_drugs
from simlib.scenario.scenario import Scenario
from simlib.world.region import TYPES

MEASURES = ("number", "share")
Measure = Literal["number", "share"]
TOP = 98.0  # percentile of the last month at which the scale ends; few large values would leave all others pale


class Block(NamedTuple):
    """Hospitals of one level and type, the largest first: their places in the region."""

    level: int
    type: str
    hospitals: np.ndarray


@dataclass(frozen=True)
class Filling:
    """New drugs in regular stock, hospital by hospital.

    Attributes
    ----------
    scenario, replication : Scenario, int
        The world and the random history.
    measure : {"number", "share"}
        What values are.
    dates : tuple of date
        T days: the first of each month and the last day.
    values : ndarray
        float64 (T, H): a number of drugs, or a share (0 to 1); NaN where a hospital has no new drug to stock by then.
    names : tuple of str
        Of the H hospitals.
    blocks : tuple of Block
        Hospitals by level and type.
    """

    scenario: Scenario
    replication: int
    measure: Measure
    dates: tuple[date, ...]
    values: np.ndarray
    names: tuple[str, ...]
    blocks: tuple[Block, ...]

    @property
    def most(self) -> float:
        """Where the scale of colours ends: a whole number of drugs, or a whole twentieth."""
        last = self.values[-1][~np.isnan(self.values[-1])]
        high = float(np.percentile(last, TOP)) if last.size else 0.0
        return max(float(np.ceil(high)), 1.0) if self.measure == "number" else max(np.ceil(20 * high) / 20, 0.05)

    def mean(self, t: int, hospitals: np.ndarray) -> float:
        """Mean over some hospitals on date t; NaN where none has a new drug to stock."""
        x = self.values[t, hospitals]
        x = x[~np.isnan(x)]
        return float(x.mean()) if x.size else float("nan")


def filling(what: Scenario | Result, replication: int = 0, measure: str = "number") -> Filling:
    """Follow the stock of every hospital through one random history.

    Parameters
    ----------
    what : Scenario or Result
        The world.
    replication : int
        Number of the random history.
    measure : {"number", "share"}
        Number of new drugs in regular stock, or their share (0 to 1) of those approved by then that the hospital treats.

    Returns
    -------
    Filling
        The measure at each hospital on the first of each month and on the last day; `simlib.tile_still` draws it, and
        `simlib.save` makes an animation of it.
    """
    if measure not in MEASURES:
        raise InputError(one_of(measure, MEASURES, "measure"))
    scenario = what.scenario if isinstance(what, Result) else what
    return filling_of(replicate(scenario, replication, pairs=True), measure)  # type: ignore[arg-type]


def filling_of(record: Record, measure: Measure = "number") -> Filling:
    """The same from a record kept with pairs."""
    pairs, w = record.pairs, record.world
    if pairs is None:
        raise ValueError("this record was kept without its pairs")
    s = w.scenario
    firsts = s.calendar.firsts(w.horizon)
    times = np.append(firsts[firsts >= s.policy_from], np.ceil(w.horizon) - 1.0)
    inside = (pairs.state != PairState.OUT_OF_TARGET) & counted_drugs(record)[None, :]
    values = np.empty((len(times), len(w.hospitals)))
    for k, t in enumerate(times):
        open_ = inside & (w.drugs.approval <= t)[None, :]
        stocked = open_ & (pairs.stock <= t) & ~((pairs.removed <= t) & (pairs.removed >= pairs.stock))
        number, room = stocked.sum(axis=1), open_.sum(axis=1)
        whole = np.ones(len(room)) if measure == "number" else np.maximum(room, 1)
        values[k] = np.where(room > 0, number / whole, np.nan)
    dates = tuple(s.calendar.date(t) for t in times)
    return Filling(s, w.key[1], measure, dates, values, tuple(w.hospitals.names), _blocks(record))


def _blocks(record: Record) -> tuple[Block, ...]:
    """Hospitals by level and type; those that treat none of the diseases would stay white for ever, but they are hospitals too."""
    hs = record.world.hospitals
    out = []
    for level in (3, 2, 1):
        for k, kind in enumerate(TYPES):
            found = np.flatnonzero((hs.level == level) & (hs.type == k))
            if found.size:
                out.append(Block(level, kind, found[np.argsort(-hs.beds[found], kind="stable")]))
    return tuple(out)
