"""All rules of a world: which are in force at a date, and who does as told.

Follows `docs/semantics.md`, sections 0.4 to 0.8. Every later part asks here, in
one of three ways: `value` (what is in force, obeyed or not), `others` (what platform, insurer, firm
or city do), and `obeys` (what a hospital does). Whether an addressee obeys is drawn once for a
lever and kept.

A comment `SEMANTICS:`, here and in all other files, marks a place where the page leaves a choice.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import Any

from simlib.core.streams import Q_OBEY, Q_OTHER_OBEY, Q_OWN
from simlib.policy.levers import LEVERS
from simlib.scenario.world import STATIC_SCOPES, World, logit, rule_id
from twin.dates import NEVER, Dates
from twin.draws import Draws
from twin.rule import Rule, bind, most_favourable, strongest
from twin.world import Drug, Hospital, Province

named = functools.cache(rule_id)

OVERSIGHT = (  # lever, parameter; in the order in which the page sums them
    ("oversight.guided_hospitals", "guided"),
    ("oversight.in_provider_agreement", "agreement"),
    ("oversight.in_performance_assessment", "performance_assessment"),
    ("oversight.in_insurer_assessment", "insurer_assessment"),
    ("oversight.money_at_stake", "money_at_stake"),
    ("oversight.monitoring", ""),  # ledger or circulated
    ("oversight.internal_audit_support", "internal_audit"),
)
REMOVERS = ("committee.barriers_removed", "use.barriers_removed", "committee.caps_lifted")
EXEMPTIONS = {  # barrier: words of payment.indicator_exclusions that switch it off
    "self_pay_ratio": {"self_pay_ratio"},
    "cost_per_visit": {"drug_cost_per_capita", "medical_cost_per_capita"},
}


@dataclass
class Rules:
    """All rules of the world: what is in force, and who does as told."""

    world: World
    draws: Draws
    by_lever: dict[str, list[Rule]] = field(default_factory=dict)
    _hospital_draw: dict[tuple[str, int], float] = field(default_factory=dict)
    _own: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        static = {s: self.world.static_since(s).tolist() for s in STATIC_SCOPES}
        for timed in self.world.rules:
            self.by_lever.setdefault(timed.rule.lever, []).append(bind(timed, static, self.world))
        self.starts = sorted({r.start for r in self.world.rules if math.isfinite(r.start)})

    def in_force(
        self, lever: str, drug: Drug, t: float, hospital: Hospital | None = None, deciding: bool = False
    ) -> list[Rule]:
        """The rules of a lever that are in force; where a hospital is concerned, those that nothing relieves it of."""
        rules = [r for r in self.by_lever.get(lever, ()) if r.holds(drug, t, hospital, deciding)]
        if hospital is None:
            return rules
        return [r for r in rules if not (r.relief and self.keeps(r.relief, hospital, drug, t))]

    def kept(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> list[Rule]:
        """The rules of a lever that the hospital follows about the drug at t: all in force if it complies, else practice."""
        rules = self.in_force(lever, drug, t, hospital)
        if self._follows(lever, rules, hospital, drug, t):
            return rules
        return [r for r in rules if r.practice]

    def keeps(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Does the hospital comply with a lever by which another rule is kept too ("or" of a policy file)?

        SEMANTICS: what relieves counts as if nothing relieved of it. The draw is that of the lever's own name, for
        levers that remove barriers too; a rule that says no, none or 0 is nothing that one could keep.
        """
        rules = [r for r in self.by_lever.get(lever, ()) if r.holds(drug, t, hospital)]
        return self._follows(lever, rules, hospital, drug, t)

    def value(self, lever: str, drug: Drug, t: float, hospital: Hospital | None = None) -> Any:
        """The most favourable value in force, obeyed or not; None if there is none."""
        rules = self.in_force(lever, drug, t, hospital)
        return most_favourable(lever, rules) if rules else None

    # ---- platform, insurer, firm, city

    def others(
        self,
        lever: str,
        drug: Drug,
        t: float,
        hospital: Hospital | None = None,
        delay: float = 0.0,
        deciding: bool = False,
        province: Province | None = None,
    ) -> Any:
        """The most favourable value in force, if the addressee obeys; else None ("none" and false are None too).

        province: the platform that is asked is that of a province, which obeys or not by itself.

        SEMANTICS: where a hospital is concerned (awareness, hearings), its scope counts here as well.
        """
        rules = [r for r in self.in_force(lever, drug, t, hospital, deciding) if r.start + delay <= t]
        if not rules:
            return None
        obeyed = LEVERS[lever].binds == "world" or self.other_obeys(lever, drug, rules, province)
        return most_favourable(lever, rules) if obeyed else None

    def other_obeys(self, lever: str, drug: Drug, rules: list[Rule], province: Province | None = None) -> bool:
        """Does the addressee of these rules obey them about this drug?"""
        return self.would_obey(lever, drug, strongest(rules), province)

    def would_obey(self, lever: str, drug: Drug, strength: str, province: Province | None = None) -> bool:
        """Does the addressee of a lever obey a rule of this strength about the drug?"""
        p = self.world.p.obedience
        base = p.other_must if strength == "must" else getattr(p, strength)
        place = province.id if province and LEVERS[lever].binds == "platform" else 0
        return self.draws.uniform(Q_OTHER_OBEY, named(lever), place, drug.id) < base

    # ---- hospitals

    def complies(self, name: str, strength: str, hospital: Hospital, drug: Drug | None, t: float) -> bool:
        """Does the hospital do what the rule of this name says about the drug at t?"""
        degree, ordered = self.world.scenario.obedience, strength in ("must", "declared")
        if degree in ("none", 0.0):
            return False
        if degree == "hoped" or (degree in ("full", 1.0) and ordered):
            return True
        p = self.world.p.obedience
        key = (name, hospital.index)
        if key not in self._hospital_draw:
            if hospital.index not in self._own:
                self._own[hospital.index] = p.own_sd * self.draws.normal(Q_OWN, 0, hospital.id, 0)
            u = self.draws.uniform(Q_OBEY, named(name), hospital.id, 0)
            self._hospital_draw[key] = logit(u) - self._own[hospital.index]
        return self._hospital_draw[key] < self._base(strength) + self._shifts(hospital, drug, t)

    def _base(self, strength: str) -> float:
        """Log-odds that a hospital of average will obeys these words without oversight."""
        p, share = self.world.p.obedience, self.world.scenario.obedience
        assumed = logit(getattr(p, strength))
        if isinstance(share, str) or share == 1.0:
            return assumed
        if strength == "must":
            return logit(share)
        move = logit(share) - logit(p.must)
        if math.isinf(assumed) or math.isinf(move):
            return assumed
        return assumed + move if strength == "declared" or move < 0 else assumed

    def _shifts(self, hospital: Hospital, drug: Drug | None, t: float) -> float:
        """What oversight adds to the log-odds of obeying; for rules about no drug only what is about all drugs."""
        total = 0.0
        for lever, parameter in OVERSIGHT:
            if drug is not None:
                rules = self.in_force(lever, drug, t, hospital)
            else:
                rules = [r for r in self.by_lever.get(lever, ()) if r.is_about_all(t, hospital)]
            if rules:
                total += self._shift(lever, parameter, most_favourable(lever, rules), hospital)
        return total

    def _shift(self, lever: str, parameter: str, value: Any, hospital: Hospital) -> float:
        p = self.world.p.obedience
        if not value:
            return 0.0
        if lever == "oversight.guided_hospitals":
            return p.guided if hospital.owner in value else 0.0
        if lever == "oversight.monitoring":
            # SEMANTICS: "the better value" is the better word (circulated above ledger), not the larger number.
            return getattr(p, value)
        return getattr(p, parameter)

    def obeys(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Is a rule of the lever in force at the hospital, and does the hospital obey?"""
        return self._follows(lever, self.in_force(lever, drug, t, hospital), hospital, drug, t)

    def _follows(self, lever: str, rules: list[Rule], hospital: Hospital, drug: Drug, t: float) -> bool:
        if not rules or not most_favourable(lever, rules):
            return False
        return self.complies(lever, strongest(rules), hospital, drug, t)

    def first_moment(self, lever: str, hospital: Hospital, drug: Drug, t: float) -> float:
        """The first moment from t on at which a rule of the lever reaches the drug at the hospital.

        SEMANTICS: a rule that is not in force on its own first moment, because something relieves of it or a later rule
        stands in for it, is not tried again.
        """
        rules = [r for r in self.by_lever.get(lever, ()) if r.hospitals[hospital.index]]
        moments = ((r, r.from_(drug, t)) for r in rules)
        return min((e for r, e in moments if e < NEVER and r in self.in_force(lever, drug, e, hospital)), default=NEVER)

    def least_deadline(self, lever: str, hospital: Hospital, drug: Drug, t: float, clock: float, dates: Dates) -> float:
        """The earliest deadline, with this clock, of the limits of a lever in force at t."""
        return min(dates.deadline(clock, r.value) for r in self.in_force(lever, drug, t, hospital))

    # ---- barriers

    def removed(self, barrier: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Is the barrier no ground of refusal here any more?"""
        naming = []
        for lever in REMOVERS:
            for rule in self.in_force(lever, drug, t, hospital):
                if barrier in rule.value:
                    if lever == "committee.caps_lifted" and rule.strength == "must":
                        return True  # abolished for all, obedient or not
                    naming.append(rule)
        return bool(naming) and self.complies(f"barrier.{barrier}", strongest(naming), hospital, drug, t)

    def exempt(self, barrier: str, hospital: Hospital, drug: Drug, t: float) -> bool:
        """Is the barrier switched off by a payment rule?

        SEMANTICS: the words of `indicator_exclusions` are united over its rules in force, and obeyed or not as one
        lever with the strongest strength of all of them (not only of those that name the word).
        """
        if barrier == "total_budget":
            return bool(self.others("payment.total_budget_exempt", drug, t, hospital))
        if barrier in EXEMPTIONS:
            words = self.others("payment.indicator_exclusions", drug, t, hospital)
            return bool(words and words & EXEMPTIONS[barrier])
        return False
