"""Which clause did it: the difference of two scenarios, shared out among the clauses in which their policies differ.

Every history of a world walks along one random order of the parts and back along its reverse, on one and the same luck, so that
what a part adds is never mixed up with luck between runs. In further worlds the walk leads along the most important parts alone,
and one way: worlds differ by more than orders do, so that another world tells more than the way back. There are as many of them
as it takes to make the widest of the intervals narrow enough. With few parts every coalition is run, and no order is left to
chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.experiments.attribution.coalitions import Coalitions, Each, folder_of, of_one
from simlib.experiments.attribution.estimates import shares
from simlib.experiments.attribution.ledger import Ledger
from simlib.experiments.attribution.orders import alone_and_last, around, crossing, order
from simlib.experiments.attribution.parts import Game, game
from simlib.experiments.attribution.walks import Walk, Walks
from simlib.experiments.precision import needed
from simlib.experiments.run import ready
from simlib.experiments.study import LEVEL, MAIN
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import Key
from simlib.scenario.derived import with_world
from simlib.scenario.drawn import AGAIN
from simlib.scenario.scenario import Scenario

FEW = 8  # parts up to which every coalition is run
WORLDS, MOST = 8, 96  # worlds that are walked along every part, and all of them at most
TOP = 6  # parts whose intervals are made narrow
EDGES = 4  # worlds in which each part stands alone, and is taken out last
PAIRED, CONTEXTS = 5, 8  # parts of which every two are looked at together, and in how many worlds
WITHIN = 0.6  # percentage points
TWENTIETH = 20  # part of the difference that is precise enough for other units
AT_LEAST = 2  # worlds that are added at once
TWICE = 1 / 2  # part of the first worlds that have two histories, to measure luck


@dataclass(frozen=True)
class Plan:
    """How much is run. within: half width that the top parts' intervals are to have, in the unit of the indicator."""

    key: Key
    within: float
    top: int
    worlds: int
    most: int
    edges: int
    exactly: bool
    together: bool


def attribute(
    scenario: Scenario,
    baseline: Scenario,
    by: str = "clause",
    together: bool = False,
    exactly: bool | None = None,
    key: Key = (MAIN, *LEVEL),
    within: float | None = None,
    world: str = "fitted",
    worlds: int = WORLDS,
    most: int = MOST,
    top: int = TOP,
    edges: int = EDGES,
    folder: Path | None = None,
    workers: int | None = None,
    progress: bool = True,
    each: Each | None = None,
) -> Ledger:
    """Share out the difference of two scenarios among the clauses in which their policies differ.

    Parameters
    ----------
    scenario, baseline : Scenario
        The two; they differ in rules alone. What is shared out is scenario minus baseline.
    by : {"clause", "article", "document"}
        What a part is.
    together : bool
        Keep the parts of a document together in every order (Owen's values), so that they add up to what the document is
        worth among documents. Otherwise clauses of all documents come in any order (Shapley's values).
    exactly : bool, optional
        Run every coalition of parts in every world; if left out, where there are at most 8 parts.
    key : tuple
        (indicator, by, group) by which the most important parts are told and the precision is judged. All other indicators
        are measured, too.
    within : float, optional
        Half width of the 95% interval that each of the `top` parts is to have, in the unit in which the indicator is printed
        (percentage points for a share); if left out 0.6 points, or for other units a twentieth of the difference.
    world : {"fitted", "assumed", "middle"}
        Whether each history has assumed numbers of its own, as in `simlib.simulate`.
    worlds, most : int
        How many worlds are walked along every part (at least 4), and how many at most for the top parts.
    top : int
        How many parts are measured with that precision.
    edges : int
        In how many worlds each part is also seen alone, and taken out last.
    folder : Path, optional
        Where runs are kept, and found when the attribution is asked for again or was broken off.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.
    each : callable, optional
        What makes the indicators of one replication, called with the scenario and the replication's number.

    Returns
    -------
    Ledger
        The parts and what each is worth.

    Raises
    ------
    InputError
        If the two differ in more than rules, or in none; if one is not made of its rules alone; if there are too many parts to
        take exactly.

    Notes
    -----
    What is taken out is the text: hospitals obey the rest as before. A part's worth is its Shapley value: what it adds on average
    over all orders in which the parts might have come.
    """
    sides = [with_world(s, world) for s in (scenario, baseline)]
    played = game(*sides, by)
    n = len(played.parts)
    plan = Plan(
        key, _within(key, within), min(top, n), worlds, max(most, worlds), edges, n <= FEW if exactly is None else exactly,
        together and by != "document",
    )  # fmt: skip
    _check(plan, n)
    runs = Coalitions(played, folder_of(folder, played) if folder else None, each or of_one)
    with tqdm(total=0, desc="attribution", unit="run", disable=not progress, leave=False, mininterval=1) as bar:
        return Attribution(played, plan, runs, ready(sides[0], _expected(plan, n), workers, progress), bar).ledger()


def _within(key: Key, within: float | None) -> float:
    """The half width in the indicator's own unit: 1 for 100 percentage points."""
    share = INDICATORS[key[0]].is_share
    if within is None:
        return WITHIN / 100 if share else np.nan
    return within / 100 if share else within


def _check(plan: Plan, n: int) -> None:
    if plan.worlds < 4:
        raise InputError(f"worlds: expected a whole number from 4 on (given: {plan.worlds!r})")
    if plan.exactly and n > 14:
        raise InputError(
            f"{n} parts have {2**n} coalitions, too many to run each; leave --exact out, or take --by document"
        )


def _expected(plan: Plan, n: int) -> int:
    """About how many runs there will be."""
    return plan.worlds * (1 << n if plan.exactly else 3 * n)


class Attribution:
    """One attribution in progress: `ledger` carries it out."""

    def __init__(self, played: Game, plan: Plan, runs: Coalitions, workers: int, bar: tqdm) -> None:
        self.game, self.plan, self.runs, self.workers, self.bar = played, plan, runs, workers, bar
        self.n, self.names = len(played.parts), [p.name for p in played.parts]
        self.groups = [p.document for p in played.parts] if plan.together else None
        self.walks = Walks(runs)

    def ledger(self) -> Ledger:
        """Run what is needed, and hand it over."""
        plan = self.plan
        self._make_sure()
        edges = tuple(range(min(plan.edges, plan.worlds)))
        self._walk(range(plan.worlds), None, edges)
        top = self._largest(plan.top)
        reached = self._refine(top)
        edges = tuple(self.walks.worlds) if plan.exactly else edges
        paired = sorted(self._largest(PAIRED))
        return Ledger(
            game=self.game, walks=self.walks, top=tuple(sorted(top)), edges=edges, paired=tuple(paired),
            contexts=self._contexts(paired), key=plan.key, within=self._target(), reached=reached, exactly=plan.exactly,
            together=plan.together,
        )  # fmt: skip

    def _run(self, wanted: Mapping[int, Sequence[int]]) -> None:
        self.runs.run(wanted, self.workers, self.bar)

    def _make_sure(self) -> None:
        """InputError unless all parts together are the scenario, and none of them the baseline, to the last bit."""
        sides = {0: self.game.baseline, self.game.all: self.game.scenario}
        self._run({0: list(sides)})
        for coalition, side in sides.items():
            mine = self.runs.row(self.runs.each(self.game.built(coalition), 0))
            if not np.array_equal(mine, self.runs.known[0][coalition], equal_nan=True):
                raise InputError(f"{side.name}: is more than its clauses, so that they cannot be told apart")

    def _walk(self, worlds: Iterable[int], parts: Sequence[int] | None, edges: Iterable[int] = ()) -> None:
        """Histories of some worlds: along all parts, half of the worlds a second time with other luck and order; or along some.

        edges: worlds in which each part is to be seen alone and last, too.
        """
        worlds = list(worlds)
        drawn = parts is None and self.game.scenario.world != "middle"
        twice = worlds[: ceil(TWICE * len(worlds))] if drawn else []
        some = None if parts is None or self.plan.exactly else tuple(parts)
        new = [Walk(k, self._way(k), some) for k in (*worlds, *(AGAIN + k for k in twice))]
        also = dict.fromkeys(() if self.plan.exactly else edges, alone_and_last(self.n))
        self._run({w.replication: [*w.coalitions(self.n), *also.get(w.replication, ())] for w in new})
        self.walks.made += new

    def _way(self, replication: int) -> tuple[int, ...]:
        key = (self.game.scenario.seed, replication)
        return () if self.plan.exactly else tuple(order(self.names, key, self.groups))

    def _largest(self, many: int) -> list[int]:
        """The parts that are worth most, by size, in the indicator by which precision is judged."""
        value = np.abs(np.nan_to_num(shares(*self.walks.by_world(self.plan.key)).value))
        return np.argsort(-value, kind="stable")[:many].tolist()

    def _refine(self, top: Sequence[int]) -> bool:
        """Further worlds until the intervals of the top parts are narrow enough; whether they are."""
        while True:
            steps, whole = self.walks.by_world(self.plan.key)
            half, have = shares(steps, whole).half, len(steps)
            if (half[list(top)] <= self._target()).all():
                return True
            if have >= self.plan.most:
                return False
            sd = np.nanstd(steps[:, list(top)], axis=0, ddof=1)
            goal = needed(float(np.nanmax(sd)), self._target(), have + AT_LEAST, self.plan.most)
            self._walk(range(have, min(goal, 2 * have)), top)

    def _target(self) -> float:
        if np.isfinite(self.plan.within):
            return self.plan.within
        return abs(float(np.nanmean(self.walks.by_world(self.plan.key)[1]))) / TWENTIETH

    def _contexts(self, among: Sequence[int]) -> tuple[tuple[int, int], ...]:
        """(replication, coalition) around which some parts are run two by two; none where every coalition was."""
        if self.plan.exactly:
            return ()
        worlds = range(min(CONTEXTS, self.plan.worlds))
        found = tuple((k, crossing(self.names, (self.game.scenario.seed, k))) for k in worlds)
        self._run({k: around(c, among) for k, c in found})
        return found
