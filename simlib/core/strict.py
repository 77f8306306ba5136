"""How values of files are typed: a date is a date, a number is no switch and no text, and every number is finite.

`Strict` is the base of whatever is read from a file. pydantic would otherwise take 1609459200 for a date, `true` for 1,
`"yes"` for true and `.inf` for a number, each without a word.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2500, 12, 31)  # of any date: later ones cost memory, and mean nothing

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HALF = re.compile("[\ud800-\udfff]")  # a surrogate by itself: no file can be written with one
_T = TypeVar("_T")


class Strict(BaseModel):
    """Base of what files say: unknown keys are errors, nothing is converted, no number is infinite, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _whole_characters(self) -> Strict:
        for key, value in self.__dict__.items():
            if isinstance(value, str) and (half := HALF.search(value)):
                raise ValueError(f"{key}: {half[0]!r} is half a character; write the character itself")
        return self


def plain(value: Any) -> Any:
    """Data as a file could have it: numpy's scalars as Python's, wherever they stand in mappings and lists."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(plain(inner) for inner in value) if type(value) in (list, tuple) else value
    return value.item() if type(value).__module__ == "numpy" and getattr(value, "ndim", 1) == 0 else value


def _date(value: Any) -> Any:
    """A date that stands in quotation marks, as one."""
    return date.fromisoformat(value) if isinstance(value, str) and _ISO.fullmatch(value) else value


def _inside(value: date) -> date:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValueError(f"{value} is outside the days that can be simulated ({FIRST_DAY} to {LAST_DAY})")
    return value


def as_day(value: Any) -> date:
    """A day within those that can be simulated, as a file or a caller gives it; ValueError with the words of the complaint."""
    day = _date(value)
    if not isinstance(day, date) or isinstance(day, datetime):
        raise ValueError(f"{value!r} is no date; write YEAR-MONTH-DAY")
    return _inside(day)


def _year(value: Any) -> Any:
    """A year that is a key of a mapping, which YAML hands over as text."""
    return int(value) if isinstance(value, str) and re.fullmatch("[0-9]{4}", value) else value


def _no_switch(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError(f"{value} is no number")
    return value


Day = Annotated[date, BeforeValidator(_date), AfterValidator(_inside)]
Year = Annotated[int, BeforeValidator(_year), Field(ge=FIRST_DAY.year, le=LAST_DAY.year)]
Level = Annotated[Literal[3, 2, 1], BeforeValidator(_no_switch)]  # Python takes True for 1
Many = Annotated[tuple[_T, ...], Field(strict=False)]  # a list in a file, a tuple here; what it holds is strict again
