"""The start of a replication: one `State` with everything the compiled stages read and write."""

from __future__ import annotations

from typing import Any

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.streams import (
    Q_MONITORED,
    Q_OVER_COST,
    Q_OVER_DRUG_SHARE,
    Q_ROOM,
    normals,
    uniforms,
)  # fmt: skip
from simlib.core.workdays import INF
from simlib.model.begin_use import begin_use, use_arrays
from simlib.model.log import new_log
from simlib.model.obedience import draw_obedience
from simlib.model.rules import (
    HOSPITAL_KEYS,
    K_DIRECT,
    K_DUTY_CATALOGUE,
    K_DUTY_LIST,
    K_DUTY_LISTING,
    K_ENTER,
    N_KEYS,
    Others,
    Packed,
    late_duties,
    pack_rules,
)  # fmt: skip
from simlib.model.stages.awareness import channel_factors, meet_drugs
from simlib.model.stages.catalogue import Catalogues
from simlib.model.stages.listing import Listing
from simlib.model.stages.payers import Payers
from simlib.model.stages.recorded import recorded_dates
from simlib.model.state import (
    CASE,
    CUBE,
    DRUG,
    HOSPITAL,
    T_HOSPITALS,
    TALLY,
    Arrays,
    distributions,
    numbers,
    share,
)
from simlib.model.vectors import add_each, up_each
from simlib.scenario.world import World
from simlib.world.cohort import CLASSES
from simlib.world.region import OWNERS


def begin(
    world: World,
    others: Others,
    catalogues: Catalogues,
    listing: Listing,
    payers: Payers,
    later: np.ndarray,
    log_rows: int = 0,
) -> tuple[Arrays, Any]:
    """(arrays, what compiled functions take for S) at time 0, with listing decided and every pair's date of learning drawn.

    later: dates of the drugs' later indications (float64, (D, 3)). log_rows: room in the event log, 0 for none.
    """
    packed = pack_rules(world, others)
    num = numbers(world)
    dist, pool = distributions(world)
    asking = num[0]["all_before"] == 0.0
    knots = world.knots if asking else np.zeros(1)
    groups, group_of, sizes = hospital_groups(world)
    log, noted = new_log(log_rows)
    state = Arrays(
        key=world.key,
        table=world.table,
        num=num,
        dist=dist,
        pool=pool,
        drug=_drugs(world, others, catalogues, listing),
        hospital=_hospitals(world, group_of),
        rules=packed.rules,
        first=packed.first,
        shifts=packed.shifts,
        later=packed.later,
        since=packed.since,
        where=packed.hospitals,
        obey_u=np.full((len(world.hospitals), N_KEYS), INF),
        other_u=packed.u,
        listed_order=np.lexsort((world.drugs.ids, listing.listed)).astype(np.int32),
        knots=knots,
        firsts=world.firsts,
        rounds=np.array([r.published for r in world.scenario.rounds]),
        late=late_duties(world, packed),
        **_pages(world, len(groups), len(knots)),
        memo=np.full(4, -2.0),
        indications=later,
        years=np.array([world.calendar.start.year, world.calendar.start.month - 1]),
        **use_arrays(world, packed, payers, len(groups)),
        log=log,
        noted=noted,
    )
    state.tally[:, T_HOSPITALS] = sizes
    shared = share(state)
    draw_obedience(shared, np.array(HOSPITAL_KEYS), world.p.obedience.own_sd)
    _flag(shared, packed)
    meet_drugs(shared)
    begin_use(shared, packed)
    return state, shared


def _pages(world: World, groups: int, knots: int) -> dict[str, np.ndarray]:
    """Empty pages that the flow writes: thresholds and slots of pairs, interest, shares, counts."""
    n, h = len(world.drugs), len(world.hospitals)
    return {
        "x": np.zeros((h, n)), "slot": np.zeros((h, n), np.int32), "alive": np.empty((h, n), np.int32),
        "c": np.zeros((knots, n, 3)), "rate": np.zeros((knots, n, 3)),
        "bins": np.zeros((len(world.firsts) if knots > 1 else 0, n, 3), np.int32), "stocked": np.zeros((n, 3), np.int32),
        "targets": np.zeros((n, 3), np.int32), "tally": np.zeros((groups, len(TALLY))), "cube": np.zeros((n, groups, len(CUBE))),
    }  # fmt: skip


def new_cases(capacity: int) -> np.ndarray:
    """Room for `capacity` cases."""
    return np.empty(capacity, CASE)


def hospital_groups(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(level, type, owner, place of each group; each hospital's group; hospitals in each group)."""
    hs = world.hospitals
    kinds = np.stack([hs.level, hs.type, hs.owner, hs.place], axis=1) if len(hs) else np.zeros((0, 4), int)
    if not len(hs):
        return np.zeros((1, 4), int), np.zeros(0, int), np.zeros(1)
    groups, group_of, sizes = np.unique(kinds, axis=0, return_inverse=True, return_counts=True)
    return groups, group_of.reshape(-1), sizes


def _drugs(world: World, others: Others, catalogues: Catalogues, listing: Listing) -> np.ndarray:
    d, table, s = world.drugs, world.table, world.scenario
    out = np.zeros(len(d), DRUG)
    for name in ("approval", "value", "price", "appeal", "breadth", "patients", "area"):
        out[name] = getattr(d, name)
    out["id"] = d.ids
    out["listed"] = listing.listed
    for name in ("entered", "commercial", "list_entry", "duty_list"):
        out[name] = getattr(catalogues, name)
    out["duty_entered"], out["duty_commercial"] = _duty_dates(world, catalogues)
    out["recorded"] = recorded_dates(world, others)
    out["channels"] = channel_factors(world, others, listing.listed)
    for name, start in (("approval", d.approval), ("entered", catalogues.entered)):
        for months in (12, 24):
            out[f"{name}_{months}"] = add_each(table, start, np.full(len(d), float(months)), "months")
    out["tcm"] = d.klass == CLASSES.index("tcm_1")
    out["dear"] = d.dear
    out["two"] = d.two_specifications
    out["counted"] = (d.approval >= s.policy_from) & (d.approval < s.count_until)
    return out


def _duty_dates(world: World, catalogues: Catalogues) -> tuple[np.ndarray, np.ndarray]:
    """When the duty of the catalogues begins for a drug of the basic and of the commercial one (readings C1, E1)."""
    c = world.p.clocks
    dates = (
        (catalogues.effective, catalogues.commercial_effective)
        if c.catalogue_day == "force"
        else (catalogues.entered, catalogues.commercial)
    )
    basic, commercial = (up_each(world.table, t + c.catalogue_lag) for t in dates)
    return basic, commercial if c.catalogues == "both" else np.full(len(basic), INF)


def _hospitals(world: World, group_of: np.ndarray) -> np.ndarray:
    hs, p, key = world.hospitals, world.p, world.key
    out = np.zeros(len(hs), HOSPITAL)
    if not len(hs):
        return out
    u = lambda q: uniforms(key, q, hospitals=hs.ids)  # noqa: E731
    out["id"] = hs.ids
    for name in ("size", "catchment", "level", "type", "area"):
        out[name] = getattr(hs, name)
    out["group"] = group_of
    formulary = np.array([p.room.formulary.of(i) for i in (1, 2, 3)])[hs.level - 1]
    out["turn"] = p.room.turnover * formulary
    out["star"] = p.room.target_mean + p.room.target_sd * normals(key, Q_ROOM, hospitals=hs.ids)
    out["x"] = out["star"]
    out["last"] = -1.0
    out["backlog"] = p.committee.backlog
    out["direct"] = not p.stages.committee  # every request passes on its date
    places = p.committee.places
    unlimited = places == "unlimited" or not p.stages.committee
    out["places"] = -1 if unlimited else np.array([places[f"level_{i}"] for i in (1, 2, 3)])[hs.level - 1]
    out["over_share"] = u(Q_OVER_DRUG_SHARE) < p.barriers.over_target
    out["over_cost"] = u(Q_OVER_COST) < p.barriers.over_target
    out["monitored"] = u(Q_MONITORED) < p.barriers.monitored_hospitals
    out["leading"] = (hs.level == 3) & np.isin(hs.owner, [OWNERS.index("provincial"), OWNERS.index("national")])
    return out


def _flag(state: Any, packed: Packed) -> None:
    """Mark hospitals that a push or direct inclusion could ever reach, so that the others are passed over fast."""
    most = sum((packed.shifts["shift"][packed.shifts["kind"] == k].max(initial=0.0) for k in range(7)), 0.0)
    keys = {"pushed": (K_DUTY_LISTING, K_DUTY_CATALOGUE, K_DUTY_LIST, K_ENTER), "direct": (K_DIRECT,)}
    for field, which in keys.items():
        for k in which:
            _flag_key(state, k, most, 0 if field == "pushed" else 1)


@compiled
def _flag_key(S, key, most, field):
    obedience = S.num[0]["obedience"]
    for h in range(S.hospital.size):
        for i in range(S.first[key], S.first[key + 1]):
            rule = S.rules[i]
            could = obedience == 2.0 or (obedience == 1.0 and S.obey_u[h, key] < rule["logit"] + most)
            if could and S.where[rule["hospitals"], h]:
                if field == 0:
                    S.hospital[h]["pushed"] = 1
                else:
                    S.hospital[h]["direct"] = 1
