"""Experts' judgements as distributions, and the linear pool of them, from which worlds can be drawn.

An expert gives three numbers: low and high, below and above which the truth would be a surprise of one in twenty each, and
the most likely one. They become the triangular distribution with that mode whose quantiles of 5% and 95% are low and high (S.
Kotz and J. R. van Dorp, Beyond Beta, World Scientific 2004, chapter 1), cut where the model ends. Several experts' are pooled
by the mean of their distribution functions, each with the same weight (M. Stone, The opinion pool, Annals of Mathematical
Statistics 32, 1961, 1339-1342): a pool keeps what the experts disagree about, where a mean of their numbers would lose it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from simlib.experiments import worlds
from simlib.experiments.elicited import Asked
from simlib.scenario.drawn import candidates, untouched
from simlib.scenario.scenario import Scenario

TAIL = 0.05  # what lies below low, and above high
HALVINGS = 60  # of the interval in which a quantile lies: to the last digit


@dataclass(frozen=True)
class Judgement:
    """What one expert said of one number: low <= likely <= high, as it was asked, and on what grounds."""

    low: float
    likely: float
    high: float
    basis: str = ""


@dataclass(frozen=True)
class Expert:
    """One expert, by name or code, with the judgements by path; a number that was left open has none."""

    name: str
    file: str
    judgements: Mapping[str, Judgement]


@dataclass(frozen=True)
class Triangle:
    """A triangular distribution from a to b with its mode, cut to what lies from low to high."""

    a: float
    mode: float
    b: float
    low: float
    high: float

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """Distribution function (float64, as x): what lies outside low and high is shared out inside in proportion."""
        if self.low == self.high:
            return (x >= self.high).astype(float)
        first, last = self._uncut(np.array([self.low, self.high]))
        return ((self._uncut(x) - first) / (last - first)).clip(0, 1)

    def _uncut(self, x: np.ndarray) -> np.ndarray:
        x, width = np.clip(x, self.a, self.b), self.b - self.a
        rising = (x - self.a) ** 2 / (width * (self.mode - self.a))
        falling = 1 - (self.b - x) ** 2 / (width * (self.b - self.mode))
        return np.where(x < self.mode, rising, falling)


def triangle(judgement: Judgement, low: float = -np.inf, high: float = np.inf) -> Triangle:
    """The triangular distribution of a judgement, cut to what the model allows.

    Of the mass v on one side of the mode TAIL must lie beyond the judgement's end there, so that the distance from the mode to
    that end is 1 - sqrt(TAIL / v) of the distance to the triangle's own end; both sides' distances are to one another as their
    masses. That has one solution, with v between TAIL and a half on the shorter side.
    """
    left, right = judgement.likely - judgement.low, judgement.high - judgement.likely
    short, long, mode = min(left, right), max(left, right), judgement.likely
    if long == 0:
        return Triangle(mode, mode, mode, mode, mode)

    def unlike(v: float) -> float:
        return short * (1 - np.sqrt(TAIL / (1 - v))) * (1 - v) - long * (1 - np.sqrt(TAIL / v)) * v

    v = float(brentq(unlike, TAIL, 0.5, xtol=1e-15))
    far = long / (1 - np.sqrt(TAIL / (1 - v)))
    near = far * v / (1 - v)
    below, above = (near, far) if left <= right else (far, near)
    a, b = float(mode - below), float(mode + above)
    return Triangle(a, mode, b, max(a, low), min(b, high))


@dataclass(frozen=True)
class Pool:
    """What experts together hold of each number that somebody answered: asked[i] is distributed as the mixture held[i].

    A pool is also a way to draw worlds, for `simlib.experiments.worlds.table`.
    """

    asked: tuple[Asked, ...]
    held: tuple[tuple[Triangle, ...], ...]

    def quantiles(self, i: int, u: np.ndarray) -> np.ndarray:
        """Quantiles of number i as it is asked: the least x with a distribution function of at least u (float64, as u)."""
        triangles = self.held[i]
        low = np.full(len(u), min(t.low for t in triangles))
        high = np.full(len(u), max(t.high for t in triangles))
        for _ in range(HALVINGS):
            middle = low + (high - low) / 2
            enough = sum(t.cdf(middle) for t in triangles) / len(triangles) >= u
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.rint(high) if self.asked[i].whole else high

    def __call__(self, scenario: Scenario, first: int, rows: int) -> pd.DataFrame:
        """As `simlib.experiments.worlds.drawn`, the numbers of the pool by their distributions in place of their ranges.

        The points are the same, so that every rulebook, the pool and each expert alone meet worlds that differ in nothing but
        what was said. Experts who were asked for a number that expresses a reading have answered the reading, so that it is drawn.
        """
        free = {a.path for a in untouched(scenario)}
        table, u = worlds.drawn(scenario, first, rows), worlds.points(scenario, first, rows)
        places = {a.path: k for k, a in enumerate(candidates(scenario))}
        for i, asked in sorted(enumerate(self.asked), key=lambda x: x[1].spread is not None):  # after their spreads
            if asked.path in free:  # else somebody set it
                spread = table[asked.spread].to_numpy() if asked.spread in table else None
                table[asked.path] = asked.numbers(self.quantiles(i, u[:, places[asked.path]]), spread)
        return table


def pooled(asked: Sequence[Asked], experts: Sequence[Expert], alone: Expert | None = None) -> Pool:
    """The linear pool, equal weights, of those who answered; a number that nobody answered is not in it.

    alone: one of the experts, who is taken alone for each number that this one answered; what this one left open is left to
    the others.
    """
    told, held = [], []
    for a in asked:
        answers = [e.judgements[a.path] for e in experts if a.path in e.judgements]
        if alone and a.path in alone.judgements:
            answers = [alone.judgements[a.path]]
        if answers:
            told.append(a)
            held.append(tuple(triangle(j, a.low, a.high) for j in answers))
    return Pool(tuple(told), tuple(held))
