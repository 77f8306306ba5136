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
from simlib.core.sums import in_turn
from simlib.core.workdays import INF
from simlib.model.begin_use import begin_use, use_arrays, yearly_patients
from simlib.model.log import new_log
from simlib.model.numbers import Obedience, numbers
from simlib.model.obedience import draw_obedience
from simlib.model.pair_records import BY_CATALOGUE, BY_LIST, BY_LISTING, Case, Drug, Hospital
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
from simlib.model.stages.canvass import DUTY, PUBLICATION
from simlib.model.stages.catalogue import Catalogues
from simlib.model.stages.listing import Listing
from simlib.model.stages.payers import Payers
from simlib.model.stages.queues import queue_pages
from simlib.model.stages.recorded import recorded_dates
from simlib.model.state import State, distributions, share
from simlib.model.sums import Count, Cube, Tally
from simlib.model.use_records import Use
from simlib.model.vectors import add_each, up_each
from simlib.scenario.world import World
from simlib.world.cohort import CLASSES, RARE
from simlib.world.region import AREAS, OWNERS, PLACES


def begin(
    world: World,
    others: Others,
    catalogues: Catalogues,
    listing: Listing,
    payers: Payers,
    later: np.ndarray,
    log_rows: int = 0,
) -> tuple[State, Any]:
    """(arrays, what compiled functions take for S) at time 0, with listing decided and every pair's date of learning drawn.

    later: dates of the drugs' later indications (float64, (D, 3)). log_rows: room in the event log, 0 for none.
    """
    packed = pack_rules(world, others)
    drug = _drugs(world, others, catalogues, listing)
    state = _laid_out(world, packed, drug, others, listing, payers, later, log_rows)
    shared = share(state)
    draw_obedience(shared, np.array(HOSPITAL_KEYS), world.p.obedience.own_sd)
    _flag(shared, packed)
    meet_drugs(shared)
    state = state._replace(**_target_pages(state, len(state.knots), bool(world.p.stages.use)))
    shared = share(state)
    begin_use(shared, packed)
    return state, shared


def _laid_out(
    world: World,
    packed: Packed,
    drug: np.ndarray,
    others: Others,
    listing: Listing,
    payers: Payers,
    later: np.ndarray,
    log_rows: int,
) -> State:
    """All arrays before anything is drawn for a pair."""
    num, (dist, pool) = numbers(world), distributions(world)
    knots = np.zeros(1) if num["all_before"] else world.knots
    groups, group_of, sizes = hospital_groups(world)
    state = State(
        key=world.key,
        table=world.table,
        num=num,
        dist=dist,
        pool=pool,
        drug=drug,
        listed=np.ascontiguousarray(listing.listed),
        channels=channel_factors(world, others, listing.listed),
        hospital=_hospitals(world, group_of),
        **_rules(world, packed),
        **_dates(world, packed, drug, bool(num["moved"])),
        knots=knots,
        **_pages(world, len(groups), len(knots)),
        cases=np.empty(0, Case.dtype),
        count=Count.zeros(),
        **queue_pages(np.zeros(0, np.int64), np.zeros((0, 3), np.int64), 0),  # until it is known who is a target
        indications=later,
        years=np.array([world.calendar.start.year, world.calendar.start.month - 1]),
        **use_arrays(world, packed, payers, len(groups)),
        log=new_log(log_rows),
    )
    state.tally["hospitals"] = sizes
    return state


def _rules(world: World, packed: Packed) -> dict[str, np.ndarray]:
    """Hospitals' rules, whom they reach, and room for who obeys them."""
    return {
        "rules": packed.rules, "first": packed.first, "shifts": packed.shifts, "later": packed.later,
        "since": packed.since, "where": _scopes_by_kind(packed), "other_u": packed.u,
        "obey_u": np.full((len(world.hospitals), N_KEYS), INF), **_leanings(packed),
    }  # fmt: skip


def _dates(world: World, packed: Packed, drug: np.ndarray, moved: bool) -> dict[str, np.ndarray]:
    """Firsts of months, publications, and the dates on which duties may push who is silent."""
    late, rounds = late_duties(world, packed), np.array([r.published for r in world.scenario.rounds], float)
    wakes = _wakes(drug, rounds, late, moved)
    reach = _reach(packed, len(wakes["wake_at"]), len(drug))
    return {"firsts": world.firsts, "rounds": rounds, "late": late, **wakes, "reach": reach}


def _pages(world: World, groups: int, knots: int) -> dict[str, np.ndarray]:
    """Pages of pairs and drugs: what firms' effort does, and, empty, thresholds and slots, interest, shares, counts."""
    n, h = len(world.drugs), len(world.hospitals)
    visits = np.array([world.p.asking.visits.of(level) for level in (1, 2, 3)])
    return {
        "effort": 1.0 + visits * (world.drugs.effort[:, None] - 1.0),
        "x": np.zeros((h, n)), "slot": np.zeros((h, n), np.int32),
        "c": np.zeros((knots, n, 3)), "rate": np.zeros((knots, n, 3)),
        "bins": np.zeros((len(world.firsts) if knots > 1 else 0, n, 3), np.int32), "stocked": np.zeros((n, 3), np.int32),
        "targets": np.zeros((n, 3), np.int32), "tally": Tally.zeros(groups), "cube": Cube.zeros(n, groups),
    }  # fmt: skip


def _target_pages(state: State, knots: int, use: bool) -> dict[str, np.ndarray]:
    """Pages for target pairs alone: a pair has one case at most, and is used at most once."""
    by_hospital = state.hospital["targets"].copy()
    pairs = int(by_hospital.sum())
    pages = {"cases": np.empty(pairs, Case.dtype), "uses": np.empty(pairs if use else 0, Use.dtype)}
    return pages | queue_pages(by_hospital, state.targets, knots)


def hospital_kinds(packed: Packed) -> tuple[np.ndarray, np.ndarray]:
    """(a hospital of each kind, each hospital's kind): those of one kind are in the scopes of the same rules."""
    bits = np.int64(1) << np.arange(min(len(packed.hospitals), 62))
    code = bits @ packed.hospitals[:62] if len(packed.hospitals) <= 62 else packed.hospitals.T
    _, example, kind = np.unique(code, axis=0, return_index=True, return_inverse=True)
    return example, kind.reshape(-1).astype(np.int64)


def _scopes_by_kind(packed: Packed) -> np.ndarray:
    """Whether hospitals of a kind are inside a scope of hospitals: so few numbers that they stay in the cache."""
    return np.ascontiguousarray(packed.hospitals[:, hospital_kinds(packed)[0]])


def _leanings(packed: Packed) -> dict[str, np.ndarray]:
    """Steps of oversight by kind of hospital and drug, none of them added up yet."""
    kinds, kind = hospital_kinds(packed)
    rows = (packed.shifts, packed.later)
    steps = np.unique(np.concatenate([r[end] for r in rows for end in ("start", "stop")]))
    own = packed.since[np.unique(np.concatenate([r["drugs"] for r in rows]))].T
    at = np.concatenate([np.broadcast_to(steps, (len(own), len(steps))), own], axis=1)
    at = np.sort(np.where(np.isfinite(at), at, INF), axis=1)
    at = np.ascontiguousarray(at[:, : int(np.isfinite(at).sum(axis=1).max(initial=0))])
    lean = np.full((len(kinds), len(at), at.shape[1] + 1), np.nan)
    return {"kind": kind, "lean_at": at, "lean": lean}


def _reach(packed: Packed, dates: int, drugs: int) -> np.ndarray:
    """Room for what a duty after a catalogue comes to, by date, kind of hospital and drug."""
    return np.full((dates, len(hospital_kinds(packed)[0]), drugs), np.nan)


def _wakes(drug: np.ndarray, rounds: np.ndarray, late: np.ndarray, moved: bool) -> dict[str, np.ndarray]:
    """Dates on which a duty may push whoever is silent: publications, starts of duties, and dates of one drug's own."""
    own = ("duty_list", "duty_entered", "duty_commercial") if moved else ("duty_list",)
    dates = np.concatenate([rounds, late[1], *(drug[name] for name in own)])
    which = [np.full(len(rounds), PUBLICATION), np.full(late.shape[1], DUTY), *(np.arange(len(drug)) for _ in own)]
    order = np.argsort(dates, kind="stable")
    order = order[np.isfinite(dates[order]) & (dates[order] >= 0.0)]
    return {"wake_at": dates[order], "wake_drug": np.concatenate(which)[order].astype(np.int64)}


def hospital_groups(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(level, type, owner, place of each group; each hospital's group; hospitals in each group)."""
    hs = world.hospitals
    if not len(hs):
        return np.zeros((1, 4), int), np.zeros(0, int), np.zeros(1)
    kinds = np.stack([hs.level, hs.type, hs.owner, hs.place])
    shape = tuple(kinds.max(axis=1) + 1)
    codes = np.ravel_multi_index(tuple(kinds), shape)  # numbers in the order of the rows, and faster to sort than these
    groups, group_of, sizes = np.unique(codes, return_inverse=True, return_counts=True)
    return np.stack(np.unravel_index(groups, shape), axis=1).astype(kinds.dtype), group_of.reshape(-1), sizes


def _drugs(world: World, others: Others, catalogues: Catalogues, listing: Listing) -> np.ndarray:
    d, table, s = world.drugs, world.table, world.scenario
    out = Drug.zeros(len(d))
    for name in ("approval", "value", "price", "appeal", "breadth", "patients", "area"):
        out[name] = getattr(d, name)
    out["id"] = d.ids
    out["first_listed"] = listing.first
    out["arrivals"] = yearly_patients(world)
    out["treats"] = _treats(world)
    for name in ("entered", "commercial", "list_entry", "duty_list"):
        out[name] = getattr(catalogues, name)
    out["duty_entered"], out["duty_commercial"] = _duty_dates(world, catalogues)
    out["recorded"] = recorded_dates(world, others)
    for name, start in (("approval", d.approval), ("entered", catalogues.entered)):
        for months in (12, 24):
            out[f"{name}_{months}"] = add_each(table, start, np.full(len(d), float(months)), "months")
    out["orphan"] = d.area == RARE
    out["tcm"] = d.klass == CLASSES.index("tcm_1")
    out["dear"] = d.dear
    out["two"] = d.two_specifications
    out["counted"] = (d.approval >= s.policy_from) & (d.approval < s.count_until)
    return out


def _treats(world: World) -> np.ndarray:
    """Share of general hospitals of levels 1, 2 and 3 that treat each drug's disease, over that at level 3 (float64, (D, 3))."""
    a, area = world.p.asking, world.drugs.area
    shares = np.array([[a.treats[name].of(level) for level in (1, 2, 3)] for name in AREAS])[area]
    return np.where((area == RARE)[:, None], shares * a.orphan_breadth, shares)


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
    out = Hospital.zeros(len(hs))
    if not len(hs):
        return out
    u = lambda q: uniforms(key, q, hospitals=hs.ids)  # noqa: E731
    out["id"] = hs.ids
    for name in ("size", "catchment", "level", "type", "area", "province"):
        out[name] = getattr(hs, name)
    out["group"] = group_of
    formulary = np.array([p.room.formulary.of(i) for i in (1, 2, 3)])[hs.level - 1]
    out["turn"] = p.room.turnover * formulary
    out["target"] = p.room.target_mean + p.room.target_sd * normals(key, Q_ROOM, hospitals=hs.ids)
    out["free"] = out["target"]
    out["last"], out["line"] = -1.0, -1
    out["backlog"] = p.committee.backlog
    out["lead"] = world.leads
    out["direct"] = (out["lead"] >= 0) | (not p.stages.committee)  # without one, every request passes on its date
    places = p.committee.places
    unlimited = places == "unlimited" or not p.stages.committee
    out["places"] = -1 if unlimited else np.array([places[f"level_{i}"] for i in (1, 2, 3)])[hs.level - 1]
    out["network"] = hs.network
    out["over_share"] = u(Q_OVER_DRUG_SHARE) < p.barriers.over_target
    out["over_cost"] = u(Q_OVER_COST) < p.barriers.over_target
    out["monitored"] = u(Q_MONITORED) < p.barriers.monitored_hospitals
    out["self_pay"] = _self_pay(world)
    out["leading"] = (hs.level == 3) & np.isin(hs.owner, [OWNERS.index("provincial"), OWNERS.index("national")])
    return out


def _self_pay(world: World) -> np.ndarray:
    """Share of able patients who buy at a self-pay pharmacy: at hospitals in cities, by level (float64, H)."""
    hs, shares = world.hospitals, world.p.dual_channel.self_pay_share
    by_level = np.array([shares.of(i) for i in (1, 2, 3)])[hs.level - 1]
    return np.where((hs.place == PLACES.index("city")) & world.p.stages.dual_channel, by_level, 0.0)


def _flag(state: Any, packed: Packed) -> None:
    """Mark hospitals that a push or direct inclusion could ever reach, so that the others are passed over fast."""
    most = in_turn(packed.shifts["shift"][packed.shifts["kind"] == k].max(initial=0.0) for k in range(7))
    for k, bit in (
        (K_DUTY_LISTING, BY_LISTING),
        (K_ENTER, BY_LISTING),
        (K_DUTY_CATALOGUE, BY_CATALOGUE),
        (K_DUTY_LIST, BY_LIST),
    ):
        _flag_key(state, k, most, bit)
    _flag_key(state, K_DIRECT, most, 0)


@compiled
def _flag_key(S: State, key, most, bit):
    obedience = S.num.obedience
    for h in range(S.hospital.size):
        for i in range(S.first[key], S.first[key + 1]):
            rule = S.rules[i]
            could = obedience != Obedience.NONE and S.obey_u[h, key] < rule.logit + most
            if could and S.where[rule.hospitals, S.kind[h]]:
                if bit > 0:
                    S.hospital[h].pushed |= bit
                else:
                    S.hospital[h].direct = True
