"""What all groups of assumed numbers share: their base, and kinds of numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Probability = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(ge=0, le=100)]
Weight = Annotated[float, Field(ge=-20, le=20)]
Count = Annotated[int, Field(ge=0)]
Rate = Annotated[float, Field(ge=0)]
Years = Annotated[float, Field(gt=0, le=1000)]
Days = Annotated[float, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]


class Group(BaseModel):
    """Base of all parameter groups: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)
