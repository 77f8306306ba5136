"""Regions: hospitals by stratum, population and platform, as `scenarios/regions/*.yaml` describes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from simlib.core.distributions import finite
from simlib.core.files import Fault, one_of
from simlib.core.streams import (
    FIXED,
    Q_BEDS,
    Q_NETWORK,
    Q_SPECIAL_AREA,
    check_unique,
    normals,
    numbered_id,
    numbered_ids,
    stable_id,
    uniforms,
)
from simlib.core.strict import Level, Many, Strict
from simlib.core.sums import in_turn
from simlib.policy.rules import Title
from simlib.world.areas import AREAS
from simlib.world.lists_columns import is_total
from simlib.world.provinces import Province, check_provinces, place_hospitals

CANCER = (AREAS.index("oncology"), AREAS.index("haematology"))
OWNERS = ("national", "provincial", "city", "county", "private")
TYPES = ("general", "specialty", "tcm")
PLACES = ("city", "county")


class Stratum(Strict):
    """Hospitals of one kind: `count` of them, beds lognormal around `beds` (mean).

    With a `name` it is one hospital of its own, such as a row of a user's list, and `beds` are its beds.
    """

    id: str
    level: Level
    type: Literal["general", "specialty", "tcm"]
    owner: Literal["national", "provincial", "city", "county", "private"]
    place: Literal["city", "county"]
    count: Annotated[int, Field(ge=0, le=200_000)]
    beds: Annotated[float, Field(gt=0, le=1_000_000)]
    designated: bool = True
    areas: Many[str] = ()  # specialty hospitals: one area each, drawn evenly from these
    kind: Literal["stated", "published", "assumed"]
    source: str
    name: str | None = None

    @model_validator(mode="after")
    def _one_of_its_own(self) -> Stratum:
        if self.name is not None and self.count != 1:
            raise ValueError("a stratum with a name is one hospital: count must be 1")
        return self


class MedicalCommunities(Strict):
    """County medical communities, each with one formulary. share: of a county's own hospitals that follow another's."""

    share: Annotated[float, Field(ge=0, le=1)]


class Region(Strict):
    """A place: what no notice changes. `platform` overrides assumptions of listing for this place.

    With `provinces` each has a platform of its own, and hospitals are spread over them; without, the region is one province.
    A file gives either `strata` or `hospitals`, a list (CSV or XLSX, path relative to the file); loading the list turns
    its rows into strata of one named hospital each and leaves `hospitals` empty, so that a region is complete by itself.
    """

    format: Literal[1] = 1
    name: str
    title: Title
    population_million: Annotated[float, Field(ge=1e-6, le=10_000)]
    payment: Literal["DRG", "DIP", "DRG or DIP"]
    cities: Annotated[int, Field(ge=1, le=1000)] = 1
    provinces: Annotated[Many[Province], Field(max_length=100)] = ()
    rare_network: Annotated[int, Field(ge=0, le=100_000)] | None = (
        None  # its hospitals in the network for rare diseases
    )
    medical_communities: MedicalCommunities | None = None
    platform_of: str | None = None
    platform: dict[str, Any] = {}
    sources: dict[str, str] = {}
    hospitals: str | None = None
    strata: Many[Stratum] = ()

    @model_validator(mode="after")
    def _one(self) -> Region:
        if ("strata" in self.model_fields_set) == (self.hospitals is not None):
            raise ValueError("give exactly one of strata, hospitals")
        return self

    def spec(self) -> dict[str, Any]:
        """What decides results, as plain data; keys of lists, provinces and communities only where there are any."""
        absent = {k for k in ("provinces", "medical_communities") if not getattr(self, k)}
        data = self.model_dump(mode="json", exclude=absent | {"hospitals"})
        data["strata"] = [{k: v for k, v in s.items() if k != "name" or v is not None} for s in data["strata"]]
        return data


@dataclass(frozen=True)
class Hospitals:
    """The hospitals of a region, one entry each (arrays of one length H, in the region's order).

    size: beds over the mean of the region's hospitals of the level. catchment: people. area: index into AREAS for specialty
    hospitals, else -1. city: number of its city. province: place in the region's provinces. capital: the city that is its
    province's capital. network: a member of the network for rare diseases.
    """

    ids: np.ndarray
    names: list[str]
    level: np.ndarray
    type: np.ndarray
    owner: np.ndarray
    place: np.ndarray
    designated: np.ndarray
    area: np.ndarray
    beds: np.ndarray
    size: np.ndarray
    catchment: np.ndarray
    city: np.ndarray
    province: np.ndarray
    capital: np.ndarray
    network: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


def check_region(region: Region) -> None:
    """Raise a Fault for what types alone do not see: two strata of one id, unknown areas."""
    seen: dict[str, int] = {}
    for i, stratum in enumerate(region.strata):
        if stratum.id in seen:
            raise Fault(("strata", i, "id"), f"{stratum.id!r} is also stratum {seen[stratum.id] + 1}")
        seen[stratum.id] = i
        for area in stratum.areas:
            if area not in AREAS:
                raise Fault(("strata", i, "areas"), one_of(area, AREAS, "area"))
        if stratum.type == "specialty" and not stratum.areas:
            raise Fault(("strata", i), "a specialty stratum needs areas")
        _check_stratum(("strata", i), stratum)
    check_provinces(region.provinces)


def _check_stratum(path: tuple, stratum: Stratum) -> None:
    """What would be read without a word as something else."""
    if is_total(stratum.id) or is_total(stratum.name or ""):
        raise Fault((*path, "id"), f"{stratum.id!r} is a total, which would count its hospitals twice; leave it out")
    if stratum.areas and stratum.type != "specialty":
        raise Fault(
            (*path, "areas"), "for specialty hospitals alone; leave it out, since others are not bound to areas"
        )
    if len(set(stratum.areas)) < len(stratum.areas):
        raise Fault((*path, "areas"), "one is given twice; each is drawn as often as any other")
    if stratum.beds < 10 and not float(stratum.beds).is_integer():  # 1.100, as some countries write 1100
        raise Fault((*path, "beds"), f"{stratum.beds:g} beds; a point marks decimals, write thousands without a mark")


def build_hospitals(region: Region, seed: int, size_log_sd: float, network_per_million: float) -> Hospitals:
    """The region's hospitals; beds and specialties are drawn once (seed), not for each replication.

    Beds are lognormal around the stratum's mean; a hospital with a name keeps its own. Ids depend on (region, stratum,
    ordinal): a stratum that grows keeps its hospitals, and a list that calls one as it is called here (`STRATUM-ORDINAL`)
    means the same hospital, with the same draws. network_per_million: members of the network for rare diseases by
    population, where the region states no number of its own.
    """
    key = (seed, FIXED)
    parts: list[_Part] = []
    for named, group in groupby(region.strata, lambda s: s.name is not None):
        strata = tuple(group)
        parts += [_named(region, strata, key)] if named else [_drawn(region, s, key, size_log_sd) for s in strata]
    names = [n for p in parts for n in p["names"]]

    def join(column: str, kind: Any) -> np.ndarray:
        return np.concatenate([p[column] for p in parts]).astype(kind) if parts else np.zeros(0, kind)

    ids, beds = join("ids", np.int64), join("beds", float)
    check_unique(ids, names, f"region {region.name}")
    catchment = region.population_million * 1e6 * beds / max(beds.sum(), 1.0)
    owner, level, kind = join("owner", int), join("level", int), join("type", int)
    size = beds / _mean_beds(region, level)
    members = region.rare_network
    if members is None:
        members = int(network_per_million * region.population_million + 0.5)
    eligible = (level == 3) & (kind == TYPES.index("general")) & np.isin(owner, _OF_NETWORK)
    central = np.isin(owner, [OWNERS.index("national"), OWNERS.index("provincial")])
    province, city, capital = place_hospitals(region.provinces, region.cities, ids, central, key)
    return Hospitals(
        ids, names, level, kind, owner, join("place", int), join("designated", bool), join("area", int), beds, size,
        catchment, city, province, capital, _network(ids, size, eligible, members, key),
    )  # fmt: skip


_OF_NETWORK = [OWNERS.index(o) for o in ("national", "provincial", "city")]


def _network(ids: np.ndarray, size: np.ndarray, eligible: np.ndarray, members: int, key: tuple[int, int]) -> np.ndarray:
    """Members of the network for rare diseases (bool, H): drawn one after the other, each by its size, among the eligible.

    The largest log(u) / size are such a draw (Efraimidis and Spirakis 2006, doi:10.1016/j.ipl.2005.11.003).
    """
    turn = np.where(eligible, np.log(uniforms(key, Q_NETWORK, hospitals=ids)) / size, -np.inf)
    chosen = np.zeros(len(ids), bool)
    chosen[np.argsort(-turn, kind="stable")[:members]] = True
    return chosen & eligible


_Part = dict[str, Any]  # some hospitals' columns


def _kinds(strata: Sequence[Stratum], repeat: int = 1) -> _Part:
    """What a stratum states of its hospitals."""
    columns: dict[str, list] = {
        "level": [s.level for s in strata],
        "type": [TYPES.index(s.type) for s in strata],
        "owner": [OWNERS.index(s.owner) for s in strata],
        "place": [PLACES.index(s.place) for s in strata],
        "designated": [s.designated for s in strata],
    }
    return {k: np.repeat(v, repeat) for k, v in columns.items()}


def _drawn(region: Region, s: Stratum, key: tuple[int, int], size_log_sd: float) -> _Part:
    """The hospitals of one stratum."""
    own = numbered_ids(s.count, region.name, s.id)
    luck = finite(np.exp(size_log_sd * normals(key, Q_BEDS, hospitals=own) - size_log_sd**2 / 2), "asking.size_log_sd")
    area = np.full(s.count, -1)
    if s.type == "specialty":
        choice = (uniforms(key, Q_SPECIAL_AREA, hospitals=own) * len(s.areas)).astype(int)
        area = np.array([AREAS.index(a) for a in s.areas])[choice] if s.count else area
    names = [f"{s.id}-{i + 1}" for i in range(s.count)]
    return _kinds([s], s.count) | {"ids": own, "names": names, "area": area, "beds": luck * s.beds}


def _named(region: Region, strata: Sequence[Stratum], key: tuple[int, int]) -> _Part:
    """Hospitals with names of their own. Should two names share an id, the later one takes its next."""
    ids: dict[int, str] = {}
    for s in strata:
        own, turn = _named_id(region, s.name or ""), 1
        while own in ids:
            turn += 1
            own = stable_id("hospital", region.name, s.name, turn)
        ids[own] = s.name or ""
    draws = uniforms(key, Q_SPECIAL_AREA, hospitals=np.array(list(ids), np.int64))
    area = [
        AREAS.index(s.areas[int(u * len(s.areas))]) if s.type == "specialty" else -1
        for s, u in zip(strata, draws, strict=True)
    ]
    beds = np.array([s.beds for s in strata])
    return _kinds(strata) | {
        "ids": np.array(list(ids), np.int64), "names": list(ids.values()), "area": area, "beds": beds,
    }  # fmt: skip


def _named_id(region: Region, name: str) -> int:
    """Id of a hospital of a list: that of the drawn hospital which is called so, else one of its own."""
    drawn = re.fullmatch(r"(.+)-([1-9][0-9]{0,5})", name, re.ASCII)
    if drawn:
        return numbered_id(int(drawn[2]) - 1, region.name, drawn[1])
    return stable_id("hospital", region.name, name)


def _mean_beds(region: Region, level: np.ndarray) -> np.ndarray:
    """Mean beds of the region's hospitals of the level of each (float64, H), by what its strata state."""
    mean = np.ones(4)
    for k in np.unique(level):
        pairs = [(s.count, s.beds) for s in region.strata if s.level == k]
        mean[k] = in_turn(c * b for c, b in pairs) / sum(c for c, _ in pairs)
    return mean[level]
