"""How numbers are written for readers, in every language: from ten thousand on digits stand in groups of three, with commas.

Tables for machines (CSV, Parquet, JSON), and what can be typed again, hold numbers as they are.
"""

from __future__ import annotations

import re
from numbers import Integral
from typing import Any

_MANY = re.compile(r"(?P<sign>[-+−]?)(?P<whole>\d{5,})(?P<part>(?:\.\d+)?)")


def grouped(number: str | int) -> str:
    """A number as it was rounded and written, with its digits grouped; whatever else it may be ("1e+06", "–") stays."""
    text = str(number)
    if not (found := _MANY.fullmatch(text)):
        return text
    return f"{found['sign']}{int(found['whole']):,}{found['part']}"


def filled(blanks: dict[str, Any]) -> dict[str, Any]:
    """What fills the blanks of a text: whole numbers are counts and are grouped; a seed or another name is given as text."""
    return {k: grouped(int(v)) if isinstance(v, Integral) and not isinstance(v, bool) else v for k, v in blanks.items()}
