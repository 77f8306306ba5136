"""Toy worlds for hand checks of the twin's stages 1 to 8, with dates that can be worked out on paper."""

from __future__ import annotations

import datetime as dt

from simlib.scenario.scenario import load_scenario
from simlib.scenario.world import World, build_world
from twin.model import Result, run

OFF = (
    "readiness", "listing", "catalogue", "awareness", "asking", "room", "temporary", "purchase", "dual_channel", "use",
    "payment", "preapproval",
)  # fmt: skip
SELDOM = {"every": {"level_3": 5000, "level_2": 5000, "level_1": 5000}}


def world(*on: str, replication: int = 0, hospitals: int = 1, **keys) -> World:
    """A toy world: all stages off but the committee and those named; one level-3 hospital, one drug on day 100."""
    strata = [
        {"id": "h", "level": 3, "type": "general", "owner": "provincial", "place": "city", "count": hospitals,
         "beds": 100, "kind": "assumed", "source": "toy"}
    ]  # fmt: skip
    region = {"name": "toy", "title": {"en": "Toy", "zh": "玩具"}, "population_million": 1, "payment": "DRG"}
    parameters = {
        "stages": {s: s in on for s in OFF} | {"committee": "no_committee" not in on},
        "asking": {"all_before_committee": True, "site_share": 0, "patients_half": 0},
        "committee": {"meetings": {"grid": 90, "phase": 30}, "places": "unlimited"},
    }
    parameters["committee"]["unheard_leaves_after_months"] = None
    for group, values in keys.pop("parameters", {}).items():
        parameters[group] = parameters.get(group, {}) | values
    scenario = {
        "format": 1, "name": "toy", "region": region | {"strata": strata} if hospitals else None,
        "cohort": {"days": [100], "mix": {"classes": {"chem_1": 1}, "areas": {"oncology": 1}, "foreign": 0}},
        "calendar": "every_day", "start": dt.date(2020, 1, 1), "policy_from": 0, "horizon_days": 3000, "rounds": None,
        "parameters": parameters,
    }  # fmt: skip
    return build_world(load_scenario(scenario | keys), replication)


def decide(pass_: float, defer: float = 0.0, back: float = 0.0) -> dict:
    """Fixed odds of a decision."""
    return {"fixed": {"pass": pass_, "defer": defer, "return": back}}


def duty(within: str, **keys) -> dict:
    """An entry of `committee.duty`."""
    return {"within": within, "strength": "must", "clause": "toy", "kind": "stated"} | keys


def ruled(*on: str, **keys) -> Result:
    """What the twin makes of `ruled_world`."""
    return run(ruled_world(*on, **keys))


def ruled_world(
    *on: str, rules: dict, clocks: dict | None = None, first: dt.date = dt.date(2020, 1, 1), **keys
) -> World:
    """A toy world with rules of its own that all obey; its committee meets only where a duty wants it, and passes."""
    policy = {
        "format": 1, "name": "toy-rules", "title": {"en": "Toy", "zh": "玩具"}, "document": "toy", "place": "toy",
        "on": "before-2021", "in_force": {"from": first, "to": "open", "clause": "toy"}, "rules": rules,
    }  # fmt: skip
    parameters = {
        "committee": {"meetings": SELDOM | {"phase": 4000}}, "decision": decide(1), "obedience": {"other_must": 1},
        "clocks": clocks or {},
    }  # fmt: skip
    for group, values in keys.pop("parameters", {}).items():
        parameters[group] = parameters.get(group, {}) | values
    return world(*on, policy=policy, obedience=keys.pop("obedience", "full"), parameters=parameters, **keys)


def date(y: int, m: int, d: int) -> int:
    """Days from the start of the toy worlds."""
    return (dt.date(y, m, d) - dt.date(2020, 1, 1)).days
