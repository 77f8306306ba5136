"""What things are called in a language: places, rulebooks, measures, groups."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from simlib.outcomes.dictionary import GROUPINGS, GROUPS, INDICATORS
from simlib.policy.phrases import say
from simlib.policy.rules import Policy
from simlib.scenario.scenario import Scenario
from simlib.words import Words

if TYPE_CHECKING:
    from simlib.experiments.study import Study


def policy_name(name: str, w: Words, policy: Policy | None = None) -> str:
    """Short name of a rulebook, for figures; a rulebook without a word of its own shows its file's title."""
    stem = name.removesuffix("-alone")
    if f"policy_{name}" in w:
        return w[f"policy_{name}"]
    if f"policy_{stem}" in w:
        return say("alone", w.language, name=w[f"policy_{stem}"])
    return getattr(policy.title, w.language) if policy else name


def baseline_name(study: Study, w: Words) -> str:
    """Short name of the rulebook with which a study compares the others."""
    return policy_name(study.baseline, w, study.rulebooks.get(study.baseline))


def region_name(scenario: Scenario, w: Words) -> str:
    """Title of the scenario's region."""
    return getattr(scenario.region.title, w.language) if scenario.region else scenario.name


def obedience_name(obedience: str | float, w: Words) -> str:
    """The word for a degree of obedience, or "40%" where it is a number."""
    return w[f"obedience_{obedience}"] if isinstance(obedience, str) else f"{100 * obedience:g}%"


@functools.cache
def indicator_name(name: str, language: str) -> str:
    """Title of an indicator."""
    return getattr(INDICATORS[name], language)


def group_name(by: str, group: str, w: Words) -> str:
    """A group of hospitals or drugs, such as "tertiary hospitals"."""
    if by == "all":
        return GROUPINGS["all"][w.language == "zh"]
    if by == "level":
        return w[f"level_{group}"]
    zh = w.language == "zh"
    name = GROUPS[f"{by}.{group}"][zh] if f"{by}.{group}" in GROUPS else group
    return f"{GROUPINGS[by][zh]}{'：' if zh else ': '}{name}"


def state_name(state: str, w: Words) -> str:
    """A state's name without the words that all states' indicators share."""
    return indicator_name(f"state_{state}", w.language).removeprefix(w["state_prefix"])


def reason_name(reason: str, w: Words) -> str:
    """A ground of refusal without the words that all of them share."""
    return indicator_name(f"reason_{reason}", w.language).removeprefix(w["reason_prefix"])
