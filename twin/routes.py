"""Special routes: products that come past listing and committee.

Follows `docs/semantics-approval.md`, section 12. A policy opens a channel (urgent imports, rare diseases,
Hong Kong and Macau) for some products a year. Each is asked for on a day of the year, permitted,
ordered, and cleared by customs. Nothing of it reaches a hospital's committee, so that the model
does not need it; the tests set it beside the engine.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any

import numpy as np

from simlib.core import streams as q
from simlib.core.streams import numbered_ids
from simlib.core.workdays import WORKING_DAYS
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World
from simlib.world.cohort import ROUTES
from twin.dates import Dates
from twin.draws import Draws, Lasting
from twin.rule import Rule
from twin.rules import Rules
from twin.world import Drug

CHANNELS = {  # and the scope of products that each brings
    "urgent_import": "urgent_import",
    "rare_disease_whitelist": "rare_whitelist",
    "import_products_added": "import_added",
    "hk_macau": "hk_macau",
}


def products(world: World) -> dict[int, tuple[float, float]]:
    """(day of request, day of supply) of every product, by its id."""
    found: dict[int, tuple[float, float]] = {}
    if not world.p.stages.routes:
        return found
    rules = Rules(world, Draws(world.key))
    years = range(world.calendar.start.year, world.calendar.date(world.horizon - 1).year + 1)
    for name in CHANNELS:
        channel = Channel(world, name, rules.by_lever.get(f"routes.{name}", []))
        for year in years:
            found |= channel.products(year)
    return found


class Channel:
    """One channel by which products come, with the rules that open it."""

    def __init__(self, world: World, name: str, rules: list[Rule]) -> None:
        self.world, self.name, self.rules, self.p = world, name, rules, world.p.routes
        self.lever = f"routes.{name}"
        self.draws, self.dates = Draws(world.key), Dates(world.calendar)
        self.review, self.order = Lasting(self.p.review), Lasting(self.p.order)

    def products(self, year: int) -> dict[int, tuple[float, float]]:
        """(day of request, day of supply) of the products of a year, by their ids."""
        numbers, found = [self._number(rule, year) for rule in self.rules], {}
        for i, id_ in enumerate(numbered_ids(max(numbers, default=0), "route", self.name, year).tolist()):
            rule = next(r for r, n in zip(self.rules, numbers, strict=True) if n > i)
            requested = self._requested(rule, id_, year)
            if requested is not None and requested < self.world.horizon:
                supplied = self._supplied(i, id_, year, requested)
                if supplied is not None:
                    found[id_] = requested, supplied
        return found

    def _number(self, rule: Rule, year: int) -> int:
        """How many products a rule brings in a year: as it states, or as is assumed where it does not."""
        assumed = int(self.p.assumed_number[self.name] + 0.5)  # type: ignore[index]
        if LEVERS[self.lever].kind != "schedule":
            return assumed
        stated = {int(y): int(n) for y, n in rule.value}
        if year in stated:
            return stated[year]
        if year < min(stated):
            return stated[min(stated)]
        if year < max(stated) or self.p.after_stated_year == "closed":
            return 0
        return stated[max(stated)] if self.p.after_stated_year == "same" else assumed

    def _requested(self, rule: Rule, id_: int, year: int) -> float | None:
        """The day on which a product is asked for: any day of the year on which the rule is in force."""
        index = self.world.calendar.index
        low, high = max(index(date(year, 1, 1)), rule.start, 0.0), min(index(date(year + 1, 1, 1)), rule.stop)
        if low >= high:
            return None
        return self.dates.roll(low + self.draws.uniform(q.Q_ROUTE_REQUEST, 0, 0, id_) * (high - low))

    def _supplied(self, i: int, id_: int, year: int, requested: float) -> float | None:
        """The day on which the i-th product of a year is there; None if the channel is not open to it."""
        product, rules = _product(id_), _about(self.world, self.draws, CHANNELS[self.name], id_)
        now = rules.in_force(self.lever, product, requested)
        within = any(i < self._number(r, year) for r in now)
        if not within or rules.others(self.lever, product, requested) is None:
            return None
        permitted = self._after(requested, self.review, 0, id_)
        arrived = self._after(permitted, self.order, 1, id_)
        days = self.p.customs[rules.others("routes.customs_clearance", product, arrived) or "office_hours"]
        if rules.others("routes.traceability", product, arrived):
            days += self.p.tracing
        return self.dates.roll(self.dates.add(arrived, days, WORKING_DAYS))

    def _after(self, t: float, lasting: Lasting, part: int, id_: int) -> float:
        return self.dates.add(t, lasting.at(self.draws.uniform(q.Q_ROUTE_TIME, part, 0, id_)), lasting.unit)


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
