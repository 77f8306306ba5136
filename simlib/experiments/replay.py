"""What is sealed, and the same made anew: digits of a difference or a ledger, straight from the model."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd

from simlib.experiments.attribution.attribute import attribute
from simlib.experiments.attribution.ledger import Ledger
from simlib.experiments.run import Effect, Result, compare, simulate
from simlib.experiments.seals import Asked, Digits, Seal, seal
from simlib.outcomes.groups import Key
from simlib.scenario.derived import with_world

DIFFERENCE, SCENARIO, BASELINE = (
    "difference",
    "scenario",
    "baseline",
)  # lines; those of a ledger bear the names of its parts
BOUNDS = ("value", "low", "high")


def digits_of(effect: Effect, key: Key) -> Digits:
    """One indicator of a comparison: the difference, and either side by itself."""
    sides = {SCENARIO: _laid_out(effect.result), BASELINE: _laid_out(effect.baseline)}
    told = {DIFFERENCE: compare(*sides.values()).value(*key)[["difference", "low", "high"]]}
    told |= {name: result.value(*key)[["mean", "low", "high"]] for name, result in sides.items()}
    return {line: _numbers(BOUNDS, row) for line, row in told.items()}


def _laid_out(result: Result) -> Result:
    """The same run with its numbers in one order in memory, on which the last bit of a sum may depend."""
    values = result.values
    frame = pd.DataFrame(np.array(values.to_numpy(float), order="C"), values.index, values.columns, copy=False)
    return replace(result, values=frame)


def digits_of_ledger(found: Ledger) -> Digits:
    """The whole difference of a ledger, and each of its parts."""
    rows = found.table().to_dict("records")
    lines = {DIFFERENCE: _numbers(BOUNDS, found.difference())}
    names = ("worth", "low", "high", "alone", "last")
    return lines | {r["part"]: _numbers((BOUNDS[0], *names[1:]), [r[n] for n in names]) for r in rows}


def _numbers(names: tuple[str, ...], values: object) -> dict[str, float | None]:
    return {name: float(x) if x == x else None for name, x in zip(names, values, strict=True)}


def seal_ledger(found: Ledger, asked: Asked, seconds: float) -> Seal:
    """The seal of a ledger that took so many seconds, runs that it found not counted."""
    runs, sides = found.runs, (found.game.scenario, found.game.baseline)
    return seal(asked, sides, digits_of_ledger(found), seconds, runs.made, sum(map(len, runs.known.values())))


def seal_effect(effect: Effect, asked: Asked) -> Seal:
    """The seal of one indicator of a comparison."""
    results = (effect.result, effect.baseline)
    runs = sum(r.values.shape[1] for r in results)
    seconds = sum(r.seconds for r in results)
    return seal(asked, [r.scenario for r in results], digits_of(effect, asked.key), seconds, runs, runs)


def replay(found: Seal, workers: int | None = None, progress: bool = True) -> tuple[Digits, float]:
    """Make a sealed result anew.

    Parameters
    ----------
    found : Seal
        The seal.
    workers : int, optional
        Number of processes; all cores if left out. The digits do not depend on it.
    progress : bool
        Show a bar.

    Returns
    -------
    digits : dict
        As `Seal.digits`, from runs that were made for it: none that is stored is read.
    seconds : float
        How long it took.
    """
    asked, start = found.asked, time.monotonic()
    sides = [r.scenario() for r in (asked.scenario, asked.baseline)]
    if asked.shares is not None:
        shares = asked.shares.model_dump()
        ledger = attribute(*sides, **shares, key=asked.key, world=asked.world, workers=workers, progress=progress)
        return digits_of_ledger(ledger), time.monotonic() - start
    sides = [with_world(s, asked.world) for s in sides]
    results = [simulate(s, asked.replications, workers, progress) for s in sides]
    return digits_of(compare(*results), asked.key), time.monotonic() - start


def unlike(sealed: Digits, now: Digits) -> list[tuple[str, str, float | None, float | None]]:
    """(line, number, as sealed, as made anew) of every number that is not the same to the last bit."""
    return [
        (line, name, x, now.get(line, {}).get(name))
        for line, numbers in sealed.items()
        for name, x in numbers.items()
        if bits(x) != bits(now.get(line, {}).get(name))
    ]


def bits(x: float | None) -> str:
    """A number to its last bit; "" for none."""
    return "" if x is None else float(x).hex()
