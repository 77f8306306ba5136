"""Regions: hospitals by stratum, population and platform, as `scenarios/regions/*.yaml` describes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from simlib.files import Document
from simlib.policy.load import Title
from simlib.streams import FIXED, Q_BEDS, Q_SPECIAL_AREA, check_unique, normals, numbered_ids, uniforms

AREAS = (
    "oncology", "haematology", "metabolic", "cardiovascular", "infection", "autoimmune", "neurology_psychiatry",
    "dermatology", "gastro", "ophthalmology", "rare", "urology_nephrology", "anaesthesia", "other",
)  # fmt: skip
OWNERS = ("national", "provincial", "city", "county", "private")
TYPES = ("general", "specialty", "tcm")
PLACES = ("city", "county")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Stratum(_Strict):
    """Hospitals of one kind: `count` of them, beds lognormal around `beds` (mean)."""

    id: str
    level: Literal[3, 2, 1]
    type: Literal["general", "specialty", "tcm"]
    owner: Literal["national", "provincial", "city", "county", "private"]
    place: Literal["city", "county"]
    count: Annotated[int, Field(ge=0, le=200_000)]
    beds: Annotated[float, Field(gt=0)]
    designated: bool = True
    areas: tuple[str, ...] = ()  # specialty hospitals: one area each, drawn evenly from these
    kind: Literal["stated", "published", "assumed"]
    source: str


class Region(_Strict):
    """A place: what no notice changes. `platform` overrides assumptions of listing for this place."""

    format: Literal[1] = 1
    name: str
    title: Title
    population_million: Annotated[float, Field(gt=0)]
    payment: Literal["DRG", "DIP", "DRG or DIP"]
    platform_of: str | None = None
    platform: dict[str, Any] = {}
    sources: dict[str, str] = {}
    strata: tuple[Stratum, ...]


@dataclass(frozen=True)
class Hospitals:
    """The hospitals of a region, one entry each (arrays of one length H, in the region's order).

    size: beds over the mean of the stratum. catchment: people. area: index into AREAS for specialty hospitals, else -1.
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

    def __len__(self) -> int:
        return len(self.ids)


def check_region(document: Document, region: Region, path: tuple = ()) -> None:
    """Raise InputError for what types alone do not see: two strata of one id, unknown areas."""
    seen: dict[str, int] = {}
    for i, stratum in enumerate(region.strata):
        if stratum.id in seen:
            raise document.error((*path, "strata", i, "id"), f"{stratum.id!r} is also stratum {seen[stratum.id] + 1}")
        seen[stratum.id] = i
        for area in stratum.areas:
            if area not in AREAS:
                raise document.error(
                    (*path, "strata", i, "areas"), f"unknown area {area!r}; allowed: {', '.join(AREAS)}"
                )
        if stratum.type == "specialty" and not stratum.areas:
            raise document.error((*path, "strata", i), "a specialty stratum needs areas")


def build_hospitals(region: Region, seed: int, size_log_sd: float) -> Hospitals:
    """The region's hospitals; beds and specialties are drawn once (seed), not for each replication.

    Lognormal sizes of mean 1. Ids depend on (region, stratum, ordinal): a stratum that grows keeps its hospitals.
    """
    key = (seed, FIXED)
    ids, names, columns = (
        [],
        [],
        {k: [] for k in ("level", "type", "owner", "place", "designated", "area", "beds", "size")},
    )
    for s in region.strata:
        own = numbered_ids(s.count, region.name, s.id)
        size = np.exp(size_log_sd * normals(key, Q_BEDS, hospitals=own) - size_log_sd**2 / 2)
        area = np.full(s.count, -1)
        if s.type == "specialty":
            choice = (uniforms(key, Q_SPECIAL_AREA, hospitals=own) * len(s.areas)).astype(int)
            area = np.array([AREAS.index(a) for a in s.areas])[choice] if s.count else area
        ids.append(own)
        names += [f"{s.id}-{i + 1}" for i in range(s.count)]
        fixed = {
            "level": s.level,
            "type": TYPES.index(s.type),
            "owner": OWNERS.index(s.owner),
            "place": PLACES.index(s.place),
        }
        for k, v in fixed.items():
            columns[k].append(np.full(s.count, v))
        columns["designated"].append(np.full(s.count, s.designated))
        columns["area"].append(area)
        columns["size"].append(size)
        columns["beds"].append(size * s.beds)
    join = lambda parts, kind: np.concatenate(parts).astype(kind) if parts else np.zeros(0, kind)  # noqa: E731
    all_ids = join(ids, np.int64)
    check_unique(all_ids, names, f"region {region.name}")
    beds = join(columns["beds"], float)
    catchment = region.population_million * 1e6 * beds / max(beds.sum(), 1.0)
    return Hospitals(
        all_ids, names, join(columns["level"], int), join(columns["type"], int), join(columns["owner"], int),
        join(columns["place"], int), join(columns["designated"], bool), join(columns["area"], int), beds,
        join(columns["size"], float), catchment,
    )  # fmt: skip
