"""Keeping count: days in each state, and what was true at the dates that indicators ask about."""

from __future__ import annotations

from simlib.core.compiled import compiled
from simlib.core.workdays import INF
from simlib.model.pair_records import Case, Drug, Mark, PairState
from simlib.model.places import listed_at
from simlib.model.stages.recorded import recorded_supply
from simlib.model.state import State


@compiled
def spend(S: State, h, d, state, a, b, start, end):
    """Count the days from a to b in a state, as far as they lie in the drug's first 24 months and the horizon.

    Days from `start` to `end`, on which recorded purchasing supplies the pair before it is stocked, count as temporary, each
    of them once. With b before a the days from b to a are taken back: dates lie on a grid on which sums are exact.
    """
    drug = S.drug[d]
    first, last = drug.approval, min(drug.approval_24, S.num.horizon)
    if not drug.counted or last <= first:
        return
    a, b = min(max(a, first), last), min(max(b, first), last)
    if a == b:
        return
    row = S.cube[d, S.hospital[h].group]
    days = b - a
    if state != PairState.STOCKED and state != PairState.TEMPORARY and start < INF:
        supplied = min(max(b, start), end) - min(max(a, start), end)
        row.days[PairState.TEMPORARY] += supplied
        days = days - supplied
    row.days[state] += days


@compiled
def count_learned(S: State, h, d, aware):
    """Count a pair's days to the horizon as if its department, which learns of the listing at `aware`, never asked."""
    drug = S.drug[d]
    if drug.counted:
        end, listed = S.num.horizon, listed_at(S, h, d)
        start, stop = recorded_supply(S, h, d, INF)
        spend(S, h, d, PairState.NOT_LISTED, drug.approval, listed, start, stop)
        spend(S, h, d, PairState.NOT_AWARE, listed, aware, start, stop)
        spend(S, h, d, PairState.NOT_ASKED, aware, end, start, stop)
        add_supplied(S, h, d, start, stop, 1.0)


@compiled
def count_asked(S: State, case: Case):
    """Take back what `count_learned` counted from the first asking on; what follows is counted as it happens."""
    h, d = case.h, case.d
    start, stop = case.recorded_from, case.recorded_to
    spend(S, h, d, PairState.NOT_ASKED, S.num.horizon, case.first_ask, start, stop)
    if S.drug[d].counted:
        add_supplied(S, h, d, start, stop, -1.0)


@compiled
def count_shared(S: State, case: Case, aware, t):
    """Take back what `count_learned` counted from t on of a pair that learns at `aware` and has the drug at t, unasked for."""
    h, d = case.h, case.d
    start, stop = case.recorded_from, case.recorded_to
    spend(S, h, d, PairState.NOT_ASKED, S.num.horizon, max(t, aware), start, stop)
    spend(S, h, d, PairState.NOT_AWARE, aware, min(t, aware), start, stop)
    case.since = t


@compiled
def add_supplied(S: State, h, d, start, stop, pairs):
    """Count pairs that never ask: where they were supplied on filing at the drug's four dates, and whether they ever were."""
    row = S.cube[d, S.hospital[h].group]
    marks = dates_supplied(S.drug[d], start, stop)
    for k in range(4):
        row.provided[k] += pairs * (marks >> k & 1)
    row.ever_temporary += pairs if start < S.num.horizon else 0.0


@compiled
def close(S: State, case: Case, t):
    """Count a case's days in its state until t; where temporary supply ran meanwhile they count as temporary."""
    h, d, a, state = case.h, case.d, case.since, case.state
    start, end = case.recorded_from, case.recorded_to
    x = max(a, case.supply_from)
    y = min(t, case.supply_to)
    if y > x:
        spend(S, h, d, state, a, x, start, end)
        spend(S, h, d, PairState.TEMPORARY, x, y, start, end)
        spend(S, h, d, state, y, t, start, end)
    else:
        spend(S, h, d, state, a, t, start, end)
    case.since = t


@compiled
def note_supply(S: State, case: Case):
    """Remember at which of the drug's four dates the temporary supply that ends or is replaced was there."""
    case.supplied |= dates_supplied(S.drug[case.d], case.supply_from, case.supply_to)


@compiled
def recorded_until(case: Case, stock):
    """(from, to) of a case's supply by recorded purchasing, given the date of its regular stock; (inf, inf) for none."""
    start, end = case.recorded_from, min(case.recorded_to, stock)
    return (start, end) if start < end else (INF, INF)


@compiled
def note_recorded(S: State, case: Case):
    """Remember a case's supply by recorded purchasing, once its stock date is settled."""
    a, b = recorded_until(case, case.stock)
    case.supplied |= dates_supplied(S.drug[case.d], a, b)
    case.temporary_first = min(case.temporary_first, a)


@compiled
def dates_supplied(drug: Drug, a, b):
    """At which of a drug's four dates a supply in [a, b) is there: the sum of 1 << k over each such `Mark` k."""
    marks = 0
    if a <= drug.approval_12 and drug.approval_12 < b:
        marks |= 1 << Mark.APPROVAL_12
    if a <= drug.approval_24 and drug.approval_24 < b:
        marks |= 1 << Mark.APPROVAL_24
    if a <= drug.entered_12 and drug.entered_12 < b:
        marks |= 1 << Mark.CATALOGUE_12
    if a <= drug.entered_24 and drug.entered_24 < b:
        marks |= 1 << Mark.CATALOGUE_24
    return marks


@compiled
def drop_empty(case: Case):
    """Forget a temporary supply that would begin on or after its end."""
    if case.supply_from >= case.supply_to:
        if case.temporary_first == case.supply_from:
            case.temporary_first = INF
        case.supply_from, case.supply_to = INF, INF
