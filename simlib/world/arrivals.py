"""How drugs that no list names come: at random, and of which class, area and origin."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from simlib.core.files import one_of
from simlib.core.strict import Strict
from simlib.world.region import AREAS

Time = Annotated[float, Field(ge=0, le=2_000_000)]  # days from the start
Part = Annotated[float, Field(ge=0, le=1e9)]  # of a mix, whose parts need not add up to 1


class Poisson(Strict):
    """Approvals at random: `per_day` of them from day `first` on, to day `last` (default: the horizon)."""

    per_day: Annotated[float, Field(ge=1e-9, le=1e4)]
    first: Time = 0.0
    last: Time | None = None


class Mix(Strict):
    """Shares of a synthetic drug's class, area and origin."""

    classes: dict[Literal["chem_1", "biologic_1", "tcm_1", "other"], Part]
    areas: dict[str, Part]
    foreign: Annotated[float, Field(ge=0, le=1)]

    @field_validator("areas")
    @classmethod
    def _known(cls, areas: dict[str, float]) -> dict[str, float]:
        for area in areas:
            if area not in AREAS:
                raise ValueError(one_of(area, AREAS, "area"))
        return areas

    @field_validator("classes", "areas")
    @classmethod
    def _some(cls, shares: dict[Any, float]) -> dict[Any, float]:
        if not sum(shares.values()):
            raise ValueError("shares of nothing: give at least one that is above 0")
        return shares


DEFAULT_MIX = Mix(
    classes={"chem_1": 0.6, "biologic_1": 0.32, "tcm_1": 0.08}, foreign=0.14,
    areas={"oncology": 0.43, "haematology": 0.12, "metabolic": 0.08, "infection": 0.09, "dermatology": 0.06,
           "cardiovascular": 0.05, "rare": 0.05, "neurology_psychiatry": 0.04, "gastro": 0.03, "other": 0.05},
)  # fmt: skip
