"""Rules that a scenario carries but that cannot act in it, so that "no effect" is not read as "weak rule"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd

from simlib.core.workdays import YEAR
from simlib.policy.acting import Acting, Facts, acting
from simlib.policy.levers import ORDERS
from simlib.policy.rules import Layer, Rule
from simlib.scenario.scenario import Scenario
from simlib.scenario.world import days_in_force, hospitals_in, shared
from simlib.world.cohort import CLASSES, Cohort
from simlib.world.provinces import provinces_of
from simlib.world.region import OWNERS

COLUMNS = ["lever", "what", "clause", "reason", "reason_zh"]


def inert_rules(scenario: Scenario) -> pd.DataFrame:
    """Rules of a scenario's policy that cannot act in it: lever, what, clause, reason, reason_zh (strings).

    what: the word of the rule's set that cannot act; empty where none of the rule can.
    """
    rows = []
    for _, rule, found in standing(scenario):
        reasons = found.words if found.acts else (("", found.reason),)
        rows += [(rule.lever, what, rule.clause, reason.en, reason.zh) for what, reason in reasons]
    return pd.DataFrame(rows, columns=COLUMNS)


def standing(scenario: Scenario) -> Iterator[tuple[Layer, Rule, Acting]]:
    """Every rule of a scenario's policy, lowest layer first, and whether it can act in the scenario."""
    facts = facts_of(scenario)
    for layer in scenario.policy.layers:
        for rule in layer.rules:
            yield layer, rule, acting(scenario.policy, layer, rule, facts)


def facts_of(scenario: Scenario) -> Facts:
    """What a scenario has of all that rules may need."""
    p = scenario.parameters
    stages = p.stages.model_dump()
    stages["asking"] = p.stages.asking and not p.asking.all_before_committee
    hospitals, _ = shared(scenario)
    platforms = provinces_of("", scenario.region.provinces if scenario.region else (), p.listing).listing
    facts = {
        "rounds": bool(scenario.rounds),
        "windows": any(x.window_interval > 0 for x in platforms),
        "odds": p.stages.committee and p.decision.fixed is None,
        "choice": scenario.degree == "default" or (scenario.degree == "full" and _left_open(scenario)),
        "canvass": p.asking.push_exposure > 0,
        "failures": p.use.supply_failure > 0,
        "any_drug": p.dual_channel.any_drug,
        "pipeline": scenario.cohort.pipeline is not None and p.stages.preapproval,
        "undesignated": bool((~hospitals.designated).any()),
    }

    def meant(rule: Rule) -> bool:
        inside = hospitals_in(rule.hospitals, hospitals)
        if rule.lever == "oversight.guided_hospitals":
            inside = inside & np.isin(hospitals.owner, [OWNERS.index(w) for w in sorted(rule.value)])
        return bool(inside.any())

    return Facts(
        stages=stages, facts=facts, obedience=scenario.degree, horizon=scenario.horizon,
        days=lambda layer, rule: days_in_force(scenario, layer, rule),
        rounds=tuple((r.cut_off, r.published) for r in scenario.rounds),
        whole_year=lambda start, stop: _whole_year(scenario, start, stop),
        drugs=lambda scope, rule: _drugs(scenario, scope, rule), hospitals=meant,
    )  # fmt: skip


def _left_open(scenario: Scenario) -> bool:
    """Whether documents leave something to hospitals, which full obedience does not make them do."""
    return any(r.definition.binds == "hospital" and r.strength not in ORDERS for r in scenario.policy.rules)


def _drugs(scenario: Scenario, scope: str, rule: Rule) -> bool:
    """Whether a scope that no event changes may hold one of the drugs, or products, that a rule is about."""
    p, routes = scenario.parameters, rule.definition.stage == "routes"
    if scope in ("class1", "innovative", "class1_qualifying"):
        return routes or _any_class1(scenario.cohort)
    if scope in ("urgent_import", "rare_whitelist"):
        return routes
    shares = {
        "local": p.drugs.local_share,
        "local_key": p.drugs.local_share,
        "innovation_list": p.drugs.innovation_list_share,
        "hk_macau": p.drugs.hk_macau_share,
        "new_technology": p.payment.new_technology_share,
    }
    return routes or shares.get(scope, 1.0) > 0


def _any_class1(cohort: Cohort) -> bool:
    """Whether a cohort may have a drug of class 1: by its mix, or in its list."""
    mixed = any(share > 0 for name, share in cohort.mix.classes.items() if name != "other")
    stated = cohort.listed.klass if cohort.listed else ()
    return mixed or any(0 <= k != CLASSES.index("other") for k in stated)


def _whole_year(scenario: Scenario, start: float, stop: float) -> bool:
    """Whether a minimum of meetings in force on these days has a year to count, or by reading E2 needs none."""
    if scenario.parameters.clocks.minimum == "pro_rata":
        return True
    years = _years(scenario)
    return any(
        0 <= a < scenario.horizon and start <= a and stop >= min(b, scenario.horizon)
        for a, b in zip(years, years[1:], strict=False)
    )


def _years(scenario: Scenario) -> list[float]:
    """Starts of years up to the first after the run: of the calendar, or blocks of 365.25 days from policy_from."""
    cal = scenario.calendar
    if cal.kind == "every_day":
        return np.arange(scenario.policy_from % YEAR, scenario.horizon + YEAR, YEAR).tolist()
    last = cal.date(scenario.horizon).year + 1
    return [cal.index(date(y, 1, 1)) for y in range(cal.start.year, last + 1)]
