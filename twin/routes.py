"""The plain twin's special routes: products that come past listing and committee.

Follows `docs/semantics.md`, section 12. Nothing of it reaches a hospital's committee, so that `twin` does not
need it; the tests set it beside the engine.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any

import numpy as np

from simlib import streams as q
from simlib.policy.levers import LEVERS
from simlib.streams import numbered_ids
from simlib.workdays import WORKING_DAYS
from simlib.world.build import World
from simlib.world.cohort import ROUTES
from twin.rules import Bound, Dates, Draws, Drug, Lasting, Rules

CHANNELS = {
    "urgent_import": "urgent_import", "rare_disease_whitelist": "rare_whitelist", "import_products_added": "import_added",
    "hk_macau": "hk_macau",
}  # fmt: skip


def products(world: World) -> dict[int, tuple[float, float]]:
    """(day of request, day of supply) of every product, by its id."""
    found: dict[int, tuple[float, float]] = {}
    if not world.p.stages.routes:
        return found
    draws, dates = Draws(world.key), Dates(world)
    years = range(world.calendar.start.year, world.calendar.date(world.horizon - 1).year + 1)
    for channel, route in CHANNELS.items():
        rules = Rules(world, draws).by_lever.get(f"routes.{channel}", [])
        for year in years:
            numbers = [_number(world, rule, channel, year) for rule in rules]
            for i, id_ in enumerate(numbered_ids(max(numbers, default=0), "route", channel, year).tolist()):
                requested = _requested(world, draws, dates, rules, numbers, i, id_, year)
                if requested is not None and requested < world.horizon:
                    supplied = _supplied(world, draws, dates, channel, route, year, i, id_, requested)
                    if supplied is not None:
                        found[id_] = requested, supplied
    return found


def _number(world: World, rule: Bound, channel: str, year: int) -> int:
    p = world.p.routes
    if LEVERS[f"routes.{channel}"].kind != "schedule":
        return int(p.assumed_number[channel] + 0.5)
    stated = {int(y): int(n) for y, n in rule.value}
    if year in stated:
        return stated[year]
    if year < min(stated):
        return stated[min(stated)]
    if year < max(stated) or p.after_stated_year == "closed":
        return 0
    return stated[max(stated)] if p.after_stated_year == "same" else int(p.assumed_number[channel] + 0.5)


def _requested(
    world: World, draws: Draws, dates: Dates, rules: list[Bound], numbers: list[int], i: int, id_: int, year: int
) -> float | None:
    rule = next(r for r, n in zip(rules, numbers, strict=True) if n > i)
    index = world.calendar.index
    low, high = max(index(date(year, 1, 1)), rule.start, 0.0), min(index(date(year + 1, 1, 1)), rule.stop)
    if low >= high:
        return None
    return dates.roll(low + draws.uniform(q.Q_ROUTE_REQUEST, 0, 0, id_) * (high - low))


def _supplied(
    world: World, draws: Draws, dates: Dates, channel: str, route: str, year: int, i: int, id_: int, requested: float
) -> float | None:
    p, product, rules = world.p.routes, _product(id_), _about(world, draws, route, id_)
    lever = f"routes.{channel}"
    now = rules.in_force(lever, product, requested)
    if not any(i < _number(world, r, channel, year) for r in now) or rules.others(lever, product, requested) is None:
        return None
    review, order = Lasting(p.review), Lasting(p.order)
    permitted = dates.add(requested, review.at(draws.uniform(q.Q_ROUTE_TIME, 0, 0, id_)), review.unit)
    arrived = dates.add(permitted, order.at(draws.uniform(q.Q_ROUTE_TIME, 1, 0, id_)), order.unit)
    days = p.customs[rules.others("routes.customs_clearance", product, arrived) or "office_hours"]
    if rules.others("routes.traceability", product, arrived):
        days += p.tracing
    return dates.roll(dates.add(arrived, days, WORKING_DAYS))


def _product(id_: int) -> Drug:
    """A product stands alone in a world of its own."""
    nothing: dict[str, Any] = {
        f.name: 0 for f in fields(Drug) if f.default is MISSING and f.name not in ("index", "id")
    }
    return Drug(index=0, id=id_, **nothing)


def _about(world: World, draws: Draws, route: str, id_: int) -> Rules:
    """The rules about one product: it is in `all` and in the scope of its route, and in no other."""
    d = world.drugs
    one = {k: np.zeros(1, v.dtype) for k, v in vars(d).items() if isinstance(v, np.ndarray)}
    one |= {"ids": np.array([id_]), "route": np.array([ROUTES.index(route)]), "klass": np.array([3])}
    return Rules(replace(world, drugs=replace(d, names=["product"], **one)), draws)
