"""Whether a rule of a stack can act, and if not, why: the one answer of `simlib check`, `simlib explain` and `inert()`.

What a lever needs stands in its entry of `simlib.policy.vocabulary`: stages (`acts_in`), other rules and facts (`needs`),
and when it is asked for (`read`). What of it a scenario has, its `Facts` say; without any (`ANYWHERE`) nothing is missed
but what the stack of rules itself lacks. A rule that is said not to act can be taken out without moving any number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from simlib.policy.flow import LATE, STAGES
from simlib.policy.levers import LEVERS, Bilingual
from simlib.policy.pending import never, pending
from simlib.policy.phrases import PHRASES, both
from simlib.policy.replacement import replaced, replacing
from simlib.policy.rules import Layer, Policy, Rule
from simlib.policy.scopes import CATALOGUE_SCOPES

INF = math.inf
COMMERCIAL = (
    "commercial_list",
)  # the scope that the commercial catalogue fills, all other catalogue scopes the basic one
LIST = "application_list"
CYCLE, ENABLED, UPDATE = "catalogue.nrdl.cycle", "catalogue.commercial.enabled", "catalogue.application_list.update"
PRODUCTS = (
    "routes.urgent_import",
    "routes.rare_disease_whitelist",
    "routes.import_products_added",
    "routes.hk_macau",
)


@dataclass(frozen=True)
class Facts:
    """What a scenario has that rules need; what it leaves open counts as there.

    stages: whether each is on. facts: by name of `needs`, such as "windows" or "odds". obedience: of hospitals. days: (first, end)
    of a rule in days of the run. horizon: the run's end. rounds: (cut-off, publication) of each round of the catalogues.
    whole_year: whether a year of the run lies between two days. drugs: whether a scope that no event changes may hold a drug
    of a rule's. hospitals: whether a rule means any hospital.
    """

    stages: Mapping[str, bool] = field(default_factory=dict)
    facts: Mapping[str, bool] = field(default_factory=dict)
    obedience: str = "default"
    days: Callable[[Layer, Rule], tuple[float, float]] | None = None
    horizon: float = INF
    rounds: tuple[tuple[float, float], ...] | None = None
    whole_year: Callable[[float, float], bool] = lambda start, stop: True
    drugs: Callable[[str, Rule], bool] = lambda scope, rule: True
    hospitals: Callable[[Rule], bool] = lambda rule: True


ANYWHERE = Facts()


@dataclass(frozen=True)
class Acting:
    """Why a rule cannot act (None: it can), which words of its set cannot, and what is to be known where it does."""

    reason: Bilingual | None = None
    words: tuple[tuple[str, Bilingual], ...] = ()
    remark: Bilingual | None = None

    @property
    def acts(self) -> bool:
        """Whether the rule, or any word of it, can act."""
        return self.reason is None


def acting(policy: Policy, layer: Layer, rule: Rule, facts: Facts = ANYWHERE) -> Acting:
    """Whether a rule of a layer of the policy can act where the facts hold."""
    return _Stack(policy, facts).acting(layer, rule)


@dataclass
class _Stack:
    """A policy where some facts hold. asked: levers that are being asked for, so that none is asked for twice."""

    policy: Policy
    facts: Facts
    asked: tuple[str, ...] = ()

    def acting(self, layer: Layer, rule: Rule) -> Acting:
        """See `acting`."""
        reason = self._missing(layer, rule)
        if reason is None and isinstance(rule.value, frozenset):
            words = tuple((word, why) for word in sorted(rule.value) if (why := self._word(rule, word)))
            alone = len(self._rules(rule.lever)) == 1  # a word that does nothing still lends its strength to others
            if len(words) == len(rule.value) and alone:
                return Acting(words[0][1], words)
            return Acting(None, words, self._remark(rule))
        return Acting(reason, (), None if reason else self._remark(rule))

    def _missing(self, layer: Layer, rule: Rule) -> Bilingual | None:
        """The first thing that keeps the whole rule from acting."""
        relieves = any(r.relief == rule.lever for r in self.policy.rules)  # then it counts whatever else it does
        counted = (
            rule.lever in PRODUCTS and len(self._rules(rule.lever)) > 1
        )  # the first of them counts, in force or not
        return (
            pending(rule)
            or self._says_nothing(layer, rule)
            or (None if relieves else self._stage_off(rule) or self._says_default(rule))
            or (None if counted else self._never_in_force(layer, rule))
            or self._nobody(rule)
            or (None if relieves else self._lacks(rule, [n for n in rule.definition.needs if ":" not in n]))
        )

    def _never_in_force(self, layer: Layer, rule: Rule) -> Bilingual | None:
        """No drug, no day, or always replaced."""
        return self._no_drug(layer, rule) or self._outside(layer, rule) or self._taken_over(layer, rule)

    def _word(self, rule: Rule, word: str) -> Bilingual | None:
        """Why one word of a set cannot act."""
        own = [need.partition(":")[2] for need in rule.definition.needs if need.startswith(f"{word}:")]
        return never(rule.lever, word) or self._lacks(rule, own)

    def _says_nothing(self, layer: Layer, rule: Rule) -> Bilingual | None:
        """A value of "no" takes nothing away from other rules, unless its document replaces them."""
        if (rule.value is False or rule.value == "none") and not replaced(self.policy, layer, rule):
            return PHRASES["says_no"]
        return None

    def _says_default(self, rule: Rule) -> Bilingual | None:
        """The first word of a choice is what holds without it; beside others it lends them its strength.

        What hospitals obey from month to month is the exception: there its absence is less than the first word.
        """
        lever = rule.definition
        by_month = lever.packed and lever.stage in LATE
        alone = lever.kind == "choice" and rule.value == lever.allowed[0] and len(self._rules(lever.name)) == 1
        return PHRASES["says_default"] if alone and not by_month else None

    def _stage_off(self, rule: Rule) -> Bilingual | None:
        names = rule.definition.acts_in
        if any(self.facts.stages.get(n, True) for n in names):
            return None
        return both("stage_off", stage=_stage(names[0]))

    def _outside(self, layer: Layer, rule: Rule) -> Bilingual | None:
        """A rule of which no day, or none on which a drug is in its scope, falls into the run."""
        if self.facts.days is None:
            return None
        start, stop = self.facts.days(layer, rule)
        first = -INF if rule.definition.read == "before_approval" else 0.0
        last = min(stop, self.facts.horizon)
        if max(start, first) >= last:
            return PHRASES["outside_run"]
        if max(start, first, self._since(rule)) >= last:
            return PHRASES["over_before_scope"]
        if rule.lever == "committee.min_meetings_per_year" and not self.facts.whole_year(start, stop):
            return None if replaced(self.policy, layer, rule) else PHRASES["no_whole_year"]
        return None

    def _no_drug(self, layer: Layer, rule: Rule) -> Bilingual | None:
        if self._since(rule) < INF:
            return None
        read, changing = rule.definition.read, [d for d in rule.drugs if d in CATALOGUE_SCOPES or d == LIST]
        if not changing:
            return PHRASES["no_such_drug" if set(rule.drugs) == {"hk_macau"} else "no_drug"]
        fillable = [d for d in changing if self._fills(d) < INF]
        if fillable and read in ("before_approval", "approval", "cut_off"):
            return PHRASES[f"read_{read}"]
        missing = "list" if changing == [LIST] else "commercial" if set(changing) <= set(COMMERCIAL) else "basic"
        return PHRASES[f"need_{missing}"]

    def _since(self, rule: Rule) -> float:
        """The first time at which a drug could be in the rule's scope when the lever is asked for."""
        if rule.definition.read == "whatever_drug":
            return -INF
        return min(self._first(scope, rule) for scope in rule.drugs)

    def _first(self, scope: str, rule: Rule) -> float:
        """As `_since`, of one scope."""
        read = rule.definition.read
        if scope not in CATALOGUE_SCOPES and scope != LIST:
            return -INF if self.facts.drugs(scope, rule) else INF
        filled = self._fills(scope)
        if filled == INF or read in ("before_approval", "approval"):
            return INF
        if scope == LIST:
            return INF if read == "cut_off" else filled
        return (
            -INF if read.startswith("cut_off") else filled
        )  # while a catalogue is decided, its scopes mean every drug

    def _fills(self, scope: str) -> float:
        """When a scope that a catalogue or the list fills could hold its first drug."""
        if scope == LIST:
            return -INF if self._has("list") else INF
        return self._published(ENABLED if scope in COMMERCIAL else CYCLE)

    def _published(self, lever: str) -> float:
        """The first publication of a round whose cut-off finds a rule of the lever in force."""
        rules = [(x, r) for x, r in self._rules(lever) if r.value is not False and r.value != "none"]
        if not rules:
            return INF
        if self.facts.rounds is None or self.facts.days is None:
            return -INF
        days = [self.facts.days(x, r) for x, r in rules]
        return min((p for c, p in self.facts.rounds if any(a <= c < b for a, b in days)), default=INF)

    def _nobody(self, rule: Rule) -> Bilingual | None:
        """No hospital is meant, or none obeys."""
        lever = rule.definition
        if lever.by_hospital and (lever.packed or lever.binds == "oversight") and not self.facts.hospitals(rule):
            return PHRASES["no_hospital"]
        if lever.binds != "hospital" or self.facts.obedience != "none":
            return None
        lifted = rule.lever == "committee.caps_lifted" and rule.strength == "must"
        practised = rule.document == "practice" and STAGES[lever.stage].number in (9, 10, 11)
        return None if lifted or practised else PHRASES["nobody_obeys"]

    def _taken_over(self, layer: Layer, rule: Rule) -> Bilingual | None:
        """A rule that a later one of its place replaces wherever it reaches, as long as it is in force."""
        if self.facts.days is None or rule.lever.startswith("payment.special_case_review."):
            return None  # sittings of the experts are about no drug and ask for no replacement
        start, stop = self.facts.days(layer, rule)
        for later, by in replacing(self.policy, layer, rule):
            first, end = self.facts.days(later, by)
            drugs = by.drugs == ("all",) or (set(rule.drugs) <= set(by.drugs) and rule.definition.binds != "oversight")
            hospitals = by.hospitals == "all" or set(by.hospitals.split("&")) <= set(rule.hospitals.split("&"))
            if first <= max(start, 0.0) and end >= min(stop, self.facts.horizon) and drugs and hospitals:
                return both("taken_over", clause=by.clause)
        return None

    def _lacks(self, rule: Rule, needs: Iterable[str]) -> Bilingual | None:
        """The first need that nothing meets."""
        for need in needs:
            ways = need.split("|")
            if not any(self._has(way) for way in ways):
                return _said(ways[-1] if "." in ways[0] else ways[0])
        return None

    def _has(self, need: str) -> bool:
        """Whether a stage is on, a rule of a lever acts, or a fact holds."""
        if need in STAGES:
            return self.facts.stages.get(need, True)
        if "." in need:
            return self._some(need)
        if need in ("basic", "commercial"):
            return self._published(CYCLE if need == "basic" else ENABLED) < INF
        if need == "pharmacies":
            return self._has("basic") or self.facts.facts.get("any_drug", False)
        if need == "list":
            return self._some(UPDATE)
        if need == "products":
            return any(self._some(lever) for lever in PRODUCTS)
        if need == "list_used":
            return any(r.lever == "committee.duty.application_list" or LIST in r.drugs for r in self.policy.rules)
        if need == "told":
            return any(r.definition.binds == "hospital" and r.document != "practice" for r in self.policy.rules)
        return self.facts.facts.get(need, True)

    def _some(self, lever: str) -> bool:
        """Whether any rule of a lever acts."""
        if lever in self.asked:
            return True
        inner = _Stack(self.policy, self.facts, (*self.asked, lever))
        return any(inner.acting(layer, r).acts for layer, r in self._rules(lever))

    def _rules(self, lever: str) -> list[tuple[Layer, Rule]]:
        return [(layer, r) for layer in self.policy.layers for r in layer.rules if r.lever == lever]

    def _remark(self, rule: Rule) -> Bilingual | None:
        """A scope that most drugs enter only when the stage is over for them; an `or` that lets nobody off."""
        if rule.relief and rule.definition.read == "whatever_drug":
            return PHRASES["or_for_nobody"]
        late = rule.definition.read == "filing" and all(d in CATALOGUE_SCOPES for d in rule.drugs)
        return PHRASES["acts_late"] if late else None


def _stage(name: str) -> Bilingual:
    return Bilingual(STAGES[name].en, STAGES[name].zh)


def _said(need: str) -> Bilingual:
    """What is missing, in words."""
    if need in STAGES:
        return both("stage_off", stage=_stage(need))
    if "." in need:
        return both("need_rule", title=LEVERS[need].title)
    return PHRASES[f"need_{need}"]
