"""The setting: what all later parts share, and none of them changes.

Instead of a model that everybody knows, each part is handed this: the world as it is given, the
clock, dates, draws, and rules. What else a part needs (the payers, a committee), it is handed by
name, so that its first lines tell on what it depends. The one thing of a setting that moves are the
dates of its drugs, which become known as the run goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

from simlib.scenario.world import World
from simlib.world.parameters import Parameters, Stages
from twin.clock import Clock
from twin.dates import Dates
from twin.draws import Draws
from twin.rules import Rules
from twin.world import Drug, Hospital, Province, drugs_of, hospitals_of, provinces_of


@dataclass(frozen=True, eq=False)
class Setting:
    """One replication's givens, and the tools with which every part works.

    world: policies, parameters and scenario, as built. drugs, hospitals, provinces: as plain objects. clock: SimPy's. draws: keyed
    random numbers. dates: the calendar. rules: what is in force, and who obeys.
    """

    world: World
    drugs: list[Drug]
    hospitals: list[Hospital]
    provinces: list[Province]
    clock: Clock
    draws: Draws
    dates: Dates
    rules: Rules

    @classmethod
    def of(cls, world: World) -> Setting:
        """The setting of a world whose drugs are known."""
        draws, provinces = Draws(world.key), provinces_of(world)
        return cls(
            world,
            drugs=drugs_of(world),
            hospitals=hospitals_of(world, provinces),
            provinces=provinces,
            clock=Clock(world.horizon),
            draws=draws,
            dates=Dates(world.calendar),
            rules=Rules(world, draws),
        )

    @property
    def p(self) -> Parameters:
        """All assumed numbers, by groups."""
        return self.world.p

    @property
    def stages(self) -> Stages:
        """Which stages of the model are on."""
        return self.world.p.stages

    @property
    def horizon(self) -> float:
        """The first moment that is not simulated any more."""
        return self.clock.horizon
