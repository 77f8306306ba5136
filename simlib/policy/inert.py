"""Rules that a run carries but that cannot act in it, so that "no effect" is not read as "weak rule"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from simlib.policy.load import Rule

if TYPE_CHECKING:
    from simlib.scenario import Scenario

LATER = "its stage is not part of this version"
_REASONS = {
    "listing.other_routes": "innovative drugs come by ordinary listing here; purchases outside it are not simulated yet",
}
_WORDS = {
    ("use.barriers_removed", "payment_reform"): LATER,
    ("payment.indicator_exclusions", "vbp_substitute_monitoring"): LATER,
    ("catalogue.real_world_evidence", "renewal"): LATER,
    ("catalogue.real_world_evidence", "payment_scope"): LATER,
    ("readiness.guidance_scope", "hospital_entry"): "adds nothing to the earlier start of preparation",
}


def inert_rules(scenario: Scenario) -> pd.DataFrame:
    """Rules of a scenario's policy that cannot act in it: lever, what, clause, reason (strings)."""
    rows = []
    for rule in scenario.policy.rules:
        for what, reason in _why(rule, scenario):
            rows.append((rule.lever, what, rule.clause, reason))
    return pd.DataFrame(rows, columns=["lever", "what", "clause", "reason"])


def _why(rule: Rule, scenario: Scenario) -> list[tuple[str, str]]:
    found = []
    if reason := _REASONS.get(rule.lever):
        found.append(("", reason))
    if isinstance(rule.value, frozenset):
        found += [(word, _WORDS[rule.lever, word]) for word in sorted(rule.value) if (rule.lever, word) in _WORDS]
    if set(rule.drugs) == {"hk_macau"}:
        found.append(("", "no drug of the cohort came by the Hong Kong and Macau route"))
    stage = rule.definition.stage
    switch = {"procurement": "purchase"}.get(stage, stage)
    if getattr(scenario.parameters.stages, switch, True) is False:
        found.append(("", f"stage {switch} is switched off"))
    if rule.definition.binds == "hospital" and scenario.obedience == "none":
        universal = rule.lever == "committee.caps_lifted" and rule.strength == "must"
        if not universal:
            found.append(("", "no hospital obeys in this scenario"))
    return found
