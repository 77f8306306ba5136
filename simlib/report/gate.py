"""The plausibility gate: published figures before the reforms against the model, and what must hold of every regime."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simlib.core.files import scenarios
from simlib.experiments.study import GATE_REGION, LEVEL, Study, bounds
from simlib.policy.load import BASE
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import policy_name
from simlib.words.nodes import Node, Quiet, Said, Strong, Text, table
from simlib.words.values import number

MARK = "stocked_12m_catalogue"
HALF = 0.5
BY_OBEYING = ("duty_meetings_per_year", "direct_share")  # what nothing but an obeying hospital can move


@dataclass(frozen=True)
class Check:
    """One line of the gate. inside: None for lines that only inform. scale: 100 for shares, shown in per cent."""

    key: str
    group: str
    low: float
    high: float
    value: tuple[float, float, float]
    inside: bool | None
    scale: float = 1.0
    unit: str = ""
    source: str = ""  # code of `scenarios/evidence.csv`; "" for a rule of this model


_TARGETS = (  # indicator, grouping, group, low, high, scale, unit, source
    ("snapshot_median", "date", "2023-09-30", 0.05, 0.12, 100, "%", "S1"),
    ("snapshot_under_10", "date", "2023-09-30", 0.45, 0.75, 100, "%", "S2"),
    ("snapshot_ratio", "date", "2023-09-30", 5, 15, 1, "ratio", "S3"),
    ("entered_same_year", "year", "2023", 0.30, 0.50, 100, "%", "A4"),
    ("entered_same_year", "year", "2024", 0.30, 0.50, 100, "%", "A4"),
    ("entered_days_median", "date", "before", 300, 600, 1, "days", "C1"),
)


def checks(study: Study) -> list[Check]:
    """All lines that the experiment's runs can fill; published figures first."""
    return [*_published(study), *_regimes(study), *_without_obedience(study)]


def _published(study: Study) -> list[Check]:
    cell = study.cell(GATE_REGION, BASE) or study.cell(
        GATE_REGION, study.baseline
    )  # what was law when they were counted
    if cell is None:
        return []
    table = study.results[cell.name].table().set_index(["indicator", "by", "group"])
    out = []
    for indicator, by, group, low, high, scale, unit, source in _TARGETS:
        if (indicator, by, group) in table.index:
            value = bounds(table.loc[(indicator, by, group)])
            out.append(Check(indicator, group, low, high, value, bool(low <= value[0] <= high), scale, unit, source))
    return out


def _regimes(study: Study) -> list[Check]:
    """Every regime gains; none passes half: the gate in the nation, information elsewhere."""
    rows = study.pick(MARK)
    if "difference" not in rows or not len(rows):
        return []
    rows = rows[(rows.index.get_level_values("policy") != study.baseline) & rows["difference"].notna()]
    nation = rows.index.get_level_values("region") == GATE_REGION
    out = []
    for part, binding in ((rows[nation], True), (rows[~nation], False)):
        if not len(part):
            continue
        least = part.loc[part["difference"].idxmin()]
        most = part.loc[part["mean"].idxmax()]
        d = (float(least["difference"]), float(least["difference_low"]), float(least["difference_high"]))
        out.append(Check("gains", least["scenario"], 0, np.inf, d, bool(d[0] > 0) if binding else None, 100, "points"))
        inside = bool(most["mean"] <= HALF) if binding else None
        out.append(Check("half", most["scenario"], -np.inf, HALF, bounds(most), inside, 100, "%"))
    return out


def _without_obedience(study: Study) -> list[Check]:
    rows = study.table[(study.table["obedience"] == "none") & study.table["indicator"].isin(BY_OBEYING)]
    if not len(rows) or "difference" not in rows:
        return []
    most = float(rows["difference"].abs().max())
    return [Check("none", "", 0, 0, (most, np.nan, np.nan), most == 0.0)]


def gate_frame(study: Study) -> pd.DataFrame:
    """The gate as a tidy table."""
    rows = [(c.key, c.group, c.low, c.high, *c.value, c.inside) for c in checks(study)]
    return pd.DataFrame(rows, columns=["check", "group", "target_low", "target_high", "mean", "low", "high", "within"])


def gate_tables(study: Study, w: Words) -> list[Node]:
    """The gate for readers: published figures, then what must hold of the rulebooks."""
    head = [w[f"col_{k}"] for k in ("indicator", "target", "source", "model", "within")]
    nodes: list[Node] = []
    for caption, published in (("gate_published", True), ("gate_rules", False)):
        part = [c for c in checks(study) if bool(c.source) is published]
        if part:
            rows = [(_title(study, c, w), _target(c, w), _source(c, w), _value(c, w), _verdict(c, w)) for c in part]
            nodes.append(table(head, rows, w[caption], "wrap"))
    if any(c.inside is None for c in checks(study)):
        nodes.append(Text(w["gate_only_note"], "quiet"))
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


def _title(study: Study, c: Check, w: Words) -> str:
    where = c.group
    if c.key in ("gains", "half"):
        cell = study.experiment.cell(c.group)
        where = f"{w.say('answer_where', policy=policy_name(cell.policy, w), region=_region(study, cell.region, w))}"
    return w.say(f"gate_{c.key}", group=c.group, where=where)


def _region(study: Study, region: str, w: Words) -> str:

    return place_of(study, region, w)


def _target(c: Check, w: Words) -> str:
    unit = _unit(c, w)
    low, high = c.low * c.scale, c.high * c.scale
    if c.key == "none":
        return w.say("gate_equal", x="0")
    if c.high == np.inf:
        return w.say("gate_above", x=f"{low:g}{unit}")
    if c.low == -np.inf:
        return w.say("gate_below", x=f"{high:g}{unit}")
    return w.say("to", low=f"{low:g}", high=f"{high:g}{unit}")


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
    if c.inside is None:
        return Quiet(w["gate_only"])
    return Strong(w["yes"], "good") if c.inside else Strong(w["no"], "bad")


__all__ = ["LEVEL", "Check", "checks", "gate_frame", "gate_tables"]
