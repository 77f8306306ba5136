"""What one replication leaves behind: dates by drug, sums by drug and hospital group, counts; dates by pair on request."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simlib.model.stages.catalogue import Catalogues
from simlib.model.stages.listing import Listing
from simlib.model.stages.payers import Payers
from simlib.model.stages.preapproval import Pipeline
from simlib.model.stages.routes import Products
from simlib.scenario.world import World

CURVE_DAYS = 1096  # three years


@dataclass(frozen=True)
class Record:
    """One replication's outcome.

    cube: float64 (D, G, len(CUBE)), sums over target pairs of counted drugs. tally: float64 (G, len(TALLY)), from
    policy_from on. targets: int32 (D, 3), target hospitals by drug and level (1 first). snapshots: int32 (dates, D, 3),
    pairs that stock by drug and level. groups: the (level, type, owner, place) of each hospital group, and its size.
    The last snapshot is the end. events: float64 (3, CURVE_DAYS + 2), target pairs of counted drugs by level and whole days
    from approval to regular stock, rounded up (the last column gathers what is later); early: what was rounded, added up
    (as `events`). pairs: dates by pair, only where asked for.
    fates: float64 (D, G, len(FATES)), expected patients and days by drug and home hospital's group. money: Money
    (C, J, D). sittings: float64 (n, 4) of special review. used: float64 (H, J). served: (J).
    log: Note (notes,), events of pairs in the order of their noting, only where asked for (`simlib.outcomes.events` reads it).
    indications: float64 (D, 3), dates of later indications. supplements: (filed, review done), float64 (D, 8). pipeline:
    projects, where the cohort is one. products: those of special routes. supplies: uint8 (dates, H, D), the bits of `Supplied`
    on the dates of the snapshots, only where asked for.
    """

    world: World
    catalogues: Catalogues
    listing: Listing
    cube: np.ndarray
    tally: np.ndarray
    targets: np.ndarray
    snapshots: np.ndarray
    events: np.ndarray
    early: np.ndarray
    first_stock: np.ndarray
    groups: np.ndarray
    group_sizes: np.ndarray
    pairs: Pairs | None
    payers: Payers
    fates: np.ndarray
    money: np.ndarray
    sittings: np.ndarray
    used: np.ndarray
    served: np.ndarray
    indications: np.ndarray
    supplements: tuple[np.ndarray, np.ndarray]
    pipeline: Pipeline | None
    products: Products
    log: np.ndarray | None = None
    supplies: np.ndarray | None = None


@dataclass(frozen=True)
class Pairs:
    """Dates and counts by pair: arrays (H, D); inf or 0 where something never happened before the horizon."""

    state: np.ndarray
    aware: np.ndarray
    first_ask: np.ndarray
    first_heard: np.ndarray
    passed: np.ndarray
    stock: np.ndarray
    temporary_first: np.ndarray
    removed: np.ndarray
    hearings: np.ndarray
    asks: np.ndarray
    refusals: np.ndarray
    temporaries: np.ndarray
    meetings: np.ndarray
    duty_meetings: np.ndarray
