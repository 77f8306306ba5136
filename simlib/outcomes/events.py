"""Every event of one replication as a table, and in Parquet: which drug, which hospital, when, what came of it, by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from simlib.core.files import beside
from simlib.core.workdays import INF
from simlib.model.log import E_NOT_KEPT, E_RECORDED, E_REFUSED, E_STOCKED, EVENTS, LIMITS, Event
from simlib.model.model import replicate
from simlib.model.record import Record
from simlib.model.rules import Others, sources
from simlib.model.vectors import deadline_each
from simlib.scenario.scenario import Scenario
from simlib.scenario.world import TimedRule, World

COLUMNS = (
    "drug", "hospital", "province", "stage", "outcome", "day", "reason", "number", "until", "lever", "clause", "document", "strength",
    "obeyed", "time",
)  # fmt: skip
TIMES = ("time",)
DRUG_EVENTS = (
    Event("approved", "readiness"),
    Event("filed", "readiness"),
    Event("returned", "listing"),
    Event("complete", "listing"),
    Event("reviewed", "listing", LIMITS),
    Event("listed", "listing", LIMITS),
    Event("catalogue_entered", "catalogue"),
    Event("catalogue_in_vain", "catalogue"),
    Event("commercial_entered", "catalogue"),
    Event("commercial_in_vain", "catalogue"),
    Event("list_entered", "catalogue"),
    Event("designated", "dual_channel"),
    Event("later_indication", "preapproval"),
)
ALL_EVENTS = (*DRUG_EVENTS, *EVENTS)  # at one time what happens to the drug comes before what happens to a pair
NAMES = tuple(e.name for e in ALL_EVENTS)
STAGE_NAMES = tuple(dict.fromkeys(e.stage for e in ALL_EVENTS))
REASONS = tuple(dict.fromkeys(word for e in ALL_EVENTS for word in e.details))
NO_HOSPITAL = -1


def events(scenario: Scenario, replication: int = 0) -> pd.DataFrame:
    """All events of one replication of a scenario.

    Parameters
    ----------
    scenario : Scenario
        The world.
    replication : int
        Number of the random history.

    Returns
    -------
    DataFrame
        One row for each event, sorted by drug, hospital and time (columns COLUMNS; `simlib.data_dictionary` explains
        each). Events of a drug alone come first and have no hospital. time is in days from the start of the run.

    Notes
    -----
    Keeping the log changes no date: they are those of the same replication without it.
    """
    return event_table(replicate(scenario, replication, events=True))


def event_table(record: Record) -> pd.DataFrame:
    """The events of a record that was kept with its log."""
    world = record.world
    rules = sources(world)
    rows = [_of_pairs(record, rules), *_of_drugs(record, rules)]
    found = _Rows(*(np.concatenate(column) for column in zip(*rows, strict=True)))
    inside = found.t < world.horizon
    order = np.lexsort((np.arange(len(found.t)), found.t, found.h, found.d))
    return _table(world, rules, _Rows(*(column[order[inside[order]]] for column in found)))


def write_events(table: pd.DataFrame, path: Path, about: str = "") -> None:
    """Write events as Parquet (zstd, byte-stream-split for times), moved into place when whole. about: what they belong to."""
    data = pa.Table.from_pandas(table, preserve_index=False)
    data = data.replace_schema_metadata({**(data.schema.metadata or {}), b"simlib": about.encode()})
    with beside(path) as part:
        pq.write_table(
            data, part, compression="zstd", use_dictionary=[c for c in COLUMNS if c not in TIMES],
            column_encoding=dict.fromkeys(TIMES, "BYTE_STREAM_SPLIT"),
        )  # fmt: skip


class _Rows(NamedTuple):
    """Events as columns of one length; event: place in ALL_EVENTS; rule: place in the rules at hand, -1 for none.

    p: place of the province where a dossier lies or the hospital stands, -1 where the region names none.
    """

    d: np.ndarray
    h: np.ndarray
    p: np.ndarray
    t: np.ndarray
    event: np.ndarray
    detail: np.ndarray
    rule: np.ndarray
    until: np.ndarray
    obeyed: np.ndarray


def _of_pairs(record: Record, rules: list[TimedRule]) -> _Rows:
    """The log's events; the rules that opened purchasing on filing are added to `rules`."""
    if record.log is None:
        raise ValueError("this record was kept without its events")
    log = record.log
    event, missed = log["event"], LIMITS.index("limit_missed")
    broken = np.isin(event, (E_NOT_KEPT, E_REFUSED)) | ((event == E_STOCKED) & (log["detail"] == missed))
    rule = np.where(event == E_RECORDED, _opened(record, rules)[log["d"]], log["rule"])
    place = record.world.hospitals.province[log["h"]] if len(record.listing.listed) > 1 else np.full(len(log), -1)
    return _Rows(
        log["d"], log["h"], place, log["t"], event + len(DRUG_EVENTS), log["detail"], rule, log["until"], ~broken
    )


def _opened(record: Record, rules: list[TimedRule]) -> np.ndarray:
    """Place of the rule that first let each drug be bought on filing, -1 for none (int, D); such rules are added to `rules`."""
    others, drugs = _others(record), record.world.drugs
    since = others.first("listing.other_routes", "recorded", drugs.approval)
    place = np.full(len(drugs), -1)
    for rule, now in others.limits("listing.other_routes", np.where(np.isfinite(since), since, 0.0))[0]:
        if "recorded" in rule.rule.value:
            place = np.where(now & np.isfinite(since) & (place < 0), len(rules), place)
            rules.append(rule)
    return place


@dataclass(frozen=True)
class _Limit:
    """What a limit of the platform meant for each drug: place of its rule (-1 for none), last date, obeyed (D each)."""

    rule: np.ndarray
    due: np.ndarray
    obeyed: np.ndarray

    def how(self, date: np.ndarray) -> np.ndarray:
        """Place in LIMITS of what the limit did to a date."""
        set_it = self.obeyed & (date == self.due)
        return np.where(self.rule < 0, 0, np.where(set_it, 1, np.where(date <= self.due, 2, 3)))


def _of_drugs(record: Record, rules: list[TimedRule]) -> list[_Rows]:
    """The events of drugs alone; rules that they name are added to `rules`."""
    world, c = record.world, record.catalogues
    others, never = _others(record), np.full(len(world.drugs), INF)
    out = [_drug_rows("approved", world.drugs.approval)]
    for i in range(len(record.listing.listed)):
        out += _of_dossiers(record, others, i, rules)
    for kind, entered, tried in (
        ("catalogue", c.entered, c.tried),
        ("commercial", c.commercial, c.tried_commercial),
    ):
        out.append(_drug_rows(f"{kind}_entered", entered))
        for r, up in zip(world.scenario.rounds, tried, strict=True):
            out.append(_drug_rows(f"{kind}_in_vain", np.where(up & (entered != r.published), r.published, never)))
    entry = _limit(others, "catalogue.application_list.update", c.list_entry, c.list_entry, c.list_entry, rules)
    out += [_drug_rows("list_entered", c.list_entry, limit=entry), _drug_rows("designated", record.payers.designated)]
    return out + [_drug_rows("later_indication", dates) for dates in record.indications.T]


def _of_dossiers(record: Record, others: Others, i: int, rules: list[TimedRule]) -> list[_Rows]:
    """What happened to the drugs' dossiers in province i."""
    world, x = record.world, record.listing
    ids, never = world.provinces.ids, np.full(len(world.drugs), INF)
    place, here = (i if len(ids) > 1 else -1), others.in_provinces(ids[i : i + 1])
    filed, arrival, listed, returns = x.filed[i], x.arrival[i], x.listed[i], x.returns[i]
    review = _limit(here, "listing.review_limit", filed, arrival, x.review_due[i], rules)
    whole = _limit(here, "listing.whole_limit", filed, filed, x.whole_due[i], rules, world.provinces.limits[i])
    reviewed = np.minimum(x.signed[i], listed)  # a limit on the whole procedure may end the review too
    return [
        _drug_rows("filed", filed, place=place),
        _drug_rows("returned", np.where(returns > 0, filed, never), detail=returns, place=place),
        _drug_rows("complete", arrival, place=place),
        _drug_rows("reviewed", reviewed, review.how(reviewed), review, place),
        _drug_rows("listed", listed, whole.how(listed), whole, place),
    ]


def _drug_rows(
    name: str, t: np.ndarray, detail: np.ndarray | None = None, limit: _Limit | None = None, place: int = -1
) -> _Rows:
    """One event for each drug, at t (inf for the drugs that have none). place: of the province, -1 for none."""
    none = np.full(len(t), -1)
    due = limit.due if limit and name != "list_entered" else np.full(len(t), INF)
    yes, rule = (limit.obeyed, limit.rule) if limit else (np.ones(len(t), bool), none)
    detail = np.zeros(len(t), int) if detail is None else detail
    return _Rows(
        np.arange(len(t)), none, np.full(len(t), place), t, np.full(len(t), NAMES.index(name)), detail, rule, due, yes
    )


def _others(record: Record) -> Others:
    """The rules of everybody but hospitals, with the scopes that the catalogues gave."""
    others, c = Others(record.world), record.catalogues
    others.since |= dict.fromkeys(("negotiated", "nrdl_innovative", "negotiated_in_term"), c.entered)
    others.since |= {"commercial_list": c.commercial, "application_list": c.list_entry}
    return others


def _limit(
    others: Others,
    lever: str,
    at: np.ndarray,
    clock: np.ndarray,
    due: np.ndarray,
    rules: list[TimedRule],
    own: tuple[float, str] | None = None,
) -> _Limit:
    """The rule of a lever that holds for each drug at `at`; of several limits the one that ends first.

    own: a limit that the province has without a rule; where it ends first no rule is named.
    """
    held, obeyed = others.limits(lever, at)
    place, least = np.full(len(at), -1), np.full(len(at), INF)
    for rule, now in held:
        value = rule.rule.value
        number, unit = value if isinstance(value, tuple) else (0.0, "days")
        end = deadline_each(others.world.table, clock, np.full(len(at), float(number)), unit)
        first = now & np.isfinite(clock) & ((place < 0) | (end < least))
        place, least = np.where(first, len(rules), place), np.where(first, end, least)
        rules.append(rule)
    if own is not None:
        end = deadline_each(others.world.table, clock, np.full(len(at), own[0]), own[1])
        place = np.where(end < least, -1, place)
    return _Limit(place, due, np.reshape(obeyed, -1) & (place >= 0))


def _table(world: World, rules: list[TimedRule], r: _Rows) -> pd.DataFrame:
    """Names for numbers."""
    start = np.datetime64(world.calendar.start, "D")
    stage = np.array([STAGE_NAMES.index(e.stage) for e in ALL_EVENTS])
    counts = np.array([not e.details for e in ALL_EVENTS])[r.event]
    texts = {
        "lever": [x.rule.lever for x in rules], "clause": [x.rule.clause for x in rules],
        "document": [x.rule.document for x in rules], "strength": [x.rule.strength for x in rules],
    }  # fmt: skip
    columns = {
        "drug": _names(r.d, world.drugs.names),
        "hospital": _names(r.h, world.hospitals.names),
        "province": _names(r.p, list(world.provinces.names)),
        "stage": pd.Categorical.from_codes(stage[r.event], STAGE_NAMES),
        "outcome": pd.Categorical.from_codes(r.event, NAMES),
        "day": _days(start, r.t),
        "reason": pd.Categorical.from_codes(_reason_codes(r, counts), REASONS),
        "number": np.where(counts, r.detail, 0).astype(np.int32),
        "until": _days(start, r.until),
        **{name: _names(r.rule, text) for name, text in texts.items()},
        "obeyed": pd.arrays.BooleanArray(r.obeyed.astype(bool), r.rule < 0),
        "time": r.t,
    }
    return pd.DataFrame(columns)[list(COLUMNS)]


def _names(places: np.ndarray, names: list[str]) -> pd.Categorical:
    """The names at some places; missing where a place is below 0."""
    kinds = list(dict.fromkeys(names))
    code = {name: i for i, name in enumerate(kinds)}
    codes = np.array([code[n] for n in names] + [-1])
    return pd.Categorical.from_codes(codes[places], kinds)


def _reason_codes(r: _Rows, counts: np.ndarray) -> np.ndarray:
    """Place in REASONS of each event's reason; -1 where it has none."""
    most = max(len(e.details) for e in ALL_EVENTS)
    lookup = np.full((len(ALL_EVENTS), most), -1)
    for i, e in enumerate(ALL_EVENTS):
        lookup[i, : len(e.details)] = [REASONS.index(word) for word in e.details]
    return np.where(counts, -1, lookup[r.event, np.where(counts, 0, r.detail)])


def _days(start: np.datetime64, t: np.ndarray) -> np.ndarray:
    """Dates of times; NaT for never."""
    finite = np.isfinite(t)
    days = start + np.floor(np.where(finite, t, 0)).astype("timedelta64[D]")
    return np.where(finite, days, np.datetime64("NaT", "D")).astype("datetime64[s]")
