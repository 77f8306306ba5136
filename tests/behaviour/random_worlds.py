"""Small random worlds for the laws, as mappings that `load_scenario` takes; same number, same world."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

POLICIES = ("before-reform", "national", "sichuan", "chongqing", "beijing", "guangzhou")
NO_LISTING_LIMIT = ("before-reform", "national", "beijing", "guangzhou")
OWNERS = ("national", "provincial", "city", "county", "private")
AREAS = ("oncology", "metabolic", "rare", "infection")
PEERS_OFF = {  # what one pair does changes nothing for another: no peers, no shared budget
    "asking.beta_peers": 0, "stages.dual_channel": False, "stages.use": False, "stages.payment": False,
}  # fmt: skip
CATCHMENTS_OFF = {  # patients are shared out over all beds, so a hospital more takes some of each other's; that is no draw
    "stages.temporary": False, "asking.patients_half": 0, "decision.relevance_log_sd": 0,
}  # fmt: skip
CONSTANT_ODDS = {  # nothing that a committee weighs changes with time; what was refused comes back only by its lock-out
    "stages.catalogue": False, "barriers.tight_budgets": 0, "committee.guideline_weight": 0,
}  # fmt: skip
NOTHING_SHORT = {"committee.places": "unlimited", "stages.room": False, "committee.unheard_leaves_after_months": None}


def random_world(number: int, law: str, policies: tuple[str, ...] = POLICIES, **keys: Any) -> dict:
    """World `number` of a law: hospitals of all levels, owners and types, 5 to 20 drugs, 2 to 4 years, any policy."""
    rng = np.random.default_rng([number, *law.encode()])
    years = int(rng.integers(2, 5))
    calendar = str(rng.choice(["china", "every_day"]))
    strata = []
    for i in range(int(rng.integers(3, 7))):
        type_ = str(rng.choice(["general", "general", "specialty", "tcm"]))
        strata.append({
            "id": f"s{i}", "level": int(rng.choice([3, 3, 2, 1])), "type": type_, "owner": str(rng.choice(OWNERS)),
            "place": str(rng.choice(["city", "county"])), "count": int(rng.integers(1, 5)),
            "beds": float(rng.integers(50, 2000)), "designated": bool(rng.random() < 0.8),
            "areas": [str(a) for a in rng.choice(AREAS, 2, replace=False)] if type_ == "specialty" else [],
            "kind": "assumed", "source": "toy",
        })  # fmt: skip
    start = 2018 + int(rng.integers(0, 3))
    drugs = int(rng.integers(5, 21))
    parameters = {
        "stages": {"temporary": bool(rng.random() < 0.8)},
        "readiness": {"time": {"lognormal": {"median": float(rng.integers(10, 60)), "sigma": 0.6}}},
        "listing": {"reviewers": int(rng.integers(1, 4)), "background_per_year": float(rng.integers(0, 100)),
                    "standing": {"lognormal": {"median": float(rng.integers(10, 80)), "sigma": 0.5}}},
        "catalogue": {"first_success": float(rng.uniform(0.3, 0.95)), "list_membership": 0.7},
        "awareness": {"lag": {f"level_{i}": {"exponential": {"mean": float(rng.integers(10, 90))}} for i in (1, 2, 3)}},
        "asking": {"lambda0": float(rng.uniform(0.5, 5)), "push_exposure": float(rng.uniform(0.25, 2)),
                   "push_recheck": float(rng.uniform(0.1, 0.6)), "plateau": float(rng.uniform(0.5, 3)),
                   "level_factor": {"level_3": 1, "level_2": float(rng.uniform(0.2, 1)), "level_1": 0.3}},
        "committee": {"meetings": {"every": {f"level_{i}": float(rng.integers(30, 250)) for i in (1, 2, 3)}},
                      "places": {f"level_{i}": int(rng.integers(2, 9)) for i in (1, 2, 3)},
                      "background_items": {f"level_{i}": float(rng.uniform(0, 5)) for i in (1, 2, 3)},
                      "order": str(rng.choice(["need", "first_come"]))},
        "decision": {"b0": {f"level_{i}": float(rng.uniform(-1.5, 1)) for i in (1, 2, 3)},
                     "delta": float(rng.uniform(0.2, 1)), "lock_out_months": float(rng.integers(2, 13)),
                     "rho": float(rng.uniform(0, 0.9))},
        "room": {"target_mean": float(rng.uniform(-10, 5)), "formulary": {f"level_{i}": 300 for i in (1, 2, 3)}},
        "temporary": {"share_in_need": 0.3},
        "purchase": {"time": {"lognormal": {"median": float(rng.integers(20, 120)), "sigma": 0.5}}},
        "drugs": {"patients_per_100k_median": 20},
    }  # fmt: skip
    world = {
        "format": 1, "name": f"{law}-{number}",
        "region": {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 5, "payment": "DRG",
                   "strata": strata},
        "cohort": {"yearly_counts": {start: drugs // 2, start + 1: drugs - drugs // 2}},
        "policy": str(rng.choice(policies)), "calendar": calendar, "start": f"{start}-01-01",
        "policy_from": f"{start}-0{int(rng.integers(2, 10))}-01", "end": f"{start + years - 1}-12-31",
        "obedience": str(rng.choice(["default", "default", "full"])), "seed": int(rng.integers(2**32)),
        "parameters": parameters,
    }  # fmt: skip
    return changed(world, {**{k.replace("__", "."): v for k, v in keys.items()}})


def changed(world: dict, changes: dict[str, Any]) -> dict:
    """The world with some keys changed: keys of the file, or paths into its parameters."""
    world = copy.deepcopy(world)
    for path, value in changes.items():
        if "." not in path:
            world[path] = value
            continue
        *groups, last = path.split(".")
        tree = world["parameters"]
        for group in groups:
            tree = tree.setdefault(group, {})
        tree[last] = value
    return world


def with_rule(world: dict, lever: str, value: Any, strength: str = "must") -> dict:
    """The world with one more rule on top of its policy, for every drug and hospital."""
    rule = {"value": value, "strength": strength, "clause": "toy", "kind": "stated"}
    policy = {"format": 1, "name": "toy-rule", "title": {"en": "One more rule", "zh": "另加一条"}, "document": "toy",
              "place": "toy", "on": world["policy"], "rules": {lever: rule}}  # fmt: skip
    return changed(world, {"policy": policy})


def catchments_apart(world: dict) -> dict:
    """The world without what hospitals share: patients (divided over all beds) and the mean size of their level."""
    world = changed(world, CATCHMENTS_OFF)
    for stratum in world["region"]["strata"]:
        stratum["beds"] = 200.0 * stratum["level"]
    return world
