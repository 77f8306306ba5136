"""The plain twin: stages 1 to 13 of the model as a typical SimPy user would write them.

One process a drug (readiness, listing), one a drug and target hospital (awareness, asking, temporary purchase,
purchase), one a committee (meetings), one for the dates on which interest is read (first of the month,
publications), one that closes months (patients, budgets, sittings). It follows `docs/semantics.md` and
`docs/semantics-use.md` and shares streams, dates and the built world with the compiled engine,
but no decision: with the same draws both must give the same dates, bit for bit.

    python -m twin SCENARIO [REPLICATION]

A comment `SEMANTICS:` marks a place where the page leaves a choice.
"""

from __future__ import annotations

import itertools
import sys
import time
from dataclasses import dataclass

import numpy as np

from simlib.policy.levers import BARRIERS
from simlib.scenario import load_scenario
from simlib.world.build import World, build_world
from twin.accounts import Accounts
from twin.committee import Committee
from twin.development import brought, later_indications
from twin.interest import Interest
from twin.listing import (
    Clock,
    Listing,
    Phase,
    Process,
    Readiness,
    application_list,
    catalogue_rounds,
    recorded_from,
)  # fmt: skip
from twin.months import Months
from twin.pair import Pair, State, is_target
from twin.payers import Payers
from twin.rules import NEVER, Dates, Draws, Drug, Lasting, Rules, drugs_of, hospitals_of
from twin.use import FATES, Demand, flows_of

__all__ = ["Model", "Result", "State", "run"]


@dataclass
class BarrierCount:
    """Hearings at which a barrier weighed, and at which it alone kept the drug from passing."""

    active: int = 0
    decisive: int = 0

    def note(self, decisive: bool) -> None:
        """Count one hearing."""
        self.active += 1
        self.decisive += decisive


class Model:
    """One replication of a world: builds the processes and runs them to the horizon."""

    def __init__(self, world: World) -> None:
        self.world = world = brought(world)
        self.draws, self.dates = Draws(world.key), Dates(world)
        self.rules = Rules(world, self.draws)
        self.env = Clock(world.horizon)
        self.firsts, self.knots = world.firsts.tolist(), world.knots.tolist()
        self.drugs, self.hospitals = drugs_of(world), hospitals_of(world)
        p = world.p
        self.lag = dict(zip((1, 2, 3), map(Lasting, p.awareness.lag.all()), strict=True))
        self.temporary_time, self.purchase_time = Lasting(p.temporary.time), Lasting(p.purchase.time)
        self.barriers = {name: BarrierCount() for name in BARRIERS}
        self._before_the_clock()
        self.months = Months(world, self.rules, self.drugs, self.hospitals)
        self.payers = Payers(world, self.months, self.dates, self.draws)
        self.committees = [Committee(self, h) for h in self.hospitals]
        self.interest = {(d.index, level): Interest(self, d, level) for d in self.drugs for level in (1, 2, 3)}
        self.pairs: list[list[Pair]] = [self._pairs_of(d) for d in self.drugs]  # by drug
        self.demand = [Demand(self, d) for d in self.drugs]
        self.accounts = Accounts(self)
        self.listing = Listing(self.env, world, self.rules, self.dates, self.draws)
        for drug in self.drugs:
            self.env.process(self._drug(drug))
        self.env.process(self._read_interest())
        self.env.process(self.accounts.keep())

    def _before_the_clock(self) -> None:
        """Catalogues come first, since some firms file by them."""
        catalogue_rounds(self.world, self.rules, self.draws, self.drugs)
        readiness = Readiness(self.world, self.rules, self.dates, self.draws)
        for drug in self.drugs:
            # SEMANTICS: the stage of catalogues switches the application list off as well.
            if self.world.p.stages.catalogue:
                found = application_list(self.world, self.rules, self.dates, self.draws, drug)
                drug.list_entry, drug.on_first_list = found
            drug.recorded = recorded_from(self.rules, drug)
            drug.indications = later_indications(self.world, self.rules, self.draws, self.dates, drug)
            drug.filed = readiness.filed(drug)

    def _pairs_of(self, drug: Drug) -> list[Pair]:
        pairs = []
        for hospital in self.hospitals:
            if is_target(self.world, self.draws, drug, hospital):
                pairs.append(Pair(self, drug, hospital))
                self.interest[drug.index, hospital.level].targets += 1
        return pairs

    def _drug(self, drug: Drug) -> Process:
        """A drug's way to its listing, from which on it is every target hospital's business."""
        yield from self.listing.pass_through(drug)
        for pair in self.pairs[drug.index]:
            self.env.process(pair.run())

    def _read_interest(self) -> Process:
        """On the first of a month, and when a catalogue is published, interest changes its pace."""
        firsts = {0.0, *self.firsts}
        followed = [i for i in self.interest.values() if i.targets]
        for knot, next_knot in itertools.pairwise([*self.knots, self.env.horizon]):
            first = knot in firsts
            yield self.env.at(knot, Phase.FIRST if first else Phase.PUBLISH)
            for interest in followed:
                interest.read(knot, next_knot, first)

    def run(self) -> Result:
        """Run to the horizon and collect what happened."""
        self.env.run(until=self.env.horizon)
        return Result.of(self)


DRUG_DATES = ("approval", "filed", "arrival", "listed", "entered", "effective", "commercial", "list_entry")
PAIR_DATES = ("aware", "first_ask", "first_heard", "passed", "stock", "removed")
PAIR_COUNTS = ("hearings", "asks", "refusals", "temporaries")


@dataclass(frozen=True)
class Result:
    """Dates (inf: never before the horizon), counts and final states; arrays of D drugs, H hospitals, or (H, D)."""

    approval: np.ndarray
    indications: np.ndarray  # (D, 3)
    filed: np.ndarray
    arrival: np.ndarray
    listed: np.ndarray
    entered: np.ndarray
    effective: np.ndarray
    commercial: np.ndarray
    list_entry: np.ndarray
    in_time: np.ndarray  # -1 no limit (or not known by the horizon), 0 late, 1 in time
    aware: np.ndarray
    first_ask: np.ndarray
    first_heard: np.ndarray
    passed: np.ndarray
    stock: np.ndarray
    removed: np.ndarray
    temporary_first: np.ndarray
    hearings: np.ndarray
    asks: np.ndarray
    refusals: np.ndarray
    temporaries: np.ndarray
    meetings: np.ndarray
    duty_meetings: np.ndarray
    state: np.ndarray  # codes of State
    barriers: dict[str, tuple[int, int]]  # name: (active, decisive), over all hearings
    used: np.ndarray  # part of the hospital's yearly plan that is used by the edge of each month (H, months)
    served: np.ndarray  # part of special reviews served, as each month finds it (months)
    flows: dict[str, np.ndarray]  # expected patients and days (H, D), by the names of `use.Flows`

    @classmethod
    def of(cls, model: Model) -> Result:
        """Collect a finished run."""
        horizon, drugs = model.env.horizon, model.drugs
        shape = len(model.hospitals), len(drugs)

        def dates(values: list[float]) -> np.ndarray:
            t = np.array(values, float)
            return np.where(t < horizon, t, NEVER)

        found: dict[str, np.ndarray] = {n: dates([getattr(d, n) for d in drugs]) for n in DRUG_DATES}
        found["indications"] = np.array([d.indications for d in drugs], float).reshape(len(drugs), 3)
        found["in_time"] = np.array([d.in_time for d in drugs], np.int8)
        found |= {n: np.full(shape, NEVER) for n in (*PAIR_DATES, "temporary_first")}
        found |= {n: np.zeros(shape, np.int64) for n in PAIR_COUNTS}
        found["state"] = np.full(shape, State.OUT_OF_TARGET, np.int8)
        for pair in itertools.chain.from_iterable(model.pairs):
            at = pair.hospital.index, pair.drug.index
            for n in (*PAIR_DATES, *PAIR_COUNTS):
                found[n][at] = getattr(pair, n)
            first = pair.temporary_from()
            found["temporary_first"][at] = first if first < horizon else NEVER
            found["state"][at] = pair.final_state()
        found["meetings"] = np.array([c.held for c in model.committees], np.int64)
        found["duty_meetings"] = np.array([len(c.duty_dates) for c in model.committees], np.int64)
        found["used"] = np.array(model.accounts.used).reshape(len(model.hospitals), model.months.count)
        found["served"] = np.array(model.payers.served)
        barriers = {n: (b.active, b.decisive) for n, b in model.barriers.items()}
        return cls(**found, barriers=barriers, flows=flows_of(model))


def run(world: World) -> Result:
    """Simulate one replication of a world."""
    return Model(world).run()


def main(arguments: list[str]) -> None:
    """Run one replication of a scenario and print what came of it."""
    if not 1 <= len(arguments) <= 2:
        sys.exit("usage: python -m twin SCENARIO [REPLICATION]")
    world = build_world(load_scenario(arguments[0]), int(arguments[1]) if len(arguments) == 2 else 0)
    begin = time.perf_counter()
    result = run(world)
    seconds = time.perf_counter() - begin
    drugs, hospitals = world.drugs, world.hospitals
    if world.projects is not None:
        drugs = brought(world).drugs
    print(f"{world.scenario.name}: {len(drugs)} drugs, {len(hospitals)} hospitals, {seconds:.2f} s")
    print(f"listed {np.isfinite(result.listed).sum()}, in the catalogue {np.isfinite(result.entered).sum()}")
    states = np.bincount(result.state.ravel(), minlength=len(State))
    for state in State:
        if states[state]:
            print(f"{state.name.lower().replace('_', ' '):>17} {states[state]}")
    print(f"hearings {result.hearings.sum()}, refusals {result.refusals.sum()}, meetings {result.meetings.sum()}")
    patients = {name: result.flows[name].sum() for name in ("arrivals", *FATES)}
    print("patients:", ", ".join(f"{name} {number:.0f}" for name, number in patients.items()))
    wait = (result.stock - drugs.approval)[np.isfinite(result.stock)]
    if len(wait):
        print(f"approval to stock, of those stocked: mean {wait.mean():.1f} days, median {np.median(wait):.1f}")
