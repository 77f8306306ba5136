"""Indicators of stage 3, and of published figures on drugs of the catalogue: entry, and shares of hospitals on a date."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simlib.model.record import Record
from simlib.outcomes.groups import Key, counted_drugs


def catalogue(record: Record) -> Iterator[tuple[Key, float]]:
    """entered, entered_commercial, entered_same_year and entered_days_median."""
    w, entered, commercial = record.world, record.catalogues.entered, record.catalogues.commercial
    counted = counted_drugs(record)
    if w.scenario.rounds:
        yield from _same_year(record, counted)
        yield ("entered", "all", "all"), _share(entered < w.horizon, counted)
        yield ("entered_commercial", "all", "all"), _share(commercial < w.horizon, counted)
    for by, group, inside in (
        ("all", "all", counted & (entered < w.horizon)),
        ("date", "before", (w.drugs.approval < w.scenario.policy_from) & (entered < w.scenario.policy_from)),
    ):
        if inside.any():
            yield ("entered_days_median", by, group), float(np.median(entered[inside] - w.drugs.approval[inside]))
        elif by == "all":
            yield ("entered_days_median", by, group), np.nan


def _same_year(record: Record, counted: np.ndarray) -> Iterator[tuple[Key, float]]:
    """Shares of drugs of a year that the catalogue of that year took; over all years, of counted drugs."""
    w, entered = record.world, record.catalogues.entered
    years = np.array([w.calendar.date(t).year for t in w.drugs.approval])
    at_once, had = np.zeros(len(years), bool), np.zeros(len(years), bool)
    for r in w.scenario.rounds:
        this = years == r.year
        had |= this
        at_once |= this & (entered == r.published)
        if this.any():
            yield ("entered_same_year", "year", str(r.year)), float(at_once[this].mean())
    yield ("entered_same_year", "all", "all"), _share(at_once, counted & had)


def _share(inside: np.ndarray, of: np.ndarray) -> float:
    return float(inside[of].mean()) if of.any() else np.nan


def snapshots(record: Record) -> Iterator[tuple[Key, float]]:
    """Published figures count all hospitals of a level, and all catalogue drugs of the date."""
    w = record.world
    size = {level: record.group_sizes[record.groups[:, 0] == level].sum() for level in (3, 2)}
    for t, counts in zip(w.scenario.snapshots, record.snapshots, strict=False):
        drugs = record.catalogues.entered <= t
        if not drugs.any() or not size[3]:
            continue
        date = str(w.calendar.date(t))
        tertiary = counts[drugs, 2] / size[3]
        yield ("snapshot_median", "date", date), float(np.median(tertiary))
        yield ("snapshot_under_10", "date", date), float((tertiary < 0.1).mean())
        if size[2] and counts[drugs, 1].sum():
            yield (
                ("snapshot_ratio", "date", date),
                float(tertiary.mean() / (counts[drugs, 1] / size[2]).mean()),
            )
