"""Stage 7b: recorded purchasing, small purchases on filing of a drug that is not yet listed (reading B8)."""

from __future__ import annotations

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.distributions import sample
from simlib.core.streams import Q_RECORDED, Q_RECORDED_TIME, exponential, uniform
from simlib.core.workdays import INF, add, add_months, up
from simlib.model.pair_records import Timing
from simlib.model.places import listed_at
from simlib.model.rules import Others
from simlib.model.stages.awareness import patients
from simlib.model.state import State
from simlib.scenario.world import World


def recorded_dates(world: World, others: Others) -> np.ndarray:
    """From when the platform lets each drug be bought on filing (float64, D); inf where it never does."""
    if not (world.p.stages.temporary and world.p.stages.committee):
        return np.full(len(world.drugs), INF)
    return others.first("listing.other_routes", "recorded", world.drugs.approval)


@compiled
def recorded_supply(S: State, h, d, stock):
    """(from, to) of a pair's supply by recorded purchasing, given the date of its regular stock; (inf, inf) for none.

    It hangs on keyed draws and the listing alone and influences no decision, so that it may be asked for at any time.
    """
    n, drug, hospital = S.num, S.drug[d], S.hospital[h]
    listed = listed_at(S, h, d)
    rate = patients(S, h, d) * n.recorded_in_need
    if drug.recorded >= min(listed, n.horizon) or rate <= 0.0:
        return INF, INF
    wait = exponential(S.key, Q_RECORDED, 0, hospital.id, drug.id)
    need = up(S.table, drug.recorded + 365.25 * wait / rate)
    if need >= min(listed, n.horizon):
        return INF, INF
    dist = S.dist[Timing.TEMPORARY]
    x = sample(uniform(S.key, Q_RECORDED_TIME, 0, hospital.id, drug.id), dist, S.pool)
    start = up(S.table, add(S.table, need, x, dist.unit))
    end = stock
    if listed < n.horizon:
        end = min(stock, up(S.table, add_months(S.table, listed, n.recorded_ends)))
    return (start, end) if start < end else (INF, INF)
