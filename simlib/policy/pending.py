"""Rules, and words of their sets, that act in no scenario of this version, with the reason."""

from __future__ import annotations

from simlib.policy.flow import STAGES
from simlib.policy.phrases import PHRASES, both
from simlib.policy.rules import Rule
from simlib.policy.vocabulary.lever import Bilingual

_NEVER = {  # by lever, or lever and word of its set: the phrase that says why it never acts
    "eligibility.registration_classes": "classes_as_scope",
    ("listing.other_routes", "volume_based"): "ordinary_listing",
    ("listing.other_routes", "price_linked"): "ordinary_listing",
}


def never(lever: str, word: str | None = None) -> Bilingual | None:
    """Why a lever, or one word of its set, acts in no scenario; None where it can."""
    key = _NEVER.get(lever if word is None else (lever, word))
    return PHRASES[key] if key else None


def pending(rule: Rule, word: str | None = None) -> Bilingual | None:
    """Why a rule, or one word of its set, acts in no scenario of this version; None where it does."""
    stage = STAGES[rule.definition.stage]
    if word is None and not stage.built:
        return both("not_built", number=stage.number, stage=Bilingual(stage.en, stage.zh))
    return never(rule.lever, word)
