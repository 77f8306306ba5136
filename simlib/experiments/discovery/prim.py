"""A box of numbers in which a conclusion mostly fails: the patient rule induction method, in whole steps.

From the box of all points, slices of 5% are taken off at the end of one number at a time, the one that leaves the largest share of
failing points for what it costs; of the boxes on the way the one is taken that is best at both, holding most of the failing points
(coverage) and few others (density). Limits that it can do without are then given up, all but four of them in any case: a box of more
numbers is not read. A point may fail by a chance between 0 and 1: what counts is the expected number of failing points.

Of the kept packages with this method one is under the GPL, and the other brings packages that nothing else here needs.

Sources: Friedman and Fisher (1999), Statistics and Computing 9:123-143, doi:10.1023/A:1008894516817; for scenario discovery: Bryant and
Lempert (2010), Technological Forecasting and Social Change 77:34-49, doi:10.1016/j.techfore.2009.08.002.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SLICE = 0.05  # part of a box's points that one step takes off
LEAST = 0.02  # part of all points that a box holds at least
GIVE_UP = 0.02  # of the score, for which a limit is not worth having
MOST = 4  # limited numbers of a box


@dataclass(frozen=True)
class Limits:
    """A box: of each number the lowest and the highest value (float64 (numbers,); infinite where it has no limit)."""

    low: np.ndarray
    high: np.ndarray

    def holds(self, points: np.ndarray) -> np.ndarray:
        """Which points (float64 (points, numbers)) lie in it (bool)."""
        return ((points >= self.low) & (points <= self.high)).all(axis=1)

    @property
    def limited(self) -> np.ndarray:
        """Which numbers have a limit (their columns)."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))

    def cut(self, number: int, x: float, above: bool) -> Limits:
        """The box with what lies beyond x of one number taken off: above it, or below."""
        low, high = self.low.copy(), self.high.copy()
        (high if above else low)[number] = x
        return Limits(low, high)

    def without(self, number: int) -> Limits:
        """The same box without a limit on one number."""
        return self.cut(number, -np.inf, above=False).cut(number, np.inf, above=True)


def everything(numbers: int) -> Limits:
    """The box without limits."""
    return Limits(np.full(numbers, -np.inf), np.full(numbers, np.inf))


def score(inside: np.ndarray, failing: np.ndarray) -> float:
    """How good a box is at both: the harmonic mean of coverage and density (0 to 1). inside: bool (points,); failing: 0 to 1."""
    both = failing[inside].sum()
    return float(2 * both / (np.count_nonzero(inside) + failing.sum())) if both else 0.0


def find_box(points: np.ndarray, failing: np.ndarray) -> Limits:
    """The box that holds most of the failing points and few others.

    Parameters
    ----------
    points : ndarray
        float64 (points, numbers).
    failing : ndarray
        bool or float64 (points,), whether the conclusion fails there, or the chance that it does.

    Returns
    -------
    Limits
        The box; without limits where nothing is better than that.
    """
    failing = failing.astype(float)
    box = _needed(points, failing, _best(points, failing), MOST)
    few = box.limited
    if not len(few):
        return box
    again = _needed(
        points[:, few], failing, _best(points[:, few], failing), MOST
    )  # the ends are better found among few numbers
    out = everything(points.shape[1])
    out.low[few], out.high[few] = again.low, again.high
    return out


def _best(points: np.ndarray, failing: np.ndarray) -> Limits:
    """The box with the best score on the way from all points to few."""
    box = everything(points.shape[1])
    inside = np.ones(len(points), bool)
    best, found = score(inside, failing), box
    while (step := _peeled(points, failing, box, inside)) is not None:
        box, inside = step
        if (now := score(inside, failing)) > best:
            best, found = now, box
    return found


def _peeled(
    points: np.ndarray, failing: np.ndarray, box: Limits, inside: np.ndarray
) -> tuple[Limits, np.ndarray] | None:
    """The box after the best slice is taken off, and what it holds; None where no slice leaves a box that is large enough."""
    rows = np.flatnonzero(inside)
    share, best, found = failing[rows].mean(), 0.0, None
    if share == 1.0:
        return None
    for number in range(points.shape[1]):
        x = points[rows, number]
        for above in (False, True):
            limit = _limit(x, above)
            kept = x <= limit if above else x >= limit
            n = np.count_nonzero(kept)
            if n == len(rows) or n < LEAST * len(points):
                continue
            gain = (failing[rows[kept]].mean() - share) / (
                len(rows) - n
            )  # for what it costs: whole values take off more
            if gain > best:
                best, found = gain, (number, limit, above, rows[kept])
    if found is None:
        return None
    number, limit, above, left = found
    after = np.zeros(len(points), bool)
    after[left] = True
    return box.cut(number, limit, above), after


def _limit(x: np.ndarray, above: bool) -> float:
    """The outermost value that is kept when a slice goes: at least one value goes, whatever share has it."""
    order = np.sort(x)
    out = max(int(SLICE * len(x)), 1)
    if above:
        rest = order[order < order[-out]]
        return float(rest[-1]) if len(rest) else float(order[-1])
    rest = order[order > order[out - 1]]
    return float(rest[0]) if len(rest) else float(order[0])


def _needed(points: np.ndarray, failing: np.ndarray, box: Limits, most: int) -> Limits:
    """The box without the limits that it can do without, the one that costs least first, and with `most` numbers at most."""
    while len(box.limited):
        now = score(box.holds(points), failing)
        without = [box.without(i) for i in box.limited]
        scores = [score(b.holds(points), failing) for b in without]
        if max(scores) < (1 - GIVE_UP) * now and len(box.limited) <= most:
            return box
        box = without[int(np.argmax(scores))]
    return box
