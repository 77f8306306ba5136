"""A question of a lesson: what is right, which mistakes are known, and what is said about an answer.

Nothing here holds an answer: `right` and the values of mistakes are functions, called when an answer is looked at.
No sentence says what is right, nor whether an answer is too high or too low (that would give it away in a few steps).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np

from simlib.core.files import InputError
from simlib.teach.verdict import Verdict
from simlib.teach.words import SAID, Bilingual

DAYS_A_MONTH, DAYS_A_YEAR = 30.4375, 365.25
ROUNDED = 0.1  # by how much at most rounding changes what is still taken for the right number


class Blocked(InputError):
    """An answer cannot be judged yet; `say` is what to do first."""

    def __init__(self, say: Bilingual) -> None:
        super().__init__(say.en)
        self.say = say


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, worked out when needed, and what to say to whoever gives it."""

    value: Callable[[], float]
    say: Bilingual


@dataclass(frozen=True)
class Numeric:
    """A question with a number for an answer.

    within: relative tolerance. at_least: absolute tolerance, for answers near 0. unit: shown in complaints. think: what
    to look at again when no known mistake fits. learned: said with a right answer.
    """

    key: str
    right: Callable[[], float]
    unit: Bilingual
    think: Bilingual
    learned: Bilingual
    mistakes: Sequence[Mistake] = ()
    within: float = 0.01
    at_least: float = 1e-9

    def judge(self, answer: Any, language: str) -> Verdict:
        """What is said about an answer."""
        x = one_number(answer)
        if isinstance(x, tuple):
            return Verdict(self.key, "wrong", x[0].of(language, **x[1]), language)
        right, given = float(self.right()), f"{x + 0.0:.6g}"  # no "-0"
        if self._close(x, right):
            return Verdict(self.key, "right", self.learned.of(language), language, given=given)
        known = next((m.say for m in self.mistakes if self._close(x, float(m.value()))), None)
        known = known or (SAID["digits"] if rounded_from(x, right) else None) or self._usual(x, right)
        said = (known or self.think).of(language, unit=self.unit.of(language))
        return Verdict(self.key, "wrong", said, language, known is not None, given)

    def _close(self, x: float, y: float) -> bool:
        return abs(x - y) <= max(self.within * abs(y), self.at_least)

    def _usual(self, x: float, right: float) -> Bilingual | None:
        """Slips that any question knows: sign, per cent, months or years for days."""
        if abs(right) <= self.at_least:
            return None
        if self._close(-x, right):
            return SAID["sign"]
        for factor, say in ((100.0, SAID["hundred"]), (DAYS_A_MONTH, SAID["months"]), (DAYS_A_YEAR, SAID["years"])):
            timed = (
                say is SAID["hundred"] or "days" in self.unit.en or "months" in self.unit.en or "year" in self.unit.en
            )
            if timed and (self._close(x * factor, right) or self._close(x / factor, right)):
                return say
        return None


@dataclass(frozen=True)
class Word:
    """A question with one of a few words for an answer; `wrong` says something about each other word."""

    key: str
    right: Callable[[], str]
    allowed: Callable[[], Sequence[str]]
    think: Bilingual
    learned: Bilingual
    wrong: Callable[[], dict[str, Bilingual]] = dict

    def judge(self, answer: Any, language: str) -> Verdict:
        """What is said about an answer; capitals, and blanks or brackets around, do not matter."""
        given, about = str(answer).strip(" ()（）[]").casefold(), {k.casefold(): v for k, v in self.wrong().items()}
        if given == self.right().casefold():
            return Verdict(self.key, "right", self.learned.of(language), language)
        if given in about:
            return Verdict(self.key, "wrong", about[given].of(language), language, True)
        allowed = list(self.allowed())
        if allowed and given not in {a.casefold() for a in allowed}:
            return Verdict(self.key, "wrong", SAID["word"].of(language, allowed=", ".join(allowed)), language, True)
        return Verdict(self.key, "wrong", self.think.of(language), language)


@dataclass(frozen=True)
class Judged:
    """A question that a function judges: it returns None for a right answer, or what is wrong with it."""

    key: str
    fault: Callable[[Any, str], str | None]
    learned: Bilingual

    def judge(self, answer: Any, language: str) -> Verdict:
        """What is said about an answer."""
        said = self.fault(answer, language)
        if said is None:
            return Verdict(self.key, "right", self.learned.of(language), language)
        return Verdict(self.key, "wrong", said, language, True)


def rounded_from(x: float, right: float) -> bool:
    """Whether x is `right` with fewer digits, and not much off by that."""
    digits = len(repr(x).partition(".")[2].rstrip("0"))
    return x != 0 and "e" not in repr(x) and round(right, digits) == x and abs(x - right) <= ROUNDED * abs(right)


def one_number(answer: Any) -> float | tuple[Bilingual, dict[str, Any]]:
    """An answer as a number, or why it is none, with the blanks of that sentence."""
    if isinstance(answer, str):
        return SAID["text"], {}
    if isinstance(answer, (bool, np.bool_)):
        return SAID["truth"], {}
    if isinstance(answer, Mapping) or isinstance(getattr(answer, "dtype", None), np.dtypes.ObjectDType):
        return SAID["named"], {"kind": type(answer).__name__}
    if not isinstance(answer, Number):
        try:
            several = np.asarray(answer, float)
        except (TypeError, ValueError):
            return SAID["type"], {"kind": type(answer).__name__}
        if several.size != 1:
            return SAID["many"], {"n": several.size}
        answer = several.reshape(-1)[0]
    if isinstance(answer, complex) or not math.isfinite(answer):
        return SAID["nan"], {}
    return float(answer)


Question = Numeric | Word | Judged
