"""Rules that a scenario carries but that cannot act in it, so that "no effect" is not read as "weak rule"."""

from __future__ import annotations

import pandas as pd

from simlib.policy.flow import STAGES
from simlib.policy.pending import REASONS, WORD_REASONS
from simlib.policy.rules import Rule
from simlib.policy.vocabulary.lever import Both
from simlib.scenario.scenario import Scenario

COLUMNS = ["lever", "what", "clause", "reason", "reason_zh"]
LATER = Both("its stage is not part of this version", "所属环节尚未纳入本版本")
_ACTS_IN = {"listing.other_routes": ("temporary", "committee")}  # stages in which a lever acts, where not in its own
_NO_DRUG = Both(
    "products of the Hong Kong and Macau route bypass listing and committee", "港澳药械通品种不经过挂网和药事会"
)
_NOBODY = Both("no hospital obeys in this scenario", "本情景中没有医院执行")


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
    if reason := REASONS.get(rule.lever):
        found.append(("", reason))
    if isinstance(rule.value, frozenset):
        found += [
            (word, WORD_REASONS[rule.lever, word]) for word in sorted(rule.value) if (rule.lever, word) in WORD_REASONS
        ]
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
