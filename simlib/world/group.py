"""What all groups of assumed numbers share: their base, and kinds of numbers, each with its hard bounds.

The bounds are no judgement (`range` in the register of assumed numbers is): within them every sum of the model is finite
and every loop ends, beyond them no number means anything.
"""

from __future__ import annotations

import functools
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import AfterValidator, Field, model_validator

from simlib.core.distributions import AnyDuration
from simlib.core.strict import Strict

MOST = 1e9  # of an amount without bounds of its own
LONGEST = 1_000_000  # days: longer than any run


def _none_or_a_day(value: float) -> float:
    if 0 < value < 1:
        raise ValueError(f"expected 0 for none, or at least 1 (given: {value:g})")
    return value


Probability = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=-20, le=20)]  # log-odds of one reason among others
LogOdds = Annotated[float, Field(ge=-1000, le=1000)]  # far enough for "always" and "never"
Penalty = Annotated[float, Field(ge=0, le=1000)]  # log-odds taken off
Spread = Annotated[float, Field(ge=0, le=5)]  # standard deviation of a logarithm
Shape = Annotated[float, Field(ge=1e-6, le=1e6)]  # of a beta distribution
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Yearly = Annotated[float, Field(ge=0, le=10_000)]  # so many a year, each of which is simulated
Items = Annotated[float, Field(ge=0, le=300)]  # on one agenda
Size = Annotated[float, Field(ge=1, le=1_000_000)]  # of a formulary
Rate = Annotated[float, Field(ge=0, le=MOST)]
Ratio = Annotated[float, Field(ge=0, le=1000)]
Elasticity = Annotated[float, Field(ge=0, le=10)]
Years = Annotated[float, Field(ge=0.01, le=1000)]
Months = Annotated[float, Field(ge=0, le=12_000)]
Period = Annotated[float, Field(ge=0.1, le=12_000)]  # months from one to the next
Days = Annotated[float, Field(ge=0, le=LONGEST)]
Interval = Annotated[float, Field(ge=1, le=LONGEST)]  # days from one to the next
Window = Annotated[
    float, Field(ge=0, le=LONGEST), AfterValidator(_none_or_a_day)
]  # days between openings; 0: always open
Limit = Annotated[int, Field(ge=1, le=LONGEST)]  # whole days
Positive = Annotated[float, Field(ge=1e-6, le=MOST)]
Yuan = Annotated[float, Field(gt=0, le=1e15)]
Amount = Annotated[float, Field(ge=-MOST, le=MOST)]


@functools.cache
def _named(group: type[Group]) -> dict[str, tuple[str, ...]]:
    """The keys of each number of a group that is a mapping of words."""
    found = {name: _words(field.annotation) for name, field in group.model_fields.items()}
    return {name: words for name, words in found.items() if words}


def _words(annotation: Any) -> tuple[str, ...]:
    """The keys of a mapping, or of the one among several kinds of values; empty where there is none."""
    inner = get_args(annotation)
    if get_origin(annotation) is dict and get_origin(inner[0]) is Literal:
        return get_args(inner[0])
    return next((words for kind in inner if (words := _words(kind))), ())


class Group(Strict):
    """Base of all parameter groups. A mapping of words has all of them: no stage asks whether a number is there."""

    @model_validator(mode="after")
    def _whole_mappings(self) -> Group:
        for name, words in _named(type(self)).items():
            given = getattr(self, name)
            missing = [w for w in words if w not in given] if isinstance(given, dict) else []
            if missing:
                raise ValueError(f"{name} lacks {missing[0]}; give each of {', '.join(words)}")
        return self


class ByLevel(Group):
    """One number a hospital level."""

    level_3: Amount
    level_2: Amount
    level_1: Amount

    def of(self, level: int) -> float:
        """The number of one level."""
        return {3: self.level_3, 2: self.level_2, 1: self.level_1}[int(level)]


class FactorByLevel(ByLevel):
    """One factor a hospital level."""

    level_3: Factor
    level_2: Factor
    level_1: Factor


class LowerLevels(Group):
    """A share at secondary and primary hospitals of what it is at tertiary ones, where it is 1."""

    level_2: Probability
    level_1: Probability

    def of(self, level: int) -> float:
        """The share at one level."""
        return {3: 1.0, 2: self.level_2, 1: self.level_1}[int(level)]


class SharesByLevel(ByLevel):
    """One share a hospital level."""

    level_3: Probability
    level_2: Probability
    level_1: Probability


class SizeByLevel(ByLevel):
    """How many there are, at least one, by hospital level."""

    level_3: Size
    level_2: Size
    level_1: Size


class ItemsByLevel(ByLevel):
    """Items on one agenda, by hospital level."""

    level_3: Items
    level_2: Items
    level_1: Items


class PatientsByLevel(ByLevel):
    """Patients, some at least, by hospital level."""

    level_3: Positive
    level_2: Positive
    level_1: Positive


class LogOddsByLevel(ByLevel):
    """Log-odds by hospital level."""

    level_3: LogOdds
    level_2: LogOdds
    level_1: LogOdds


class DurationByLevel(Group):
    """One distribution a hospital level."""

    level_3: AnyDuration
    level_2: AnyDuration
    level_1: AnyDuration

    def all(self) -> tuple:
        """The three distributions, level 1 first."""
        return self.level_1, self.level_2, self.level_3
