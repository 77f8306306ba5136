"""What was probably meant by a number, a date or a duration that is written as people write it and not as files have it.

Each hint is the end of a complaint ("; write 0.8"), or nothing. None of them is applied: a guess is the user's to make.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) *[%％]")
_THOUSANDS = re.compile(r"[0-9]{1,3}([, '’\u00a0][0-9]{3})+")
_COMMA = re.compile(r"([0-9]+),([0-9]+)")
_DAY = re.compile(r"([0-9]{4})\s*[-/.–—年]\s*([0-9]{1,2})\s*[-/.–—月]\s*([0-9]{1,2})\s*[日号]?(?:[ T].*)?")
_EIGHT = re.compile(r"([12][0-9]{3})([0-9]{2})([0-9]{2})")
_UNITS = (  # as people write them, and as a duration has them
    (r"个?工作日|working[- ]?days?|work[- ]?days?|business days?", "working days"),
    (r"个?星期|周|weeks?", "weeks"), (r"个?月|months?", "months"), (r"年|years?", "years"), (r"[日天]|days?", "days"),
)  # fmt: skip


def for_number(given: Any, whole: bool = False) -> str:
    """What to write in place of something that is no number, or no whole one."""
    if isinstance(given, float) and given.is_integer():
        return f"; write {given:.0f}"
    if not isinstance(given, str) or not given.isprintable() or re.search("[０-９]", given):
        return ""  # full-width digits are named by `full_width`
    text = given.strip()
    if _NUMBER.fullmatch(text):
        return "; leave the quotation marks out"
    if (share := _PERCENT.fullmatch(text)) and not whole:
        return f"; write {float(share[1]) / 100:g}"
    if _THOUSANDS.fullmatch(text):
        return f"; write {re.sub('[^0-9]', '', text)}, without marks between the digits"
    if (parts := _COMMA.fullmatch(text)) and not whole:
        return f"; write {parts[1]}.{parts[2]}, with a point"
    return "; write the number alone, without words or units" if re.search("[0-9]", text) else ""


def for_share(given: Any) -> str:
    """As `for_number`, for a number from 0 to 1."""
    if isinstance(given, (int, float)) and not isinstance(given, bool) and 2 <= given <= 100:
        return f"; in per cent? write {given / 100:g}"
    return for_number(given)


def for_day(given: Any) -> str:
    """What to write in place of something that is no date."""
    text = unicodedata.normalize("NFKC", str(given)).strip()
    found = _DAY.fullmatch(text) or _EIGHT.fullmatch(text)
    if found:
        try:
            return f"; did you mean {date(*(int(part) for part in found.groups()))}?"
        except ValueError:
            return ""
    if re.fullmatch(r"[0-9]{4} *[-/.年] *[0-9]{1,2} *月?", text):
        return "; the day is missing"
    return "; month and day are missing" if re.fullmatch(r"[12][0-9]{3}年?", text) and isinstance(given, str) else ""


def for_duration(text: str) -> str:
    """What to write in place of a text that is no duration: the one number and unit in it, in the words of files."""
    text = unicodedata.normalize("NFKC", text)
    numbers = re.findall(r"[0-9]+(?:\.[0-9]+)?", text)
    for unit, word in _UNITS:
        if len(numbers) == 1 and re.search(rf"{re.escape(numbers[0])} *(?:{unit})(?![A-Za-z])", text):
            return f"; did you mean '{numbers[0]} {word}'?"
    return ""
