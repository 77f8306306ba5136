"""Which rule holds for which drug at which time, and whether its addressee obeys.

Hospitals' rules are packed into flat records for the compiled day step (`pack_rules`); everybody else's are looked
up for all drugs at once (`Others`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from simlib.core.records import Record, f8, flag, i4
from simlib.core.streams import Q_OTHER_OBEY, uniforms
from simlib.core.workdays import INF, UNITS
from simlib.model.addressees import Others
from simlib.policy.flow import LATE
from simlib.policy.levers import BARRIERS, LEVERS, ORDERS
from simlib.scenario.world import TimedRule, World, logit, rule_id
from simlib.world.region import OWNERS

# ---- keys of rules in the packed records, made from the table of levers
#
# A lever whose rules are packed has a key by itself. `KEY` tells a key's place from its name: a lever, "barrier.WORD"
# for each ground that a set of BARRIER_LEVERS may name, or one of EXCLUSIONS. Where a stage reads a lever it says
# `K_OWN = KEY["group.lever"]` once, outside its functions: compiled code takes it as a constant.

BARRIER_LEVERS = ("committee.barriers_removed", "use.barriers_removed", "committee.caps_lifted")
EXCLUSIONS = {  # which words of payment.indicator_exclusions a key stands for
    "exclusion.self_pay": {"self_pay_ratio"},
    "exclusion.cost": {"drug_cost_per_capita", "medical_cost_per_capita"},
}


def _packed(late: bool) -> list[str]:
    levers = (v for v in LEVERS.values() if v.packed and v.name not in BARRIER_LEVERS)
    return [v.name for v in levers if (v.stage in LATE) == late]


def _barriers() -> list[str]:
    """The committee's own grounds in their order, then what only rules about use name."""
    words = (w for name in BARRIER_LEVERS for w in LEVERS[name].allowed)
    return [f"barrier.{w}" for w in dict.fromkeys((*BARRIERS, *words))]


KEY = {name: i for i, name in enumerate([*_packed(False), *EXCLUSIONS, *_barriers(), *_packed(True)])}
N_KEYS = len(KEY)
HOSPITAL_KEYS = tuple(rule_id(name) for name in KEY)  # ids of the draws with which hospitals obey
K_BARRIER = KEY[f"barrier.{BARRIERS[0]}"]  # barriers follow in the order of BARRIERS
K_LATE = K_BARRIER + len(BARRIERS)  # from here on rules of practice hold without obeying
FORMULARY_SIZE = BARRIERS.index("formulary_size")

K_DUTY_LISTING = KEY["committee.duty.listing"]
K_DUTY_CATALOGUE = KEY["committee.duty.catalogue"]
K_DUTY_LIST = KEY["committee.duty.application_list"]
K_ENTER = KEY["committee.enter_on_approval"]
K_STANDARD = KEY["committee.standard_procedure"]
K_DIRECT = KEY["committee.direct_inclusion"]
K_STOCK = KEY["committee.duty_to_stock"]
K_TARGET = KEY["committee.provision_target"]
K_TEMPORARY = KEY["committee.temporary_channel"]
K_PURCHASE = KEY["procurement.purchase_within"]
K_CLOCK = KEY["procurement.purchase_clock_from"]
K_MINIMUM = KEY["committee.min_meetings_per_year"]
K_EX_BUDGET = KEY["payment.total_budget_exempt"]
K_EX_SELF_PAY = KEY["exclusion.self_pay"]
K_EX_COST = KEY["exclusion.cost"]
K_GUIDE = KEY["committee.local_guideline"]
K_LEVELS = KEY["dual_channel.hospital_levels"]
K_COVERAGE = KEY["dual_channel.hospital_coverage"]
K_PRESCRIBE = KEY["dual_channel.duty_to_prescribe"]
K_TRAINING = KEY["use.training"]
K_EVIDENCE = KEY["use.evidence_generation"]
K_EVALUATION = KEY["use.clinical_evaluation"]
K_STUDY = KEY["use.post_market_studies"]
K_REFORM = KEY["barrier.payment_reform"]
K_CONTRACT = KEY["settlement.hospital_pays_on_contract"]
K_FASTER = KEY["settlement.faster"]


class Rule(Record):
    """A rule that hospitals obey, or one under which drugs are taken out of a barrier."""

    start: float = f8("day", "in force from here on")
    stop: float = f8("day", "and until here")
    logit: float = f8(
        "log-odds", "that a hospital without oversight obeys, by the strength of the words; inf: each does"
    )
    p: float = f8("probability", "that an addressee other than a hospital obeys")
    value: float = f8("by lever", "value of the lever as a number")
    unit: int = i4("unit", "of a limit: DAYS, WORKING_DAYS or MONTHS")
    universal: bool = flag("holds whether anybody obeys or not: a cap abolished for all, or a practice")
    drugs: int = i4("place", "scope of drugs, a row of `State.since`")
    hospitals: int = i4("place", "scope of hospitals, a row of `State.where`")
    relief: int = i4("key", "the key whose keeping lets the rule rest; -1: none")
    later: int = i4("place", "the first in `State.later` of those that replace it")
    later_end: int = i4("place", "after the last of them")


class Shift(Record):
    """A rule of oversight: hospitals obey other rules more."""

    start: float = f8("day", "in force from here on")
    stop: float = f8("day", "and until here")
    shift: float = f8("log-odds", "added to obeying")
    kind: int = i4("place", "kind of oversight, in SHIFTS; each kind counts once")
    drugs: int = i4("place", "scope of drugs, a row of `State.since`")
    hospitals: int = i4("place", "scope of hospitals, a row of `State.where`")
    everything: bool = flag("also where no drug is concerned")
    rank: int = i4("1", "of several of a kind, the highest holds")
    later: int = i4("place", "the first in `State.later` of those that replace it")
    later_end: int = i4("place", "after the last of them")


class Later(Record):
    """A rule that replaces another where it reaches."""

    start: float = f8("day", "in force from here on")
    stop: float = f8("day", "and until here")
    drugs: int = i4("place", "scope of drugs, a row of `State.since`")
    hospitals: int = i4("place", "scope of hospitals, a row of `State.where`")
    everything: bool = flag("also where no drug is concerned")


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

    rules: Rule, sorted by key; first[k] .. first[k+1] are those of key k; `relief` is the key whose keeping lets a rule
    rest ("or" of the file), -1 for none. shifts: Shift, sorted by kind. later: Later, rules that replace others where they
    reach: for each rule and shift those from its `later` to its `later_end`.
    since: float64 (sets, D). hospitals: bool (sets, H). u: float64 (D, K_BARRIER), the other addressees' draws by key.
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
    if lever in BARRIER_LEVERS:
        return [KEY[f"barrier.{word}"] for word in sorted(value)]
    if lever == "payment.indicator_exclusions":
        return [KEY[name] for name in EXCLUSIONS]  # all, for the strength of the lever; `_number` tells which it names
    return [KEY[lever]] if lever in KEY else []


def _early(lever: str) -> int:
    """The key of a lever of an early stage, -1 for any other."""
    key = KEY.get(lever, -1)
    return key if key < K_BARRIER else -1


def _draws(key: str) -> str:
    """The lever under whose name an addressee that is no hospital draws for a key; "" where hospitals obey it."""
    if key in EXCLUSIONS:
        return "payment.indicator_exclusions"
    return key if key in LEVERS and LEVERS[key].binds != "hospital" else ""


def _number(rule: TimedRule, key: int) -> tuple[float, int]:
    """(value, unit) of a rule as numbers; for a set, whether it names what the key stands for."""
    value = rule.rule.value
    for name, words in EXCLUSIONS.items():
        if key == KEY[name]:
            return float(bool(value & words)), 0
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
            about_all = everything or r.rule.drugs == ("all",)
            self.later.append((r.start, r.stop, self.drugs(r), self.hospitals(r.hospitals), about_all))
        return first, len(self.later)


def _shift_row(world: World, r: TimedRule, sets: _Sets) -> tuple:
    """One rule of oversight as a Shift."""
    lever, value, o = r.rule.lever, r.rule.value, world.p.obedience
    mask, name = r.hospitals, SHIFTS[lever]
    if lever == "oversight.guided_hospitals":
        mask = mask & np.isin(world.hospitals.owner, [OWNERS.index(w) for w in sorted(value)])
    shift = getattr(o, str(value) if name == "monitoring" else name)
    drugs, hospitals = sets.drugs(r), sets.hospitals(mask)
    everything, rank = r.rule.drugs == ("all",), int(value == "circulated")
    later = sets.replacing(r, everything=False)
    return r.start, r.stop, shift, list(SHIFTS).index(lever), drugs, hospitals, everything, rank, *later


def _rule_row(world: World, others: Others, r: TimedRule, key: int, sets: _Sets) -> tuple:
    """One rule under one key as a Rule."""
    number, unit = _number(r, key)
    universal = r.rule.lever == "committee.caps_lifted" and r.rule.strength == "must"
    if key >= K_LATE:
        universal = r.rule.document == "practice"  # done anyway, whether anybody obeys or not
    relief = _early(r.rule.relief) if world.p.clocks.either == "either" else -1
    base, p = _base(world, r.rule.strength), others.base(r.rule.strength)
    drugs, hospitals = sets.drugs(r), sets.hospitals(r.hospitals)
    later = sets.replacing(r, everything=True)
    return r.start, r.stop, base, p, number, unit, universal, drugs, hospitals, relief, *later


def _base(world: World, strength: str) -> float:
    """Log-odds that a hospital without oversight obeys words of a strength; inf where the degree of obedience is a bound."""
    s, o = world.scenario, world.p.obedience
    if s.degree == "hoped" or (s.degree == "full" and strength in ORDERS):
        return INF
    if isinstance(s.obedience, str):
        return logit(getattr(o, strength))
    if strength == "must":
        return logit(s.obedience)
    base, shift = logit(getattr(o, strength)), logit(s.obedience) - logit(o.must)
    if not (math.isfinite(base) and math.isfinite(shift)):  # a chance of 0 or 1 has no odds that could be moved
        return base
    return base + (shift if strength in ORDERS else min(shift, 0.0))  # what is not ordered never gains (`full`)


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
    u = np.ones((n, K_BARRIER))  # rules of addressees that are no hospitals all belong to early stages
    for name, k in KEY.items():
        if lever := _draws(name):
            u[:, k] = uniforms(world.key, Q_OTHER_OBEY, drugs=world.drugs.ids, attempt=rule_id(lever))
    since, masks = list(sets.since.values()), list(sets.masks.values())
    return Packed(
        np.array(flat, Rule.dtype), first, np.array(shifts, Shift.dtype), np.array(sets.later, Later.dtype), np.array(since).reshape(len(since), n),
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
