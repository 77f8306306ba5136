"""What a published figure counts, taken from one replication as its source took it from the world.

An indicator says how a scenario does; an observation repeats what somebody once counted: these hospitals, these drugs, on
this day. Stock is known on the days that a scenario names as `snapshots`, by drug and level of the hospital.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from simlib.core.files import InputError, one_of
from simlib.core.workdays import YEAR
from simlib.model.pair_records import Supplied
from simlib.model.record import Record
from simlib.outcomes.indicators import indicator
from simlib.outcomes.money import PAYERS, bills
from simlib.world.region import AREAS, OWNERS

MONTH = YEAR / 12


@dataclass(frozen=True)
class Which:
    """Which drugs a source counted.

    areas: of treatment; all if none is named. approved: first and last year of approval. listed: whether the basic
    catalogue had published them by the day of the count (None: either). months: at least so many since that publication, or,
    of drugs that are not listed, since approval.
    """

    areas: tuple[str, ...] = ()
    approved: tuple[int, int] | None = None
    listed: bool | None = None
    months: float = 0.0

    def drugs(self, record: Record, day: float) -> np.ndarray:
        """The drugs as of a day (bool, D)."""
        d, entered = record.world.drugs, record.catalogues.entered
        since = d.approval if self.listed is False else entered if self.listed else np.full(len(d), -np.inf)
        found = (d.approval <= day) & (since <= day - self.months * MONTH)
        if self.listed is not None:
            found &= (entered <= day) == self.listed
        if self.areas:
            found &= np.isin(d.area, [AREAS.index(a) for a in self.areas])
        if self.approved is not None:
            years = np.array([record.world.calendar.date(t).year for t in d.approval])
            found &= (years >= self.approved[0]) & (years <= self.approved[1])
        return found


def hospitals(record: Record, level: int) -> int:
    """All hospitals of a level, whatever they treat: what published shares are shares of."""
    return int(record.group_sizes[record.groups[:, 0] == level].sum())


def stocked(record: Record, which: Which, level: int, snapshot: int) -> np.ndarray:
    """Share of the level's hospitals that stock each of the drugs on the day of a snapshot (float64, one a drug)."""
    day = record.world.scenario.snapshots[snapshot]
    return record.snapshots[snapshot, which.drugs(record, day), level - 1] / max(hospitals(record, level), 1)


def mean_stocked(record: Record, which: Which, level: int, snapshot: int = 0) -> float:
    """Mean over drugs of the share of hospitals that stock one; NaN without a drug."""
    shares = stocked(record, which, level, snapshot)
    return float(shares.mean()) if len(shares) else np.nan


def panel_supplied(
    record: Record, which: Which, panel: int, on: float, counts: str = "in_month", public: bool = True
) -> float:
    """Mean over drugs of the share of a panel's hospitals that a drug reached; NaN without a drug.

    The panel holds the region's largest tertiary hospitals by beds, as far as there are so many. counts: what the source calls
    available: "stocked" on the day `on`, or supplied in any way "in_month" or "in_year" up to it.
    """
    members = largest(record, panel, public)
    bit = Supplied[counts.upper()]
    snapshot = record.world.scenario.snapshots.index(on)
    found = record.supplies[snapshot][np.ix_(members, which.drugs(record, on))] & bit
    return float((found > 0).mean()) if found.size else np.nan


def largest(record: Record, number: int, public: bool = True) -> np.ndarray:
    """Places of the so many largest tertiary hospitals by beds; the order of the region's list breaks ties."""
    h = record.world.hospitals
    eligible = np.flatnonzero((h.level == 3) & ((h.owner != OWNERS.index("private")) | (not public)))
    return eligible[np.argsort(-h.beds[eligible], kind="stable")[:number]]


def rank_correlation(record: Record, which: Which, level: int, snapshot: int = 0, trait: str = "patients") -> float:
    """Spearman's correlation over drugs of the share of hospitals that stock one with a trait of the drug: how many "patients"
    need it, "years" since the catalogue took it, or the "cost" of a year's use at list price."""
    from scipy import stats  # takes half a second to load

    day, d = record.world.scenario.snapshots[snapshot], record.world.drugs
    traits = {"patients": d.patients, "years": day - record.catalogues.entered, "cost": d.yearly}
    if trait not in traits:
        raise InputError(f"rank_correlation: trait: {one_of(trait, traits, 'trait')}")
    shares, values = stocked(record, which, level, snapshot), traits[trait][which.drugs(record, day)]
    if len(shares) < 3 or np.ptp(shares) == 0 or np.ptp(values) == 0:
        return np.nan
    return float(stats.spearmanr(shares, values).statistic)


def widely_stocked(record: Record, which: Which, level: int, above: float, snapshot: int = 0) -> float:
    """Share of drugs that more than `above` (a share) of the level's hospitals stock; NaN without a drug."""
    shares = stocked(record, which, level, snapshot)
    return float((shares > above).mean()) if len(shares) else np.nan


def entered_share(record: Record, which: Which, day: float) -> float:
    """Share of the drugs that the basic catalogue had published by a day; NaN without a drug."""
    chosen = which.drugs(record, day)
    return float((record.catalogues.entered[chosen] <= day).mean()) if chosen.any() else np.nan


def days_to_entry(record: Record, which: Which, day: float) -> float:
    """Median days from approval to publication of the catalogue, of drugs that were in it by a day; NaN without one."""
    chosen = which.drugs(record, day) & (record.catalogues.entered <= day)
    return (
        float(np.median((record.catalogues.entered - record.world.drugs.approval)[chosen])) if chosen.any() else np.nan
    )


def additions(record: Record, year: int) -> float:
    """How many drugs the basic catalogue of a year's round added; NaN where there is no such round below the horizon."""
    published = [r.published for r in record.world.scenario.rounds if r.year == year]
    return float((record.catalogues.entered == published[0]).sum()) if published else np.nan


def entry_rate_ratio(record: Record, which: Which, day: float) -> float:
    """Rate of entry of domestic drugs over that of foreign ones: entries by days at risk, from approval to entry or to the day.

    With constant rates this is the hazard ratio of a Cox model with origin alone. NaN without an entry of a foreign drug.
    """
    d, entered = record.world.drugs, record.catalogues.entered
    chosen = which.drugs(record, day)

    def rate(group: np.ndarray) -> float:
        at_risk = (np.minimum(entered, day) - d.approval)[group].sum()
        return float((entered[group] <= day).sum() / at_risk) if at_risk > 0 else np.nan

    foreign = rate(chosen & d.foreign)
    return rate(chosen & ~d.foreign) / foreign if foreign > 0 else np.nan


def unlisted(record: Record, after: float, day: float, since: float = -np.inf) -> float:
    """Share of the drugs that the basic catalogue had published by a day, from the day `since` on, and that a platform lists
    later than `after` days after that publication; in the mean over the region's provinces."""
    entered = record.catalogues.entered
    chosen = (since <= entered) & (entered <= day)
    return float((record.listing.listed[:, chosen] > entered[chosen] + after).mean()) if chosen.any() else np.nan


def first_commercial_list(record: Record) -> float:
    """How many drugs the first commercial catalogue that took any has; 0 if there is none."""
    entries = record.catalogues.commercial[np.isfinite(record.catalogues.commercial)]
    return float((entries == entries.min()).sum()) if len(entries) else 0.0


def commercial_additions(record: Record, year: int) -> float:
    """How many drugs the commercial list of a year's round added; NaN where there is no such round below the horizon."""
    published = [r.published for r in record.world.scenario.rounds if r.year == year]
    return float((record.catalogues.commercial == published[0]).sum()) if published else np.nan


def spending(record: Record, payer: str, year: int) -> float:
    """Spending on the cohort's drugs in a calendar year (yuan), by one of PAYERS or in total."""
    calendar = record.world.calendar
    here = np.array([calendar.date(t).year == year for t in record.payers.edges[:-1]])
    return float(bills(record)[payer][here].sum())


def payer_share(record: Record, payer: str, year: int) -> float:
    """Share of the year's spending that a payer bears; NaN where nothing is spent."""
    total = spending(record, "total", year)
    return spending(record, payer, year) / total if total > 0 else np.nan


def growth(record: Record, payer: str, years: tuple[int, int]) -> float:
    """Spending of the later year over that of the earlier one."""
    before = spending(record, payer, years[0])
    return spending(record, payer, years[1]) / before if before > 0 else np.nan


OBSERVATIONS: dict[str, Callable[..., float]] = {
    "mean_stocked": mean_stocked,
    "panel_supplied": panel_supplied,
    "rank_correlation": rank_correlation,
    "widely_stocked": widely_stocked,
    "entered_share": entered_share,
    "days_to_entry": days_to_entry,
    "additions": additions,
    "entry_rate_ratio": entry_rate_ratio,
    "unlisted": unlisted,
    "first_commercial_list": first_commercial_list,
    "commercial_additions": commercial_additions,
    "payer_share": payer_share,
    "growth": growth,
    "indicator": lambda record, name, by="all", group="all": indicator(record, (name, by, group)),
}

__all__ = ["OBSERVATIONS", "PAYERS", "Which"]
