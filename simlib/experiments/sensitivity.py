"""How far the assumed numbers carry a difference: one at a time to the low and the high end of its range.

Each number is changed in the scenario and in its baseline alike, on the same random numbers, so that what moves is the
difference and not the luck. Two passes keep the time bounded: a screening of every assumed number with few
replications, then the widest ones again with more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from joblib import delayed
from pydantic import ValidationError
from tqdm.auto import tqdm

from simlib.core.files import InputError
from simlib.core.processes import cores, parallel
from simlib.experiments.run import interval
from simlib.model.model import replicate
from simlib.outcomes.groups import Key
from simlib.outcomes.indicators import indicator
from simlib.scenario.derived import with_numbers
from simlib.scenario.drawn import candidates, of_readings, with_number
from simlib.scenario.scenario import Assumption, Scenario

LIMIT = 30
MOVES = 16  # of one scenario, in one task

COLUMNS = (
    "path", "reason", "reason_zh", "value", "low_value", "high_value",
    "effect_base", "base_low", "base_high",
    "effect_low", "low_low", "low_high", "effect_high", "high_low", "high_high",
    "swing", "replications",
)  # fmt: skip


Move = tuple[Assumption | None, float]  # an assumed number, and where it is moved; None: all stay as they are assumed


class Measured:
    """One indicator of moved scenarios, by replication: kept for other comparisons that move the same ones.

    Two comparisons with one baseline share its half of the runs, and a screening's replications are the first of more.
    """

    def __init__(self) -> None:
        self._values: dict[tuple, np.ndarray] = {}

    def values(self, scenario: Scenario, move: Move, key: Key) -> np.ndarray:
        """What is known: float64, one a replication from the first on."""
        return self._values.get(self._place(scenario, move, key), np.empty(0))

    def known(self, scenario: Scenario, move: Move, key: Key) -> int:
        """Number of replications that are known."""
        return len(self.values(scenario, move, key))

    def add(self, scenario: Scenario, move: Move, key: Key, first: int, more: np.ndarray) -> None:
        """Note the values of the replications from `first` on."""
        before = self.values(scenario, move, key)[:first]
        self._values[self._place(scenario, move, key)] = np.concatenate([before, more])

    def _place(self, scenario: Scenario, move: Move, key: Key) -> tuple:
        assumption, number = move
        return scenario.digest(), assumption.path if assumption else "", number, key


def may_move(a: Assumption, scenario: Scenario, indicator: str) -> bool:
    """Whether a number can reach an indicator at all: those of special routes and trials reach only their own.

    Without a pipeline nothing before approval is played, and of what comes after only later indications reach hospitals;
    without medical communities nothing is late in one.
    """
    group, _, name = a.path.partition(".")
    if name == "community_lag":
        return scenario.parameters.committee.community_share > 0
    if group == "routes":
        return indicator.startswith("route_")
    if group == "preapproval":
        if name.startswith("supplement"):
            return indicator == "supplement_days"
        return scenario.cohort.pipeline is not None or name.startswith("indication")
    return True


def moved(scenario: Scenario, assumption: Assumption, number: float) -> Scenario:
    """The scenario with one assumed number replaced, checked like any other; InputError if the number cannot be used."""
    tree = scenario.parameters.model_dump(mode="json", by_alias=True) if assumption.of else {}
    try:
        return with_numbers(scenario, {assumption.path: with_number(tree, assumption, number)})
    except ValidationError as e:
        raise InputError(
            f"{assumption.source}: {assumption.path}: range end {number}: {e.errors()[0]['msg']}"
        ) from None


def moved_alone(scenario: Scenario) -> list[Assumption]:
    """The assumed numbers that have a range; not those that express a reading, which are chosen and not assumed."""
    held = of_readings()
    return [a for a in candidates(scenario) if a.path not in held]


def one_at_a_time(
    scenario: Scenario,
    baseline: Scenario,
    indicator: str = "stocked_24m",
    by: str = "level",
    group: str = "3",
    replications: int = 6,
    workers: int | None = None,
    limit: int = LIMIT,
    paths: Sequence[str] | None = None,
    screen: int = 1,
    progress: bool = True,
    measured: Measured | None = None,
) -> pd.DataFrame:
    """The paired difference of an indicator with each assumed number at its low and its high end.

    paths: the numbers to move (default: the `limit` widest of a screening of all that may move it, with `screen` replications each).
    measured: runs of earlier calls, to which those of this one are added; none is made twice.
    Returns a table (columns COLUMNS) sorted by swing, widest first. Intervals are of luck alone (Student's t); the same
    table for any number of workers.
    """
    known = {a.path: a for a in candidates(scenario)}
    key, pair, measured = (indicator, by, group), (scenario, baseline), measured or Measured()
    chosen = (
        [known[p] for p in paths]
        if paths is not None
        else [a for a in moved_alone(scenario) if may_move(a, scenario, indicator)]
    )
    if paths is None and len(chosen) > limit:
        title = "screening assumptions"
        swings = _swings(_effects(pair, chosen, key, screen, workers, progress, title, measured))
        chosen = sorted(chosen, key=lambda a: (-swings[a.path], a.path))[:limit]
    effects = _effects(pair, chosen, key, replications, workers, progress, "assumptions", measured)
    return _table(chosen, effects, replications)


def _effects(
    pair: tuple[Scenario, Scenario],
    chosen: Sequence[Assumption],
    key: Key,
    replications: int,
    workers: int | None,
    progress: bool,
    title: str,
    measured: Measured,
) -> dict[tuple[str, str], np.ndarray]:
    """Paired differences by replication, by (path, end); ("", "base") holds those at the assumed values."""
    moves: dict[tuple[str, str], Move] = {("", "base"): (None, 0.0)}
    for a in chosen:
        moves |= {(a.path, end): (a, number) for end, number in zip(("low", "high"), a.range, strict=True)}
    due = [(side, m) for m in moves.values() for side in pair if measured.known(side, m, key) < replications]
    bar = tqdm(total=len(due), desc=title, unit="run", disable=not progress, leave=False, mininterval=1)
    tasks = _tasks(pair, due, key, workers or cores(), measured)
    runs = parallel(workers or cores())(delayed(_measure)(side, todo, key, replications) for side, todo in tasks)
    for (side, todo), values in zip(tasks, runs, strict=True):
        for (m, first), more in zip(todo, values, strict=True):
            measured.add(side, m, key, first, more)
        bar.update(len(todo))
    bar.close()
    ours, theirs = ({n: measured.values(side, m, key)[:replications] for n, m in moves.items()} for side in pair)
    return {name: ours[name] - theirs[name] for name in moves}


def _tasks(
    pair: Sequence[Scenario], due: Sequence[tuple[Scenario, Move]], key: Key, workers: int, measured: Measured
) -> list[tuple[Scenario, list[tuple[Move, int]]]]:
    """Moves of one scenario that a worker makes in one go, each with the replications that are known.

    A scenario is large, and handing it over takes as long as a tenth of a small run.
    """
    size = max(1, min(MOVES, len(due) // (8 * workers)))
    tasks = []
    for side in pair:
        own = [(m, measured.known(side, m, key)) for s, m in due if s is side]
        tasks += [(side, own[i : i + size]) for i in range(0, len(own), size)]
    return tasks


def _measure(scenario: Scenario, moves: Sequence[tuple[Move, int]], key: Key, replications: int) -> list[np.ndarray]:
    """One indicator of each replication from a first one on, for each move."""
    made = []
    for (a, number), first in moves:
        world = moved(scenario, a, number) if a else scenario
        made.append(np.array([indicator(replicate(world, i), key) for i in range(first, replications)]))
    return made


def _swings(effects: dict[tuple[str, str], np.ndarray]) -> dict[str, float]:
    """Width of the mean difference between a number's low and high end, by path."""
    means = {name: interval(x)[0] for name, x in effects.items()}
    widths = {path: abs(means[path, "high"] - means[path, "low"]) for path, end in effects if end == "low"}
    return {path: 0.0 if np.isnan(w) else float(w) for path, w in widths.items()}


def _table(chosen: Sequence[Assumption], effects: dict[tuple[str, str], np.ndarray], replications: int) -> pd.DataFrame:
    swings = _swings(effects)
    base = interval(effects["", "base"])
    rows = []
    for a in chosen:
        ends = (*interval(effects[a.path, "low"]), *interval(effects[a.path, "high"]))
        value = number_of(a)
        rows.append(
            (
                a.path,
                a.sentence(),
                a.sentence("zh"),
                value,
                *map(float, a.range),
                *base,
                *ends,
                swings[a.path],
                replications,
            )
        )
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.sort_values(["swing", "path"], ascending=[False, True], ignore_index=True)


def number_of(a: Assumption) -> float:
    """The assumed number itself; of a distribution, the median or mean that the range is about."""
    if not a.of:
        return float(a.value)
    return float(next(v[a.of] for v in a.value.values() if isinstance(v, dict) and a.of in v))
