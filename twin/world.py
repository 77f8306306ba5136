"""Drugs and hospitals, as objects of plain Python numbers.

Both are given before anybody decides anything (`simlib.scenario.world`). A drug also carries the dates
that happen to it before any hospital hears of it: catalogues, filing, listing.
"""

from __future__ import annotations

from dataclasses import dataclass

from simlib.scenario.world import World
from simlib.world.region import OWNERS
from twin.dates import NEVER


@dataclass(eq=False)
class Drug:
    """One drug: what it is, and the dates that happen to it before any hospital hears of it."""

    index: int
    id: int
    approval: float
    klass: int
    area: int
    foreign: bool
    local: bool
    value: float
    price: float
    dear: bool
    appeal: float
    breadth: float
    two_specifications: bool
    patients: float
    outpatient: bool
    window: float  # days, mean
    standard: float  # yuan a case
    yearly: float  # list price, yuan a year
    substitute: bool
    costly: bool
    entered: float = NEVER  # publication of the basic catalogue that took it in
    effective: float = NEVER
    commercial: float = NEVER  # publication of the commercial catalogue that took it in
    commercial_effective: float = NEVER
    list_entry: float = NEVER
    recorded: float = NEVER  # from when the platform lets it be bought on filing
    indications: tuple[float, ...] = ()  # dates of later ones
    on_first_list: bool = False  # the application list took it in on the list's own first date
    filed: float = NEVER
    arrival: float = NEVER
    listed: float = NEVER
    in_time: int = -1

    @property
    def costly_entered(self) -> float:
        """The date on which it becomes a costly drug of the basic catalogue."""
        return self.entered if self.costly else NEVER


@dataclass(eq=False)
class Hospital:
    """One hospital: what no rule changes."""

    index: int
    id: int
    level: int
    type: int
    owner: str
    area: int
    size: float
    catchment: float
    beds: float
    city: int
    designated: bool
    network: bool  # of hospitals for rare diseases


def drugs_of(world: World) -> list[Drug]:
    """The world's drugs as objects of plain Python numbers."""
    d = world.drugs
    names = (
        "approval", "klass", "area", "foreign", "local", "value", "price", "dear", "appeal", "breadth",
        "two_specifications", "patients", "outpatient", "window", "standard", "yearly", "substitute",
    )  # fmt: skip
    columns = [getattr(d, n).tolist() for n in names] + [(d.price > world.p.payment.costly_above).tolist()]
    return [Drug(i, id_, *row) for i, (id_, *row) in enumerate(zip(d.ids.tolist(), *columns, strict=True))]


def hospitals_of(world: World) -> list[Hospital]:
    """The world's hospitals as objects of plain Python numbers."""
    h = world.hospitals
    columns = [getattr(h, n).tolist() for n in ("level", "type")]
    more = [getattr(h, n).tolist() for n in ("area", "size", "catchment", "beds", "city", "designated", "network")]
    owners = [OWNERS[o] for o in h.owner.tolist()]
    rows = zip(h.ids.tolist(), *columns, owners, *more, strict=True)
    return [Hospital(i, *row) for i, row in enumerate(rows)]
