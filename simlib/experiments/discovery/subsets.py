"""Sets of rules that nothing beats: an evolutionary search for sets that are better, cheaper or smaller than every other one.

Every set of a generation meets the same worlds, so that sets differ by their rules and not by luck. The archive keeps each set that
was ever tried; what it believes of the best ones is too good, since they were chosen by it, and is for choosing alone.

Source: Deb, Pratap, Agarwal and Meyarivan (2002), IEEE Transactions on Evolutionary Computation 6:182-197, doi:10.1109/4235.996017
(NSGA-II, as pymoo has it).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.evaluator import Evaluator
from pymoo.core.problem import Problem
from pymoo.core.repair import Repair
from pymoo.operators.crossover.ux import UniformCrossover
from pymoo.operators.mutation.bitflip import BitflipMutation
from pymoo.operators.survival.rank_and_crowding.metrics import calc_crowding_distance
from pymoo.problems.static import StaticProblem
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting

# What some sets (whole numbers, part i where bit i is set) bring in some worlds: float64 (sets, worlds, 2), access and money, the more
# access and the less money the better, both over the baseline.
Values = Callable[[Sequence[int], Sequence[int]], np.ndarray]

SIZE = 24  # sets of a generation
KEPT = 40  # sets that the next generation is made from
GENERATIONS = 10
ROUNDS = 4  # of looking at the neighbours of the best set
WORLDS = 8  # that every set meets


@dataclass(frozen=True)
class Limits:
    """What a set may be. most: parts at most; budget: money at most; None where it is free."""

    most: int | None = None
    budget: float | None = None

    def allows(self, size: np.ndarray, money: np.ndarray) -> np.ndarray:
        """Which sets of some sizes and costs are allowed (bool)."""
        small = size <= (np.inf if self.most is None else self.most)
        return small & (money <= (np.inf if self.budget is None else self.budget))


@dataclass(frozen=True)
class Archive:
    """Every set that was tried: sets (whole numbers), and what it seems to bring: access and money (float64 (sets,))."""

    sets: list[int]
    access: np.ndarray
    money: np.ndarray

    @property
    def sizes(self) -> np.ndarray:
        """How many parts each has (int64)."""
        return np.array([s.bit_count() for s in self.sets])

    def best(self, limits: Limits, many: int) -> list[int]:
        """The sets that seem best of those that are allowed, the best first.

        Of sets that bring and cost the very same the smallest alone counts: the others have parts besides that change nothing.
        """
        allowed = np.flatnonzero(limits.allows(self.sizes, self.money))
        order = allowed[np.lexsort((self.sets_order[allowed], self.sizes[allowed], -self.access[allowed]))]
        seen: set[tuple[float, float]] = set()
        found = []
        for i in order:
            if len(found) < many and (what := (float(self.access[i]), float(self.money[i]))) not in seen:
                seen.add(what)
                found.append(self.sets[i])
        return found

    def worth(self, number: int) -> float:
        """What a set that was tried seems to bring."""
        return float(self.access[self.sets.index(number)])

    @property
    def sets_order(self) -> np.ndarray:
        """The place of each set among them in the order of their numbers: what settles ties, whatever came first."""
        return np.argsort(np.argsort(np.array(self.sets, dtype=object), kind="stable"), kind="stable")

    def front(self, limits: Limits, many: int) -> list[int]:
        """Allowed sets that no other one beats in access, money and size at once; of many the best of each size, and others far apart."""
        allowed = np.flatnonzero(limits.allows(self.sizes, self.money))
        if not len(allowed):
            return []
        f = np.column_stack([-self.access, self.money, self.sizes])[allowed]
        first = NonDominatedSorting().do(f, only_non_dominated_front=True)
        f, sets = f[first], [self.sets[i] for i in allowed[first]]
        span = np.ptp(f, axis=0)
        room = calc_crowding_distance(f / np.where(span > 0, span, 1.0)) if len(sets) > 2 else np.zeros(len(sets))
        of_size = {
            int(size): int(np.flatnonzero(f[:, 2] == size)[np.argmin(f[f[:, 2] == size, 0])])
            for size in np.unique(f[:, 2])
        }
        order = [*of_size.values(), *np.argsort(-room, kind="stable")]
        return sorted((sets[i] for i in list(dict.fromkeys(order))[:many]), key=lambda s: (s.bit_count(), s))


class _Smaller(Repair):
    """Takes parts out of sets that have too many, by chance."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def _do(self, problem: Problem, X: np.ndarray, random_state: Any = None, **kwargs: Any) -> np.ndarray:  # noqa: N803
        for row in X:
            if (many := np.count_nonzero(row)) > self.most:
                row[random_state.permutation(np.flatnonzero(row))[: many - self.most]] = False
        return X


def evolve(
    values: Values,
    parts: int,
    limits: Limits,
    worlds: int = WORLDS,
    size: int = SIZE,
    generations: int = GENERATIONS,
    seed: int = 0,
    told: Callable[[int], None] = lambda generation: None,
) -> Archive:
    """Search among the sets of some parts.

    Parameters
    ----------
    values : callable
        What sets bring (`Values`).
    parts : int
        How many there are to choose from.
    limits : Limits
        What a set may be.
    worlds, size, generations : int
        How many worlds every set meets, how many sets a generation has, and how many generations follow the first, which has every
        part alone, all of them and none.
    seed : int
        Of the search's own random numbers.
    told : callable
        Called with the number of each generation before it is tried.

    Returns
    -------
    Archive
        All sets that were tried.
    """
    problem = Problem(n_var=parts, n_obj=3, n_ieq_constr=2, xl=0, xu=1, vtype=bool)
    first = np.vstack([np.zeros((1, parts), bool), np.eye(parts, dtype=bool), np.ones((1, parts), bool)])
    most = parts if limits.most is None else limits.most
    first = first[first.sum(axis=1) <= most]
    algorithm = NSGA2(
        pop_size=max(KEPT, len(first)), n_offsprings=size, sampling=first, crossover=UniformCrossover(),
        mutation=BitflipMutation(), repair=_Smaller(most), eliminate_duplicates=True,
    )  # fmt: skip
    algorithm.setup(problem, termination=("n_gen", generations + 1), seed=seed)
    known: dict[int, np.ndarray] = {}
    for generation in range(generations + 1):
        told(generation)
        if (population := algorithm.ask()) is None:  # every set of few parts was tried
            break
        sets = [_number(x) for x in population.get("X")]
        if new := list(dict.fromkeys(s for s in sets if s not in known)):
            means = values(new, range(worlds)).mean(axis=1)
            known |= dict(zip(new, means, strict=True))
        access, money = np.array([known[s] for s in sets]).T
        count = np.array([s.bit_count() for s in sets])
        over = np.column_stack([count - most, money - (np.inf if limits.budget is None else limits.budget)])
        static = StaticProblem(
            problem, F=np.column_stack([-access, money, count]), G=np.where(np.isfinite(over), over, -1.0)
        )
        Evaluator().eval(static, population)
        algorithm.tell(infills=population)
    found = np.array(list(known.values()))
    return Archive(list(known), found[:, 0], found[:, 1])


def polish(
    values: Values, archive: Archive, parts: int, limits: Limits, worlds: int = WORLDS, rounds: int = ROUNDS
) -> Archive:
    """The archive with the neighbours of its best set: each part taken out, and every other one added to the best of what is left.

    It finds what an evolution may miss: a part that is worth nothing alone, and much beside those of the best set. Ends when the best set
    stays the best. The parameters are those of `evolve`.
    """
    for _ in range(rounds):
        if not (best := archive.best(limits, 1)):
            return archive
        archive = _with(archive, values, [best[0] & ~(1 << i) for i in members(best[0])], worlds)
        bases = best if limits.most is None or best[0].bit_count() < limits.most else []
        if (limits.budget is not None or not bases) and members(best[0]):  # a place, or money, for another part
            bases = [*bases, max((best[0] & ~(1 << i) for i in members(best[0])), key=archive.worth)]
        archive = _with(archive, values, [b | 1 << i for b in bases for i in range(parts)], worlds)
        if archive.best(limits, 1) == best:
            return archive
    return archive


def _with(archive: Archive, values: Values, sets: Sequence[int], worlds: int) -> Archive:
    """The archive with further sets."""
    new = list(dict.fromkeys(s for s in sets if s not in archive.sets))
    if not new:
        return archive
    access, money = values(new, range(worlds)).mean(axis=1).T
    return Archive([*archive.sets, *new], np.append(archive.access, access), np.append(archive.money, money))


def _number(row: np.ndarray) -> int:
    """A set as a whole number."""
    return sum(1 << int(i) for i in np.flatnonzero(row))


def members(number: int) -> list[int]:
    """Which parts a set has."""
    return [i for i in range(number.bit_length()) if number >> i & 1]
