"""Rounds of the national catalogue: the file that names them, and those of a run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from simlib.core.files import Document, Fault, checked, nearest, read_yaml, scenarios, shown
from simlib.core.strict import Day, Strict, Year
from simlib.scenario.definition import Round

TIMES = ("cut_off", "published", "effective")  # of a round, as its file has them


def _of_every_year(value: tuple[int, int]) -> tuple[int, int]:
    try:
        date(2001, *value)
    except (ValueError, OverflowError):
        raise ValueError(f"{list(value)} is no day of every year; write [month, day]") from None
    return value


DayOfYear = Annotated[tuple[int, int], Field(strict=False), AfterValidator(_of_every_year)]  # a list in a file


class Dates(Strict):
    """The days of one round, in their order."""

    cut_off: Day
    published: Day
    effective: Day
    kind: Literal["published", "assumed"]

    @model_validator(mode="after")
    def _ordered(self) -> Dates:
        if not self.cut_off <= self.published <= self.effective:
            raise ValueError("expected cut_off, published and effective in this order")
        return self


class Rule(Strict):
    """The days [month, day] of later rounds, in effect in the year after."""

    cut_off: DayOfYear
    published: DayOfYear
    effective: DayOfYear
    kind: Literal["published", "assumed"]

    @model_validator(mode="after")
    def _ordered(self) -> Rule:
        if self.cut_off > self.published:
            raise ValueError("cut_off comes after published")
        return self


class RoundsFile(Strict):
    """The keys of a file of rounds: known ones by year, and the rule of those after them."""

    format: Literal[1] = 1
    rounds: dict[Year, Dates]
    rule: Rule


def parse_rounds(document: Document) -> RoundsFile:
    """A read file of rounds; InputError for whatever cannot be used."""
    with document.placed():
        return checked(RoundsFile, document.data)


def rounds_of(name: str | None, start: date, horizon: float) -> tuple[Round, ...]:
    """The rounds that are published within the run: those of the file, then one a year by its rule."""
    if name is None:
        return ()
    path = scenarios() / f"{name}.yaml"
    document = read_yaml(path) if path.is_file() else Document("", {})
    if "rounds" not in document.data:
        raise Fault(("rounds",), f"no rounds in {shown(path)}{nearest(name, ['catalogue_rounds'])}")
    file = parse_rounds(document)
    known = [Round(year, *_times(start, dates.model_dump()), dates.kind) for year, dates in file.rounds.items()]
    rounds = [r for r in known if 0 <= r.published < horizon]
    first = max((r.year for r in rounds), default=start.year - 1) + 1
    return (*rounds, *_assumed(file.rule, first, start, horizon))


def _assumed(rule: Rule, year: int, start: date, horizon: float) -> Iterator[Round]:
    """A round a year from `year` on, on the days of the rule, in effect in the year after."""
    for of in itertools.count(year):
        days = {key: date(of + (key == "effective"), *getattr(rule, key)) for key in TIMES}
        found = Round(of, *_times(start, days), "assumed")
        if found.published >= horizon:
            return
        yield found


def _times(start: date, days: dict[str, Any]) -> list[float]:
    """Days from the start to the dates of a round."""
    return [float((days[key] - start).days) for key in TIMES]
