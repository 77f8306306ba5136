"""Decision: what a committee says about a drug, and why.

Follows `docs/semantics-committee.md`, section 6. A drug's log-odds of passing are a sum: merits, duties and
targets, less the barriers that weigh on it, plus two draws (of the pair, and of this hearing).
Above 0 it passes, just below it is deferred, further below it is refused; the term that weighed
most against it is the reason, and decides when it may come again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from simlib.core import streams as q
from simlib.policy.levers import BARRIERS
from simlib.world.parameters import Fixed
from twin.budgets import Budgets
from twin.dates import NEVER
from twin.pair import Pair
from twin.practice import Practices
from twin.setting import Setting


class Verdict(Enum):
    """What a committee says about a request."""

    PASS = "pass"
    DEFER = "defer"
    REFUSE = "refuse"


@dataclass
class BarrierCount:
    """Hearings at which a barrier weighed, and at which it alone kept the drug from passing."""

    active: int = 0
    decisive: int = 0

    def note(self, decisive: bool) -> None:
        """Count one hearing."""
        self.active += 1
        self.decisive += decisive


class Decision:
    """How committees decide; one for all hospitals."""

    def __init__(self, setting: Setting, budgets: Budgets, practices: Practices) -> None:
        self.setting, self.budgets, self.practices = setting, budgets, practices
        self.p, self.rules, self.draws, self.dates = setting.p, setting.rules, setting.draws, setting.dates
        self.counts = {name: BarrierCount() for name in BARRIERS}

    def decide(self, pair: Pair, m: float) -> tuple[Verdict, str | None]:
        """The verdict at m, and the barrier that is the reason of a refusal (None: another reason)."""
        if self.p.decision.fixed is not None:
            return self._by_fixed_odds(pair, self.p.decision.fixed), None
        merits = self._merits(pair)
        barriers = self._barriers(pair, m)
        y = self._log_odds(pair, m, merits, barriers)
        for name, beta in barriers.items():
            self.counts[name].note(decisive=y <= 0 < y + beta)
        if y > 0:
            return Verdict.PASS, None
        if y > -self._width_of_deferral(pair, m):
            return Verdict.DEFER, None
        return Verdict.REFUSE, reason(merits, barriers)

    def _by_fixed_odds(self, pair: Pair, fixed: Fixed) -> Verdict:
        u = pair.uniform(q.Q_FIXED_DECISION, pair.hearings)
        if u < fixed.pass_:
            return Verdict.PASS
        return Verdict.DEFER if u < fixed.pass_ + fixed.defer else Verdict.REFUSE

    # ---- the sum

    def _merits(self, pair: Pair) -> list[float]:
        """What speaks for or against the drug itself: readiness to admit, value, relevance here, price."""
        d, drug = self.p.decision, pair.drug
        return [
            d.b0.of(pair.hospital.level),
            d.b_value * drug.value,
            d.b_relevance * pair.relevance,
            -(d.b_price * drug.price),
        ]

    def _log_odds(self, pair: Pair, m: float, merits: list[float], barriers: dict[str, float]) -> float:
        """The sum, its terms one after the other in the page's order, and the two draws."""
        d = self.p.decision
        x = merits[0] + merits[1] + merits[2] + d.b_catalogue * (pair.drug.entered <= m) + merits[3]
        for weight in self._duties(pair, m):
            x += weight
        for beta in barriers.values():
            x -= beta
        for weight in self.practices.of(pair.hospital, pair.drug).weights(m):
            x += weight
        return (
            x
            + d.spread * math.sqrt(d.rho) * pair.normal(q.Q_ETA)
            + d.spread * math.sqrt(1 - d.rho) * pair.normal(q.Q_EPSILON, pair.hearings)
        )

    def _duties(self, pair: Pair, m: float) -> list[float]:
        """What duties, targets and use so far add to the log-odds, in the page's order.

        SEMANTICS: each is added by itself, b_duty and b_duty_all_due too.
        """
        d, rules, h, drug = self.p.decision, self.rules, pair.hospital, pair.drug
        weights = []
        if pair.obeys("committee.duty_to_stock", m):
            weights.append(d.b_duty)
            if rules.value("committee.duty_to_stock", drug, m, h) != "as_needed":
                weights.append(d.b_duty_all_due)
        if drug.entered <= m and pair.obeys("committee.provision_target", m) and not self._by_pharmacy(pair, m):
            weights.append(d.b_target)
        if pair.in_use:
            weights.append(d.b_temporary)
        # SEMANTICS: only the guideline rules that are in force at m and started guideline_delay days ago count.
        if rules.others("committee.local_guideline", drug, m, h, delay=self.p.committee.guideline_delay):
            weights.append(self.p.committee.guideline_weight)
        return weights

    def _by_pharmacy(self, pair: Pair, m: float) -> bool:
        """Do pharmacies give the drug to the hospital's patients at m, so that a target of provision is kept?"""
        practice = self.practices.of(pair.hospital, pair.drug)
        return m >= practice.designated and practice.by_pharmacy(practice.months.of(m)) > 0

    def _width_of_deferral(self, pair: Pair, m: float) -> float:
        delta = self.p.decision.delta
        if pair.obeys("committee.standard_procedure", m):
            delta *= self.p.committee.standard_procedure_defer_factor
        return delta

    # ---- barriers

    def _barriers(self, pair: Pair, m: float) -> dict[str, float]:
        """The barriers that weigh on this hearing, with their weights, in the order of BARRIERS.

        SEMANTICS: "active" in the counts means that: active, not exempt, and not removed here.
        """
        weights, h, drug = {}, pair.hospital, pair.drug
        for name in BARRIERS:
            if name == "formulary_size" or not self._active(name, pair, m):  # that one is room, not log-odds
                continue
            if not self.rules.exempt(name, h, drug, m) and not self.rules.removed(name, h, drug, m):
                weights[name] = getattr(self.p.barriers, name)
        return weights

    def _active(self, name: str, pair: Pair, m: float) -> bool:
        """Is there such a ground of refusal at the hospital, whatever rules say about it?"""
        b, drug = self.p.barriers, pair.drug
        match name:
            case "drug_share":
                return drug.dear and self._of_hospital(pair, q.Q_OVER_DRUG_SHARE) < b.over_target
            case "cost_per_visit":
                return drug.dear and self._of_hospital(pair, q.Q_OVER_COST) < b.over_target
            case "self_pay_ratio" | "nrdl_membership":
                return not drug.entered <= m  # a drug of the commercial catalogue is outside only by a rule
            case "two_specifications":
                return drug.two_specifications
            case "performance_monitoring":
                return self._of_hospital(pair, q.Q_MONITORED) < b.monitored_hospitals
        return self._tight(pair, m)

    def _tight(self, pair: Pair, m: float) -> bool:
        """Is the budget short, by the accounts or, where nobody keeps them, late in a year that is drawn?"""
        b = self.p.barriers
        if self.setting.stages.payment:
            return self.budgets.tight(pair.hospital, m)
        late = self.dates.month(m) >= b.tight_from_month
        return late and self._of_hospital(pair, q.Q_TIGHT_BUDGET, self.dates.year(m)) < b.tight_budgets

    def _of_hospital(self, pair: Pair, quantity: int, attempt: int = 0) -> float:
        return self.draws.uniform(quantity, attempt, pair.hospital.id, 0)

    # ---- after a refusal

    def lock_out_ends(self, pair: Pair, m: float, barrier: str | None) -> float:
        """When a pair refused at m may ask again: after some months, or when the reason is gone."""
        d, drug = self.p.decision, pair.drug
        if d.fixed is not None and pair.uniform(q.Q_RETURN, pair.hearings - 1) >= d.fixed.return_:
            return NEVER
        ends = [self.dates.months(m, d.lock_out_months)]
        if drug.entered > m:
            ends.append(drug.entered)
        ends += [t for t in drug.indications if t > m]
        if barrier is not None:
            ends.append(self._lifted(pair, m, barrier))
        return min(ends)

    def _lifted(self, pair: Pair, m: float, barrier: str) -> float:
        """The first moment after m at which a rule takes the barrier away.

        SEMANTICS: "starts of rules" are those of any rule, oversight too; "by rule" leaves out what the barrier's own
        activity says (a self-pay ratio is not lifted by the commercial catalogue alone).
        """
        drug, h, rules = pair.drug, pair.hospital, self.rules
        moments = {*rules.starts, drug.entered, drug.commercial, drug.list_entry}
        for t in sorted(t for t in moments if m < t < NEVER):
            if rules.exempt(barrier, h, drug, t) or rules.removed(barrier, h, drug, t):
                return t
        return NEVER


def reason(merits: list[float], barriers: dict[str, float]) -> str | None:
    """The barrier with the most negative term, if none of the merits is as negative: merits come first of equals."""
    worst, name = min(0.0, *merits), None
    for barrier, beta in barriers.items():
        if -beta < worst:
            worst, name = -beta, barrier
    return name
