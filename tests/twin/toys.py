"""A toy world for hand checks of the plain twin's stages 9 to 11."""

from __future__ import annotations

import datetime as dt

from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import build_world
from simlib.world.region import AREAS
from twin.model import Model

MONTH = 30.4375
STAGES = (
    "readiness", "listing", "catalogue", "awareness", "asking", "committee", "room", "temporary", "purchase",
    "dual_channel", "use", "payment", "routes", "preapproval",
)  # fmt: skip
PLAIN = {  # nothing holds a doctor or a patient back, all levels treat all diseases, and drugs have patients alike
    "use": {"window_median": 0, "pool_years": 0, "come": 1, "ramp_start": 1, "prescribe": 1, "self_pay_factor": 1,
            "substitute_factor": 1, "drug_share_factor": 1, "supply_failure": 0, "remove_share": 0,
            "referral": {"level_3": 0, "level_2": 0, "level_1": 0}},
    "payment": {"always_afford": True},
    "dual_channel": {"self_pay_share": {"level_3": 0, "level_2": 0, "level_1": 0}},
    "drugs": {"patients_per_100k_median": 18.2625, "patients_log_sd": 0,  # of a million people: half a patient a day
              "orphan_patients_factor": 1, "effort_log_sd": 0},
    "asking": {"patients_half": 0, "site_share": 0, "treats": {area: {"level_2": 1, "level_1": 1} for area in AREAS}},
}  # fmt: skip
CASE = {  # a case whose standard is 9000 yuan: 6000 besides the therapy replaced (3000), and the drug costs 5000
    "payment": {"standard_median": 9000, "standard_log_sd": 0, "other_share": 2 / 3, "cost_log_sd": 0,
                "cases_per_year": 1, "always_afford": True, "review_trigger": 1.1, "review_apply": 0.5,
                "review_apply_simplified": 0.75, "review_pass": 0.8, "review_adjusted": 0.5, "new_technology_share": 1,
                "review_interval": 6, "review_discount": 0.1, "review_background": 0.2, "review_cap": 0.05},
    "drugs": {"median_daily_cost_yuan": 5000 / 365.25, "price_log_sd": 0, "outpatient_share": 0},
}  # fmt: skip


def rule(value, **keys) -> dict:
    """An entry of a policy file."""
    return {"value": value, "strength": "must", "clause": "toy", "kind": "stated"} | keys


def toy(
    *on: str, rules: dict | None = None, parameters: dict | None = None, hospital: dict | None = None, **keys
) -> Model:
    """A toy model, not yet run: one level-3 hospital, one drug on day 0, all stages off but those named."""
    strata = [{"id": "h", "level": 3, "type": "general", "owner": "provincial", "place": "city", "count": 1, "beds": 100,
               "kind": "assumed", "source": "toy"} | (hospital or {})]  # fmt: skip
    policy = {
        "format": 1, "name": "toy-rules", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy",
        "on": "before-2021", "in_force": {"from": dt.date(2020, 1, 1), "to": "open", "clause": "toy"},
        "rules": rules or {},
    }  # fmt: skip
    given: dict = {"stages": {s: s in on for s in STAGES}, "asking": {"all_before_committee": True, "size_log_sd": 0},
                   "obedience": {"other_must": 1}}  # fmt: skip
    for group in {*PLAIN, *(parameters or {})}:
        given[group] = given.get(group, {}) | PLAIN.get(group, {}) | (parameters or {}).get(group, {})
    scenario = {
        "format": 1, "name": "toy", "policy": policy, "cohort": {"days": [0]}, "calendar": "every_day",
        "region": {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG",
                   "strata": strata},
        "start": dt.date(2020, 1, 1), "policy_from": 0, "horizon_days": 365, "rounds": None, "obedience": "full",
        "parameters": given,
    }  # fmt: skip
    return Model(build_world(load_scenario(scenario | keys), 0))
