"""Drugs, hospitals and provinces, as objects of plain Python numbers.

Both are given before anybody decides anything (`simlib.scenario.world`). A drug also carries the dates
that happen to it before any hospital hears of it: the catalogues, and a dossier in each province, which is filed and listed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simlib.scenario.world import World
from simlib.world.parameters import Listing as Platform
from simlib.world.region import OWNERS, PLACES
from twin.dates import NEVER


@dataclass(frozen=True)
class Province:
    """One province: its platform and how well off its people are. id: 0 where the region names no provinces."""

    index: int
    id: int
    platform: Platform
    standing: float  # factor on the time in which a dossier waits for nobody
    limit: tuple[float, str] | None  # of its own on the whole procedure
    income: float  # factor


@dataclass(eq=False)
class Dossier:
    """A drug's papers before one province's platform, and their dates."""

    drug: Drug
    province: Province
    filed: float = NEVER
    arrival: float = NEVER
    listed: float = NEVER
    in_time: int = -1


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
    effort: float  # of the firm's people, mean 1
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
    dossiers: list[Dossier] = field(default_factory=list)  # by province
    first_listed: float = NEVER  # by any province, once one has

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
    in_city: bool
    area: int
    size: float
    catchment: float
    beds: float
    city: int
    capital: int  # the city that is its province's capital
    province: Province
    designated: bool
    network: bool  # of hospitals for rare diseases
    members: list[Hospital] = field(default_factory=list)  # those that share its formulary


def drugs_of(world: World) -> list[Drug]:
    """The world's drugs as objects of plain Python numbers."""
    d = world.drugs
    names = (
        "approval", "klass", "area", "foreign", "local", "value", "price", "dear", "appeal", "effort",
        "breadth", "two_specifications", "patients", "outpatient", "window", "standard", "yearly", "substitute",
    )  # fmt: skip
    columns = [getattr(d, n).tolist() for n in names] + [(d.price > world.p.payment.costly_above).tolist()]
    return [Drug(i, id_, *row) for i, (id_, *row) in enumerate(zip(d.ids.tolist(), *columns, strict=True))]


def provinces_of(world: World) -> list[Province]:
    """The region's provinces, in its order."""
    p = world.provinces
    rows = zip(p.ids, p.listing, p.standing, p.limits, p.incomes, strict=True)
    return [Province(i, *row) for i, row in enumerate(rows)]


def hospitals_of(world: World, provinces: list[Province]) -> list[Hospital]:
    """The world's hospitals as objects of plain Python numbers."""
    h = world.hospitals
    columns = [getattr(h, n).tolist() for n in ("level", "type")]
    more = [getattr(h, n).tolist() for n in ("area", "size", "catchment", "beds", "city", "capital")]
    more += [[provinces[i] for i in h.province.tolist()], h.designated.tolist(), h.network.tolist()]
    owners = [OWNERS[o] for o in h.owner.tolist()]
    in_city = [PLACES[p] == "city" for p in h.place.tolist()]
    rows = zip(h.ids.tolist(), *columns, owners, in_city, *more, strict=True)
    hospitals = [Hospital(i, *row) for i, row in enumerate(rows)]
    for hospital, lead in zip(hospitals, world.leads.tolist(), strict=True):
        if lead >= 0:
            hospitals[lead].members.append(hospital)
    return hospitals
