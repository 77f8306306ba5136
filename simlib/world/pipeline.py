"""Projects on their way to approval: a cohort that stage 13 makes, and the calendar of the years before the run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from pydantic import Field, model_validator

from simlib.core.strict import Many, Strict
from simlib.core.workdays import YEAR, Calendar, calendar

FIRST_YEAR = 2004  # the published working days begin then


class Pipeline(Strict):
    """Projects that come to a trial application: exactly one of `per_year` and `days`.

    per_year: trial applications a year without any support, at random, from `years_before` years before the start on.
    days: the days (from the start, negative before it) on which projects are ready to apply.
    """

    per_year: Annotated[float, Field(ge=1e-6, le=10_000)] | None = None
    days: Many[Annotated[float, Field(ge=-20_000, le=2_000_000)]] | None = None
    years_before: Annotated[float, Field(ge=0, le=40)] = 12.0

    @model_validator(mode="after")
    def _one(self) -> Pipeline:
        if (self.per_year is None) == (self.days is None):
            raise ValueError("give exactly one of per_year, days")
        early = [d for d in self.days or () if d < -self.lead]
        if early:
            raise ValueError(f"days: {early[0]:g} is more than years_before ({self.years_before:g}) before the start")
        return self

    @property
    def lead(self) -> float:
        """Whole days before the start with which the pipeline begins."""
        return float(int(self.years_before * YEAR))

    def complaint(self, kind: str, start: date) -> str:
        """What is wrong with a pipeline in a run of this calendar and start: too early for the calendar; else empty."""
        year = (start - timedelta(days=int(self.lead))).year
        if kind != "china" or year >= FIRST_YEAR:
            return ""
        return f"pipeline: begins in {year}, before the calendar ({FIRST_YEAR}); give fewer years_before"

    def calendar(self, of_run: Calendar, rolling: str) -> Calendar:
        """The calendar of a run, from `lead` days before its start on: its times are those of the run plus `lead`."""
        first = of_run.start - timedelta(days=int(self.lead))
        return calendar(of_run.kind, first, of_run.days + int(self.lead), rolling)
