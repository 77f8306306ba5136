"""Stage 5: when a later catalogue is published, hospitals ask their departments again about the drugs already in one.

Such a canvass concerns hundreds of pairs of a hospital on one date, and most of them stay silent. For those the lower
threshold is computed here directly, instead of working through the history of each pair.
"""

from __future__ import annotations

import math

from simlib.core.compiled import compiled
from simlib.model.numbers import Obedience
from simlib.model.obedience import complies, leaning, strongest
from simlib.model.pair_records import SILENT
from simlib.model.rules import K_DUTY_CATALOGUE
from simlib.model.stages.asking import HAIR, knot_at, pushing_knot
from simlib.model.stages.queues import queue_silent
from simlib.model.state import State

PUBLICATION, DUTY = -1, -2  # in `wake_drug`: a date that concerns no one drug


@compiled
def is_relieved(S: State, t):
    """Whether a duty after a catalogue is in force at t that hospitals of one kind may be relieved of one by one."""
    for i in range(S.first[K_DUTY_CATALOGUE], S.first[K_DUTY_CATALOGUE + 1]):
        rule = S.rules[i]
        if rule.relief >= 0 and rule.start <= t and t < rule.stop:
            return True
    return False


@compiled
def is_asked_about(S: State, k, h, d):
    """Whether hospital h obeys the duty after a catalogue about drug d at the publication `wake_at[k]`."""
    drug, t = S.drug[d], S.wake_at[k]
    if drug.duty_entered > t and drug.duty_commercial > t:
        return False
    if is_relieved(S, t):
        return complies(S, K_DUTY_CATALOGUE, h, d, t)
    reach = S.reach[k, S.kind[h], d]
    if math.isnan(reach):
        reach = strongest(S, K_DUTY_CATALOGUE, h, d, t)
        if reach > -math.inf:
            reach = reach + leaning(S, h, d, t)
        S.reach[k, S.kind[h], d] = reach
    return S.num.obedience != Obedience.NONE and S.obey_u[h, K_DUTY_CATALOGUE] < reach


@compiled
def push_silent(S: State, h, d, t, to):
    """Push a silent pair on date t if nothing else can happen to it by `to`; whether that is so (else nothing is done)."""
    drug, last, n = S.drug[d], S.hospital[h].last, S.num
    if S.slot[h, d] != SILENT or S.log.size > 0 or S.late.shape[1] > 0 or n.beta < -1.0:
        return False
    if t <= max(last, 0.0) or min(drug.duty_entered, drug.duty_commercial) >= t:
        return False
    for own in (drug.duty_entered, drug.duty_commercial, drug.duty_list):
        if last < own and own <= to:
            return False
    li, k = S.hospital[h].level - 1, knot_at(S, to)
    x = S.x[h, d] - n.push * n.recheck * 365.25 * S.rate[pushing_knot(S, t), d, li]
    if x <= S.c[k, d, li] + S.rate[k, d, li] * (to - S.knots[k] + HAIR):
        return False  # its department asks by then, or nearly so
    S.x[h, d] = x
    queue_silent(S, h, d, k, to)
    return True
