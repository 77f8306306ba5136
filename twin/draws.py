"""Random numbers: each is drawn by what it is for, never by when it is asked for.

"The asking threshold of drug 7 at hospital 12, at its first attempt" is one number of a
replication. Whoever asks for it, and in which order, finds the same. So the twin and the engine
meet the same chances, and a rule that is changed leaves all other chances as they were. The names
of quantities (`Q_...`) are in `simlib.core.streams`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from simlib.core import streams
from simlib.core.distributions import Duration, pack_one, sample
from simlib.core.workdays import UNITS


def sigma(x: float) -> float:
    """The probability of log-odds x (math.exp overflows below -709)."""
    return 0.0 if x < -700.0 else 1.0 / (1.0 + math.exp(-x))


@dataclass(frozen=True)
class Draws:
    """The keyed random numbers of one replication: the same question always gets the same answer.

    A question is a quantity, an attempt (0, 1, ... where something is drawn again), and the ids of a hospital and a drug
    where it is about one (0: about none).
    """

    key: tuple[int, int]  # seed and replication

    def uniform(self, quantity: int, attempt: int = 0, hospital: int = 0, drug: int = 0) -> float:
        """U of the page: between 0 and 1."""
        return streams.uniform(self.key, quantity, attempt, hospital, drug)

    def exponential(self, quantity: int, attempt: int = 0, hospital: int = 0, drug: int = 0) -> float:
        """E of the page: mean 1."""
        return streams.exponential(self.key, quantity, attempt, hospital, drug)

    def normal(self, quantity: int, attempt: int = 0, hospital: int = 0, drug: int = 0) -> float:
        """N of the page: standard normal."""
        return streams.normal(self.key, quantity, attempt, hospital, drug)


class Lasting:
    """A duration ready to be drawn: its distribution and its unit."""

    def __init__(self, duration: Duration) -> None:
        self.record, self.pool = pack_one(duration)
        self.unit = UNITS[duration.unit]

    def at(self, u: float) -> float:
        """The quantile at u, in the duration's own unit."""
        return float(sample(u, self.record, self.pool))
