"""Rules that a run carries but that cannot act in it, so that "no effect" is not read as "weak rule"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from simlib.policy.flow import STAGES
from simlib.policy.rules import Rule
from simlib.policy.vocabulary.lever import Both

if TYPE_CHECKING:
    from simlib.scenario.scenario import Scenario

COLUMNS = ["lever", "what", "clause", "reason", "reason_zh"]
LATER = Both("its stage is not part of this version", "所属环节尚未纳入本版本")
_REASONS = {
    "eligibility.registration_classes": Both(
        "the classes act as the drug scope of the other rules", "注册分类通过其他规则的药品范围起作用"
    ),
}
ORDINARY = Both(
    "innovative drugs come onto the platform by ordinary listing here", "本模型中创新药均经普通挂网进入平台"
)
_ACTS_IN = {"listing.other_routes": ("temporary", "committee")}  # stages in which a lever acts, where not in its own
_WORDS = {
    ("listing.other_routes", "volume_based"): ORDINARY,
    ("listing.other_routes", "price_linked"): ORDINARY,
}
_NO_DRUG = Both(
    "products of the Hong Kong and Macau route bypass listing and committee", "港澳药械通品种不经过挂网和药事会"
)
_NOBODY = Both("no hospital obeys in this scenario", "本情景中没有医院执行")


def pending(rule: Rule, word: str | None = None) -> Both | None:
    """Why a rule, or one word of its set, acts in no scenario of this version; None where it does."""
    if word is not None:
        return _WORDS.get((rule.lever, word))
    stage = STAGES[rule.definition.stage]
    if not stage.built:
        return Both(
            f"not yet: stage {stage.number}, {stage.en}, is not part of this version",
            f"尚未起作用：第{stage.number}环节（{stage.zh}）尚未纳入本版本",
        )
    return _REASONS.get(rule.lever)


def inert_rules(scenario: Scenario) -> pd.DataFrame:
    """Rules of a scenario's policy that cannot act in it: lever, what, clause, reason, reason_zh (strings)."""
    rows = []
    for rule in scenario.policy.rules:
        for what, reason in _why(rule, scenario):
            rows.append((rule.lever, what, rule.clause, reason.en, reason.zh))
    return pd.DataFrame(rows, columns=COLUMNS)


def _why(rule: Rule, scenario: Scenario) -> list[tuple[str, Both]]:
    """(word of the rule's set or "", reason)."""
    found = []
    if reason := _REASONS.get(rule.lever):
        found.append(("", reason))
    if isinstance(rule.value, frozenset):
        found += [(word, _WORDS[rule.lever, word]) for word in sorted(rule.value) if (rule.lever, word) in _WORDS]
    if (
        set(rule.drugs) == {"hk_macau"}
        and rule.definition.stage != "routes"
        and not scenario.parameters.drugs.hk_macau_share
    ):
        found.append(("", _NO_DRUG))
    stage = STAGES[rule.definition.stage]
    if not stage.built:
        found.append(("", LATER))
    for name in _ACTS_IN.get(rule.lever, (stage.name,)):
        if getattr(scenario.parameters.stages, name, True) is False:
            found.append(("", Both(f"stage {name} is switched off", f"“{STAGES[name].zh}”环节已关闭")))
    if rule.definition.binds == "hospital" and scenario.obedience == "none":
        universal = rule.lever == "committee.caps_lifted" and rule.strength == "must"
        if not universal:
            found.append(("", _NOBODY))
    return found
