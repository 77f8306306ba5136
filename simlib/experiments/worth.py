"""What it would be worth to know an assumed number before deciding between rulebooks: the value of information.

Whoever has to choose takes the rulebook that is best on average over plausible worlds. If a number became known, another one might
turn out best; what that is worth on average is its expected value of partial perfect information (EVPPI), in the unit of the answer.
Each rulebook's mean as a function of one number is a smooth regression on worlds of one history each, so that luck is averaged out: the
largest of noisy means is never taken. What it would be worth to know all numbers that matter together (EVPI) is the same on an
emulator of several of them; it is no more than that emulator can tell.

Sources: Strong, Oakley and Brennan (2014), Medical Decision Making 34(3):311-326, doi:10.1177/0272989X13505910; Raiffa and Schlaifer
(1961), Applied Statistical Decision Theory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from sklearn.preprocessing import SplineTransformer

from simlib.core.files import InputError
from simlib.experiments.emulator import fit_emulator
from simlib.experiments.hinge import TOLD, idle, numbers_in
from simlib.experiments.run import simulate
from simlib.experiments.simultaneous import compare_all
from simlib.experiments.study import LEVEL, MAIN
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import Key
from simlib.scenario.derived import with_world
from simlib.scenario.scenario import Scenario

WORLDS = 512
KNOTS = 5  # of a regression on one number
FEW = 6  # values of a number that is not smoothed over
SURE = 20  # numbers whose value is given with an interval
RESAMPLED = 200
COLUMNS = ["path", "value", "low", "high", "turns", "chance", "rank"]
SHUFFLED = 10_000  # orders of a number that tell what one that does nothing would seem to be worth


@dataclass(frozen=True, eq=False)
class Worth:
    """What knowing an assumed number is worth for a choice.

    Attributes
    ----------
    key : tuple
        (indicator, by, group) by which rulebooks are judged.
    names : list of str
        The choices, the best on average first.
    means : ndarray
        float64, their means over worlds.
    best_in : ndarray
        float64, in what share of worlds the emulator expects each to be best.
    everything : float
        What it would be worth to know all numbers that the emulator uses, in the unit of the indicator.
    table : DataFrame
        One row for each number (COLUMNS), the one most worth knowing first: value, with 95% of bootstrap draws (low, high; NaN for
        numbers beyond the first 20), turns, how likely it is that another choice would turn out best, and chance, how likely it is that
        the largest of as many numbers that do nothing would seem worth as much.
    worlds : int
        How many worlds were run.
    idle : frozenset of str
        Paths of numbers that seem worth knowing and change no choice's gain when they alone are moved from end to end of their range.
    """

    key: Key
    names: list[str]
    means: np.ndarray
    best_in: np.ndarray
    everything: float
    table: pd.DataFrame
    worlds: int
    idle: frozenset[str] = frozenset()

    @property
    def told(self) -> pd.DataFrame:
        """The rows of `table` that are told from chance, of numbers that act."""
        t = self.table
        return t[(t["chance"] <= TOLD) & (t["value"] > 0) & ~t["path"].isin(self.idle)]


def worth(
    choices: Mapping[str, Scenario],
    world: str = "fitted",
    worlds: int = WORLDS,
    key: Key = (MAIN, *LEVEL),
    workers: int | None = None,
    progress: bool = True,
) -> Worth:
    """What it would be worth to know each assumed number before choosing.

    Parameters
    ----------
    choices : mapping of str to Scenario
        Two or more scenarios, by name, that could be chosen; in the same worlds and with the same luck.
    world : {"fitted", "assumed"}
        Whether numbers are drawn as the calibration fitted them, or from all of their ranges.
    worlds : int
        How many; one history of each choice.
    key : tuple
        (indicator, by, group) by which they are judged; less is better where the data dictionary says so.
    workers : int, optional
        Number of processes; all cores if left out. The result does not depend on it.
    progress : bool
        Show bars.

    Returns
    -------
    Worth
        Which number is most worth knowing.

    Raises
    ------
    InputError
        If there are fewer than two choices, numbers are not drawn, or some world does not define the indicator.
    """
    if len(choices) < 2 or world == "middle":
        raise InputError("worth: needs two scenarios or more, and worlds that differ (fitted or assumed)")
    sides = {name: with_world(s, world) for name, s in choices.items()}
    results = {name: simulate(s, worlds, workers, progress) for name, s in sides.items()}
    compare_all(results, list(results))
    values = []
    for name, result in results.items():
        row = result.values.loc[key].to_numpy(float) if key in result.values.index else np.array([np.nan])
        if not np.isfinite(row).all():
            raise InputError(f"{name}: {key[0]} by {key[1]} {key[2]} is not defined in every world")
        values.append(row)
    sign = 1.0 if INDICATORS[key[0]].better == "more" else -1.0
    found = judged(numbers_in(next(iter(sides.values())), worlds), sign * np.array(values), list(choices), key, sign)
    best, *others = (sides[name] for name in found.names)
    return replace(found, idle=idle([[s, best] for s in others], list(found.told["path"]), key, workers))


def judged(numbers: pd.DataFrame, utility: np.ndarray, names: Sequence[str], key: Key, sign: float = 1.0) -> Worth:
    """The value of information from a world table.

    numbers: a row a world. utility: what each choice gives there, the more the better, one history each (float64 (choices, worlds)).
    """
    order = np.argsort(-utility.mean(axis=1), kind="stable")
    utility, names = utility[order], [names[i] for i in order]
    gains = utility[1:] - utility[0]  # over what is best on average: luck that all share is gone
    found = [evppi(column, gains) for column in numbers.to_numpy(float).T]
    table = pd.DataFrame({"path": numbers.columns, "value": [v for v, _ in found], "turns": [t for _, t in found]})
    table = table.sort_values(["value", "path"], ascending=[False, True], ignore_index=True)
    table["low"], table["high"] = _bounds(table, numbers, gains)
    table["chance"] = _by_chance(table["value"].to_numpy(), gains)
    table["rank"] = np.arange(1, len(table) + 1)
    everything, best_in = _all(numbers, gains)
    return Worth(
        key,
        names,
        sign * utility.mean(axis=1),
        best_in,
        max(everything, float(table["value"].max())),
        table[COLUMNS],
        len(numbers),
    )


def evppi(number: np.ndarray, gains: np.ndarray) -> tuple[float, float]:
    """(EVPPI, chance that another choice turns out best) of one number.

    number: float64 (worlds,). gains: of each other choice over the one that is best on average (float64 (choices - 1, worlds)).
    """
    return _gain(_smooth(_basis(number), gains))


def _gain(expected: np.ndarray) -> tuple[float, float]:
    """What choosing by expected gains is worth over taking what is best on average, and how often it is another choice.

    expected: float64 (choices - 1, worlds); the choice that is best on average gains nothing over itself.
    """
    best = np.maximum(expected.max(axis=0), 0.0)
    return max(float(best.mean() - max(expected.mean(axis=1).max(), 0.0)), 0.0), float(
        (expected.max(axis=0) > 0).mean()
    )


def _basis(number: np.ndarray) -> np.ndarray:
    """What a mean given a number is made of (float64 (worlds, functions)): its values where it has few, else a cubic spline."""
    levels = np.unique(number)
    if len(levels) <= FEW:
        return (number[:, None] == levels).astype(float)
    knots = np.unique(np.quantile(number, np.linspace(0, 1, KNOTS)))
    return SplineTransformer(knots=knots[:, None], include_bias=True).fit_transform(number[:, None])


def _smooth(basis: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """The mean of each gain given the number, at each world, by least squares (float64 (choices - 1, worlds))."""
    return (basis @ np.linalg.lstsq(basis, gains.T, rcond=None)[0]).T


def _bounds(table: pd.DataFrame, numbers: pd.DataFrame, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95% of bootstrap draws over worlds of the first numbers' values; NaN for the others."""
    low, high = np.full((2, len(table)), np.nan)
    rng = np.random.default_rng(0)
    rows = rng.integers(0, gains.shape[1], (RESAMPLED, gains.shape[1]))
    for i, path in enumerate(table["path"].head(SURE)):
        basis = _basis(numbers[path].to_numpy(float))
        drawn = [_gain(_smooth(basis[r], gains[:, r]))[0] for r in rows]
        low[i], high[i] = np.quantile(drawn, [0.025, 0.975])
    return low, high


def _by_chance(values: np.ndarray, gains: np.ndarray) -> np.ndarray:
    """How likely it is that the largest value of as many numbers that do nothing is as large as each of these (float64)."""
    if not values.max() > 0:
        return np.ones(len(values))
    rng, worlds = np.random.default_rng(0), gains.shape[1]
    span = np.linalg.qr(_basis(np.arange(worlds, dtype=float)))[0]
    orders = (gains[:, rng.permutation(worlds)] for _ in range(SHUFFLED))
    found = np.sort([_gain((g @ span) @ span.T)[0] for g in orders])
    as_large = (1 + len(found) - np.searchsorted(found, values, side="left")) / (1 + len(found))
    return 1.0 - (1.0 - as_large) ** len(values)


def _all(numbers: pd.DataFrame, gains: np.ndarray) -> tuple[float, np.ndarray]:
    """(what it is worth to know all numbers that matter, share of worlds in which each choice is best), by an emulator."""
    x = numbers.to_numpy(float)
    unit = (x - x.min(axis=0)) / np.ptp(x, axis=0)
    expected = np.array([fit_emulator(unit, g).mean(unit) for g in gains])
    chosen = np.vstack([np.zeros(expected.shape[1]), expected]).argmax(axis=0)
    return _gain(expected)[0], np.bincount(chosen, minlength=len(gains) + 1) / len(chosen)
