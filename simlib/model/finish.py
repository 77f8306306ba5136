"""The end of a replication: close all histories at the horizon and add them up."""

from __future__ import annotations

import math

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.workdays import INF, YEAR
from simlib.model.account import close, count_learned, note_recorded, note_supply, recorded_until
from simlib.model.pair_records import OUTSIDE, SILENT, UNAWARE, Case, Drug, PairState, Supplied
from simlib.model.places import listed_at
from simlib.model.stages.awareness import aware_date
from simlib.model.stages.recorded import recorded_supply
from simlib.model.state import State
from simlib.model.sums import Cube

MONTH = YEAR / 12


@compiled
def finish(S: State, first_stock, snapshots, dates, events, early):
    """Add up every target pair at the horizon.

    Parameters
    ----------
    S : State
        The replication; its cube gets a row by drug and group.
    first_stock : float64, (D,)
        Gets the day of each drug's first stock anywhere, inf for never.
    snapshots : int32, (N, D, 3)
        Gets the hospitals of each level that stock a drug on each of the dates.
    dates : float64, (N,)
        Days from the start.
    events, early : float64, (3, days)
        Get, by level, how many counted pairs were stocked within so many days of approval (rounded up, the last entry for
        all that is later), and by how much rounding up made these longer in all.
    """
    for h in range(S.hospital.size):
        for d in range(S.drug.size):
            if S.slot[h, d] == OUTSIDE:
                continue
            if S.slot[h, d] >= 0:
                stock = S.cases[S.slot[h, d]].stock
                first_stock[d] = min(first_stock[d], stock)
                for k in range(dates.size):
                    if stock <= dates[k] and dates[k] < S.cases[S.slot[h, d]].removed:
                        snapshots[k, d, S.hospital[h].level - 1] += 1
            if S.drug[d].counted:
                add_pair(S, h, d)
                if S.slot[h, d] >= 0 and S.cases[S.slot[h, d]].stock < S.num.horizon:
                    days = S.cases[S.slot[h, d]].stock - S.drug[d].approval
                    day, li = min(int(math.ceil(days)), events.shape[1] - 1), S.hospital[h].level - 1
                    events[li, day] += 1.0
                    early[li, day] += math.ceil(days) - days


@compiled
def add_pair(S: State, h, d):
    """One counted target pair's row of the cube."""
    end = S.num.horizon
    drug = S.drug[d]
    row = S.cube[d, S.hospital[h].group]
    row.targets += 1.0
    window = (min(drug.approval_24, end) - drug.approval) / 30.4375
    slot = S.slot[h, d]
    if slot < 0:
        if slot == UNAWARE:
            count_learned(S, h, d, S.x[h, d])
        row.months_observed_24 += window
        row.months_unstocked_24 += window
        return
    case = S.cases[slot]
    close(S, case, end)
    note_supply(S, case)
    note_recorded(S, case)
    add_case(S, case, row, drug, window, end)


@compiled
def add_case(S: State, case: Case, row: Cube, drug: Drug, window, end):
    """What a case adds to its drug's and group's row: stock and supply at the four dates, waits, months without access."""
    stock = case.stock
    marks = (drug.approval_12, drug.approval_24, drug.entered_12, drug.entered_24)
    for k in range(4):
        stocked = stock <= marks[k] and marks[k] < min(INF, case.removed)
        row.stocked[k] += 1.0 if stocked else 0.0
        row.provided[k] += 1.0 if stocked or (case.supplied >> k) & 1 == 1 else 0.0
    last = min(drug.approval_24, end)
    unstocked = max(0.0, min(stock, last) - drug.approval) / 30.4375
    if case.removed < last:
        unstocked += (last - max(case.removed, drug.approval)) / 30.4375
    row.months_unstocked_24 += unstocked
    row.stocked_end += 1.0 if stock < end and end <= case.removed else 0.0
    row.asked += 1.0 if case.first_ask < INF else 0.0
    if case.first_heard < INF:
        row.heard += 1.0
        row.wait_days += case.first_heard - case.first_ask
        row.waits += 1.0
        row.heard_at_first += 1.0 if case.first_missed == 0 else 0.0
    row.passed += 1.0 if case.passed < end else 0.0
    row.ever_temporary += 1.0 if case.temporary_first < end else 0.0
    if stock < end:
        row.stock_days += stock - drug.approval
        row.stocks += 1.0
    row.months_observed_24 += window


@compiled
def note_supplies(S: State, dates, found):
    """What each hospital had of each drug around some dates.

    Parameters
    ----------
    S : State
        The replication at its end.
    dates : float64, (N,)
        Days from the start.
    found : uint8, (N, H, D)
        Gets the bits of `Supplied` that hold on each date.
    """
    for h in range(S.hospital.size):
        for d in range(S.drug.size):
            slot = S.slot[h, d]
            if slot == OUTSIDE:
                continue
            if slot < 0:
                start, stop = recorded_supply(S, h, d, INF)
                note_span(found, h, d, dates, start, stop, False)
                continue
            case = S.cases[slot]
            note_span(found, h, d, dates, case.stock, case.removed, True)
            note_span(found, h, d, dates, case.supply_from, case.supply_to, False)
            start, stop = recorded_until(case, case.stock)
            note_span(found, h, d, dates, start, stop, False)
            k = case.supplies
            while k >= 0:
                note_span(found, h, d, dates, S.supplies[k].start, S.supplies[k].end, False)
                k = S.supplies[k].before


@compiled
def note_span(found, h, d, dates, start, stop, regular):
    """Note a supply in [start, stop): on each date, within the month before it, and within the year before it.

    Parameters
    ----------
    found : uint8, (N, H, D)
        As `note_supplies` takes it.
    h, d : int
        The hospital and the drug.
    dates : float64, (N,)
        Days from the start.
    start, stop : float
        The supply's first day and the day after its last.
    regular : bool
        Whether it is regular stock.
    """
    for k in range(dates.size):
        t = dates[k]
        if start > t or stop <= start:
            continue
        if regular and t < stop:
            found[k, h, d] |= Supplied.STOCKED
        if stop > t - MONTH:
            found[k, h, d] |= Supplied.IN_MONTH
        if stop > t - YEAR:
            found[k, h, d] |= Supplied.IN_YEAR


@compiled
def spread_pairs(S: State, state, dates, counts):
    """Lay each pair's history out.

    Parameters
    ----------
    S : State
        The replication at its end.
    state : int8, (H, D)
        Gets where each pair stands, a `PairState`.
    dates : float64, (7, H, D)
        Gets the days of learning, first request, first hearing, pass, stock, first temporary supply and removal; inf for
        never.
    counts : int32, (4, H, D)
        Gets the numbers of hearings, requests, refusals and temporary supplies.
    """
    end = S.num.horizon
    for h in range(S.hospital.size):
        for d in range(S.drug.size):
            slot = S.slot[h, d]
            if slot == OUTSIDE:
                state[h, d] = PairState.OUT_OF_TARGET
                continue
            aware = S.x[h, d] if slot == UNAWARE else aware_date(S, h, d)
            dates[0, h, d] = aware if aware < end else INF
            if slot < 0:
                listed = listed_at(S, h, d) < end
                state[h, d] = (
                    PairState.NOT_ASKED if slot == SILENT else (PairState.NOT_AWARE if listed else PairState.NOT_LISTED)
                )
                start, stop = recorded_supply(S, h, d, INF)
                dates[5, h, d] = start if start < end else INF
                if start < end and end <= stop:
                    state[h, d] = PairState.TEMPORARY
                continue
            case = S.cases[slot]
            note_recorded(S, case)
            names = (
                case.first_ask,
                case.first_heard,
                case.passed,
                case.stock,
                case.temporary_first,
                case.removed,
            )
            for k in range(6):
                dates[k + 1, h, d] = names[k] if names[k] < end else INF
            numbers = (case.hearings, case.asks, case.refusals, case.temporaries)
            for k in range(4):
                counts[k, h, d] = numbers[k]
            state[h, d] = state_at(S, case, end)


@compiled
def state_at(S: State, case: Case, end):
    """State of a case at the end of the horizon; temporary supply takes precedence over waiting, refusal and room.

    Supply by recorded purchasing also does over not having asked.
    """
    state = case.state
    start, stop = recorded_until(case, case.stock)
    if start < end and end <= stop:
        return PairState.TEMPORARY
    if state == PairState.STOCKED and case.stock >= end:
        state = PairState.BEING_BOUGHT if case.room < end else PairState.WAITING_FOR_ROOM
    supplied = case.supply_from < end and case.supply_to >= end
    if supplied and state != PairState.STOCKED and state != PairState.NOT_ASKED:
        return PairState.TEMPORARY
    return state


def empty_pairs(h: int, d: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(state, dates, counts) to be filled by `spread_pairs`."""
    return np.full((h, d), PairState.NOT_LISTED, np.int8), np.full((7, h, d), INF), np.zeros((4, h, d), np.int32)
