"""Patients: who is treated, where, who waits, travels or is lost, and at which stage their home hospital stood meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simlib.core.workdays import YEAR
from simlib.model.pair_records import STATES
from simlib.model.record import Record
from simlib.model.sums import CUBE
from simlib.model.use_records import Fates
from simlib.outcomes.groups import Key, counted_drugs, hospital_groups

BEFORE_STOCK = 8  # states up to being bought
TOLERANCE = 1e-9
FATE = {name: place for place, name in enumerate(Fates.names())}  # places of the sums in `Record.fates`


def check_balance(record: Record) -> None:
    """Nobody appears or vanishes: each counted drug's arrivals are just those treated, travelled, lost, unseen or waiting.

    Raises RuntimeError naming the drug and the difference where it exceeds 1e-9 of the arrivals.
    """
    flows = record.fates[counted_drugs(record)].sum(axis=1)
    arrivals = flows[:, FATE["arrivals"]]
    off = np.abs(arrivals - flows[:, FATE["unseen"] : FATE["waiting"] + 1].sum(axis=1))
    wrong = np.flatnonzero(off > TOLERANCE * np.maximum(arrivals, 1.0))
    if wrong.size:
        name = np.array(record.world.drugs.names)[counted_drugs(record)][wrong[0]]
        raise RuntimeError(f"patients of drug {name}: {off[wrong[0]]} of {arrivals[wrong[0]]} unaccounted for")


def patients(record: Record) -> Iterator[tuple[Key, float]]:
    """Shares of eligible patients of counted drugs from approval to the horizon, by home hospital's group."""
    if not record.world.p.stages.use:
        return
    check_balance(record)
    here = counted_drugs(record)
    for by, group, inside in hospital_groups(record):
        f = record.fates[here][:, inside].sum(axis=(0, 1))
        came = f[FATE["arrivals"]]
        treated = f[FATE["hospital"] : FATE["study"] + 1].sum() + f[FATE["travelled"]]
        yield ("patients", by, group), float(came)
        for name, value in (
            ("treated_share", treated),
            ("treated_hospital_share", f[FATE["hospital"]]),
            ("treated_pharmacy_share", f[FATE["pharmacy"]]),
            ("travelled_share", f[FATE["travelled"]]),
            ("lost_share", f[FATE["lost"]] + f[FATE["unseen"]]),
            ("waiting_share", f[FATE["waiting"]]),
        ):
            yield (name, by, group), float(value / came) if came > 0 else np.nan
        yield ("days_without_access", by, group), float(f[FATE["wait_days"]] / came) if came > 0 else np.nan
    yield from _pharmacies(record, here)
    yield from _lost_time(record, here)
    yield from _gaps(record, here)


def _pharmacies(record: Record, here: np.ndarray) -> Iterator[tuple[Key, float]]:
    """Mean over drugs, 24 months after approval: the part of target hospitals' patients who could get the drug at a pharmacy,
    and how many of the region's designated pharmacies may sell it."""
    full = here & (_after_24(record) < record.world.horizon)
    targets = record.targets.sum(axis=1)
    use = full & (targets > 0)
    share = record.fates[:, :, FATE["pharmacy_24"]].sum(axis=1)
    yield ("pharmacy_share", "all", "all"), float((share[use] / targets[use]).mean()) if use.any() else np.nan
    region, p = record.world.scenario.region, record.world.p.dual_channel
    pharmacies = p.pharmacies_per_million * (region.population_million if region else 0.0)
    begun = record.payers.designated <= _after_24(record)
    yield ("pharmacies_24m", "all", "all"), float(pharmacies * begun[full].mean()) if full.any() else np.nan


def _after_24(record: Record) -> np.ndarray:
    from simlib.model.vectors import add_each

    d = record.world.drugs
    return add_each(record.world.table, d.approval, np.full(len(d), 24.0), "months")


def _lost_time(record: Record, here: np.ndarray) -> Iterator[tuple[Key, float]]:
    """Patient-years of waiting in the whole, and split over the states in which home hospitals were in the first 24 months.

    The split is in proportion to the days that the pairs of the same drug and hospital group spent in each state.
    """
    first = CUBE.index("days_" + STATES[0])
    days = record.cube[here][:, :, first : first + len(STATES)]
    waited = record.fates[here][:, :, FATE["wait_days"]]
    total = days.sum(axis=2)
    part = np.divide(days, total[:, :, None], out=np.zeros_like(days), where=total[:, :, None] > 0)
    yield ("patient_years_waiting", "all", "all"), float(waited.sum() / YEAR)
    for i, name in enumerate(STATES[:BEFORE_STOCK]):
        yield ("waiting_" + name, "all", "all"), float((part[:, :, i] * waited).sum() / YEAR)


def _gaps(record: Record, here: np.ndarray) -> Iterator[tuple[Key, float]]:
    """Fairness: how treatment leans to city and higher hospitals (concentration index), and gaps in percentage points."""
    f = record.fates[here].sum(axis=0)
    came, treated = (
        f[:, FATE["arrivals"]],
        f[:, FATE["hospital"] : FATE["study"] + 1].sum(axis=1) + f[:, FATE["travelled"]],
    )
    share = np.divide(treated, came, out=np.zeros(len(came)), where=came > 0)
    level, place = record.groups[:, 0], record.groups[:, 3]
    for name, rich, poor in (
        ("gap_treated_levels", level == 3, level == 2),
        ("gap_treated_city_county", place == 0, place == 1),
    ):
        pair = [treated[k].sum() / came[k].sum() if came[k].sum() > 0 else np.nan for k in (rich, poor)]
        yield (name, "all", "all"), 100.0 * (pair[0] - pair[1])
    yield ("concentration_index", "all", "all"), concentration_index(share, came, -2.0 * place + level)


def concentration_index(share: np.ndarray, weight: np.ndarray, rank: np.ndarray) -> float:
    """Concentration index of a share over weighted groups ranked from the least to the most favoured.

    C = 2 cov_w(share, fractional rank) / mean share (Kakwani, Wagstaff and van Doorslaer 1997); groups of one rank share
    it. 0: evenly spread; towards 1: concentrated on the most favoured. NaN where nobody is treated.
    """
    total = weight.sum()
    mean = float((share * weight).sum() / total) if total > 0 else 0.0
    if mean <= 0:
        return np.nan
    values, place = np.unique(rank, return_inverse=True)
    size = np.bincount(place, weights=weight, minlength=len(values)) / total
    middle = (np.cumsum(size) - size / 2.0)[place]
    return float(2.0 * ((share - mean) * (middle - 0.5) * weight).sum() / total / mean)


__all__ = ["check_balance", "concentration_index", "patients"]
