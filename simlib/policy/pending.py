"""Rules, and words of their sets, that act in no scenario of this version, with the reason."""

from __future__ import annotations

from simlib.policy.flow import STAGES
from simlib.policy.rules import Rule
from simlib.policy.vocabulary.lever import Both

REASONS = {
    "eligibility.registration_classes": Both(
        "the classes act as the drug scope of the other rules", "注册分类通过其他规则的药品范围起作用"
    ),
}
ORDINARY = Both(
    "innovative drugs come onto the platform by ordinary listing here", "本模型中创新药均经普通挂网进入平台"
)
WORD_REASONS = {
    ("listing.other_routes", "volume_based"): ORDINARY,
    ("listing.other_routes", "price_linked"): ORDINARY,
}


def pending(rule: Rule, word: str | None = None) -> Both | None:
    """Why a rule, or one word of its set, acts in no scenario of this version; None where it does."""
    if word is not None:
        return WORD_REASONS.get((rule.lever, word))
    stage = STAGES[rule.definition.stage]
    if not stage.built:
        return Both(
            f"not yet: stage {stage.number}, {stage.en}, is not part of this version",
            f"尚未起作用：第{stage.number}环节（{stage.zh}）尚未纳入本版本",
        )
    return REASONS.get(rule.lever)
