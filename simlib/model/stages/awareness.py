"""Stage 4, and who is concerned at all: target hospitals of a drug, and the date each learns of its listing."""

from __future__ import annotations

import math

import numpy as np

from simlib.core.compiled import compiled
from simlib.core.distributions import sample
from simlib.core.streams import Q_AWARE, Q_SITE, Q_SPECIALTY, Q_TARGET, normal, uniform
from simlib.core.workdays import INF, add, up
from simlib.model.obedience import complies
from simlib.model.pair_records import OUTSIDE, UNAWARE, Timing
from simlib.model.places import listed_at
from simlib.model.rules import K_DUTY_LISTING, Others
from simlib.model.state import State
from simlib.policy.levers import LEVERS
from simlib.scenario.world import World
from simlib.world.region import TYPES

GENERAL, SPECIALTY = TYPES.index("general"), TYPES.index("specialty")


def channel_factors(world: World, others: Others, listed: np.ndarray) -> np.ndarray:
    """Factor on the lag of awareness of the channels in force when a drug is listed (float64, as `listed`: (P, D))."""
    p = world.p.awareness
    factor = np.ones(listed.shape)
    for word in LEVERS["awareness.information_sharing"].allowed:
        factor = np.where(
            others.has("awareness.information_sharing", word, listed), factor * p.channel_factor[word], factor
        )
    factor = np.where(
        others.flag("awareness.cloud_platform", listed), factor * p.channel_factor["cloud_platform"], factor
    )
    prepared = others.has("readiness.guidance_scope", "hospital_entry", listed)
    return np.where(prepared, factor * p.channel_factor["hospital_entry"], factor)


@compiled
def is_target(S: State, h, d):
    """Whether hospital h treats the disease of drug d."""
    n = S.num
    if n.all_targets:
        return True
    hospital, drug = S.hospital[h], S.drug[d]
    if drug.orphan and hospital.network:
        p = n.orphan_match
    elif hospital.type == GENERAL:
        p = drug.breadth * drug.treats[hospital.level - 1]
    elif hospital.type == SPECIALTY:
        if hospital.area != drug.area:
            return False
        p = n.match
    elif drug.tcm:
        p = n.tcm_match
    else:
        p = n.tcm_other * (drug.breadth * drug.treats[hospital.level - 1])
    return uniform(S.key, Q_TARGET, 0, hospital.id, drug.id) < p


@compiled
def specialty(S: State, h, d):
    """How much hospital h has to do with drug d: lognormal of mean 1."""
    s = S.num.specialty_sd
    if s == 0.0:
        return 1.0
    return math.exp(s * normal(S.key, Q_SPECIALTY, 0, S.hospital[h].id, S.drug[d].id) - s * s / 2.0)


@compiled
def level_factor(S: State, level):
    """Factor of asking by level."""
    return S.num.level_factor[level - 1]


@compiled
def reach(S: State, h, d):
    """r of the model page: how readily departments of hospital h ask for drug d."""
    return need(S, h, d, specialty(S, h, d))


@compiled
def need(S: State, h, d, own):
    """level x size x specialty (`own`), times how far the hospital's patients of the drug go towards a full practice."""
    n = patients(S, h, d)
    if n <= 0.0:
        return 0.0
    return level_factor(S, S.hospital[h].level) * S.hospital[h].size * own * (n / (n + S.num.patients_half))


@compiled
def patients(S: State, h, d):
    """Patients of drug d who come to target hospital h a year: its part, by catchment, of all in the region."""
    return S.hospital[h].catchment / S.weight[d] * S.drug[d].arrivals


@compiled
def is_site(S: State, h, d):
    """Whether hospital h, a leading one, took part in the trials of drug d: it knows the drug, and asks for it at once."""
    hospital, share = S.hospital[h], S.num.site_share
    return share > 0.0 and hospital.leading and uniform(S.key, Q_SITE, 0, hospital.id, S.drug[d].id) < share


@compiled
def aware_date(S: State, h, d):
    """The date on which hospital h learns that drug d is listed in its province."""
    listed = listed_at(S, h, d)
    if listed >= S.num.horizon:
        return INF
    if S.num.aware_at_once or is_site(S, h, d):
        return listed
    if S.num.learn_listed and complies(S, K_DUTY_LISTING, h, d, listed):
        return listed  # reading B1
    hospital = S.hospital[h]
    dist = S.dist[Timing.AWARE + hospital.level - 1]
    lag = sample(uniform(S.key, Q_AWARE, 0, hospital.id, S.drug[d].id), dist, S.pool) * S.channels[hospital.province, d]
    return up(S.table, add(S.table, listed, lag, dist.unit))


@compiled
def meet_drugs(S: State):
    """Find every drug's target hospitals and when each learns of the listing; fill x, slot, targets and weight."""
    for h in range(S.hospital.size):
        li = S.hospital[h].level - 1
        for d in range(S.drug.size):
            if not is_target(S, h, d):
                S.slot[h, d] = OUTSIDE
                continue
            S.targets[d, li] += 1
            S.hospital[h].targets += 1
            S.weight[d] += S.hospital[h].catchment
            S.slot[h, d] = UNAWARE
            S.x[h, d] = aware_date(S, h, d)
