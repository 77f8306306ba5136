"""Published figures before the reforms beside the model, and what must hold where no hospital obeys.

No line has a band of the model's own making: a figure lies within the luck of the runs, or the model is too low or too high.
That a rulebook gains is no line either: a reform may fail.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simlib.core.files import scenarios
from simlib.experiments.study import GATE_REGION, LEVEL, Study, bounds
from simlib.policy.load import BASE
from simlib.words import Words
from simlib.words.nodes import Node, Said, Strong, table
from simlib.words.values import number

BY_OBEYING = ("duty_meetings_per_year", "direct_share")  # what nothing but an obeying hospital can move


@dataclass(frozen=True)
class Check:
    """One line: a published figure (or what must hold) from low to high, and the model's (mean, low, high).

    scale: 100 for shares, shown in per cent. source: code of `scenarios/evidence.csv`; "" for a rule of this model.
    """

    key: str
    group: str
    low: float
    high: float
    value: tuple[float, float, float]
    scale: float = 1.0
    unit: str = ""
    source: str = ""

    @property
    def verdict(self) -> str:
        """ "within" where figure and interval of luck meet, else "below" or "above": the model's side of the figure."""
        mean, low, high = self.value
        low, high = (low, high) if np.isfinite(low) else (mean, mean)
        return "below" if high < self.low else "above" if low > self.high else "within"


_FIGURES = (  # indicator, grouping, group, published figure from low to high, scale, unit, source
    ("snapshot_median", "date", "2023-09-30", 0.078, 0.078, 100, "%", "S1"),
    ("snapshot_under_10", "date", "2023-09-30", 0.60, 0.60, 100, "%", "S2"),
    ("snapshot_ratio", "date", "2023-09-30", 13.41 / 1.58, 13.41 / 1.58, 1, "ratio", "S3"),
    ("entered_same_year", "year", "2024", 0.40, 0.40, 100, "%", "A4"),
    ("entered_days_median", "date", "before", 448, 540.5, 1, "days", "C1"),
)


def checks(study: Study) -> list[Check]:
    """All lines that the experiment's runs can fill; published figures first."""
    return [*_published(study), *_without_obedience(study)]


def _published(study: Study) -> list[Check]:
    cell = study.cell(GATE_REGION, BASE) or study.cell(
        GATE_REGION, study.baseline
    )  # what was law when they were counted
    if cell is None:
        return []
    table = study.results[cell.name].table().set_index(["indicator", "by", "group"])
    out = []
    for indicator, by, group, low, high, scale, unit, source in _FIGURES:
        if (indicator, by, group) in table.index:
            value = bounds(table.loc[(indicator, by, group)])
            out.append(Check(indicator, group, low, high, value, scale, unit, source))
    return out


def _without_obedience(study: Study) -> list[Check]:
    rows = study.table[(study.table["obedience"] == "none") & study.table["indicator"].isin(BY_OBEYING)]
    if not len(rows) or "difference" not in rows:
        return []
    most = float(rows["difference"].abs().max())
    return [Check("none", "", 0, 0, (most, np.nan, np.nan))]


def gate_frame(study: Study) -> pd.DataFrame:
    """The gate as a tidy table."""
    rows = [(c.key, c.group, c.low, c.high, *c.value, c.verdict) for c in checks(study)]
    return pd.DataFrame(rows, columns=["check", "group", "target_low", "target_high", "mean", "low", "high", "verdict"])


def gate_tables(study: Study, w: Words) -> list[Node]:
    """The gate for readers: published figures, then what must hold of the rulebooks."""
    head = [w[f"col_{k}"] for k in ("indicator", "target", "source", "model", "verdict")]
    nodes: list[Node] = []
    for caption, published in (("gate_published", True), ("gate_rules", False)):
        part = [c for c in checks(study) if bool(c.source) is published]
        if part:
            rows = [(_title(c, w), _target(c, w), _source(c, w), _value(c, w), _verdict(c, w)) for c in part]
            nodes.append(table(head, rows, w[caption], "wrap"))
    return nodes


@functools.cache
def evidence() -> dict[str, dict[str, str]]:
    """The rows of `scenarios/evidence.csv` by code."""
    with open(scenarios() / "evidence.csv", encoding="utf-8-sig", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def _source(c: Check, w: Words) -> str:
    """The published figure with its code and source, or that the line is a rule of this model."""
    if not c.source:
        return w["gate_own_rule"]
    row = evidence()[c.source]
    zh = w.language == "zh"
    figure, date = (row["figure_zh"], row["date_zh"]) if zh else (f"{row['value']} {row['unit']}", row["date"])
    source = zh and row["source_zh"] or row["source"]
    return w.say("gate_source", code=c.source, figure=figure, date=date, source=source)


def _title(c: Check, w: Words) -> str:
    return w.say(f"gate_{c.key}", group=c.group)


def _target(c: Check, w: Words) -> str:
    unit = _unit(c, w)
    if c.key == "none":
        return w.say("gate_equal", x="0")
    low, high = (f"{round(x * c.scale, 1):g}" for x in (c.low, c.high))
    return f"{low}{unit}" if low == high else w.say("to", low=low, high=f"{high}{unit}")


def _value(c: Check, w: Words) -> str:
    mean, low, high = (x * c.scale for x in c.value)
    places = 0 if c.unit == "days" else 1
    text = number(mean, places) + _unit(c, w)
    if not np.isfinite(low):
        return text
    if c.unit == "%":
        low, high = max(low, 0.0), min(high, 100.0)  # where shares end
    return f"{text} ({w.say('to', low=number(low, places), high=number(high, places))})"


def _unit(c: Check, w: Words) -> str:
    return "" if c.unit in ("", "ratio") else "%" if c.unit == "%" else f" {w[c.unit]}"


def _verdict(c: Check, w: Words) -> Said:
    if not c.source:
        return Strong(w["yes"], "good") if c.verdict == "within" else Strong(w["no"], "bad")
    return w[f"gate_is_{c.verdict}"]


__all__ = ["LEVEL", "Check", "checks", "gate_frame", "gate_tables"]
