"""The best few clauses: which part of a rulebook brings most, under a limit on how many rules there are or on what they cost.

Three kinds of worlds, none of them used twice: some in which sets are searched (`subsets`), fresh ones in which the sets that seem best
are told apart (`selection`), and fresh ones again in which what is called best, and the sets that nothing beats, are measured. The
searched value of the best of hundreds of sets is too good; the last one is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.core.registry import provided
from simlib.experiments.attribution.coalitions import Coalitions, Each, folder_of, of_one
from simlib.experiments.attribution.parts import Game, game
from simlib.experiments.discovery import subsets
from simlib.experiments.discovery.selection import select
from simlib.experiments.discovery.subsets import Archive, Limits, evolve, members, polish
from simlib.experiments.intervals import interval
from simlib.experiments.run import ready
from simlib.experiments.study import LEVEL, MAIN
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import Key
from simlib.scenario.derived import with_world
from simlib.scenario.scenario import Scenario

MONEY: Key = ("fund_million", "all", "all")
FINALISTS = 8  # sets that are told apart on fresh worlds
SELECTING = 64  # fresh worlds for that, at most
FRESH = 64  # worlds again, in which the best and the front are measured
FRONT = 12  # sets of the front that are measured
COLUMNS = [
    "set", "parts", "believed", "access", "low", "high", "money", "money_low", "money_high", "best", "alike", "front",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Search:
    """The best few parts of a rulebook.

    Attributes
    ----------
    game : Game
        The two scenarios and the parts in which they differ.
    key, money : tuple
        (indicator, by, group) of what a set brings, and of what it costs; by "year" and of "all" where all years of the run were added up.
    limits : Limits
        How many parts, and what cost, were allowed.
    table : DataFrame
        One row a set (COLUMNS), the best first, then by size: set, the names of its parts, with commas; parts, how many;
        believed, what the search believed of its gain over the baseline, too good for sets chosen by it; access, the gain on fresh worlds with
        its 95% interval (low, high), and money, the cost likewise, both over the baseline and in the unit of their indicators; best, whether it
        is the one that was chosen; alike, whether it could not be told from that; front, whether it is allowed and no other one here is at
        least as good, cheap and small, and better in one. All parts together have a row, too.
    tried : int
        How many sets the search tried.
    worlds : tuple of int
        How many worlds were for searching, for telling apart, and for measuring.
    """

    game: Game
    key: Key
    money: Key
    limits: Limits
    table: pd.DataFrame
    tried: int
    worlds: tuple[int, int, int]

    @property
    def best(self) -> pd.Series:
        """The row of the set that was chosen."""
        return self.table[self.table["best"]].iloc[0]

    @property
    def whole(self) -> pd.Series:
        """The row of all parts together."""
        return self.table[self.table["parts"] == len(self.game.parts)].iloc[0]

    def plot(self, language: str = "en") -> Any:
        """Draw what sets bring and cost.

        Parameters
        ----------
        language : {"en", "zh"}
            Language of the labels.

        Returns
        -------
        matplotlib.figure.Figure
            The figure of `simlib.frontier`.
        """
        return provided("Search.plot")(self, language)

    def parts_of(self, row: pd.Series | dict) -> list[str]:
        """The names of the parts of a row's set."""
        return row["set"].split(",") if row["set"] else []


def search(
    scenario: Scenario,
    baseline: Scenario,
    most: int | None = 5,
    budget: float | None = None,
    by: str = "clause",
    key: Key = (MAIN, *LEVEL),
    money: Key = MONEY,
    world: str = "fitted",
    generations: int = subsets.GENERATIONS,
    fresh: int = FRESH,
    folder: Path | None = None,
    each: Each | None = None,
    workers: int | None = None,
    progress: bool = True,
) -> Search:
    """Find the best few parts of a rulebook.

    Parameters
    ----------
    scenario, baseline : Scenario
        The whole rulebook, and what stands without it; they differ in rules alone.
    most : int, optional
        How many parts a set may have; any number if None.
    budget : float, optional
        What it may cost on average over the baseline, in the unit of `money`; anything if None.
    by : {"clause", "article", "document"}
        What a part is.
    key, money : tuple
        (indicator, by, group) of what a set brings and costs.
    world : {"middle", "assumed", "fitted"}
        Where assumed numbers come from.
    generations : int
        Of the search.
    fresh : int
        Worlds in which the result is measured.
    folder : Path, optional
        Where runs are kept, so that a search that was broken off goes on; they are those of `simlib.attribute`.
    each : callable, optional
        What makes the indicators of one replication.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show a bar.

    Returns
    -------
    Search
        The best set, the front, and what all parts bring together.

    Raises
    ------
    InputError
        If the two differ in more than rules, or in none; if no set is allowed, or an indicator is not defined in every world.
    """
    played = game(*(with_world(s, world) for s in (scenario, baseline)), by)
    limits = Limits(most, budget)
    if most is not None and most < 1:
        raise InputError(f"most: expected a whole number from 1 on (given: {most!r})")
    runs = Coalitions(played, folder_of(folder, played) if folder else None, each or of_one)
    expected = subsets.WORLDS * (len(played.parts) + generations * subsets.SIZE) + FINALISTS * SELECTING + FRONT * fresh
    workers = ready(played.scenario, expected, workers, progress)
    with tqdm(total=0, desc="search", unit="run", disable=not progress, leave=False, mininterval=1) as bar:
        return _Searching(runs, limits, key, money, workers, bar).found(generations, fresh)


class _Searching:
    """One search in progress."""

    def __init__(self, runs: Coalitions, limits: Limits, key: Key, money: Key, workers: int, bar: tqdm) -> None:
        self.runs, self.limits, self.workers, self.bar = runs, limits, workers, bar
        self.key, self.money = key, money
        self.sign = 1.0 if INDICATORS[key[0]].better == "more" else -1.0

    def found(self, generations: int, fresh: int) -> Search:
        """Search, choose, and measure."""
        game, n = self.runs.game, len(self.runs.game.parts)
        archive = evolve(self.values, n, self.limits, generations=generations, seed=game.scenario.seed, told=self._say)
        archive = polish(self.values, archive, n, self.limits)
        finalists = archive.best(self.limits, FINALISTS if self.limits.budget is None else 2 * FINALISTS)
        if not finalists:
            raise InputError(f"no set of {n} parts costs no more than {self.limits.budget:g}, not even none of them")
        first = subsets.WORLDS
        chosen = select(self.values, finalists, first, SELECTING, self.limits.budget)
        first += SELECTING
        shown = list(dict.fromkeys([chosen.best, *chosen.alike, *archive.front(self.limits, FRONT), game.all]))
        table = self._measured(shown, range(first, first + fresh), archive, chosen.best, chosen.alike)
        money = self.money if self._years() == [self.money] else (self.money[0], "year", "all")
        return Search(
            game, self.key, money, self.limits, table, len(archive.sets), (subsets.WORLDS, chosen.worlds, fresh)
        )

    def values(self, sets: Sequence[int], worlds: Iterable[int]) -> np.ndarray:
        """What sets bring and cost over the baseline in some worlds (`subsets.Values`)."""
        worlds, out = list(worlds), []
        self.runs.run({k: [0, *sets] for k in worlds}, self.workers, self.bar)
        for k in worlds:
            found = self.runs.values(k, [self.key, *self._years()], [0, *sets])
            rows = np.array([found[s] for s in sets]) - found[0]
            out.append(np.column_stack([self.sign * rows[:, 0], rows[:, 1:].sum(axis=1)]))
            if not np.isfinite(out[-1]).all():
                raise InputError(
                    f"{self.key[0]} or {self.money[0]} is not defined in every world; take indicators that are"
                )
        return np.array(out).transpose(1, 0, 2)

    def _years(self) -> list[Key]:
        """What is added up to what a set costs: an indicator that is counted by year stands for all years of the run together."""
        name, by, _ = self.money
        years = [k for k in self.runs.places if k[0] == name and k[1] == "year"]
        return years if by == "all" and self.money not in self.runs.places and years else [self.money]

    def _say(self, generation: int) -> None:
        self.bar.set_description(f"search, generation {generation}")

    def _measured(
        self, sets: Sequence[int], worlds: range, archive: Archive, best: int, alike: Sequence[int]
    ) -> pd.DataFrame:
        """COLUMNS of some sets, measured on fresh worlds."""
        self.bar.set_description("search, fresh worlds")
        fresh, names = self.values(sets, worlds), [p.name for p in self.runs.game.parts]
        believed = dict(zip(archive.sets, archive.access, strict=True))
        rows = []
        for s, x in zip(sets, fresh, strict=True):
            mean, *ends = self.sign * np.array(interval(x[:, 0]))
            low, high = sorted(ends)
            rows.append([
                ",".join(names[i] for i in members(s)), s.bit_count(), self.sign * believed.get(s, np.nan), mean, low, high,
                *interval(x[:, 1]), s == best, s in alike,
            ])  # fmt: skip
        table = pd.DataFrame(rows, columns=COLUMNS[:-1])
        last = table["parts"] == len(names)
        allowed = self.limits.allows(table["parts"].to_numpy(), table["money"].to_numpy())
        table["front"] = _unbeaten(self.sign * table["access"], table["money"], table["parts"]) & allowed
        order = np.lexsort((-self.sign * table["access"], table["parts"], last, ~table["best"]))
        return table.iloc[order].reset_index(drop=True)


def _unbeaten(access: pd.Series, money: pd.Series, parts: pd.Series) -> np.ndarray:
    """Which sets no other one of the table beats in all three (bool)."""
    f = np.column_stack([-access, money, parts])
    beaten = ((f[:, None] >= f[None]).all(axis=2) & (f[:, None] > f[None]).any(axis=2)).any(axis=1)
    return ~beaten
