"""How values are written for readers: rounded, with unit and interval, shares in per cent, differences in percentage points."""

from __future__ import annotations

import numpy as np

from simlib.core.numerals import grouped
from simlib.outcomes.dictionary import INDICATORS
from simlib.words import Words

DASH = "–"


def number(x: float, digits: int = 1, sign: bool = False) -> str:
    """A rounded number, grouped as everywhere; a dash where there is none."""
    if x is None or not np.isfinite(x):
        return DASH
    text = grouped(f"{x:{'+' if sign else ''}.{digits}f}")
    if not text.strip("+-0."):
        text = text.lstrip("+-")
    return text.replace("-", "−")


def in_yi(indicator: str, w: Words) -> bool:
    """Whether a sum of money is shown in hundreds of millions, as people who read Chinese count them."""
    return w.language == "zh" and INDICATORS[indicator].unit == "million yuan"


def scaled(indicator: str, x: float, w: Words | None = None) -> float:
    """A value in the unit it is shown in: shares in per cent; in the words of a language, large sums in its own unit."""
    if w is not None and in_yi(indicator, w):
        return x / 100
    return 100 * x if INDICATORS[indicator].is_share else x


def digits(indicator: str, w: Words | None = None) -> int:
    """How many decimals a measure deserves."""
    unit = INDICATORS[indicator].unit
    if w is not None and in_yi(indicator, w):
        return 2
    if unit in ("days", "patients", "patient-years", "cases", "yuan", "yuan a case"):
        return 0
    return 3 if unit == "index" else 2 if unit in ("ratio", "meetings a year") else 1


def with_interval(
    indicator: str, triple: tuple[float, float, float], w: Words, difference: bool = False, units: bool = False
) -> str:
    """ "12.3% (11.9 to 12.8)", or for a difference "+4.5 pp (4.1 to 4.9)"; with `units`, differences in days and the like too."""
    mean, low, high = (scaled(indicator, x, w) for x in triple)
    if not np.isfinite(mean):
        return w["not_reached"] if indicator.endswith("_median") else DASH
    n = digits(indicator, w)
    if INDICATORS[indicator].unit == "million yuan" and abs(mean) >= 1000:
        n = 0
    share = INDICATORS[indicator].is_share
    unit = (f" {w['point_short']}" if difference else "%") if share else ""
    if difference and units and not share:
        unit = _unit_after(indicator, w)
    text = number(mean, n, sign=difference) + unit
    if not np.isfinite(low):
        return text
    if share and not difference:
        low, high = max(low, 0.0), min(high, 100.0)  # where shares end
    return f"{text} ({w.say('to', low=number(low, n, sign=difference), high=number(high, n, sign=difference))})"


def _unit_after(indicator: str, w: Words) -> str:
    """The unit that follows a difference; nothing after a ratio or an index."""
    unit = INDICATORS[indicator].unit
    if unit in ("ratio", "index"):
        return ""
    return f" {w['point_short'] if unit == 'percentage points' else unit_name(indicator, w)}"


def unit_name(indicator: str, w: Words) -> str:
    """The unit as shown."""
    return w["yi"] if in_yi(indicator, w) else stored_unit(indicator, w)


def stored_unit(indicator: str, w: Words) -> str:
    """The unit of the number in tables and files, apart from shares, which pages show in per cent."""
    unit = INDICATORS[indicator].unit
    return "%" if unit == "share" else w[unit]


def plain(value: object) -> str:
    """A number or a distribution in one line, such as "lognormal, median 60, sigma 0.6, days"."""
    if not isinstance(value, dict):
        return str(value)
    parts = []
    for key, inner in value.items():
        parts.append(
            f"{key}, " + ", ".join(f"{k} {v:g}" for k, v in inner.items()) if isinstance(inner, dict) else str(inner)
        )
    return ", ".join(parts)
