"""Whether the answer stands where hospitals obey in full, or where a text is read otherwise: both are computed, not told.

A headline holds by default obedience and with every text read by default. What of it changes elsewhere stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from simlib.experiments.study import LEVEL, MAIN, Study, bounds, gain
from simlib.report.obedience import surely_ahead
from simlib.scenario.experiment_files import Cell
from simlib.see.places import place_of
from simlib.words import Words
from simlib.words.names import baseline_name, indicator_name, policy_name
from simlib.words.nodes import Table, table
from simlib.words.values import number, with_interval

LEAST = 3  # rulebooks beside the baseline of which an order says something


def readings_sentence(study: Study, w: Words) -> str:
    """The gains where a text is read in another way; "" where nothing was run so."""
    cells = [c for c in _read_both_ways(study) if c.policy != study.baseline]
    said = []
    for reading in dict.fromkeys(c.reading for c in cells):
        parts = w["semicolon"].join(_part(study, c, w) for c in cells if c.reading == reading)
        said.append(w.say("readings_answer", reading=read_as(reading, w), parts=parts))
    return ("" if w.language == "zh" else " ").join(said)


def _part(study: Study, cell: Cell, w: Words) -> str:
    """The gain of one rulebook under the other reading, and under the default one."""
    signed = w.language != "zh"
    mean, low, high = (number(100 * x, sign=signed) for x in gain(_row(study, cell, read=True)))
    main = number(100 * gain(_row(study, cell))[0], sign=signed)
    policy, region = _name(study, cell.policy, w), place_of(study, cell.region, w)
    return w.say("readings_part", policy=policy, region=region, mean=mean, low=low, high=high, main=main)


def readings_table(study: Study, w: Words) -> Table | None:
    """The headline and its gain under both readings, a line a rulebook; None where nothing was read otherwise."""
    rows = []
    for cell in _read_both_ways(study):
        main, other, base = _row(study, cell), _row(study, cell, read=True), cell.policy == study.baseline
        values = [
            (with_interval(MAIN, bounds(r), w), "" if base else with_interval(MAIN, gain(r), w, True))
            for r in (main, other)
        ]
        rows.append((
            place_of(study, cell.region, w), _name(study, cell.policy, w), *values[0], read_as(cell.reading, w), *values[1],
        ))  # fmt: skip
    if not rows:
        return None
    main, change = f"{indicator_name(MAIN, w.language)} (%)", w.say("col_gain", baseline=baseline_name(study, w))
    head = [w["col_region"], w["col_policy"], f"{main}, {w['read_default']}", change, w["col_reading"], main, change]
    return table(head, rows, w["readings_caption"], "wrap")


def _read_both_ways(study: Study) -> list[Cell]:
    """Scenarios that ran with a text read otherwise and by default, in places that have the main indicator."""
    pairs = [(c, study.cell(c.region, c.policy, c.obedience)) for c in study.read_otherwise]
    return [c for c, main in pairs if main and _has(study, c) and _has(study, main)]


def _has(study: Study, cell: Cell) -> bool:
    """Whether a scenario has the main indicator; one without tertiary hospitals has not."""
    return (MAIN, *LEVEL) in study.results[cell.name].values.index


def _row(study: Study, cell: Cell, read: bool = False) -> pd.Series:
    """The main indicator of a cell, or of the same one with every text read by default."""
    found = cell if read else study.cell(cell.region, cell.policy, cell.obedience)
    return study.row(found, MAIN, *LEVEL)


def read_as(reading: str, w: Words) -> str:
    """A reading in words; one that no stored experiment has by its name."""
    return w.get(f"read_{reading}", f"“{reading}”")


def orders_sentence(study: Study, w: Words) -> str:
    """In which order the rulebooks of a place stand at each degree and reading, and which change places; "" where too few ran."""
    told = []
    for region in study.regions:
        ways = [(label, cells) for label, cells in _ways(study, region, w) if len(cells) >= LEAST]
        if len(ways) > 1:
            lists = [w.say("orders_way", way=label, order=_order(study, cells, w)) for label, cells in ways]
            said = w.say("orders", region=place_of(study, region, w), ways=w["semicolon"].join(lists))
            told.append(said + _turned(study, ways, w))
    return ("" if w.language == "zh" else " ").join(told)


def _ways(study: Study, region: str, w: Words) -> list[tuple[str, list[Cell]]]:
    """Each degree of obedience, and each other reading, with the rulebooks that ran so; the default degree first."""
    degrees = sorted(study.obediences, key=lambda d: d != "default")
    found = [(w[f"orders_{d}"], [c for c in study.cells if c.region == region and c.obedience == d]) for d in degrees]
    others = [c for c in study.read_otherwise if c.region == region and c.obedience == "default"]
    found += [
        (w.say("orders_read", reading=read_as(r, w)), [c for c in others if c.reading == r])
        for r in dict.fromkeys(c.reading for c in others)
    ]
    return [(label, [c for c in cells if c.policy != study.baseline and _has(study, c)]) for label, cells in found]


def _order(study: Study, cells: Sequence[Cell], w: Words) -> str:
    """ "Chongqing 54.9%, Sichuan 54.7%*": the highest first; * where it is not told apart from the one before it."""
    ranked = sorted(cells, key=lambda c: -_values(study, c).mean())
    parts = []
    for before, cell in zip([None, *ranked], ranked, strict=False):
        tied = before is not None and surely_ahead(_values(study, before), _values(study, cell)) == 0
        share = number(100 * float(_values(study, cell).mean()))
        parts.append(f"{_name(study, cell.policy, w)} {share}%{'*' if tied else ''}")
    return w["comma"].join(parts)


def _turned(study: Study, ways: Sequence[tuple[str, list[Cell]]], w: Words) -> str:
    """Which pairs are ahead for certain in the first way and behind for certain in another, and the mark of the lists."""
    (first, cells), pairs = ways[0], []
    for label, others in ways[1:]:
        there = {c.policy: c for c in others}
        for a, b in combinations([c for c in cells if c.policy in there], 2):
            signs = [
                surely_ahead(*(_values(study, x) for x in pair))
                for pair in ((a, b), (there[a.policy], there[b.policy]))
            ]
            if signs[0] * signs[1] < 0:
                ahead, behind = (a, b) if signs[0] > 0 else (b, a)
                names = {"a": _name(study, ahead.policy, w), "b": _name(study, behind.policy, w)}
                pairs.append(w.say("orders_turned", **names, first=first, way=label))
    return w.say("orders_turn", pairs=w["semicolon"].join(pairs)) if pairs else w["orders_hold"]


def _values(study: Study, cell: Cell) -> pd.Series:
    """The main indicator of a cell by replication."""
    return study.results[cell.name].values.loc[(MAIN, *LEVEL)]


def _name(study: Study, policy: str, w: Words) -> str:
    return policy_name(policy, w, study.rulebooks.get(policy))
