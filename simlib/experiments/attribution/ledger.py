"""The ledger of a difference: what each part is worth, alone, last and on average, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from simlib.core.files import InputError, one_of
from simlib.core.registry import provided
from simlib.experiments.attribution.coalitions import Coalitions
from simlib.experiments.attribution.estimates import RANGE, luck_of, mean_of, shares, worlds_of
from simlib.experiments.attribution.orders import alone_and_last, exact_interaction, interaction
from simlib.experiments.attribution.parts import Game
from simlib.experiments.attribution.walks import Walks, mean
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import Key

COLUMNS = [
    "part", "document", "clauses", "levers", "worth", "low", "high", "luck_sd", "worlds_sd", "worlds_low", "worlds_high",
    "alone", "alone_low", "alone_high", "last", "last_low", "last_high", "moved", "worlds", "rank",
]  # fmt: skip
PAIR_COLUMNS = ["first", "second", "together", "low", "high", "histories"]


@dataclass(frozen=True, eq=False)
class Ledger:
    """What an attribution found.

    Attributes
    ----------
    game : Game
        The two scenarios, and the parts in which their policies differ.
    walks : Walks
        The histories, and what each part added in them.
    top : tuple of int
        The parts that were measured in more worlds than the rest.
    edges : tuple of int
        Worlds in which each part was seen alone, and taken out last.
    paired : tuple of int
        Parts that were seen two by two.
    contexts : tuple of (int, int)
        (replication, coalition) around which they were; empty where every coalition was run.
    key : tuple
        (indicator, by, group) by which the top parts were told.
    within : float
        Half width that their intervals were to have, in the unit of the indicator; reached: whether they have.
    exactly : bool
        Whether every coalition was run.
    together : bool
        Whether the parts of a document stayed together in every order (Owen's values).
    """

    game: Game
    walks: Walks
    top: tuple[int, ...]
    edges: tuple[int, ...]
    paired: tuple[int, ...]
    contexts: tuple[tuple[int, int], ...]
    key: Key
    within: float
    reached: bool
    exactly: bool
    together: bool

    @property
    def runs(self) -> Coalitions:
        """All runs, by replication and coalition."""
        return self.walks.runs

    @property
    def names(self) -> list[str]:
        """The parts, in the order of the stack."""
        return [p.name for p in self.game.parts]

    def table(self, indicator: str | None = None, by: str = "all", group: str = "all") -> pd.DataFrame:
        """What each part is worth.

        Parameters
        ----------
        indicator, by, group : str
            Of what; the indicator by which precision was judged if left out.

        Returns
        -------
        DataFrame
            One row for each part (columns COLUMNS), the one that is worth most first: worth, its Shapley value (Owen's, with
            `together`), with its 95% interval; luck_sd and worlds_sd, the standard deviations of one history's luck and of
            what a part is worth in one world, and worlds_low and worlds_high, between which 90% of the worlds expect it to
            be (NaN unless worlds differ); alone, added to the baseline, and last, lost when it alone is taken out of the
            scenario, each with its interval; moved, whether any run shows it to change any indicator at all; worlds, how many
            tell; rank, by size.

        Notes
        -----
        Values are in the unit of the data dictionary: 1 is 100 percentage points. They add up to `difference`. Intervals
        are Student's t over worlds.
        """
        return self._tables([self._key(indicator, by, group)])[COLUMNS]

    def _tables(self, keys: Sequence[Key]) -> pd.DataFrame:
        """`whole`, which see."""
        steps, wholes, edges = self.walks.single(keys), self.walks.differences(keys), self._edges(keys)
        order = self.walks.by_order(keys)
        found = [
            self._columns(*(x[:, :, k] for x in steps), wholes[:, k], [x[:, :, k] for x in edges], order[:, k])
            for k in range(len(keys))
        ]
        n = len(self.game.parts)
        out = {name: np.repeat([key[i] for key in keys], n) for i, name in enumerate(("indicator", "by", "group"))}
        out["unit"] = np.repeat([INDICATORS[name].unit for name, *_ in keys], n)
        parts = self.game.parts
        told = {
            "part": self.names, "document": [p.document for p in parts], "clauses": [p.clauses for p in parts],
            "levers": [tuple(dict.fromkeys(r.lever for r in p.rules)) for p in parts], "moved": self.moved,
        }  # fmt: skip
        order = np.concatenate([i * n + np.argsort(x["rank"], kind="stable") for i, x in enumerate(found)])
        table = pd.DataFrame(out)
        for name in COLUMNS:
            if name in told:
                table[name] = pd.Series(list(told[name]) * len(keys))
            else:
                table[name] = np.concatenate([x[name] for x in found])
        return table.iloc[order].reset_index(drop=True)

    def _columns(
        self, first: np.ndarray, second: np.ndarray, whole: np.ndarray, edges: Sequence[np.ndarray], order: np.ndarray
    ) -> dict[str, np.ndarray]:
        """The numbers of `table`, part by part: from first and second histories, differences, alone and last, and what the order made."""
        found, luck = shares(mean(first, second), whole), luck_of(first, second)
        worlds = worlds_of(first, luck, order)
        alone, last = (mean_of(x[np.isfinite(x).all(axis=1)]) for x in edges)
        size = np.where(np.isfinite(found.value), np.abs(found.value), -1.0)
        rank = np.empty(len(size), int)
        rank[np.argsort(-size, kind="stable")] = np.arange(1, len(size) + 1)
        return {
            "worth": found.value, "low": found.value - found.half, "high": found.value + found.half,
            "luck_sd": luck, "worlds_sd": worlds,
            "worlds_low": found.value - RANGE * worlds, "worlds_high": found.value + RANGE * worlds,
            "alone": alone.value, "alone_low": alone.value - alone.half, "alone_high": alone.value + alone.half,
            "last": last.value, "last_low": last.value - last.half, "last_high": last.value + last.half,
            "worlds": found.worlds, "rank": rank,
        }  # fmt: skip

    def difference(
        self, indicator: str | None = None, by: str = "all", group: str = "all"
    ) -> tuple[float, float, float]:
        """The whole difference, to which the parts add up: (mean, low, high), the 95% interval over worlds."""
        whole = self.walks.differences([self._key(indicator, by, group)])[:, 0]
        found = mean_of(whole[np.isfinite(whole)][:, None])
        value, half = float(found.value[0]), float(found.half[0])
        return value, value - half, value + half

    def levels(self, indicator: str | None = None, by: str = "all", group: str = "all") -> tuple[float, float]:
        """Means of the baseline and of the scenario, over the same histories as `difference`."""
        key = self._key(indicator, by, group)
        whole = self.walks.differences([key])[:, 0]
        defined = np.isfinite(whole)
        ends = (
            np.array([self.walks.level(key, c)[defined].mean() for c in (0, self.game.all)])
            if defined.any()
            else np.full(2, np.nan)
        )
        return float(ends[0]), float(ends[1])

    def pairs(self, indicator: str | None = None, by: str = "all", group: str = "all") -> pd.DataFrame:
        """How the top parts act on one another.

        Parameters
        ----------
        indicator, by, group : str
            As in `table`.

        Returns
        -------
        DataFrame
            One row for each two of the parts that are worth most (columns PAIR_COLUMNS), the strongest first: together, what
            the two do beyond the sum of what each does by itself, on average over what else may hold (the interaction index of
            Grabisch and Roubens), with its 95% interval. Above 0 they need each other, below 0 each makes the other
            superfluous.
        """
        key = self._key(indicator, by, group)
        rows = []
        for i, j in combinations(self.paired, 2):
            found = mean_of(self._together(i, j, key))
            value, half = float(found.value[0]), float(found.half[0])
            rows.append((self.names[i], self.names[j], value, value - half, value + half, int(found.worlds[0])))
        table = pd.DataFrame(rows, columns=PAIR_COLUMNS)
        return table.sort_values("together", key=np.abs, ascending=False, kind="stable", ignore_index=True)

    @cached_property
    def moved(self) -> np.ndarray:
        """Whether any run shows a part to change any indicator (bool, parts): by it alone two coalitions differ."""
        out = np.zeros(len(self.game.parts), bool)
        for rows in self.runs.known.values():
            for coalition, row in rows.items():
                for i in np.flatnonzero(~out).tolist():
                    if coalition >> i & 1 and (other := rows.get(coalition ^ 1 << i)) is not None:
                        out[i] = not np.array_equal(row, other, equal_nan=True)
        return out

    def keys(self) -> list[Key]:
        """Every indicator and group that some run defines."""
        return self.runs.keys()

    def whole(self, keys: Iterable[Key] | None = None) -> pd.DataFrame:
        """`table` for several indicators (all if left out), one below the other: indicator, by, group, unit before COLUMNS."""
        return self._tables(list(keys or self.keys()))

    def plot(self, language: str = "en") -> Any:
        """Draw the ledger as a waterfall from baseline to scenario.

        Parameters
        ----------
        language : {"en", "zh"}
            Language of the labels.

        Returns
        -------
        matplotlib.figure.Figure
            The figure of `simlib.waterfall`.
        """
        return provided("Ledger.plot")(self, language)

    def _key(self, indicator: str | None, by: str, group: str) -> Key:
        if indicator is None:
            return self.key
        key = (indicator, by, str(group))
        if key not in (known := self.keys()):
            if indicator not in INDICATORS:
                raise InputError(one_of(indicator, list(INDICATORS), "indicator"))
            there = ", ".join(f"{b} {g}" for name, b, g in known if name == indicator)
            raise InputError(f"{indicator}: not measured by {by!r} and group {group!r}; there are: {there or 'none'}")
        return key

    def _edges(self, keys: Sequence[Key]) -> tuple[np.ndarray, np.ndarray]:
        """What each part did alone, and last: float64 (worlds, parts, keys) each."""
        n, whole = len(self.game.parts), self.game.all
        alone, last = (np.full((len(self.edges), n, len(keys)), np.nan) for _ in range(2))
        for row, k in enumerate(self.edges):
            values = self.runs.values(k, keys, alone_and_last(n))
            for i in range(n):
                alone[row, i] = values[1 << i] - values[0]
                last[row, i] = values[whole] - values[whole ^ 1 << i]
        return alone, last

    def _together(self, i: int, j: int, key: Key) -> np.ndarray:
        """What two parts do beyond the sum of both, in each history that was looked at (float64 (histories, 1))."""
        n = len(self.game.parts)
        if self.exactly:
            found = [exact_interaction(n, i, j, self.runs.values(k, [key])) for k in self.walks.worlds]
        else:
            found = [interaction(c, i, j, self.runs.values(k, [key])) for k, c in self.contexts]
        table = np.array(found, float).reshape(len(found), 1)
        return table[np.isfinite(table[:, 0])]
