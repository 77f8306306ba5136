"""Development: projects on their way to approval, and the indications that drugs gain later.

Follows `docs/semantics-approval.md`, section 13. A world either has drugs with given days of approval, or
projects that apply for a trial: reviews, a first patient, three phases, marketing review, at each
step the firm's question whether to go on. The pipeline runs before everything else, in a setting
and on a clock of its own that begin years earlier (`lead`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from simlib.core import streams as q
from simlib.scenario.world import World
from simlib.world.cohort import CLASSES
from twin.clock import Clock, Phase, Process
from twin.dates import MONTH, NEVER, YEAR, Dates
from twin.draws import Lasting
from twin.setting import Setting
from twin.world import Drug

PARTS = (
    "project_review", "ethics_review", "contract_review", "opening", "phase_1", "phase_2", "phase_3", "preparation", "answers",
)  # fmt: skip
STEPS = ("preclinical", "phase_1", "phase_2", "phase_3", "review")
REVIEWS = {"project": "project_review", "ethics": "ethics_review", "contract": "contract_review"}
EXPANSION = "preapproval.indication_expansion"
CALENDAR_DAYS = {"days": 1.0, "working_days": 1.4, "months": MONTH}


def brought(world: World) -> World:
    """The world with the drugs that its projects become; a world of given drugs as it is."""
    if world.projects is None:
        return world
    approvals = Pipeline(world).run()
    which = np.array([i for i, t in approvals.items() if 0 <= t < world.horizon], int)
    return replace(world, drugs=world.projects.take(which, np.array([approvals[i] for i in which], float)))


@dataclass(eq=False)
class Trial:
    """A project that has applied."""

    project: Drug
    filed: float
    permitted: float
    took: float  # start-up
    target: float


class Pipeline:
    """Every project of a world, in the pipeline's own calendar."""

    def __init__(self, world: World) -> None:
        self.p, self.on = world.p.preapproval, world.p.stages.preapproval
        cohort = world.scenario.cohort.pipeline
        assert cohort is not None and world.projects is not None
        self.lead = cohort.lead
        calendar = cohort.calendar(world.calendar, world.p.clocks.rolling)
        own = Setting.of(replace(world, drugs=world.projects))
        self.rules, self.draws, self.projects = own.rules, own.draws, own.drugs
        self.dates, self.clock = Dates(calendar), Clock(world.horizon + self.lead)
        self.parts = {name: Lasting(getattr(self.p, name)) for name in PARTS}
        self.held = 0  # places of the early service
        self.approved: dict[int, float] = {}

    def run(self) -> dict[int, float]:
        """Days of approval (of the run) by the project's place in the world."""
        trials = [t for t in map(self._apply, self.projects) if t is not None]
        for t in {x.target for x in trials if x.target < NEVER}:
            self._to_target([x for x in trials if x.target == t], t)
        for trial in trials:
            self.clock.process(self._live(trial))
        if trials:
            self.clock.run()
        return self.approved

    # ---- what is asked all the time

    def others(self, lever: str, d: Drug, t: float) -> Any:
        """The value of a lever that binds others, about a project at a time of the pipeline's calendar."""
        return self.rules.others(lever, d, t - self.lead)

    def after(self, t: float, part: str, d: Drug, factor: float = 1.0) -> float:
        """The moment at which a part begun at t is done."""
        own = self.parts[part]
        x = own.at(self.draws.uniform(q.Q_TRIAL, PARTS.index(part), 0, d.id))
        return self.dates.add(t, x * factor, own.unit)

    def amount(self, lever: str, key: str, d: Drug, t: float) -> float:
        """The greatest number under a key of a schedule, 0 if there is none or its addressee does not obey."""
        if self.others(lever, d, t) is None:
            return 0.0
        return max(dict(r.value).get(key, 0.0) for r in self.rules.in_force(lever, d, t - self.lead))

    def goes_on(self, step: str, d: Drug, t: float) -> bool:
        """Does the project go on at a step, with the money promised at t?"""
        p, part = self.p, 0.0
        if step in p.cost:
            cost, share = p.cost[step], self.amount("preapproval.grants", "share_of_cost", d, t) or 1.0
            part = min(share * cost, self.amount("preapproval.grants", step, d, t)) / cost
        kind = "improved" if CLASSES[d.klass] == "other" else "class_1"
        part += self.amount("preapproval.awards", kind, d, t) / math.fsum(p.cost.values())
        chance = min(1.0, p.go_on[step] * (1.0 + p.money_elasticity * part))  # type: ignore[index]
        return self.draws.uniform(q.Q_GO_ON, STEPS.index(step), 0, d.id) < chance

    # ---- the way

    def _apply(self, d: Drug) -> Trial | None:
        filed = self.dates.roll(d.approval + self.lead)
        if not self.on:
            self.approved[d.index] = filed - self.lead
            return None
        if filed >= self.clock.horizon or not self.goes_on("preclinical", d, filed):
            return None
        permitted = self.dates.deadline(filed, (self.p.trial_review, "working_days"))
        if self.others("preapproval.trial_approval_limit", d, filed) is not None:
            rules = self.rules.in_force("preapproval.trial_approval_limit", d, filed - self.lead)
            permitted = min(permitted, *(self.dates.deadline(filed, r.value) for r in rules))
        took = self._opens(d, filed, permitted) - permitted
        return Trial(d, filed, permitted, took, self._target(d, filed))

    def _opens(self, d: Drug, filed: float, permitted: float) -> float:
        """The first patient, before any target for the whole."""
        recognised = self.others("preapproval.ethics_mutual_recognition", d, filed)
        factor = {"ethics": self.p.ethics_factor.get(recognised, 1.0)}
        parallel = self.others("preapproval.parallel_review", d, filed) or frozenset()
        t = permitted
        for word, part in REVIEWS.items():
            if word in parallel:
                t = max(t, self.after(filed, part, d, factor.get(word, 1.0)))
        for word, part in REVIEWS.items():
            if word not in parallel:
                t = self.after(t, part, d, factor.get(word, 1.0))
        return self.after(t, "opening", d)

    def _target(self, d: Drug, filed: float) -> float:
        lever = "preapproval.trial_startup_limit"
        if self.others(lever, d, filed) is None:
            return NEVER
        limits = [r.value for r in self.rules.in_force(lever, d, filed - self.lead)]
        return min(number * CALENDAR_DAYS[unit] for number, unit in limits)

    def _to_target(self, trials: list[Trial], target: float) -> None:
        # SEMANTICS: a start-up that never ends (past the calendar) is not in the mean
        if self.p.startup_counts == "every":
            for trial in trials:
                trial.took = min(trial.took, target)
            return
        known = [t.took for t in trials if t.took < NEVER]
        mean = math.fsum(known) / len(known) if known else 0.0
        if mean > target:
            for trial in trials:
                trial.took *= target / mean

    def _live(self, trial: Trial) -> Process:
        """From the first patient to the decision."""
        d = trial.project
        t = self.dates.up(trial.permitted + trial.took)
        for phase in ("phase_1", "phase_2", "phase_3"):
            yield self.clock.at(t, Phase.FINISH)
            if not self.goes_on(phase, d, t):
                return
            t = self.dates.up(self.after(t, phase, d))
        yield self.clock.at(t, Phase.JOIN, d.id / 2**32)
        service = self.others("preapproval.early_service", d, t)
        served = service is not None and self.held < self._places(d, t)
        self.held += served
        submitted, decision = self._marketing(d, t, self.p.service_factor.get(service, 1.0) if served else 1.0)
        yield self.clock.at(decision, Phase.FINISH)
        self.held -= served
        if self.goes_on("review", d, submitted):
            self.approved[d.index] = decision - self.lead

    def _marketing(self, d: Drug, t: float, factor: float) -> tuple[float, float]:
        """(when the firm asks for approval, when the agency decides), trials being over at t."""
        submitted = self.dates.roll(self.after(t, "preparation", d, factor))
        first = self.draws.uniform(q.Q_PRIORITY, 0, 0, d.id) < self.p.priority_share
        review = self.p.priority_review if first else self.p.marketing_review
        due = self.dates.deadline(submitted, (review, "working_days"))
        return submitted, self.dates.roll(self.after(due, "answers", d))

    def _places(self, d: Drug, t: float) -> float:
        stated = self.others("preapproval.early_service_slots", d, t)
        return self.p.service_places if stated is None else stated


def later_indications(setting: Setting, drug: Drug) -> tuple[float, ...]:
    """Dates of a drug's later indications, three at most; never for those that do not come."""
    if not setting.stages.preapproval:
        return (NEVER,) * 3
    p = setting.p.preapproval
    found: list[float] = []
    need, t = setting.draws.exponential(q.Q_INDICATION, 0, 0, drug.id), drug.approval
    edges = _edges(setting, drug)
    for a, b in zip(edges[:-1], edges[1:], strict=True):
        helped = setting.rules.others(EXPANSION, drug, a) is not None
        rate = p.indications_per_year / YEAR * (p.indication_factor if helped else 1.0)
        t = max(t, a)
        while len(found) < 3 and t < b and rate > 0 and need <= rate * (b - t):
            t += need / rate
            found.append(setting.dates.up(t))
            need = setting.draws.exponential(q.Q_INDICATION, len(found), 0, drug.id)
        need -= rate * max(0.0, b - t)
    return (*found, *(NEVER,) * (3 - len(found)))


def _edges(setting: Setting, drug: Drug) -> list[float]:
    """Moments between which the rate of new indications stays as it is, from approval to the horizon."""
    edges = [drug.approval, setting.horizon]
    for rule in setting.rules.by_lever.get(EXPANSION, ()):
        edges += [max(rule.start, rule.drug_since(drug)), rule.stop]
    return sorted(min(max(t, drug.approval), setting.horizon) for t in edges)
