"""One replication's indicators: a mapping from (indicator, grouping, group) to a number; NaN where undefined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from simlib.core.workdays import YEAR
from simlib.model.numbers import BARRIERS_HEARD
from simlib.model.pair_records import STATES
from simlib.model.record import CURVE_DAYS, Record
from simlib.model.sums import CUBE, GROUNDS, TALLY
from simlib.outcomes.before import before_approval, special_routes
from simlib.outcomes.catalogue import catalogue, snapshots
from simlib.outcomes.dictionary import INDICATORS
from simlib.outcomes.groups import Key, counted_drugs, hospital_groups
from simlib.outcomes.money import money
from simlib.outcomes.patients import patients
from simlib.outcomes.survival import (
    followed,
    kaplan_meier,
    median,
    restricted_mean,
    times_curve,
    times_mean,
    times_median,
)
from simlib.outcomes.window import windows
from simlib.world.cohort import CLASSES
from simlib.world.region import AREAS

MONTHS = 37  # points of the availability curve, months 0 to 36
_COLUMN = {name: i for i, name in enumerate(CUBE)}
_TALLY = {name: i for i, name in enumerate(TALLY)}


def indicators(record: Record) -> dict[Key, float]:
    """All indicators of a record, headline first; KeyError where a part yields what its dictionary entry does not say."""
    out: dict[Key, float] = {}
    for part, function in PARTS.items():
        found = dict(function(record))
        for name in {key[0] for key in found} - _NAMES[part]:
            raise KeyError(f"{name}: no entry of simlib/outcomes/indicators.csv says that the part {part} yields it")
        out |= found
    for name, by, a, b in (("gap_levels", "level", "3", "2"), ("gap_city_county", "place", "city", "county")):
        pair = [out.get(("stocked_24m", by, g), np.nan) for g in (a, b)]
        if not np.isnan(pair).all():
            out[(name, "all", "all")] = 100.0 * (pair[0] - pair[1])
    return out


def indicator(record: Record, key: Key) -> float:
    """One indicator of a record, without the work that the others would take; NaN where the record has no such row."""
    part = INDICATORS[key[0]].part
    found = dict(PARTS[part](record)) if part in PARTS else indicators(record)
    return found.get(key, np.nan)


def curve(record: Record, months: int = MONTHS) -> np.ndarray:
    """Share of target pairs with regular stock by whole months after approval, Kaplan-Meier: float64 (3 levels, months).

    NaN at a level without target pairs of counted drugs: nobody is there who could stock one. NaN from the month on in
    which nobody is observed any more; the value of the month in which observation ends is that of its end.
    """
    days = np.minimum(np.round(np.arange(months) * 30.4375).astype(int), CURVE_DAYS)
    seen = np.concatenate([[0], days[:-1] + 1]) <= _longest(record)
    out = np.full((3, months), np.nan)
    for level in range(3):
        if _has_pairs(record, [level]):
            survival = _pair_survival(record, [level])[days]
            out[level] = np.where(seen | (survival <= 0.0), 1.0 - survival, np.nan)
    return out


def _longest(record: Record) -> float:
    """Days for which the first counted drug is followed; 0 where there is none."""
    return float((record.world.horizon - record.world.drugs.approval[counted_drugs(record)]).max(initial=0.0))


def _has_pairs(record: Record, levels: list[int]) -> bool:
    """Whether any counted drug has a target hospital of the levels."""
    return bool(record.targets[counted_drugs(record)][:, levels].sum() > 0)


def _drug_groups(record: Record) -> Iterator[tuple[str, str, np.ndarray]]:
    """(grouping, group, drugs inside), at tertiary hospitals."""
    d = record.world.drugs
    for by, column, names in (("area", d.area, AREAS), ("class", d.klass, CLASSES)):
        for value in np.unique(column):
            yield by, names[value], column == value


def _mean_share(part: np.ndarray, whole: np.ndarray, drugs: np.ndarray) -> float:
    """Mean over drugs of part / whole, for the drugs inside that have a whole."""
    use = drugs & (whole > 0)
    return float((part[use] / whole[use]).mean()) if use.any() else np.nan


def _marks(record: Record) -> dict[str, np.ndarray]:
    """Counted drugs whose date of measurement lies within the horizon, by indicator."""
    from simlib.model.vectors import add_each

    w, d = record.world, record.world.drugs
    counted = counted_drugs(record)
    ok = {}
    for name, start in (("", d.approval), ("_catalogue", record.catalogues.entered)):
        for months in (12, 24):
            ok[f"{months}{name}"] = counted & (
                add_each(w.table, start, np.full(len(d), float(months)), "months") < w.horizon
            )
    return ok


def _availability(record: Record) -> Iterator[tuple[Key, float]]:
    ok = _marks(record)
    wanted = {
        "stocked_12m": ("stocked_12", ok["12"]), "stocked_24m": ("stocked_24", ok["24"]),
        "provided_12m": ("provided_12", ok["12"]), "provided_24m": ("provided_24", ok["24"]),
        "stocked_12m_catalogue": ("stocked_12_catalogue", ok["12_catalogue"]),
        "stocked_24m_catalogue": ("stocked_24_catalogue", ok["24_catalogue"]),
        "provided_12m_catalogue": ("provided_12_catalogue", ok["12_catalogue"]),
    }  # fmt: skip
    cube = record.cube
    groups = [
        (by, g, cube[:, inside].sum(axis=1), np.ones(len(cube), bool), record.group_sizes[inside].sum())
        for by, g, inside in hospital_groups(record)
    ]
    tertiary = record.groups[:, 0] == 3
    at_tertiary = cube[:, tertiary].sum(axis=1)
    groups += [
        (by, g, at_tertiary, inside, record.group_sizes[tertiary].sum()) for by, g, inside in _drug_groups(record)
    ]
    for by, g, sums, drugs, hospitals in groups:
        targets = sums[:, 0]
        for name, (column, eligible) in wanted.items():
            yield (name, by, g), _mean_share(sums[:, _COLUMN[column]], targets, eligible & drugs)
        yield (
            ("stocked_24m_all", by, g),
            _mean_share(sums[:, _COLUMN["stocked_24"]], np.full(len(sums), hospitals), ok["24"] & drugs),
        )
        full = ok["24"] & drugs
        observed = sums[:, _COLUMN["months_observed_24"]]
        supplied = (sums[:, _COLUMN["days_stocked"]] + sums[:, _COLUMN["days_temporary"]]) / 30.4375
        yield ("months_without_24m", by, g), _mean_share(observed - supplied, targets, full)
        yield (
            ("months_unstocked_24m", by, g),
            _mean_share(sums[:, _COLUMN["months_unstocked_24"]], targets, full),
        )


def _states(record: Record) -> Iterator[tuple[Key, float]]:
    full = _marks(record)["24"]
    first = _COLUMN["days_" + STATES[0]]
    for by, g, inside in hospital_groups(record):
        if by not in ("all", "level"):
            continue
        days = record.cube[full][:, inside].sum(axis=(0, 1))[first : first + 10]
        for name, value in zip(STATES, days, strict=False):
            yield (f"state_{name}", by, g), float(value / days.sum()) if days.sum() > 0 else np.nan


def _asking(record: Record) -> Iterator[tuple[Key, float]]:
    counted = counted_drugs(record)
    for by, g, inside in hospital_groups(record):
        if by not in ("all", "level"):
            continue
        sums = record.cube[counted][:, inside].sum(axis=(0, 1))
        ratio = lambda a, b, sums=sums: float(sums[_COLUMN[a]] / sums[_COLUMN[b]]) if sums[_COLUMN[b]] > 0 else np.nan  # noqa: E731
        yield ("asked", by, g), ratio("asked", "targets")
        yield ("passed", by, g), ratio("passed", "targets")
        yield ("ever_temporary", by, g), ratio("ever_temporary", "targets")
        yield ("wait_days", by, g), ratio("wait_days", "waits")
        yield ("heard_at_first", by, g), ratio("heard_at_first", "waits")
        yield ("stock_days_survivors", by, g), ratio("stock_days", "stocks")


def _listing(record: Record) -> Iterator[tuple[Key, float]]:
    """A drug in a province counts as one: these are readings of the average province, but for the first listing and hospital."""
    w, listing, counted = record.world, record.listing, counted_drugs(record)
    ends, limit = w.horizon - w.drugs.approval, windows(w.scenario)["listed_days"]
    wanted = {"listed_days": listing.listed, "first_hospital_days": record.first_stock[None]}
    if len(listing.listed) > 1:
        wanted["listed_first_days"] = listing.first[None]
    for name, when in wanted.items():
        if counted.any():
            spent = (when - w.drugs.approval)[:, counted].reshape(-1)
            days, survival = times_curve(spent, np.tile(ends[counted], len(when)))
            asked = (
                name != "first_hospital_days" or record.targets[counted].any()
            )  # else there is no hospital to wait for
            longest = float(ends[counted].max())
            yield (name, "all", "all"), times_mean(days, survival, limit, longest) if asked else np.nan
            if name != "first_hospital_days":
                yield (f"{name}_median", "all", "all"), times_median(days, survival)
    reviewed = counted & (listing.start < w.horizon)
    if reviewed.any():
        yield ("review_wait_days", "all", "all"), float((listing.start[reviewed] - listing.arrival[reviewed]).mean())
    done = counted & (listing.listed < w.horizon)
    if done.any():
        yield ("review_days", "all", "all"), float((listing.listed[done] - listing.arrival[done]).mean())
    limited = counted & (listing.in_time >= 0) & (listing.listed < w.horizon)
    yield (
        ("listing_in_time", "all", "all"),
        float(listing.in_time[limited].mean()) if limited.any() else np.nan,
    )
    few = listing.reviewers > 0
    if few.any():
        whole = float(listing.reviewers[few].sum()) * w.horizon
        yield ("reviewer_use", "all", "all"), float(listing.busy[few].sum()) / whole


def _pair_survival(record: Record, levels: list[int]) -> np.ndarray:
    """Kaplan-Meier curve of time from approval to regular stock over target pairs of counted drugs, by whole day."""
    counted = counted_drugs(record)
    events = record.events[levels].sum(axis=0)
    inside = np.isin(record.groups[:, 0] - 1, levels)
    sums = record.cube[counted][:, inside].sum(axis=1)
    rest = sums[:, 0] - sums[:, _COLUMN["stocks"]]
    censored = np.zeros(len(events))
    end = np.minimum(np.ceil(record.world.horizon - record.world.drugs.approval[counted]), len(events) - 1).astype(int)
    np.add.at(censored, end, rest)
    return kaplan_meier(events, censored)


def _before_day_ends(record: Record, levels: list[int]) -> np.ndarray:
    """By whole day after approval, how long before its end stock came, in the mean of those for whom it did (days)."""
    events = record.events[levels].sum(axis=0)
    return np.divide(record.early[levels].sum(axis=0), events, out=np.zeros_like(events), where=events > 0)


def _hospital_times(record: Record) -> Iterator[tuple[Key, float]]:
    dates = record.world.calendar.kind == "china"
    limit = windows(record.world.scenario)["hospital_days"]
    for by, g, levels in (
        ("all", "all", [0, 1, 2]),
        ("level", "1", [0]),
        ("level", "2", [1]),
        ("level", "3", [2]),
    ):
        if _has_pairs(record, levels):
            s = _pair_survival(record, levels)
            before = None if dates else _before_day_ends(record, levels)
            known = limit and followed(s[: limit + 1], _longest(record), limit)
            yield ("hospital_days", by, g), restricted_mean(s, limit, before) if known else np.nan
            yield ("hospital_days_median", by, g), median(s[:CURVE_DAYS], dates)


def _rules(record: Record) -> Iterator[tuple[Key, float]]:
    years = (record.world.horizon - record.world.scenario.policy_from) / YEAR
    for by, g, inside in hospital_groups(record):
        if by not in ("all", "level"):
            continue
        t = record.tally[inside].sum(axis=0)
        v = lambda name, t=t: t[_TALLY[name]]  # noqa: E731
        over: Callable = lambda a, b: float(a / b) if b > 0 else np.nan  # noqa: E731
        yield ("meetings_per_year", by, g), over(v("meetings"), v("hospitals") * years)
        yield ("duty_meetings_per_year", by, g), over(v("duty_meetings"), v("hospitals") * years)
        yield ("agenda_load", by, g), over(v("load"), v("meetings"))
        yield ("overloaded", by, g), over(v("overloaded"), v("meetings"))
        yield ("pass_rate", by, g), over(v("passes") - v("direct"), v("hearings"))
        yield ("defer_rate", by, g), over(v("deferrals"), v("hearings"))
        yield ("refusal_rate", by, g), over(v("refusals"), v("hearings"))
        yield ("direct_share", by, g), over(v("direct"), v("passes"))
        yield ("purchases_in_time", by, g), over(v("purchases_in_time"), v("purchases_limited"))
        for ground in GROUNDS[:-1]:  # the size of the formulary makes a drug wait and is no ground
            yield (f"reason_{ground}", by, g), over(v(f"reason_{ground}"), v("refusals"))
        for barrier in BARRIERS_HEARD:
            yield (f"decisive_{barrier}", by, g), over(v(f"decisive_{barrier}"), v("hearings"))


def _back_book(record: Record) -> Iterator[tuple[Key, float]]:
    earlier = record.world.drugs.approval < record.world.scenario.policy_from
    for level in (3, 2):
        targets = record.targets[:, level - 1].astype(float)
        if (targets[earlier] > 0).any():
            yield (
                ("back_book_stocked", "level", str(level)),
                _mean_share(record.snapshots[-1, :, level - 1], targets, earlier),
            )


# What yields the indicators, in the order of results. An entry of `indicators.csv` names its part here; the gaps between
# levels and places are taken from the others' values, by `indicators` itself.
PARTS: dict[str, Callable[[Record], Iterable[tuple[Key, float]]]] = {
    "availability": _availability,
    "states": _states,
    "asking": _asking,
    "listing": _listing,
    "hospital_times": _hospital_times,
    "catalogue": catalogue,
    "rules": _rules,
    "back_book": _back_book,
    "snapshots": snapshots,
    "patients": patients,
    "money": money,
    "before_approval": before_approval,
    "special_routes": special_routes,
}
_NAMES = {part: {i.name for i in INDICATORS.values() if i.part == part} for part in PARTS}
