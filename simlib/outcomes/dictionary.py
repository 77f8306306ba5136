"""The data dictionary: every indicator and every column of a results table, in English and Chinese, with its unit.

An indicator is one row of `indicators.csv` beside this file: its texts, its unit, which direction is better, and the
function that yields it. Texts of columns, groupings and families of indicators stand in `simlib/words/dictionary`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from simlib.core.phrases import Texts, side_by_side
from simlib.policy.levers import Bilingual

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Indicator:
    """What one indicator measures.

    part: the function that yields it, a key of `simlib.outcomes.indicators.PARTS`. range: values that it can have ("0 to 1",
    "from 0", "any"); what is outside is no result. better: which direction helps a
    patient ("" where neither does by itself).
    """

    name: str
    part: str
    unit: str
    range: str
    better: Literal["more", "less", ""]
    en: str
    zh: str
    meaning: str
    meaning_zh: str

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest value that it can have."""
        if self.range == "any":
            return -math.inf, math.inf
        low, _, high = self.range.removeprefix("from ").partition(" to ")
        return float(low), float(high or math.inf)

    @property
    def is_share(self) -> bool:
        """Whether the value is a share, to be shown in per cent."""
        return self.unit == "share"


class _Family(NamedTuple):
    """Indicators that are one for many things. things: their codes, of the texts of `names`."""

    beginning: str
    part: str
    unit: str
    better: Literal["more", "less", ""]
    names: Mapping[str, Bilingual]
    things: tuple[str, ...]


_REASONS = Texts("dictionary", Bilingual, "reason.")
_STATES = Texts("dictionary", Bilingual, "state.")
_SAID = Texts("dictionary", Bilingual, "family.")
_OF_COMMITTEE = ("leaning", "value", "relevance", "price", "view")
_BY_BARRIER = (
    "drug_share", "cost_per_visit", "self_pay_ratio", "nrdl_membership", "two_specifications", "performance_monitoring",
    "total_budget",
)  # fmt: skip
_BEFORE_PASS = (
    "not_listed",
    "not_aware",
    "not_asked",
    "waiting",
    "deferred",
    "refused",
    "waiting_for_room",
    "being_bought",
)
_FAMILIES = (
    _Family("reason_", "rules", "share", "", _REASONS, (*_OF_COMMITTEE, *_BY_BARRIER)),
    _Family("decisive_", "rules", "share", "less", _REASONS, _BY_BARRIER),
    _Family("state_", "states", "share", "", _STATES, (*_BEFORE_PASS, "stocked", "temporary")),
    _Family("waiting_", "patients", "patient-years", "less", _STATES, _BEFORE_PASS),
)


def _declared() -> Iterator[Indicator]:
    """The rows of `indicators.csv`, then the families."""
    with Path(__file__).with_name("indicators.csv").open(encoding="utf-8", newline="") as f:
        yield from (Indicator(**row) for row in csv.DictReader(f))
    for family in _FAMILIES:
        title, meaning = _SAID[f"{family.beginning}title"], _SAID[f"{family.beginning}meaning"]
        for code in family.things:
            thing = family.names[code]
            yield Indicator(
                name=family.beginning + code,
                part=family.part,
                unit=family.unit,
                range="0 to 1" if family.unit == "share" else "from 0",
                better=family.better,
                en=title.en.format(thing=thing.en),
                zh=title.zh.format(thing=thing.zh),
                meaning=meaning.en,
                meaning_zh=meaning.zh,
            )


INDICATORS: dict[str, Indicator] = {i.name: i for i in _declared()}

HEADLINES = ("stocked_12m", "stocked_24m", "provided_24m", "stocked_12m_catalogue", "months_without_24m")

GROUPINGS = Texts("dictionary", side_by_side, "grouping.")
GROUPS = Texts("dictionary", side_by_side, "group.")
COLUMNS = Texts("dictionary", side_by_side, "column.")


def data_dictionary() -> pd.DataFrame:
    """What every indicator, column and grouping means.

    Returns
    -------
    DataFrame
        One row for each name: kind (indicator, column or grouping), name, unit, title in English and Chinese (en, zh),
        meaning, and for indicators which direction is better.
    """
    import pandas as pd  # here, so that whoever needs the names alone need not load it

    rows = [("indicator", i.name, i.unit, i.en, i.zh, i.meaning, i.better) for i in INDICATORS.values()]
    rows += [("column", name, "", en, zh, en, "") for name, (en, zh) in COLUMNS.items()]
    rows += [("grouping", name, "", en, zh, en, "") for name, (en, zh) in GROUPINGS.items()]
    return pd.DataFrame(rows, columns=["kind", "name", "unit", "en", "zh", "meaning", "better"])
