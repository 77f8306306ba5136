"""Practice: what one hospital does about one drug, month by month, once patients may have it.

Follows `docs/semantics-dual-channel.md` and `docs/semantics-use.md`, where a hospital decides: does it prescribe to
pharmacies, how fast do its doctors learn, what damps their use, how soon does it pay, and what of
all this weighs in its committee.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from simlib.core import streams as q
from twin.case_payment import CasePayment
from twin.dates import MONTH, NEVER
from twin.months import Months
from twin.payers import Payers
from twin.rule import Rule, most_favourable
from twin.setting import Setting
from twin.world import Drug, Hospital

LEVELS = {"3_only": (3,), "2_and_above": (3, 2), "all": (3, 2, 1)}
CHANNELS = ("e_prescription", "cross_city", "online_settlement", "separate_payment")


@dataclass
class Shelf:
    """From when to when a hospital had the drug: dates known so far, and temporary supply as [from, until)."""

    stock: float
    removed: float
    supplies: list[list[float]]

    def stocked(self, t: float) -> bool:
        """Is it there on a prescription at t?"""
        return self.stock <= t < self.removed


class Chances(NamedTuple):
    """Chances that a trial treats an able patient; `otherwise` is by a way that is no regular stock."""

    stock: float
    otherwise: float
    way: str  # temporary or study, of `otherwise`
    pharmacy: float

    @property
    def hospital(self) -> float:
        """The better one of the two at the hospital."""
        return max(self.stock, self.otherwise)

    @property
    def hospital_way(self) -> str:
        """How a patient who is treated at the hospital gets the drug."""
        return "hospital" if self.stock >= self.otherwise else self.way


class Practices:
    """The practice of every hospital about every drug, each made when it is first asked for."""

    def __init__(self, setting: Setting, months: Months, payers: Payers, case_payment: CasePayment) -> None:
        self.parts = setting, months, payers, case_payment
        self._made: dict[tuple[int, int], Practice] = {}

    def of(self, hospital: Hospital, drug: Drug) -> Practice:
        """What this hospital does about this drug."""
        key = hospital.index, drug.index
        if key not in self._made:
            self._made[key] = Practice(*self.parts, hospital, drug)
        return self._made[key]


class Practice:
    """What one hospital does about one drug, by month."""

    def __init__(
        self,
        setting: Setting,
        months: Months,
        payers: Payers,
        case_payment: CasePayment,
        hospital: Hospital,
        drug: Drug,
    ) -> None:
        self.hospital, self.drug = hospital, drug
        self.months, self.payers, self.case_payment = months, payers, case_payment
        self.p, self.rules, self.draws = setting.p, setting.rules, setting.draws
        self.designated, self.sold = payers.designated(drug), payers.sold(drug)
        self.self_pay = setting.p.dual_channel.self_pay_share.of(hospital.level) if hospital.in_city else 0.0
        self._memo: dict[tuple, Any] = {}

    # ---- rules as the hospital follows them

    def _once(self, what: str, lever: str, j: int, answer: Any) -> Any:
        key = what, lever, self.months.epochs[self.drug.index][j]
        if key not in self._memo:
            self._memo[key] = answer()
        return self._memo[key]

    def follows(self, lever: str, j: int) -> Any:
        """The best value that the hospital follows, by obeying or by practice; None if there is none."""
        if lever not in self.rules.by_lever:
            return None

        def answer() -> Any:
            rules = self.rules.kept(lever, self.hospital, self.drug, self.months.edges[j])
            return most_favourable(lever, rules) if rules else None

        return self._once("follows", lever, j, answer)

    def removed(self, barrier: str, j: int) -> bool:
        """Is a barrier no ground any more at the month's edge?"""
        t = self.months.edges[j]
        return self._once("removed", barrier, j, lambda: self.rules.removed(barrier, self.hospital, self.drug, t))

    def has(self, lever: str, j: int) -> Any:
        """What addressees other than hospitals do."""
        return self.months.others(lever, self.hospital, self.drug, j)

    def exempt(self, j: int) -> bool:
        """Does the drug not count in the total budget?"""
        return bool(self.has("payment.total_budget_exempt", j))

    # ---- 9 Dual channel

    def linked(self, j: int) -> bool:
        """Has the hospital opened the dual channel for the drug?"""
        u = self.draws.uniform(q.Q_LINKED, 0, self.hospital.id, 0)
        levels = LEVELS.get(self.follows("dual_channel.hospital_levels", j), ())
        if not (self.hospital.level in levels or self.p.dual_channel.any_drug):
            return False
        covered = self.follows("dual_channel.hospital_coverage", j) or 0.0
        return u < max(self.p.dual_channel.linked, covered)

    def by_pharmacy(self, j: int) -> float:
        """v of the page: share of patients who may get the drug at a pharmacy, once it is designated."""
        if not self.p.stages.dual_channel:
            return 0.0
        return self._once("v", "", j, lambda: self._by_pharmacy(j))

    def _by_pharmacy(self, j: int) -> float:
        if not self.linked(j):
            return 0.0
        p = self.p.dual_channel
        share = p.share
        # SEMANTICS: added to the share one after the other
        for name in CHANNELS:
            if self.has(f"dual_channel.{name}", j):
                share += p.share_added[name]  # type: ignore[index]
        if self.follows("dual_channel.duty_to_prescribe", j):
            share += p.share_added["duty_to_prescribe"]
        fill = p.fill_assured if self.has("dual_channel.supply_assurance", j) else p.fill
        return fill * min(1.0, share)

    def opened(self, j: int) -> list[float]:
        """Dates from which a pharmacy is open to some patients of the hospital: a self-pay one, one of the dual channel.

        SEMANTICS: a pharmacy that is open to nobody moves nobody.
        """
        dates = [self.sold] if self.self_pay > 0 else []
        return [*dates, self.designated] if self.by_pharmacy(j) > 0 else dates

    def open_to(self, t: float, j: int) -> float:
        """o of the page: share of patients for whom a pharmacy is open at t in month j."""
        share = self.self_pay if t >= self.sold else 0.0
        return max(share, self.by_pharmacy(j)) if t >= self.designated else share

    # ---- 10 Use

    def able(self, j: int) -> float:
        """alpha of the page: share of patients who can pay and would be prescribed the drug."""
        prescribed = self._once("prescribe", "", j, lambda: self._prescribe(j))
        return self.payers.afford(self.hospital, self.drug, j) * prescribed

    def _prescribe(self, j: int) -> float:
        use = self.p.use
        words = max((len(r.value) for r in self._ripe("use.evidence_generation", j)), default=0)
        evaluated = bool(self._ripe("use.clinical_evaluation", j))
        return min(1.0, use.prescribe + use.evidence_added * words + use.evaluation_added * evaluated)

    def _ripe(self, lever: str, j: int) -> list[Rule]:
        """Rules that the hospital follows and that have had the time to bear fruit."""
        if lever not in self.rules.by_lever:
            return []
        t = self.months.edges[j]
        rules = self.rules.kept(lever, self.hospital, self.drug, t)
        return [r for r in rules if r.start + self.p.use.evidence_delay <= t]

    def chances(self, t: float, j: int, shelf: Shelf, used: float) -> Chances:
        """Chances of a trial at t in month j. used: X of the page, part of the hospital's plan that is used."""
        way, otherwise = "temporary", 0.0
        stock = pharmacy = 0.0
        if shelf.stocked(t):
            stock = self._learned(shelf.stock, j) * self._damping(j, used)
        else:
            e = self.months.edges[j]
            if any(begin <= e < end for begin, end in shelf.supplies):
                otherwise = self.p.use.temporary_share
            # SEMANTICS: who could be treated in both ways counts as a temporary user if that chance is no smaller
            if self.p.use.study_share > otherwise and self._studies(j):
                otherwise, way = self.p.use.study_share, "study"
        since = min(self.opened(j), default=NEVER)
        if t >= since:
            pharmacy = self._learned(since, j) * self.payers.damping(self.hospital, self.drug, j)
        return Chances(stock, otherwise, way, pharmacy)

    def _learned(self, since: float, j: int) -> float:
        """r of the page: how far doctors have learned to use a drug that is there since then."""
        use = self.p.use
        months = use.ramp_months * (use.training_factor if self.follows("use.training", j) else 1.0)
        days = max(0.0, self.months.edges[j] - since)
        # SEMANTICS: a ramp of no length is climbed at once, from the first edge after the date on
        gone = days / (MONTH * months) if months > 0 else float(days > 0)
        return min(1.0, use.ramp_start + (1 - use.ramp_start) * gone)

    def _studies(self, j: int) -> bool:
        t, approval, use = self.months.edges[j], self.drug.approval, self.p.use
        if not approval <= t < approval + use.study_months * MONTH:
            return False
        where = self.follows("use.post_market_studies", j)
        leading = self.hospital.level == 3 and self.hospital.owner in ("provincial", "national")
        return where == "any_hospital" or (where == "leading_centres" and leading)

    def _damping(self, j: int, used: float) -> float:
        """damp of the page: damp', the budget, the loss on cases, and the share of drugs in revenue."""
        use, b = self.p.use, self.p.barriers
        factor = self.payers.damping(self.hospital, self.drug, j) * self._budget(j, used) * self._restraint(j)
        over = self.draws.uniform(q.Q_OVER_DRUG_SHARE, 0, self.hospital.id, 0) < b.over_target
        if over and self.drug.dear and not self.removed("drug_share", j):
            factor *= use.drug_share_factor
        return factor

    def _budget(self, j: int, used: float) -> float:
        if not self.p.stages.payment or used <= 0.8 or self.exempt(j) or self.removed("total_budget", j):
            return 1.0
        return min(1.0, max(0.0, (1 - used) / 0.2))

    def _restraint(self, j: int) -> float:
        if self.removed("payment_reform", j):
            return 1.0
        return 1 / (1 + self.p.use.loss_weight * self.case_payment.loss(self.hospital, self.drug, j))

    # ---- 11 Payment: when the firm has its money

    def days(self, j: int) -> float:
        """Days from the sale to the hospital's payment, as of the month's edge."""
        p = self.p.payment
        d = p.days
        if not self.p.stages.payment:
            return d
        if self.has("settlement.prepayment", j):
            d *= p.prepayment_factor
        if self.has("settlement.instant", j):
            d *= p.instant_factor
        if self.follows("settlement.faster", j):
            d *= p.faster_factor
        if self.follows("settlement.hospital_pays_on_contract", j):
            d = min(d, p.contract_days)
        direct = self.has("settlement.direct_by_fund", j)
        if direct:
            rules = self.months.in_force("settlement.direct_by_fund", self.hospital, self.drug, j)
            since = min(r.start for r in rules)
            share = direct * min(1.0, (self.months.edges[j] - since) / 730)
            d = share * min(p.direct_days, d) + (1 - share) * d
        return d

    # ---- 6 Committee

    def weights(self, m: float) -> list[float]:
        """What pharmacy supply, the loss on cases and slow payment add to the log-odds of a hearing at m, in this order."""
        j, p = self.months.of(m), self.p
        found = []
        if m >= min(self.designated, self.sold):
            found.append(-(p.dual_channel.replaces * self.open_to(m, j)))
        if p.stages.payment:
            loss = self.case_payment.loss(self.hospital, self.drug, j)
            found.append(-(p.payment.b_loss * (loss - p.payment.loss_norm)))
            found.append(-(p.payment.b_slow * (self.days(j) - p.payment.days) / 100))
        return found
