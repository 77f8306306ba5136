"""Stage 6: when the clock of a committee's duty starts, on an event, and by reading A7 when the duty itself begins."""

from __future__ import annotations

from enum import IntEnum

from simlib.core.compiled import compiled
from simlib.core.workdays import INF
from simlib.model.obedience import complies, in_force
from simlib.model.pair_records import BY_CATALOGUE, BY_LIST, BY_LISTING
from simlib.model.rules import K_DUTY_CATALOGUE, K_DUTY_LIST, K_DUTY_LISTING, K_ENTER
from simlib.model.state import State


class Clock(IntEnum):
    """What starts the clock of a duty for a pair; from LATE on the duties that begin when the event is over already."""

    LISTING = 0
    CATALOGUE = 1
    COMMERCIAL = 2
    LIST = 3
    ENTRY = 4
    LATE = 5


@compiled
def clock_of(S: State, which, h, d, aware):
    """(key, start) of one of a pair's clocks, for a hospital that learned of drug d at `aware`; start is inf for none."""
    drug = S.drug[d]
    if which == Clock.LISTING:
        return K_DUTY_LISTING, aware
    if which == Clock.CATALOGUE:
        return K_DUTY_CATALOGUE, max(drug.duty_entered, aware)
    if which == Clock.COMMERCIAL:
        return K_DUTY_CATALOGUE, max(drug.duty_commercial, aware)
    if which == Clock.LIST:
        return K_DUTY_LIST, max(drug.duty_list, aware)
    if which == Clock.ENTRY:
        return K_ENTER, aware
    i = which - Clock.LATE
    return int(S.late[0, i]), late_clock(S, i, h, d, aware)


@compiled
def duty_bit(key):
    """The bit of `Hospital.pushed` that a duty's key stands for."""
    if key == K_DUTY_LISTING:
        return BY_LISTING
    return BY_LIST if key == K_DUTY_LIST else BY_CATALOGUE


@compiled
def first_event(S: State, key, d, aware):
    """The first event that a duty is about, for a hospital that learned of drug d at `aware`; inf for none."""
    drug = S.drug[d]
    if key == K_DUTY_LISTING:
        return aware
    if key == K_DUTY_LIST:
        return max(drug.duty_list, aware)
    return max(min(drug.duty_entered, drug.duty_commercial), aware)


@compiled
def late_clock(S: State, i, h, d, aware):
    """The start of late duty i, if it reaches the pair then, after the pair's event, and hospital h obeys; else inf."""
    key, start = int(S.late[0, i]), S.late[1, i]
    if first_event(S, key, d, aware) >= start:
        return INF
    for j in range(S.first[key], S.first[key + 1]):
        if S.rules[j].start == start and in_force(S, S.rules[j], h, d, start):
            return start if complies(S, key, h, d, start) else INF
    return INF
