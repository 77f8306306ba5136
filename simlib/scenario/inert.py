"""Rules that a scenario carries but that cannot act in it, so that "no effect" is not read as "weak rule"."""

from __future__ import annotations

import pandas as pd

from simlib.policy.flow import STAGES
from simlib.policy.pending import never
from simlib.policy.phrases import PHRASES, both
from simlib.policy.rules import Rule
from simlib.policy.vocabulary.lever import Bilingual
from simlib.scenario.scenario import Scenario

COLUMNS = ["lever", "what", "clause", "reason", "reason_zh"]
_ACTS_IN = {"listing.other_routes": ("temporary", "committee")}  # stages in which a lever acts, where not in its own


def inert_rules(scenario: Scenario) -> pd.DataFrame:
    """Rules of a scenario's policy that cannot act in it: lever, what, clause, reason, reason_zh (strings)."""
    rows = []
    for rule in scenario.policy.rules:
        for what, reason in _why(rule, scenario):
            rows.append((rule.lever, what, rule.clause, reason.en, reason.zh))
    return pd.DataFrame(rows, columns=COLUMNS)


def _why(rule: Rule, scenario: Scenario) -> list[tuple[str, Bilingual]]:
    """(word of the rule's set or "", reason)."""
    found = []
    if reason := never(rule.lever):
        found.append(("", reason))
    if isinstance(rule.value, frozenset):
        found += [(word, reason) for word in sorted(rule.value) if (reason := never(rule.lever, word))]
    if (
        set(rule.drugs) == {"hk_macau"}
        and rule.definition.stage != "routes"
        and not scenario.parameters.drugs.hk_macau_share
    ):
        found.append(("", PHRASES["no_such_drug"]))
    stage = STAGES[rule.definition.stage]
    if not stage.built:
        found.append(("", PHRASES["stage_later"]))
    for name in _ACTS_IN.get(rule.lever, (stage.name,)):
        if getattr(scenario.parameters.stages, name, True) is False:
            found.append(("", both("stage_off", stage=Bilingual(name, STAGES[name].zh))))
    if rule.definition.binds == "hospital" and scenario.obedience == "none":
        universal = rule.lever == "committee.caps_lifted" and rule.strength == "must"
        if not universal:
            found.append(("", PHRASES["nobody_obeys"]))
    return found
