"""Walks of single histories along orders of the parts, and what each part added on them, world by world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from simlib.experiments.attribution.coalitions import Coalitions
from simlib.experiments.attribution.orders import Values, along, both_ways, exact, marginals
from simlib.outcomes.groups import Key
from simlib.scenario.drawn import AGAIN


@dataclass(frozen=True)
class Walk:
    """One history's way through the coalitions.

    way: an order of the parts; empty where every coalition is run. along: the parts that are looked at on it, there alone; None for
    all, there and back.
    """

    replication: int
    way: tuple[int, ...]
    along: tuple[int, ...] | None = None

    def coalitions(self, n: int) -> list[int]:
        """The coalitions that have to be run, of n parts."""
        if not self.way:
            return list(range(1 << n))
        found = {0, (1 << n) - 1}
        for way in (self.way, self.way[::-1])[: 2 if self.along is None else 1]:
            steps = along(way)
            for place, part in enumerate(way):
                if self.along is None or part in self.along:
                    found |= {steps[place], steps[place + 1]}
        return sorted(found)

    def steps(self, n: int, values: Values) -> np.ndarray:
        """What each part added, on average there and back: float64 (parts, keys); NaN for one that was not looked at."""
        if not self.way:
            return exact(n, values)
        if self.along is None:
            return both_ways(self.way, values)
        out = np.full((n, len(values[0])), np.nan)
        for i in self.along:
            out[i] = _added(self.way, i, values)
        return out

    def by_order(self, n: int, values: Values) -> np.ndarray:
        """What the order alone did on one of the two ways: squares of half their difference, float64 (parts, keys); 0 without chance."""
        if not self.way:
            return np.zeros((n, len(values[0])))
        return ((marginals(self.way, values) - marginals(self.way[::-1], values)) / 2) ** 2


def _added(way: Sequence[int], part: int, values: Values) -> np.ndarray:
    before = sum(1 << i for i in way[: way.index(part)])
    return values[before | 1 << part] - values[before]


@dataclass
class Walks:
    """All walks of an attribution. A history's number is that of its world, plus AGAIN where it is the world's second one."""

    runs: Coalitions
    made: list[Walk] = field(default_factory=list)

    @property
    def worlds(self) -> list[int]:
        """The worlds that were walked, in order."""
        return [w.replication for w in self.made if w.replication < AGAIN]

    def single(self, keys: Sequence[Key]) -> tuple[np.ndarray, np.ndarray]:
        """What each part added in the first and in the second history of each world: float64 (worlds, parts, keys) each.

        NaN where there is no such history, it was not looked at, or the indicator is not defined.
        """
        n = len(self.runs.game.parts)
        return self._laid_out(
            (n, len(keys)), lambda w: w.steps(n, self.runs.values(w.replication, keys, w.coalitions(n)))
        )

    def by_order(self, keys: Sequence[Key]) -> np.ndarray:
        """How much of the variance of first histories the order of the parts made: float64 (parts, keys).

        What is walked there and back has next to none; what is walked there alone has what both ways differ by where both are.
        """
        n = len(self.runs.game.parts)
        first = [w for w in self.made if w.replication < AGAIN]
        whole = [w for w in first if w.along is None]
        once = np.mean([w.by_order(n, self.runs.values(w.replication, keys, w.coalitions(n))) for w in whole], axis=0)
        looked = np.array([[w.along is not None and i in w.along for i in range(n)] for w in first]).sum(axis=0)
        return once * (looked / (len(whole) + looked))[:, None]

    def levels(self, keys: Sequence[Key], coalition: int) -> tuple[np.ndarray, np.ndarray]:
        """Indicators under a coalition in the first and in the second history of each world: float64 (worlds, keys) each."""
        return self._laid_out((len(keys),), lambda w: self.runs.values(w.replication, keys, [coalition])[coalition])

    def _laid_out(self, shape: tuple[int, ...], of: Callable[[Walk], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Something of every walk, by the world and whether it was the first or second history of it."""
        place = {k: i for i, k in enumerate(self.worlds)}
        out = np.full((2, len(place), *shape), np.nan)
        for w in self.made:
            turn, world = divmod(w.replication, AGAIN)
            out[turn, place[world]] = of(w)
        return out[0], out[1]

    def level(self, key: Key, coalition: int) -> np.ndarray:
        """The mean of each world's histories: float64 (worlds,)."""
        return mean(*self.levels([key], coalition))[:, 0]

    def by_world(self, key: Key) -> tuple[np.ndarray, np.ndarray]:
        """(steps, differences) as `estimates.shares` takes them: the mean of each world's histories."""
        return mean(*self.single([key]))[:, :, 0], self.differences([key])[:, 0]

    def differences(self, keys: Sequence[Key]) -> np.ndarray:
        """The difference of all parts, the mean of each world's histories: float64 (worlds, keys)."""
        (a, b), (c, d) = (self.levels(keys, x) for x in (self.runs.game.all, 0))
        return mean(a - c, b - d)


def mean(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The mean of both where a world has two."""
    return np.where(np.isfinite(second), (first + second) / 2, first)
