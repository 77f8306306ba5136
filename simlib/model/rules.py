"""Which rule holds for which drug at which time, and whether its addressee obeys.

Hospitals' rules are packed into flat records for the compiled day step (`pack_rules`); everybody else's are looked
up for all drugs at once (`Others`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simlib.core.streams import Q_OTHER_OBEY, uniforms
from simlib.core.workdays import UNITS
from simlib.model.addressees import Others
from simlib.policy.levers import BARRIERS
from simlib.scenario.world import TimedRule, World, logit, rule_id
from simlib.world.region import OWNERS

# Keys of hospitals' rules in the packed records; barriers follow in the order of BARRIERS.
(
    K_DUTY_LISTING,
    K_DUTY_CATALOGUE,
    K_DUTY_LIST,
    K_ENTER,
    K_STANDARD,
    K_DIRECT,
    K_STOCK,
    K_TARGET,
    K_TEMPORARY,
    K_PURCHASE,
    K_CLOCK,
    K_MINIMUM,
    K_EX_BUDGET,
    K_EX_SELF_PAY,
    K_EX_COST,
    K_GUIDE,
) = range(16)
K_BARRIER = 16
FORMULARY_SIZE = 7  # place in BARRIERS
# Keys of stages 9 to 11, behind those of the barriers. Rules of practice hold without obeying there.
(
    K_LEVELS,
    K_COVERAGE,
    K_PRESCRIBE,
    K_TRAINING,
    K_EVIDENCE,
    K_EVALUATION,
    K_STUDY,
    K_REFORM,
    K_CONTRACT,
    K_FASTER,
) = range(K_BARRIER + len(BARRIERS), K_BARRIER + len(BARRIERS) + 10)
_LATE_KEYS = {
    "dual_channel.hospital_levels": K_LEVELS,
    "dual_channel.hospital_coverage": K_COVERAGE,
    "dual_channel.duty_to_prescribe": K_PRESCRIBE,
    "use.training": K_TRAINING,
    "use.evidence_generation": K_EVIDENCE,
    "use.clinical_evaluation": K_EVALUATION,
    "use.post_market_studies": K_STUDY,
    "barrier.payment_reform": K_REFORM,  # a word of use.barriers_removed
    "settlement.hospital_pays_on_contract": K_CONTRACT,
    "settlement.faster": K_FASTER,
}


RULE = np.dtype(
    [("start", "f8"), ("stop", "f8"), ("logit", "f8"), ("p", "f8"), ("value", "f8"), ("unit", "i4"), ("universal", "i4"),
     ("drugs", "i4"), ("hospitals", "i4"), ("relief", "i4"), ("later", "i4"), ("later_end", "i4")]
)  # fmt: skip
SHIFT = np.dtype([("start", "f8"), ("stop", "f8"), ("shift", "f8"), ("kind", "i4"), ("drugs", "i4"), ("hospitals", "i4"),
                  ("everything", "i4"), ("rank", "i4"), ("later", "i4"), ("later_end", "i4")])  # fmt: skip
LATER = np.dtype([("start", "f8"), ("stop", "f8"), ("drugs", "i4"), ("hospitals", "i4"), ("everything", "i4")])

_KEYS = {
    "committee.duty.listing": K_DUTY_LISTING,
    "committee.duty.catalogue": K_DUTY_CATALOGUE,
    "committee.duty.application_list": K_DUTY_LIST,
    "committee.enter_on_approval": K_ENTER,
    "committee.standard_procedure": K_STANDARD,
    "committee.direct_inclusion": K_DIRECT,
    "committee.duty_to_stock": K_STOCK,
    "committee.provision_target": K_TARGET,
    "committee.temporary_channel": K_TEMPORARY,
    "procurement.purchase_within": K_PURCHASE,
    "procurement.purchase_clock_from": K_CLOCK,
    "committee.min_meetings_per_year": K_MINIMUM,
    "payment.total_budget_exempt": K_EX_BUDGET,
    "committee.local_guideline": K_GUIDE,
}
_SETS = ("committee.barriers_removed", "use.barriers_removed", "committee.caps_lifted")
_OTHERS = {
    K_EX_BUDGET: "payment.total_budget_exempt",
    K_EX_SELF_PAY: "payment.indicator_exclusions",
    K_EX_COST: "payment.indicator_exclusions",
    K_GUIDE: "committee.local_guideline",
}
N_KEYS = K_BARRIER + len(BARRIERS) + len(_LATE_KEYS)
HOSPITAL_KEYS = tuple(
    rule_id(n)
    for n in (
        *("committee.duty." + t for t in ("listing", "catalogue", "application_list")),
        "committee.enter_on_approval", "committee.standard_procedure", "committee.direct_inclusion",
        "committee.duty_to_stock", "committee.provision_target", "committee.temporary_channel",
        "procurement.purchase_within", "procurement.purchase_clock_from", "committee.min_meetings_per_year",
        "unused.0", "unused.1", "unused.2", "unused.3", *("barrier." + b for b in BARRIERS), *_LATE_KEYS,
    )
)  # fmt: skip

# order of the shifts in a sum, and the assumption each takes
SHIFTS = {
    "oversight.guided_hospitals": "guided",
    "oversight.in_provider_agreement": "agreement",
    "oversight.in_performance_assessment": "performance_assessment",
    "oversight.in_insurer_assessment": "insurer_assessment",
    "oversight.money_at_stake": "money_at_stake",
    "oversight.monitoring": "monitoring",
    "oversight.internal_audit_support": "internal_audit",
}


@dataclass(frozen=True)
class Packed:
    """Hospitals' rules as flat arrays.

    rules: RULE, sorted by key; first[k] .. first[k+1] are those of key k; `relief` is the key whose keeping lets a rule
    rest ("or" of the file), -1 for none. shifts: SHIFT, sorted by kind. later: LATER, rules that replace others where they
    reach: for each rule and shift those from its `later` to its `later_end`.
    since: float64 (sets, D). hospitals: bool (sets, H). u: float64 (D, 16), the other addressees' draws by key.
    """

    rules: np.ndarray
    first: np.ndarray
    shifts: np.ndarray
    later: np.ndarray
    since: np.ndarray
    hospitals: np.ndarray
    u: np.ndarray


def _keys_of(rule: TimedRule) -> list[int]:
    """The keys under which a rule is read; one for each barrier of a set."""
    lever, value = rule.rule.lever, rule.rule.value
    if lever in _SETS:
        reform = [K_REFORM] if "payment_reform" in value else []
        return [K_BARRIER + BARRIERS.index(b) for b in sorted(value) if b in BARRIERS] + reform
    if lever == "payment.indicator_exclusions":
        return [K_EX_SELF_PAY, K_EX_COST]  # both, for the strength of the lever; `_number` tells which it names
    if lever in _LATE_KEYS:
        return [_LATE_KEYS[lever]]
    return [_KEYS[lever]] if lever in _KEYS else []


_NAMES = {K_EX_SELF_PAY: {"self_pay_ratio"}, K_EX_COST: {"drug_cost_per_capita", "medical_cost_per_capita"}}


def _number(rule: TimedRule, key: int) -> tuple[float, int]:
    """(value, unit) of a rule as numbers; for a set, whether it names what the key stands for."""
    value = rule.rule.value
    if key in _NAMES:
        return float(bool(value & _NAMES[key])), 0
    definition = rule.rule.definition
    if definition.kind == "limit":
        return float(value[0]), UNITS[value[1]]
    if definition.kind == "choice":
        return float(definition.allowed.index(value)), 0
    return (float(len(value)), 0) if isinstance(value, frozenset) else (float(value), 0)


@dataclass
class _Sets:
    """Scopes of drugs and of hospitals, each kept once and named by its place."""

    others: Others
    since: dict[tuple, np.ndarray] = field(default_factory=dict)
    masks: dict[bytes, np.ndarray] = field(default_factory=dict)
    later: list[tuple] = field(default_factory=list)

    def drugs(self, rule: TimedRule) -> int:
        if rule.rule.drugs not in self.since:
            self.since[rule.rule.drugs] = self.others.scope(rule)
        return list(self.since).index(rule.rule.drugs)

    def hospitals(self, mask: np.ndarray) -> int:
        key = mask.tobytes()
        self.masks.setdefault(key, mask)
        return list(self.masks).index(key)

    def replacing(self, rule: TimedRule, everything: bool) -> tuple[int, int]:
        """Places in `later` of the rules that replace a rule; everything: also where no drug is concerned, whatever theirs."""
        first = len(self.later)
        for r in rule.replaced:
            about_all = int(everything or r.rule.drugs == ("all",))
            self.later.append((r.start, r.stop, self.drugs(r), self.hospitals(r.hospitals), about_all))
        return first, len(self.later)


def _shift_row(world: World, r: TimedRule, sets: _Sets) -> tuple:
    """One rule of oversight as a SHIFT."""
    lever, value, o = r.rule.lever, r.rule.value, world.p.obedience
    mask, name = r.hospitals, SHIFTS[lever]
    if lever == "oversight.guided_hospitals":
        mask = mask & np.isin(world.hospitals.owner, [OWNERS.index(w) for w in sorted(value)])
    shift = getattr(o, str(value) if name == "monitoring" else name)
    drugs, hospitals = sets.drugs(r), sets.hospitals(mask)
    everything, rank = int(r.rule.drugs == ("all",)), int(value == "circulated")
    later = sets.replacing(r, everything=False)
    return r.start, r.stop, shift, list(SHIFTS).index(lever), drugs, hospitals, everything, rank, *later


def _rule_row(world: World, others: Others, r: TimedRule, key: int, sets: _Sets) -> tuple:
    """One rule under one key as a RULE."""
    number, unit = _number(r, key)
    universal = int(r.rule.lever == "committee.caps_lifted" and r.rule.strength == "must")
    if key >= K_LEVELS:
        universal = int(r.rule.document == "practice")  # done anyway, whether anybody obeys or not
    relief = _KEYS.get(r.rule.relief, -1) if world.p.clocks.either == "either" else -1
    base, p = logit(getattr(world.p.obedience, r.rule.strength)), others.base(r.rule.strength)
    drugs, hospitals = sets.drugs(r), sets.hospitals(r.hospitals)
    later = sets.replacing(r, everything=True)
    return r.start, r.stop, base, p, number, unit, universal, drugs, hospitals, relief, *later


def pack_rules(world: World, others: Others) -> Packed:
    """Everything the compiled steps need to know about rules, for one replication."""
    sets = _Sets(others)
    rows: list[list[tuple]] = [[] for _ in range(N_KEYS)]
    shifts = []
    for r in world.rules:  # a rule whose value is false or "none" is not among them
        if r.rule.lever in SHIFTS:
            shifts.append(_shift_row(world, r, sets))
        for k in _keys_of(r):
            rows[k].append(_rule_row(world, others, r, k, sets))
    flat = [row for group in rows for row in group]
    first = np.cumsum([0, *(len(g) for g in rows)]).astype(np.int32)
    shifts.sort(key=lambda s: s[3])
    n = len(world.drugs)
    u = np.ones((n, K_BARRIER))
    for k, lever in _OTHERS.items():
        u[:, k] = uniforms(world.key, Q_OTHER_OBEY, drugs=world.drugs.ids, attempt=rule_id(lever))
    since, masks = list(sets.since.values()), list(sets.masks.values())
    return Packed(
        np.array(flat, RULE), first, np.array(shifts, SHIFT), np.array(sets.later, LATER), np.array(since).reshape(len(since), n),
        np.array(masks, bool).reshape(len(masks), len(world.hospitals)), u,
    )  # fmt: skip


def sources(world: World) -> list[TimedRule]:
    """The rule behind each packed one, in the order of `Packed.rules`."""
    return [r for k in range(N_KEYS) for r in world.rules if k in _keys_of(r)]


def late_duties(world: World, packed: Packed) -> np.ndarray:
    """Key and start of every duty that begins within the run, each pair of them once, under reading A7 (float64, (2, n))."""
    found: list[tuple[int, float]] = []
    if world.p.clocks.past == "catch_up":
        for k in (K_DUTY_LISTING, K_DUTY_CATALOGUE, K_DUTY_LIST):
            starts = np.unique(packed.rules["start"][packed.first[k] : packed.first[k + 1]])
            found += [(k, t) for t in starts if 0.0 < t < world.horizon]
    return np.array(found, float).reshape(len(found), 2).T.copy()
