"""Where a conclusion does not hold: in which plausible worlds an answer falls short, said as limits of a few assumed numbers.

Two thirds of the worlds, one history each, teach an emulator the expected answer, so that luck is averaged out; a box of numbers
in which it falls short is found at thousands of other points of the same worlds. The last third is kept apart: there each limit has to
prove itself on histories that it was not found on, and the answer inside and outside of the box is measured. How sure the ends of a limit
are is told by finding the box again on halves of the worlds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from joblib import delayed
from scipy.stats import mannwhitneyu, norm

from simlib.core.files import InputError
from simlib.core.processes import cores, elsewhere, parallel
from simlib.core.registry import provided
from simlib.experiments.discovery.prim import Limits, find_box
from simlib.experiments.discovery.tree import failing_groups
from simlib.experiments.emulator import Emulator, fit_emulator
from simlib.experiments.hinge import numbers_in
from simlib.experiments.intervals import interval, wilson
from simlib.experiments.plausible import Plausible, plausible
from simlib.experiments.study import LEVEL, MAIN
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import Key
from simlib.scenario.derived import with_world
from simlib.scenario.scenario import Scenario

WORLDS, MOST = 768, 2048  # at most: there are no more fitted vectors
LEARNED = 2 / 3  # part of the worlds that a box is found on; the others check it
POINTS = 4096  # at which the emulator is asked
BOXES = 3  # at most
RARE = 0.01  # part of the points below which there is nothing to look for
WORTH = 0.1  # part of the failing points that a further box holds at least
LIFT = 1.5  # how much more often the conclusion fails in a box than over all, at least
RESAMPLED = 20
PART = (
    0.5  # of the worlds learned from, of each time that a box is found again: halves differ as much as new worlds would
)
TOLD = 0.05  # chance, over all limits together, up to which a limit is confirmed
LIMIT_COLUMNS = ["box", "path", "low", "high", "chance", "found", "low_from", "low_to", "high_from", "high_to"]
BOX_COLUMNS = ["box", "mass", "density", "coverage", "worlds", "mean", "low", "high", "elsewhere", "elsewhere_low", "elsewhere_high"]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """Boxes in which a conclusion fails.

    Attributes
    ----------
    explained : float
        Part of the variance over worlds (luck apart) that the emulator explains by the numbers that it could tell; 0 to 1.
    share : float
        Expected share of the points in which the conclusion fails.
    boxes : DataFrame
        One row a box (BOX_COLUMNS), what an earlier one holds left out: mass, its share of the points; density, the share of these that
        fail by the emulator; coverage, the share of all failing points that it holds; worlds, how many of those kept apart lie in it, and their mean answer with its 95% interval (mean,
        low, high), beside that of all others (elsewhere).
    limits : DataFrame
        One row a limit (LIMIT_COLUMNS): low and high, NaN where there is no such end; chance, how likely the worlds kept apart would
        differ so much across it if the number did nothing, over all limits together (Holm); found, the share of the times that the
        box was found again in which this number had the same end or ends, and between what these then lay.
    unconfirmed : list of str
        Paths of numbers whose limits the worlds kept apart did not confirm; they were given up.
    why : str
        Why there is no box: "holds" or "never", nearly everywhere; "luck", the worlds could not be told from luck; "none", no box
        holds enough; "unconfirmed", none of its limits was; "alike", it fails there hardly more often than over all. "" where there is one.
    groups : DataFrame
        The same of a tree's groups in which more points fail than not (BOX_COLUMNS); its limits in `group_limits`.
    group_limits : DataFrame
        box, path, low and high of these groups.
    """

    explained: float
    share: float
    boxes: pd.DataFrame
    limits: pd.DataFrame
    unconfirmed: list[str]
    groups: pd.DataFrame
    group_limits: pd.DataFrame
    why: str = ""


@dataclass(frozen=True, eq=False)
class Fails:
    """Where a conclusion does not hold.

    Attributes
    ----------
    scenario, baseline : Scenario
        What was compared; no baseline where the answer is a level.
    key : tuple
        (indicator, by, group).
    least : float
        What the answer falls short of, in the unit of the indicator; for indicators of which less is better, what it exceeds.
    answer : Plausible
        The runs.
    found : Found
        The boxes.
    """

    scenario: Scenario
    baseline: Scenario | None
    key: Key
    least: float
    answer: Plausible
    found: Found

    @property
    def sign(self) -> float:
        """1 where more is better, -1 where less is."""
        return _sign(self.key)

    def short(self) -> tuple[int, int, float, float]:
        """In how many of how many worlds the expected answer falls short, and Wilson's interval of that share."""
        expected = self.answer.expected().loc[self.key].dropna()
        count = int((self.sign * expected <= self.sign * self.least).sum())
        return count, len(expected), *wilson(count, len(expected))

    def table(self) -> pd.DataFrame:
        """The limits of all boxes, each beside what is known of its box (`Found.limits` and `Found.boxes`)."""
        boxes = self.found.boxes.rename(columns={"low": "mean_low", "high": "mean_high"})
        return self.found.limits.merge(boxes, on="box")

    def plot(self, language: str = "en") -> Any:
        """Draw the boxes.

        Parameters
        ----------
        language : {"en", "zh"}
            Language of the labels.

        Returns
        -------
        matplotlib.figure.Figure
            The figure of `simlib.failing`.
        """
        return provided("Fails.plot")(self, language)


def fails(
    scenario: Scenario,
    baseline: Scenario | None = None,
    least: float = 0.0,
    world: str = "fitted",
    worlds: int = WORLDS,
    key: Key = (MAIN, *LEVEL),
    workers: int | None = None,
    progress: bool = True,
) -> Fails:
    """Find out in which plausible worlds a conclusion does not hold.

    Parameters
    ----------
    scenario : Scenario
        What is looked at.
    baseline : Scenario, optional
        What it is compared with, in the same worlds and with the same luck; the scenario's own level if left out.
    least : float
        The conclusion is that the answer is above this (below it, for indicators of which less is better), in the unit of the
        indicator: 0.05 are 5 percentage points of a share.
    world : {"fitted", "assumed"}
        Whether numbers are drawn as the calibration fitted them, or from all of their ranges.
    worlds : int
        How many, 2048 at most; one history each of scenario and baseline.
    key : tuple
        (indicator, by, group).
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.

    Returns
    -------
    Fails
        Its `found` has the boxes, `short` in how many worlds the answer falls short.

    Raises
    ------
    InputError
        If no number is drawn, the answer does not vary or is not defined in some world, or there are too many worlds.
    """
    if worlds > MOST:
        raise InputError(
            f"worlds: {MOST} at most (given: {worlds}); there are no more fitted worlds of different numbers"
        )
    answer = plausible(scenario, baseline, world, worlds, None, workers, progress)
    if key not in answer.values.index:
        raise InputError(f"{scenario.name}: no world defines {key[0]} by {key[1]} {key[2]}")
    values, sign = answer.values.loc[key].to_numpy(float), _sign(key)
    if not np.isfinite(values).all() or not np.ptp(values) > 0:
        raise InputError(
            f"{scenario.name}: {key[0]} by {key[1]} {key[2]} is not defined, or is the same, in every world"
        )
    side = with_world(scenario, world)
    points = numbers_in(side, max(POINTS, worlds))
    luck = float(answer.luck()[answer.values.index.get_loc(key)]) ** 2
    found = discover(points[:worlds], sign * values, points, sign * least, luck, workers)
    return Fails(scenario, baseline, key, least, answer, _turned(found, sign))


def _sign(key: Key) -> float:
    return 1.0 if INDICATORS[key[0]].better == "more" else -1.0


def discover(
    numbers: pd.DataFrame,
    values: np.ndarray,
    points: pd.DataFrame,
    least: float = 0.0,
    luck: float = 0.0,
    workers: int | None = 1,
) -> Found:
    """Boxes in which an answer is at most `least`, from a world table.

    Parameters
    ----------
    numbers : DataFrame
        float64, a row a world.
    values : ndarray
        float64 (worlds,), the answer there, one history each.
    points : DataFrame
        float64, the same numbers where the emulated answer is asked.
    least : float
        What the answer falls short of.
    luck : float
        Variance of luck in one history.
    workers : int, optional
        Number of processes; all cores if left out.

    Returns
    -------
    Found
        The boxes, their limits, and what a tree finds.
    """
    n = round(LEARNED * len(numbers))
    low, span = points.min().to_numpy(float), np.ptp(points.to_numpy(float), axis=0)
    at, unit = points.to_numpy(float), (numbers.to_numpy(float) - low) / span
    real = float(np.var(values[:n], ddof=1)) - luck
    emulator, failing, explained = _learned(unit[:n], values[:n], (at - low) / span, least, max(real, 1e-12))
    active, share = np.sort(emulator.active), float(failing.mean())
    if real <= 0 or not len(active):
        return _nothing(0.0, share, "luck")
    if not RARE < share < 1 - RARE:
        return _nothing(explained, share, "holds" if share < 0.5 else "never")
    inside, check, apart = at[:, active], numbers.to_numpy(float)[n:, active], values[n:]
    first = _boxes(inside, failing)
    rest = {i: _rest(emulator, int(j), unit[n:], values[n:], check, i) for i, j in enumerate(active)}
    kept, unconfirmed, chances = _confirmed(first, check, rest)
    boxes, chances = _worth_telling(kept, chances, inside, failing)
    names = numbers.columns[active]
    again = _found_in_parts(unit[:n], values[:n], (at - low) / span, at, least, real, workers) if boxes else []
    groups = failing_groups(inside, failing)
    return Found(
        explained,
        share,
        _box_table(boxes, inside, failing, check, apart),
        _limit_table(boxes, names, chances, inside, active, again),
        sorted(set(names[sorted(unconfirmed)])),
        _box_table(groups, inside, failing, check, apart),
        _limit_table(groups, names, {}, inside, active, [])[["box", "path", "low", "high"]],
        "" if boxes else "alike" if kept else "unconfirmed" if first else "none",
    )


def _learned(
    learn: np.ndarray, values: np.ndarray, at: np.ndarray, least: float, real: float
) -> tuple[Emulator, np.ndarray, float]:
    """An emulator, the chance at each point that the expected answer is at most `least`, and how much of the variance it explains.

    learn, at: points of the unit cube. real: variance of the expected answer over worlds. What the emulator does not explain of it is taken
    for normal around what it expects.
    """
    emulator = fit_emulator(learn, values)
    expected = emulator.mean(at)
    explained = float(np.clip(np.var(expected) / real, 0.0, 1.0))
    spread = max(np.sqrt(real * (1 - explained)), 1e-9)
    return emulator, norm.cdf((least - expected) / spread), explained


def _rest(
    emulator: Emulator, number: int, unit: np.ndarray, values: np.ndarray, check: np.ndarray, own: int
) -> np.ndarray:
    """What single histories are beyond what all numbers but one explain (float64 (worlds,)).

    number: its column among all, own: among those of check. What the emulator expects is taken away, with that number in the middle in
    every world, and so is what is then left along the others: in fitted worlds numbers run along with one another.
    """
    middle = unit.copy()
    middle[:, number] = 0.5
    left = values - emulator.mean(middle)
    others = np.column_stack([np.ones(len(check)), np.delete(check, own, axis=1)])
    return left - others @ np.linalg.lstsq(others, left, rcond=None)[0]


class Again(NamedTuple):
    """A box that a part of the worlds found: columns of its numbers, and which of the points it holds (bool)."""

    active: np.ndarray
    box: Limits
    held: np.ndarray


def _found_in_parts(
    learn: np.ndarray,
    values: np.ndarray,
    unit: np.ndarray,
    at: np.ndarray,
    least: float,
    real: float,
    workers: int | None,
) -> list[list[Again]]:
    """The boxes that each of RESAMPLED parts of the worlds finds."""
    tasks = [delayed(_again)(learn, values, unit, at, least, real, k) for k in range(RESAMPLED)]
    return (
        list(parallel(workers or cores())(tasks))
        if workers != 1 or elsewhere()
        else [f(*words) for f, words, _ in tasks]
    )


def _again(
    learn: np.ndarray, values: np.ndarray, unit: np.ndarray, at: np.ndarray, least: float, real: float, k: int
) -> list[Again]:
    """The boxes that a part of the worlds finds."""
    rows = np.random.default_rng(k).permutation(len(learn))[: round(PART * len(learn))]
    emulator, failing, _ = _learned(learn[rows], values[rows], unit, least, real)
    active = np.sort(emulator.active)
    if not len(active):
        return []
    return [Again(active, box, box.holds(at[:, active])) for box in _boxes(at[:, active], failing)]


def _boxes(at: np.ndarray, failing: np.ndarray) -> list[Limits]:
    """The first box, and others of what it leaves, as long as each holds enough of the failing points."""
    boxes: list[Limits] = []
    left = np.ones(len(at), bool)
    while len(boxes) < BOXES and left.any():
        box = find_box(at[left], failing[left])
        held = left & box.holds(at)
        if not len(box.limited) or failing[held].sum() < WORTH * failing.sum():
            break
        boxes.append(box)
        left &= ~held
    return boxes


def _confirmed(
    boxes: Sequence[Limits], check: np.ndarray, rest: Mapping[int, np.ndarray]
) -> tuple[list[Limits], set[int], dict[tuple[int, int], float]]:
    """Boxes with the limits that the worlds kept apart confirm; the numbers whose limits they do not; and the chance of each limit.

    rest: by number, what the answers there are beyond what all other numbers make expect.
    """
    asked = [(i, int(number)) for i, box in enumerate(boxes) for number in box.limited]
    raw = [chance(boxes[i], number, check, rest[number]) for i, number in asked]
    adjusted = dict(zip(asked, holm(raw), strict=True))
    kept, out = [], {}
    for i, box in enumerate(boxes):
        for number in box.limited:
            if adjusted[i, int(number)] > TOLD:
                box = box.without(number)
        if len(box.limited):
            out |= {(len(kept), int(number)): adjusted[i, int(number)] for number in box.limited}
            kept.append(box)
    used = {int(number) for box in kept for number in box.limited}
    return kept, {number for _, number in asked} - used, out


def _worth_telling(
    boxes: Sequence[Limits], chances: Mapping[tuple[int, int], float], at: np.ndarray, failing: np.ndarray
) -> tuple[list[Limits], dict[tuple[int, int], float]]:
    """The boxes in which the conclusion fails clearly more often than over all: limits that were given up may leave little of one.

    What an earlier one holds does not count.
    """
    share, left, kept = failing.mean(), np.ones(len(at), bool), []
    asked = share + (LIFT - 1) * min(share, 1 - share)
    for i, box in enumerate(boxes):
        held = left & box.holds(at)
        if held.any() and failing[held].mean() >= asked:
            kept.append(i)
            left &= ~held
    return [boxes[i] for i in kept], {(kept.index(i), n): p for (i, n), p in chances.items() if i in kept}


def chance(box: Limits, number: int, check: np.ndarray, values: np.ndarray) -> float:
    """How likely worlds within a box's limit on a number would have so much lower answers than those beyond it, if it did nothing.

    One-sided test of Mann and Whitney (1947), Annals of Mathematical Statistics 18:50-60, in the spirit of the quasi-p-values of Bryant
    and Lempert (2010). check: float64 (worlds, numbers); values: float64 (worlds,).
    """
    within = (check[:, number] >= box.low[number]) & (check[:, number] <= box.high[number])
    if within.all() or not within.any():
        return 1.0
    return float(mannwhitneyu(values[within], values[~within], alternative="less").pvalue)


def holm(chances: Sequence[float]) -> np.ndarray:
    """Chances adjusted for how many there are (Holm 1979, Scandinavian Journal of Statistics 6:65-70)."""
    p = np.asarray(chances, float)
    order = np.argsort(p, kind="stable")
    out = np.empty(len(p))
    out[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return out


def _box_table(
    boxes: Sequence[Limits], at: np.ndarray, failing: np.ndarray, check: np.ndarray, values: np.ndarray
) -> pd.DataFrame:
    """BOX_COLUMNS of some boxes, each without what an earlier one holds."""
    rows, left, apart_left = [], np.ones(len(at), bool), np.ones(len(check), bool)
    for i, box in enumerate(boxes, 1):
        held, apart = left & box.holds(at), apart_left & box.holds(check)
        left, apart_left = left & ~held, apart_left & ~apart
        both = failing[held].sum()
        shares = [held.mean(), both / max(np.count_nonzero(held), 1), both / failing.sum()]
        rows.append([i, *shares, np.count_nonzero(apart), *interval(values[apart]), *interval(values[~apart])])
    return pd.DataFrame(rows, columns=BOX_COLUMNS)


def _limit_table(
    boxes: Sequence[Limits],
    names: Sequence[str],
    chances: Mapping[tuple[int, int], float],
    at: np.ndarray,
    active: np.ndarray,
    again: Sequence[Sequence[Again]],
) -> pd.DataFrame:
    """LIMIT_COLUMNS of some boxes."""
    rows = []
    for i, box in enumerate(boxes):
        nearest = [_nearest(box.holds(at), found) for found in again]
        for number in box.limited:
            ends = [np.where(np.isfinite(e[number]), e[number], np.nan) for e in (box.low, box.high)]
            found, spread = _found_again(int(active[number]), np.isfinite(ends), nearest)
            chance_ = chances.get((i, int(number)), np.nan)
            rows.append([i + 1, names[number], *map(float, ends), chance_, found, *spread])
    return pd.DataFrame(rows, columns=LIMIT_COLUMNS)


def _nearest(held: np.ndarray, found: Sequence[Again]) -> Again | None:
    """Of the boxes that a part of the worlds found, the one that shares most of its points with one (Jaccard's index); None for none."""
    alike = [np.count_nonzero(held & a.held) / np.count_nonzero(held | a.held) for a in found]
    return found[int(np.argmax(alike))] if alike and max(alike) > 0 else None


def _found_again(column: int, asked: np.ndarray, nearest: Sequence[Again | None]) -> tuple[float, list[float]]:
    """In which share of the parts the box had the same ends on a number, and the lowest and highest of its lower and its upper one.

    asked: whether it has a lower and an upper end (bool (2,)).
    """
    ends: list[np.ndarray] = []
    for a in nearest:
        for i in np.flatnonzero(a.active == column) if a else ():
            here = np.array([a.box.low[i], a.box.high[i]])
            if np.isfinite(here[asked]).all():
                ends.append(np.where(asked, here, np.nan))
    if not ends:
        return (0.0 if nearest else np.nan), [np.nan] * 4
    both = np.array(ends)
    return len(ends) / len(nearest), [float(f(both[:, k])) for k in (0, 1) for f in (np.min, np.max)]


def _nothing(explained: float, share: float, why: str) -> Found:
    boxes, limits = pd.DataFrame(columns=BOX_COLUMNS), pd.DataFrame(columns=LIMIT_COLUMNS)
    return Found(explained, share, boxes, limits, [], boxes, limits[["box", "path", "low", "high"]], why)


def _turned(found: Found, sign: float) -> Found:
    """Boxes with answers in the indicator's own unit, where less is better and all signs were changed."""
    if sign > 0:
        return found
    return replace(found, boxes=_negative(found.boxes), groups=_negative(found.groups))


def _negative(boxes: pd.DataFrame) -> pd.DataFrame:
    out = boxes.copy()
    for mean, low, high in (("mean", "low", "high"), ("elsewhere", "elsewhere_low", "elsewhere_high")):
        out[mean], out[low], out[high] = -boxes[mean], -boxes[high], -boxes[low]
    return out
