"""Provinces of a region: what each has of its own (platform, income, cities), and which hospitals stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, field_validator

from simlib.core.durations import parse_limit
from simlib.core.files import Fault
from simlib.core.streams import Q_CITY, Q_PROVINCE, check_unique, stable_id, uniforms
from simlib.core.strict import Strict
from simlib.policy.rules import Title
from simlib.world.group import Factor, Window, Yearly
from simlib.world.lists_columns import is_total
from simlib.world.parameters import Listing

_LONGEST = {"days": 36_525.0, "working_days": 36_525.0, "months": 1200.0}  # a hundred years


class ProvincePlatform(Strict):
    """Numbers of a province's own platform; what is left out is as in the rest of the region.

    standing_factor multiplies the standing time, so that a range of `listing.standing` moves all provinces.
    """

    reviewers: Annotated[int, Field(ge=1, le=10_000)] | Literal["unlimited"] | None = None
    background_per_year: Yearly | None = None
    window_interval: Window | None = None
    standing_factor: Factor = 1.0


class Province(Strict):
    """A province of a region.

    share: its part of the region's hospitals, in any unit (such as millions of people). income: factor on what patients can
    bear. whole_limit: days for the whole procedure of listing, such as `30 working_days`.
    """

    name: str
    title: Title
    share: Annotated[float, Field(gt=0, le=1e9)]
    cities: Annotated[int, Field(ge=1, le=1000)] | None = None
    income: Annotated[float, Field(ge=0.01, le=100)] = 1.0
    platform: ProvincePlatform = ProvincePlatform()
    whole_limit: str | None = None

    @field_validator("whole_limit")
    @classmethod
    def _limit(cls, text: str | None) -> str | None:
        if text is not None:
            number, unit = parse_limit(text)
            if not 0 < number <= _LONGEST[unit]:
                raise ValueError(f"{text!r}: a limit is longer than nothing and at most 100 years")
        return text


@dataclass(frozen=True)
class Provinces:
    """The provinces as stages 1 and 2 and the payers take them: sequences of one length P, in the region's order.

    ids key their draws: 0 where a region names no provinces. listing: the numbers of each platform. standing: factor on its
    standing time. limits: (number, unit) of the whole procedure, None for none. incomes: factor on what patients can bear.
    """

    names: tuple[str, ...]
    ids: tuple[int, ...]
    listing: tuple[Listing, ...]
    standing: tuple[float, ...]
    limits: tuple[tuple[float, str] | None, ...]
    incomes: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.ids)


def check_provinces(provinces: Sequence[Province]) -> None:
    """Fault for two provinces of one name, and for a total, which would count hospitals twice."""
    seen: dict[str, int] = {}
    for i, province in enumerate(provinces):
        if province.name in seen:
            raise Fault(("provinces", i, "name"), f"{province.name!r} is also province {seen[province.name] + 1}")
        if is_total(province.name):
            raise Fault(("provinces", i, "name"), f"{province.name!r} is a total, no province; leave it out")
        seen[province.name] = i


def provinces_of(region: str, provinces: Sequence[Province], listing: Listing) -> Provinces:
    """The provinces of a region of this name, with its numbers of listing where they have none of their own."""
    if not provinces:
        return Provinces(("",), (0,), (listing,), (1.0,), (None,), (1.0,))
    ids = [stable_id("province", region, p.name) for p in provinces]
    check_unique(ids, [p.name for p in provinces], f"region {region}")
    return Provinces(
        names=tuple(p.name for p in provinces),
        ids=tuple(ids),
        listing=tuple(listing.model_copy(update=_own(p.platform)) for p in provinces),
        standing=tuple(p.platform.standing_factor for p in provinces),
        limits=tuple(parse_limit(p.whole_limit) if p.whole_limit else None for p in provinces),
        incomes=tuple(p.income for p in provinces),
    )


def _own(platform: ProvincePlatform) -> dict[str, Any]:
    """The numbers of listing that a platform has of its own."""
    return {k: v for k, v in platform.model_dump(exclude={"standing_factor"}).items() if v is not None}


def place_hospitals(
    provinces: Sequence[Province], cities: int, ids: np.ndarray, central: np.ndarray, key: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(province, city, its province's capital) of each hospital (int, H), drawn once.

    Parameters
    ----------
    provinces : sequence of Province
        Those that the region names, if any.
    cities : int
        Cities of the region.
    ids : int64, (H,)
        Hospitals.
    central : bool, (H,)
        Hospitals that stand in their province's capital: those of national and provincial owners.
    key : tuple of 2 int
        Of draws that do not change between replications.
    """
    upper, counts = _parts(provinces), city_counts(provinces, cities)
    own = np.minimum(np.searchsorted(upper, uniforms(key, Q_PROVINCE, hospitals=ids), side="right"), len(counts) - 1)
    capital = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(int)[own]
    city = capital + (uniforms(key, Q_CITY, hospitals=ids) * np.array(counts)[own]).astype(int)
    return own, np.where(central, capital, city), capital


def city_counts(provinces: Sequence[Province], cities: int) -> list[int]:
    """Cities of each province; what the file does not give is in proportion to its share, at least one."""
    if not provinces:
        return [cities]
    whole = _whole(provinces)
    return [p.cities or max(1, int(cities * (p.share / whole) + 0.5)) for p in provinces]


def _whole(provinces: Sequence[Province]) -> float:
    total = 0.0
    for p in provinces:
        total += p.share
    return total


def _parts(provinces: Sequence[Province]) -> np.ndarray:
    """Upper ends of the provinces' parts of (0, 1)."""
    whole, upper, ends = _whole(provinces), 0.0, []
    for p in provinces:
        upper += p.share / whole
        ends.append(upper)
    return np.array(ends or [1.0])
