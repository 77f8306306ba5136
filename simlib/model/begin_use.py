"""The start of stages 9 to 11: the arrays that they read and write, laid out before the clock starts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.streams import Q_BUDGET, Q_LINKED, normals, uniform
from simlib.core.sums import in_turn
from simlib.core.workdays import INF, YEAR
from simlib.model.rules import K_COVERAGE, K_EVALUATION, K_EVIDENCE, K_LATE, K_STUDY, N_KEYS, Packed
from simlib.model.stages.payers import Payers
from simlib.model.stages.use_months import lay_changes, lay_profiles
from simlib.model.state import State
from simlib.model.use_records import Fates, Money, Month, Profile, Supply, Use
from simlib.scenario.world import World


def use_arrays(world: World, packed: Packed, payers: Payers, groups: int) -> dict[str, np.ndarray]:
    """The fields of `State` that belong to stages 9 to 11."""
    c, months, n = payers.pay.shape
    h, p, d = len(world.hospitals), world.p, world.drugs
    pairs = h * n if p.stages.use else 0
    decay = np.zeros((months, n))
    _decays(payers.edges, d.window, decay)
    years, used = _used(world, payers.edges[:-1])
    return {
        "edges": payers.edges, "klass": payers.classes.astype(np.int32), "city": world.hospitals.city.astype(np.int32),
        "capital": world.hospitals.capital.astype(np.int32),
        "pay": payers.pay, "profile": Profile.zeros(c, months + 1, n), "decay": decay, "more": payers.more,
        "fade": np.array([math.exp(-x / p.use.therapy_days) for x in np.diff(payers.edges)]),
        "window": d.window, "designated": payers.designated, "sold": payers.sold, "weight": np.zeros(n),
        "arrive": yearly_patients(world) / YEAR, "standard": payers.standard,
        "first_city": np.full((int(world.hospitals.city.max(initial=0)) + 1, n), INF), "used": used,
        "plan": p.payment.budget_per_bed * world.hospitals.beds, "spent": np.zeros(h, np.int64), "year": years,
        "change": _changes(world, packed, payers.edges[:-1]), "differs": np.zeros((months, n), np.int8), "served": np.ones(months),
        "wait": np.full(months, p.payment.review_interval / 2.0), "queue": np.zeros(months, np.int64),
        "reviewed": np.zeros(months), "fates": Fates.zeros(n, groups), "money": Money.zeros(c, months, n),
        "uses": np.empty(0, Use.dtype), "month": Month.zeros(), "so_far": Profile.zeros(), "unstocked": Use.zeros(),
        "supplies": np.empty(pairs, Supply.dtype), "held": np.zeros(N_KEYS - K_LATE),
    }  # fmt: skip


def yearly_patients(world: World) -> np.ndarray:
    """New patients a year in the region who could use each drug (float64, D)."""
    return world.drugs.patients / 100000.0 * in_turn(world.hospitals.catchment.tolist())


def begin_use(state: Any, packed: Packed) -> None:
    """Lay the profiles and changes, and mark hospitals that could ever prescribe to pharmacies or run studies."""
    lay_changes(state)
    lay_profiles(state)
    _mark(state)


@compiled
def _decays(edges, window, out):
    """Fill out (share; J, D) from the months' edges (days; J + 1) and mean waiting times window (days; D; 0: nobody waits)."""
    for k in range(out.shape[0]):
        for d in range(out.shape[1]):
            out[k, d] = math.exp(-(edges[k + 1] - edges[k]) / window[d]) if window[d] > 0.0 else 0.0


@compiled
def _mark(S: State):
    for h in range(S.hospital.size):
        hospital = S.hospital[h]
        share = S.num.linked
        for i in range(S.first[K_COVERAGE], S.first[K_COVERAGE + 1]):
            if S.where[S.rules[i].hospitals, S.kind[h]]:
                share = max(share, S.rules[i].value)
        hospital.linkable = uniform(S.key, Q_LINKED, 0, hospital.id, 0) < share
        for i in range(S.first[K_STUDY], S.first[K_STUDY + 1]):
            rule = S.rules[i]
            if S.where[rule.hospitals, S.kind[h]] and (rule.value > 1.0 or hospital.leading):
                hospital.studies = True


def _used(world: World, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(year of each month, part of each hospital's yearly plan that all but new drugs used by its beginning (J, H))."""
    p = world.p.payment
    if world.calendar.kind == "every_day":
        years = np.floor(starts / YEAR).astype(np.int64)
        month = np.minimum(12, np.floor((starts - YEAR * years) / 30.4375).astype(int) + 1)
    else:
        dates = [world.calendar.date(t) for t in starts]
        years, month = np.array([d.year for d in dates]), np.array([d.month for d in dates])
    used = np.zeros((len(starts), len(world.hospitals)))
    if world.p.stages.payment and len(world.hospitals):
        for year in np.unique(years):
            f = normals(world.key, Q_BUDGET, hospitals=world.hospitals.ids, attempt=int(year))
            f = np.maximum(0.0, p.budget_used_mean + p.budget_used_sd * f)
            here = years == year
            used[here] = f * ((month[here] - 1) / 12.0)[:, None]
    return years.astype(np.int64), used


def _changes(world: World, packed: Packed, starts: np.ndarray) -> np.ndarray:
    """Whether a rule or an oversight begins or ends, or begins to bear fruit, since the edge before (int8, J)."""
    late = np.concatenate(
        [packed.rules["start"][packed.first[k] : packed.first[k + 1]] for k in (K_EVIDENCE, K_EVALUATION)]
    )
    times = np.concatenate([
        packed.rules["start"], packed.rules["stop"], packed.shifts["start"], packed.shifts["stop"],
        late + world.p.use.evidence_delay,
    ])  # fmt: skip
    out = np.zeros(len(starts), np.int8)
    for t in np.unique(times[np.isfinite(times)]):
        k = np.searchsorted(starts, t)
        if k < len(starts):
            out[k] = 1
    return out
