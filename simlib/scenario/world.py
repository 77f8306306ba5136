"""The world of one replication: everything that is given before anybody decides anything.

Engine and twin both start from a `World`; it holds no outcome.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simlib.core.streams import stable_id
from simlib.core.workdays import INF, Calendar, Table
from simlib.policy.replacement import replacing
from simlib.policy.rules import Layer, Rule
from simlib.policy.scopes import STATIC_SCOPES as STATIC_SCOPES  # the twin takes them from here
from simlib.scenario.drawn import in_world
from simlib.scenario.scenario import Scenario
from simlib.world.cohort import CLASSES, ROUTES, Drugs, build_drugs, build_projects
from simlib.world.communities import draw_leads
from simlib.world.parameters import Asking, Parameters
from simlib.world.provinces import Provinces, provinces_of
from simlib.world.region import OWNERS, TYPES, Hospitals, Region, build_hospitals

EMPTY = Region.model_construct(
    name="none", strata=(), population_million=0.0, platform={}, provinces=(), rare_network=None
)


@dataclass(frozen=True)
class TimedRule:
    """A rule with its days in force, start <= t < stop, and the hospitals in its scope (bool, H).

    replaced: later rules of its place that take its place for their drugs and hospitals while they are in force.
    """

    rule: Rule
    start: float
    stop: float
    hospitals: np.ndarray
    replaced: tuple[TimedRule, ...] = ()


@dataclass(frozen=True)
class World:
    """One replication's givens. key = (seed, replication).

    projects: those of a pipeline, whose approvals stage 13 makes into `drugs`; None where the drugs are given.
    """

    scenario: Scenario
    key: tuple[int, int]
    drugs: Drugs
    hospitals: Hospitals
    rules: tuple[TimedRule, ...]
    projects: Drugs | None = None

    @property
    def p(self) -> Parameters:
        """All assumed numbers."""
        return self.scenario.parameters

    @property
    def calendar(self) -> Calendar:
        """Dates and working days."""
        return self.scenario.calendar

    @property
    def table(self) -> Table:
        """The calendar as compiled functions take it."""
        return self.scenario.calendar.table

    @property
    def horizon(self) -> float:
        """The first time that is not simulated."""
        return self.scenario.horizon

    def of(self, *levers: str) -> list[TimedRule]:
        """The rules of some levers, lowest layer first."""
        if len(levers) == 1:
            return self.by_lever.get(levers[0], [])
        return [r for r in self.rules if r.rule.lever in levers]

    @cached_property
    def by_lever(self) -> dict[str, list[TimedRule]]:
        """The rules of each lever that has any, lowest layer first."""
        out: dict[str, list[TimedRule]] = {}
        for r in self.rules:
            out.setdefault(r.rule.lever, []).append(r)
        return out

    def static_since(self, scope: str) -> np.ndarray:
        """Date from which each drug is inside a scope that no event changes: -inf or inf (float64, D)."""
        d = self.drugs
        class1 = d.klass != CLASSES.index("other")
        inside = {
            "all": np.ones(len(d), bool),
            "class1": class1,
            "innovative": class1,
            "class1_qualifying": class1,
            "innovation_list": d.innovation_listed,
            "new_technology": d.new_technology,
            "new_drugs_reviewed": np.ones(len(d), bool),  # its conditions are asked case by case (stage 11)
            "commercial_cover": np.ones(len(d), bool),
            **{r: d.route == ROUTES.index(r) for r in ("urgent_import", "rare_whitelist")},
            "hk_macau": d.hk_macau | (d.route == ROUTES.index("hk_macau")),
            "local": d.local,
            "local_key": d.local,
        }[scope]
        return np.where(inside, -INF, INF)

    @cached_property
    def provinces(self) -> Provinces:
        """The region's provinces; one without a name where it names none."""
        region = self.scenario.region or EMPTY
        return provinces_of(region.name, region.provinces, self.p.listing)

    @cached_property
    def leads(self) -> np.ndarray:
        """Place of the hospital whose formulary each shares, -1 for none (int, H)."""
        return draw_leads(self.hospitals, self.p.committee.community_share, self.key[0])

    @cached_property
    def firsts(self) -> np.ndarray:
        """Firsts of months below the horizon, without 0 (float64)."""
        f = self.calendar.firsts(self.horizon)
        return f[f > 0]

    @cached_property
    def knots(self) -> np.ndarray:
        """Times at which the rate of asking is read: 0, firsts of months, publications (float64, increasing)."""
        published = [r.published for r in self.scenario.rounds if 0 < r.published < self.horizon]
        return np.unique(np.concatenate([[0.0], self.firsts, published]))


def rule_id(name: str) -> int:
    """Id of a rule in the streams of obedience: a lever, `committee.duty.TRIGGER`, or `barrier.BARRIER`."""
    return stable_id("rule", name)


_built: dict[tuple[str, int, float, float], Hospitals] = {}  # the last region built: replications share it


def _hospitals(region: Region, seed: int, p: Asking) -> Hospitals:
    given = p.size_log_sd, p.orphan_network_per_million
    key = (region.model_dump_json() if region is not EMPTY else "", seed, *given)
    if key not in _built:
        _built.clear()
        _built[key] = build_hospitals(region, seed, *given)
    return _built[key]


_last: list[tuple[Scenario, Hospitals, tuple[TimedRule, ...]]] = []  # the last scenario that was built


def shared(scenario: Scenario) -> tuple[Hospitals, tuple[TimedRule, ...]]:
    """Hospitals and rules, which all replications of a scenario share."""
    if not (_last and _last[0][0] is scenario):
        hospitals = _hospitals(scenario.region or EMPTY, scenario.seed, scenario.parameters.asking)
        _last[:] = [(scenario, hospitals, _timed(scenario, hospitals))]
    return _last[0][1:]


def build_world(scenario: Scenario, replication: int) -> World:
    """The world of one replication of a scenario, with numbers of its own where the scenario draws them."""
    scenario = in_world(scenario, replication)
    key = (scenario.seed, replication)
    hospitals, rules = shared(scenario)
    cohort, p = scenario.cohort, scenario.parameters
    if cohort.pipeline is not None:
        projects = build_projects(cohort, scenario.horizon, p, key)
        nothing = projects.take(np.zeros(0, int), np.zeros(0))
        return World(scenario, key, nothing, hospitals, rules, projects)
    drugs = build_drugs(cohort, scenario.calendar, scenario.horizon, p, key)
    return World(scenario, key, drugs, hospitals, rules)


def _timed(scenario: Scenario, hospitals: Hospitals) -> tuple[TimedRule, ...]:
    """Every rule with its days in force, and with what replaces it."""
    policy = scenario.policy

    def timed(layer: Layer, rule: Rule, replaced: tuple[TimedRule, ...] = ()) -> TimedRule:
        days = days_in_force(scenario, layer, rule)
        return TimedRule(rule, *days, hospitals_in(rule.hospitals, hospitals), replaced)

    return tuple(
        timed(layer, rule, tuple(timed(*later) for later in replacing(policy, layer, rule)))
        for layer in policy.layers
        for rule in layer.rules
        if rule.value is not False and rule.value != "none"  # denies nothing that another grants, unless it replaces it
    )


def days_in_force(scenario: Scenario, layer: Layer, rule: Rule) -> tuple[float, float]:
    """(start, stop) of a rule in a run: its document's days (`as_dated`), or all documents from `policy_from` on.

    What held before the reforms holds on its own days, or from always. Days of a rule's own mean the dates written, in both kinds of run
    (in a comparison not before `policy_from`); the document's own end is not reached in a comparison. `rule.delay`
    counts from whatever start that gives.
    """
    index, base = scenario.calendar.index, layer.baseline
    first, last = rule.start, rule.end
    if scenario.as_dated or base:
        first, last = first or layer.start, last or layer.end
    least = -INF if base else scenario.policy_from
    start = max(least, index(first)) if first and not scenario.as_dated else index(first) if first else least
    return start + rule.delay, index(last) + 1 if last else INF


def hospitals_in(scope: str, hospitals: Hospitals) -> np.ndarray:
    """Which hospitals a scope means, all of its parts (joined by "&") together: bool, H."""
    inside = np.ones(len(hospitals), bool)
    for part in scope.split("&"):
        inside &= _hospitals_in(part, hospitals)
    return inside


def _hospitals_in(scope: str, hospitals: Hospitals) -> np.ndarray:
    return {
        "all": np.ones(len(hospitals), bool),
        "public": hospitals.owner != OWNERS.index("private"),
        "designated": hospitals.designated,
        "tertiary": hospitals.level == 3,
        "tertiary_general": (hospitals.level == 3) & (hospitals.type == TYPES.index("general")),
    }[scope]


def logit(p: float) -> float:
    """Log-odds of a probability; -inf and inf at 0 and 1."""
    if p <= 0.0:
        return -INF
    return INF if p >= 1.0 else math.log(p / (1.0 - p))
