"""Patients and money by place and rulebook: two tables, each number with interval, unit and paired difference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from simlib.experiments.study import Study, bounds, gain
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, indicator_name, policy_name
from simlib.words.nodes import Node, Said, Small, Table, Text, table
from simlib.words.values import unit_name, with_interval

PATIENTS = ("treated_share", "days_without_access", "patient_share", "hospital_result_yuan", "days_to_payment")
FUND = "fund_million"
ALL = ("all", "all")

Column = tuple[str, str, str]  # indicator, by, group


def patients_nodes(study: Study, w: Words) -> list[Node]:
    """The section below its title."""
    s = study.scenario
    base = baseline_name(study, w)
    text = w.say("patients_text", policy_from=s.calendar.date(s.policy_from), baseline=base)
    shown = [(i, *ALL) for i in PATIENTS if len(study.pick(i, *ALL))]
    money = [(FUND, "year", year) for year in _years(study)]
    if not shown:
        return [Text(w["patients_none"])]
    nodes: list[Node] = [Text(text), columns_table(study, w, shown, w.say("patients_caption", baseline=base))]
    if money:
        nodes.append(columns_table(study, w, money, w.say("money_caption", baseline=base)))
    return [*nodes, Text(w["patients_read"], "quiet")]


def _years(study: Study) -> list[str]:
    """The calendar years for which bills of the fund are there."""
    t = study.table
    return sorted(set(t[(t["indicator"] == FUND) & (t["by"] == "year")]["group"].astype(str)), key=int)


def columns_table(study: Study, w: Words, columns: Sequence[Column], caption: str) -> Table:
    """Places and rulebooks down, measures across, at default obedience."""
    picks = {c: study.pick(*c) for c in columns}
    head = [w["col_region"], w["col_policy"], *(_head(c, w) for c in columns)]
    rows = []
    for region in study.regions:
        for policy in study.policies_in(region):
            row: list[object] = [place_of(study, region, w), policy_name(policy, w, study.rulebooks.get(policy))]
            rows.append(row + [_cell(c, picks[c], (region, policy), policy == study.baseline, w) for c in columns])
    return table(head, rows, caption)


def _head(column: Column, w: Words) -> str:
    indicator, by, group = column
    name = indicator_name(indicator, w.language)
    if by == "year":
        name = w.say("year_of", name=name, year=group)
    return w.say("with_unit", name=name, unit=unit_name(indicator, w))


def _cell(column: Column, pick: pd.DataFrame, key: tuple[str, str], is_baseline: bool, w: Words) -> Said:
    """The mean with its interval; below it the difference to the baseline with its own."""
    if key not in pick.index:
        return w["none_run"]
    row, indicator = pick.loc[key], column[0]
    value = with_interval(indicator, bounds(row), w)
    change = gain(row)
    if is_baseline or not np.isfinite(change[0]):
        return (value,)  # set as the cells below it are
    return f"{value}\n", Small(with_interval(indicator, change, w, True))


__all__ = ["FUND", "PATIENTS", "columns_table", "patients_nodes"]
