"""Durations as people write them, such as "15 working days" or "1 month"."""

from __future__ import annotations

import difflib
import re

from simlib.core.complaints import full_width
from simlib.core.hints import for_duration

_SHORT = re.compile(r"^\s*([0-9]+(?:\.[0-9]+)?)\s*(working[ _]days?|days?|months?|weeks?|years?)\s*$")


def parse_limit(text: str) -> tuple[float, str]:
    """Number and unit of a duration such as "15 working days", "1 month", "2 weeks"; ValueError otherwise."""
    match = _SHORT.match(text)
    if not match:
        words = "write a number and days, working_days, weeks, months or years"
        raise ValueError(f"{text!r} is no duration: {words}{_near_duration(text)}")
    number, unit = float(match[1]), match[2].replace(" ", "_").rstrip("s")
    factor, name = {"week": (7, "days"), "year": (12, "months")}.get(unit, (1, unit + "s"))
    return number * factor, name


def _near_duration(text: str) -> str:
    """What is wrong with a duration, where it can be told."""
    parts = re.fullmatch(r"\s*(-?)([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z_ ]*?)\s*", text)
    if parts is None:
        return full_width(text) or for_duration(text)
    minus, number, unit = parts.groups()
    if minus:
        return "; it cannot be negative"
    if not unit:
        return "; the unit is missing"
    close = difflib.get_close_matches(unit.lower(), ("days", "working days", "weeks", "months", "years"), n=1)
    return f"; did you mean '{number} {close[0]}'?" if close else for_duration(text)
