"""Who is waited for, from day to day: the spans between a story's events, for one pair or for all hospitals of a drug."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from simlib.model.model import replicate
from simlib.model.pair_records import PairState
from simlib.model.record import Record
from simlib.outcomes.events import event_table
from simlib.outcomes.trace import place_of_drug
from simlib.scenario.scenario import Scenario
from simlib.words.story import SUPPLY_BEGINS, SUPPLY_ENDS, WAITS

# the flow's order, the farthest first, in which hospitals of a drug are sorted by where they end
FARTHEST = (
    "stocked", "removed", "purchase", "room", "committee", "deferred", "lock_out", "department", "learning", "platform",
    "papers", "firm",
)  # fmt: skip


class Span(NamedTuple):
    """Days from `first` up to `until` (not included), spent waiting for `who` (a key of `base.WHO_LOOKS`)."""

    who: str
    first: date
    until: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.until - self.first).days


def spans(events: Iterable[tuple[str, date]], end: date) -> list[Span]:
    """Spans of a pair, one after the other from its first event to `end`, neighbours of one kind made one.

    events: (outcome, day) in order of time. In stock lasts until the drug is taken out; what nobody waits in is left out.
    """
    out: list[Span] = []
    who, since = "", end
    for outcome, day in events:
        after = "removed" if outcome == "removed" else WAITS.get(outcome)
        if after is None or (who == "stocked" and outcome != "removed"):
            continue
        _close(out, who, since, min(day, end))
        who, since = after or "stocked", day
    _close(out, who, since, end)
    return out


def _close(out: list[Span], who: str, first: date, until: date) -> None:
    if not who or until <= first:
        return
    if out and out[-1].who == who and out[-1].until == first:
        first = out.pop().first
    out.append(Span(who, first, until))


def supply_spans(events: Iterable[tuple[str, date]], end: date) -> list[Span]:
    """Spans of temporary supply, on need or on filing; where both hold they are one."""
    out: list[Span] = []
    open_, since = 0, end
    for outcome, day in events:
        if outcome in SUPPLY_BEGINS:
            since = day if open_ == 0 else since
            open_ += 1
        elif outcome in SUPPLY_ENDS:
            open_ -= 1
            if open_ == 0:
                _close(out, "supply", since, min(day, end))
    if open_:
        _close(out, "supply", since, end)
    return out


@dataclass(frozen=True)
class DrugStory:
    """One drug at all hospitals that treat its disease, in one random history.

    Attributes
    ----------
    scenario, replication, drug : Scenario, int, str
        The world, the random history and the drug's name.
    first, end : date
        First day of the story, and the day after the run.
    hospitals : tuple of str
        Names, sorted by level (tertiary first), how far the drug came there, and how early.
    level : ndarray
        int, one for each hospital.
    spans : tuple of tuple of Span
        Who is waited for at each hospital, from day to day.
    """

    scenario: Scenario
    replication: int
    drug: str
    first: date
    end: date
    hospitals: tuple[str, ...]
    level: np.ndarray
    spans: tuple[tuple[Span, ...], ...]

    def at_end(self, level: int) -> dict[str, int]:
        """How many hospitals of a level end where.

        Parameters
        ----------
        level : int
            3, 2 or 1.

        Returns
        -------
        dict of str to int
            Number of hospitals by who is waited for at the end, the farthest first.
        """
        last = [s[-1].who for s, v in zip(self.spans, self.level, strict=True) if v == level and s]
        return {who: last.count(who) for who in FARTHEST if who in last}


def drug_story(scenario: Scenario, drug: str | int, replication: int = 0) -> DrugStory:
    """Follow one drug at all hospitals that treat its disease.

    Parameters
    ----------
    scenario : Scenario
        The world.
    drug : str or int
        Name or id. Part of a name is enough where only one name has it.
    replication : int
        Number of the random history.

    Returns
    -------
    DrugStory
        Who is waited for at each hospital, from day to day; `simlib.hospital_strips` draws it.

    Raises
    ------
    InputError
        If no drug has that name, or several have; the message names the nearest ones.
    """
    return drug_story_of(replicate(scenario, replication, pairs=True, events=True), drug)


def drug_story_of(record: Record, drug: str | int) -> DrugStory:
    """The same from a record kept with pairs and events."""
    w, pairs = record.world, record.pairs
    if pairs is None or record.log is None:
        raise ValueError("this record was kept without its pairs or events")
    d = place_of_drug(drug, w.scenario, w.drugs)
    table = event_table(replace(record, log=record.log[record.log["d"] == d]))
    table = table[(table["drug"] == w.drugs.names[d]).to_numpy()]
    rows = list(zip(table["time"], table["outcome"].astype(str), table["day"].dt.date, strict=True))
    own: dict[tuple[str | None, str | None], list] = {}  # by hospital, or by the province whose platform acted
    owner, place = (table[c].astype(object).where(table[c].notna(), None) for c in ("hospital", "province"))
    for name, province, row in zip(owner, place, rows, strict=True):
        own.setdefault((name, None if name else province), []).append(row)
    end = w.calendar.date(np.ceil(w.horizon) - 1)
    told = {}
    for h in np.flatnonzero(pairs.state[:, d] != PairState.OUT_OF_TARGET):
        of_drug, here = own.get((None, None), []), own.get((None, w.provinces.names[w.hospitals.province[h]]), [])
        events = sorted([*of_drug, *here, *own.get((w.hospitals.names[h], None), [])], key=lambda r: r[0])
        told[int(h)] = tuple(spans(((r[1], r[2]) for r in events), end))
    order = sorted(told, key=lambda h: (-int(w.hospitals.level[h]), *_reach(told[h])))
    first = w.calendar.date(w.drugs.approval[d])
    names = tuple(w.hospitals.names[h] for h in order)
    levels = w.hospitals.level[order] if order else np.zeros(0, int)
    return DrugStory(w.scenario, w.key[1], w.drugs.names[d], first, end, names, levels, tuple(told[h] for h in order))


def _reach(told: tuple[Span, ...]) -> tuple:
    """Sorts hospitals: how far they end, and since when."""
    return (FARTHEST.index(told[-1].who), told[-1].first) if told else (len(FARTHEST), date.max)
