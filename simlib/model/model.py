"""The model: the stages of the flow in one SimPy environment.

    (pipeline) -> approval -> ready -> catalogues, listed -> aware -> asked -> heard, decided -> room -> bought, stocked -> used, paid
                                  |                                                 `-> temporary purchase -'                  |
                     `-> designated at dual-channel pharmacies ---------------------------------------'

SimPy moves the clock only to moments at which something shared is decided: the first of a month (who stocks what, seen
by peers), a publication (rates of asking change), the end of a month (budgets, special case review, drugs that nobody
used). Between two such moments hospitals do not know of each other: all meetings from one to the next are one compiled
call. What nobody shares is a vector of dates: the catalogues' draws, listing and the meetings' dates are laid out before
the clock starts, since nothing later feeds back to them, and so are the payers' terms. Within that a pair of hospital and
drug is touched only when something happens to it (`simlib.model.stages.queues`).
"""

from __future__ import annotations

import itertools
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from simlib.core.compiled import choose_engine
from simlib.core.errors import InputError
from simlib.core.workdays import INF
from simlib.model import effort, finish, log
from simlib.model.begin import begin, hospital_groups
from simlib.model.clock import at
from simlib.model.pair_records import UNAWARE
from simlib.model.record import CURVE_DAYS, Pairs, Record
from simlib.model.rules import Others
from simlib.model.stages import (
    asking,
    catalogue,
    committee,
    community,
    later,
    listing,
    meetings,
    payers,
    preapproval,
    queues,
    readiness,
    routes,
    use_months,
)
from simlib.model.stages.review import Reviews
from simlib.model.sums import Cube, Tally
from simlib.model.use_records import Fates
from simlib.scenario.scenario import Scenario
from simlib.scenario.world import World, build_world

# order of what falls on one date
MONTH_END, FIRST_OF_MONTH, MEETINGS = 2, 3, 4  # publications and completions need no event of their own
LOG_ROWS = 6  # notes a pair that the log has room for at first; pages that nobody touches cost nothing
SOME_DRUGS = 100  # where their number is drawn
STEP = 2.0**-20  # the grid of time: the last moment before the horizon is one step before it


def replicate(
    scenario: Scenario, replication: int, pairs: bool = False, events: bool = False, supplies: bool = False
) -> Record:
    """One random history of a scenario.

    pairs: keep the dates of every drug at every hospital. supplies: keep what every hospital had of every drug on the dates of
    the snapshots. events: keep the event log (the same dates, to the last bit);
    where it does not fit into the room it was given the history runs again with just enough.
    """
    effort.make_sure(scenario, pairs=pairs, events=events)
    choose_engine(effort.work(scenario))
    world = build_world(scenario, replication)
    rows = max(1, int(LOG_ROWS * len(world.drugs) * len(world.hospitals))) if events else 0
    while True:
        run = Run(world, rows)
        run.through()
        noted = run.noted
        if noted <= rows or not events:
            record = run.record(pairs, supplies)
            run.release()
            return record
        run.release()
        rows = noted


class Run:
    """One replication in progress."""

    def __init__(self, world: World, log_rows: int = 0) -> None:
        self.world, self.pipeline = preapproval.bring(world)
        world = self.world
        self.others = Others(world)
        self.catalogues = catalogue.decide(world, self.others)
        filed = readiness.filing_dates(world, self.others, self.catalogues)
        self.listing = listing.list_drugs(world, self.others, filed, self.catalogues.entered)
        self.indications = later.indications(world, self.others)
        self.payers = payers.pay_tables(world, self.others, self.catalogues, self.listing, self.indications)
        self.arrays, self.state = begin(
            world, self.others, self.catalogues, self.listing, self.payers, self.indications, log_rows
        )
        self.reviews = Reviews(world, self.others, self.arrays)
        self.when, self.who = meetings.lay_out(world, self.state)
        self.asks_at_once = bool(self.arrays.num["all_before"])

    def keep_silent(self, pairs: np.ndarray) -> None:
        """Before the clock starts: hospitals of these pairs (bool, (H, D)) never learn of the drug, so that nobody asks."""
        self.arrays.x[pairs & (self.arrays.slot == UNAWARE)] = INF

    def through(self) -> None:
        """Run the clock from 0 to the horizon."""
        env = simpy.Environment()
        queues.lay_learning(self.state)
        if self.asks_at_once:
            queues.look_ahead(self.state, 0)
        else:
            env.process(self.interest(env))
        if self.world.p.stages.committee:
            env.process(self.committees(env))
        if self.world.p.stages.use or self.world.p.stages.payment:
            env.process(self.accounts(env))
        env.run(until=self.world.horizon)
        community.flush(self.state, self.world.horizon - STEP, False)
        self.check_moving()
        self.close_month(len(self.arrays.edges) - 2)
        log.note_spans(self.state)

    def interest(self, env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        """Firsts of months and publications: shares of stocking hospitals are taken and rates of asking read anew."""
        s, firsts = self.state, self.arrays.firsts
        j, last = 0, 0.0
        includes_directly = bool(self.arrays.hospital["direct"].any())
        for k, t in enumerate(self.arrays.knots):
            yield at(env, t, FIRST_OF_MONTH)
            is_first = j < len(firsts) and firsts[j] == t
            if is_first:
                if includes_directly:
                    community.flush(s, t - STEP, True)
                asking.count_stocked(s, j)
                j, last = j + 1, t
            asking.open_knot(s, k, last)
            queues.look_ahead(s, k)

    def accounts(self, env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        """Ends of months: patients begun, money spent, budgets and special reviews."""
        includes_directly = bool(self.arrays.hospital["direct"].any())
        for k, t in enumerate(self.arrays.firsts, 1):
            yield at(env, t, MONTH_END)
            if includes_directly:
                community.flush(self.state, t - STEP, True)
            self.close_month(k - 1)

    def close_month(self, j: int) -> None:
        """The accounts of month j, at its end."""
        if self.world.p.stages.use:
            use_months.close_month(self.state, j)
        self.reviews.edge(j + 1)

    def committees(self, env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
        """Meetings in the order of their dates, in one compiled call all those from one shared moment to the next."""
        shared = np.union1d(self.arrays.knots, self.arrays.firsts)
        edges = np.unique([0, *np.searchsorted(self.when, shared), len(self.when)]).tolist()
        for a, b in itertools.pairwise(edges):
            yield at(env, float(self.when[a]), MEETINGS)
            committee.hold_meetings(self.state, self.who[a:b], self.when[a:b])
            self.check_moving()

    def check_moving(self) -> None:
        """InputError where a drug at a hospital went round in circles at one moment."""
        if stuck := int(self.arrays.count["stuck"]):
            h, d = divmod(stuck - 1, len(self.world.drugs))
            pair = f"{self.world.drugs.names[d]} at {self.world.hospitals.names[h]}"
            told = "is asked for, dropped and asked for again at one moment, without end"
            remedy = "raise committee.unheard_leaves_after_months or decision.lock_out_months"
            raise InputError(f"{self.world.scenario.name}: {pair} {told}; {remedy}")

    def record(self, keep_pairs: bool, keep_supplies: bool = False) -> Record:
        """Close all histories at the horizon and add them up."""
        s, world = self.arrays, self.world
        dates = np.array([*world.scenario.snapshots, world.horizon - STEP])
        events, early = np.zeros((3, CURVE_DAYS + 2)), np.zeros((3, CURVE_DAYS + 2))
        first_stock = np.full(len(world.drugs), INF)
        snapshots = np.zeros((len(dates), len(world.drugs), 3), np.int32)
        kept = self.pairs() if keep_pairs else None
        supplies = np.zeros((len(dates), *s.slot.shape), np.uint8) if keep_supplies else None
        if supplies is not None:
            finish.note_supplies(self.state, dates, supplies)
        finish.finish(self.state, first_stock, snapshots, dates, events, early)
        use_months.finish_use(self.state)
        use_months.count_pharmacies(self.state)
        groups, _, sizes = hospital_groups(world)
        return Record(
            world,
            self.catalogues,
            self.listing,
            Cube.flat(s.cube),
            Tally.flat(s.tally),
            s.targets,
            snapshots,
            events,
            early,
            first_stock,
            groups,
            sizes,
            kept,
            self.payers,
            Fates.flat(s.fates),
            s.money,
            self.reviews.table(),
            np.ascontiguousarray(s.used.T),
            s.served,
            self.indications,
            later.supplements(world, self.others),
            self.pipeline,
            routes.special_routes(world),
            s.log[: self.noted].copy() if s.log.size else None,
            supplies,
        )

    @property
    def noted(self) -> int:
        """How many events were noted, whether or not the log had room for them."""
        return int(self.arrays.count["notes"])

    def release(self) -> None:
        """Let go of the large arrays: a finished SimPy environment is a reference cycle that would hold them.

        (Collecting garbage instead took longer than a replication of a small world.)
        """
        del self.arrays, self.state

    def pairs(self) -> Pairs:
        """Dates and counts of every pair."""
        h, n = self.arrays.slot.shape
        state, dates, counts = finish.empty_pairs(h, n)
        finish.spread_pairs(self.state, state, dates, counts)
        held = np.bincount(self.who, minlength=h)
        return Pairs(state, *dates, *counts, held, self.arrays.hospital["duty_meetings"].astype(np.int64))
