"""Stage 12: products that come by a special import route, past ordinary listing and committee.

requested -> permitted -> arrived -> through customs (and traced) -> supplied at designated hospitals
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from simlib.core.streams import Q_PATIENTS, Q_ROUTE_REQUEST, Q_ROUTE_TIME, normals, numbered_ids, uniforms
from simlib.model.rules import Others
from simlib.model.vectors import add_each, roll_each, sample_each
from simlib.policy.levers import LEVERS
from simlib.scenario.world import TimedRule, World
from simlib.world.cohort import CLASSES, ROUTES, Drugs, described
from simlib.world.region import AREAS

CHANNELS = {  # lever without its group: the route of its products
    "urgent_import": "urgent_import",
    "rare_disease_whitelist": "rare_whitelist",
    "import_products_added": "import_added",
    "hk_macau": "hk_macau",
}


@dataclass(frozen=True)
class Products:
    """Products of special routes by date of request (arrays of one length P).

    drugs: what they are (`drugs.route`; `drugs.patients` eligible a year and 100,000 people). Days of the run: requested,
    permitted, arrived, supplied. hospitals: share of tertiary hospitals that may use it. patients: eligible a year in
    the region. daily_cost: yuan.
    """

    drugs: Drugs
    requested: np.ndarray
    permitted: np.ndarray
    arrived: np.ndarray
    supplied: np.ndarray
    hospitals: np.ndarray
    patients: np.ndarray
    daily_cost: np.ndarray


def special_routes(world: World) -> Products:
    """Every product whose channel is in force and whose authority obeys, with its dates."""
    rows = _candidates(world) if world.p.stages.routes else []
    if not rows:
        return _supply(replace(world, drugs=world.drugs.take(np.zeros(0, int), np.zeros(0))))
    drugs = _described(world, rows)
    comes = np.flatnonzero(_comes(world, rows, drugs))
    return _supply(replace(world, drugs=drugs.take(comes, drugs.approval[comes])))


def _candidates(world: World) -> list[tuple[int, str, str, int, int, float]]:
    """(id, name, channel, year, ordinal, day of request) of every product that a rule could bring within the run."""
    rows = []
    first, last = world.calendar.start.year, world.calendar.date(world.horizon - 1).year
    for channel in CHANNELS:
        rules = world.of(f"routes.{channel}")
        for year in range(first, last + 1) if rules else ():
            numbers = [number(world, r, channel, year) for r in rules]
            ids = numbered_ids(max(numbers), "route", channel, year)
            u = uniforms(world.key, Q_ROUTE_REQUEST, drugs=ids)
            for i, id_ in enumerate(ids.tolist()):
                rule = next(r for r, n in zip(rules, numbers, strict=True) if n > i)
                low, high = _part_of_year(world, rule, year)
                if low < high:
                    rows.append((id_, f"{channel}-{year}-{i + 1}", channel, year, i, low + u[i] * (high - low)))
    return rows


def _part_of_year(world: World, rule: TimedRule, year: int) -> tuple[float, float]:
    """The part of a year in which a rule is in force: a stated number spreads over it."""
    index = world.calendar.index
    return max(index(date(year, 1, 1)), rule.start, 0.0), min(index(date(year + 1, 1, 1)), rule.stop)


def number(world: World, rule: TimedRule, channel: str, year: int) -> int:
    """How many products a rule brings in a year (reading E5: what holds after the last year that is stated)."""
    p = world.p.routes
    assumed = int(p.assumed_number[channel] + 0.5)
    if LEVERS[rule.rule.lever].kind != "schedule":
        return assumed
    stated = dict(rule.rule.value)
    first, last = min(stated), max(stated)
    if year <= last:
        return int(stated.get(year, stated[first] if year < first else 0))
    return {"assumed": assumed, "same": int(stated[last]), "closed": 0}[p.after_stated_year]


def _described(world: World, rows: list[tuple]) -> Drugs:
    """The products as drugs: foreign, outside the registration classes of the notices."""
    ids, names, channels, _, _, days = zip(*rows, strict=True)
    route = np.array([ROUTES.index(CHANNELS[c]) for c in channels])
    rare, yes = route == ROUTES.index("rare_whitelist"), np.ones(len(ids), bool)
    columns = {
        "id": ids, "name": names, "approval": roll_each(world.table, np.array(days)), "route": route, "foreign": yes, "synthetic": yes,
        "area": np.where(rare, AREAS.index("rare"), AREAS.index("other")), "klass": np.full(len(ids), CLASSES.index("other")),
    }  # fmt: skip
    drugs = described(columns, world.p, world.key, "special routes")
    patients = world.p.routes.patients_per_100k_median
    sd = world.p.drugs.patients_log_sd
    return replace(drugs, patients=patients * np.exp(sd * normals(world.key, Q_PATIENTS, drugs=drugs.ids)))


def _comes(world: World, rows: list[tuple], drugs: Drugs) -> np.ndarray:
    """Whether each product materialises: within the number of a rule in force, and its authority obeys (bool, P)."""
    others = Others(replace(world, drugs=drugs))
    by_id = {r[0]: r for r in rows}
    channel = np.array([by_id[int(i)][2] for i in drugs.ids])
    year, ordinal = (np.array([by_id[int(i)][k] for i in drugs.ids]) for k in (3, 4))
    comes = np.zeros(len(drugs), bool)
    for name in CHANNELS:
        rules, obeyed = others.limits(f"routes.{name}", drugs.approval)
        for rule, now in rules:
            by_year = {int(y): number(world, rule, name, int(y)) for y in np.unique(year)}
            most = np.array([by_year[int(y)] for y in year])
            comes |= (channel == name) & now & obeyed & (ordinal < most)
    return comes & (drugs.approval < world.horizon)


def _supply(world: World) -> Products:
    """The dates and the reach of products that come."""
    p, d, table = world.p.routes, world.drugs, world.table
    others = Others(world)
    wait = [sample_each(world.key, Q_ROUTE_TIME, d.ids, x, attempt=k) for k, x in enumerate((p.review, p.order))]
    permitted = add_each(table, d.approval, wait[0], p.review.unit)
    arrived = add_each(table, permitted, wait[1], p.order.unit)
    customs = np.array([p.customs[n] for n in LEVERS["routes.customs_clearance"].allowed])
    days = customs[others.choice("routes.customs_clearance", arrived)]
    days = days + p.tracing * others.flag("routes.traceability", arrived)
    supplied = roll_each(table, add_each(table, arrived, days, "working_days"))
    share = {ROUTES.index(CHANNELS[c]): s for c, s in p.hospital_share.items()}
    people = world.scenario.region.population_million * 10.0 if world.scenario.region else 0.0  # of 100,000
    cost = p.median_daily_cost_yuan * np.exp(world.p.drugs.price_log_sd * d.price)
    return Products(
        d,
        d.approval,
        permitted,
        arrived,
        supplied,
        np.array([share[int(r)] for r in d.route]),
        d.patients * people,
        cost,
    )
