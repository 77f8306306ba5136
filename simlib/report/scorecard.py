"""Published figures beside the fitted model: what the page of a comparison, the documentation and a terminal say of each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simlib.core.numerals import grouped
from simlib.experiments.scorecard import Score
from simlib.experiments.targets import Figure
from simlib.words import Words
from simlib.words.nodes import Table, table
from simlib.words.values import DASH, number

PLACES = {"days": 0, "yuan": 0, "ratio": 2, "correlation": 2}  # decimals by unit; others have one
SUFFIX = {"%": "%", "ratio": "", "correlation": ""}  # what follows a number; others have a word of their own


def counts(scores: Sequence[Score]) -> dict[str, int]:
    """How many figures there are, used in the fit and not, and how many of each were met.

    near: of the fit, outside by no more than the tolerance. free: published, not in the fit, and such that the model could miss
    them. given: published, but the same in every world, so that they test nothing. expected: no figure was published.
    """
    used_ = [s for s in scores if s.figure.fit]
    others = [s for s in scores if not s.figure.fit and s.verdict != "none"]
    expected = [s for s in others if not s.figure.evidence]
    given = [s for s in others if s.figure.evidence and np.ptp(s.values["fitted"]) == 0]
    free = [s for s in others if s.figure.evidence and np.ptp(s.values["fitted"]) > 0]
    met = lambda those: sum(s.verdict == "met" for s in those)  # noqa: E731
    return {
        "total": len(scores), "used": len(used_), "used_met": met(used_), "near": sum(s.verdict == "near" for s in used_),
        "free": len(free), "free_met": met(free), "given": len(given), "expected": len(expected), "expected_met": met(expected),
    }  # fmt: skip


def scorecard_table(scores: Sequence[Score], w: Words) -> Table:
    """The scorecard for readers of a comparison."""
    head, *rows = scorecard_rows(scores, w)
    return table(head, rows, w.say("gate_scorecard", **counts(scores)), "wrap")


def scorecard_rows(scores: Sequence[Score], w: Words) -> list[list[str]]:
    """A head, then a row for each figure."""
    keys = ("scored_figure", "published_figure", "fitted_figure", "judged", "used")
    rows = [
        [getattr(s.figure.title, w.language), published(s.figure, w), fitted(s, w), verdict(s, w), used(s, w)]
        for s in scores
    ]
    return [[w[f"col_{k}"] for k in keys], *rows]


def published(f: Figure, w: Words) -> str:
    """The published number, or the two between which it lies, with its unit."""
    low, high = f.bounds
    text = f"{grouped(f'{low:g}')}" if low == high else w.say("to", low=grouped(f"{low:g}"), high=grouped(f"{high:g}"))
    return text.replace("-", "−") + unit(f, w)


def fitted(s: Score, w: Words) -> str:
    """Median of the fitted histories, and between which 90% of them lie."""
    return shown(s.figure, s.range_of(), w)


def shown(f: Figure, triple: tuple[float, float, float], w: Words) -> str:
    mean, low, high = (number(x, PLACES.get(f.unit, 1)) for x in triple)
    if mean == DASH:
        return DASH
    return f"{mean}{unit(f, w)}" + ("" if low == DASH else f" ({w.say('to', low=low, high=high)})")


def verdict(s: Score, w: Words) -> str:
    """Whether the model reproduces the figure."""
    return w[f"scorecard_{s.verdict}"]


def used(s: Score, w: Words) -> str:
    """Whether the fit used the figure, or why not."""
    f = s.figure
    if f.fit:
        return w["scorecard_used"]
    said = f.unfitted or f.missing
    return w.say("scorecard_unused", why=getattr(said, w.language)) if said else DASH


def unit(f: Figure, w: Words) -> str:
    """What follows a number in its unit."""
    return SUFFIX[f.unit] if f.unit in SUFFIX else f" {w[f.unit]}"
