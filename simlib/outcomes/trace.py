"""One drug at one hospital, followed from approval to stock: what happened, and what would have without the reforms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from simlib.core.files import InputError, one_of
from simlib.core.registry import provided
from simlib.model.model import replicate
from simlib.model.pair_records import STATES
from simlib.model.record import Record
from simlib.outcomes.events import event_table
from simlib.policy.rules import Rule
from simlib.scenario.derived import before_reform
from simlib.scenario.scenario import Scenario
from simlib.scenario.world import World, build_world
from simlib.world.cohort import Drugs
from simlib.world.lists_drugs import name_in
from simlib.world.region import OWNERS, TYPES

AMBIGUOUS = 8  # names that a complaint shows


@dataclass(frozen=True)
class Fate:
    """How a pair ends: its state at the end of the run, and the day of regular stock, if any."""

    state: str
    stocked: date | None


@dataclass(frozen=True)
class Trace:
    """The story of one pair; `text` tells it, `to_dict` holds it for machines.

    Attributes
    ----------
    scenario, replication : Scenario, int
        The world and the random history.
    drug, hospital : str
        Names.
    level, type, owner : int, str, str
        Of the hospital.
    events : DataFrame
        The drug's own events and the pair's, in order of time (columns of `simlib.events`).
    meetings : DataFrame
        The meetings that a duty added at this hospital.
    fate : Fate
        State at the end of the run, and day of regular stock.
    before : Fate or None
        The same under what held before the reforms, with the same random numbers; None where the scenario is that already.
    """

    scenario: Scenario
    replication: int
    drug: str
    hospital: str
    level: int
    type: str
    owner: str
    events: pd.DataFrame
    meetings: pd.DataFrame
    fate: Fate
    before: Fate | None

    @property
    def last_day(self) -> date:
        """The last day of the run."""
        return self.scenario.calendar.date(math.ceil(self.scenario.horizon) - 1)

    def rule(self, lever: str, clause: str, document: str) -> Rule:
        """The rule of a clause that an event names."""
        found = [r for r in self.scenario.policy.of(lever) if (r.clause, r.document) == (clause, document)]
        return found[0]

    def text(self, language: str = "en") -> str:
        """The story in plain words (about 25 lines).

        Parameters
        ----------
        language : {"en", "zh"}
            English or Chinese.

        Returns
        -------
        str
            Lines.
        """
        return provided("Trace.text")(self, language)

    def to_dict(self) -> dict[str, Any]:
        """The story as plain data.

        Returns
        -------
        dict
            Steps and rules with their words in both languages; waits in days.
        """
        return provided("Trace.to_dict")(self)

    def __str__(self) -> str:
        return self.text()


def trace(scenario: Scenario, drug: str | int, hospital: str | int, replication: int = 0) -> Trace:
    """Follow one drug at one hospital through one replication.

    Parameters
    ----------
    scenario : Scenario
        The world.
    drug, hospital : str or int
        Name or id. Part of a name is enough where only one name has it.
    replication : int
        Number of the random history.

    Returns
    -------
    Trace
        Events in order of time and how the pair ends, beside its fate before the reforms with the same luck.

    Raises
    ------
    InputError
        If no drug or hospital has that name, or several have; the message names the nearest ones.
    """
    world = build_world(scenario, replication)
    d = place_of_drug(drug, scenario, world.drugs)
    h = place(hospital, world.hospitals.names, world.hospitals.ids, "hospital")
    record = replicate(scenario, replication, pairs=True, events=True)
    base = before_reform(scenario)
    before = replicate(base, replication, pairs=True) if base else None
    return trace_of(record, event_table(record), before, h, d)


def trace_of(record: Record, table: pd.DataFrame, before: Record | None, h: int, d: int) -> Trace:
    """The story of pair (h, d) of a record kept with pairs and events; table: its events; before: the record without reforms."""
    world: World = record.world
    drug, hospital = world.drugs.names[d], world.hospitals.names[h]
    at, place = (table["hospital"] == hospital).to_numpy(), world.provinces.names[world.hospitals.province[h]]
    here = (table["province"].isna() | (table["province"] == place)).to_numpy()  # what its own platform did
    own = (table["drug"] == drug).to_numpy() & (at | (table["hospital"].isna().to_numpy() & here))
    events = table[own].sort_values("time", kind="stable").reset_index(drop=True)
    meetings = table[at & (table["outcome"] == "duty_meeting").to_numpy()].reset_index(drop=True)
    hs = world.hospitals
    return Trace(
        world.scenario, world.key[1], drug, hospital, int(hs.level[h]), TYPES[hs.type[h]], OWNERS[hs.owner[h]], events,
        meetings, _fate(record, h, d), _fate(before, h, d) if before else None,
    )  # fmt: skip


def fates(scenario: Scenario, drug: str | int, replication: int = 0) -> pd.DataFrame:
    """How a drug fares at each hospital that treats its disease: hospital, level, type, owner, state, stocked (a day or NaT).

    Large hospitals first: by level, then in the region's order.
    """
    record = replicate(scenario, replication, pairs=True)
    world: World = record.world
    d = place_of_drug(drug, scenario, world.drugs)
    hs = world.hospitals
    rows = [
        (hs.names[h], int(hs.level[h]), TYPES[hs.type[h]], OWNERS[hs.owner[h]], *vars(_fate(record, h, d)).values())
        for h in np.argsort(-hs.level, kind="stable")
    ]
    table = pd.DataFrame(rows, columns=["hospital", "level", "type", "owner", "state", "stocked"])
    table["stocked"] = pd.to_datetime(table["stocked"])
    return table[table["state"] != "out_of_target"].reset_index(drop=True)


def drug_name(scenario: Scenario, drug: str | int, replication: int = 0) -> str:
    """The full name of a drug given by name, part of a name, or id."""
    drugs = build_world(scenario, replication).drugs
    return drugs.names[place_of_drug(drug, scenario, drugs)]


def place_of_drug(wanted: str | int, scenario: Scenario, drugs: Drugs) -> int:
    """Place of a drug given by its name, its Chinese name, a part of either that no other has, or its id."""
    chinese = [name_in(scenario.cohort, n, "zh") for n in drugs.names]
    text = str(wanted).strip()
    names = chinese if any(text and text in zh for zh in chinese) else drugs.names
    return place(wanted, names, drugs.ids, "drug")


def place(wanted: str | int, names: Sequence[str], ids: np.ndarray, what: str) -> int:
    """Place of the one that has this name or id, or alone has it in its name; InputError with the nearest name."""
    text = str(wanted).strip()
    folded = [n.casefold() for n in names]
    for found in (
        [i for i, n in enumerate(names) if n == text],
        [i for i, n in enumerate(ids) if str(n) == text],
        [i for i, n in enumerate(folded) if n == text.casefold()],
        [i for i, n in enumerate(folded) if text and text.casefold() in n],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            shown = ", ".join(names[i] for i in found[:AMBIGUOUS]) + (", ..." if len(found) > AMBIGUOUS else "")
            raise InputError(f"{what} {text!r} fits {len(found)}: {shown}")
    raise InputError(one_of(text, names, what))


def _fate(record: Record, h: int, d: int) -> Fate:
    pairs = record.pairs
    assert pairs is not None
    stock = float(pairs.stock[h, d])
    day = record.world.calendar.date(stock) if math.isfinite(stock) else None
    return Fate(STATES[int(pairs.state[h, d])], day)
