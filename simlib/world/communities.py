"""County medical communities: which hospital follows the formulary of which county general hospital."""

from __future__ import annotations

import numpy as np

from simlib.core.files import Fault
from simlib.core.streams import FIXED, Q_COMMUNITY, uniforms
from simlib.world.region import OWNERS, PLACES, TYPES, Hospitals, Region

ALONE = -1  # the lead of a hospital that follows none


def draw_leads(hospitals: Hospitals, share: float, seed: int) -> np.ndarray:
    """Place of the hospital whose formulary each follows (int, H), `ALONE` for none; drawn once, not for each replication.

    Leads are the county's own general hospitals of level 2; members are its other hospitals of levels 1 and 2. A member
    follows one lead of its city, each as likely as any other. A larger share keeps the members, and their leads, of a smaller.
    """
    h, key = hospitals, (seed, FIXED)
    if share == 0:
        return np.full(len(h), ALONE)
    county = (h.owner == OWNERS.index("county")) & (h.place == PLACES.index("county"))
    leads = np.flatnonzero(county & (h.level == 2) & (h.type == TYPES.index("general")))
    joins = county & (h.level <= 2) & (uniforms(key, Q_COMMUNITY, hospitals=h.ids) < share)
    joins[leads] = False
    which = uniforms(key, Q_COMMUNITY, hospitals=h.ids, attempt=1)
    found = np.full(len(h), ALONE)
    for i in np.flatnonzero(joins).tolist():
        near = leads[h.city[leads] == h.city[i]]
        if near.size:
            found[i] = near[int(which[i] * near.size)]
    return found


def check_communities(region: Region | None) -> None:
    """Raise a Fault where communities could not act: no general hospital that leads, or no other that follows."""
    strata = region.strata if region else ()
    own = [s for s in strata if s.count and (s.owner, s.place) == ("county", "county") and s.level <= 2]
    leads = [s.level == 2 and s.type == "general" for s in own]
    if not any(leads):
        told = "no general hospital of level 2 owned by a county, which would lead a medical community"
    elif all(leads):
        told = "no other hospital of levels 1 and 2 owned by a county, which would join a medical community"
    else:
        return
    raise Fault((), f"{told}; add one to the region, or give 0")
