"""What came with hurry: meetings, agendas, refusals and lock-outs under each rulebook beside those before the reforms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from simlib.experiments.study import Study, bounds, gain
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, indicator_name, policy_name
from simlib.words.nodes import Said, Small, Table, table
from simlib.words.values import digits, number, scaled, unit_name

HURRY = (
    "duty_meetings_per_year", "meetings_per_year", "agenda_load", "overloaded", "refusal_rate", "reason_nrdl_membership",
    "state_refused", "state_waiting_for_room",
)  # fmt: skip
OF = {  # what a share is a share of
    "overloaded": "of_meetings", "refusal_rate": "of_hearings", "reason_nrdl_membership": "of_refusals",
    "state_refused": "of_time", "state_waiting_for_room": "of_time",
}  # fmt: skip


def hurry_table(study: Study, w: Words) -> Table:
    """What deadlines do to meetings, agendas, refusals and lock-outs."""
    picks = {i: study.pick(i) for i in HURRY}
    head = [w["col_region"], w["col_policy"]]
    for i in HURRY:
        unit = w[OF[i]] if i in OF else w["load_unit"] if i == "agenda_load" else unit_name(i, w)
        head.append(w.say("with_unit", name=indicator_name(i, w.language), unit=unit))
    rows = []
    for region in study.regions:
        for policy in study.policies_in(region):
            row: list[object] = [place_of(study, region, w), policy_name(policy, w, study.rulebooks.get(policy))]
            row += [_cell(i, p.loc[(region, policy)], policy == study.baseline, w) for i, p in picks.items()]
            rows.append(row)
    return table(head, rows, w.say("hurry_caption", baseline=baseline_name(study, w)), "small wrap")


def _cell(indicator: str, row: pd.Series, is_baseline: bool, w: Words) -> Said:
    """The mean with its interval, and below it the difference to before the reforms with its own."""
    text = _triple(indicator, bounds(row), w, False)
    change = gain(row)
    if is_baseline or not np.isfinite(change[0]):
        return text
    return f"{text}\n", Small(_triple(indicator, change, w, True))


def _triple(indicator: str, triple: tuple[float, float, float], w: Words, sign: bool) -> str:
    n = max(digits(indicator), 1)
    mean, low, high = (number(scaled(indicator, x), n, sign=sign) for x in triple)
    return mean if not np.isfinite(triple[1]) else w.say("points_interval", mean=mean, low=low, high=high)
