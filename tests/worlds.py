"""Random small worlds with every switch drawn, for the comparison of engine and twin. A world is a scenario mapping."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from simlib.policy.load import load_policy
from simlib.world.areas import AREAS
from tests import worlds_use
from tests.worlds_rest import add_rest, undrawn
from tests.worlds_use import add_later_stages

POLICIES = (
    "before-reform",
    "national",
    "sichuan",
    "chongqing",
    "beijing",
    "guangzhou",
    "sichuan-alone",
    "chongqing-alone",
)
LEVELS = ("level_1", "level_2", "level_3")
CLOCKS: dict[str, list[Any]] = {  # the default first
    "listing": ["learned", "listed"],
    "catalogue_day": ["publication", "force"],
    "catalogues": ["both", "basic"],
    "catalogue_lag": [0, 7, 40.5],
    "past": ["none", "catch_up"],
    "rolling": ["civil_code", "back"],
    "first_list": ["counts", "passes"],
    "minimum": ["whole_years", "pro_rata"],
    "either": ["either", "both"],
}
OWN_RULES: dict[str, list[Any]] = {  # levers of a policy of the world's own, with values
    "committee.duty.listing": ["20 days", "30 working days", "1 months"],
    "committee.duty.catalogue": ["45 days", "20 working days", "2 months"],
    "committee.duty.application_list": ["15 days", "20 working days", "1 months"],
    "committee.min_meetings_per_year": [4, 6, 9],
    "committee.duty_to_stock": ["as_needed", "as_needed_all_due", "all_due"],
    "committee.provision_target": [0.5, 1.0],
    "committee.temporary_channel": [True],
    "committee.direct_inclusion": [True],
    "committee.enter_on_approval": [True],
    "committee.barriers_removed": [["drug_share"], ["nrdl_membership", "formulary_size"]],
    "procurement.purchase_within": ["10 working days", "1 months"],
    "catalogue.application_list.update": ["periodic", "continuous"],
    "catalogue.commercial.enabled": [True],
    "listing.review_limit": ["15 working days", "1 months"],
    "listing.whole_limit": ["20 days", "30 working days"],
    "listing.catalogue_limit": ["10 working days", "41 days"],
    "listing.other_routes": [["recorded"], ["recorded", "price_linked"], ["volume_based"]],
}
RELIEFS = [  # what `or` names
    "committee.temporary_channel", "committee.enter_on_approval", "committee.provision_target",
    "committee.duty_to_stock", "committee.direct_inclusion",
]  # fmt: skip
DRUG_SCOPES = ["all", "all", "innovative", "negotiated", "negotiated+commercial_list", "application_list+local"]
HOSPITAL_SCOPES = ["", "", "/public", "/public&designated", "/tertiary&public", "/designated&tertiary_general"]


def random_world(seed: int) -> dict[str, Any]:
    """A scenario mapping for `load_scenario`: everything that a scenario can switch is drawn."""
    g = np.random.default_rng(seed)
    china = bool(g.random() < 0.6)
    days = int(g.integers(500, 1100))
    world: dict[str, Any] = {
        "format": 1,
        "name": f"random-{seed}",
        "calendar": "china" if china else "every_day",
        "start": "2022-03-01" if g.random() < 0.5 else "2023-07-01",
        "policy_from": 0 if g.random() < 0.25 else int(g.integers(0, days // 2)),
        "horizon_days": days,
        "policy": str(g.choice(POLICIES)),
        "as_dated": bool(g.random() < 0.25),
        "obedience": str(g.choice(["full", "default", "none", "hoped"], p=[0.25, 0.5, 0.15, 0.1])),
        "seed": int(g.integers(0, 2**31)),
        "region": None if g.random() < 0.03 else region(g),
        "cohort": cohort(g, days),
        "parameters": parameters(g),
    }
    if g.random() < 0.1:
        world["rounds"] = None
    world["start"] = datetime.date.fromisoformat(world["start"])
    g = np.random.default_rng([seed, 1])  # draws of its own: those above stay what they are
    world["parameters"]["clocks"] = clocks(g)
    world["parameters"]["listing"]["corrections_count"] = bool(g.random() < 0.4)
    world["parameters"]["catalogue"] |= {"commercial_success": 0.7, "commercial_price_above": float(g.choice([-5, 0]))}
    world["parameters"]["catalogue"]["cancer_weight"] = float(np.random.default_rng([seed, 21]).choice([0, -1.5]))
    if g.random() < 0.7:
        world["policy"] = own_policy(g, world)
    recorded_purchase(np.random.default_rng([seed, 2]), world)
    same_place(np.random.default_rng([seed, 3]), world)
    g = np.random.default_rng([seed, 5])
    world["parameters"]["preapproval"] = {
        "indications_per_year": float(g.choice([0, 0.5, 4])), "indication_factor": float(g.uniform(0.5, 4))
    }  # fmt: skip
    world["parameters"]["stages"] |= {"preapproval": bool(g.random() > 0.15), "routes": bool(g.random() > 0.3)}
    if isinstance(world["policy"], dict) and g.random() < 0.6:
        rules = own_rules(g, "preapproval.indication_expansion", [True], world["policy"]["in_force"]["from"], days)
        world["policy"]["rules"]["preapproval.indication_expansion"] = rules
    add_later_stages(world, seed)
    add_rest(world, seed, undrawn(drawn(), POLICIES))
    world["parameters"]["asking"]["patients_half"] *= usual_patients(world)
    return world


def usual_patients(world: dict[str, Any]) -> float:
    """Patients a year whom an average hospital has for a usual drug: what their halves are drawn in, or few would ask."""
    if not world["region"]:
        return 0.0
    hospitals = sum(s["count"] for s in world["region"]["strata"])
    return (
        world["parameters"]["drugs"]["patients_per_100k_median"]
        * world["region"]["population_million"]
        * 10
        / hospitals
    )


def drawn() -> frozenset[str]:
    """Levers for which a list here says with which values they are drawn."""
    single = ("preapproval.indication_expansion", "oversight.monitoring")
    return frozenset([*OWN_RULES, *worlds_use.OWN_RULES, *BEFORE_RULES, *ROUTE_RULES, *single])


BEFORE_RULES: dict[str, list[Any]] = {  # levers of the time before approval, with values
    "preapproval.trial_startup_limit": ["4 weeks", "30 working days", "2 months"],
    "preapproval.parallel_review": [["project"], ["ethics", "contract"], ["project", "ethics", "contract"]],
    "preapproval.ethics_mutual_recognition": ["members", "city_level_sites", "multi_centre_sites"],
    "preapproval.trial_approval_limit": ["30 working days", "20 days"],
    "preapproval.early_service": ["by_firm", "by_product"],
    "preapproval.early_service_slots": [1, 3],
    "preapproval.grants": [{"share_of_cost": 0.2, "phase_1": 2, "phase_3": 10}, {"preclinical": 5, "phase_2": 30}],
    "preapproval.awards": [{"class_1": 10}, {"class_1": 4, "improved": 40}],
}


def with_pipeline(world: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same world with projects for a cohort, quick enough to come through, and rules about them."""
    g = np.random.default_rng([seed, 6])
    days = int(world["horizon_days"])
    given = {"days": sorted(float(x) for x in g.integers(-300, days, 40))}
    stream = {"per_year": float(g.uniform(20, 60)), "years_before": float(g.choice([1, 2.5]))}
    p = world["parameters"]["preapproval"] | {
        "trial_review": int(g.integers(10, 60)), "marketing_review": 60, "priority_review": 30,
        "startup_counts": str(g.choice(["mean", "mean", "every"])), "service_places": int(g.integers(0, 4)),
        "money_elasticity": float(g.uniform(0, 3)),
        "go_on": dict.fromkeys(("preclinical", "phase_1", "phase_2", "phase_3", "review"), float(g.uniform(0.6, 1))),
        **{k: duration(g, 30) for k in ("project_review", "ethics_review", "contract_review", "opening")},
        **{k: duration(g, 60) for k in ("phase_1", "phase_2", "phase_3", "preparation", "answers")},
    }  # fmt: skip
    world = world | {"cohort": {"pipeline": given if g.random() < 0.3 else stream}}
    world["parameters"] = world["parameters"] | {"preapproval": p}
    if isinstance(world["policy"], str):
        world["policy"] = own_policy(g, world)
    first = world["policy"]["in_force"]["from"]
    rules = {k: own_rules(g, k, v, first, days) for k, v in BEFORE_RULES.items() if g.random() < 0.7}
    world["policy"] = world["policy"] | {"rules": world["policy"]["rules"] | rules}
    return world


def recorded_purchase(g: np.random.Generator, world: dict[str, Any]) -> None:
    """Small purchases before the listing: often enough to be seen, and in half the worlds not by practice from always."""
    world["parameters"]["temporary"] |= {
        "recorded_in_need": float(g.choice([0, 0.05, 0.5, 1])), "recorded_ends_months": int(g.integers(1, 13)),
    }  # fmt: skip
    if g.random() < 0.5:
        world["changes"] = {"listing.other_routes@practice": "off"}


def same_place(g: np.random.Generator, world: dict[str, Any]) -> None:
    """In half the worlds with a policy of their own: a later notice of the place, to which earlier ones yield."""
    policy = world["policy"]
    if not isinstance(policy, dict) or g.random() < 0.5:
        return
    policy["place"] = {"before-reform": "nation", "national": "nation"}.get(policy["on"], policy["on"])
    policy["stacking"] = {"value": "earlier_yields", "clause": "own"}
    earlier = [x.name for x in load_policy(policy["on"]).layers if x.place == policy["place"] and x.start]
    if earlier:  # what is replaced is not later than what replaces it
        world["changes"] = {"dates": {name: {"from": policy["in_force"]["from"]} for name in earlier}}
    spoken = {
        r.lever for layer in load_policy(policy["on"]).layers if layer.place == policy["place"] for r in layer.rules
    }
    for lever in (n for n in OWN_RULES if n in spoken and g.random() < 0.8):
        first = policy["in_force"]["from"]
        add_rules(policy["rules"], lever, own_rules(g, lever, OWN_RULES[lever], first, int(world["horizon_days"])))
    for lever in ("committee.temporary_channel", "committee.direct_inclusion", "committee.enter_on_approval"):
        for entry in policy["rules"].get(lever, [])[:1]:
            entry["value"] = bool(g.random() < 0.6)  # else it says no, and takes the earlier rule away
    if g.random() < 0.5:
        policy["rules"]["oversight.monitoring"] = {
            "value": "ledger", "scope": str(g.choice(["all", "negotiated"])), "strength": "must", "clause": "own", "kind": "stated",
        }  # fmt: skip


def clocks(g: np.random.Generator) -> dict[str, Any]:
    """Readings of when a limit starts and ends: each as the default or, as often, in another way."""
    return {name: values[0 if g.random() < 0.5 else int(g.integers(1, len(values)))] for name, values in CLOCKS.items()}


def own_policy(g: np.random.Generator, world: dict[str, Any]) -> dict[str, Any]:
    """A policy on top of the world's own: rules with days, scopes and strengths of their own, some with `or`."""
    start, days = world["start"], int(world["horizon_days"])
    first = start + datetime.timedelta(int(g.integers(0, days // 4)))
    rules: dict[str, Any] = {}
    for lever, values in OWN_RULES.items():
        if g.random() < (0.6 if lever.startswith("committee.duty.") else 0.4):
            add_rules(rules, lever, own_rules(g, lever, values, first, days))
    return {
        "format": 1, "name": "own", "title": {"en": "Own", "zh": "自定"}, "document": "own", "place": "own",
        "on": world["policy"].removesuffix("-alone"), "rules": rules,
        "in_force": {"from": first, "to": "open", "clause": "own"},
    }  # fmt: skip


def add_rules(rules: dict[str, Any], lever: str, entries: list[dict[str, Any]]) -> None:
    """Write a lever's entries where a policy file has them."""
    if lever.startswith("committee.duty."):
        rules.setdefault("committee.duty", {})[lever.removeprefix("committee.duty.")] = entries
    else:
        rules[lever] = entries


def own_rules(
    g: np.random.Generator, lever: str, values: list[Any], first: datetime.date, days: int
) -> list[dict[str, Any]]:
    """One or two entries of a lever: one after the other for the same drugs and hospitals, or for different ones."""
    day = lambda share: first + datetime.timedelta(int(share * days))
    pairs = zip(g.permutation(DRUG_SCOPES), g.permutation(HOSPITAL_SCOPES), strict=True)
    scopes = list(dict.fromkeys(f"{drugs}{hospitals}" for drugs, hospitals in pairs))
    of_hospitals = lever.startswith(("committee", "procurement"))
    if not of_hospitals:
        scopes = ["all", "innovative"]
    entries: list[dict[str, Any]] = []
    for scope in scopes[: int(g.integers(1, 3))]:
        entry: dict[str, Any] = {
            "within" if lever.startswith("committee.duty.") else "value": values[int(g.integers(len(values)))],
            "scope": scope, "strength": str(g.choice(["must", "declared", "encouraged"])),
            "clause": "own", "kind": "stated",
        }  # fmt: skip
        if g.random() < 0.5:
            entry["from"] = day(g.uniform(0, 0.5))
        if g.random() < 0.3:
            entry["to"] = day(g.uniform(0.5, 0.9))
        if of_hospitals and g.random() < 0.5:
            entry["or"] = str(g.choice([name for name in RELIEFS if name != lever]))
        entries.append(entry)
    if len(entries) == 1 and g.random() < 0.4:  # the value changes on a day
        change = day(g.uniform(0.1, 0.6))
        entry = entries[0]
        later = entry | {"from": change, next(iter(entry)): values[int(g.integers(len(values)))]}
        later.pop("to", None)
        entries = [entry | {"from": first, "to": change - datetime.timedelta(1)}, later]
    return entries


def region(g: np.random.Generator) -> dict[str, Any]:
    """A few strata of all levels, types and owners."""
    strata = []
    for i in range(int(g.integers(2, 6))):
        kind = str(g.choice(["general", "general", "specialty", "tcm"]))
        stratum: dict[str, Any] = {
            "id": f"s{i}",
            "level": int(g.choice([3, 3, 2, 1])),
            "type": kind,
            "owner": str(g.choice(["national", "provincial", "city", "county", "private"])),
            "place": str(g.choice(["city", "county"])),
            "count": int(g.integers(1, 9)),
            "beds": float(g.integers(50, 2000)),
            "designated": bool(g.random() < 0.8),
            "kind": "assumed",
            "source": "random",
        }
        if kind == "specialty":
            stratum["areas"] = ["oncology", "haematology"]
        strata.append(stratum)
    return {
        "name": "random",
        "title": {"en": "Random", "zh": "随机"},
        "population_million": float(g.choice([0.5, 5, 80])),
        "payment": "DRG",
        "strata": strata,
    }


def cohort(g: np.random.Generator, days: int) -> dict[str, Any]:
    """Dates, days or a Poisson stream of a dozen drugs."""
    if g.random() < 0.5:
        return {"days": sorted(float(x) for x in g.integers(0, days, int(g.integers(3, 16))))}
    return {"poisson": {"per_day": float(g.uniform(5, 15) / days), "first": float(g.integers(0, 50))}}


def duration(g: np.random.Generator, mean: float) -> dict[str, Any]:
    """Any of the seven distributions, in any unit, of about that mean in days."""
    unit = str(g.choice(["days", "days", "working_days", "months"]))
    mean = mean / {"days": 1, "working_days": 1.4, "months": 30}[unit]
    kind = str(
        g.choice(["constant", "uniform", "exponential", "lognormal", "lognormal", "gamma", "weibull", "empirical"])
    )
    shapes: dict[str, Any] = {
        "constant": max(1.0, float(np.round(mean))) if unit == "months" else mean,
        "uniform": {"low": 0.2 * mean, "high": 1.8 * mean},
        "exponential": {"mean": mean},
        "lognormal": {"median": mean, "sigma": 0.5} if g.random() < 0.5 else {"mean": mean, "sd": 0.6 * mean},
        "gamma": {"mean": mean, "sd": 0.7 * mean},
        "weibull": {"mean": mean, "sd": 0.5 * mean},
        "empirical": [float(x) for x in np.round(g.uniform(0.2, 2, 4) * mean, 3)],
    }
    return {kind: shapes[kind], "unit": unit}


def by_level(g: np.random.Generator, low: float, high: float) -> dict[str, float]:
    """A number a level."""
    return {level: float(g.uniform(low, high)) for level in LEVELS}


def parameters(g: np.random.Generator) -> dict[str, Any]:
    """Assumed numbers drawn wide, stages switched off now and then."""
    off = ("readiness", "listing", "catalogue", "awareness", "asking", "committee", "room", "temporary", "purchase")
    out: dict[str, Any] = {"stages": {name: bool(g.random() > 0.08) for name in off}}
    out["readiness"] = {"time": duration(g, 30), "later_province_lag": duration(g, 20)}
    out["listing"] = {
        "reviewers": "unlimited" if g.random() < 0.2 else int(g.integers(1, 4)),
        "work": duration(g, 8),
        "standing": duration(g, 30),
        "complete": float(g.uniform(0.2, 1)),
        "correction": duration(g, 10),
        "background_per_year": float(g.choice([0, 20, 60])),
        "window_interval": float(g.choice([0, 30])),
    }
    out["catalogue"] = {"list_membership": float(g.uniform(0.3, 1)), "first_success": float(g.uniform(0.3, 0.95))}
    out["awareness"] = {"lag": {level: duration(g, 30) for level in LEVELS}}
    out["asking"] = {
        "all_before_committee": bool(g.random() < 0.15),
        "lambda0": float(g.uniform(1, 8)),
        "level_factor": by_level(g, 0.3, 1.5),
        "beta_peers": float(g.choice([0, 2, 6])),
        "push_exposure": float(g.uniform(0, 2)),
        "specialty_log_sd": float(g.choice([0, 0.5])),
        "patients_half": float(g.choice([0, 0.2, 2])),
        "orphan_network_per_million": float(g.choice([0, 1])),
        "orphan_match": float(g.uniform(0.5, 1)),
        "orphan_breadth": float(g.choice([0, 0.5])),
        "treats": {
            area: {level: float(g.choice([0, 0.7, 1])) for level in LEVELS[:2]} for area in ("oncology", "haematology")
        },
    }
    out["committee"] = committee(g)
    out["decision"] = decision(g)
    out["room"] = {"target_mean": float(g.uniform(-8, 8)), "target_sd": 5.0, "formulary": by_level(g, 200, 900)}
    out["temporary"] = {"share_in_need": float(g.choice([0.05, 1.0])), "time": duration(g, 7)}
    out["purchase"] = {"time": duration(g, 40)}
    return out


def committee(g: np.random.Generator) -> dict[str, Any]:
    """Meetings by rhythm, renewal or grid; agendas tight or unlimited."""
    kind = str(g.choice(["every", "every", "intervals", "grid"]))
    meetings: dict[str, Any] = {
        "every": {"every": by_level(g, 40, 300)},
        "intervals": {"intervals": duration(g, 90)},
        "grid": {"grid": 90.0, "jitter": float(g.choice([0, 20]))},
    }[kind]
    if kind != "intervals" and g.random() < 0.3:
        meetings["phase"] = float(g.integers(0, 60))
    unlimited = g.random() < 0.25
    return {
        "meetings": meetings,
        "places": "unlimited" if unlimited else {level: int(g.integers(1, 8)) for level in LEVELS},
        "background_items": by_level(g, 0, 3),
        "order": str(g.choice(["need", "first_come"])),
        "unheard_leaves_after_months": None if g.random() < 0.3 else int(g.integers(2, 9)),
        "max_duty_meetings_a_year": int(g.integers(0, 13)),
        "backlog": int(g.choice([0, 0, 5])),
        "guideline_delay": float(g.integers(0, 200)),
    }


def decision(g: np.random.Generator) -> dict[str, Any]:
    """Fixed probabilities, or odds."""
    out: dict[str, Any] = {
        "lock_out_months": int(g.integers(1, 13)),
        "delta": float(g.uniform(0.2, 1.5)),
        "rho": float(g.uniform(0, 1)),
        "relevance_log_sd": float(g.choice([0, 1.5])),
        "relevance_patients": by_level(g, 0.5, 50),
    }
    if g.random() < 0.2:
        first = float(g.uniform(0.1, 0.7))
        out["fixed"] = {"pass": first, "defer": float(g.uniform(0, 1 - first)), "return": float(g.random())}
    return out


ROUTE_RULES: dict[str, list[Any]] = {
    "routes.urgent_import": [{"2022": 6}, {"2023": 3, "2025": 5}],
    "routes.rare_disease_whitelist": [{"2024": 4}],
    "routes.import_products_added": [{"2023": 5, "2024": 2}],
    "routes.hk_macau": ["existing"],
    "routes.customs_clearance": ["24_hour_service", "within_24_hours"],
    "routes.traceability": [True],
}


def with_routes(world: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same world with rules about special routes."""
    g = np.random.default_rng([seed, 4])
    days = int(world["horizon_days"])
    numbers = dict.fromkeys(
        ("urgent_import", "rare_disease_whitelist", "import_products_added", "hk_macau"), float(g.uniform(0, 8))
    )
    world["parameters"]["routes"] = {
        "review": duration(g, 60), "order": duration(g, 40), "assumed_number": numbers,
        "after_stated_year": str(g.choice(["assumed", "same", "closed"])),
    }  # fmt: skip
    if isinstance(world["policy"], str):
        world["policy"] = own_policy(g, world)
    first = world["policy"]["in_force"]["from"]
    rules = {k: own_rules(g, k, v, first, days) for k, v in ROUTE_RULES.items() if g.random() < 0.8}
    for rule in rules.get("routes.traceability", ()):
        rule["scope"] = "urgent_import+rare_whitelist"
    world["policy"] = world["policy"] | {"rules": world["policy"]["rules"] | rules}
    return world


def with_provinces(world: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same world with two to four provinces that differ in what they may, and cities for their hospitals."""
    g = np.random.default_rng([seed, 9])
    if world["region"] is None:
        return world
    limits = (None, None, "12 working_days", "25 days", "1 months")
    provinces = []
    for i in range(int(g.integers(2, 5))):
        platform: dict[str, Any] = {"standing_factor": float(g.uniform(0.2, 2))} if g.random() < 0.7 else {}
        if g.random() < 0.5:
            platform["reviewers"] = "unlimited" if g.random() < 0.3 else int(g.integers(1, 4))
        if g.random() < 0.5:
            platform["background_per_year"] = float(g.choice([0, 30, 80]))
        if g.random() < 0.5:
            platform["window_interval"] = float(g.choice([0, 7, 45]))
        province = {"name": f"p{i}", "title": {"en": f"P{i}", "zh": f"省{i}"}, "share": float(g.uniform(0.2, 3))}
        province |= {"income": float(g.choice([0.5, 1, 2])), "platform": platform}
        province |= {"whole_limit": limits[int(g.integers(len(limits)))]}
        if g.random() < 0.4:
            province["cities"] = int(g.integers(1, 4))
        provinces.append(province)
    return world | {"region": world["region"] | {"provinces": provinces, "cities": int(g.integers(1, 9))}}


def with_communities(world: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same world with a county's own hospitals in a city or two, which share formularies."""
    g = np.random.default_rng([seed, 12])
    own = {"owner": "county", "place": "county", "kind": "assumed", "source": "random"}
    kinds = [("lead", 2, "general"), ("town", 1, "general"), ("herbs", 2, "tcm"), ("clinic", 1, "tcm")]
    strata = [
        own
        | {
            "id": name,
            "level": level,
            "type": type_,
            "count": int(g.integers(1, 5)),
            "beds": float(g.integers(30, 600)),
        }
        for name, level, type_ in kinds
    ]
    region = world["region"] or {
        "name": "random",
        "title": {"en": "R", "zh": "随"},
        "population_million": 5,
        "payment": "DIP",
    }
    region = region | {"strata": [*region.get("strata", ()), *strata], "cities": int(g.integers(1, 3))}
    region["medical_communities"] = {"share": float(g.choice([0.5, 1]))}
    p = world["parameters"]
    p["committee"]["community_lag"] = float(g.choice([0, 0, 7.5, 90]))
    p["asking"] |= {"treats": {a: {"level_2": 1, "level_1": 1} for a in AREAS}, "lambda0": 12, "patients_half": 0}
    p["decision"]["b0"] = {"level_3": 0, "level_2": 2, "level_1": -1}
    return world | {"region": region}
