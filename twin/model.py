"""The model: all parts put together, and run to the horizon.

One process a drug and province (filing, listing), one a drug and target hospital (its journey), one a committee
(meetings), one for the dates on which interest changes its pace, one that closes the months. Each
part is handed the setting and what else it needs; this file alone knows them all.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from simlib.scenario.world import World
from twin.accounts import Accounts
from twin.asking import Interest
from twin.awareness import Awareness
from twin.budgets import Budgets
from twin.case_payment import CasePayment
from twin.catalogue import application_list, play_rounds, recorded_from
from twin.clock import Phase, Process
from twin.committee import Committee
from twin.community import Communities
from twin.dates import NEVER
from twin.decision import Decision
from twin.demand import Demand
from twin.development import brought, later_indications
from twin.journey import Journey, Steps
from twin.listing import Listing
from twin.months import Months
from twin.pair import Pair, State, is_target, people
from twin.patients import Patients
from twin.payers import Payers
from twin.practice import Practices
from twin.purchase import Purchase
from twin.readiness import Readiness
from twin.recorded import Recorded
from twin.setting import Setting
from twin.temporary import Temporary
from twin.use import Uses
from twin.world import Dossier, Drug

__all__ = ["Model", "Result", "State", "run"]


class Model:
    """One replication of a world: builds the parts and runs them to the horizon."""

    def __init__(self, world: World) -> None:
        self.world = brought(world)
        self.setting = Setting.of(self.world)
        self.drugs, self.hospitals = self.setting.drugs, self.setting.hospitals
        self._before_the_clock()
        self.pairs = [self._pairs_of(drug) for drug in self.drugs]  # by drug
        self._build_payment_and_use()
        self._build_hospitals()
        self._start()

    def _before_the_clock(self) -> None:
        """What nobody shares is known at once; catalogues come first, since some firms file by them."""
        s = self.setting
        play_rounds(s)
        readiness = Readiness(s)
        for drug in self.drugs:
            # SEMANTICS: the stage of catalogues switches the application list off as well.
            if s.stages.catalogue:
                drug.list_entry, drug.on_first_list = application_list(s, drug)
            drug.recorded = recorded_from(s, drug)
            drug.indications = later_indications(s, drug)
            readiness.file(drug)

    def _pairs_of(self, drug: Drug) -> list[Pair]:
        """The drug at its target hospitals, which divide its patients among them by their catchments."""
        targets = [h for h in self.hospitals if is_target(self.setting, drug, h)]
        everybody = people(h.catchment for h in self.hospitals)
        yearly, served = drug.patients / 100000 * everybody, people(h.catchment for h in targets)
        return [Pair(self.setting, drug, h, h.catchment / served * yearly) for h in targets]

    def _build_payment_and_use(self) -> None:
        """Who pays what, what each hospital does about each drug, and the patients."""
        s = self.setting
        self.months = Months(s)
        self.payers = Payers(s, self.months)
        self.case_payment = CasePayment(s, self.months, self.payers)
        self.practices = Practices(s, self.months, self.payers, self.case_payment)
        self.budgets = Budgets(s, self.months)
        self.recorded = Recorded(s)
        self.demand = [Demand(s, self.months, self.payers, d, self.pairs[d.index]) for d in self.drugs]
        self.uses = Uses(s, self.months, self.payers, self.practices, self.budgets, self.recorded, demand=self.demand)

    def _build_hospitals(self) -> None:
        """Committees, interest, and the accounts that follow both."""
        s = self.setting
        self.decision = Decision(s, self.budgets, self.practices)
        self.committees = [Committee(s, h, self.decision) for h in self.hospitals]
        self.interest = {(d.index, level): Interest(s, d, level) for d in self.drugs for level in (1, 2, 3)}
        for pair in self.all_pairs():
            self.interest[pair.drug.index, pair.hospital.level].targets += 1
        self.accounts = Accounts(s, self.uses, self.budgets, self.case_payment, self.interest, self.committees)

    def _start(self) -> None:
        """Start the processes."""
        s = self.setting
        self.platforms = [Listing(s, province) for province in s.provinces]
        self.steps = Steps(Awareness(s), Temporary(s), Purchase(s), Communities(s))
        for drug in self.drugs:
            for dossier in drug.dossiers:
                s.clock.process(self._dossier(dossier))
        s.clock.process(self._read_interest())
        s.clock.process(self.accounts.keep())

    def _dossier(self, dossier: Dossier) -> Process:
        """A drug's way to its listing in a province, from which on it is the business of every target hospital there."""
        yield from self.platforms[dossier.province.index].pass_through(dossier)
        for pair in self.pairs[dossier.drug.index]:
            if pair.hospital.province is dossier.province:
                self.steps.communities.follow(pair, self.setting.clock.process(self._journey(pair).run()))

    def _journey(self, pair: Pair) -> Journey:
        drug, hospital = pair.drug, pair.hospital
        interest = self.interest[drug.index, hospital.level]
        committee = self.committees[hospital.index]
        return Journey(self.setting, self.steps, pair, interest, committee, self.demand[drug.index])

    def _read_interest(self) -> Process:
        """On the first of a month, and when a catalogue is published, interest changes its pace."""
        clock, world = self.setting.clock, self.world
        firsts = {0.0, *world.firsts.tolist()}
        followed = [i for i in self.interest.values() if i.targets]
        for knot, next_knot in itertools.pairwise([*world.knots.tolist(), clock.horizon]):
            first = knot in firsts
            yield clock.at(knot, Phase.FIRST if first else Phase.PUBLISH)
            for interest in followed:
                interest.read(knot, next_knot, first)

    def run(self) -> Result:
        """Run to the horizon and collect what happened."""
        self.setting.clock.run(until=self.setting.horizon)
        return Result.of(self)

    # ---- what is told at the end

    def all_pairs(self) -> Iterable[Pair]:
        """Every target pair, by drug."""
        return itertools.chain.from_iterable(self.pairs)

    def patients(self) -> list[list[Patients]]:
        """Patients of every target pair of a finished run, to be drawn one by one, as `pairs`."""
        return [[Patients(self.uses, pair) for pair in pairs] for pairs in self.pairs]

    def final_state(self, pair: Pair) -> State:
        """The state at the horizon; temporary supply goes before all that is between asking and stock.

        SEMANTICS: supply runs from its first date to the day before its end; "not asked" after a lapse stays so, but
        not under recorded purchasing, which goes before all that is not stock.
        """
        horizon = self.setting.horizon
        begin, end = self.recorded.supply(pair)
        if begin < horizon <= end:
            return State.TEMPORARY
        supplied = any(begin < horizon <= end for begin, end in pair.supplies)
        return State.TEMPORARY if supplied and State.WAITING <= pair.state <= State.BEING_BOUGHT else pair.state


DRUG_DATES = ("approval", "entered", "effective", "commercial", "list_entry")
DOSSIER_DATES = ("filed", "arrival", "listed")
PAIR_DATES = ("aware", "first_ask", "first_heard", "passed", "stock", "removed")
PAIR_COUNTS = ("hearings", "asks", "refusals", "temporaries")


@dataclass(frozen=True)
class Result:
    """Dates (inf: never before the horizon), counts and final states; arrays of D drugs, H hospitals, or (H, D).

    filed, arrival, listed, in_time: of the dossier that is listed first, the first province's of several. dossiers: the same four of
    all provinces (P, D).
    """

    approval: np.ndarray
    indications: np.ndarray  # (D, 3)
    filed: np.ndarray
    arrival: np.ndarray
    listed: np.ndarray
    entered: np.ndarray
    effective: np.ndarray
    commercial: np.ndarray
    list_entry: np.ndarray
    dossiers: dict[str, np.ndarray]
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
        return cls(
            **_of_drugs(model),
            **_of_pairs(model),
            meetings=np.array([c.held for c in model.committees], np.int64),
            duty_meetings=np.array([len(c.meetings.duty_dates) for c in model.committees], np.int64),
            used=np.array(model.budgets.used).reshape(len(model.hospitals), model.months.count),
            served=np.array(model.case_payment.served),
            barriers={n: (b.active, b.decisive) for n, b in model.decision.counts.items()},
            flows=model.uses.flows(list(model.all_pairs())),
        )


def _of_drugs(model: Model) -> dict[str, Any]:
    """What happened to drugs: arrays (D) by the names of `Result`."""
    horizon, drugs = model.setting.horizon, model.drugs

    def dates(name: str) -> np.ndarray:
        t = np.array([getattr(d, name) for d in drugs], float)
        return np.where(t < horizon, t, NEVER)

    found: dict[str, Any] = {n: dates(n) for n in DRUG_DATES}
    found["indications"] = np.array([d.indications for d in drugs], float).reshape(len(drugs), 3)
    return found | _of_dossiers(model)


def _of_dossiers(model: Model) -> dict[str, Any]:
    """What happened to dossiers: by the names of `Result`, those listed first (D), and `dossiers`, all of them (P, D)."""
    horizon, shape = model.setting.horizon, (len(model.setting.provinces), len(model.drugs))
    found: dict[str, np.ndarray] = {}
    for name in (*DOSSIER_DATES, "in_time"):
        rows = [[getattr(d.dossiers[i], name) for d in model.drugs] for i in range(shape[0])]
        found[name] = np.array(rows, float).reshape(shape)
    found |= {n: np.where(found[n] < horizon, found[n], NEVER) for n in DOSSIER_DATES}
    found["in_time"] = found["in_time"].astype(np.int8)
    at = found["listed"].argmin(axis=0), np.arange(shape[1])
    return {name: rows[at] for name, rows in found.items()} | {"dossiers": found}


def _of_pairs(model: Model) -> dict[str, np.ndarray]:
    """What happened to pairs: arrays (H, D) by the names of `Result`."""
    shape, horizon = (len(model.hospitals), len(model.drugs)), model.setting.horizon
    found: dict[str, np.ndarray] = {n: np.full(shape, NEVER) for n in (*PAIR_DATES, "temporary_first")}
    found |= {n: np.zeros(shape, np.int64) for n in PAIR_COUNTS}
    found["state"] = np.full(shape, State.OUT_OF_TARGET, np.int8)
    for pair in model.all_pairs():
        at = pair.hospital.index, pair.drug.index
        for n in (*PAIR_DATES, *PAIR_COUNTS):
            found[n][at] = getattr(pair, n)
        first = min((begin for begin, end in model.recorded.without_stock(pair) if begin < end), default=NEVER)
        found["temporary_first"][at] = first if first < horizon else NEVER
        found["state"][at] = model.final_state(pair)
    return found


def run(world: World) -> Result:
    """Simulate one replication of a world."""
    return Model(world).run()
